"""The keeper with real processes: small scripts stand for versions of the program that run, crash, hang and refuse."""

from __future__ import annotations

import errno
import os
import sqlite3
import sys
import threading
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from unittest import mock

import pytest

from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION, copy_before
from pos_client.adapters.sqlite.store import open_store
from pos_client.adapters.sqlite.trial import put_back
from pos_client.adapters.updates.shelf import Running, Shelf
from pos_client.bootstrap.ending import END
from pos_client.bootstrap.keeper import Keeper, Patience
from pos_client.bootstrap.paths import Site
from pos_client.domain.facts import SessionOpened
from pos_client.domain.keeping import EXIT_REFUSED
from pos_client.domain.release import Version
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT
from tests.releases import packed, program_folder, shelf
from tests.waiting import eventually

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="the scripts are the shell's"),
    pytest.mark.log_expected("a keeper says why it starts what"),
    pytest.mark.timeout(60),
]

OLD, NEW = Version(1, 4, 0), Version(1, 5, 0)
QUICK = Patience(first_sign=20.0, silence=20.0, end=5.0, rehearsal=20.0, again_first=0.01, again_last=0.02)
SOON = Patience(first_sign=0.5, silence=0.5, end=0.5, rehearsal=20.0, again_first=0.01, again_last=0.02)
BEGIN = '#!/bin/sh\n[ "$1" = rehearse ] && {rehearsal}\necho "{name} $*" >> {log}\nn=$(grep -c "^{name} " {log})\n'
CLOSED, CRASH, EXCHANGE, REFUSED = "echo alive; exit 0", "kill -9 $$", "echo alive; exit 75", "exit 78"
CRASH_LATER, HANG = "echo alive; kill -9 $$", "echo alive; exec sleep 100"


