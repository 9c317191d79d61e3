"""One till sells a fuelling: the claim first, then the sale; money makes it firm; what nobody works on goes back."""

from __future__ import annotations

import pytest

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.bootstrap.simulate.world import OK, ORGANISATION, Rig
from pos_client.domain import facts as f
from pos_client.domain.claim import FIRM_UNTIL_MS, Claim
from pos_client.domain.identifiers import FuellingId, PointId, TerminalId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import PointsPhase

OURS, THEIRS = TerminalId("CHXD018-T1"), TerminalId("CHXD018-T2")
LEASE_MS = 180_000


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def only_claim(rig: Rig) -> Claim:
    (claim,) = rig.claims.held(rig.clock.now().ticks_ms)
    return claim


def of_another_till(rig: Rig, until_ms: int | None = None) -> Claim:
    """Till T2 takes the only fuelling there is."""
    (fuelling,) = rig.desk.state.unpaid()
    now_ms = rig.clock.now().ticks_ms
    wanted = Claim(fuelling.fuelling_id, THEIRS, now_ms, now_ms + LEASE_MS if until_ms is None else until_ms)
    return rig.claims.take(wanted, now_ms)


class Fickle(OneForecourtClaims):
    """An engine in which another till is faster at a chosen moment."""

    def __init__(self) -> None:
        super().__init__()
        self.lost = False

    def take(self, claim: Claim, now_ms: int) -> Claim:
        if self.lost and claim.owner == OURS:
            super().release(claim.fuelling_id, OURS)
            return super().take(Claim(claim.fuelling_id, THEIRS, now_ms, now_ms + LEASE_MS), now_ms)
        return super().take(claim, now_ms)


def test_an_open_sale_has_a_claim_and_a_released_one_has_none():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    assert rig.picture.sale is not None
    now_ms = rig.clock.now().ticks_ms
    assert only_claim(rig) == Claim(rig.only(f.FuellingCompleted).fuelling_id, OURS, now_ms, now_ms + LEASE_MS)
    assert rig.picture.sale.claim_until_ticks_ms == now_ms + LEASE_MS
    rig.tell(m.ReleaseSale())
    assert list(rig.claims.held(now_ms)) == []
    close(rig)


def test_a_fuelling_another_till_holds_is_shown_with_it_and_cannot_be_opened():
    rig = Rig()
    rig.fuel()
    claim = of_another_till(rig)
    rig.tell(m.Tick())
    (waiting,) = rig.picture.points[0].unpaid
    assert (waiting.holder, waiting.held_until_ticks_ms) == ("T2", claim.until_ms)
    for command in (m.SelectPoint(PointId(1)), m.SelectOldest(), m.SelectFuelling(waiting.fuelling_id)):
        rig.tell(m.DismissMessage(), command)
        notice = rig.look().notice
        assert notice is not None
        assert (notice.code, dict(notice.params)) == ("claimed_elsewhere", {"point": 1, "till": "T2"})
        assert rig.picture.sale is None
    assert rig.facts(f.SaleOpened) == []
    rig.advance(LEASE_MS)
    (free,) = rig.look().points[0].unpaid
    assert (free.holder, free.held_until_ticks_ms) == ("", None)
    close(rig)


def test_the_oldest_free_one_is_opened_when_another_till_has_the_oldest():
    rig = Rig()
    rig.fuel(1, 1_000)
    of_another_till(rig)
    rig.fuel(1, 2_000)
    rig.tell(m.SelectOldest())
    assert rig.picture.sale is not None
    assert rig.picture.sale.volume_ml == 2_000
    close(rig)


def test_an_untouched_sale_gives_its_fuelling_back_when_its_lease_ends():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.advance(LEASE_MS - 1_000)
    assert rig.picture.sale is not None
    rig.advance(1_000)
    assert rig.only(f.SaleReleased).reason == "lease_ended"
    assert rig.notices[-1] == "lease_ended"
    assert (rig.look().sale, rig.picture.customer, len(rig.picture.points[0].unpaid)) == (None, None, 1)
    assert list(rig.claims.held(rig.clock.now().ticks_ms)) == []
    close(rig)


def test_a_sale_that_was_put_aside_with_its_customer_gives_its_fuelling_back_too():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.fuel(2, 1_000)
    rig.select(1)
    rig.identify()
    rig.select(2)
    rig.advance(LEASE_MS)
    assert [fact.reason for fact in rig.facts(f.SaleReleased)] == ["lease_ended", "lease_ended"]
    close(rig)


@pytest.mark.parametrize(
    "step", [m.Identify("000100004"), m.SelectPoint(PointId(1)), m.KeypadPressed(7), m.DetachCustomer()]
)
def test_any_step_on_the_sale_renews_its_claim(step: object):
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.advance(LEASE_MS - 2_000)
    rig.tell(step)
    rig.advance(LEASE_MS - 2_000)
    assert rig.picture.sale is not None
    rig.advance(3_000)
    assert rig.look().sale is None
    close(rig)


def test_work_at_a_pump_is_no_step_on_the_sale():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.advance(LEASE_MS - 2_000)
    rig.tell(m.AuthorisePoint(PointId(2)), m.ReprintLast())
    rig.advance(3_000)
    assert rig.picture.sale is None
    close(rig)


def test_a_sale_with_a_tender_is_firm_and_never_given_back():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH, 10_000)
    assert only_claim(rig).is_firm
    rig.advance(3 * LEASE_MS, step_ms=10_000)
    assert rig.picture.sale is not None
    assert (rig.picture.sale.due_vnd, rig.picture.sale.claim_until_ticks_ms) == (260_800, None)
    rig.pay()
    assert only_claim(rig).is_firm
    assert of_sold(rig).owner == OURS
    close(rig)


