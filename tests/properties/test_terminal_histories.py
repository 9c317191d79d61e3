"""Random histories of the whole terminal, found and shrunk by Hypothesis; `pos-client simulate` plays many more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.histories import ACTIONS, DIE_SIDES, MOST_STEPS, TEMPERS, play
from tests.properties.disk_trouble import disk_trouble_is_meant


@pytest.fixture(autouse=True, scope="module")
def _disk_trouble_is_logged() -> Iterator[None]:
    """Thousands of refused commits are meant here."""
    with disk_trouble_is_meant():
        yield


STEPS = st.tuples(st.sampled_from(sorted(ACTIONS)), st.integers(0, DIE_SIDES - 1))


@settings(max_examples=800)
@given(st.lists(STEPS, max_size=MOST_STEPS), st.integers(0, TEMPERS - 1))
def test_whatever_happens_the_three_ledgers_agree_in_the_evening(history: list[tuple[str, int]], temper: int):
    play(history, temper)
