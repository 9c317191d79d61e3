"""One reference central for a whole module, on each database; a till for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.central import RunningCentral, Till, running_central


@pytest.fixture(scope="module")
def central(new_database: Callable[[], str]) -> Iterator[RunningCentral]:
    with running_central(seed=5, database=new_database()) as running:
        yield running


@pytest.fixture
def till(central: RunningCentral) -> Iterator[Till]:
    one = Till(central.addresses)
    try:
        yield one
    finally:
        one.close()
