"""`POST /v1/accruals:batch`: together on the wire, each by itself in the ledger."""

from __future__ import annotations

import json

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from tests.central import RunningCentral, Till

E = TenderClass.ELECTRONIC
HERE = 500_000_000


def claims(till: Till, first: int, count: int, who: str = "000100001") -> list[port.EncodedCall]:
    return [till.wire.encode(till.accrual(who, (E, 10_000 * n), end=HERE + first + n)) for n in range(1, count + 1)]


def together(till: Till, calls: list[port.EncodedCall]) -> list[object]:
    till.central.forward_batch(tuple(calls))
    return [till.inbox.result_of(call.key) for call in calls]


def booked(central: RunningCentral, calls: list[port.EncodedCall]) -> int:
    mine = {call.path.rpartition("/")[2] for call in calls}
    return sum(row["points"] for row in central.ledger()["accruals"] if row["id"] in mine)


def test_each_of_a_hundred_is_answered_and_counts_once(central: RunningCentral, till: Till):
    calls = claims(till, 0, 100)
    answers = together(till, calls)
    assert [answer.points for answer in answers if isinstance(answer, port.AccrualBooked)] == [
        50 * n for n in range(1, 101)
    ]
    assert together(till, calls) == answers
    assert booked(central, calls) == sum(50 * n for n in range(1, 101))


def test_one_that_is_refused_stops_no_other(central: RunningCentral, till: Till):
    good = claims(till, 1_000, 2)
    blocked = claims(till, 2_000, 1, who="000100003")
    twice = till.wire.encode(till.accrual("000100001", (E, 10_000), end=HERE + 1_001))
    broken = port.EncodedCall(IdempotencyKey("broken:accrue"), "PUT", "/v1/accruals/broken", b'{"station": 1}')
    answers = together(till, [good[0], *blocked, broken, twice, good[1]])
    assert isinstance(answers[0], port.AccrualBooked)
    assert isinstance(answers[4], port.AccrualBooked)
    codes = [answer.code for answer in answers if isinstance(answer, port.Problem)]
    assert codes == ["customer-blocked", "malformed-request", "sale-already-accrued"]
    assert booked(central, good) == 50 + 100


def test_alone_and_together_are_the_same_statement(central: RunningCentral, till: Till):
    calls = claims(till, 3_000, 3)
    alone = till.forward(calls[0])
    assert together(till, calls)[0] == alone
    assert till.forward(calls[2]) == together(till, calls)[2]
    assert booked(central, calls) == 50 + 100 + 150


def test_a_lost_answer_leaves_each_in_doubt_and_sending_again_settles_it(central: RunningCentral, till: Till):
    calls = claims(till, 4_000, 5)
    central.fault("answer_lost", match="/v1/accruals:batch")
    assert together(till, calls) == [port.NoAnswer("cut_off", sent=True)] * 5
    assert all(isinstance(answer, port.AccrualBooked) for answer in together(till, calls))
    assert booked(central, calls) == 50 + 100 + 150 + 200 + 250


def test_what_is_no_accrual_is_refused_whole(central: RunningCentral, till: Till):
    sneaky = {"items": [{"key": "k", "path": "/v1/redemptions/x/capture", "body": "{}"}]}
    answer = central.post("POST", "/v1/accruals:batch", json.dumps(sneaky).encode())
    assert answer.status_code == 400
    many = {"items": [{"key": f"k{n}", "path": "/v1/accruals/x", "body": "{}"} for n in range(101)]}
    assert central.post("POST", "/v1/accruals:batch", json.dumps(many).encode()).status_code == 400
    assert central.post("POST", "/v1/accruals:batch", b'{"items": []}').status_code == 400


def test_a_central_that_knows_no_batches_gets_them_one_by_one(central: RunningCentral, till: Till, monkeypatch):
    from pos_client.adapters.central_http import batches

    monkeypatch.setattr(batches, "PATH", "/v1/nothing-here")
    calls = claims(till, 5_000, 4)
    assert all(isinstance(answer, port.AccrualBooked) for answer in together(till, calls))
    assert booked(central, calls) == 50 + 100 + 150 + 200
