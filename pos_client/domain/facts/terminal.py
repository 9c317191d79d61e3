"""The terminal itself."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.facts.base import Fact


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
