"""Terminals as head office sees them: enrolled, suspended, quarantined; and what that stops.

A terminal that misbehaves is not argued with. What a person waits for is refused it (a hold, a look-up); what it states
as a fact is still taken, because fuel that flowed, flowed, and is marked for the review desk (reliability 3.1, 3.7).

    enrolled      suspend -> suspended        quarantine -> quarantined
    suspended     reinstate -> enrolled       quarantine -> quarantined
    quarantined   reinstate, or enrolment of a new key (a new epoch) -> enrolled
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from sqlalchemy import insert, select, update

from pos_client.domain.errors import RuleViolation
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.storage.device_tables import terminals
from pos_client.sandbox.central.storage.tables import incidents
from pos_client.value import dataclass


class Standing(StrEnum):
    """How central regards a terminal."""

    ENROLLED = "enrolled"
    SUSPENDED = "suspended"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Device:
    """Who signed a request, as it was when the request came in."""

    terminal: str
    station: str
    epoch: int
    keyid: str
    standing: Standing
    session: int = 0
    """the latest one of this terminal; 0: none yet"""


NOBODY = Device("", "", 0, "", Standing.SUSPENDED)
"""Whoever asks an open address."""

_REFUSED: Mapping[Standing, str] = MappingProxyType(
    {Standing.SUSPENDED: "terminal-suspended", Standing.QUARANTINED: "terminal-quarantined"}
)


def refusal(device: Device) -> Refusal | None:
    """Why what a person waits for is refused this terminal; never stored, it ends when head office says so."""
    code = _REFUSED.get(device.standing)
    return None if code is None else Refusal(code, sticky=False)


def suspend(book: Book, terminal: str, reason: str) -> None:
    """Head office takes a terminal out of points. Raises `LookupError`, `RuleViolation`."""
    _change(book, terminal, Standing.SUSPENDED, reason, {Standing.ENROLLED, Standing.SUSPENDED})


def quarantine(book: Book, terminal: str, reason: str) -> None:
    """Its journal contradicts itself (`chain-fork`, `sequence-rollback`): a copy, or a restored disk (F34).

    Raises `LookupError` for a terminal nobody enrolled.
    """
    _change(book, terminal, Standing.QUARANTINED, reason, set(Standing))
    _incident(book, f"quarantined:{reason}", terminal, _station_of(book, terminal), 0)


def reinstate(book: Book, terminal: str) -> None:
    """Head office takes it back. Raises `LookupError`."""
    _change(book, terminal, Standing.ENROLLED, None, set(Standing))


def mark_fact(book: Book, device: Device, kind: str, subject: str, station: str, amount_vnd: int = 0) -> None:
    """A fact was taken that a person should look at: from a terminal that is not in good standing, or about another
    station than the one it is enrolled at (it may have been moved with facts still waiting)."""
    if device.standing is not Standing.ENROLLED:
        _incident(book, f"{device.standing}:{kind}", subject, device.station, amount_vnd)
    elif station != device.station:
        _incident(book, f"elsewhere:{kind}", subject, device.station, amount_vnd)


def _change(book: Book, terminal: str, to: Standing, reason: str | None, allowed: set[Standing]) -> None:
    state = book.db.scalar(select(terminals.c.state).where(terminals.c.name == terminal))
    if state is None:
        raise LookupError(f"no terminal {terminal}")
    if state not in allowed:
        raise RuleViolation("terminal_state", state=state)
    book.db.execute(
        update(terminals)
        .where(terminals.c.name == terminal)
        .values(state=to.value, reason=None if reason is None else reason[:200], since_ms=book.now_ms)
    )


def _station_of(book: Book, terminal: str) -> str:
    return str(book.db.scalar(select(terminals.c.station).where(terminals.c.name == terminal)))


def _incident(book: Book, kind: str, subject: str, station: str, amount_vnd: int) -> None:
    book.db.execute(
        insert(incidents).values(
            kind=kind[:40], redemption_id=subject[:80], station=station, amount_vnd=amount_vnd, at_ms=book.now_ms
        )
    )
