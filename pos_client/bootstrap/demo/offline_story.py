"""A voucher that was activated beforehand is spent while central is away, once."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.parts import VOUCHER, open_sale, pay, phase, pin_of
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.domain.fuelling_point import LinkState
from pos_client.services.snapshots import PointsPhase

_Key = Qt.Key


def offline_voucher(stage: Stage) -> None:
    """Activated online, spent at the pump with the network cut, refused a second time, confirmed when it is back."""
    stage.until(lambda s: s.status.vouchers_offline, "the till knows what it needs for vouchers", 40.0)
    text = activated(stage, 200_000)
    stage.cut_network()
    stage.until(lambda s: s.status.central is LinkState.DOWN, "the terminal notices", 40.0)
    stage.fuel(1, 150_000)
    open_sale(stage, _Key.Key_1)
    stage.type_customer(text)
    stage.until(lambda s: s.customer is not None and s.customer.by_voucher, "the voucher tells who it is for")
    stage.picture("1-offer")
    stage.key(_Key.Key_F6)
    stage.until(lambda s: phase(s) is PointsPhase.CONFIRM_PLATE, "the cashier looks at the plate")
    stage.picture("2-plate")
    stage.key(_Key.Key_Return)
    stage.until(lambda s: s.sale is None and phase(s) is PointsPhase.SPENT_OFFLINE, "the voucher paid")
    stage.picture("3-spent")
    stage.fuel(2, 90_000)
    open_sale(stage, _Key.Key_2)
    stage.type_customer(text)
    stage.until(lambda s: s.customer is not None and s.customer.by_voucher, "the same voucher again")
    stage.key(_Key.Key_F6)
    stage.until(lambda s: phase(s) is PointsPhase.REFUSED, "it was used")
    panel = stage.seen.points_panel
    if panel is None or panel.reason is None or panel.reason.code != "voucher_spent_here":
        raise ScenarioFailed(f"refused for another reason: {panel}")
    stage.picture("4-refused")
    pay(stage, _Key.Key_F9)
    stage.restore_network()
    stage.settled()
    stage.picture("5-confirmed")


def activated(stage: Stage, points: int) -> str:
    """A driver activates his voucher for this station on the portal; the text of its QR code."""
    told = stage.central.post(
        "/control/activations",
        code=VOUCHER,
        station=stage.settings.station.station,
        points=points,
        pin=pin_of(stage, VOUCHER),
    )
    stage.step(f"voucher {VOUCHER} activated for {points} points")
    return str(told["voucher"])
