"""How the terminals are, as each said it last, and which of them need a hand.

Nothing is decided by it: a terminal that says it is well is believed no more than one that says nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import field
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from sqlalchemy import Row, func, select
from sqlalchemy.dialects import postgresql, sqlite

from pos_client.domain.known_time import TimeQuality
from pos_client.domain.release import Judgement, Version
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import ConditionRequest
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import ms_of_text, read_time, to_ms
from pos_client.sandbox.central.ledger.terminals import Standing
from pos_client.sandbox.central.storage.device_tables import terminal_conditions, terminals
from pos_client.sandbox.central.storage.journal_tables import journal_watermarks
from pos_client.sandbox.central.storage.tables import sessions, stations
from pos_client.value import dataclass

SILENT_MS = 900_000
"""Three of a terminal's five minutes."""
OLD_MS = 86_400_000
"""A record that has waited so long is said at the till too (reliability 3.10)."""
CLOCK_OFF_S = 60
DISK_LOW_MB = 500
CERTIFICATE_MS = 21 * 86_400_000
"""So long before its end people have to begin with another certificate."""
LATEST_MS = 7_258_118_400_000
"""The first day of 2200."""
_INSERT: Mapping[str, Any] = MappingProxyType({"postgresql": postgresql.insert, "sqlite": sqlite.insert})


class Worry(StrEnum):
    """Why somebody should look at a terminal, the gravest first."""

    STANDING = "standing"
    SILENT = "silent"
    PARKED = "parked"
    OLD = "old"
    TROUBLE = "trouble"
    CLOCK = "clock"
    DISK = "disk"
    CERTIFICATE = "certificate"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class FleetTill:
    """One terminal. `told` is what it said last (None: nothing yet), `seen_ms` when anything of it was heard last."""

    name: str
    place: str
    standing: str
    version: str
    seen_ms: int | None
    told: Row[Any] | None
    worries: tuple[Worry, ...]

    @property
    def troubles(self) -> list[str]:
        """What it said keeps it from working."""
        return [] if self.told is None or not self.told.troubles else str(self.told.troubles).split("\n")


@dataclass(slots=True)
class Rollout:
    """How far a version has come: terminals that run it, that have it ready, that were told of it; `percent` of the
    stations it is announced for, None where no terminal has heard of an announcement."""

    version: str
    running: int = 0
    ready: int = 0
    percent: int | None = None
    later: int = 0
    given_up: int = 0
    _number: tuple[int, int] = field(default=(-1, -1))

    def hear(self, told: Row[Any]) -> None:
        """One terminal's reading of its manifest; the newest one tells the share."""
        if (told.offered_number, told.at_ms) > self._number:
            self._number, self.percent = (told.offered_number, told.at_ms), told.offered_percent
        self.later += told.judgement == Judgement.LATER
        self.given_up += told.judgement == Judgement.GIVEN_UP


def take(book: Book, terminal: str, told: ConditionRequest) -> None:
    """Keep what a terminal says of itself, in place of what it said before. Raises `MalformedMessage`."""
    at = read_time(told.wall_at, "ConditionRequest", "wall_at")
    if told.clock not in set(TimeQuality):
        raise MalformedMessage("ConditionRequest", "clock is one of the words there are")
    offer = told.offer
    values = {
        "terminal": terminal,
        "version": told.version,
        "ready": told.ready,
        "offered_number": None if offer is None else offer.number,
        "offered": None if offer is None else offer.version,
        "offered_percent": None if offer is None else offer.percent,
        "judgement": None if offer is None else offer.judgement,
        "waiting": told.waiting_records,
        "in_doubt": told.in_doubt,
        "parked": told.parked,
        "oldest_ms": None if told.oldest_waiting_s is None else book.now_ms - told.oldest_waiting_s * 1000,
        "unacknowledged": told.unacknowledged,
        "clock": told.clock,
        "clock_off_s": (to_ms(at) - book.now_ms) // 1000,
        "disk_free_mb": told.disk_free_mb,
        "certificate_ends_ms": _in_our_time(ms_of_text(told.certificate_ends)),
        "troubles": "\n".join(told.troubles),
        "at_ms": book.now_ms,
    }
    insert = _INSERT[book.db.dialect.name]
    book.db.execute(
        insert(terminal_conditions).values(**values).on_conflict_do_update(index_elements=["terminal"], set_=values)
    )


