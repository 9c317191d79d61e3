"""How far head office holds this terminal's journal, and the rows it is sent.

An acknowledgement is not a fact: facts are what is acknowledged, and one about each acknowledgement would never end. It
is kept beside the journal, one a day, so that years later the terminal can show what head office had on which evening.
"""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class JournalRow:
    """A row as the book keeps it. `at` is ISO 8601; `key` numbers the key of the mac, 0: none."""

    seq: int
    at: str
    kind: str
    body: bytes
    mac: bytes
    key: int


@dataclass(frozen=True, slots=True)
class Acknowledgement:
    """Head office holds every row up to `seq`, which ends with `mac`. `at` is its own clock, ISO 8601.

    `signed` is the text it signed, to be shown later; the terminal's adapter has checked it. `seq` 0: nothing is held.
    """

    epoch: int
    seq: int
    mac: bytes
    at: str
    signed: str

    @property
    def day(self) -> str:
        """The business day it was given on."""
        return self.at[:10]


@dataclass(frozen=True, slots=True)
class JournalEnd:
    """The last row: its number and mac; 0 and the beginning of the chain for a new book."""

    seq: int
    mac: bytes
