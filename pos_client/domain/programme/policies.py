"""What a programme says of points besides how to earn them: dates, products, tenders, limits, groups, goods, deaths.

Each is a frozen value read from the programme file; its class declares what the file must hold.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated

from pos_client.domain.programme.expiry import Life
from pos_client.domain.programme.reading import Within
from pos_client.domain.tender import TenderClass
from pos_client.value import dataclass

Contradictions = Iterator[tuple[str, str]]
Points = Annotated[int, Within(1, unit="points")]
Amount = Annotated[int, Within(1, unit="đồng")]


class Rounding(StrEnum):
    """What becomes of the remainder of a tender part (A20 is ambiguous)."""

    FULL_BLOCKS = "full_blocks"
    PROPORTIONAL = "proportional"


class Basis(StrEnum):
    """What a threshold of accumulated points is held against (B28 is ambiguous)."""

    AVAILABLE = "available"
    LIFETIME = "lifetime"


class ExpiryAction(StrEnum):
    """What becomes of points on their death (B05), or of points nobody redeems (B06)."""

    RESET = "reset"
    CONVERT = "convert"
    REMIND = "remind"


class Unit(StrEnum):
    """What a service gives (B34-B36)."""

    MB = "MB"
    MINUTE = "minute"
    SMS = "SMS"


class Shares(StrEnum):
    """Until when shares of a dissolved pool live (B38)."""

    KEPT = "kept"
    RENEWED = "renewed"


@dataclass(frozen=True, slots=True)
class HalfUp:
    """Fractions of a point: this and above goes up, once, at the end (B01)."""

    up_from: str

    def contradictions(self) -> Contradictions:
        """Another limit than the one the arithmetic has."""
        if self.up_from != "0.5":
            yield "up_from", "the engine rounds half up; another rule is a change of the program"


@dataclass(frozen=True, slots=True)
class Start:
    """No points for sales before this day (A01)."""

    earns_from: date


@dataclass(frozen=True, slots=True)
class Products:
    """Kinds of goods that earn, and known ones that do not (A02)."""

    earn: tuple[str, ...]
    earn_not: tuple[str, ...]

    def contradictions(self) -> Contradictions:
        """A kind in both lists."""
        for name in set(self.earn) & set(self.earn_not):
            yield "earn_not", f"{name} is in both lists"


@dataclass(frozen=True, slots=True)
class Goods:
    """What points become (A03); `change`: whether money is given back."""

    products: tuple[str, ...]
    change: bool


@dataclass(frozen=True, slots=True)
class Stations:
    """Kinds of stations that take part, and known ones that do not (A04)."""

    serve: tuple[str, ...]
    refuse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RedemptionStart:
    """No redemption before this day (A05)."""

    redeems_from: date


@dataclass(frozen=True, slots=True)
class Available:
    """Which points can be spent (A06): those in none of these states, of an account in one of these."""

    without: tuple[str, ...]
    accounts: tuple[str, ...]
    other_accounts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verification:
    """Account states that earn, and those that do not yet (A19)."""

    earns: tuple[str, ...]
    confirms: tuple[str, ...]
    earns_not: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rate:
    """`points` for each `block_vnd` of a tender of this class (A20, A21), between two days where it changes."""

    tender: TenderClass
    block_vnd: Amount
    points: Points


@dataclass(frozen=True, slots=True)
class Value:
    """What points are worth: `vnd` for `points` (A22, B11, B33)."""

    points: Points
    vnd: Amount


@dataclass(frozen=True, slots=True)
class TenderNames:
    """Which tender is of which class (A23). `flagged` earn nothing and are reported to head office."""

    electronic: tuple[str, ...]
    cash: tuple[str, ...]
    flagged: tuple[str, ...]

    def contradictions(self) -> Contradictions:
        """A tender of two classes."""
        names = [*self.electronic, *self.cash, *self.flagged]
        for name in sorted({name for name in names if names.count(name) > 1}):
            yield "", f"{name} is in two lists"


@dataclass(frozen=True, slots=True)
class Blocks:
    """What counts of a part (A24)."""

    rounding: Rounding


@dataclass(frozen=True, slots=True)
class NoPoints:
    """A class of tender that earns nothing (A25)."""

    tender: TenderClass


@dataclass(frozen=True, slots=True)
class Limits:
    """How many points may be used at a time (A37, B02)."""

    minimum: Points
    step: Points


@dataclass(frozen=True, slots=True)
class Threshold:
    """Points must have been accumulated before any can be used (B28)."""

    accumulated: Points
    basis: Basis


@dataclass(frozen=True, slots=True)
class Pool:
    """Points of several go into one fund (B03); at most so many members (B38)."""

    keeps_earner: bool


@dataclass(frozen=True, slots=True)
class Dissolution:
    """A pool with more members is dissolved in equal shares (B38); the rest goes to the owner."""

    members_at_most: Annotated[int, Within(1, 1000, "subscribers")]
    from_day: date
    shares: Shares


@dataclass(frozen=True, slots=True)
class SpendingOrder:
    """Which lots are spent first (B04, B29)."""

    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class OnExpiry:
    """What becomes of dead points (B05)."""

    action: ExpiryAction


@dataclass(frozen=True, slots=True)
class Inactivity:
    """What becomes of points after so many months without a redemption (B06)."""

    months: Annotated[int, Within(1, 120, "months")]
    action: ExpiryAction


@dataclass(frozen=True, slots=True)
class Pending:
    """Points are credited so many days after the day they are for (B08)."""

    days: Annotated[int, Within(0, 366, "days")]


@dataclass(frozen=True, slots=True)
class CreditDay:
    """Which given date is the day of credit: the first that is known (B10)."""

    first_of: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cap:
    """At most so many points a month over a group of rules (B18)."""

    points: Points
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LifeRule:
    """A length of life other rules refer to (B14)."""

    life: Life


@dataclass(frozen=True, slots=True)
class LifeRange:
    """Between how many months lives may lie (B31)."""

    minimum: Annotated[int, Within(1, 1200, "months")]
    maximum: Annotated[int, Within(1, 1200, "months")]

    def contradictions(self) -> Contradictions:
        """Upside down."""
        if self.minimum > self.maximum:
            yield "minimum", "minimum above maximum"


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Services that earn nothing (B20)."""

    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Denominations:
    """Vouchers of fixed values (B30)."""

    vnd: tuple[Amount, ...]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What vouchers there are (B32)."""

    items: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ServiceOption:
    """What `points` give, and for how long."""

    name: str
    gives: Annotated[int, Within(1)]
    life: Life


@dataclass(frozen=True, slots=True)
class ServiceUnits:
    """Points become units of a service with a life of their own (B34-B36)."""

    points: Points
    unit: Unit
    options: tuple[ServiceOption, ...]


@dataclass(frozen=True, slots=True)
class PartPayment:
    """Points pay a part, money the rest (B37)."""

    points: Points
    vnd: Amount
