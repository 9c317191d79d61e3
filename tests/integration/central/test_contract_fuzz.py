"""The live service, asked everything its contract allows and much that it does not. Longer: `tests/benchmarks`."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.conformance.fuzzing import Target, fuzz
from pos_client.sandbox.central.contract import document
from tests.central import TERMINAL, RunningCentral, Till
from tests.living_requests import Life

PHASES = {
    "alone": frozenset({"examples", "coverage", "fuzzing"}),
    "in chains": frozenset({"stateful"}),
}


@pytest.mark.log_expected("the web server remarks on headers that are no HTTP, and answers 400 by itself")
@pytest.mark.timeout(600)  # a thousand requests; on a busy machine they take their time
@pytest.mark.parametrize("how", list(PHASES))
def test_nothing_the_contract_lets_anybody_ask_is_answered_otherwise_than_it_says(
    how: str, central: RunningCentral, till: Till
):
    target = Target(central.addresses.url, TERMINAL, cases=8, seed=1, phases=PHASES[how])
    record = fuzz(document.published(), target, Life(central, till, seed=1), central.sign)
    assert record.broken == []
    assert [f"{one.address}: {one.check}: {one.says}\n{one.again}" for one in record.findings] == []
    assert sum(record.asked.values()) > 20
    ledger = central.ledger()  # balanced, or it says so
    assert {row["state"] for row in ledger["redemptions"]} - {"DECLINED"}
    assert ledger["accruals"]
