"""The cashier's flows, each played from the keys and held against its budget (cashier, customer).

A flow is a story told by hands: what its end has to be is asserted inside, what it cost is counted by the station.
Budgets are those of the flows' own list; typed digits count, a scan does not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date

from PySide6.QtCore import Qt

from pos_client.bootstrap.simulate.world import (
    DRIVER_PIN,
    INDIVIDUAL,
    ORGANISATION,
    ORGANISATION_PIN,
    PHONE,
    SETTINGS,
    VOUCHER,
)
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.keypad import KeypadKind
from pos_client.domain.keypad_pairing import Candidate
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.domain.receipt import Receipt
from pos_client.domain.staff import SALT_BYTES, hash_of
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import CustomerState, DialogueState, PointsPhase
from pos_client.settings.model import Settings, StaffSettings
from pos_client.ui.technician.page import TechnicianPage
from tests.ui import workshop as w
from tests.ui.finding import fill_in, found
from tests.ui.station import Station, Taps

Key = Qt.Key
OK = KeypadKey.OK
Play = Callable[[Station], None]
LITRES_10 = 270_800
"""What ten litres of E10 cost at this station."""
LITRES_3 = 81_240


@dataclass(frozen=True)
class Flow:
    """A row of the table: number, name, what hands may do, and the story."""

    number: str
    name: str
    cashier: int
    customer: int
    play: Play
    settings: Settings = SETTINGS


def paid(station: Station, *tenders: tuple[TenderKind, int]) -> None:
    """The last sale was paid like this, and nothing stands open."""
    seen = station.seen
    assert seen.sale is None
    assert seen.receipt is not None
    assert [(t.kind, t.amount_vnd) for t in seen.receipt.tenders] == list(tenders)


def anonymous(station: Station) -> None:
    station.fuel()
    station.key(Key.Key_1, Key.Key_F9)
    paid(station, (TenderKind.CASH, LITRES_10))


def earn_by_scan(station: Station) -> None:
    station.fuel()
    station.fuel(2)
    station.scan(INDIVIDUAL)
    station.key(Key.Key_1, Key.Key_F10)
    paid(station, (TenderKind.QR, LITRES_10))
    earned(station, 1_350)


def earn_by_scan_of_the_only_sale(station: Station) -> None:
    station.fuel()
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F10)
    paid(station, (TenderKind.QR, LITRES_10))
    earned(station, 1_350)


def earned(station: Station, points: int) -> None:
    """Central has credited them once."""
    station.wait(2_000)
    assert station.rig.credits() == [points]


def earn_by_phone(station: Station) -> None:
    station.fuel()
    station.key(Key.Key_1)
    station.keypad(PHONE, OK)
    assert station.seen.customer is not None
    assert station.seen.dialogue.state is DialogueState.CONFIRM, "he reads his masked name"
    station.key(Key.Key_F9)
    paid(station, (TenderKind.CASH, LITRES_10))
    earned(station, 650)


def consent(station: Station, secret: str | None = None) -> None:
    """The customer's code or PIN, once it is asked for; the capture follows by itself."""
    assert station.seen.dialogue.state is DialogueState.SECRET
    station.keypad(secret or station.rig.code(), OK)
    station.wait(2_000)


def spend_as_individual(station: Station) -> None:
    station.fuel()
    station.key(Key.Key_1)
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F6)
    consent(station)
    station.key(Key.Key_F9)
    paid(station, (TenderKind.POINTS, 186_400), (TenderKind.CASH, LITRES_10 - 186_400))
    assert station.rig.debits() == [186_400]


def spend_as_individual_all(station: Station) -> None:
    station.fuel(millilitres=3_000)
    station.key(Key.Key_1)
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F6)
    consent(station)
    paid(station, (TenderKind.POINTS, LITRES_3))


def spend_as_organisation(station: Station) -> None:
    station.fuel()
    station.key(Key.Key_1)
    station.scan(ORGANISATION)
    station.key(Key.Key_F6)
    consent(station, ORGANISATION_PIN)
    paid(station, (TenderKind.POINTS, LITRES_10))


def spend_with_voucher(station: Station) -> None:
    station.fuel()
    station.scan(VOUCHER)
    assert station.seen.customer is not None
    assert station.seen.customer.voucher is not None, "its plate, points and product are on the chip"
    station.key(Key.Key_1, Key.Key_F6)
    consent(station, DRIVER_PIN)
    paid(station, (TenderKind.POINTS, LITRES_10))


