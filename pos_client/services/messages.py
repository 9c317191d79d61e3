"""Commands from people: frozen, imperative, in the trade's words. Screens put them in the inbox; nothing waits."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING

from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, TerminalId
from pos_client.domain.keypad import KeypadKey as KeypadKey  # noqa: PLC0414 (screens know it as a part of these)
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.sale_type import SaleType
from pos_client.domain.tender import TenderKind
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.ports.central import Undone


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
class Scan:
    """A scanner read this, at any time: a customer. With nothing open and one unpaid fuelling alone, it can only be
    his, and its sale is opened with him."""

    text: str


@dataclass(frozen=True, slots=True)
class DetachCustomer:
    """Del on the customer chip: wrong customer."""


@dataclass(frozen=True, slots=True)
class StartRedemption:
    """F6: hold the maximum that fits (or `amount_vnd`) and ask for consent. Without an open sale: gift fuel first."""

    amount_vnd: Vnd | None = None


@dataclass(frozen=True, slots=True)
class ConfirmPlate:
    """Enter: the cashier has looked, the vehicle carries the plate of the signed voucher."""


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
    """F5: permit the next delivery; None: the calling point that waits longest. At most one preset is given."""

    point: PointId | None = None
    preset_vnd: Vnd | None = None
    preset_ml: Millilitres | None = None
    sale_type: SaleType = SaleType.SALE


@dataclass(frozen=True, slots=True)
class AuthoriseAll:
    """Permit every point that calls and may be permitted."""


@dataclass(frozen=True, slots=True)
class StopFuelling:
    """Stop one point."""

    point: PointId


class RestartReason(StrEnum):
    """Why a stopped pump may go on; stored by name."""

    CHECKED_SAFE = "checked_safe"
    STOPPED_BY_MISTAKE = "stopped_by_mistake"
    CUSTOMER_READY = "customer_ready"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class RestartFuelling:
    """Let stopped points go on; `point` None: all that were stopped. The reason goes into the journal first."""

    reason: RestartReason
    point: PointId | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the open, untouched sale's fuelling to another till."""

    till: TerminalId


@dataclass(frozen=True, slots=True)
class DriveOff:
    """The customer left without paying. `fuelling_id` None: the open, untouched sale. The plate is sealed to central,
    only its mask stays here."""

    plate: str = ""
    fuelling_id: FuellingId | None = None


@dataclass(frozen=True, slots=True)
class ReturnDriveOff:
    """He came back to pay: the fuelling waits to be sold again."""

    fuelling_id: FuellingId


@dataclass(frozen=True, slots=True)
class MarkPumpTest:
    """These litres went through the meter and back into the tank. None: the open, untouched sale."""

    fuelling_id: FuellingId | None = None


@dataclass(frozen=True, slots=True)
class OpenShift:
    """A cashier's stretch begins: totalizers are read and written down."""

    cashier: str


@dataclass(frozen=True, slots=True)
class CloseShift:
    """Chốt ca: read the totalizers again; then the count of cash is asked for."""


@dataclass(frozen=True, slots=True)
class CountCash:
    """The counted cash, đồng; ends the shift."""

    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class KeepShift:
    """Do not close after all."""


@dataclass(frozen=True, slots=True)
class ShowNozzle:
    """Drill down: the fuellings behind one nozzle's row of the shift; None closes it."""

    point: PointId | None = None
    nozzle: NozzleId | None = None


@dataclass(frozen=True, slots=True)
class ShowQueue:
    """The queue desk: a page of records from this row on; None closes it."""

    offset: int | None = None


@dataclass(frozen=True, slots=True)
class ShowCertificate:
    """The certificate of a day, today's at the latest; None closes it."""

    day: date | None = None


@dataclass(frozen=True, slots=True)
class PrintCertificate:
    """The certificate that is looked at, on paper."""


@dataclass(frozen=True, slots=True)
class TryQueueNow:
    """Nothing in the queue waits for its next attempt any longer."""


class ParkedNote(StrEnum):
    """What was done about a parked record; stored by name. A choice, not a text: a text would hold names."""

    MANAGER_TOLD = "manager_told"
    HOTLINE_CALLED = "hotline_called"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class NoteParked:
    """Somebody has looked at this parked record."""

    key: str
    note: ParkedNote


@dataclass(frozen=True, slots=True)
class ResendParked:
    """Send this parked record again, as it is."""

    key: str


