"""Limits by customer and by terminal (reliability 3.9, 4.3), and what a till makes of a refusal."""

from __future__ import annotations

import time
from collections.abc import Iterator

import msgspec
import pytest

from pos_client.domain.identifiers import RedemptionId
from pos_client.ports import central as port
from pos_client.sandbox.central.ledger.quotas import Quota
from tests.central import RunningCentral, Till, running_central, the_scenario

INDIVIDUAL, ORGANISATION = "000100001", "000200001"


@pytest.fixture
def strict() -> Iterator[RunningCentral]:
    """A central with the limits every terminal but a sandbox's meets, and few look-ups and holds."""
    scenario = msgspec.structs.replace(the_scenario(), quotas={Quota.LOOK_UPS: 8, Quota.HOLDS: 6, Quota.FAILURES: 4})
    with running_central(scenario=scenario) as central:
        yield central


@pytest.fixture
def till(strict: RunningCentral) -> Iterator[Till]:
    made = Till(strict.addresses)
    made.start()
    yield made
    made.close()


def refused(result: object) -> port.Problem:
    assert isinstance(result, port.Problem), result
    assert (result.code, result.status) == ("rate-limited", 429)
    return result


def test_a_customer_is_sent_three_codes_in_half_an_hour(strict: RunningCentral, till: Till) -> None:
    for _ in range(3):
        redemption, placed = till.hold(INDIVIDUAL, 1_000)
        assert isinstance(placed, port.HoldPlaced)
        till.call(port.Void(redemption, "test"))
    problem = refused(till.hold(INDIVIDUAL, 1_000)[1])
    assert problem.retry_after_s > 0
    assert strict.account(INDIVIDUAL)["held"] == 0
    strict.later(1_800)
    assert isinstance(till.hold(INDIVIDUAL, 1_000)[1], port.HoldPlaced)


def test_a_resend_counts_as_a_code(strict: RunningCentral, till: Till) -> None:
    for _ in range(2):
        till.hold(INDIVIDUAL, 1_000)
    redemption, _ = till.hold(INDIVIDUAL, 1_000)
    refused(till.call(port.ResendChallenge(redemption, 1)))
    assert strict.account(INDIVIDUAL)["held"] == 3_000


def test_a_terminal_that_tries_many_secrets_is_slowed_down_and_reported(strict: RunningCentral, till: Till) -> None:
    redemption, placed = till.hold(ORGANISATION, 1_000)
    for n in range(1, 5):
        assert isinstance(till.verify(redemption, n, placed, "000000"), port.Problem)
    problem = till.verify(redemption, 5, placed, "000000")
    refused(problem)
    other = Till(strict.addresses, "CHXD018-T2")
    try:
        other.start()
        again, held = other.hold(INDIVIDUAL, 1_000)
        assert isinstance(other.verify(again, 1, held, strict.code_for(again)), port.ConsentVerified)
    finally:
        other.close()
    kinds = [incident["kind"] for incident in strict.ledger()["incidents"]]
    assert kinds == ["credential-failures"]


def test_look_ups_and_holds_of_one_terminal_are_bounded(strict: RunningCentral, till: Till) -> None:
    begins = 600 - int(time.time()) % 600  # of a stretch for both, counted from now: none ends while they are counted
    strict.later(begins)
    assert [isinstance(till.look_up(INDIVIDUAL), port.Problem) for _ in range(9)] == [False] * 8 + [True]
    strict.later(begins + 60)
    customer = till.look_up(ORGANISATION)
    answers = []
    for _ in range(7):
        name = RedemptionId(till.new_id())
        answers.append(till.call(port.Hold(name, customer.reference, 100, "pay")))
    assert [isinstance(answer, port.HoldPlaced) for answer in answers] == [True] * 6 + [False]
    refused(answers[-1])