def gift_first(station: Station) -> None:
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F6)
    consent(station)
    station.lift(1)
    station.key(Key.Key_1)
    station.flow(1, 5_000)
    station.wait(5_000)
    paid(station, (TenderKind.POINTS, 135_400))
    assert station.rig.debits() == [135_400], "the rest of the hold is released"


def other_amount(station: Station) -> None:
    """The customer's keypad: 3 is 50.000 đ, and says that it is he."""
    station.fuel()
    station.key(Key.Key_1)
    station.scan(INDIVIDUAL)
    assert (3, 50_000) in station.seen.dialogue.amounts
    station.keypad("3")
    station.key(Key.Key_F6)
    consent(station)
    station.key(Key.Key_F9)
    paid(station, (TenderKind.POINTS, 50_000), (TenderKind.CASH, LITRES_10 - 50_000))


def other_amount_at_the_till(station: Station) -> None:
    """A digit in the points panel, while the code is waited for, is another number of points."""
    station.fuel()
    station.key(Key.Key_1)
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F6)
    station.type("60000")
    station.key(Key.Key_Return)
    consent(station)
    station.key(Key.Key_F9)
    paid(station, (TenderKind.POINTS, 60_000), (TenderKind.CASH, LITRES_10 - 60_000))
    assert station.rig.debits() == [60_000]


def what_dies_next(station: Station) -> None:
    """E, as on the panel: exactly the points that die next, and no code for more than them."""
    station.fuel()
    station.key(Key.Key_1)
    station.scan(INDIVIDUAL)
    present = station.rig.desk.state.present
    assert present is not None
    assert present.customer is not None
    present.customer = replace(present.customer, expiring_points=41_200, expiring_on=date(2027, 3, 31))
    station.so(m.Tick())
    station.type("E")
    consent(station)
    station.key(Key.Key_F9)
    paid(station, (TenderKind.POINTS, 41_200), (TenderKind.CASH, LITRES_10 - 41_200))


def earn_offline(station: Station) -> None:
    station.rig.central.down = True
    station.wait(10_000)
    assert station.seen.status.central is LinkState.DOWN
    station.fuel()
    station.fuel(2)
    station.scan(INDIVIDUAL)
    assert station.seen.customer is not None
    assert station.seen.customer.state is CustomerState.UNVERIFIED
    station.key(Key.Key_1, Key.Key_F10)
    receipt = station.seen.receipt
    assert receipt is not None
    assert receipt.earned is not None
    assert not receipt.earned.confirmed, "the paper says that the points wait"
    station.rig.central.down = False
    station.wait(60_000)
    earned(station, 1_350)


def spend_offline(station: Station) -> None:
    """F6 says why not, and the sale goes on."""
    station.rig.central.down = True
    station.wait(10_000)
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.scan(INDIVIDUAL)
    station.key(Key.Key_F6)
    assert station.seen.notice is not None
    assert station.seen.notice.code == "points_need_network"
    assert station.seen.sale is not None


def outcome_unknown(station: Station) -> None:
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.so(m.Identify(INDIVIDUAL))
    station.rig.central.fail("Hold", "cut", "cut", "cut", "cut", "cut", "cut", "cut", "cut", "cut")
    station.key(Key.Key_F6)
    station.taps = Taps()  # F6 was flow 4's
    station.wait(9_000)
    panel = station.seen.points_panel
    assert panel is not None
    assert panel.phase is PointsPhase.UNKNOWN, "a counter runs, and Enter stands on the panel"
    station.key(Key.Key_Return)
    station.wait(2_000)
    assert station.rig.debits() == []
    assert station.seen.sale is not None
    assert station.rig.facts(f.VoidIntended)


def wrong_customer(station: Station) -> None:
    """Del, at the till."""
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.so(m.Identify(INDIVIDUAL))
    station.key(Key.Key_Delete)
    nobody(station)


def not_me(station: Station) -> None:
    """0, on the customer's keypad."""
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.so(m.Identify(INDIVIDUAL))
    station.keypad("0")
    nobody(station)


def nobody(station: Station) -> None:
    """The sale stays, without a customer."""
    assert station.seen.customer is None
    assert station.seen.sale is not None
    assert station.rig.facts(f.CustomerDetached)


