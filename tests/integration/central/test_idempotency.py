"""Same key, same answer: repeated, in parallel, after a restart, after a lost answer."""

from __future__ import annotations

import threading

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.codec import decode
from tests.central import Till, running_central

E = TenderClass.ELECTRONIC


def raw(central, encoded: port.EncodedCall):
    return central.post(encoded.method, encoded.path, encoded.body, Idempotency_Key=encoded.key)


def test_a_repeat_gets_the_stored_bytes_and_says_so(central, till):
    call = till.wire.encode(till.accrual("000100001", (E, 95_400), end=1))
    first, second = raw(central, call), raw(central, call)
    assert (first.status_code, first.content) == (second.status_code, second.content)
    assert "Idempotent-Replayed" not in first.headers
    assert second.headers["Idempotent-Replayed"] == "true"
    assert sum(row["id"] == call.path.rpartition("/")[2] for row in central.ledger()["accruals"]) == 1


def test_another_body_under_the_same_key_is_refused(central, till):
    call = till.wire.encode(till.accrual("000100001", (E, 95_400), end=2))
    other = till.wire.encode(till.accrual("000100001", (E, 95_500), end=3))
    raw(central, call)
    answer = central.post(call.method, call.path, other.body, Idempotency_Key=call.key)
    assert answer.status_code == 422
    assert decode(answer.content, m.ProblemDocument).code == "idempotency-key-reused"


def test_the_same_statement_under_another_key_counts_once(central, till):
    call = till.wire.encode(till.accrual("000100001", (E, 95_400), end=4))
    first = raw(central, call)
    again = central.post(call.method, call.path, call.body, Idempotency_Key="another-key")
    assert again.content == first.content


def test_five_threads_with_one_key_are_one_effect(central, till):
    before = till.look_up("000100004").points_available
    redemption = RedemptionId(till.new_id())
    call = till.wire.encode(port.Hold(redemption, till.look_up("000100004").reference, 5_000, "gift"))
    answers, start = [], threading.Barrier(5)

    def send() -> None:
        mine = Till(central.addresses)
        try:
            start.wait()
            while isinstance(answer := mine.send(call), port.Problem) and answer.code == "operation-in-progress":
                pass  # the first is still being decided; a till asks again with the same bytes
            answers.append(answer)
        finally:
            mine.close()

    threads = [threading.Thread(target=send) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({answer.challenge_id for answer in answers}) == 1
    after = till.look_up("000100004")
    assert (after.points_available, after.points_held) == (before - 5_000, 5_000)
    messages = [sms for sms in central.control("GET", "/control/sms") if sms["redemption_id"] == redemption]
    assert len(messages) == 1


def test_five_threads_with_five_keys_cannot_spend_the_same_points(central, till):
    before = till.look_up("000200001").points_available
    share = before // 3
    calls = [
        till.wire.encode(port.Hold(RedemptionId(till.new_id()), till.look_up("000200001").reference, share, "gift"))
        for _ in range(5)
    ]
    answers, start = [], threading.Barrier(5)

    def send(call: port.EncodedCall) -> None:
        mine = Till(central.addresses)
        try:
            start.wait()
            answers.append(mine.send(call))
        finally:
            mine.close()

    threads = [threading.Thread(target=send, args=(call,)) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(isinstance(answer, port.HoldPlaced) for answer in answers) == 3
    central.ledger()


def test_a_second_success_gives_the_same_permit(central, till):
    redemption, placed = till.hold("000100001", 1_000)
    code = central.code_for(redemption)
    first = till.verify(redemption, 1, placed, code)
    assert till.verify(redemption, 2, placed, code) == first
    done = till.call(till.capture(redemption, 1_000))
    assert done.points_debited == 1_000
    by_another_key = central.post(
        "POST",
        f"/v1/redemptions/{redemption}/capture",
        till.wire.encode(till.capture(redemption, 1_000)).body,
        Idempotency_Key="resent-by-hand",
    )
    assert decode(by_another_key.content, m.CaptureAnswer).balance_after == done.balance_after


def test_a_wrong_code_sent_twice_counts_once(till):
    redemption, placed = till.hold("000100004", 1_000)
    call = till.wire.encode(port.Verify(redemption, 1, placed.challenge_id, 1_000, _digits("000000")))
    assert [till.send(call).attempts_left for _ in range(3)] == [2, 2, 2]


def test_keys_accounts_and_answers_outlive_a_restart(tmp_path):
    url = f"sqlite:///{tmp_path / 'central.db'}"
    with running_central(database=url) as first:
        till = Till(first.addresses)
        call = till.wire.encode(till.accrual("000100001", (E, 95_400), end=9))
        told = till.send(call)
        till.close()
    with running_central(database=url) as second:
        assert second.addresses.seal_key == first.addresses.seal_key
        assert second.addresses.permit_key == first.addresses.permit_key
        till = Till(second.addresses)
        assert till.send(call) == told
        assert till.look_up("000100001").points_available == 186_850
        till.close()


def _digits(text: str):
    from tests.central import digits

    return digits(text)
