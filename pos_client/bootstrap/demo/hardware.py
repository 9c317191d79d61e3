"""Scenarios about pumps, power and cables."""

from __future__ import annotations

from PySide6.QtCore import Qt

from pos_client.bootstrap.demo.parts import INDIVIDUAL_ID, identify, open_sale, pay
from pos_client.bootstrap.demo.stage import ScenarioFailed, Stage
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState

_Key = Qt.Key


def power_cut_mid_fuelling(stage: Stage) -> None:
    """The pump loses power in the middle: its totalizer keeps the litres, the till recovers and sells them."""
    litres_nobody_saw(stage)
    stage.picture("2-recovered")
    open_sale(stage, _Key.Key_4)
    pay(stage, _Key.Key_F9)
    stage.settled()


def litres_nobody_saw(stage: Stage) -> None:
    """Five litres at pump 4 whose end nobody told: a power cut, and what its totalizer says afterwards."""
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
    stage.step("pump 4: five litres recovered")


def two_dispensers(stage: Stage) -> None:
    """One sale on each protocol: pump 1 speaks DART, pump 5 Gilbarco Two-Wire; both are paid, both meters agree."""
    stage.fuel(1, 95_400)
    stage.fuel(5, 120_000, nozzle=2)
    stage.picture("1-both-wait")
    open_sale(stage, _Key.Key_1)
    identify(stage, INDIVIDUAL_ID)
    pay(stage, _Key.Key_F9)
    open_sale(stage, _Key.Key_5)
    pay(stage, _Key.Key_F10)
    stage.settled()
    stage.picture("2-done")


def serial_unplugged(stage: Stage) -> None:
    """The adapter is pulled out in the middle of a fuelling and comes back under another name; no litre is lost."""
    line, other = stage.seen.status.lines[:2]
    stage.lift(1)
    stage.until(lambda s: stage.point(1).state is FuellingPointState.CALLING, "pump 1 calls")
    stage.key(_Key.Key_F5)
    stage.until(lambda s: stage.point(1).state in DELIVERING, "pump 1 may deliver")
    stage.flow(1, volume_ml=4_000)
    stage.until(lambda s: stage.point(1).volume_ml > 0, "litres are shown")
    stage.pumps.unplug(line.name)
    stage.until(lambda s: stage.point(1).link is LinkState.DOWN, "pump 1 is not heard")
    stage.step("adapter pulled out while fuel flows")
    stage.picture("1-unplugged")
    stage.flow(1, volume_ml=9_000)
    stage.hang(1)
    stage.step("the driver went on and hung up; nobody heard it")
    if stage.point(1).state not in DELIVERING or stage.point(5).link is not LinkState.UP:
        raise ScenarioFailed("a lost line says nothing of its hoses, and nothing at all of other lines")
    stage.pumps.replug(line.name)
    stage.until(lambda s: len(stage.point(1).unpaid) == 1, "its litres wait to be paid")
    now, still = stage.seen.status.lines[:2]
    if now.device == line.device or still.device != other.device:
        raise ScenarioFailed(f"{line.device} came back as {now.device}, {other.device} as {still.device}")
    stage.step("adapter back under another name")
    stage.picture("2-recovered")
    open_sale(stage, _Key.Key_1)
    pay(stage, _Key.Key_F9)
    stage.settled()
