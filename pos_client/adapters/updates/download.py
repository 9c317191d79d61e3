"""Fetches a manifest, and a package in pieces: what was fetched before a cut is not fetched again."""

from __future__ import annotations

import logging
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pos_client.adapters.updates.manifest import MANIFEST_BYTES_MAX
from pos_client.adapters.updates.shelf import disk_reasons
from pos_client.domain.release import Package
from pos_client.ports.errors import Refused, Unavailable
from pos_client.value import dataclass

if TYPE_CHECKING:
    import requests

log = logging.getLogger(__name__)

TIMEOUT_S = (5.0, 30.0)
"""To connect; between two pieces."""
PIECE_BYTES = 64 * 1024
"""Of the last piece before a cut nothing is kept."""
MANIFEST_S = 60.0
"""For all of it: a server that gives a byte now and then is none."""
ROOM_FACTOR = 4
"""Room for the package, for what is unpacked from it, and for the version before it."""
ROOM_LEFT_BYTES = 500_000_000
"""Never taken from the books' disk."""

Stopped = Callable[[], bool]


class DownloadStopped(Exception):
    """The program ends; what was fetched stays."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where releases lie: a folder on a web server. Nothing it says is believed without the manifest's signature."""

    url: str

    def manifest(self) -> bytes:
        """The newest manifest's bytes. Raises `Unavailable` (`updates_unreachable`)."""
        with _asked(self.url, {}) as answer:
            if answer.status_code != 200:
                raise Unavailable("updates_unreachable", f"HTTP {answer.status_code}")
            return _most(_pieces(answer), MANIFEST_BYTES_MAX)

    def package(self, package: Package, target: Path, stopped: Stopped = lambda: False) -> None:
        """Fetch what is missing of it into `target`; all its bytes are there when this returns, not yet compared. When
        the disk runs full meanwhile, whoever filled it, what was fetched is deleted: the room is the books'.

        Raises `Unavailable` (`updates_unreachable`, `update_no_room`, `disk_full`, `store_failed`), `Refused`
        (`package_damaged`: there is more than the manifest says), `DownloadStopped`.
        """
        with disk_reasons():
            target.parent.mkdir(parents=True, exist_ok=True)
            have = target.stat().st_size if target.exists() else 0
            if have > package.size:
                target.unlink()
                have = 0
            _look_for_room(target.parent, package.size * ROOM_FACTOR - have)
        try:
            if have < package.size:
                self._fetch(package, target, have, stopped)
        except Unavailable as trouble:
            if trouble.code in {"update_no_room", "disk_full"}:
                target.unlink(missing_ok=True)
            raise

    def _fetch(self, package: Package, target: Path, have: int, stopped: Stopped) -> None:
        headers = {"Range": f"bytes={have}-"} if have else {}
        with _asked(urljoin(self.url, package.file), headers) as answer:
            if answer.status_code not in {200, 206}:
                raise Unavailable("updates_unreachable", f"{package.file}: HTTP {answer.status_code}")
            resumed = answer.status_code == 206 and answer.headers.get("Content-Range", "").startswith(f"bytes {have}-")
            if answer.status_code == 206 and not resumed:
                raise Unavailable("updates_unreachable", f"{package.file}: another range than asked for")
            with disk_reasons(), target.open("ab" if resumed else "wb") as file:
                written = have if resumed else 0
                for piece in _pieces(answer):
                    if stopped():
                        raise DownloadStopped
                    written += len(piece)
                    if written > package.size:
                        file.truncate(0)
                        raise Refused("package_damaged", f"{package.file}: more than {package.size} bytes")
                    _look_for_room(target.parent, 0)
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())
        if written < package.size:
            raise Unavailable("updates_unreachable", f"{package.file}: ended after {written} bytes")


@contextmanager
def _asked(url: str, headers: dict[str, str]) -> Iterator[requests.Response]:
    import requests

    with requests.Session() as session:
        session.trust_env = False
        session.headers.update({"Accept-Encoding": "identity", **headers})
        try:
            with session.get(url, timeout=TIMEOUT_S, stream=True, allow_redirects=False) as answer:
                yield answer
        except requests.RequestException as error:
            raise Unavailable("updates_unreachable", str(error)) from error


def _pieces(answer: requests.Response) -> Iterator[bytes]:
    """Whatever has arrived, as it arrives: a server that trickles does not keep us from hearing that we are to stop. A
    connection that breaks raises errors of two libraries, neither of them an `OSError` of a disk."""
    from urllib3.exceptions import HTTPError

    try:
        while piece := answer.raw.read1(PIECE_BYTES):
            yield piece
    except (HTTPError, ConnectionError) as error:
        raise Unavailable("updates_unreachable", str(error)) from error


def _most(pieces: Iterator[bytes], most: int) -> bytes:
    content, began = b"", monotonic()
    for piece in pieces:
        content += piece
        if len(content) > most or monotonic() - began > MANIFEST_S:
            raise Unavailable("updates_unreachable", "a manifest without end")
    return content


def _look_for_room(folder: Path, wanted: int) -> None:
    free = shutil.disk_usage(folder).free
    if free < wanted + ROOM_LEFT_BYTES:
        raise Unavailable("update_no_room", f"{free >> 20} MB free")
