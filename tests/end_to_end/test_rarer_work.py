"""What a cashier does a few times a shift, by the keys of the windows, with real pumps behind."""

from __future__ import annotations

from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services.snapshots import DriveOffSnapshot
from tests.end_to_end.counter import Counter, Key

PUMP = PointId(2)


def _ask(counter: Counter, key: Key, field: str) -> None:
    """F12, a letter, and the question it leads to is asked."""
    counter.stage.more(key)
    counter.stage.until_true(lambda: counter.widget(field).isVisible(), f"{field} is asked for")


def _drive_off(counter: Counter) -> DriveOffSnapshot:
    counter.open_sale(PUMP, 70_000)
    _ask(counter, Key.Key_D, "plate-field")
    counter.stage._into_field("plate-field", "29C-123.45")
    gone = counter.stage.until(lambda s: bool(s.drive_offs) and s.sale is None, "he is off the list")
    assert not counter.stage.point(PUMP).unpaid
    return gone.drive_offs[-1]


def test_who_drove_off_and_came_back_pays_the_same_litres(counter: Counter) -> None:
    stage, gone = counter.stage, _drive_off(counter)
    assert (gone.masked_plate, gone.amount_vnd) == ("29C *** 45", 70_000)
    _ask(counter, Key.Key_B, "drive-offs")
    stage.key(Key.Key_Return)
    stage.until(lambda s: not s.drive_offs and bool(stage.point(PUMP).unpaid), "he is back")
    assert [u.fuelling_id for u in stage.point(PUMP).unpaid] == [gone.fuelling_id]
    stage.key(Key.Key_2)
    stage.until(lambda s: s.sale is not None, "open again")
    stage.key(Key.Key_F9)
    paid = stage.until(lambda s: s.sale is None and s.receipt is not None, "paid")
    assert paid.receipt is not None
    assert [(t.kind, t.amount_vnd) for t in paid.receipt.tenders] == [(TenderKind.CASH, 70_000)]


def test_a_plate_that_is_none_is_told_and_the_sale_stays(counter: Counter) -> None:
    counter.open_sale(PUMP, 20_000)
    _ask(counter, Key.Key_D, "plate-field")
    counter.stage._into_field("plate-field", "x")
    counter.told("plate_unreadable")
    assert counter.seen.sale is not None


def test_a_limit_in_litres_stopped_on_the_way_and_asked_to_go_on(counter: Counter) -> None:
    """This pump cannot go on: that is said, and what has flowed is sold."""
    stage = counter.stage
    stage.lift(3)
    stage.until(lambda s: stage.point(3).state is FuellingPointState.CALLING, "pump 3 calls")
    stage.key(Key.Key_F3)
    stage.key(Key.Key_L)
    stage.until_true(lambda: counter.widget("preset-field").hasFocus(), "litres are asked for")
    stage._into_field("preset-field", "5")
    stage.key(Key.Key_Return)
    stage.until(lambda s: stage.point(3).state in DELIVERING, "pump 3 may deliver")
    assert stage.point(3).preset_ml == 5_000
    stage.flow(3, volume_ml=2_000)
    stage.key(Key.Key_Pause)
    stage.until(lambda s: stage.point(3).stopped, "it has stopped")
    stage.more(Key.Key_R)
    stage.key(Key.Key_2)
    counter.told("cannot_resume")
    stage.hang(3)
    waits = stage.until(lambda s: bool(stage.point(3).unpaid), "it is to be paid")
    assert [u.volume_ml for p in waits.points if p.point == 3 for u in p.unpaid] == [2_000]
    assert not stage.point(3).stopped
