"""The technician's hands with real threads and files: done elsewhere, told once, and a refusal changes nothing."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.diagnostics.recordings import Recordings
from pos_client.adapters.dispensers.bell import monotonic_ms
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.workshop import SiteWorkshop
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.settings.model import Settings, StationSettings
from pos_client.settings.writing import as_tree
from tests.waiting import eventually
from tests.words import words

FIRST = Settings(station=StationSettings("CHXD018", terminal="T1"))
SECOND = replace(FIRST, station=StationSettings("CHXD018", terminal="T2"))


def _failed(told: list[ProbeProgress]) -> bool:
    return bool(told) and told[-1].step is ProbeStep.FAILED


class Bench:
    """A workshop at work and a way to wait for its answers."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(folder / "till")
        self.site.folder.mkdir()
        clock = SystemClock()
        recordings = Recordings(FrameRecorder(), {}, self.site.logs, lambda: (monotonic_ms(), clock.now().wall))
        self.workshop = SiteWorkshop(FIRST, self.site, words("vi"), recordings, clock)
        self.workshop.start()

    def ask(self, verb: str, *values: object, seconds: float = 10.0) -> Any:
        told: list[tuple[Any, str]] = []
        asked = getattr(self.workshop, verb)
        asked(*values, lambda answer: told.append((answer, threading.current_thread().name)))
        ((answer, thread),) = eventually(lambda: told, seconds, what=verb)
        assert thread == "technician-desk"
        return answer

    def terminal(self) -> str:
        loaded = read_settings(self.site.settings)
        assert loaded.settings is not None
        return loaded.settings.station.terminal


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.workshop.stop()


def test_settings_are_saved_carried_elsewhere_taken_back_and_taken_in(bench: Bench, tmp_path: Path):
    assert bench.ask("save", as_tree(FIRST)) == ()
    kept = bench.ask("export_settings", str(tmp_path))
    assert (kept.faults, kept.size) == ((), Path(kept.file).stat().st_size)
    assert bench.ask("save", as_tree(SECOND)) == ()
    assert bench.terminal() == "T2"
    before = bench.ask("look_into", "")
    assert before.tree["station"]["terminal"] == "T1"
    assert bench.terminal() == "T2"
    assert bench.ask("take_in", "").faults == ()
    assert bench.terminal() == "T1"
    assert bench.ask("look_into", "").tree["station"]["terminal"] == "T2"
    assert bench.ask("take_in", "").tree["station"]["terminal"] == "T2"
    assert bench.ask("list_settings", str(tmp_path)) == (kept.file,)
    assert bench.ask("take_in", kept.file).tree["station"]["terminal"] == "T1"
    assert bench.terminal() == "T1"


def test_a_wrong_file_tells_all_its_faults_and_changes_nothing(bench: Bench, tmp_path: Path):
    assert bench.ask("save", as_tree(FIRST)) == ()
    wrong = tmp_path / "wrong.toml"
    wrong.write_text('[station]\nstation = ""\nterminal = 3\n[central]\nurl = "ftp://x"\n', encoding="utf-8")
    for verb in ("look_into", "take_in"):
        incoming = bench.ask(verb, str(wrong))
        assert incoming.tree is None
        assert {fault.place for fault in incoming.faults} == {"station.station", "station.terminal", "central.url"}
    assert bench.terminal() == "T1"


def test_where_nothing_can_be_written_it_says_so(bench: Bench, tmp_path: Path):
    assert bench.ask("save", as_tree(FIRST)) == ()
    nowhere = str(tmp_path / "no" / "such")
    for verb in ("export_settings", "make_bundle"):
        kept = bench.ask(verb, nowhere, seconds=30.0)
        assert [fault.code for fault in kept.faults] == ["settings_not_saved"]
        assert "such" in dict(kept.faults[0].params)["detail"]


def test_a_port_that_is_not_there_fails_with_its_reason_and_a_second_look_works(bench: Bench):
    for _ in range(2):
        told: list[ProbeProgress] = []
        bench.workshop.examine("COM250" if sys.platform == "win32" else "/dev/no-such-port", None, told.append)
        eventually(partial(_failed, told), what="failed")
        assert told[-1].detail
    bench.workshop.cancel()


@pytest.mark.log_expected("the fault of an errand is written down; the thread begins anew")
def test_an_errand_that_dies_takes_nobody_along(bench: Bench):
    def broken() -> str:
        raise ZeroDivisionError

    bench.workshop.keep_text("x", broken, lambda kept: None)
    assert bench.ask("list_settings", str(bench.site.folder)) == ()
