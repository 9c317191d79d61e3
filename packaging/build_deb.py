"""Makes the Debian package: `python packaging/build_deb.py FROZEN FOLDER`, FROZEN being what freeze.py made.

By `dpkg-deb` and not by debhelper: there is nothing to compile or to split, and every file is placed here, in sight. It
goes to /usr/lib/pos-client, where a program's private files belong, with one name in /usr/bin.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from email.utils import format_datetime
from pathlib import Path

import release

RECIPES = release.ROOT / "packaging" / "debian"
ICONS = release.ROOT / "packaging" / "installer"
HOME = Path("usr/lib/pos-client")
SCRIPTS = ("postinst", "prerm", "postrm")
MAINTAINER = "The pos_client authors <pos-client@localhost>"
LOADED_LATER = ("acl", "adduser", "debconf (>= 0.5) | debconf-2.0", "fontconfig", "libusb-1.0-0", "libxkbcommon0")
"""What no library's header names: programs of our scripts and rules, and libraries opened by name."""
LIBRARIES = {
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libglx0",
    "libOpenGL.so.0": "libopengl0",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libutil.so.1": "libc6",
    "ld-linux-x86-64.so.2": "libc6",
    "libresolv.so.2": "libc6",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libxcb.so.1": "libxcb1",
    "libdrm.so.2": "libdrm2",
}
"""Library of the system -> Debian package that has it."""
PLACES = {
    RECIPES / "pos-client.desktop": "usr/share/applications/pos-client.desktop",
    RECIPES / "pos-client.service": "usr/lib/systemd/user/pos-client.service",
    RECIPES / "60-pos-client.rules": "usr/lib/udev/rules.d/60-pos-client.rules",
    RECIPES / "session": "usr/libexec/pos-client/session",
    RECIPES / "xsession.desktop": "usr/share/xsessions/pos-client.desktop",
    RECIPES / "openbox.xml": "usr/share/pos-client/openbox.xml",
    RECIPES / "lintian-overrides": "usr/share/lintian/overrides/pos-client",
    RECIPES / "copyright": "usr/share/doc/pos-client/copyright",
    ICONS / "pos-client.svg": "usr/share/icons/hicolor/scalable/apps/pos-client.svg",
    ICONS / "pos-client.png": "usr/share/icons/hicolor/256x256/apps/pos-client.png",
}


def main(frozen: Path, folder: Path) -> Path:
    """The package's path."""
    folder.mkdir(parents=True, exist_ok=True)
    architecture = subprocess.run(
        ["dpkg", "--print-architecture"], capture_output=True, text=True, check=True
    ).stdout.strip()
    package = folder / f"pos-client_{release.version()}_{architecture}.deb"
    with tempfile.TemporaryDirectory(prefix="pos-client-deb-") as scratch:
        root = Path(scratch) / "root"
        shutil.copytree(frozen, root / HOME, symlinks=True)
        _place(root)
        control = root / "DEBIAN"
        control.mkdir()
        for name in SCRIPTS:
            shutil.copy(RECIPES / name, control / name)
        shutil.copy(RECIPES / "templates", control / "templates")
        (control / "control").write_text(_control(root, architecture, _libraries(root)), encoding="utf-8")
        (control / "md5sums").write_text(_sums(root), encoding="utf-8")
        _settle(root)
        subprocess.run(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "--build", str(root), str(package)],
            env=release.environment(),
            check=True,
            stdout=subprocess.DEVNULL,
        )
    return package


def _place(root: Path) -> None:
    for source, place in PLACES.items():
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(source, root / place)
    (root / "usr/bin").mkdir()
    (root / "usr/bin/pos-client").symlink_to("../lib/pos-client/pos-client")
    moment = format_datetime(datetime.fromtimestamp(release.epoch(), UTC))
    changes = (
        f"pos-client ({release.version()}) bookworm; urgency=medium\n\n"
        f"  * See packaging/CHANGELOG.md in the sources.\n\n -- {MAINTAINER}  {moment}\n"
    )
    manual = (RECIPES / "pos-client.1").read_text(encoding="utf-8")
    for text, place in (
        (changes, "usr/share/doc/pos-client/changelog.gz"),
        (manual, "usr/share/man/man1/pos-client.1.gz"),
    ):
        (root / place).parent.mkdir(parents=True, exist_ok=True)
        (root / place).write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _libraries(root: Path) -> list[str]:
    """Packages of the libraries the folder needs and does not bring. Raises `KeyError` for one without a package."""
    inside = {path.name for path in (root / HOME).rglob("*") if ".so" in path.name}
    elves = [path for path in (root / HOME).rglob("*") if path.is_file() and not path.is_symlink() and _is_elf(path)]
    said = subprocess.run(["objdump", "-p", *map(str, elves)], capture_output=True, text=True, check=True).stdout
    needed = set(re.findall(r"^\s+NEEDED\s+(\S+)$", said, re.MULTILINE))
    glibc = os.confstr("CS_GNU_LIBC_VERSION").split()[1]
    packages = {LIBRARIES[library] for library in needed - inside}
    return [f"libc6 (>= {glibc})" if name == "libc6" else name for name in packages]


def _is_elf(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) == b"\x7fELF"


def _control(root: Path, architecture: str, libraries: list[str]) -> str:
    size = sum(path.lstat().st_size for path in root.rglob("*") if path.is_file()) // 1024
    named = {re.split(r"[ (]", each)[0]: each for each in (*LOADED_LATER, *libraries)}
    fields = {
        "Package": "pos-client",
        "Version": release.version(),
        "Architecture": architecture,
        "Maintainer": MAINTAINER,
        "Installed-Size": str(size),
        "Depends": ", ".join(named[name] for name in sorted(named)),
        "Recommends": "gnome-keyring, openbox, x11-xserver-utils",
        "Section": "misc",
        "Priority": "optional",
        "Description": "forecourt loyalty terminal\n"
        " Reads fuel dispensers, takes payment, posts the points a sale earns and turns\n"
        " points into fuel. Sales go on without the network; what head office has to\n"
        " know waits in the books. Brings a sandbox to rehearse with.",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items())


def _sums(root: Path) -> str:
    files = sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())
    return "".join(
        f"{hashlib.md5(path.read_bytes(), usedforsecurity=False).hexdigest()}  {path.relative_to(root)}\n"
        for path in files
        if path.relative_to(root).parts[0] != "DEBIAN"
    )


def _settle(root: Path) -> None:
    """Modes as a package wants them, and one moment for all."""
    for path in (*root.rglob("*"), root):
        if path.is_symlink():
            continue
        script = path.parent.name == "DEBIAN" and path.name in SCRIPTS
        run = path in (root / HOME / "pos-client", root / PLACES[RECIPES / "session"])
        path.chmod(0o755 if path.is_dir() or script or run else 0o644)
    for path in (*root.rglob("*"), root):
        os.utime(path, (release.epoch(),) * 2, follow_symlinks=False)


if __name__ == "__main__":
    print(main(Path(sys.argv[1]), Path(sys.argv[2])))
