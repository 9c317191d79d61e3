"""One counter a file: starting the sandbox and the terminal takes longer than most cases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.end_to_end.counter import Counter, open_counter


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    """The counter of a file."""
    with open_counter(tmp_path_factory.mktemp("counter")) as counter:
        yield counter


@pytest.fixture
def counter(shared: Counter) -> Iterator[Counter]:
    """The same counter, in order again after each case, with equal ledgers."""
    yield shared
    shared.close_case()
