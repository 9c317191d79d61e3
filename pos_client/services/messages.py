"""Commands from people: frozen, imperative, in the trade's words. Screens put them in the inbox; nothing waits."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from pos_client.domain.identifiers import FuellingId, PointId
from pos_client.domain.quantities import Vnd
from pos_client.domain.tender import TenderKind


@dataclass(frozen=True, slots=True)
class SelectPoint:
    """A pump's digit: claim and open its oldest unpaid fuelling; with a permit in hand, arm this pump for gift fuel."""

    point: PointId


@dataclass(frozen=True, slots=True)
class SelectFuelling:
    """Open one particular unpaid fuelling (touch on a stacked one)."""

    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class SelectOldest:
    """Space: claim and open the unpaid fuelling that waits longest."""


@dataclass(frozen=True, slots=True)
class ReleaseSale:
    """Esc on an untouched sale: give the claim back. A sale with tenders stays."""


@dataclass(frozen=True, slots=True)
class Identify:
    """What was typed or scanned for a customer: ID, phone, plate, voucher code, QR text. Attaches to the open sale, or
    waits for the sale (or gift) that follows."""

    text: str


@dataclass(frozen=True, slots=True)
class DetachCustomer:
    """Del on the customer chip: wrong customer."""


@dataclass(frozen=True, slots=True)
class StartRedemption:
    """F6: hold the maximum that fits (or `amount_vnd`) and ask for consent. Without an open sale: gift fuel first."""

    amount_vnd: Vnd | None = None


@dataclass(frozen=True, slots=True)
class CancelRedemption:
    """Esc in the points panel, or the customer's own cancel: give the hold back."""


@dataclass(frozen=True, slots=True)
class ResendCode:
    """Send another OTP (limits are central's)."""


@dataclass(frozen=True, slots=True)
class TakeTender:
    """F9-F11. `amount_vnd` None: all that is due."""

    kind: TenderKind
    amount_vnd: Vnd | None = None


@dataclass(frozen=True, slots=True)
class AuthorisePoint:
    """F5: permit the next delivery; None: the calling point that waits longest."""

    point: PointId | None = None
    preset_vnd: Vnd | None = None


@dataclass(frozen=True, slots=True)
class StopFuelling:
    """Stop one point."""

    point: PointId


@dataclass(frozen=True, slots=True)
class StopAll:
    """The red bar: stop every point, no question asked."""


@dataclass(frozen=True, slots=True)
class ReprintLast:
    """F8: print the last receipt again, marked as a copy."""


@dataclass(frozen=True, slots=True)
class DismissMessage:
    """The cashier has read the message bar."""


class KeypadKey(StrEnum):
    """Keys of the customer's keypad that are no digits."""

    OK = "ok"
    CLEAR = "clear"
    CANCEL = "cancel"


@dataclass(frozen=True, slots=True, repr=False)
class KeypadPressed:
    """A key on the customer's keypad: a digit 0..9 or a `KeypadKey`. Its `repr` never shows the digit."""

    key: int | KeypadKey

    def __repr__(self) -> str:
        return f"KeypadPressed({self.key.value})" if isinstance(self.key, KeypadKey) else "KeypadPressed(•)"


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; deadlines are looked at."""


PersonCommand = (
    SelectPoint
    | SelectFuelling
    | SelectOldest
    | ReleaseSale
    | Identify
    | DetachCustomer
    | StartRedemption
    | CancelRedemption
    | ResendCode
    | TakeTender
    | AuthorisePoint
    | StopFuelling
    | StopAll
    | ReprintLast
    | DismissMessage
    | KeypadPressed
)
