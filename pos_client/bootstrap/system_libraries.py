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


def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True
