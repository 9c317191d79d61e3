"""What every test gets: Qt without a screen, a clock of its own, and a log that has to stay quiet."""

from __future__ import annotations

import gc
import logging
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from pos_client.bootstrap.simulate.clock import FakeClock, FakeDice

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.postgres import PostgresServer

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ["PYTHON_KEYRING_BACKEND"] = "keyring.backends.fail.Keyring"
"""A test that reaches for the keyring of whoever runs it fails; adapters name their backend themselves."""
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False
"""The tests start hundreds of processes: without bytecode each of them compiles the whole program before it begins."""

settings.register_profile(
    "project",
    deadline=None,  # two cores shared with other work: an example's wall time says nothing
    max_examples=60,
    derandomize=True,  # the same suite for everybody; `--hypothesis-profile=default` searches further
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("project")


LONGEST = (
    "end_to_end/test_demo.py",  # every scenario, one after the other
    "end_to_end/test_killed_terminal.py",  # each scenario twice, killed and started again
    "properties/test_simulator.py",  # some thousands of histories, on every core
    "end_to_end/test_a_day.py",  # a day at twenty times its pace
    "integration/central/test_contract_fuzz.py",  # some thousands of requests in a row
)
"""What takes a minute or more in one piece goes first: begun last, it would leave the other workers without work."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first, all others in their order."""

    def turn(item: pytest.Item) -> int:
        path = item.path.as_posix()
        return next((n for n, name in enumerate(LONGEST) if path.endswith(name)), len(LONGEST))

    items.sort(key=turn)


def pytest_collection_finish() -> None:
    """Nine thousand tests and all they import are no test's rubbish: the collector does not look through them again."""
    gc.collect()
    gc.freeze()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Half as many workers again as cores: a test that waits for a pump leaves its core to somebody else."""
    return max(1, (os.cpu_count() or 1) * 3 // 2)


@pytest.fixture
def clock() -> FakeClock:
    """A clock that moves when told to."""
    return FakeClock()


@pytest.fixture
def dice() -> FakeDice:
    """Ids in sequence."""
    return FakeDice()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium for a module: while one is open its driver keeps an event loop running in the tests' own thread."""
    from tests.browser import chromium

    with chromium() as running:
        yield running


@pytest.fixture(scope="session")
def postgres() -> Iterator[PostgresServer]:
    """The PostgreSQL of this run. Where none starts, tests on it fail, unless the environment allows to go without."""
    from tests.postgres import WITHOUT, CannotStart, postgres_server

    with ExitStack() as stack:
        try:
            running = stack.enter_context(postgres_server())
        except CannotStart as error:
            if os.environ.get(WITHOUT) == "1":
                pytest.skip(f"without PostgreSQL, as {WITHOUT}=1 allows: {error}")
            pytest.fail(f"half of central's tests need a PostgreSQL; {WITHOUT}=1 would skip them. {error}")
        yield running


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def new_database(request: pytest.FixtureRequest) -> Callable[[], str]:
    """Makes empty databases of central, one kind after the other: each call gives the URL of another one."""
    from pos_client.sandbox.central.storage.engine import IN_MEMORY

    if request.param == "sqlite":
        return lambda: IN_MEMORY
    server: PostgresServer = request.getfixturevalue("postgres")
    return server.fresh_database


class _Loud(logging.Handler):
    """Keeps every record of WARNING and above."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@pytest.fixture(autouse=True)
def quiet_log(request: pytest.FixtureRequest) -> Iterator[list[logging.LogRecord]]:
    """Fails a test that logged a warning nobody announced with `@pytest.mark.log_expected("reason")`.

    The value is the list of loud records so far, for the test that wants to look at them.
    """
    expected = request.node.get_closest_marker("log_expected")
    if expected is not None and not (expected.args and isinstance(expected.args[0], str)):
        pytest.fail("log_expected needs its reason: @pytest.mark.log_expected('why this test makes the program warn')")
    loud = _Loud()
    root = logging.getLogger()
    root.addHandler(loud)
    try:
        yield loud.records
    finally:
        root.removeHandler(loud)
    if expected is None and loud.records:
        told = "\n".join(f"{r.levelname} {r.name}: {r.getMessage()}" for r in loud.records)
        pytest.fail(f"unexpected in the log:\n{told}")
