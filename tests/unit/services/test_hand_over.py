"""A sale passed on to another till: the fact first, the claim without a gap, and back here when nobody sold it."""

from __future__ import annotations

import pytest

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.claim import Claim
from pos_client.domain.identifiers import TerminalId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m

T2 = TerminalId("T2")
LEASE_MS = 180_000


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def handed_over(claims: OneForecourtClaims | None = None) -> Rig:
    rig = Rig(claims=claims)
    rig.fuel()
    rig.select(1)
    rig.tell(m.HandOver(T2))
    return rig


def holders(rig: Rig) -> list[str]:
    return [each.holder for each in rig.picture.points[0].unpaid]


def test_the_other_till_holds_it_and_ours_shows_until_when():
    rig = handed_over()
    assert (rig.look().sale, rig.picture.customer, rig.notices[-1]) == (None, None, "handed_over")
    (waiting,) = rig.picture.points[0].unpaid
    assert (waiting.holder, waiting.held_until_ticks_ms) == ("T2", rig.clock.now().ticks_ms + LEASE_MS)
    assert rig.only(f.SaleReleased).reason == "handed_over"
    assert rig.only(f.FuellingHandedOver).till == "T2"
    rig.select(1)
    assert rig.notices[-1] == "claimed_elsewhere"
    close(rig)


def test_what_nobody_sold_there_waits_here_again():
    rig = handed_over()
    rig.advance(LEASE_MS - 1_000)
    assert holders(rig) == ["T2"]
    rig.advance(1_000)
    assert holders(rig) == [""]
    assert rig.facts(f.HandOverLapsed)
    assert rig.notices[-1] == "hand_over_lapsed"
    rig.select(1)
    assert rig.picture.sale is not None
    close(rig)


def test_facts_are_written_before_the_claim_passes():
    class Watched(OneForecourtClaims):
        written: list[bool]

        def hand_over(self, claim: Claim, giver: TerminalId, now_ms: int) -> Claim:
            self.written = [bool(rig.facts(f.FuellingHandedOver)), bool(rig.facts(f.SaleReleased))]
            return super().hand_over(claim, giver, now_ms)

    claims = Watched()
    rig = Rig(claims=claims)
    rig.fuel()
    rig.select(1)
    rig.tell(m.HandOver(T2))
    assert claims.written == [True, True]


def test_after_a_restart_it_is_the_other_tills_for_one_more_lease():
    rig = handed_over()
    rig.advance(100_000)
    rig.restart()
    assert holders(rig) == ["T2"]
    rig.advance(LEASE_MS + 1_000)
    assert holders(rig) == [""]
    rig.restart()
    assert holders(rig) == [""]
    close(rig)


def test_a_till_that_died_between_fact_and_claim_passes_it_on_when_it_starts():
    claims = OneForecourtClaims()
    rig = handed_over(claims)
    rig.die()
    fuelling = rig.only(f.FuellingCompleted).fuelling_id
    claims.release(fuelling, TerminalId("CHXD018-T2"))
    claims.take(Claim(fuelling, TerminalId("CHXD018-T1"), 0, 2**40), rig.clock.now().ticks_ms)
    rig.boot()
    rig.run()
    assert holders(rig) == ["T2"]
    close(rig)


@pytest.mark.parametrize(
    ("before", "code"),
    [
        ((), "no_open_sale"),
        ((m.SelectOldest(), m.TakeTender(TenderKind.CASH, 10_000)), "sale_has_payments"),
        ((m.SelectOldest(), m.Identify("000100001"), m.StartRedemption(50_000)), "sale_has_payments"),
    ],
)
def test_what_is_not_untouched_is_not_handed_over(before: tuple[object, ...], code: str):
    rig = Rig()
    rig.fuel()
    rig.tell(*before, m.HandOver(T2))
    assert rig.notices[-1] == code
    assert rig.facts(f.FuellingHandedOver) == []
    close(rig)


def test_a_till_nobody_configured_gets_nothing():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.HandOver(TerminalId("T9")))
    assert rig.notices[-1] == "till_unknown"
    assert rig.look().sale is not None
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
def test_a_hand_over_that_cannot_be_written_does_not_happen():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.store.fault = "disk_full"
    rig.tell(m.HandOver(T2))
    sale = rig.look().sale
    assert sale is not None
    assert sale.claim_until_ticks_ms is not None
    rig.store.fault = None
    rig.tell(m.HandOver(T2))
    assert holders(rig) == ["T2"]
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log, and not at every tick")
def test_a_lapse_that_cannot_be_written_still_lets_the_cashier_sell_once_the_disk_is_well(
    caplog: pytest.LogCaptureFixture,
):
    rig = handed_over()
    rig.store.fault = "disk_full"
    rig.advance(LEASE_MS + 30_000)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) <= 8
    rig.store.fault = None
    rig.select(1)
    assert rig.picture.sale is not None
    close(rig)
