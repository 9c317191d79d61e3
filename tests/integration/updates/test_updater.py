"""From an announced release to a version that is ready: over real HTTP, onto a real disk."""

from __future__ import annotations

import random
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.updates import download
from pos_client.adapters.updates.shelf import LOOK, Running, Shelf
from pos_client.adapters.updates.trust import Trust
from pos_client.bootstrap.paths import platform_name
from pos_client.bootstrap.updating import Updater
from pos_client.domain.release import Till, Version
from pos_client.ports.errors import Refused, Unavailable
from pos_client.ports.reports import UpdateReported
from tests.releases import NOW, PUBLIC_KEY, Web, manifest, packed, program_folder, sealed, shelf, web
from tests.waiting import eventually

NEW = Version(1, 5, 0)
NOISE = random.Random(5).randbytes(1_000_000)
"""What does not shrink when it is packed."""


@dataclass
class Rig:
    """One till beside one web server."""

    folder: Path
    server: Web
    shelf: Shelf
    updater: Updater
    told: list[UpdateReported]
    now: datetime = NOW

    def announce(self, key: bytes | None = None, **changes: Any) -> None:
        version = changes.get("version", "1.5.0")
        archive = self.folder / f"{version}.tar.gz"
        if not archive.exists():
            built = program_folder(self.folder / f"built-{version}", more={"_internal/x": NOISE + version.encode()})
            packed(built, archive)
        package = packed(self.folder / f"built-{version}", archive)
        self.server.files[archive.name] = archive.read_bytes()
        told = manifest(package, **changes)
        self.server.files["manifest"] = sealed(told) if key is None else sealed(told, key)


@pytest.fixture
def rig(tmp_path: Path) -> Iterator[Rig]:
    one = shelf(tmp_path / "updates")
    told: list[UpdateReported] = []

    def till() -> Till:
        running = one.running()
        return Till("CHXD018", platform_name(), Version(1, 4, 0), 9, running.number, running.given_up)

    with web() as server:
        trust = Trust(server.url + "manifest", (PUBLIC_KEY,))
        updater = Updater(trust, one, till, lambda: made.now, told.append, first_s=0.01, again_s=0.02)
        made = Rig(tmp_path, server, one, updater, told)
        yield made


def test_a_release_is_fetched_compared_and_ready(rig):
    rig.announce()
    assert rig.updater.look() == NEW
    assert rig.shelf.running() == Running(ready=NEW, number=7)
    assert rig.shelf.is_whole(NEW)
    assert not list((rig.shelf.folder / "downloads").iterdir())


def test_what_is_ready_is_not_fetched_twice(rig):
    rig.announce()
    rig.updater.look()
    served = rig.server.served
    assert rig.updater.look() == NEW
    assert rig.server.served - served < 2000  # the manifest


def test_a_cut_in_the_middle_goes_on_where_it_was(rig):
    rig.announce()
    package = len(rig.server.files["1.5.0.tar.gz"])
    rig.server.cut_after = package * 2 // 3
    with pytest.raises(Unavailable):
        rig.updater.look()
    assert rig.shelf.running() == Running(number=7)
    served = rig.server.served
    assert rig.updater.look() == NEW
    assert rig.server.served - served < package


def test_a_package_changed_on_the_way_is_fetched_anew_and_never_ready(rig):
    rig.announce()
    good = rig.server.files["1.5.0.tar.gz"]
    rig.server.files["1.5.0.tar.gz"] = good[:-20] + bytes(20)
    with pytest.raises(Refused, match="package_damaged"):
        rig.updater.look()
    assert rig.shelf.running().ready is None
    rig.server.files["1.5.0.tar.gz"] = good
    assert rig.updater.look() == NEW


def test_a_newer_release_takes_the_place_of_one_that_waits(rig):
    rig.announce()
    rig.updater.look()
    rig.announce(version="1.6.0", number=8)
    assert rig.updater.look() == Version(1, 6, 0)
    assert rig.shelf.program(NEW) is None


def test_an_old_manifest_is_not_taken_again_after_a_newer_one(rig):
    """Who holds the server shows yesterday's, with a version that has a hole."""
    rig.announce(version="1.6.0", number=8, stages=[])
    assert rig.updater.look() is None
    rig.announce(number=7)
    assert rig.updater.look() is None
    assert rig.shelf.running() == Running(number=8)


@pytest.mark.log_expected("that it is withdrawn is said in the log")
@pytest.mark.parametrize(
    "newest", [{"stages": []}, {"version": "1.4.0"}, {"version": "1.5.1", "floor": "1.4.5"}, {"packages": {}}]
)
def test_a_version_that_waits_is_withdrawn_by_a_newer_manifest_before_anybody_runs_it(rig, newest):
    """A roll-out that is stopped stops at tills that have fetched it, too; only what runs stays."""
    rig.announce()
    rig.updater.look()
    rig.announce(number=8, **newest)
    assert rig.updater.look() is None
    assert rig.shelf.running() == Running(number=8)


def test_what_is_not_the_newest_word_withdraws_nothing(rig):
    """An old manifest shown again, one that has run out, a clock that is wrong."""
    rig.announce(number=8)
    rig.updater.look()
    rig.announce(number=7, stages=[])
    assert rig.updater.look() is None
    rig.announce(number=9, stages=[], good_until=NOW.isoformat())
    assert rig.updater.look() is None
    rig.announce(number=9, stages=[])
    rig.now = NOW - timedelta(days=3000)
    assert rig.updater.look() is None
    assert rig.shelf.running().ready == NEW


