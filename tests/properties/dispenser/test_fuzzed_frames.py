"""A wire that lies makes nobody lie: a sample of `tests/benchmarks/fuzz_frames.py`, which runs a million."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.registry import PROTOCOLS
from tests.benchmarks.fuzz_frames import WANTS_ANSWER
from tests.fakes.fuzzed_line import HEADS, FuzzedLine, Mutator


@pytest.mark.parametrize("protocol", WANTS_ANSWER)
@pytest.mark.parametrize("seed", [11, 12, 13])
def test_changed_frames_make_no_false_money_and_the_line_is_back_in_step(protocol: str, seed: int):
    line = FuzzedLine(PROTOCOLS[protocol], seed, WANTS_ANSWER[protocol])
    line.fuzz(2_000)
    assert set(line.mutated) == set(Mutator.KINDS)
    assert line.told["Delivered"] >= 10, "else nothing was at stake"
    assert line.told["PowerRestored"] <= HEADS
