"""Frames in the language of the screens: what a working line says has words, numbers stay, the rest stays as it is."""

from __future__ import annotations

import pytest

from pos_client.adapters.diagnostics.wire_frames import frames_of
from pos_client.ui.technician.wire_view import UNSET, kind, meaning
from tests.unit.diagnostics.test_wire_frames import DESCRIBE, TALKS
from tests.words import words


@pytest.mark.parametrize("line", sorted(TALKS))
def test_everything_a_working_line_says_is_said_in_vietnamese(line: str):
    vi, en = words("vi"), words("en")
    for frame in frames_of(TALKS[line], DESCRIBE):
        for part in (
            frame.meaning.replace(" (", "; ").replace(")", "").replace(": ", "; ").replace(", ", "; ").split("; ")
        ):
            assert vi.knows("tech.kind." + frame.kind)
            assert meaning(vi, part) != part or part.isdigit(), part
        assert meaning(en, frame.meaning).casefold() == frame.meaning.casefold()


def test_numbers_keep_their_places_and_unknown_phrases_stay():
    vi = words("vi")
    assert meaning(vi, "filled volume 1284, amount 34775") == "đã bơm 1284, tiền 34775"
    assert meaning(vi, "pump 3: send data") == "cột 3: gửi đi"
    assert meaning(vi, "how do you stand? (pump 16)") == "cột thế nào? (cột 16)"
    assert meaning(vi, "something {new} 7") == "something {new} 7"
    assert kind(vi, "never_heard_of") == "never_heard_of"


def test_times_are_those_of_the_wall():
    assert UNSET.say(3_723_004) == "01:02:03,004"
