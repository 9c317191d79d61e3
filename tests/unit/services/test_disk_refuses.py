"""The disk refuses: nothing is lost, nothing is sent that was not written, everything is caught up later (I2, I14)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import pytest

from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId
from pos_client.domain.journal import JournalEntry
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from pos_client.services import messages as m
from pos_client.services.snapshots import PointsPhase
from tests.unit.services.plays import PLAYS, Play

pytestmark = [
    pytest.mark.log_expected("a disk that refuses is said in the log every time"),
    pytest.mark.timeout(240),  # a long play is played some seventy times: five seconds of a processor of one's own
]


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def commits_of(play: Play) -> int:
    rig = Rig()
    for step in play:
        step(rig)
    return rig.store.commits


def refuse_and_catch_up(play: Play, first: int, lasting: bool, restart: bool) -> None:
    """The n-th commit of a play and, if lasting, all after it are refused; then the disk is well again."""
    rig = Rig()
    rig.store.fail_after = first - rig.store.commits
    for step in play:
        step(rig)
        if not lasting:
            rig.store.fail_after = None
    if restart:
        rig.store.fail_after = None
        rig.restart()
    close(rig)


@pytest.mark.parametrize("name", PLAYS)
def test_refused_at_every_commit_of_a_play(name: str):
    play = PLAYS[name]
    for first in range(2, commits_of(play) + 1):
        for lasting in (False, True):
            refuse_and_catch_up(play, first, lasting, restart=False)
        refuse_and_catch_up(play, first, lasting=True, restart=True)


def test_two_deliveries_on_one_nozzle_while_the_disk_refuses_are_two():
    rig = Rig()
    rig.store.fault = "disk_full"
    rig.fuel(1, 1_000)
    rig.tell(rig.forecourt.pumps[PointId(1)].told)
    rig.fuel(1, 2_000)
    assert rig.facts(f.FuellingCompleted) == []
    assert not rig.picture.status.store_ok
    assert [x.volume_ml for x in rig.picture.points[0].unpaid] == [1_000, 2_000]
    rig.store.fault = None
    rig.tell(m.Tick())
    assert [x.volume_ml for x in rig.facts(f.FuellingCompleted)] == [1_000, 2_000]
    assert rig.look().status.store_ok
    close(rig)


def test_nothing_is_sold_on_a_delivery_that_is_not_written():
    rig = Rig()
    rig.store.fault = "disk_full"
    rig.fuel(1, 1_000)
    rig.select(1)
    assert rig.picture.sale is None
    assert rig.notices[-1] == "disk_full"
    rig.store.fault = None
    rig.select(1)
    rig.pay()
    close(rig)


def test_a_gift_that_ends_on_a_full_disk_is_captured_once_it_is_written_and_printed_then():
    rig = Rig()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(1)
    rig.act(rig.forecourt.lift, 1)
    rig.act(rig.forecourt.flow, 1, 2_000)
    rig.store.fault = "disk_full"
    rig.act(rig.forecourt.hang, 1)
    rig.advance(60_000)
    assert rig.states() == ["AUTHORISED"]
    assert rig.printer.printed == []
    rig.store.fault = None
    rig.advance(2_000)
    assert rig.debits() == [54_160]
    assert [receipt.amount_vnd for receipt in rig.printer.printed] == [54_160]
    close(rig)


def test_points_are_not_offered_while_something_is_unwritten():
    rig = Rig()
    rig.store.fault = "disk_full"
    rig.fuel(1)
    rig.identify()
    rig.tell(m.StartRedemption())
    assert rig.notices[-1] == "points_need_store"
    assert rig.states() == []
    close(rig)


def test_a_give_up_that_cannot_be_written_is_given_up_later():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.central.fail("Hold", *["cut"] * 20)
    rig.tell(m.StartRedemption())
    rig.store.fault = "disk_full"
    rig.advance(40_000)
    assert rig.states() == ["HELD"]
    rig.store.fault = None
    rig.advance(2_000)
    assert rig.states() == ["VOIDED"]
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.REFUSED
    rig.pay()
    close(rig)


def test_a_customer_who_walked_away_on_a_full_disk_is_noticed_later():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption())
    rig.store.fault = "disk_full"
    rig.advance(320_000)
    rig.store.fault = None
    rig.advance(2_000)
    assert rig.facts(f.VoidIntended)
    rig.pay()
    close(rig)


def test_consent_that_cannot_be_written_is_asked_for_again_with_the_same_bytes():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption(50_000))
    rig.store.fail_after = 1  # the intent to verify is written, the consent is not
    rig.keys(rig.code(), OK)
    assert rig.states() == ["AUTHORISED"]
    rig.store.fail_after = None
    rig.advance(5_000)
    assert rig.debits() == [50_000]
    rig.pay()
    close(rig)


def test_what_the_disk_refused_is_written_before_what_follows_from_it():
    rig = Rig()
    rig.store.fault = "disk_full"
    rig.fuel(1, 1_000)
    rig.store.fault = None
    rig.select(1)
    kinds = [type(entry.fact).__name__ for entry in rig.store.journal]
    assert kinds.index("FuellingCompleted") < kinds.index("SaleOpened")
    rig.restart()
    assert [len(tile.unpaid) for tile in rig.picture.points] == [1, 0]
    close(rig)


def test_a_sale_is_opened_from_the_room_that_is_kept_for_it():
    """F03, I16: fuel that was written before the disk filled up is still to be paid."""
    rig = Rig()
    rig.fuel(1, 1_000)
    written: list[Change] = []
    commit = rig.store.commit

    def full_but_for_the_reserve(change: Change, at: datetime) -> Sequence[JournalEntry]:
        written.append(change)
        if not change.urgent:
            raise Unavailable("disk_full")
        return commit(change, at)

    rig.store.commit = full_but_for_the_reserve  # type: ignore[method-assign]
    rig.select(1)
    rig.pay()
    assert [type(fact) for change in written for fact in change.facts][:2] == [f.SaleOpened, f.TenderTaken]
    assert len(rig.facts(f.SalePaid)) == 1
