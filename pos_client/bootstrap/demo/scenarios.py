"""The scenarios of the demonstration, in the trade's words. Names are a promise; the list grows.

Each plays a small story through the real windows and leaves three ledgers that have to agree
(`bootstrap/demo/ledgers.py`). Assertions here are about what people see; money and points are compared there.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.domain.fuelling_point import DELIVERING, LinkState
from pos_client.services.snapshots import CustomerState, DialogueState, PointsPhase

Scenario = Callable[[Stage], None]

INDIVIDUAL_PHONE = "0912000001"
INDIVIDUAL_ID = "000100001"
ORGANISATION_ID = "000200001"
VOUCHER = "P-00231"

_Key = Qt.Key


def accrue_cash(stage: Stage) -> None:
    """Cash: the customer types his phone on the keypad, 20.000 đ bring 50 points."""
    stage.fuel(1, 95_400)
    _open(stage, _Key.Key_1)
    stage.picture("1-open")
    _type_phone(stage)
    stage.picture("2-is-this-you")
    _pay(stage, _Key.Key_F9)
    stage.settled()
    stage.until(
        lambda s: s.receipt is not None and s.receipt.earned is not None and s.receipt.earned.confirmed, "posted"
    )
    stage.picture("3-done")


def accrue_electronic(stage: Stage) -> None:
    """QR transfer: the cashier types the ID, 10.000 đ bring 50 points."""
    stage.fuel(2, 95_400)
    _open(stage, _Key.Key_2)
    _identify(stage, INDIVIDUAL_ID)
    stage.picture("1-known")
    _pay(stage, _Key.Key_F10)
    stage.settled()


def accrue_mixed(stage: Stage) -> None:
    """Part by QR, the rest in cash: each part earns by its own rate (A24)."""
    stage.fuel(3, 95_400)
    _open(stage, _Key.Key_3)
    _identify(stage, INDIVIDUAL_ID)
    stage.pay_part(_Key.Key_F10, 70_000)
    stage.until(lambda s: s.sale is not None and s.sale.due_vnd == 25_400, "25.400 đ are left")
    stage.picture("1-rest-due")
    _pay(stage, _Key.Key_F9)
    stage.settled()


def redeem_individual_otp(stage: Stage) -> None:
    """An individual pays a part with points; the code reaches his phone, the rest is cash."""
    stage.fuel(1, 350_000)
    _open(stage, _Key.Key_1)
    _identify(stage, INDIVIDUAL_ID)
    stage.picture("1-offer")
    _hold(stage)
    stage.picture("2-waiting-for-code")
    stage.keypad(stage.read_sms(), None)
    stage.picture("3-code-typed")
    stage.keypad("")
    _points_taken(stage)
    stage.picture("4-points-taken")
    _pay(stage, _Key.Key_F9)
    stage.settled()
    stage.picture("5-done")


def redeem_organisation_pin(stage: Stage) -> None:
    """An organisation without vouchers pays all with points and its own PIN."""
    stage.fuel(2, 180_000, nozzle=2)
    _open(stage, _Key.Key_2)
    _identify(stage, ORGANISATION_ID)
    _hold(stage)
    stage.picture("1-pin")
    stage.keypad(_pin(stage, ORGANISATION_ID))
    _paid(stage)
    stage.settled()
    stage.picture("2-done")


def redeem_driver_voucher(stage: Stage) -> None:
    """A driver pays with his points voucher and his own PIN."""
    stage.fuel(4, 240_000)
    _open(stage, _Key.Key_4)
    _identify(stage, VOUCHER)
    stage.picture("1-voucher")
    _hold(stage)
    stage.picture("2-driver-pin")
    stage.keypad(_pin(stage, VOUCHER))
    _paid(stage)
    stage.settled()
    stage.picture("3-done")


def gift_fuel_preset(stage: Stage) -> None:
    """Gift fuel first: consent, then a preset pump; less is dispensed than was consented to, the rest is released."""
    _identify(stage, INDIVIDUAL_ID)
    stage.key(_Key.Key_F6)
    stage.until(lambda s: _phase(s) is PointsPhase.WAITING_SECRET, "the code is asked for")
    stage.keypad(stage.read_sms())
    stage.until(lambda s: _phase(s) is PointsPhase.PERMIT, "choose the pump")
    stage.picture("1-choose-pump")
    stage.key(_Key.Key_3)
    stage.until(lambda s: _phase(s) is PointsPhase.ARMED, "pump 3 is armed")
    stage.picture("2-armed")
    stage.lift(3)
    stage.until(lambda s: stage.point(3).state in DELIVERING, "pump 3 may deliver")
    stage.flow(3, amount_vnd=120_000)
    stage.picture("3-fuelling")
    stage.hang(3)
    stage.until(lambda s: _phase(s) is PointsPhase.DONE, "what was dispensed is debited, the rest released")
    stage.settled()
    stage.picture("4-done")


def offline_accrual(stage: Stage) -> None:
    """The network is down: the sale goes on, points wait in the queue and are sent when it is back."""
    stage.cut_network()
    stage.until(lambda s: s.status.central is LinkState.DOWN, "the terminal notices", 40.0)
    stage.fuel(1, 80_000)
    _open(stage, _Key.Key_1)
    stage.type_customer(INDIVIDUAL_PHONE)
    stage.until(lambda s: s.customer is not None and s.customer.state is CustomerState.UNVERIFIED, "earns unverified")
    stage.picture("1-offline")
    stage.key(_Key.Key_F6)
    stage.picture("2-points-impossible")
    _pay(stage, _Key.Key_F10)
    if stage.seen.status.queue.waiting != 1:
        raise ScenarioFailed("one record should wait")
    stage.picture("3-queued")
    stage.restore_network()
    stage.settled()
    stage.picture("4-sent")


def answer_lost(stage: Stage) -> None:
    """Every answer is lost once after central has committed: hold, verify, capture, accrual; each counts once."""
    stage.fuel(1, 250_000)
    _open(stage, _Key.Key_1)
    _identify(stage, INDIVIDUAL_ID)
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/v1/redemptions/")
    _hold(stage)
    stage.step("the hold's answer was lost once")
    code = stage.read_sms()
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/verify")
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/capture")
    stage.central.post("/control/faults", name="answer_lost", times=1, match="/v1/accruals/")
    stage.keypad(code)
    _points_taken(stage)
    _pay(stage, _Key.Key_F9)
    stage.settled()
    stage.picture("1-done")


def wrong_otp(stage: Stage) -> None:
    """A wrong code costs a try and no points; the right one works."""
    stage.fuel(2, 150_000)
    _open(stage, _Key.Key_2)
    _identify(stage, INDIVIDUAL_ID)
    _hold(stage)
    code = stage.read_sms()
    stage.keypad(str((int(code) + 1) % 1_000_000).zfill(6))
    stage.until(
        lambda s: (
            _phase(s) is PointsPhase.WAITING_SECRET and s.points_panel is not None and s.points_panel.attempts_left == 2
        ),
        "two tries are left",
    )
    stage.picture("1-wrong")
    stage.keypad(code)
    _paid(stage)
    stage.settled()


def power_cut_mid_fuelling(stage: Stage) -> None:
    """The pump loses power in the middle: its totalizer keeps the litres, the till recovers and sells them."""
    stage.lift(4)
    stage.until(lambda s: stage.point(4).state.value == "calling", "pump 4 calls")
    stage.key(_Key.Key_F5)
    stage.until(lambda s: stage.point(4).state in DELIVERING, "pump 4 may deliver")
    stage.flow(4, volume_ml=5_000)
    stage.pumps.do(4, "cut_power")
    stage.until(lambda s: stage.point(4).link is LinkState.DOWN, "pump 4 is silent")
    stage.picture("1-silent")
    stage.hang(4)
    stage.pumps.do(4, "restore_power")
    stage.until(lambda s: any(u.recovered for u in stage.point(4).unpaid), "the litres are found again")
    stage.picture("2-recovered")
    _open(stage, _Key.Key_4)
    _pay(stage, _Key.Key_F9)
    stage.settled()


def two_dispensers(stage: Stage) -> None:
    """One sale on each protocol: pump 1 speaks DART, pump 5 Gilbarco Two-Wire; both are paid, both meters agree."""
    stage.fuel(1, 95_400)
    stage.fuel(5, 120_000, nozzle=2)
    stage.picture("1-both-wait")
    _open(stage, _Key.Key_1)
    _identify(stage, INDIVIDUAL_ID)
    _pay(stage, _Key.Key_F9)
    _open(stage, _Key.Key_5)
    _pay(stage, _Key.Key_F10)
    stage.settled()
    stage.picture("2-done")


SCENARIOS: dict[str, Scenario] = {
    "accrue-cash": accrue_cash,
    "accrue-electronic": accrue_electronic,
    "accrue-mixed": accrue_mixed,
    "redeem-individual-otp": redeem_individual_otp,
    "redeem-organisation-pin": redeem_organisation_pin,
    "redeem-driver-voucher": redeem_driver_voucher,
    "gift-fuel-preset": gift_fuel_preset,
    "offline-accrual": offline_accrual,
    "answer-lost": answer_lost,
    "wrong-otp": wrong_otp,
    "power-cut-mid-fuelling": power_cut_mid_fuelling,
    "two-dispensers": two_dispensers,
}


def title(name: str) -> str:
    """The one line `--list-scenarios` prints."""
    return (SCENARIOS[name].__doc__ or "").strip().splitlines()[0]


# ── parts of stories ───────────────────────────────────────────────────────────────────────────────────────────────


def _phase(snapshot: object) -> PointsPhase | None:
    panel = getattr(snapshot, "points_panel", None)
    return panel.phase if panel is not None else None


def _open(stage: Stage, pump: Qt.Key) -> None:
    stage.key(pump)
    stage.until(lambda s: s.sale is not None, "the sale is open")


def _identify(stage: Stage, text: str) -> None:
    stage.type_customer(text)
    stage.until(lambda s: s.customer is not None and s.customer.state is CustomerState.KNOWN, f"{text} is known")
    stage.step("customer identified")


def _type_phone(stage: Stage) -> None:
    stage.keypad(INDIVIDUAL_PHONE)
    stage.until(lambda s: s.dialogue.state is DialogueState.CONFIRM, "is this you?")
    stage.step("customer typed the phone number")


def _hold(stage: Stage) -> None:
    stage.key(_Key.Key_F6)
    stage.until(lambda s: _phase(s) is PointsPhase.WAITING_SECRET, "the customer is asked for his code or PIN", 40.0)
    stage.step("points held, consent asked for")


def _points_taken(stage: Stage) -> None:
    stage.until(lambda s: s.sale is not None and len(s.sale.tenders) > 0, "the points are a tender of the sale", 40.0)
    stage.step("points taken")


def _pay(stage: Stage, tender: Qt.Key) -> None:
    stage.key(tender)
    _paid(stage)


def _paid(stage: Stage) -> None:
    stage.until(lambda s: s.sale is None and s.receipt is not None, "the sale is paid", 40.0)
    stage.step("sale paid")


def _pin(stage: Stage, owner: str) -> str:
    """The PIN of an organisation (by number) or of a voucher's driver (by the voucher's code)."""
    secrets = stage.central.get("/control/secrets")
    pin: str = next(s["pin"] for s in secrets if owner in (s["who"], *s.get("vouchers", "").split(",")))
    return pin
