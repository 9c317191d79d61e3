"""A release of this program as head office announces it, and whether this till takes it now.

Announced by a manifest that is signed offline. What keeps an attacker who holds the web server, but not the key, from
doing harm: `number` only grows (an old manifest is not taken again), `good_until` ends (nobody can hide that there is a
newer one for ever), a version below the running one, below `floor` or with older books is never installed.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from pos_client.domain.moment import aware_time
from pos_client.value import dataclass

PACKAGE_BYTES_MAX = 1_000_000_000
NOTES_MAX = 2000
_VERSION = re.compile(r"(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})\.(0|[1-9]\d{0,4})")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """Three numbers, compared as numbers: 1.10.0 is newer than 1.9.0."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: str) -> Version:
        """Of `1.4.0`. Raises `ValueError` for anything else: it becomes the name of a folder."""
        found = _VERSION.fullmatch(text)
        if found is None:
            raise ValueError(f"no version: {text[:40]!r}")
        return cls(*(int(number) for number in found.groups()))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


@dataclass(frozen=True, slots=True)
class Package:
    """The program for one platform: a file beside the manifest, `size` bytes long."""

    file: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Stage:
    """From this instant on so many stations in a hundred take it."""

    percent: int
    begins: datetime


@dataclass(frozen=True, slots=True)
class Release:
    """One manifest. `book_schema`: of the books this version writes; `notes`: by language, for people at the till."""

    number: int
    version: Version
    floor: Version
    book_schema: int
    made_at: datetime
    good_until: datetime
    stages: tuple[Stage, ...]
    packages: Mapping[str, Package]
    notes: Mapping[str, str]

    def percent(self, now: datetime) -> int:
        """How many stations in a hundred may have it by now."""
        return max((stage.percent for stage in self.stages if stage.begins <= now), default=0)


class Judgement(StrEnum):
    """What a till makes of a manifest."""

    TAKE = "take"
    HAVE_IT = "have_it"
    """the running version is this one, or a newer one of the same manifest's past"""
    LATER = "later"
    """the stage of this station has not begun"""
    GIVEN_UP = "given_up"
    """tried here, and it did not become ready"""
    OLD_MANIFEST = "old_manifest"
    EXPIRED = "expired"
    DOWNGRADE = "downgrade"
    BELOW_FLOOR = "below_floor"
    NO_PACKAGE = "no_package"
    CLOCK = "clock"
    """the clock here is before the day the manifest was made: nothing that ends can be judged"""


@dataclass(frozen=True, slots=True)
class Till:
    """What the judgement has to know of this till."""

    station: str
    platform: str
    running: Version
    book_schema: int
    highest_number: int = 0
    """of the manifests it has accepted"""
    given_up: frozenset[Version] = frozenset()


CLOCK_TOLERANCE = timedelta(minutes=10)


def judge(release: Release, till: Till, now: datetime) -> Judgement:
    """Whether to download and install it."""
    if release.number < till.highest_number:
        return Judgement.OLD_MANIFEST
    if now + CLOCK_TOLERANCE < release.made_at:
        return Judgement.CLOCK
    if now >= release.good_until:
        return Judgement.EXPIRED
    if release.version == till.running:
        return Judgement.HAVE_IT
    if release.version < till.running or release.book_schema < till.book_schema:
        return Judgement.DOWNGRADE
    if till.running < release.floor:
        return Judgement.BELOW_FLOOR
    if release.version in till.given_up:
        return Judgement.GIVEN_UP
    if till.platform not in release.packages:
        return Judgement.NO_PACKAGE
    if place_in_line(till.station, release.version) >= release.percent(now):
        return Judgement.LATER
    return Judgement.TAKE


def place_in_line(station: str, version: Version) -> int:
    """0 to 99: stations below a stage's percentage take it. Another place for every version, so that it is not always
    the same stations that try what is new; the same for every till of a station, so that they stay alike."""
    digest = hashlib.sha256(f"{station}/{version}".encode()).digest()
    return int.from_bytes(digest[:8]) % 100


def read_release(text: bytes) -> Release:
    """What a manifest says. Raises `ValueError` naming the member that is wrong; unknown members are left alone."""
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {error}") from None
    if not isinstance(told, dict):
        raise ValueError("no table")
    _whole(told, "format", 1, 1)
    version, floor = Version.parse(_text(told, "version")), Version.parse(_text(told, "floor"))
    if floor > version:
        raise ValueError("floor: above the version itself")
    return Release(
        number=_whole(told, "number", 1, 1 << 53),
        version=version,
        floor=floor,
        book_schema=_whole(told, "book_schema", 1, 10_000),
        made_at=_time(told, "made_at"),
        good_until=_time(told, "good_until"),
        stages=tuple(Stage(_whole(each, "percent", 0, 100), _time(each, "begins")) for each in _list(told, "stages")),
        packages={platform: _package(each) for platform, each in _table(told, "packages").items()},
        notes={language: str(note)[:NOTES_MAX] for language, note in _table(told, "notes").items()},
    )


def _package(told: object) -> Package:
    if not isinstance(told, dict):
        raise ValueError("packages: no table")
    file, sha256 = _text(told, "file"), _text(told, "sha256")
    if not _FILE.fullmatch(file):
        raise ValueError(f"file: {file[:40]!r} is no plain name")
    if not _SHA256.fullmatch(sha256):
        raise ValueError("sha256: not 64 digits")
    return Package(file, _whole(told, "size", 1, PACKAGE_BYTES_MAX), sha256)


def _text(told: Mapping[str, Any], name: str) -> str:
    value = told.get(name)
    if not isinstance(value, str):
        raise ValueError(f"{name}: no text")
    return value


def _whole(told: object, name: str, lowest: int, highest: int) -> int:
    value = told.get(name) if isinstance(told, dict) else None
    if type(value) is not int or not lowest <= value <= highest:
        raise ValueError(f"{name}: no whole number from {lowest} to {highest}")
    return value


def _time(told: Mapping[str, Any], name: str) -> datetime:
    at = aware_time(_text(told, name))
    if at is None:
        raise ValueError(f"{name}: no time with its offset")
    return at


def _list(told: Mapping[str, Any], name: str) -> list[Any]:
    value = told.get(name)
    if not isinstance(value, list) or len(value) > 100:
        raise ValueError(f"{name}: no list")
    return value


def _table(told: Mapping[str, Any], name: str) -> dict[str, Any]:
    value = told.get(name, {})
    if not isinstance(value, dict):
        raise ValueError(f"{name}: no table")
    return value
