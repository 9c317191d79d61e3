"""One portal a file: what a test changes in its ledger, the next one finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from pos_client.sandbox.central.ledger import passwords
from tests.central import RunningCentral
from tests.portal import Visitor, running_portal


@pytest.fixture(scope="module")
def central() -> Iterator[RunningCentral]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.COST_OF_SANDBOX)  # what it costs is measured by nobody here
        with running_portal(seed=7) as running:
            yield running


@pytest.fixture
def visitor(central: RunningCentral) -> Iterator[Callable[..., Visitor]]:
    """Opens a browser; with an id, somebody is logged in with it."""
    opened: list[Visitor] = []

    def open_one(who: str | None = None, language: str = "en") -> Visitor:
        one = Visitor(central.addresses.portal, language)
        opened.append(one)
        if who is not None:
            assert one.log_in(who).status_code == 200
        return one

    yield open_one
    for one in opened:
        one.close()