class Station:
    """A site with a shelf, and scripts for programs."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "a till")
        self.site.folder.mkdir()
        self.shelf: Shelf = shelf(self.site.updates)
        self._folder = folder
        self.log = folder / "log"
        self.log.touch()

    def script(self, name: str, body: str, rehearsal: str = "exit 0") -> str:
        return BEGIN.format(name=name, log=self.log, rehearsal=rehearsal) + body + "\n"

    def installed(self, body: str) -> list[str]:
        program = self._folder / "installed.sh"
        program.write_text(self.script("installed", body))
        return ["/bin/sh", str(program)]

    def on_the_shelf(self, version: Version, body: str, rehearsal: str = "exit 0") -> None:
        built = program_folder(self._folder / f"built-{version}", self.script(str(version), body, rehearsal))
        archive = self._folder / f"{version}.tar.gz"
        self.shelf.put(version, archive, packed(built, archive))

    def keeper(self, installed: str = CLOSED, patience: Patience = QUICK) -> Keeper:
        return Keeper(self.site, self.shelf, self.installed(installed), patience)

    @property
    def started(self) -> list[str]:
        """Which programs, in order."""
        return [line.split()[0] for line in self.log.read_text().splitlines()]

    @property
    def asked(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def station(tmp_path: Path) -> Station:
    return Station(tmp_path)


# ── the watchdog ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_crashes_is_started_again_and_what_is_closed_stays_closed(station):
    assert station.keeper(f"[ $n -lt 4 ] && {{ {CRASH_LATER}; }}; {CLOSED}").run() == 0
    assert station.started == ["installed"] * 4


def test_what_falls_silent_is_ended_and_started_again(station):
    assert station.keeper(f"[ $n -lt 2 ] && {{ {HANG}; }}; {CLOSED}", SOON).run() == 0
    assert station.started == ["installed"] * 2


def test_what_does_not_end_when_told_is_killed(station):
    deaf = "trap '' TERM; echo alive; while true; do sleep 0.1; done"
    assert station.keeper(f"[ $n -lt 2 ] && {{ {deaf}; }}; {CLOSED}", SOON).run() == 0
    assert station.started == ["installed"] * 2


def test_what_could_not_start_and_has_said_why_is_left_alone(station):
    assert station.keeper(REFUSED).run() == EXIT_REFUSED
    assert station.started == ["installed"]


def test_told_to_stop_it_ends_the_program_first(station):
    ends = f"trap 'echo ended >> {station.log}; exit 0' TERM; echo listens >> {station.log}"
    keeper = station.keeper(f"{ends}; while true; do sleep 0.05; done")
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(keeper.run()))
    thread.start()
    eventually(lambda: "listens" in station.started, 20)
    keeper.stop()
    thread.join(20)
    assert codes == [0]
    assert station.started == ["installed", "listens", "ended"]


# ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_version_that_is_ready_takes_the_place_of_the_installed_one(station):
    station.on_the_shelf(NEW, CLOSED)
    station.shelf.change(ready=NEW)
    assert station.keeper(EXCHANGE).run() == 0
    assert station.started == ["installed", "1.5.0"]
    assert station.shelf.running() == Running(version=NEW)


def test_it_runs_at_the_next_start_as_well(station):
    station.on_the_shelf(NEW, CLOSED)
    station.shelf.change(version=NEW)
    assert station.keeper().run() == 0
    assert station.started == ["1.5.0"]


@pytest.mark.parametrize(("body", "why"), [(CRASH, "crashed"), (REFUSED, "refused"), ("exec sleep 100", "silent")])
def test_a_version_that_does_not_become_ready_is_given_up_and_it_is_known_why(station, body, why):
    station.on_the_shelf(OLD, CLOSED)
    station.on_the_shelf(NEW, body)
    station.shelf.change(version=NEW, before=OLD, trial=True)
    assert station.keeper(patience=SOON).run() == 0
    assert station.started[-1] == "1.4.0"
    assert station.shelf.running() == Running(version=OLD, given_up=frozenset({NEW}), untold=NEW, why=why)
    assert {asked.rsplit(" ", 1)[1] for asked in station.asked if asked.startswith("1.5.0")} == {"trial"}


def test_a_version_on_trial_that_the_disk_stops_is_put_off_and_not_given_up(station):
    station.on_the_shelf(OLD, CLOSED)
    station.on_the_shelf(NEW, "exit 3")
    station.shelf.change(version=NEW, before=OLD, trial=True)
    assert station.keeper().run() == 0
    assert station.started == ["1.5.0", "1.4.0"]
    assert station.asked[-1].endswith("only")
    assert station.shelf.running() == Running(version=OLD, ready=NEW, held_up=True)


def test_a_disk_that_takes_no_note_of_it_keeps_no_till_from_going_back(station):
    """Full at the very moment: what the keeper knows it keeps in mind, and writes when there is room again."""
    station.on_the_shelf(OLD, f"[ $n -lt 3 ] && {{ {CRASH_LATER}; }}; {CLOSED}")
    station.on_the_shelf(NEW, CRASH)
    station.shelf.change(version=NEW, before=OLD, trial=True)
    write, left = station.shelf._write_whole, iter(range(100))

    def full(path: Path, content: bytes) -> None:
        if next(left) < 3:
            raise OSError(errno.ENOSPC, "No space left on device")
        write(path, content)

    station.shelf._write_whole = full
    assert station.keeper().run() == 0
    assert station.started == ["1.5.0"] * 2 + ["1.4.0"] * 3


def test_a_version_that_was_ready_once_is_started_for_ever(station):
    station.on_the_shelf(NEW, f"[ $n -lt 6 ] && {{ {CRASH_LATER}; }}; {CLOSED}")
    station.shelf.change(version=NEW, trial=True)
    assert station.keeper().run() == 0
    assert station.started == ["1.5.0"] * 6


@pytest.mark.parametrize("rehearsal", ["exit 1", CRASH, "exec sleep 100"])
def test_a_version_that_fails_its_rehearsal_is_never_started(station, rehearsal):
    station.on_the_shelf(NEW, CLOSED, rehearsal)
    station.shelf.change(ready=NEW)
    patience = Patience(20.0, 20.0, 5.0, 0.5, 0.01, 0.02)
    assert station.keeper(f"[ $n -lt 2 ] && {{ {EXCHANGE}; }}; {CLOSED}", patience).run() == 0
    assert station.started == ["installed", "installed"]
    assert station.shelf.running() == Running(given_up=frozenset({NEW}), untold=NEW, why="rehearsal")


def test_a_rehearsal_that_the_disk_stops_is_tried_again_at_the_next_start_of_all(station):
    station.on_the_shelf(NEW, CLOSED, "exit 3")
    station.shelf.change(ready=NEW)
    assert station.keeper(f"[ $n -lt 2 ] && {{ {EXCHANGE}; }}; {CLOSED}").run() == 0
    assert [asked.rsplit(" ", 1)[1] for asked in station.asked] == ["exchange", "only"]
    assert station.shelf.running() == Running(ready=NEW, held_up=True)


def test_a_version_changed_on_the_shelf_is_not_started(station):
    station.on_the_shelf(NEW, CLOSED)
    station.shelf.change(ready=NEW)
    (station.shelf.folder / "1.5.0" / "_evil.so").write_bytes(b"x")
    assert station.keeper(f"[ $n -lt 2 ] && {{ {EXCHANGE}; }}; {CLOSED}").run() == 0
    assert station.started == ["installed", "installed"]
    assert station.shelf.running() == Running()


@pytest.mark.parametrize("before", [OLD, None])
def test_a_version_that_ran_and_was_damaged_on_the_disk_later_gives_way_and_may_come_again(station, before):
    """What no longer starts would else be started for ever; a bad sector is no fault of the version's."""
    station.on_the_shelf(OLD, CLOSED)
    station.on_the_shelf(NEW, REFUSED)
    station.shelf.change(version=NEW, before=before)
    (station.shelf.folder / "1.5.0" / "_internal.so").write_bytes(b"a sector of another file")
    assert station.keeper().run() == 0
    assert station.started == ["1.5.0", "1.4.0" if before else "installed"]
    assert station.shelf.running() == Running(version=before, untold=NEW, why="damaged")


