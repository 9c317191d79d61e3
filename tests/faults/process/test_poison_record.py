"""A record that kills the program whenever head office's answer to it is read: set aside at the third start (F33).

The till is a process of its own, killed by SIGKILL; central is the real sandbox.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.paths import Site
from pos_client.domain import facts as f
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import SET_ASIDE, ItemKind, OutboxItem
from pos_client.domain.tender import TenderClass
from pos_client.ports.store import Change
from tests.central import RunningCentral, TestClock, running_central
from tests.central import Till as Adapter
from tests.fakes.selling_till import enrol, settings_for

CUSTOMER, RECORDS = "000100004", 5
PATIENCE_S = 120

pytestmark = [pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL"), pytest.mark.timeout(300)]


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    with running_central(seed=33) as running:
        yield running


@pytest.fixture
def records(tmp_path: Path, central: RunningCentral) -> list[OutboxItem]:
    """So many claims for points wait in the books of a till that has not been started yet."""
    maker, at = Adapter(central.addresses), TestClock().now().astimezone(VIETNAM)
    items = []
    for n in range(RECORDS):
        accrual = maker.accrual(CUSTOMER, (TenderClass.ELECTRONIC, 10_000), end=184_300_000 + n)
        call, name = maker.wire.encode(accrual), str(accrual.accrual_id)
        key, made_at = IdempotencyKey(call.key), at.isoformat()
        items.append(OutboxItem(key, ItemKind.ACCRUAL, name, name, call.method, call.path, call.body, made_at))
    maker.close()
    enrol(tmp_path, central.addresses)
    store = open_store(Site(tmp_path).journal)
    store.commit(Change(items=tuple(items)), at)
    store.close()
    return items


def run(folder: Path, central: RunningCentral, *arguments: str) -> dict[str, Any] | None:
    """One life of the till; None: it was killed."""
    settings = json.dumps(asdict(settings_for(central.addresses)))
    command = [sys.executable, "-m", "tests.fakes.poisoned_till", str(folder), settings, *arguments]
    ended = subprocess.run(command, stdout=subprocess.PIPE, text=True, timeout=PATIENCE_S, check=False)
    if ended.returncode == -signal.SIGKILL:
        return None
    assert ended.returncode == 0
    said: dict[str, Any] = json.loads(ended.stdout)
    return said


def set_aside(folder: Path) -> list[f.RecordSetAside]:
    with open_reader(Site(folder).journal) as reader:
        return [entry.fact for entry in reader.everything() if isinstance(entry.fact, f.RecordSetAside)]


def booked(central: RunningCentral) -> int:
    return len([row for row in central.ledger()["accruals"] if row["points"]])


def test_a_record_that_kills_the_program_is_set_aside_at_the_third_start_and_counts_once(
    tmp_path: Path, central: RunningCentral, records: list[OutboxItem]
):
    bad = str(records[2].key)
    assert run(tmp_path, central, "--poison", bad) is None
    assert run(tmp_path, central, "--poison", bad) is None
    third = run(tmp_path, central, "--poison", bad)
    assert third is not None
    assert third["left"] == [[bad, "parked", SET_ASIDE, True]]
    assert "record_set_aside" in third["said"]
    assert [(fact.record, fact.deaths) for fact in set_aside(tmp_path)] == [(bad, 2)]
    store = open_store(Site(tmp_path).journal)
    (kept,) = store.waiting_items()
    store.close()
    assert (kept.body, kept.path) == (records[2].body, records[2].path)

    assert run(tmp_path, central, "--poison", bad, "--put-back", bad) is None  # it has two tries again
    mended = run(tmp_path, central)
    assert mended == {"left": [], "said": []}
    assert booked(central) == RECORDS
    assert len(set_aside(tmp_path)) == 1
