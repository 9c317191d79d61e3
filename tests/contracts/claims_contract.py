"""What every keeper of claims promises (`ports.claims.Claims`)."""

from __future__ import annotations

import pytest

from pos_client.domain.claim import FIRM_UNTIL_MS, Claim
from pos_client.domain.identifiers import FuellingId, TerminalId
from pos_client.ports.claims import Claims

ONE, OTHER, THIRD = TerminalId("CHXD018-T1"), TerminalId("CHXD018-T2"), TerminalId("CHXD018-T3")
F1, F2 = FuellingId("CHXD018-1-1-1000"), FuellingId("CHXD018-2-1-1000")


def claim(owner: TerminalId, until_ms: int, fuelling: FuellingId = F1, since_ms: int = 0) -> Claim:
    return Claim(fuelling, owner, since_ms, until_ms)


class ClaimsContract:
    """Inherit and give a fresh `claims` fixture."""

    @pytest.fixture
    def claims(self) -> Claims:
        raise NotImplementedError

    def test_a_free_fuelling_is_granted(self, claims: Claims):
        assert list(claims.held(0)) == []
        assert claims.take(claim(ONE, 100), 0) == claim(ONE, 100)
        assert list(claims.held(0)) == [claim(ONE, 100)]

    def test_a_live_claim_of_another_owner_is_answered_with_and_stays(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        assert claims.take(claim(OTHER, 500, since_ms=99), 99) == claim(ONE, 100)
        assert list(claims.held(99)) == [claim(ONE, 100)]

    def test_a_lease_that_ran_out_is_free_from_its_last_instant_on(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        assert list(claims.held(100)) == []
        assert claims.take(claim(OTHER, 500, since_ms=100), 100).owner == OTHER

    def test_taking_ones_own_claim_again_renews_it_and_keeps_its_age(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        assert claims.take(claim(ONE, 190, since_ms=90), 90) == claim(ONE, 190)
        assert claims.take(claim(ONE, 130, since_ms=95), 95) == claim(ONE, 130)

    def test_ones_own_claim_that_ran_out_is_a_new_one(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        assert claims.take(claim(ONE, 300, since_ms=200), 200) == claim(ONE, 300, since_ms=200)

    def test_only_the_owner_gives_a_claim_back(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        claims.release(F1, OTHER)
        claims.release(F2, ONE)
        assert list(claims.held(1)) == [claim(ONE, 100)]
        claims.release(F1, ONE)
        assert list(claims.held(1)) == []

    def test_a_firm_claim_is_never_anybody_elses(self, claims: Claims):
        firm = claims.take(claim(ONE, FIRM_UNTIL_MS), 0)
        assert firm.is_firm
        assert claims.take(claim(OTHER, 10**15, since_ms=10**14), 10**14) == firm

    def test_a_claim_is_handed_over_without_a_moment_in_between(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        passed = claim(OTHER, 250, since_ms=50)
        assert claims.hand_over(passed, ONE, 50) == passed
        assert claims.take(claim(ONE, 300, since_ms=60), 60) == passed
        assert claims.take(claim(OTHER, 400, since_ms=70), 70).until_ms == 400

    def test_what_a_third_till_holds_is_nobodys_to_hand_over(self, claims: Claims):
        claims.take(claim(THIRD, 100), 0)
        assert claims.hand_over(claim(OTHER, 200), ONE, 50) == claim(THIRD, 100)
        assert claims.hand_over(claim(OTHER, 300), ONE, 100) == claim(OTHER, 300)

    def test_a_hand_over_told_twice_is_one(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        claims.hand_over(claim(OTHER, 200), ONE, 10)
        assert claims.hand_over(claim(OTHER, 210), ONE, 20).owner == OTHER

    def test_a_list_that_was_given_out_does_not_change(self, claims: Claims):
        claims.take(claim(ONE, 100), 0)
        before = claims.held(0)
        claims.take(claim(OTHER, 50, F2), 0)
        claims.release(F1, ONE)
        assert list(before) == [claim(ONE, 100)]
        assert list(claims.held(49)) == [claim(OTHER, 50, F2)]
        assert list(claims.held(50)) == []

    def test_claims_are_listed_oldest_first(self, claims: Claims):
        claims.take(claim(ONE, 500, F2, since_ms=10), 10)
        claims.take(claim(ONE, 500, F1, since_ms=5), 10)
        assert [held.fuelling_id for held in claims.held(20)] == [F1, F2]