class ReversalReason(StrEnum):
    """Why points are given back or taken back; stored by name, and told to head office."""

    WRONG_CUSTOMER = "wrong_customer"
    WRONG_SALE = "wrong_sale"
    FUEL_FAULT = "fuel_fault"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class ShowOperations:
    """The list of uses and credits of points: read while it is `shown`."""

    shown: bool = True


@dataclass(frozen=True, slots=True)
class ShowRadar:
    """The week's signs: read while they are `shown`; where people have PINs a senior is asked for his first."""

    shown: bool = True


@dataclass(frozen=True, slots=True)
class Reverse:
    """Undo a use or credit of points; a manager is asked for his PIN first."""

    operation: Undone
    operation_id: str
    reason: ReversalReason


@dataclass(frozen=True, slots=True)
class LogIn:
    """Somebody wants to open a shift where people have PINs: he is asked for his."""


@dataclass(frozen=True, slots=True)
class EnterSettings:
    """Somebody wants to open the technician's page: he is asked for his PIN where one is needed."""


@dataclass(frozen=True, slots=True)
class CloseTill:
    """The program is to end. In kiosk mode whoever may is asked for his PIN first, where somebody has one."""


@dataclass(frozen=True, slots=True)
class RestartLine:
    """The technician: close one serial line and open it anew; the others do not notice."""

    line: str


@dataclass(frozen=True, slots=True)
class TestPoint:
    """The technician: ask one point for everything that changes nothing; the answer is `PointTest` in the snapshot."""

    point: PointId


@dataclass(frozen=True, slots=True)
class StopAll:
    """The red bar: stop every point, no question asked."""


@dataclass(frozen=True, slots=True)
class ReprintLast:
    """F8: print the last receipt again, marked as a copy."""


@dataclass(frozen=True, slots=True)
class PrintBill:
    """F7: print what the open sale comes to, with the code to pay it."""


@dataclass(frozen=True, slots=True)
class DismissMessage:
    """The cashier has read the message bar."""


@dataclass(frozen=True, slots=True, repr=False)
class KeypadPressed:
    """A key touched on the customer's screen: a digit 0..9 or a `KeypadKey`. Its `repr` never shows the digit.

    A keypad that is a device of its own reports `ports.reports.KeypadKeyed`."""

    key: int | KeypadKey

    def __repr__(self) -> str:
        return f"KeypadPressed({self.key.value})" if isinstance(self.key, KeypadKey) else "KeypadPressed(•)"


class CustomerScreen(StrEnum):
    """Where the customer's window is shown."""

    OWN = "own"
    PREVIEW = "preview"
    """small on the cashier's screen, for training"""
    MISSING = "missing"
    """nowhere: its screen is not there, and nothing can be typed on it"""


@dataclass(frozen=True, slots=True)
class CustomerScreenSeen:
    """The customer's screen came, went, or was never there."""

    screen: CustomerScreen


@dataclass(frozen=True, slots=True, repr=False)
class StaffPressed:
    """A key of a staff number and PIN, on the cashier's keyboard or touched. Its `repr` never shows the digit."""

    key: int | KeypadKey

    def __repr__(self) -> str:
        return f"StaffPressed({self.key.value})" if isinstance(self.key, KeypadKey) else "StaffPressed(•)"


@dataclass(frozen=True, slots=True)
class Tick:
    """Time has passed; deadlines are looked at."""


PersonCommand = (
    SelectPoint
    | SelectFuelling
    | SelectOldest
    | ReleaseSale
    | Identify
    | Scan
    | DetachCustomer
    | StartRedemption
    | ConfirmPlate
    | CancelRedemption
    | ResendCode
    | TakeTender
    | AuthorisePoint
    | AuthoriseAll
    | StopFuelling
    | RestartFuelling
    | HandOver
    | DriveOff
    | ReturnDriveOff
    | MarkPumpTest
    | OpenShift
    | CloseShift
    | CountCash
    | KeepShift
    | ShowNozzle
    | ShowQueue
    | ShowCertificate
    | PrintCertificate
    | TryQueueNow
    | NoteParked
    | ResendParked
    | ShowOperations
    | ShowRadar
    | Reverse
    | LogIn
    | EnterSettings
    | CloseTill
    | StaffPressed
    | RestartLine
    | TestPoint
    | StopAll
    | ReprintLast
    | PrintBill
    | DismissMessage
    | KeypadPressed
    | CustomerScreenSeen
)