def test_a_version_that_ran_and_is_whole_is_never_left_for_what_it_says(station):
    station.on_the_shelf(NEW, REFUSED)
    station.shelf.change(version=NEW, before=OLD)
    assert station.keeper().run() == EXIT_REFUSED
    assert station.shelf.running() == Running(version=NEW, before=OLD)


def test_a_version_whose_folder_is_gone_gives_way_to_the_installed_one(station):
    station.shelf.change(version=NEW)
    assert station.keeper().run() == 0
    assert station.started == ["installed"]


class PowerCut(BaseException):
    """The machine is off."""


def test_a_power_cut_at_any_step_of_an_exchange_leaves_a_till_that_starts(tmp_path):
    """Before or after every write; whatever runs in the end is whole, and nothing is given up for a power cut."""
    for cut in range(6):
        for after in (False, True):
            folder = tmp_path / f"{cut}{after}"
            folder.mkdir()
            station = Station(folder)
            station.on_the_shelf(NEW, CLOSED)
            station.shelf.change(ready=NEW)
            write, left = station.shelf._write_whole, iter(range(100))

            def fused(path: Path, content: bytes, write=write, left=left, cut=cut, after=after) -> None:
                if next(left) != cut:
                    write(path, content)
                    return
                if after:
                    write(path, content)
                raise PowerCut

            station.shelf._write_whole = fused
            with suppress(PowerCut):
                station.keeper(EXCHANGE).run()
            station.shelf._write_whole = write
            assert station.keeper(EXCHANGE).run() == 0
            assert station.started[-1] == "1.5.0"
            assert station.shelf.running() == Running(version=NEW)


# ── the books ───────────────────────────────────────────────────────────────────────────────────────────────────────


def sell(site: Site, number: int) -> None:
    store = open_store(site.journal)
    store.commit(Change((SessionOpened("T1", number, "2026-11-23T08:00:00+07:00"),)), AT)
    store.close()


def bring_up(site: Site) -> None:
    """As a later version would: a copy first, then its schema."""
    later = SCHEMA_VERSION + 1
    with (
        closing(sqlite3.connect(site.journal)) as book,
        closing(sqlite3.connect(copy_before(site.journal, later))) as copy,
    ):
        book.backup(copy)
        book.execute(f"PRAGMA user_version={later}")
        book.commit()


