"""Parts of stories that several scenarios tell, and the people of the sandbox they are about."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.stage import Stage
from pos_client.services.snapshots import CustomerState, DialogueState, PointsPhase

INDIVIDUAL_PHONE = "0912000001"
INDIVIDUAL_ID = "000100001"
ORGANISATION_ID = "000200001"
VOUCHER = "P-00231"


def phase(snapshot: object) -> PointsPhase | None:
    """How far the points are."""
    panel = getattr(snapshot, "points_panel", None)
    return panel.phase if panel is not None else None


def open_sale(stage: Stage, pump: Qt.Key) -> None:
    """The sale of a pump is brought to the counter."""
    stage.key(pump)
    stage.until(lambda s: s.sale is not None, "the sale is open")


def identify(stage: Stage, text: str) -> None:
    """The cashier types who stands there."""
    stage.type_customer(text)
    stage.until(lambda s: s.customer is not None and s.customer.state is CustomerState.KNOWN, f"{text} is known")
    stage.step("customer identified")


def type_phone(stage: Stage) -> None:
    """The customer types his phone number himself."""
    stage.keypad(INDIVIDUAL_PHONE)
    stage.until(lambda s: s.dialogue.state is DialogueState.CONFIRM, "is this you?")
    stage.step("customer typed the phone number")


def hold(stage: Stage) -> None:
    """Points are set aside; the customer is asked for his secret."""
    stage.key(Qt.Key.Key_F6)
    stage.until(lambda s: phase(s) is PointsPhase.WAITING_SECRET, "the customer is asked for his code or PIN", 40.0)
    stage.step("points held, consent asked for")


def points_taken(stage: Stage) -> None:
    """The points have become a tender."""
    stage.until(lambda s: s.sale is not None and len(s.sale.tenders) > 0, "the points are a tender of the sale", 40.0)
    stage.step("points taken")


def pay(stage: Stage, tender: Qt.Key) -> None:
    """A tender key ends the sale."""
    stage.key(tender)
    paid(stage)


def paid(stage: Stage) -> None:
    """The sale is over and its receipt printed."""
    stage.until(lambda s: s.sale is None and s.receipt is not None, "the sale is paid", 40.0)
    stage.step("sale paid")


def fuel_for_voucher(stage: Stage, voucher: str, pin: str, amount_vnd: int) -> None:
    """Diesel at pump 4, paid with a voucher and its driver's PIN."""
    stage.fuel(4, amount_vnd)
    open_sale(stage, Qt.Key.Key_4)
    identify(stage, voucher)
    stage.picture("1-voucher")
    hold(stage)
    stage.picture("2-driver-pin")
    stage.keypad(pin)
    paid(stage)
    stage.settled()
    stage.picture("3-done")


def pin_of(stage: Stage, owner: str) -> str:
    """The PIN of an organisation (by number) or of a voucher's driver (by the voucher's code)."""
    secrets = stage.central.get("/control/secrets")
    pin: str = next(s["pin"] for s in secrets if owner in (s["who"], *s.get("vouchers", "").split(",")))
    return pin