def hand_over(station: Station) -> None:
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.key(Key.Key_F12, Key.Key_H, Key.Key_2)
    assert station.rig.only(f.FuellingHandedOver).till == "T2"


PLATE = "29C12345"


def drive_off(station: Station) -> None:
    station.fuel()
    station.key(Key.Key_1, Key.Key_F12, Key.Key_D)
    station.type(PLATE)
    station.key(Key.Key_Return)
    assert station.seen.drive_offs[0].masked_plate == "29C *** 45"


def drive_off_vouched(station: Station) -> None:
    """A shift leader's or manager's number and PIN after the plate; Esc leaves it, and the sale is still there."""
    station.fuel()
    station.so(m.SelectPoint(PointId(1)), m.DriveOff(PLATE))
    station.key(Key.Key_Escape)
    assert (station.seen.staff_ask, station.seen.drive_offs) == (None, ())
    assert station.seen.sale is not None
    station.taps = Taps()
    station.key(Key.Key_F12, Key.Key_D)
    station.type(PLATE)
    station.key(Key.Key_Return)
    station.type(MANAGER)
    assert station.seen.drive_offs[0].masked_plate == "29C *** 45"
    assert station.rig.only(f.StaffProved).deed == "drive_off"


def stop_all(station: Station) -> None:
    station.lift(1)
    station.key(Key.Key_F5)
    station.rig.act(station.rig.forecourt.flow, 1, 2_000)
    hands = station.taps
    station.key(Key.Key_Pause)
    station.taps = Taps(station.taps.cashier - hands.cashier)  # F5 came before
    assert station.seen.points[0].stopped


def restart(station: Station) -> None:
    stop_all(station)
    station.taps = Taps()
    station.hold_red_key(2_500)
    station.key(Key.Key_1)
    assert station.rig.facts(f.RestartIntended)


def close_shift(station: Station) -> None:
    station.so(m.OpenShift("Hoa"))
    station.wait(3_000)
    station.fuel()
    station.so(m.SelectPoint(PointId(1)))
    station.so(m.TakeTender(TenderKind.CASH))
    station.key(Key.Key_F12, Key.Key_C)
    station.wait(25_000)
    station.type(str(LITRES_10))
    station.key(Key.Key_Return)
    assert station.rig.only(f.ShiftClosed).cash_counted_vnd == LITRES_10


SALT = bytes(SALT_BYTES)
MANAGER, CASHIER = "09246810", "01135791"
"""Number and PIN, as they are typed."""
STAFFED = replace(
    SETTINGS,
    staff=(
        StaffSettings(1, "Nguyễn Thị Hoa", "cashier", hash_of(b"135791", SALT)),
        StaffSettings(9, "Trần Văn Minh", "manager", hash_of(b"246810", SALT)),
    ),
)


def reverse_points(station: Station) -> None:
    """The sale before the last one: L for the list, down to its row, F7, why, then number and PIN."""
    for _ in range(2):
        station.fuel()
        station.so(m.SelectPoint(PointId(1)), m.Identify(INDIVIDUAL), m.TakeTender(TenderKind.CASH))
    station.wait(2_000)
    station.type("L")
    station.key(Key.Key_Down, Key.Key_F7, Key.Key_1)
    station.type(MANAGER)
    station.wait(2_000)
    assert station.rig.only(f.ReversalPosted).points_taken_back == 650
    assert station.rig.only(f.StaffProved).role == "manager"


def log_in(station: Station) -> None:
    station.key(Key.Key_F12, Key.Key_O)
    station.type(CASHIER)
    assert station.rig.only(f.ShiftOpened).cashier == "Nguyễn Thị Hoa"


def late_claim(station: Station) -> None:
    """The code of the receipt, then the customer's."""
    station.fuel()
    station.so(m.SelectPoint(PointId(1)), m.TakeTender(TenderKind.QR))
    receipt = station.rig.printer.printed[-1]
    assert isinstance(receipt, Receipt)
    station.scan(receipt.claim_code)
    station.scan(INDIVIDUAL)
    earned(station, 1_350)


