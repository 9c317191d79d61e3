"""Retrying is a decision: the table of what becomes of an item after a send."""

from __future__ import annotations

import pytest

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import (
    WAITING,
    DeliveryState,
    ItemKind,
    OutboxItem,
    Outcome,
    backoff_ms,
    next_attempt,
)
from pos_client.ports import central as c
from pos_client.services.store_and_forward import classify

S = DeliveryState
NOW = 1_000_000


def item(attempts: int = 0, state: DeliveryState = S.PENDING) -> OutboxItem:
    key = IdempotencyKey("a:accrue")
    return OutboxItem(key, ItemKind.ACCRUAL, "a", "a", "PUT", "/v1/accruals/a", b"{}", "t", state, attempts)


TABLE = [
    # outcome, attempts before, asked to wait ms, spread -> state, due in ms
    (Outcome.ACCEPTED, 0, 0, 1.0, S.DELIVERED, None),
    (Outcome.REFUSED, 0, 0, 1.0, S.PARKED, None),
    (Outcome.RETRY, 0, 0, 1.0, S.PENDING, 1_000),
    (Outcome.UNKNOWN, 0, 0, 1.0, S.IN_DOUBT, 1_000),
    (Outcome.UNKNOWN, 1, 0, 1.0, S.IN_DOUBT, 2_000),
    (Outcome.UNKNOWN, 5, 0, 1.0, S.IN_DOUBT, 32_000),
    (Outcome.UNKNOWN, 6, 0, 1.0, S.IN_DOUBT, 60_000),
    (Outcome.UNKNOWN, 10_000, 0, 1.0, S.IN_DOUBT, 60_000),
    (Outcome.RETRY, 0, 0, 0.0, S.PENDING, 100),
    (Outcome.RETRY, 3, 0, 0.5, S.PENDING, 4_000),
    (Outcome.RETRY, 0, 30_000, 1.0, S.PENDING, 30_000),
    (Outcome.RETRY, 9, 30_000, 1.0, S.PENDING, 60_000),
    (Outcome.RETRY, 0, 86_400_000, 1.0, S.PENDING, 600_000),
]


@pytest.mark.parametrize(("outcome", "attempts", "wait", "spread", "state", "due_in"), TABLE)
def test_what_becomes_of_an_item(
    outcome: Outcome, attempts: int, wait: int, spread: float, state: DeliveryState, due_in: int | None
):
    after = next_attempt(item(attempts), outcome, NOW, spread=spread, problem="code", retry_after_ms=wait)
    assert after.state is state
    assert after.attempts == attempts + 1
    assert due_in is None or after.due_ms == NOW + due_in
    assert after.last_problem == (None if outcome is Outcome.ACCEPTED else "code")


@pytest.mark.parametrize("outcome", Outcome)
def test_bytes_and_key_are_frozen(outcome: Outcome):
    before = item()
    after = next_attempt(before, outcome, NOW, spread=0.5)
    assert (after.key, after.method, after.path, after.body) == (before.key, before.method, before.path, before.body)


def test_pauses_grow_are_bounded_and_spread_over_the_whole_range():
    for attempts in range(40):
        assert 100 <= backoff_ms(attempts, 0.0) <= backoff_ms(attempts, 0.5) <= backoff_ms(attempts, 1.0) <= 60_000


def test_only_delivered_and_parked_items_rest():
    assert set(S) - WAITING == {S.DELIVERED, S.PARKED}


def problem(code: str, retry: c.Retry, after_s: int = 0) -> c.Problem:
    return c.Problem(code, 400, retry, retry_after_s=after_s)


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        (c.NoAnswer("timeout"), (Outcome.UNKNOWN, "timeout", 0)),
        (c.NoAnswer("refused", sent=False), (Outcome.RETRY, "refused", 0)),
        (problem("unavailable", c.Retry.SAME_KEY, 7), (Outcome.RETRY, "unavailable", 7_000)),
        (problem("rate-limited", c.Retry.SAME_KEY, 30), (Outcome.RETRY, "rate-limited", 30_000)),
        (problem("stale-session", c.Retry.NEVER), (Outcome.RETRY, "stale-session", 0)),
        (problem("device-auth-failed", c.Retry.NEVER), (Outcome.RETRY, "device-auth-failed", 0)),
        (problem("sale-already-accrued", c.Retry.NEVER), (Outcome.REFUSED, "sale-already-accrued", 0)),
        (problem("customer-blocked", c.Retry.NEW_OPERATION), (Outcome.REFUSED, "customer-blocked", 0)),
        (c.RedemptionVoided(), (Outcome.ACCEPTED, None, 0)),
        (c.RedemptionCaptured(0, 0, 0, "hold-released"), (Outcome.ACCEPTED, None, 0)),
    ],
    ids=str,
)
def test_what_an_answer_means_for_a_record(result: object, expected: tuple[Outcome, str | None, int]):
    """A problem of this terminal keeps the record in the queue; a problem of the record parks it."""
    assert classify(result) == expected
