"""A finished operation is undone once, by whom it concerns, and the points are where they should be."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pos_client.domain.identifiers import AccrualId, RedemptionId, ReversalId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.messages import ProblemDocument, RedemptionAnswer
from pos_client.protocols.central.reversal_messages import AccrualStateAnswer, ReversalRequest
from tests.central import RunningCentral, Till, running_central

E = TenderClass.ELECTRONIC
PHUC = "000100001"
THERE = 186_400


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    """A fresh one for each test: balances are what is tested."""
    with running_central(seed=11) as running:
        yield running


def reversal(till: Till, operation: port.Undone, operation_id: AccrualId | RedemptionId, why: str = "Bơm nhầm vòi"):
    return port.Reverse(
        ReversalId(till.new_id("v")), operation, operation_id, why, "Nguyễn Văn Quản", "2026-11-23T08:30:00+07:00"
    )


def captured(till: Till, central: RunningCentral, points: int, fuel_vnd: int) -> RedemptionId:
    redemption = till.authorised(PHUC, points, central)
    assert isinstance(till.call(till.capture(redemption, fuel_vnd)), port.RedemptionCaptured)
    return redemption


def test_a_reversed_redemption_gives_its_points_back_and_stays_captured(central: RunningCentral, till: Till):
    redemption = captured(till, central, 100_000, 95_400)
    assert central.account(PHUC)["available"] == THERE - 95_400
    undone = till.call(reversal(till, port.Undone.REDEMPTION, redemption))
    assert undone == port.OperationReversed(95_400, 0, 0, THERE)
    assert central.account(PHUC)["available"] == THERE
    seen = decode(central.post("GET", f"/v1/redemptions/{redemption}", b"").content, RedemptionAnswer)
    assert (seen.state, seen.points_debited) == ("CAPTURED", 95_400)
    assert seen.reversed_by == central.ledger()["reversals"][0]["id"]
    assert "trả lại 95.400 điểm" in central.control("GET", "/control/sms?kind=notice")[-1]["text"]


def test_a_reversed_accrual_takes_its_points_back_and_the_sale_does_not_earn_again(central: RunningCentral, till: Till):
    accrual = till.accrual(PHUC, (E, 100_000))
    till.call(accrual)
    assert central.account(PHUC)["available"] == THERE + 500
    assert till.call(reversal(till, port.Undone.ACCRUAL, accrual.accrual_id)) == port.OperationReversed(
        0, 500, 0, THERE
    )
    seen = decode(central.post("GET", f"/v1/accruals/{accrual.accrual_id}", b"").content, AccrualStateAnswer)
    assert (seen.state, seen.points) == ("REVERSED", 500)
    assert till.call(till.accrual(PHUC, (E, 100_000))).code == "sale-already-accrued"
    assert "thu hồi 500 điểm" in central.control("GET", "/control/sms?kind=notice")[-1]["text"]


def test_points_that_were_spent_meanwhile_are_uncovered_and_nobody_goes_below_nothing(
    central: RunningCentral, till: Till
):
    accrual = till.accrual(PHUC, (E, 100_000))
    till.call(accrual)
    captured(till, central, THERE + 300, THERE + 300)
    assert till.call(reversal(till, port.Undone.ACCRUAL, accrual.accrual_id)) == port.OperationReversed(0, 200, 300, 0)
    assert central.account(PHUC)["available"] == 0


def test_what_moved_no_points_is_reversed_all_the_same(central: RunningCentral, till: Till):
    redemption = captured(till, central, 1_000, 0)
    assert till.call(reversal(till, port.Undone.REDEMPTION, redemption)) == port.OperationReversed(0, 0, 0, THERE)
    accrual = till.accrual(PHUC, (E, 10))
    till.call(accrual)
    assert till.call(reversal(till, port.Undone.ACCRUAL, accrual.accrual_id)) == port.OperationReversed(0, 0, 0, THERE)


def test_sent_again_it_is_the_same_answer_and_under_another_id_a_refusal(central: RunningCentral, till: Till):
    redemption = captured(till, central, 50_000, 50_000)
    call = till.wire.encode(reversal(till, port.Undone.REDEMPTION, redemption))
    first = till.send(call)
    assert till.send(call) == first
    with_another_key = central.post(call.method, call.path, call.body, Idempotency_Key="another")
    assert (with_another_key.status_code, "Idempotent-Replayed" in with_another_key.headers) == (201, False)
    assert till.call(reversal(till, port.Undone.REDEMPTION, redemption)).code == "already-reversed"
    assert len(central.ledger()["reversals"]) == 1
    assert central.account(PHUC)["available"] == THERE


def test_a_lost_answer_is_only_a_lost_answer(central: RunningCentral, till: Till):
    redemption = captured(till, central, 50_000, 50_000)
    call = till.wire.encode(reversal(till, port.Undone.REDEMPTION, redemption))
    central.fault("answer_lost", match="/v1/reversals/")
    assert isinstance(till.send(call), port.NoAnswer)
    assert till.send(call) == port.OperationReversed(50_000, 0, 0, THERE)
    assert central.account(PHUC)["available"] == THERE


@pytest.mark.parametrize("operation", list(port.Undone))
def test_what_central_has_not_seen_may_still_be_on_its_way(till: Till, operation: port.Undone):
    """The refusal is not kept: the queue sends the reversal again, and by then its operation may have arrived."""
    accrual = till.accrual(PHUC, (E, 100_000))
    name = accrual.accrual_id if operation is port.Undone.ACCRUAL else RedemptionId(till.new_id())
    call = till.wire.encode(reversal(till, operation, name))
    early = till.send(call)
    assert (early.code, early.retry) == (f"unknown-{operation}", port.Retry.SAME_KEY)
    if operation is port.Undone.ACCRUAL:
        till.call(accrual)
        assert till.send(call).points_taken_back == 500


def test_only_what_is_finished_can_be_undone(central: RunningCentral, till: Till):
    held, _ = till.hold(PHUC, 10_000)
    refused = till.call(reversal(till, port.Undone.REDEMPTION, held))
    assert (refused.code, refused.state) == ("redemption-state-conflict", "HELD")
    till.call(port.Void(held, ""))
    assert till.call(reversal(till, port.Undone.REDEMPTION, held)).state == "VOIDED"
    assert central.ledger()["reversals"] == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"station": "CHXD019"}, "station-mismatch"),
        ({"operation": "session"}, "malformed-request"),
        ({"reason": ""}, "malformed-request"),
        ({"approved_by": ""}, "malformed-request"),
    ],
)
def test_another_station_or_nobody_to_answer_for_it(central: RunningCentral, till: Till, changed, code):
    redemption = captured(till, central, 50_000, 50_000)
    body = {
        "station": "CHXD018",
        "operation": "redemption",
        "operation_id": redemption,
        "reason": "r",
        "approved_by": "m",
        "decided_at": "2026-11-23T08:30:00+07:00",
    }
    path = f"/v1/reversals/{till.new_id('v')}"
    raw = encode(ReversalRequest(**{**body, **changed}))
    answer = central.post("PUT", path, raw, Idempotency_Key="k" + path)
    assert decode(answer.content, ProblemDocument).code == code
    assert central.account(PHUC)["available"] == THERE - 50_000
