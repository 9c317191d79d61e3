"""How often head office is asked again: bounded, spread, and never by all stations at once (F13 to F15)."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.world import OK, ORGANISATION, ORGANISATION_PIN, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import ItemKind, OutboxItem, Outcome, about_ms, backoff_ms, is_overdue, next_attempt
from pos_client.ports import central as c
from pos_client.services import messages as m
from pos_client.services.store_and_forward import CentralLink

HOUR_MS = 3_600_000


def item(kind: ItemKind = ItemKind.CAPTURE, attempts: int = 0) -> OutboxItem:
    return OutboxItem(IdempotencyKey("r:capture"), kind, "r", "r", "POST", "/v1", b"{}", "t", attempts=attempts)


@given(attempts=st.integers(0, 10_000), spread=st.floats(0, 1), waited=st.integers(0, 100 * HOUR_MS))
def test_a_pause_is_anything_up_to_its_ceiling(attempts: int, spread: float, waited: int):
    longest = 300_000 if waited >= HOUR_MS else 60_000
    ceiling = min(longest, 500 * 2 ** min(attempts, 16))
    assert backoff_ms(attempts, spread, waited) == max(100, int(ceiling * spread))


@given(asked=st.integers(0, 10**9), spread=st.floats(0, 1))
def test_what_central_asks_for_is_kept_up_to_ten_minutes(asked: int, spread: float):
    after = next_attempt(item(), Outcome.RETRY, 0, spread=spread, retry_after_ms=asked)
    assert min(asked, 600_000) <= after.due_ms <= max(1_000, min(asked, 600_000))


@pytest.mark.parametrize("kind", ItemKind)
def test_a_debit_alarms_after_six_failures_or_a_quarter_of_an_hour(kind: ItemKind):
    is_debit = kind in (ItemKind.CAPTURE, ItemKind.OFFLINE)
    assert not is_overdue(item(kind, 5), 899_999)
    assert is_overdue(item(kind, 6), 0) == is_debit
    assert is_overdue(item(kind, 1), 900_000) == is_debit


def test_a_capture_that_does_not_get_through_is_said_once_and_never_given_up():
    rig = Rig()
    rig.fuel(1, 10_000)
    rig.select(1)
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption())
    rig.central.fail("Capture", *["lost"] * 1_000)
    rig.keys(ORGANISATION_PIN, OK)
    rig.notices.clear()
    rig.advance(2 * HOUR_MS, step_ms=15_000)
    assert rig.notices.count("capture_overdue") == 1
    assert not rig.facts(f.Captured)
    tries = 1_000 - len(rig.central.faults["Capture"])
    assert 100 < tries < 200  # half a minute apart for an hour, then two and a half
    rig.central.faults.clear()
    rig.advance(360_000, step_ms=15_000)
    assert rig.only(f.Captured).points_debited == rig.debits()[0]


def test_the_forwarding_lane_keeps_to_five_a_second():
    rig = Rig()
    sent: list[int] = []
    forward = rig.central.forward_batch

    def counting(calls: object) -> None:
        sent.append(rig.clock.now().ticks_ms)
        forward(calls)  # type: ignore[arg-type]  # passed on as it came

    rig.central.forward_batch = counting  # type: ignore[method-assign]  # somebody looks at the wire
    rig.central.forward = lambda call: counting((call,))  # type: ignore[method-assign]
    rig.central.down = True
    for n in range(30):
        rig.identify()
        rig.fuel(1, 2_000 + n)
        rig.select(1)
        rig.pay()
        rig.central.fail("Accrue", "problem:unavailable")
    sent.clear()
    rig.central.down = False
    rig.advance(60_000, step_ms=50)
    assert not rig.store.waiting_items()
    for begin in sent:
        assert len([at for at in sent if begin <= at < begin + 1_000]) <= 10  # five saved up, and five that came
    assert len(sent) >= 2


def test_a_batch_central_does_not_answer_in_time_is_made_smaller():
    """Else every batch is decided, none is heard of, and the queue stands still although all of it is booked."""
    rig = Rig()
    sizes: list[int] = []

    def slow_batches(calls: tuple[c.EncodedCall, ...]) -> None:
        sizes.append(len(calls))
        late = len(calls) > 8
        for call in calls:
            if late:
                rig._post(c.CentralAnswered(call.key, c.NoAnswer(c.READ_TIMEOUT)))
            else:
                rig.central.send(call)

    rig.central.forward_batch = slow_batches  # type: ignore[method-assign]  # a central that decides slowly
    rig.central.down = True
    for n in range(40):
        rig.identify()
        rig.fuel(1, 2_000 + n)
        rig.select(1)
        rig.pay()
    sizes.clear()
    rig.central.down = False
    rig.advance(180_000, step_ms=500)
    assert not rig.store.waiting_items()
    assert max(sizes) > 8 >= min(sizes)


def test_a_thousand_stations_that_lost_head_office_together_do_not_come_back_together():
    """All lose the line in one moment and knock as `CentralLink` does; ten minutes later it is back."""
    back_ms, arrivals = 600_000, Counter[int]()
    for station in range(1_000):
        dice, now, tries = Random(station), 0, 0
        while now < back_ms:
            tries += 1
            pause_ms = min(CentralLink.LONGEST_RETRY_MS, CentralLink.FIRST_RETRY_MS * 2 ** min(tries, 10))
            now += about_ms(pause_ms, dice.random())
        arrivals[(now - back_ms) // 100] += 1
    assert max(arrivals.values()) < 40  # of a thousand, in a tenth of a second
    assert len(arrivals) > 60
