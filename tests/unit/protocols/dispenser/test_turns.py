"""Who gets the line when there is not enough of it, and how a round is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise

import pytest

from pos_client.protocols.dispenser.interface import LineCounts
from pos_client.protocols.dispenser.tally import Tally
from pos_client.protocols.dispenser.turns import Turns, Urgency

TURN_MS = 70


@dataclass(eq=False)
class Head:
    name: str
    urgency: Urgency = Urgency.RESTING
    pace_ms: int = 300
    due_at: int = 0
    turn_ms: int = TURN_MS


def serve(heads: list[Head], ms: int, start: int = 1_000) -> dict[str, list[int]]:
    """Let the line work so long; when each head was served."""
    turns = Turns(heads)
    served: dict[str, list[int]] = {head.name: [] for head in heads}
    now, free_at = start, start
    while now < start + ms:
        head = turns.give(now, free_at)
        if head is None:
            due = turns.next_due()
            assert due is not None
            assert due > now, "else whoever drives it would spin"
            now = due
            continue
        served[head.name].append(now)
        free_at = now = now + head.turn_ms
        head.due_at = now + head.pace_ms
    return served


def longest_wait(times: list[int]) -> int:
    return max(b - a for a, b in pairwise(times))


def resting(count: int) -> list[Head]:
    return [Head(f"r{n}") for n in range(count)]


def test_while_there_is_room_everybody_comes_as_often_as_he_wants():
    served = serve([Head("a", pace_ms=300), Head("b", Urgency.MOVING, pace_ms=150)], 10_000)
    assert len(served["a"]) >= 10_000 // (300 + 2 * TURN_MS) - 1
    assert len(served["b"]) >= 10_000 // (150 + 2 * TURN_MS) - 1


def test_on_a_full_line_there_are_rounds():
    served = serve(resting(32), 60_000)
    counts = Counter({name: len(times) for name, times in served.items()})
    assert max(counts.values()) - min(counts.values()) <= 1
    assert max(map(longest_wait, served.values())) == 32 * TURN_MS


def test_one_that_moves_is_shown_three_times_a_second_among_thirty_one_that_rest():
    served = serve([*resting(31), Head("m", Urgency.MOVING, pace_ms=150)], 60_000)
    assert longest_wait(served["m"]) <= 400
    assert max(longest_wait(served[f"r{n}"]) for n in range(31)) <= 32 * TURN_MS / 0.65


def test_where_plain_rounds_give_the_moving_more_than_their_share_the_rounds_stand():
    heads = resting(20) + [Head(f"m{n}", Urgency.MOVING, 150, turn_ms=90) for n in range(12)]
    served = serve(heads, 120_000)
    plain = 20 * TURN_MS + 12 * 90
    assert max(map(longest_wait, served.values())) <= plain * 1.1


def test_a_dialogue_takes_every_second_turn_and_a_stop_every_one():
    heads = [*resting(31), Head("t", Urgency.TALKING, pace_ms=0)]
    assert longest_wait(serve(heads, 20_000)["t"]) <= 2 * TURN_MS
    heads[-1] = Head("s", Urgency.STOP, pace_ms=0)
    assert longest_wait(serve(heads, 2_000)["s"]) <= TURN_MS


def test_nobody_starves_when_everything_happens_at_once():
    heads = resting(8) + [Head(f"t{n}", Urgency.TALKING, 0) for n in range(12)]
    heads += [Head(f"m{n}", Urgency.MOVING, 150) for n in range(12)]
    served = serve(heads, 120_000)
    assert max(map(longest_wait, served.values())) <= 32 * TURN_MS / 0.15


def test_heads_that_do_not_answer_cost_a_twentieth():
    lost = [Head(f"l{n}", Urgency.LOST, 1_000, turn_ms=125) for n in range(10)]
    served = serve(resting(22) + lost, 120_000)
    spent = sum(len(served[head.name]) for head in lost) * 125
    assert 0.03 <= spent / 120_000 <= 0.06
    assert max(longest_wait(served[head.name]) for head in lost) <= 30_000


def test_a_line_on_which_nobody_answers_is_all_theirs():
    lost = [Head(f"l{n}", Urgency.LOST, 1_000, turn_ms=125) for n in range(4)]
    assert max(map(longest_wait, serve(lost, 20_000).values())) <= 1_125 + 3 * 125


def served_in(turns: Turns[Head], start: int, ms: int) -> set[str]:
    """Who gets turns within so much time; nobody answers."""
    names = set()
    for now in range(start, start + ms, 10):
        if (head := turns.give(now, now)) is not None:
            names.add(head.name)
            head.due_at = now + 60_000
    return names


def test_when_one_comes_back_the_others_are_tried_soon_but_not_every_time():
    lost = [Head(f"l{n}", Urgency.LOST, due_at=10**6) for n in range(8)]
    turns = Turns([Head("back", due_at=10**6), *lost])
    turns.try_lost_again(1_000)
    assert served_in(turns, 1_000, 200) == {head.name for head in lost}
    turns.try_lost_again(5_000)
    assert served_in(turns, 5_000, 200) == set()
    turns.try_lost_again(12_000)
    assert served_in(turns, 12_000, 200) == {head.name for head in lost}


def test_when_a_whole_line_comes_back_all_its_heads_are_tried_every_time():
    lost = [Head(f"l{n}", Urgency.LOST, due_at=10**6) for n in range(8)]
    turns = Turns(lost)
    for now in (1_000, 2_000):
        turns.try_lost_again(now)
        assert served_in(turns, now, 200) == {head.name for head in lost}


def test_a_line_without_heads_has_no_turns():
    assert Turns[Head]([]).give(0, 0) is None
    assert Turns[Head]([]).next_due() is None


def test_a_round_is_over_when_everybody_who_is_there_was_heard():
    tally = Tally()
    there = {1, 2}
    for now, address in ((100, 1), (150, 2), (300, 1), (400, 1), (450, 2), (550, 2), (950, 1)):
        tally.heard(address, there, now)
    tally.missed(damaged=True)
    tally.missed(damaged=False)
    assert tally.take() == LineCounts(400, 7, 1, 1)
    assert tally.take() == LineCounts(400, 0, 0, 0), "the round before stands"
    tally.line_lost()
    assert tally.take() == LineCounts(0, 0, 0, 0)


@pytest.mark.parametrize("there", [set(), {7}])
def test_a_head_that_is_told_later_does_not_hold_a_round_up(there: set[int]):
    tally = Tally()
    for now in (0, 50, 100):
        tally.heard(7, there, now)
    assert tally.take().cycle_ms == 50
