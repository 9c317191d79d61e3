"""Claims in memory keep the contract, and stay small."""

from __future__ import annotations

import pytest

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.domain.claim import FIRM_UNTIL_MS, Claim
from pos_client.domain.identifiers import FuellingId
from tests.contracts.claims_contract import ONE, ClaimsContract


class TestOneForecourtClaims(ClaimsContract):
    @pytest.fixture
    def claims(self) -> OneForecourtClaims:
        return OneForecourtClaims()


def test_firm_claims_of_long_ago_are_forgotten_and_leases_that_run_are_not():
    claims = OneForecourtClaims(kept_firm=2)
    claims.take(Claim(FuellingId("open"), ONE, 0, 1_000), 0)
    for number in range(5):
        claims.take(Claim(FuellingId(str(number)), ONE, number, FIRM_UNTIL_MS), number)
    assert [held.fuelling_id for held in claims.held(10)] == ["open", "3", "4"]
    claims.take(Claim(FuellingId("next"), ONE, 1_000, 2_000), 1_000)
    assert [held.fuelling_id for held in claims.held(1_000)] == ["3", "4", "next"]
