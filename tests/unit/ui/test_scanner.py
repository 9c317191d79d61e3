"""Fingers and scanners at all speeds, and scans that break off."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from pos_client.ui.shell.scanner import GAP_MS, LATE_ENTER_MS, SHORTEST_SCAN, ScanDetector

CODES = st.text("0123456789ABCDEFGHPLX:/?=&-.", min_size=SHORTEST_SCAN, max_size=60)


@given(CODES, st.lists(st.integers(0, GAP_MS), min_size=60, max_size=60))
def test_a_burst_that_ends_with_enter_is_the_code_and_nothing_else(code: str, gaps: list[int]) -> None:
    detector, now = ScanDetector(), 1000
    for char, gap in zip(code, gaps, strict=False):
        now += gap
        assert detector.character(char, now) == ""
    assert detector.enter(now) == ("", code)
    assert detector.deadline_ms() is None


@given(st.text("0123456789", min_size=1, max_size=20), st.integers(GAP_MS + 1, 2000))
def test_slow_typing_comes_out_as_typed_and_enter_is_enter(text: str, gap: int) -> None:
    detector, now, typed = ScanDetector(), 1000, ""
    for char in text:
        now += gap
        typed += detector.character(char, now)
    before, code = detector.enter(now + gap)
    assert typed + before == text
    assert code is None


@given(CODES, st.integers(3, 30), st.integers(GAP_MS + 1, LATE_ENTER_MS))
def test_a_broken_burst_chooses_nothing_and_its_enter_confirms_nothing(code: str, cut: int, pause: int) -> None:
    detector, now = ScanDetector(), 0
    head = code[: max(3, min(cut, len(code)))]
    for char in head:
        now += 5
        assert detector.character(char, now) == ""
    assert detector.expire(now + pause) == ""
    assert detector.enter(now + pause) == ("", "")


def test_after_a_broken_burst_a_later_enter_is_enter_again() -> None:
    detector = ScanDetector()
    for at in range(5):
        detector.character("1", at)
    assert detector.expire(GAP_MS + 10) == ""
    assert detector.enter(LATE_ENTER_MS + 100) == ("", None)


def test_two_keys_struck_together_are_fingers() -> None:
    detector = ScanDetector()
    detector.character("1", 100)
    detector.character("2", 130)
    assert detector.deadline_ms() == 130 + GAP_MS + 1
    assert detector.expire(130 + GAP_MS) == ""
    assert detector.expire(130 + GAP_MS + 1) == "12"
