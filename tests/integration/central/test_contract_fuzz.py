"""The live service, asked everything its contract allows and much that it does not. Longer: `tests/benchmarks`."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pos_client.bootstrap.conformance.fuzzing import FuzzRecord, Target, fuzz
from pos_client.sandbox.central.contract import document
from tests.central import TERMINAL, RunningCentral, Till, running_central
from tests.living_requests import Life

pytestmark = [
    pytest.mark.log_expected("the web server remarks on headers that are no HTTP, and answers 400 by itself"),
    pytest.mark.timeout(900),  # two thousand requests; on a busy machine they take their time
]


@pytest.fixture
def central(new_database: Callable[[], str]) -> Iterator[RunningCentral]:
    """One of its own for each way of asking: what one used up (look-ups, codes) is there again for the next."""
    with running_central(seed=5, database=new_database()) as running:
        yield running


def asked(phases: frozenset[str], central: RunningCentral, till: Till) -> FuzzRecord:
    target = Target(central.addresses.url, TERMINAL, cases=8, seed=1, phases=phases)
    record = fuzz(document.published(), target, Life(central, till, seed=1), central.sign)
    assert record.broken == []
    assert [f"{one.address}: {one.check}: {one.says}\n{one.again}" for one in record.findings] == []
    assert sum(record.asked.values()) > 20
    return record


@pytest.mark.parametrize("new_database", ["sqlite"], indirect=True)  # hardly anything here reaches the database
def test_no_edge_of_what_the_contract_lets_anybody_ask_is_answered_otherwise_than_it_says(
    central: RunningCentral, till: Till
):
    record = asked(frozenset({"coverage"}), central, till)
    assert sum(record.asked.values()) > 1_000


@pytest.mark.parametrize("phases", [{"examples", "fuzzing"}, {"stateful"}], ids=["alone", "in chains"])
def test_nothing_the_contract_lets_anybody_ask_is_answered_otherwise_than_it_says(
    phases: set[str], central: RunningCentral, till: Till
):
    asked(frozenset(phases), central, till)
    ledger = central.ledger()  # balanced, or it says so
    assert {row["state"] for row in ledger["redemptions"]} - {"DECLINED"}
    assert ledger["accruals"]
