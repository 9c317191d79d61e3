"""What lines, pumps and disks can do to a terminal: noise, silence, a cut cable, another speed, no room left.

Each case: it is said, no litre and no đồng is lost or counted twice, no traceback.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.bootstrap.demo.stage import Stage
from pos_client.domain.fuelling_point import DELIVERING, FuellingPointState, LinkState
from pos_client.domain.journal import JournalEntry
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from pos_client.settings.model import LineSettings, PointSettings
from tests.end_to_end.counter import Counter, Key, open_counter

pytestmark = pytest.mark.timeout(120)

# ── pumps ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("point", [2, 5])
@pytest.mark.parametrize("fault", ["noise", "bad_crc", "lost_answer", "late_answer"])
def test_a_bad_line_costs_time_and_no_litre(counter: Counter, fault: str, point: int):
    counter.stage.pumps.fault(fault, 4, point)
    counter.stage.fuel(point, 60_000)


def test_a_stop_that_no_pump_hears_names_every_pump(counter: Counter):
    stage = counter.stage
    stage.lift(4)
    stage.until(lambda s: stage.point(4).state is FuellingPointState.CALLING, "pump 4 calls")
    stage.key(Key.Key_F5)
    stage.until(lambda s: stage.point(4).state in DELIVERING, "pump 4 may deliver")
    stage.flow(4, volume_ml=3_000)
    stage.pumps.unplug()
    stage.until(lambda s: s.status.points_up == 0, "no pump answers", 40.0)
    stage.key(Key.Key_Pause)
    stage.until(lambda s: s.notice is not None and ("points", "1, 2, 3, 4, 5, 6") in s.notice.params, "all six", 40.0)
    counter.told("stop_unconfirmed")
    stage.key(Key.Key_Return)
    stage.hang(4)
    stage.pumps.replug()
    stage.until(lambda s: s.status.points_up == 6, "all pumps answer", 40.0)
    stage.until(lambda s: bool(stage.point(4).unpaid), "the litres are there", 40.0)


# ── the disk ────────────────────────────────────────────────────────────────────────────────────────────────────────


class FullDisk:
    """The real store; while `full` the disk takes nothing."""

    def __init__(self, store: SqliteStore) -> None:
        self._store, self.full = store, False
        self.open_books, self.entries_of = store.open_books, store.entries_of
        self.recent, self.waiting_items = store.recent, store.waiting_items
        self.entries_after, self.stories_at = store.entries_after, store.stories_at
        self.last_of, self.is_spent = store.last_of, store.is_spent
        self.delivered, self.delivered_in = store.delivered, store.delivered_in
        self.journal_end, self.rows_from = store.journal_end, store.rows_from

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        if self.full:
            raise Unavailable("disk_full", "switched on by the test")
        return self._store.commit(change, at)


@pytest.mark.log_expected("a full disk is an error in the log")
def test_a_full_disk_keeps_litres_takes_no_points_and_loses_nothing(counter: Counter):
    stage, disks = counter.stage, []

    def around(store: SqliteStore) -> FullDisk:
        disks.append(FullDisk(store))
        return disks[-1]

    stage.close_terminal()
    usual, stage.around_store = stage.around_store, around
    stage.open_terminal()
    disk = disks[0]
    stage.lift(1)
    stage.until(lambda s: stage.point(1).state is FuellingPointState.CALLING, "pump 1 calls")
    stage.key(Key.Key_F5)
    stage.until(lambda s: stage.point(1).state in DELIVERING, "pump 1 may deliver")
    stage.flow(1, amount_vnd=70_000)
    disk.full = True
    stage.hang(1)
    counter.told("disk_full")
    assert not counter.seen.status.store_ok
    counter.known()
    stage.key(Key.Key_F6)
    counter.told("points_need_store")
    disk.full = False
    stage.until(lambda s: s.status.store_ok, "there is room again")
    stage.key(Key.Key_1)
    stage.until(lambda s: s.sale is not None, "the sale is open")
    disk.full = True
    stage.key(Key.Key_F9)
    counter.told("disk_full")
    sale = counter.seen.sale
    assert sale is not None
    assert sale.tenders == ()
    disk.full = False
    stage.key(Key.Key_F9)
    stage.until(lambda s: s.sale is None, "paid once")
    stage.close_terminal()
    stage.around_store = usual
    stage.open_terminal()


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of two megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.log_expected("a full disk is an error in the log")
def test_a_really_full_disk_is_said_and_outlived(tiny_disk: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]):
    """ENOSPC from the system itself, under books, logs and receipts alike."""

    def elsewhere(stage: Stage) -> None:
        shutil.copytree(stage.site.folder, tiny_disk, ignore=shutil.ignore_patterns("logs"), dirs_exist_ok=True)
        stage.site = replace(stage.site, folder=tiny_disk)

    with open_counter(tmp_path, elsewhere) as counter:
        ballast = tiny_disk / "ballast"
        filling = os.open(ballast, os.O_WRONLY | os.O_CREAT)
        with suppress(OSError):
            while os.write(filling, bytes(4_096)):
                pass
        os.close(filling)
        counter.stage.lift(1)
        counter.stage.until(lambda s: counter.stage.point(1).state is FuellingPointState.CALLING, "pump 1 calls")
        counter.stage.key(Key.Key_F5)
        counter.stage.until(lambda s: counter.stage.point(1).state in DELIVERING, "pump 1 may deliver")
        counter.stage.flow(1, amount_vnd=90_000)
        counter.stage.hang(1)
        counter.told("disk_full")
        ballast.unlink()
        counter.stage.until(lambda s: s.status.store_ok and len(counter.stage.point(1).unpaid) == 1, "written at last")
        counter.close_case()
    assert "Traceback" not in capfd.readouterr().err


# ── another speed ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="needs a pseudo-terminal")
def test_a_line_at_another_speed_is_shown_as_not_answering(tmp_path: Path):
    """What a UART makes of another baud rate or parity: bytes, all of them wrong. The other line goes on selling."""
    ours, theirs = os.openpty()
    over = threading.Event()

    def babble() -> None:
        while not over.wait(0.02):
            os.write(ours, os.urandom(24))

    def second_line(stage: Stage) -> None:
        point = PointSettings(9, 80, (stage.settings.grades[0].code,))
        line = LineSettings("wrong-speed", "dart", os.ttyname(theirs), points=(point,))
        stage.settings = replace(stage.settings, lines=(*stage.settings.lines, line))

    thread = threading.Thread(target=babble, name="babble")
    thread.start()
    try:
        with open_counter(tmp_path, second_line, ready=False) as counter:
            snapshot = counter.stage.until(
                lambda s: s.status.points_up == 6 and counter.stage.point(9).link is LinkState.DOWN, "pump 9 is silent"
            )
            assert snapshot.status.points_total == 7
            assert snapshot.points[-1].state is not FuellingPointState.IDLE
            counter.open_sale(1, 40_000)
            counter.close_case()
    finally:
        over.set()
        thread.join()
        os.close(ours)
        os.close(theirs)
