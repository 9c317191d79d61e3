"""From an announced release to a version that is ready: over real HTTP, onto a real disk."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.updates.shelf import Running, Shelf
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
