"""Are two builds the same? `python packaging/compare_builds.py ONE OTHER`: wheels, Debian packages, or frozen folders.

Says every file that differs or is in one of them alone, and ends with 1 when there is any.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tarfile
import zipfile
from io import BytesIO
from pathlib import Path

Contents = dict[str, tuple[str, str]]
"""Path inside -> mode or kind, and what identifies the contents."""


def contents(build: Path) -> Contents:
    """What a build holds. Raises `ValueError` for a file of another kind."""
    if build.is_dir():
        return {path.relative_to(build).as_posix(): _described(path) for path in sorted(build.rglob("*"))}
    if build.suffix == ".whl":
        with zipfile.ZipFile(build) as archive:
            return {
                entry.filename: (f"{entry.external_attr:x} {entry.date_time}", _digest(archive.read(entry)))
                for entry in archive.infolist()
            }
    if build.suffix == ".deb":
        return {**_tar(build, "--ctrl-tarfile", "DEBIAN"), **_tar(build, "--fsys-tarfile", "")}
    raise ValueError(f"{build} is neither a wheel, a Debian package nor a folder")


def _described(path: Path) -> tuple[str, str]:
    if path.is_symlink():
        return "link", str(path.readlink())
    return ("folder", "") if path.is_dir() else (f"{path.stat().st_mode:o}", _digest(path.read_bytes()))


def _tar(package: Path, part: str, prefix: str) -> Contents:
    raw = subprocess.run(["dpkg-deb", part, str(package)], capture_output=True, check=True).stdout
    found: Contents = {}
    with tarfile.open(fileobj=BytesIO(raw)) as archive:
        for entry in archive:
            file = archive.extractfile(entry) if entry.isfile() else None
            identity = _digest(file.read()) if file is not None else entry.linkname
            found[f"{prefix}/{entry.name}"] = (f"{entry.mode:o} {entry.mtime} {entry.uid}:{entry.gid}", identity)
    return found


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


def main(one: Path, other: Path) -> int:
    """0 when they are the same."""
    ours, theirs = contents(one), contents(other)
    for name in sorted(ours.keys() | theirs.keys()):
        if name not in theirs:
            print(f"only in {one}: {name}")
        elif name not in ours:
            print(f"only in {other}: {name}")
        elif ours[name] != theirs[name]:
            what = "contents" if ours[name][1] != theirs[name][1] else "mode, time or owner"
            print(f"differs in {what}: {name}")
    same = ours == theirs and (one.is_dir() or one.read_bytes() == other.read_bytes())
    print(f"{len(ours)} entries, {'the same' if same else 'NOT the same'}")
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
