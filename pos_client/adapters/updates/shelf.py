"""The shelf: versions of the program that lie unpacked beside the installed one, and a small file that says which runs.

The file is replaced whole and synced; a folder bears its version's name only when every file of it was compared with
the list in its package. So a power cut leaves the shelf as it was before a step or after it, and what is half done
bears a name nobody starts. A version is compared again before it is first started.
"""

from __future__ import annotations

import errno
import gzip
import hashlib
import json
import logging
import os
import shutil
import sys
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from pos_client.domain.moment import aware_time
from pos_client.domain.release import Package, Version
from pos_client.ports.errors import Refused, Unavailable
from pos_client.value import dataclass

log = logging.getLogger(__name__)

FILES_LIST = "FILES.sha256"
"""In a package: a line a file, its digest, two blanks, its name with `/` between folders."""
PROGRAM = "pos-client.exe" if sys.platform == "win32" else "pos-client"
LOOK = "last-look.json"
DETAIL_MAX = 300
UNPACKED_BYTES_MAX = 3_000_000_000
NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


@dataclass(frozen=True, slots=True)
class Running:
    """What is started. `version` None: the installed program. `before`: what ran before it, to go back to; while
    `trial` the version has not yet become ready on this till, and `starts` counts how often it was tried."""

    version: Version | None = None
    before: Version | None = None
    trial: bool = False
    starts: int = 0
    ready: Version | None = None
    """unpacked and compared, to be started at the next opportunity"""
    number: int = 0
    """the highest number of a manifest that was accepted"""
    given_up: frozenset[Version] = frozenset()
    """tried, and did not become ready"""
    untold: Version | None = None
    """given up, and nobody at the till has been told yet"""
    why: str = ""
    """a `keeping.Why`, of the version that was given up or left last"""
    held_up: bool = False
    """the disk or another program kept what is ready from being started; tried again at the keeper's next start"""


@dataclass(frozen=True, slots=True)
class Look:
    """What came of the last look for a new version: a `Judgement`, or the code of a trouble."""

    at: datetime
    outcome: str
    detail: str


class Shelf:
    """One folder; one process writes it at a time: the program while it runs, its keeper between two runs."""

    def __init__(self, folder: Path, write_whole: Callable[[Path, bytes], None]) -> None:
        """`write_whole`: content under a name, or the file as it was, on the disk when it returns."""
        self.folder = folder
        self._write_whole = write_whole

    # ── the file that says what runs ──────────────────────────────────────────────────────────────────────────────

    def running(self) -> Running:
        """As last written. A file that cannot be read means that the installed program runs: it always can."""
        try:
            return self._read()
        except OSError as error:
            log.error("which version runs cannot be read, so the installed one does: %s", error)
            return Running()

    def _read(self) -> Running:
        """Raises `OSError`, but not for a file that is damaged: what it said is lost."""
        try:
            told = json.loads((self.folder / "running.json").read_text(encoding="utf-8"))
            return Running(
                version=_version(told["version"]),
                before=_version(told["before"]),
                trial=bool(told["trial"]),
                starts=int(told["starts"]),
                ready=_version(told["ready"]),
                number=int(told["number"]),
                given_up=frozenset(Version.parse(each) for each in told["given_up"]),
                untold=_version(told["untold"]),
                why=str(told.get("why", "")),
                held_up=bool(told.get("held_up", False)),
            )
        except FileNotFoundError:
            return Running()
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            log.error("which version runs is no longer to be read, so the installed one does: %s", error)
            return Running()

    def write(self, running: Running) -> None:
        """Keep it. Raises `Unavailable` (`disk_full`, `store_failed`)."""
        told = {
            "version": _text(running.version),
            "before": _text(running.before),
            "trial": running.trial,
            "starts": running.starts,
            "ready": _text(running.ready),
            "number": running.number,
            "given_up": sorted(map(str, running.given_up)),
            "untold": _text(running.untold),
            "why": running.why,
            "held_up": running.held_up,
        }
        with disk_reasons():
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write_whole(self.folder / "running.json", json.dumps(told).encode())

    def change(self, **changes: object) -> Running:
        """Write it with these changes. Raises `Unavailable`."""
        with disk_reasons():
            changed = replace(self._read(), **changes)  # type: ignore[arg-type]
        self.write(changed)
        return changed

    # ── the last look for a new version ───────────────────────────────────────────────────────────────────────────

    def note_look(self, at: datetime, outcome: str, detail: str) -> None:
        """For the check-up. Never raises: a note that cannot be written is missed by nobody who sells."""
        told = {"at": at.isoformat(timespec="seconds"), "outcome": outcome, "detail": detail[:DETAIL_MAX]}
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._write_whole(self.folder / LOOK, json.dumps(told).encode())
        except OSError as error:
            log.warning("the last look for a new version is not noted: %s", error)

    def last_look(self) -> Look | None:
        """As noted; None when there was none, or nobody can read it."""
        try:
            told = json.loads((self.folder / LOOK).read_text(encoding="utf-8"))
            at = aware_time(told["at"])
            return None if at is None else Look(at, str(told["outcome"]), str(told["detail"]))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            return None

    # ── versions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def program(self, version: Version) -> Path | None:
        """The program of a version that lies here whole, else None."""
        program = self._of(version) / PROGRAM
        return program if program.is_file() else None

    def put(self, version: Version, archive: Path, package: Package) -> None:
        """Unpack a downloaded package and compare every file.

        Raises `Refused("package_damaged")` (the archive is deleted: it is fetched anew), `Unavailable` (disk; what was
        unpacked is deleted at once, and on a full disk the archive too: the room is the books').
        """
        unfinished = self._of(version).with_name(f"{version}.unfinished")
        try:
            with disk_reasons():
                shutil.rmtree(unfinished, ignore_errors=True)
                unfinished.mkdir(parents=True)
                _compare_archive(archive, package)
                _unpack(archive, unfinished)
                compare_files(unfinished)
                _sync_all(unfinished)
                shutil.rmtree(self._of(version), ignore_errors=True)
                os.replace(unfinished, self._of(version))
        except (Refused, Unavailable) as trouble:
            shutil.rmtree(unfinished, ignore_errors=True)
            if trouble.code in {"package_damaged", "disk_full"}:
                archive.unlink(missing_ok=True)
            raise

    def is_whole(self, version: Version) -> bool:
        """Whether every file of it still is as it was packed."""
        try:
            compare_files(self._of(version))
        except (Refused, OSError) as trouble:
            log.error("version %s on the shelf: %s", version, trouble)
            return False
        return self.program(version) is not None

    def tidy(self) -> None:
        """Delete what nobody will start: versions that are neither running, before it nor ready, and leftovers."""
        running = self.running()
        kept = {str(version) for version in (running.version, running.before, running.ready) if version is not None}
        for folder in self.folder.glob("[0-9]*"):
            if folder.is_dir() and folder.name not in kept:
                shutil.rmtree(folder, ignore_errors=True)

    def _of(self, version: Version) -> Path:
        return self.folder / str(version)


