"""A full line reaches nine tenths of what its protocol allows; the whole table is `tests/benchmarks/line_cycle.py`."""

from __future__ import annotations

import pytest

from tests.benchmarks.line_cycle import LEAST_RATIO, LINES, Timings, measure


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.protocol} {line.baud_rate}")
@pytest.mark.parametrize("many", [False, True], ids=["at rest", "many delivering"])
def test_a_full_line_comes_close_to_the_shortest_legal_cycle(line: Timings, many: bool):
    row = measure(line, line.delivering if many else 0, seconds=60)
    assert LEAST_RATIO <= row.ratio <= 1, "more than the limit would be a pause cut short"
    assert row.longest_wait <= 2 * row.limit
    assert abs(row.controller_says - row.cycle) <= 0.1 * row.cycle


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{line.protocol} {line.baud_rate}")
def test_one_car_alone_is_shown_several_times_a_second_and_nobody_starves(line: Timings):
    row = measure(line, 1, seconds=60)
    assert row.moving_every is not None
    assert row.moving_every <= 400
    assert row.longest_wait <= 2 * row.limit
