"""The outbox in memory beside a plain list that counts anew each time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import WAITING, DeliveryState, ItemKind, OutboxItem
from pos_client.services.outbox import Outbox

KEYS = [IdempotencyKey(f"{n}:accrue") for n in range(6)]
STEPS = st.lists(st.tuples(st.sampled_from(KEYS), st.none() | st.sampled_from(DeliveryState)), max_size=40)
ORDER = {DeliveryState.PARKED: 0, DeliveryState.IN_DOUBT: 1}


def item(key: IdempotencyKey, state: DeliveryState) -> OutboxItem:
    return OutboxItem(key, ItemKind.ACCRUAL, key, key, "PUT", "/", b"", "", state)


@given(STEPS, st.integers(0, 6), st.integers(0, 6))
def test_it_agrees_with_a_plain_list_after_whatever_was_done(steps, first: int, count: int):
    outbox, plain = Outbox(), dict[IdempotencyKey, OutboxItem]()
    for key, state in steps:
        if state is None:
            assert outbox.pop(key, None) == plain.pop(key, None)
        else:
            outbox[key] = plain[key] = item(key, state)
        items = list(plain.values())
        assert list(outbox.values()) == items
        assert outbox.waiting == sum(each.state in WAITING for each in items)
        assert [outbox.count(each) for each in DeliveryState] == [
            sum(one.state is each for one in items) for each in DeliveryState
        ]
        assert outbox.oldest_waiting() == next((each for each in items if each.state in WAITING), None)
        ranked = sorted(items, key=lambda each: ORDER.get(each.state, 2))
        assert outbox.ranked(first, count) == ranked[first : first + count]


@pytest.mark.parametrize(
    "way",
    [
        lambda outbox: outbox.clear(),
        lambda outbox: outbox.popitem(),
        lambda outbox: outbox.update({}),
        lambda outbox: outbox.setdefault(KEYS[0], item(KEYS[0], DeliveryState.PENDING)),
        lambda outbox: outbox.__delitem__(KEYS[0]),
    ],
    ids=["clear", "popitem", "update", "setdefault", "del"],
)
def test_no_other_way_of_writing_passes_the_counting_by(way):
    with pytest.raises(TypeError):
        way(Outbox())
