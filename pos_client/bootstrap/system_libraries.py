"""Qt aborts the process when a system library is missing; so it is looked for before Qt is loaded, and named."""

from __future__ import annotations

import ctypes
import os
import sys

_ALWAYS = {
    "libGL.so.1": "libgl1",
    "libEGL.so.1": "libegl1",
    "libxkbcommon.so.0": "libxkbcommon0",
    "libglib-2.0.so.0": "libglib2.0-0",
    "libfreetype.so.6": "libfreetype6",
    "libfontconfig.so.1": "libfontconfig1",
    "libdbus-1.so.3": "libdbus-1-3",
}
_X11 = {
    "libxcb-cursor.so.0": "libxcb-cursor0",
    "libxcb-icccm.so.4": "libxcb-icccm4",
    "libxcb-keysyms.so.1": "libxcb-keysyms1",
    "libxcb-shape.so.0": "libxcb-shape0",
    "libxkbcommon-x11.so.0": "libxkbcommon-x11-0",
}
"""Library the loader wants -> Debian 12 package that has it."""


def explain_missing() -> str | None:
    """What to install before a window can open, in one sentence; None when nothing is missing (or not on Linux)."""
    if not sys.platform.startswith("linux"):
        return None
    wanted = dict(_ALWAYS)
    if os.environ.get("DISPLAY") and os.environ.get("QT_QPA_PLATFORM", "xcb") == "xcb":
        wanted |= _X11
    packages = [package for library, package in wanted.items() if not _loads(library)]
    if not packages:
        return None
    return (
        "Thiếu thư viện hệ thống để mở cửa sổ / system libraries for the windows are missing. "
        f"Debian 12: apt-get install -y --no-install-recommends {' '.join(packages)}"
    )


def explain_no_display() -> str | None:
    """Why no window can open here, in one sentence; None when one can. Qt would abort the process instead."""
    if not sys.platform.startswith("linux") or os.environ.get("QT_QPA_PLATFORM", "xcb").partition(":")[0] != "xcb":
        return None
    if os.environ.get("WAYLAND_DISPLAY") and "QT_QPA_PLATFORM" not in os.environ:
        return None
    if os.environ.get("DISPLAY") and _x_server_answers():
        return None
    return (
        "Không có màn hình để mở cửa sổ, chưa có gì thay đổi / there is no display to open a window on, nothing has "
        "changed. Start it in a desktop session; `pos-client demo --headless` needs none."
    )


def _x_server_answers() -> bool:
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True  # Qt brings its own way, or says what is missing
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = bool(xcb.xcb_connection_has_error(connection))
    xcb.xcb_disconnect(connection)
    return not refused


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