def of_sold(rig: Rig) -> Claim:
    """What another till is answered about what was sold here."""
    sold = rig.facts(f.FuellingCompleted)[-1].fuelling_id
    return rig.claims.take(Claim(sold, THEIRS, 0, FIRM_UNTIL_MS), rig.clock.now().ticks_ms)


def test_a_hold_under_way_keeps_the_claim_and_the_lease_begins_anew_after_it():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption(50_000))
    rig.advance(290_000, step_ms=5_000)
    assert rig.picture.sale is not None
    assert rig.picture.sale.claim_until_ticks_ms is None
    rig.tell(m.CancelRedemption())
    rig.advance(LEASE_MS - 1_000, step_ms=5_000)
    assert rig.picture.sale is not None
    rig.advance(2_000)
    assert rig.look().sale is None
    close(rig)


def test_a_till_that_was_slower_gives_its_sale_up_before_it_takes_money():
    claims = Fickle()
    rig = Rig(claims=claims)
    rig.fuel()
    rig.select(1)
    claims.lost = True
    rig.pay()
    assert rig.notices[-1] == "claimed_elsewhere"
    assert rig.facts(f.TenderTaken) == []
    assert rig.only(f.SaleReleased).reason == "claimed_elsewhere"
    assert rig.picture.points[0].unpaid[0].holder == "T2"
    claims.lost = False
    rig.advance(LEASE_MS)
    close(rig)


def test_a_till_that_was_slower_notices_at_the_next_step():
    claims = Fickle()
    rig = Rig(claims=claims)
    rig.fuel()
    rig.select(1)
    claims.lost = True
    rig.identify()
    assert rig.only(f.SaleReleased).reason == "claimed_elsewhere"
    assert rig.look().sale is None
    claims.lost = False
    rig.advance(LEASE_MS)
    close(rig)


def test_points_are_given_back_when_another_till_was_faster():
    claims = Fickle()
    rig = Rig(claims=claims)
    rig.fuel()
    rig.select(1)
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption(50_000))
    rig.keys("24681", 3)
    claims.lost = True
    rig.keys(OK)
    assert rig.facts(f.TenderTaken) == []
    assert rig.states() == ["VOIDED"]
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.phase is PointsPhase.REFUSED
    assert rig.picture.points_panel.reason is not None
    assert rig.picture.points_panel.reason.code == "claimed_elsewhere"
    claims.lost = False
    rig.advance(LEASE_MS)
    close(rig)


def test_what_another_till_sells_leaves_the_list():
    rig = Rig()
    rig.fuel()
    of_another_till(rig, FIRM_UNTIL_MS)
    rig.advance(1_000)
    assert rig.only(f.FuellingTakenOver).till == "T2"
    assert [tile.unpaid for tile in rig.picture.points] == [(), ()]
    rig.restart()
    assert [tile.unpaid for tile in rig.picture.points] == [(), ()]


def test_after_a_restart_a_begun_sale_is_firm_and_nothing_that_waits_is_ours():
    claims = OneForecourtClaims()
    rig = Rig(claims=claims)
    rig.fuel(1, 1_000)
    rig.select(1)
    rig.pay(TenderKind.CASH, 10_000)
    rig.fuel(2, 1_000)
    rig.select(2)
    rig.restart()
    assert [claim.is_firm for claim in claims.held(rig.clock.now().ticks_ms)] == [True]
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_a_sale_that_cannot_be_opened_leaves_no_claim_behind():
    rig = Rig()
    rig.fuel()
    rig.store.fault = "disk_full"
    rig.select(1)
    assert rig.picture.sale is None
    assert list(rig.claims.held(rig.clock.now().ticks_ms)) == []
    rig.store.fault = None
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_a_tender_that_cannot_be_written_leaves_a_lease_and_no_firm_claim():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.store.fault = "disk_full"
    rig.pay()
    assert not only_claim(rig).is_firm
    rig.store.fault = None
    rig.pay()
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log, and not at every tick")
def test_a_lease_that_ends_on_a_full_disk_is_given_back_once_it_is_well(caplog: pytest.LogCaptureFixture):
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.store.fault = "disk_full"
    rig.advance(LEASE_MS + 20_000)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) <= 5
    assert rig.facts(f.SaleReleased) == []
    rig.store.fault = None
    rig.advance(6_000)
    assert rig.only(f.SaleReleased).reason == "lease_ended"
    close(rig)


def test_a_stacked_fuelling_can_be_chosen_and_the_oldest_stays_first():
    rig = Rig()
    for millilitres in (1_000, 2_000, 3_000):
        rig.fuel(1, millilitres)
    _, second, _ = rig.picture.points[0].unpaid
    rig.tell(m.SelectFuelling(second.fuelling_id))
    assert rig.picture.sale is not None
    assert rig.picture.sale.volume_ml == 2_000
    assert [each.volume_ml for each in rig.picture.points[0].unpaid] == [1_000, 3_000]
    rig.tell(m.ReleaseSale())
    assert [each.volume_ml for each in rig.picture.points[0].unpaid] == [1_000, 2_000, 3_000]
    close(rig)


def test_another_points_fuelling_is_none_of_a_points():
    rig = Rig()
    rig.tell(m.SelectFuelling(FuellingId("CHXD018-9-1-1")))
    assert rig.notices == []
    assert rig.picture.sale is None
