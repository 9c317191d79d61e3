"""Threads that die: one takes the terminal along, a line alone is started anew."""

from __future__ import annotations

import threading

import pytest

from pos_client.bootstrap import lifecycle
from pos_client.bootstrap.lifecycle import Lifecycle
from tests.waiting import eventually


class Fault(Exception):
    """A fault of ours."""


@pytest.mark.log_expected("a thread dies")
def test_a_body_that_dies_takes_the_terminal_down():
    faults: list[BaseException] = []
    threads = Lifecycle(faults.append)

    def body(stop: threading.Event) -> None:
        raise Fault

    threads.start("one", body)
    eventually(lambda: faults)
    threads.stop()
    assert isinstance(faults[0], Fault)


@pytest.mark.log_expected("a thread dies again and again")
def test_a_body_that_is_run_again_takes_nobody_along(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lifecycle, "AGAIN_FIRST_S", 0.001)
    faults: list[BaseException] = []
    runs: list[threading.Event] = []
    threads = Lifecycle(faults.append)

    def body(stop: threading.Event) -> None:
        runs.append(stop)
        if len(runs) < 4:
            raise Fault
        stop.wait()

    threads.start_again_and_again("line", body)
    eventually(lambda: len(runs) == 4)
    threads.stop()
    assert len(set(map(id, runs))) == 1
    assert faults == []


@pytest.mark.log_expected("a thread dies")
def test_a_body_that_waits_to_be_run_again_can_be_stopped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(lifecycle, "AGAIN_FIRST_S", 60.0)
    runs: list[int] = []
    threads = Lifecycle(lambda fault: None)

    def body(stop: threading.Event) -> None:
        runs.append(1)
        raise Fault

    threads.start_again_and_again("line", body)
    eventually(lambda: runs)
    threads.stop()
    assert runs == [1]
