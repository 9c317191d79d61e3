"""The story of a price change on a working forecourt."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.parts import open_sale, pay
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.domain.formatting import money, timestamp
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.domain.price_mark import PriceMark
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import PriceSettings

DUE_IN = timedelta(seconds=20)
"""Time enough to open the till anew and to have a pump filling."""
PETROL_NOW, PETROL_NEXT = 27_080, 27_450
DIESEL_NEXT = 31_090

_Key = Qt.Key


def price_change(stage: Stage) -> None:
    """New prices come due while pump 1 fills and pump 4 rests: one keeps the price of its nozzle lift, one changes."""
    due = _enter_new_prices(stage)
    stage.lift(1)
    stage.until(lambda s: stage.point(1).state is FuellingPointState.CALLING, "pump 1 calls")
    stage.key(_Key.Key_F5)
    stage.until(lambda s: stage.point(1).state in DELIVERING, "pump 1 may deliver")
    stage.flow(1, volume_ml=3_000)
    if _petrol(stage.seen) != PETROL_NOW:
        raise ScenarioFailed("this machine was too slow: the price had changed before pump 1 was filling")
    stage.picture("1-before")
    stage.until(lambda s: _petrol(s) == PETROL_NEXT, "the new prices are in force", DUE_IN.total_seconds() + 20)
    stage.step(f"new prices in force since {timestamp(due)}")
    stage.until(lambda s: DIESEL_NEXT in _shown(s, 4), "pump 4, which rests, shows the new price")
    if PETROL_NOW not in _shown(stage.seen, 1) or stage.point(1).price_mismatch:
        raise ScenarioFailed("pump 1 should go on at the price of its nozzle lift")
    stage.picture("2-one-fills-one-has-changed")
    stage.flow(1, volume_ml=5_000)
    stage.hang(1)
    stage.until(lambda s: bool(stage.point(1).unpaid), "pump 1's fuelling waits for payment")
    _expect(stage, PriceMark.CROSSED, 5_000 * PETROL_NOW // 1_000)
    stage.until(lambda s: PETROL_NEXT in _shown(s, 1), "pump 1 shows the new price as soon as it rests")
    open_sale(stage, _Key.Key_1)
    stage.picture("3-crossed")
    pay(stage, _Key.Key_F9)
    stage.lift(1)
    stage.until(lambda s: stage.point(1).state is FuellingPointState.CALLING, "pump 1 calls again")
    stage.key(_Key.Key_F5)
    stage.until(lambda s: stage.point(1).state in DELIVERING, "pump 1 may deliver again")
    stage.flow(1, volume_ml=1_000)
    stage.hang(1)
    stage.until(lambda s: bool(stage.point(1).unpaid), "the next fuelling waits for payment")
    _expect(stage, PriceMark.NONE, PETROL_NEXT)
    open_sale(stage, _Key.Key_1)
    pay(stage, _Key.Key_F9)
    stage.settled()
    stage.picture("4-done")


def _enter_new_prices(stage: Stage) -> datetime:
    """The technician enters them and starts the till anew, as he does for any setting; when they are due."""
    due = (stage.seen.wall + DUE_IN).replace(microsecond=0)
    stage.close_terminal()
    petrol, diesel = stage.settings.grades[0].code, stage.settings.grades[2].code
    stage.settings = replace(
        stage.settings,
        prices=(
            PriceSettings(petrol, PETROL_NEXT, due.isoformat()),
            PriceSettings(diesel, DIESEL_NEXT, due.isoformat()),
        ),
    )
    stage.open_terminal()
    stage.step(f"new prices entered, due at {timestamp(due)}")
    return due


def _petrol(snapshot: TerminalSnapshot) -> int:
    return snapshot.prices[0].unit_price


def _shown(snapshot: TerminalSnapshot, number: int) -> tuple[int, ...]:
    """What a pump itself said last."""
    point = next(p for p in snapshot.points if p.point == PointId(number))
    return tuple(price for _, price in point.pump_prices)


def _expect(stage: Stage, mark: PriceMark, amount_vnd: int) -> None:
    unpaid = stage.point(1).unpaid[-1]
    if (unpaid.price_mark, unpaid.amount_vnd) != (mark, amount_vnd):
        raise ScenarioFailed(f"{mark} and {money(amount_vnd)} expected, not {unpaid}")
    stage.step(f"pump 1: {money(unpaid.amount_vnd)}, price {unpaid.price_mark or 'as listed'}")
