"""The day we ship, played in seconds against a whole terminal without windows: meters, journal and central agree."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from queue import Queue
from typing import Any

import pytest

from pos_client.bootstrap.demo.demo_site import enrolled_settings, make_folder
from pos_client.bootstrap.demo.headless import journal_facts
from pos_client.bootstrap.demo.ledgers import Evidence, Row, differences
from pos_client.bootstrap.demo.sandbox_process import Addresses, Control, Pumps
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.tender import TenderKind
from pos_client.services.messages import AuthorisePoint, DismissMessage, SelectOldest, TakeTender
from pos_client.services.snapshots import TerminalSnapshot
from tests.central import RESOURCES

DAY = RESOURCES / "sandbox" / "day.toml"
SPEED = 20
"""Faster, and litres would flow and end between two polls."""
WRAPPING = (4, "1", 10**11)
"""The nozzle whose counter is full during the day, and how much it holds."""
EVENTS, FUELLINGS = 33, 14
LOOK_S, START_S, PATIENCE_S = 0.1, 60.0, 200.0


@contextmanager
def sandbox(*options: str) -> Iterator[tuple[Queue[dict[str, Any]], list[str]]]:
    """A sandbox: what it says on its standard output, line by line, and what it remarks beside."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pos_client", "sandbox", *options],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stderr is not None
    said, played = Queue[dict[str, Any]](), list[str]()
    out, remarks = process.stdout, process.stderr

    def listen() -> None:
        for line in out:
            said.put(json.loads(line))

    listener, reader = threading.Thread(target=listen), threading.Thread(target=lambda: played.extend(remarks))
    listener.start()
    reader.start()
    try:
        yield said, played
    finally:
        process.stdin.close()
        assert process.wait(20) == 0
        for thread in (listener, reader):
            thread.join()
        out.close()
        remarks.close()


class Cashier:
    """Permits whoever calls, takes cash from whoever has fuelled, notes what the screens said."""

    def __init__(self) -> None:
        self.snapshot: TerminalSnapshot | None = None
        self.faults: list[BaseException] = []
        self.mismatched: set[int] = set()
        self.silent: set[int] = set()
        self._breath = threading.Event()

    def see(self, snapshot: TerminalSnapshot) -> None:
        self.snapshot = snapshot
        self.mismatched |= {p.point for p in snapshot.points if p.price_mismatch}
        self.silent |= {p.point for p in snapshot.points if p.link is LinkState.DOWN and snapshot.ready}

    def work(self, till: TerminalSystem) -> None:
        """One look, and what hands do about it."""
        self._breath.wait(LOOK_S)
        seen = self.snapshot
        assert not self.faults
        if seen is None:
            return
        for point in seen.points:
            if point.state is FuellingPointState.CALLING and point.link is LinkState.UP and not point.price_mismatch:
                till.post(AuthorisePoint(point.point))
        if seen.notice is not None:
            till.post(DismissMessage())
        if seen.sale is not None:
            till.post(TakeTender(TenderKind.CASH))
        elif any(point.unpaid for point in seen.points):
            till.post(SelectOldest())

    def is_idle(self) -> bool:
        seen = self.snapshot
        return seen is not None and (
            seen.sale is None
            and not any(point.unpaid for point in seen.points)
            and all(p.state is FuellingPointState.IDLE and p.metered and p.link is LinkState.UP for p in seen.points)
            and seen.status.queue.waiting == 0
        )


def after_the_wrap(pumps: list[Row]) -> list[Row]:
    """Totals as they would be on a counter that never ends."""
    point, nozzle, size = WRAPPING
    return [
        {**pump, "totals": {**pump["totals"], nozzle: pump["totals"][nozzle] + size}}
        if pump["point"] == point and pump["totals"][nozzle] < size // 2
        else pump
        for pump in pumps
    ]


@pytest.mark.timeout(300)
@pytest.mark.log_expected("cables are pulled and power is cut")
def test_a_day_leaves_no_litre_unaccounted(tmp_path: Path):
    with sandbox("--scenario", str(DAY), "--speed", str(SPEED), "--seed", "3") as (told, played):
        addresses = Addresses(told.get(timeout=START_S))
        pumps, central = Pumps(addresses), Control(addresses.central["control"])
        before = pumps.all(), central.get("/control/ledger")
        site, cashier = make_folder(tmp_path, "till"), Cashier()
        till = TerminalSystem(enrolled_settings(addresses, site, "vi"), site, cashier.see, cashier.faults.append)
        till.start()
        try:
            evening = time.monotonic() + PATIENCE_S
            while told.empty() or not cashier.is_idle():
                cashier.work(till)
                assert time.monotonic() < evening, f"{cashier.snapshot}, after {played[-3:]}"
            assert told.get() == {"events": EVENTS, "over": True}
        finally:
            till.stop()
        facts = journal_facts(site)
        after = after_the_wrap(pumps.all())
        wrong = differences(Evidence(before[0], after, facts, before[1], central.get("/control/ledger")))
        assert wrong == []
        pumps.close()
        central.close()
    assert not cashier.faults
    fuelled = [fact for fact in facts if fact["fact"] == "FuellingCompleted"]
    paid = [fact for fact in facts if fact["fact"] == "SalePaid"]
    assert len(paid) == len(fuelled) == FUELLINGS
    assert {fact["point"] for fact in fuelled if fact["recovered"]} >= {3}, "pump 3 lost power in the middle"
    assert {fact["point"] for fact in fuelled} == {1, 2, 3, 4, 5, 6}
    assert 2 in cashier.mismatched
    assert cashier.silent >= {1, 2, 3, 4}
