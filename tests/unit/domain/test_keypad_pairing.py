"""Which device is the customer's keypad, by what is pressed on all of them."""

from __future__ import annotations

import pytest

from pos_client.domain.keypad_pairing import ALONE_MS, LIMIT_MS, Listening, PairingStep

L, P, T = PairingStep.LISTENING, PairingStep.PAIRED, PairingStep.TIMED_OUT


def played(*presses: tuple[int, int | None, int], until: int) -> tuple[PairingStep, int | None]:
    """(device, key, at) in order; then what is known at a time."""
    listening = Listening(LIMIT_MS)
    for device, key, at in presses:
        if listening.heard(device, key, at) is PairingStep.TWO:
            return PairingStep.TWO, None
    return listening.verdict(until)


@pytest.mark.parametrize(
    ("presses", "until", "step", "device"),
    [
        ([], 1_000, L, None),
        ([], LIMIT_MS, T, None),
        ([(1, 5, 2_000)], 2_000 + ALONE_MS - 1, L, None),
        ([(1, 5, 2_000)], 2_000 + ALONE_MS, P, 1),
        ([(0, 5, LIMIT_MS - 1)], LIMIT_MS, L, None),
        ([(0, 5, LIMIT_MS - 1)], LIMIT_MS + ALONE_MS, P, 0),
        ([(1, 4, 2_000), (1, 6, 3_000)], LIMIT_MS, T, None),
        ([(0, 5, 2_000), (0, 0, 2_200)], LIMIT_MS, T, None),
        ([(0, 1, 1_900), (0, 5, 2_000)], LIMIT_MS, T, None),
        ([(0, None, 1_900), (0, 5, 2_000)], LIMIT_MS, T, None),
        ([(0, 4, 2_000), (0, 5, 2_000 + ALONE_MS)], 9_000, P, 0),
        ([(0, 1, 1_900), (1, 5, 2_000)], 9_000, P, 1),
        ([(0, 5, 2_000), (1, 5, 2_400)], 9_000, PairingStep.TWO, None),
    ],
    ids=[
        *("nothing yet", "nobody", "not sure yet", "alone", "late, not sure yet", "late, alone", "no 5"),
        *("an amount is typed", "5 among others", "5 behind a letter", "5 after a mistake"),
        *("somebody types on another", "two at once"),
    ],
)
def test_verdict(presses: list[tuple[int, int | None, int]], until: int, step: PairingStep, device: int | None):
    assert played(*presses, until=until) == (step, device)
