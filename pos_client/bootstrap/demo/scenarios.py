"""The scenarios of the demonstration, in the trade's words. Names are a promise; the list grows.

Each plays a small story through the real windows and leaves three ledgers that have to agree
(`bootstrap/demo/ledgers.py`). Assertions here are about what people see; money and points are compared there.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.hardware import power_cut_mid_fuelling, serial_unplugged, two_dispensers
from pos_client.bootstrap.demo.offline_story import offline_voucher
from pos_client.bootstrap.demo.parts import (
    INDIVIDUAL_ID,
    INDIVIDUAL_PHONE,
    ORGANISATION_ID,
    VOUCHER,
    fuel_for_voucher,
    hold,
    identify,
    open_sale,
    paid,
    pay,
    phase,
    pin_of,
    points_taken,
    type_phone,
)
from pos_client.bootstrap.demo.price_story import price_change
from pos_client.bootstrap.demo.shift_story import shift
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.domain.fuelling_point import DELIVERING, LinkState
from pos_client.services.snapshots import CustomerState, PointsPhase

Scenario = Callable[[Stage], None]

_Key = Qt.Key


def accrue_cash(stage: Stage) -> None:
    """Cash: the customer types his phone on the keypad, 20.000 đ bring 50 points."""
    stage.fuel(1, 95_400)
    open_sale(stage, _Key.Key_1)
    stage.picture("1-open")
    type_phone(stage)
    stage.picture("2-is-this-you")
    pay(stage, _Key.Key_F9)
    stage.settled()
    stage.until(
        lambda s: s.receipt is not None and s.receipt.earned is not None and s.receipt.earned.confirmed, "posted"
    )
    stage.picture("3-done")


def accrue_electronic(stage: Stage) -> None:
    """QR transfer: the cashier types the ID, 10.000 đ bring 50 points."""
    stage.fuel(2, 95_400)
    open_sale(stage, _Key.Key_2)
    identify(stage, INDIVIDUAL_ID)
    stage.picture("1-known")
    pay(stage, _Key.Key_F10)
    stage.settled()


def accrue_mixed(stage: Stage) -> None:
    """Part by QR, the rest in cash: each part earns by its own rate (A24)."""
    stage.fuel(3, 95_400)
    open_sale(stage, _Key.Key_3)
    identify(stage, INDIVIDUAL_ID)
    stage.pay_part(_Key.Key_F10, 70_000)
    stage.until(lambda s: s.sale is not None and s.sale.due_vnd == 25_400, "25.400 đ are left")
    stage.picture("1-rest-due")
    pay(stage, _Key.Key_F9)
    stage.settled()


def redeem_individual_otp(stage: Stage) -> None:
    """An individual pays a part with points; the code reaches his phone, the rest is cash."""
    stage.fuel(1, 350_000)
    open_sale(stage, _Key.Key_1)
    identify(stage, INDIVIDUAL_ID)
    stage.picture("1-offer")
    hold(stage)
    stage.picture("2-waiting-for-code")
    stage.keypad(stage.read_sms(), None)
    stage.picture("3-code-typed")
    stage.keypad("")
    points_taken(stage)
    stage.picture("4-points-taken")
    pay(stage, _Key.Key_F9)
    stage.settled()
    stage.picture("5-done")


def redeem_organisation_pin(stage: Stage) -> None:
    """An organisation without vouchers pays all with points and its own PIN."""
    stage.fuel(2, 180_000, nozzle=2)
    open_sale(stage, _Key.Key_2)
    identify(stage, ORGANISATION_ID)
    hold(stage)
    stage.picture("1-pin")
    stage.keypad(pin_of(stage, ORGANISATION_ID))
    paid(stage)
    stage.settled()
    stage.picture("2-done")


def redeem_driver_voucher(stage: Stage) -> None:
    """A driver pays with his points voucher and his own PIN."""
    fuel_for_voucher(stage, VOUCHER, pin_of(stage, VOUCHER), 240_000)


def gift_fuel_preset(stage: Stage) -> None:
    """Gift fuel first: consent, then a preset pump; less is dispensed than was consented to, the rest is released."""
    identify(stage, INDIVIDUAL_ID)
    stage.key(_Key.Key_F6)
    stage.until(lambda s: phase(s) is PointsPhase.WAITING_SECRET, "the code is asked for")
    stage.keypad(stage.read_sms())
    stage.until(lambda s: phase(s) is PointsPhase.PERMIT, "choose the pump")
    stage.picture("1-choose-pump")
    stage.key(_Key.Key_3)
    stage.until(lambda s: phase(s) is PointsPhase.ARMED, "pump 3 is armed")
    stage.picture("2-armed")
    stage.lift(3)
    stage.until(lambda s: stage.point(3).state in DELIVERING, "pump 3 may deliver")
    stage.flow(3, amount_vnd=120_000)
    stage.picture("3-fuelling")
    stage.hang(3)
    stage.until(lambda s: phase(s) is PointsPhase.DONE, "what was dispensed is debited, the rest released")
    stage.settled()
    stage.picture("4-done")


def offline_accrual(stage: Stage) -> None:
    """The network is down: the sale goes on, points wait in the queue and are sent when it is back."""
    stage.cut_network()
    stage.until(lambda s: s.status.central is LinkState.DOWN, "the terminal notices", 40.0)
    stage.fuel(1, 80_000)
    open_sale(stage, _Key.Key_1)
    stage.type_customer(INDIVIDUAL_PHONE)
    stage.until(lambda s: s.customer is not None and s.customer.state is CustomerState.UNVERIFIED, "earns unverified")
    stage.picture("1-offline")
    stage.key(_Key.Key_F6)
    stage.picture("2-points-impossible")
    pay(stage, _Key.Key_F10)
    if stage.seen.status.queue.waiting != 1:
        raise ScenarioFailed("one record should wait")
    stage.picture("3-queued")
    stage.restore_network()
    stage.settled()
    stage.picture("4-sent")


def answer_lost(stage: Stage) -> None:
    """Every answer is lost once after central has committed: hold, verify, capture, accrual; each counts once."""
    stage.fuel(1, 250_000)
    open_sale(stage, _Key.Key_1)
    identify(stage, INDIVIDUAL_ID)
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/v1/redemptions/")
    hold(stage)
    stage.step("the hold's answer was lost once")
    code = stage.read_sms()
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/verify")
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/capture")
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/v1/accruals/")
    stage.keypad(code)
    points_taken(stage)
    pay(stage, _Key.Key_F9)
    stage.settled()
    stage.picture("1-done")


def wrong_otp(stage: Stage) -> None:
    """A wrong code costs a try and no points; the right one works."""
    stage.fuel(2, 150_000)
    open_sale(stage, _Key.Key_2)
    identify(stage, INDIVIDUAL_ID)
    hold(stage)
    code = stage.read_sms()
    stage.keypad(str((int(code) + 1) % 1_000_000).zfill(6))
    stage.until(
        lambda s: (
            phase(s) is PointsPhase.WAITING_SECRET and s.points_panel is not None and s.points_panel.attempts_left == 2
        ),
        "two tries are left",
    )
    stage.picture("1-wrong")
    stage.keypad(code)
    paid(stage)
    stage.settled()


SCENARIOS: dict[str, Scenario] = {
    "accrue-cash": accrue_cash,
    "accrue-electronic": accrue_electronic,
    "accrue-mixed": accrue_mixed,
    "redeem-individual-otp": redeem_individual_otp,
    "redeem-organisation-pin": redeem_organisation_pin,
    "redeem-driver-voucher": redeem_driver_voucher,
    "gift-fuel-preset": gift_fuel_preset,
    "offline-accrual": offline_accrual,
    "offline-voucher": offline_voucher,
    "answer-lost": answer_lost,
    "wrong-otp": wrong_otp,
    "power-cut-mid-fuelling": power_cut_mid_fuelling,
    "serial-unplugged": serial_unplugged,
    "two-dispensers": two_dispensers,
    "shift": shift,
    "price-change": price_change,
}


def title(name: str) -> str:
    """The one line `--list-scenarios` prints."""
    return (SCENARIOS[name].__doc__ or "").strip().splitlines()[0]