def compare_files(folder: Path) -> None:
    """Hold a folder to the list in it. Raises `Refused("package_damaged")`, `OSError`."""
    listed = dict(_listed(folder))
    found = files_of(folder)
    if listed.keys() != found.keys():
        odd = sorted(listed.keys() ^ found.keys())
        raise Refused("package_damaged", f"not as listed: {', '.join(odd[:5])}")
    for name, digest in listed.items():
        if digest_of(found[name]) != digest:
            raise Refused("package_damaged", name)


def files_of(folder: Path) -> dict[str, Path]:
    """Every file and link in a folder by its name in the list; the list itself is not among them."""
    found = {
        path.relative_to(folder).as_posix(): path
        for path in folder.rglob("*")
        if path.is_symlink() or path.is_file()
    }  # fmt: skip
    found.pop(FILES_LIST, None)
    return found


def digest_of(file: Path) -> str:
    """SHA-256 of a file's content, as the list has it; of a link, of where it points. Raises `OSError`."""
    if file.is_symlink():
        return hashlib.sha256(b"-> " + os.readlink(file).encode()).hexdigest()
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _listed(folder: Path) -> Iterator[tuple[str, str]]:
    try:
        lines = (folder / FILES_LIST).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        raise Refused("package_damaged", f"no {FILES_LIST}") from None
    except UnicodeDecodeError:
        raise Refused("package_damaged", f"{FILES_LIST} is no text") from None
    for line in lines:
        digest, blanks, name = line.partition("  ")
        if not blanks:
            raise Refused("package_damaged", FILES_LIST)
        yield name, digest


def _compare_archive(archive: Path, package: Package) -> None:
    if archive.stat().st_size != package.size or digest_of(archive) != package.sha256:
        raise Refused("package_damaged", archive.name)


def _unpack(archive: Path, folder: Path) -> None:
    """Nothing leaves the folder, whatever the archive says. Raises `Refused`, `OSError`."""
    try:
        with tarfile.open(archive, "r:gz") as packed:
            if sum(member.size for member in packed) > UNPACKED_BYTES_MAX:
                raise Refused("package_damaged", "too large")
            packed.extractall(folder, filter="data")
    except (tarfile.TarError, gzip.BadGzipFile, zlib.error, EOFError, ValueError) as error:
        raise Refused("package_damaged", str(error)) from None


def _sync_all(folder: Path) -> None:
    """Every file's content on the disk: a name must not outlive what it names."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            with path.open("r+b") as file:
                os.fsync(file.fileno())


def _version(text: str | None) -> Version | None:
    return None if text is None else Version.parse(text)


def _text(version: Version | None) -> str | None:
    return None if version is None else str(version)


@contextmanager
def disk_reasons() -> Iterator[None]:
    """Turns the disk's refusals into `Unavailable`: `disk_full` or `store_failed`."""
    try:
        yield
    except OSError as error:
        code = "disk_full" if error.errno in NO_ROOM else "store_failed"
        raise Unavailable(code, f"{error.filename or ''}: {error.strerror}") from error
