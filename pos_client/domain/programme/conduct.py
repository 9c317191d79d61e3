"""What a programme says of dealing with people: consent, vouchers, accounts, texts, the prize draw.

Frozen values read from the programme file, as in `policies`. A text a customer or cashier sees (hotline, portal,
slogan) is data here as well, so that head office can change it in one place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pos_client.domain.programme.reading import Within
from pos_client.value import dataclass

Contradictions = Iterator[tuple[str, str]]


class KeyHolder(StrEnum):
    """Whose a PIN is (A15 is ambiguous)."""

    ORGANISATION = "organisation"
    DRIVER = "driver"
    VEHICLE = "vehicle"


@dataclass(frozen=True, slots=True)
class Choice:
    """How a customer may say how much (A07)."""

    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OneTimeCode:
    """The code sent to the registered phone (A08)."""

    digits: Annotated[int, Within(4, 10)]
    lives_s: Annotated[int, Within(30, 3600, "seconds")]
    tries: Annotated[int, Within(1, 10)]
    resend_after_s: Annotated[int, Within(1, 3600, "seconds")]
    sends: Annotated[int, Within(1, 10)]


@dataclass(frozen=True, slots=True)
class Forms:
    """How organisations may spend (A09)."""

    offered: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinLock:
    """Whose PIN it is, and after how many wrong ones it locks (A10, A15)."""

    holder: KeyHolder
    wrong_tries: Annotated[int, Within(1, 20)]


@dataclass(frozen=True, slots=True)
class VoucherRule:
    """A points voucher (A11): what it names, and what it may name besides."""

    names: tuple[str, ...]
    may_name: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class VoucherUse:
    """Whether a voucher may be used in parts (A17)."""

    in_parts: bool


@dataclass(frozen=True, slots=True)
class States:
    """Named states something can be in (A13)."""

    states: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PinEntry:
    """Who types a PIN, and where (A16)."""

    typed_by: str
    on: str


@dataclass(frozen=True, slots=True)
class Words:
    """Texts that are said or printed (A12, A14, A18, A34, A35, A36)."""

    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DecidingTime:
    """Which time decides the year (A28)."""

    time: str
    utc_offset: str


@dataclass(frozen=True, slots=True)
class AccountNumber:
    """How an account is written (A29)."""

    digits: Annotated[int, Within(1, 20)]
    padded: bool


@dataclass(frozen=True, slots=True)
class Campaign:
    """A lucky draw and its day (A30)."""

    type: str
    drawn_on: date


@dataclass(frozen=True, slots=True)
class Prize:
    """So many of one prize (A31, A32)."""

    name: str
    what: str
    count: Annotated[int, Within(1, 1_000_000)]


@dataclass(frozen=True, slots=True)
class Prizes:
    """Prizes in the order in which they are drawn (A31, A32)."""

    prizes: tuple[Prize, ...]


@dataclass(frozen=True, slots=True)
class DrawCodes:
    """Who gets a code, and when (A33): the window's both ends are inside."""

    opens: datetime
    closes: datetime
    per_account: Annotated[int, Within(1, 1000)]

    def contradictions(self) -> Contradictions:
        """A window that closes before it opens."""
        if self.opens > self.closes:
            yield "opens", "minimum above maximum"