def _in_our_time(ms: int | None) -> int | None:
    """A day a page can show; no certificate ends before 1970 or after 2200."""
    return ms if ms is not None and 0 < ms < LATEST_MS else None


def fleet(book: Book) -> list[FleetTill]:
    """All of them, by name."""
    told = {row.terminal: row for row in book.db.execute(select(terminal_conditions))}
    journal = journal_watermarks.c
    ends = select(journal.terminal, func.max(journal.at_ms).label("at_ms")).group_by(journal.terminal)
    kept = {row.terminal: int(row.at_ms) for row in book.db.execute(ends)}
    last = select(func.max(sessions.c.number)).group_by(sessions.c.terminal)
    started = {row.terminal: row for row in book.db.execute(select(sessions).where(sessions.c.number.in_(last)))}
    rows = book.db.execute(
        select(terminals.c.name, terminals.c.state, stations.c.name.label("place"))
        .join(stations, stations.c.code == terminals.c.station)
        .order_by(terminals.c.name)
    )
    return [_till(book.now_ms, row, told.get(row.name), started.get(row.name), kept.get(row.name)) for row in rows]


def rollouts(tills: Iterable[FleetTill]) -> list[Rollout]:
    """Every version that runs, is ready, or was announced; the newest first."""
    found: dict[str, Rollout] = {}

    def of(version: str) -> Rollout:
        return found.setdefault(version, Rollout(version))

    for till in tills:
        if till.version:
            of(till.version).running += 1
        if till.told is not None and till.told.ready:
            of(till.told.ready).ready += 1
        if till.told is not None and till.told.offered is not None:
            of(till.told.offered).hear(till.told)
    return sorted(found.values(), key=lambda each: version_order(each.version), reverse=True)


def counts(tills: Iterable[FleetTill]) -> dict[Worry, int]:
    """How many terminals have each worry."""
    found: dict[Worry, int] = defaultdict(int)
    for till in tills:
        for worry in till.worries:
            found[worry] += 1
    return {worry: found[worry] for worry in Worry if worry in found}


def version_order(text: str) -> tuple[int, int, int, str]:
    """1.10.0 behind 1.9.0; what is no version before all that are."""
    try:
        version = Version.parse(text)
    except ValueError:
        return -1, 0, 0, text
    return version.major, version.minor, version.patch, ""


def _till(now_ms: int, row: Any, told: Row[Any] | None, started: Row[Any] | None, kept_ms: int | None) -> FleetTill:
    heard = [told.at_ms if told is not None else None, started.at_ms if started is not None else None, kept_ms]
    seen_ms = max((each for each in heard if each is not None), default=None)
    version = told.version if told is not None else started.version if started is not None else ""
    return FleetTill(row.name, row.place, row.state, version, seen_ms, told, _worries(now_ms, row.state, seen_ms, told))


def _worries(now_ms: int, standing: str, seen_ms: int | None, told: Row[Any] | None) -> tuple[Worry, ...]:
    found = {
        Worry.STANDING: standing != Standing.ENROLLED,
        Worry.SILENT: seen_ms is None or now_ms - seen_ms > SILENT_MS,
    }
    if told is not None:
        found |= {
            Worry.PARKED: told.parked > 0,
            Worry.OLD: told.oldest_ms is not None and now_ms - told.oldest_ms > OLD_MS,
            Worry.TROUBLE: bool(told.troubles),
            Worry.CLOCK: told.clock == TimeQuality.UNTRUSTED or abs(told.clock_off_s or 0) > CLOCK_OFF_S,
            Worry.DISK: told.disk_free_mb is not None and told.disk_free_mb < DISK_LOW_MB,
            Worry.CERTIFICATE: told.certificate_ends_ms is not None
            and told.certificate_ends_ms - now_ms < CERTIFICATE_MS,
            Worry.GIVEN_UP: told.judgement == Judgement.GIVEN_UP,
        }
    return tuple(worry for worry in Worry if found.get(worry))