def new_port(station: Station) -> None:
    """Add, let the doctor listen and ask, accept, write the grades, test, save: the line is in the file. (The doctor
    itself is played on real wires in `test_technician_doctor.py`.)"""
    station.cashier.toggle_technician()
    station.touch("side-ports")
    station.touch("add-port-1")
    _probed(station, w.FOUND.addresses)
    station.touch("accept-0")
    page = found(station.cashier, TechnicianPage)
    for number in range(len(w.FOUND.addresses)):
        fill_in(
            page, f"lines[{page.draft.count('lines') - 1}].points[{number}].nozzles", station.settings.grades[0].code
        )
    station.touch("test-draft")
    _probed(station, w.FOUND.addresses)
    station.touch("technician-save")
    (saved,) = station.workshop.saved
    lines = saved["lines"]
    assert isinstance(lines, list)
    assert (lines[-1]["protocol"], lines[-1]["port"], len(lines[-1]["points"])) == ("dart", w.FREE.device, 4)


def _probed(station: Station, addresses: tuple[int, ...]) -> None:
    """The doctor is done."""
    assert station.workshop.tell_probe is not None
    found = replace(w.FOUND, addresses=addresses)
    station.workshop.tell_probe(ProbeProgress(w.FREE.device, ProbeStep.DONE, 100, "", (found,)))
    station.draw()


def pair_keypad(station: Station) -> None:
    """Devices, Pair, then 5 on the keypad. (Real keypads are paired in `tests/integration` and `test_pairing.py`.)"""
    station.cashier.toggle_technician()
    station.touch("side-devices")
    station.touch("pair-keypad")
    station.key_of_a_device(Candidate(KeypadKind.USB, "usb:046a:0023:A1", "Cherry Keypad"))
    (saved,) = station.workshop.saved
    assert saved["keypad"] == {"kind": "usb", "identity": "usb:046a:0023:A1", "port": "", "shuffled": False}


FLOWS = (
    Flow("1", "Anonymous postpay", 2, 0, anonymous),
    Flow("2", "Earn with QR", 2, 0, earn_by_scan),
    Flow("2b", "Earn with QR, one unpaid sale only", 1, 0, earn_by_scan_of_the_only_sale),
    Flow("3", "Earn with phone", 2, 11, earn_by_phone),
    Flow("4", "Spend, individual", 3, 7, spend_as_individual),
    Flow("4b", "Spend, individual, points cover all", 2, 7, spend_as_individual_all),
    Flow("5", "Spend, organisation without voucher", 2, 7, spend_as_organisation),
    Flow("6", "Driver with voucher", 2, 7, spend_with_voucher),
    Flow("7", "Gift fuel first", 2, 7, gift_first),
    Flow("8", "Other amount, by the customer", 3, 8, other_amount),
    Flow("8b", "Other amount, by the cashier (five digits, Enter)", 3 + 6, 7, other_amount_at_the_till),
    Flow("8c", "Exactly the points that die next", 3, 7, what_dies_next),
    Flow("9", "Offline earning", 2, 0, earn_offline),
    Flow("10", "Offline spending: why not", 1, 0, spend_offline),
    Flow("11", "Outcome unknown", 1, 0, outcome_unknown),
    Flow("12", "Wrong customer, at the till", 1, 0, wrong_customer),
    Flow("12b", "Wrong customer, he says so himself", 0, 1, not_me),
    Flow("13", "Hand a sale to another till", 3, 0, hand_over),
    Flow("14", "Drive-off", 4 + len(PLATE), 0, drive_off),
    Flow(
        "14b",
        "Drive-off, vouched for (eight digits of number and PIN)",
        3 + len(PLATE) + 8,
        0,
        drive_off_vouched,
        STAFFED,
    ),
    Flow("15", "Stop all", 1, 0, stop_all),
    Flow("15b", "Restart", 2, 0, restart),
    Flow("16", "Late claim", 0, 1, late_claim),
    Flow("17", "Reverse a points operation (eight digits of number and PIN)", 4 + 8, 0, reverse_points, STAFFED),
    Flow("18", "Close shift", 3 + len(str(LITRES_10)), 0, close_shift),
    Flow("18b", "Open a shift with number and PIN (eight digits)", 2 + 8, 0, log_in, STAFFED),
    Flow("19", "Technician: new port", 5, 0, new_port),
    Flow("20", "Technician: pair a keypad", 2, 1, pair_keypad),
)


def row(flow: Flow, taps: Taps) -> str:
    """A flow in the table of `pos_client/README.md`."""
    scans = {0: "", 1: " + s"}.get(taps.scans, f" + {taps.scans}s")
    counted = f"{taps.cashier}{scans}"
    return f"| {flow.number} | {flow.name} | {flow.cashier} | {counted} | {flow.customer} | {taps.customer} |"
