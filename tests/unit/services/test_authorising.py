"""Permitting deliveries: who has waited longest, all at once, up to a limit a pump can show."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import OK, PRICES, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling_point import FuellingPointState
from pos_client.domain.identifiers import PointId
from pos_client.ports.dispensers import Authorise
from pos_client.services import messages as m
from pos_client.services.presets import MOST_PRESET_ML, MOST_PRESET_VND, Preset, preset_for
from pos_client.services.snapshots import Notice
from pos_client.settings.model import LineSettings, PointSettings, Settings

P1, P2 = PointId(1), PointId(2)
S = FuellingPointState


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def states(rig: Rig) -> list[FuellingPointState]:
    return [rig.forecourt.pumps[point].state for point in (P1, P2)]


def told(rig: Rig) -> Notice:
    notice = rig.look().notice
    assert notice is not None
    return notice


def calling(*points: int) -> Rig:
    rig = Rig()
    for point in points:
        rig.act(rig.forecourt.lift, point)
        rig.advance(1_000)
    return rig


def with_decimals(volume: int = 2, amount: int = 0) -> Settings:
    head = PointSettings(1, 80, ("E10",), volume_decimals=volume, amount_decimals=amount)
    return replace(SETTINGS, lines=(LineSettings("line", "fake", "fake", points=(head,)),))


def test_a_point_that_calls_too_long_rises():
    rig = Rig()
    rig.act(rig.forecourt.lift, 1)
    rig.advance(20_000)
    assert [tile.rises for tile in rig.picture.points] == [False, False]
    rig.advance(1_000)
    assert [tile.rises for tile in rig.picture.points] == [True, False]
    rig.tell(m.AuthorisePoint())
    assert [tile.rises for tile in rig.picture.points] == [False, False]
    close(rig)


def test_the_longest_caller_that_may_fuel_is_next():
    rig = calling(2, 1)
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(2)
    rig.tell(m.AuthorisePoint())
    assert rig.forecourt.pumps[P1].state is S.STARTED
    close(rig)


def test_when_none_may_fuel_the_longest_caller_says_why():
    rig = calling(1)
    rig.act(rig.forecourt.unplug, 1)
    rig.tell(m.AuthorisePoint())
    assert (told(rig).code, dict(told(rig).params)) == ("point_not_ready", {"point": 1})
    close(rig)


def test_nobody_calls():
    rig = Rig()
    for command in (m.AuthorisePoint(), m.AuthoriseAll()):
        rig.tell(m.DismissMessage(), command)
        assert told(rig).code == "nobody_calls"


def test_all_that_call_are_permitted():
    rig = calling(1, 2)
    rig.tell(m.AuthoriseAll())
    assert states(rig) == [S.STARTED, S.STARTED]
    assert rig.picture.notice is None
    close(rig)


def test_all_permits_only_who_calls():
    rig = calling(1)
    rig.tell(m.AuthoriseAll())
    assert states(rig) == [S.STARTED, S.IDLE]
    close(rig)


@pytest.mark.parametrize("fault", ["lost", "refused"])
def test_whom_all_could_not_permit_is_named_in_one_notice(fault: str):
    rig = calling(1, 2)
    rig.forecourt.faults.extend([fault, fault])
    rig.tell(m.AuthoriseAll())
    assert (told(rig).code, dict(told(rig).params)) == ("points_not_authorised", {"points": "1, 2"})
    rig.act(rig.forecourt.unplug, 1)
    rig.tell(m.AuthoriseAll())
    assert (told(rig).code, dict(told(rig).params)) == ("points_not_authorised", {"points": "1"})
    assert states(rig)[1] is S.STARTED
    close(rig)


def test_a_point_that_is_being_permitted_is_not_named():
    rig = calling(1)
    rig.inbox.extend([m.AuthorisePoint(P1), m.AuthoriseAll()])
    rig.run()
    assert rig.picture.notice is None
    assert states(rig)[0] is S.STARTED
    close(rig)


def test_a_point_is_permitted_before_its_nozzle_is_lifted():
    rig = Rig()
    rig.tell(m.AuthorisePoint(P1, preset_vnd=50_000))
    assert states(rig)[0] is S.AUTHORISED
    assert rig.look().points[0].preset_vnd == 50_000
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    assert rig.only(f.FuellingCompleted).amount_vnd == 50_000
    assert rig.look().points[0].preset_vnd is None
    close(rig)


def test_a_limit_in_litres_ends_there():
    rig = calling(1)
    rig.tell(m.AuthorisePoint(P1, preset_ml=5_000))
    assert (rig.look().points[0].preset_ml, rig.look().points[0].preset_vnd) == (5_000, None)
    rig.act(rig.forecourt.flow, 1, 99_000)
    rig.act(rig.forecourt.hang, 1)
    completed = rig.only(f.FuellingCompleted)
    assert (completed.volume_ml, completed.amount_vnd) == (5_000, 5 * PRICES["E10"])
    assert rig.look().points[0].preset_ml is None
    close(rig)


def test_money_and_litres_are_not_both_a_limit():
    rig = calling(1)
    rig.tell(m.AuthorisePoint(P1, preset_vnd=50_000, preset_ml=5_000))
    assert told(rig).code == "preset_twice"
    assert states(rig)[0] is S.CALLING
    close(rig)


@pytest.mark.parametrize("vnd", [0, -1, MOST_PRESET_VND + 1])
def test_money_a_counter_cannot_hold_is_no_limit(vnd: int):
    with pytest.raises(RuleViolation, match="preset_out_of_range"):
        preset_for(SETTINGS, P1, vnd, None)


@pytest.mark.parametrize("ml", [0, -10, 9, MOST_PRESET_ML + 1])
def test_litres_a_counter_cannot_hold_are_no_limit(ml: int):
    with pytest.raises(RuleViolation, match="preset_ml_out_of_range"):
        preset_for(SETTINGS, P1, None, ml)


@pytest.mark.parametrize(
    ("decimals", "asked_ml", "shown_ml"), [(2, 5_009, 5_000), (3, 5_009, 5_009), (1, 5_199, 5_100), (0, 5_999, 5_000)]
)
def test_litres_a_pump_cannot_show_are_cut_off(decimals: int, asked_ml: int, shown_ml: int):
    assert preset_for(with_decimals(volume=decimals), P1, None, asked_ml) == Preset(ml=shown_ml)


@pytest.mark.parametrize(("decimals", "asked_vnd", "shown_vnd"), [(0, 50_009, 50_009), (-1, 50_009, 50_000)])
def test_money_a_pump_cannot_show_is_cut_off(decimals: int, asked_vnd: int, shown_vnd: int):
    assert preset_for(with_decimals(amount=decimals), P1, asked_vnd, None) == Preset(vnd=shown_vnd)


def test_a_limit_of_which_nothing_would_be_left_is_refused():
    """A pump takes 0 for no limit at all."""
    for settings, vnd, ml in ((with_decimals(amount=-1), 9, None), (with_decimals(volume=0), None, 999)):
        with pytest.raises(RuleViolation, match="out_of_range"):
            preset_for(settings, P1, vnd, ml)


def test_what_the_tile_says_is_what_the_pump_was_given():
    rig = Rig(with_decimals(volume=0))
    rig.tell(m.AuthorisePoint(P1, preset_ml=5_999))
    assert rig.look().points[0].preset_ml == 5_000
    (sent,) = [command for command in rig.forecourt.commands if isinstance(command, Authorise)]
    assert (sent.preset_ml, sent.preset_vnd) == (5_000, None)
    close(rig)


def test_a_limit_that_was_refused_leaves_the_tile():
    rig = calling(1)
    rig.forecourt.faults.append("refused")
    rig.tell(m.AuthorisePoint(P1, preset_ml=5_000))
    assert told(rig).code == "command_refused"
    assert rig.look().points[0].preset_ml is None
    close(rig)
