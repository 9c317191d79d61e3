"""Key codes of keyboards in, keys of the customer's keypad out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.keypad.keys import OtherKey
from pos_client.protocols.keypad.strokes import DIGIT_CODES, KEYS, Strokes

ROW = (11, 2, 3, 4, 5, 6, 7, 8, 9, 10)
PAD = (82, 79, 80, 81, 75, 76, 77, 71, 72, 73)
NUMLOCK_OFF = (110, 107, 108, 109, 105, 76, 106, 102, 103, 104)


@pytest.mark.parametrize("codes", [ROW, PAD, NUMLOCK_OFF], ids=["row", "pad", "pad with NumLock off"])
def test_digits_are_digits_wherever_they_stand_and_whatever_lamp_is_on(codes: tuple[int, ...]):
    strokes = Strokes()
    assert [strokes.take(code, 1) for code in codes] == list(range(10))


@pytest.mark.parametrize(
    ("code", "key"),
    [(28, OtherKey.OK), (96, OtherKey.OK), (14, OtherKey.CLEAR), (83, OtherKey.CLEAR), (1, OtherKey.CANCEL)],
)
def test_the_other_keys(code: int, key: OtherKey):
    assert Strokes().take(code, 1) is key


def test_a_key_that_is_held_counts_once_however_it_repeats():
    strokes = Strokes()
    told = [strokes.take(79, value) for value in (1, 2, 2, 2, 1, 1, 0, 1)]
    assert told == [1, None, None, None, None, None, None, 1]


def test_what_comes_up_and_never_went_down_is_nothing():
    strokes = Strokes()
    assert strokes.take(79, 0) is None
    assert strokes.take(79, 2) is None
    assert strokes.take(79, 1) == 1


def test_a_keypad_that_presses_numlock_around_each_digit_says_the_digit():
    strokes = Strokes()
    typed = [(69, 1), (69, 0), (79, 1), (79, 0), (69, 1), (69, 0)]
    assert [key for code, value in typed if (key := strokes.take(code, value)) is not None] == [1]


def test_letters_say_nothing():
    strokes = Strokes()
    letters = (*range(16, 26), *range(30, 39), *range(44, 51))
    assert [strokes.take(code, 1) for code in letters] == [None] * len(letters)


def test_after_lost_events_a_key_that_is_still_down_counts_when_it_is_pressed_again():
    strokes = Strokes()
    strokes.take(79, 1)
    strokes.forget()
    assert strokes.take(79, 1) == 1


@given(st.lists(st.tuples(st.integers(0, 800), st.sampled_from([0, 1, 2])), max_size=60))
def test_as_many_keys_as_went_down_from_up(events: list[tuple[int, int]]):
    """Against a plain model: a key is told when its code is known and it was up."""
    strokes, down, expected = Strokes(), dict[int, bool](), []
    for code, value in events:
        if value == 1 and not down.get(code) and code in KEYS:
            expected.append(KEYS[code])
        if value != 2:
            down[code] = value == 1
    told = [key for code, value in events if (key := strokes.take(code, value)) is not None]
    assert told == expected


def test_a_device_with_digits_can_say_every_digit():
    assert {KEYS[code] for code in DIGIT_CODES} == set(range(10))
