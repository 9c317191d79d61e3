"""What devices and links tell the terminal: frozen, past tense. They arrive in the inbox, in order per source."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Protocol

from pos_client.domain.certificate import DayCertificate
from pos_client.domain.condition import Offer
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.keypad import Key, KeypadKey, KeypadTrouble
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class LineLinkChanged:
    """A serial line was opened, lost or found again. `detail` says why, for the technician; `device` is the port it
    was opened on, which a replug may have renamed."""

    line: str
    state: LinkState
    detail: str = ""
    device: str = ""


@dataclass(frozen=True, slots=True)
class LineMeasured:
    """How a line fares, told about once a second while its port is open: a live light for the technician.

    `cycle_ms`: how long it took to hear every point once (0: not yet known); counts are of this interval.
    """

    line: str
    cycle_ms: int
    answered: int
    unanswered: int
    damaged: int


@dataclass(frozen=True, slots=True)
class PointLinkChanged:
    """A fuelling point answers, or no longer does. Says nothing about what the hose is doing."""

    point: PointId
    state: LinkState


@dataclass(frozen=True, slots=True)
class PointStateReported:
    """What a fuelling point is doing now; `nozzle` is the one that is out (None: all hung up)."""

    point: PointId
    state: FuellingPointState
    nozzle: NozzleId | None = None


@dataclass(frozen=True, slots=True)
class DeliveryProgressed:
    """Running figures of a delivery; for the screen, never for the books. `nozzle` None: the pump does not say."""

    point: PointId
    nozzle: NozzleId | None
    volume_ml: Millilitres
    amount_vnd: Vnd


@dataclass(frozen=True, slots=True)
class DeliveryEnded:
    """A delivery is over and trustworthy: nozzle in, final figures read twice alike, totalizer read after it.

    `volume_ml` 0 is a zero sale (lifted and hung up again).
    """

    point: PointId
    nozzle: NozzleId
    volume_ml: Millilitres
    amount_vnd: Vnd
    unit_price: VndPerLitre
    end_totalizer_ml: Millilitres


@dataclass(frozen=True, slots=True)
class TotalizerRead:
    """A nozzle's totalizer as read outside a delivery: at start, after a link came back, on request."""

    point: PointId
    nozzle: NozzleId
    totalizer_ml: Millilitres


@dataclass(frozen=True, slots=True)
class PriceShown:
    """The unit price a pump itself says a nozzle has: at nozzle lift, after a change, on request."""

    point: PointId
    nozzle: NozzleId
    unit_price: VndPerLitre


@dataclass(frozen=True, slots=True)
class PointRestarted:
    """The dispenser lost power and came back; a delivery in progress was forgotten by it (its totalizers were not)."""

    point: PointId


@dataclass(frozen=True, slots=True)
class AlarmReported:
    """The dispenser raised an alarm; `code` is the protocol's own."""

    point: PointId
    code: str


class CommandOutcome(StrEnum):
    """What became of a command to a dispenser."""

    DONE = "done"
    REFUSED = "refused"
    NO_ANSWER = "no_answer"


@dataclass(frozen=True, slots=True)
class CommandFinished:
    """The dispenser took a command (and shows it in its state), refused it, or did not answer in time."""

    command_id: str
    point: PointId
    outcome: CommandOutcome
    detail: str = ""


class PrinterState(StrEnum):
    """What the printer port says of itself."""

    ABSENT = "absent"
    READY = "ready"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PrinterReported:
    """A receipt was printed, or why not. A sale never waits for paper.

    `trouble`: the cause, for people; of a printer that is ready, what it warns of. `detail`: what the system said, for
    the technician.
    """

    state: PrinterState
    receipt_number: str = ""
    detail: str = ""
    trouble: PrinterTrouble | None = None


@dataclass(frozen=True, slots=True)
class KeyStoreReported:
    """The operating system's key store was tried. `trouble` names what is wrong; None: it can be trusted."""

    trouble: str | None


@dataclass(frozen=True, slots=True)
class DiskReported:
    """Room on the disk of the books, megabytes."""

    free_mb: int


@dataclass(frozen=True, slots=True)
class BooksReported:
    """What had to be done for the books: made anew from their mirror (so many rows; the damaged file lies `aside`), or
    why their mirror is not written any more."""

    rebuilt_rows: int | None = None
    aside: str = ""
    mirror_trouble: str | None = None


@dataclass(frozen=True, slots=True)
class UpdateReported:
    """What became of a new version: `ready` (waits for the end of the shift), `given_up` (it did not become ready, the
    one before it runs again), `no_room`, `untrusted`."""

    outcome: str
    version: str = ""


@dataclass(frozen=True, slots=True)
class OfferJudged:
    """What was made of the release announced last, and the version that lies ready to be started, if there is one."""

    offer: Offer
    ready: str = ""


@dataclass(frozen=True, slots=True)
class CertificateSeen:
    """When the certificate ends that head office's address shows, as ISO text."""

    ends: str


@dataclass(frozen=True, slots=True, repr=False)
class CodeScanned:
    """What a scanner on a line of its own has read: a customer, or a receipt's code. Its `repr` names nobody."""

    text: str

    def __repr__(self) -> str:
        return f"CodeScanned({len(self.text)} characters)"


@dataclass(frozen=True, slots=True, repr=False)
class KeypadKeyed:
    """A key of a keypad that is a device of its own. Its `repr` never shows the digit."""

    key: Key

    def __repr__(self) -> str:
        return f"KeypadKeyed({self.key.value})" if isinstance(self.key, KeypadKey) else "KeypadKeyed(•)"


@dataclass(frozen=True, slots=True)
class KeypadReported:
    """The keypad can be typed on (None), or why not. `detail`: what the system said, for the technician."""

    trouble: KeypadTrouble | None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class CertificateMade:
    """What a day's books are worth, as they say it to anybody who reads them."""

    certificate: DayCertificate


@dataclass(frozen=True, slots=True)
class CertificateFailed:
    """They could not be read: `code` as of `ports.errors.Unavailable`."""

    day: date
    code: str


DeviceReport = (
    CodeScanned
    | LineLinkChanged
    | LineMeasured
    | PriceShown
    | PointLinkChanged
    | PointStateReported
    | DeliveryProgressed
    | DeliveryEnded
    | TotalizerRead
    | PointRestarted
    | AlarmReported
    | CommandFinished
    | PrinterReported
    | KeyStoreReported
    | DiskReported
    | BooksReported
    | KeypadKeyed
    | KeypadReported
    | UpdateReported
    | OfferJudged
    | CertificateSeen
    | CertificateMade
    | CertificateFailed
)


class Sink(Protocol):
    """Where reports go. Callable from any thread."""

    def post(self, report: object) -> None:
        """Put a frozen report in the terminal's inbox; never blocks."""