def append(site: Site) -> None:
    with closing(sqlite3.connect(site.journal)) as book, book:
        book.execute("INSERT INTO journal VALUES (3, 'now', 'SaleOpened', 's', X'7b7d', X'00', 0)")


def tried(station: Station, before: Callable[[Site], None]) -> Running:
    sell(station.site, 1)
    sell(station.site, 2)
    before(station.site)
    station.on_the_shelf(NEW, f"[ $n -lt 3 ] && {{ {CRASH}; }}; {CLOSED}")
    station.shelf.change(version=NEW, trial=True)
    assert station.keeper().run() == 0
    return station.shelf.running()


def test_books_that_only_were_brought_up_go_back_with_the_version(station):
    assert tried(station, bring_up).version is None
    store = open_store(station.site.journal)
    assert store.journal_end().seq == 2
    store.close()
    assert station.site.journal.with_name(f"journal.db.of-v{SCHEMA_VERSION + 1}").exists()


class Cut(BaseException):
    """The machine is off."""


@pytest.mark.parametrize("links", [True, False], ids=["as usual", "a disk without second names"])
def test_a_power_cut_while_books_go_back_leaves_books_at_every_step(tmp_path, links):
    """Never a moment without any: a till would begin empty ones."""
    for cut in range(4):
        folder = tmp_path / str(cut)
        folder.mkdir()
        site = Site(folder)
        sell(site, 1)
        sell(site, 2)
        bring_up(site)
        left = iter(range(100))

        def fused(real: Callable[..., object], left=left, cut=cut) -> Callable[..., object]:
            def touch(*args: object, **named: object) -> object:
                if next(left) == cut:
                    raise Cut
                return real(*args, **named)

            return touch

        link = os.link if links else mock.Mock(side_effect=OSError(errno.EPERM, "no links here"))
        with (
            suppress(Cut),
            mock.patch("os.link", fused(link)),
            mock.patch("os.replace", fused(os.replace)),
            mock.patch("os.fsync", fused(os.fsync)),
        ):
            put_back(site.journal)
        assert site.journal.exists(), cut
        assert put_back(site.journal)
        store = open_store(site.journal)
        assert store.journal_end().seq == 2
        store.close()


def test_books_a_new_version_has_written_in_are_never_thrown_away(station):
    def brought_up_and_written(site: Site) -> None:
        bring_up(site)
        append(site)

    running = tried(station, brought_up_and_written)
    assert running.version == NEW
    assert running.given_up == frozenset()
    with closing(sqlite3.connect(station.site.journal)) as book:
        assert book.execute("SELECT max(seq) FROM journal").fetchone() == (3,)


def test_books_of_the_same_schema_need_nothing(station):
    assert tried(station, lambda site: None).version is None
    store = open_store(station.site.journal)
    assert store.journal_end().seq == 2
    store.close()


# ── how a program is told to end ────────────────────────────────────────────────────────────────────────────────────


def test_a_program_that_hears_no_signal_is_told_on_its_input(station):
    """As a Windows program without a console: signals mean nothing to it, the keeper's word does."""
    deaf = f"trap '' TERM; echo listens >> {station.log}; read word; echo \"told $word\" >> {station.log}; exit 0"
    keeper = station.keeper(deaf)
    codes: list[int] = []
    thread = threading.Thread(target=lambda: codes.append(keeper.run()))
    thread.start()
    eventually(lambda: "listens" in station.started, 20)
    keeper.stop()
    thread.join(20)
    assert codes == [0]
    assert station.asked[-1] == f"told {END.decode().strip()}"


@pytest.mark.parametrize("code", [1, 2 + 128, 0xC0000005 & 0xFF])
def test_what_was_ended_from_outside_is_started_again(station, code):
    """1 is what Windows' task manager leaves behind; a refusal has a number of its own."""
    assert station.keeper(f"[ $n -lt 2 ] && {{ echo alive; exit {code}; }}; {CLOSED}").run() == 0
    assert station.started == ["installed"] * 2
