"""The terminal itself."""

from __future__ import annotations

from pos_client.domain.facts.base import Fact
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class TerminalStarted(Fact):
    """The program began to work; everything before is history to recover from."""

    terminal: str
    version: str
    storage: str


@dataclass(frozen=True, slots=True)
class SessionOpened(Fact):
    """Central accepted this terminal; older sessions are fenced off (I12)."""

    terminal: str
    session: int
    server_time: str


@dataclass(frozen=True, slots=True)
class AnswerDoubted(Fact):
    """Central's answer was well formed and impossible; it was not believed. `numbers` are what it said, by name and
    without personal data; `sha256` is the digest of all it said, for whoever compares it with central's own log."""

    doubt: str
    key: str
    asked: str
    why: str
    numbers: tuple[tuple[str, int], ...]
    sha256: str


@dataclass(frozen=True, slots=True)
class RecordSetAside(Fact):
    """The program died so many times in a row while it worked on a record for head office: it is a person's now, and
    the others go on (F33). `record` is its key; its bytes stay in the queue as they are (I18)."""

    record: str
    deaths: int


@dataclass(frozen=True, slots=True)
class CertificatePrinted(Fact):
    """The certificate of a day went to the printer, as the books stood up to `last_seq`; again: marked as a copy.
    `certificate` names the day."""

    certificate: str
    last_seq: int
    copy: bool


@dataclass(frozen=True, slots=True)
class ParkedNoted(Fact):
    """Somebody has looked at a record head office refused. `record` is its key, `note` what was done about it
    (`services.messages.ParkedNote`). The record itself stays where it is (I18)."""

    record: str
    note: str
    noted_by: str
    noted_at: str