def test_a_manifest_for_other_systems_alone_is_not_for_this_till(rig):
    rig.announce(packages={"beos-ppc": {"file": "x.tar.gz", "size": 5, "sha256": "0" * 64}})
    assert rig.updater.look() is None
    look = rig.shelf.last_look()
    assert look is not None
    assert (look.outcome, look.detail) == ("no_package", "1.5.0")


def test_an_expired_manifest_is_not_taken(rig):
    rig.announce()
    rig.now = NOW + timedelta(days=31)
    assert rig.updater.look() is None


@pytest.mark.log_expected("whoever signed it is odd")
def test_another_key_is_told_to_the_till_once_and_nothing_is_fetched(rig, caplog):
    rig.announce(key=bytes(32))
    stop = threading.Event()
    thread = threading.Thread(target=rig.updater.run, args=(stop,))
    thread.start()
    eventually(lambda: caplog.text.count("manifest_untrusted") > 3, 20)
    stop.set()
    thread.join(10)
    assert rig.told == [UpdateReported("untrusted")]
    assert rig.shelf.running() == Running()


LOG_IN = b"<html><title>Wi-Fi</title>Please log in.</html>"


@pytest.mark.log_expected("that there is nothing new is said in the log")
@pytest.mark.parametrize(
    ("served", "status", "outcome"),
    [(LOG_IN, None, "no_manifest"), (b"", None, "no_manifest"), (LOG_IN, 302, "updates_unreachable")],
    ids=["a page", "nothing", "sent elsewhere"],
)
def test_a_page_of_the_network_s_is_no_forged_release_and_frightens_nobody(rig, served, status, outcome):
    rig.server.files["manifest"] = served
    rig.server.status = status
    ran(rig, rig.shelf.last_look)
    assert rig.told == []
    look = rig.shelf.last_look()
    assert look is not None
    assert look.outcome == outcome


def ran(rig: Rig, until: Callable[[], object]) -> None:
    stop = threading.Event()
    thread = threading.Thread(target=rig.updater.run, args=(stop,))
    thread.start()
    eventually(until, 20)
    stop.set()
    thread.join(10)


def test_rubbish_among_the_downloads_is_in_nobody_s_way(rig):
    downloads = rig.shelf.folder / "downloads"
    (downloads / "a folder" / "in it").mkdir(parents=True)
    (downloads / "a link").symlink_to("/nowhere")
    rig.announce()
    assert rig.updater.look() == NEW
    assert not list(downloads.iterdir())


@pytest.mark.log_expected("a note that cannot be written is said in the log")
@pytest.mark.parametrize("text", ["", "{", "[]", '{"at": 5}', '{"at": "x", "outcome": "take", "detail": ""}'])
def test_a_damaged_note_of_the_last_look_is_none(rig, text):
    rig.shelf.folder.mkdir()
    (rig.shelf.folder / LOOK).write_text(text)
    assert rig.shelf.last_look() is None


def test_the_till_hears_that_the_disk_kept_a_version_from_its_rehearsal(rig):
    rig.shelf.change(ready=NEW, held_up=True)
    rig.server.status = 404
    ran(rig, lambda: rig.told)
    assert rig.told == [UpdateReported("no_room")]


# ── a real full disk ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Four megabytes."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = shutil.which("mount")
    command = [str(mount), "-t", "tmpfs", "-o", "size=4m", "tmpfs", str(disk)]
    if mount is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("only root may mount a small file system")
    yield disk
    subprocess.run(["umount", "--lazy", str(disk)], check=True)


@pytest.mark.log_expected("a full disk is said in the log")
@pytest.mark.parametrize("factor", [4, 1, 0], ids=["seen before", "while it is unpacked", "while it is fetched"])
def test_a_disk_that_is_full_stays_the_books_and_the_till_is_told(rig, small_disk, monkeypatch, factor):
    """The first is how it ends in a station; the other two are what is left when others fill the disk meanwhile."""
    monkeypatch.setattr(download, "ROOM_FACTOR", factor)
    monkeypatch.setattr(download, "ROOM_LEFT_BYTES", 100_000 if factor else 0)
    others = small_disk / "others"
    others.write_bytes(bytes({4: 1_500_000, 1: 2_500_000, 0: 3_600_000}[factor]))
    rig.shelf = rig.updater.shelf = shelf(small_disk / "updates")
    rig.announce()
    free = shutil.disk_usage(small_disk).free
    ran(rig, lambda: rig.told)
    assert rig.told == [UpdateReported("no_room")]
    assert free - shutil.disk_usage(small_disk).free < 50_000, "what was fetched and unpacked is gone again"
    assert rig.shelf.running().ready is None
    others.unlink()
    assert rig.updater.look() == NEW
    assert rig.shelf.is_whole(NEW)


def test_the_till_is_told_what_is_ready_and_what_was_given_up(rig):
    rig.announce()
    rig.shelf.change(untold=Version(1, 4, 9), given_up=frozenset({Version(1, 4, 9)}))
    stop = threading.Event()
    thread = threading.Thread(target=rig.updater.run, args=(stop,))
    thread.start()
    eventually(lambda: len(rig.told) == 2, 20)
    stop.set()
    thread.join(10)
    assert rig.told == [UpdateReported("given_up", "1.4.9"), UpdateReported("ready", "1.5.0")]
    assert rig.shelf.running().untold is None
