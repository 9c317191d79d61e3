"""Many threads publish, the GUI thread draws the newest, and nothing is lost at the end."""

from __future__ import annotations

import threading

from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.bridge import Bridge
from tests.ui import sample as x


def test_only_the_newest_of_a_burst_is_delivered(qapp: QApplication) -> None:
    bridge, seen = Bridge(lambda _: None), []
    bridge.snapshot_changed.connect(lambda s: seen.append(s.ticks_ms))
    for ticks in range(1000):
        bridge.publish(x.terminal(ticks_ms=ticks))
    assert seen == []
    qapp.processEvents()
    assert seen == [999]


def test_the_last_of_many_threads_words_arrives_in_the_gui_thread(qapp: QApplication, qtbot: QtBot) -> None:
    bridge, seen = Bridge(lambda _: None), []

    def note(snapshot: TerminalSnapshot) -> None:
        assert QThread.currentThread() is qapp.thread()
        seen.append(snapshot.ticks_ms)

    bridge.snapshot_changed.connect(note)

    def talk(start: int) -> None:
        for ticks in range(start, start + 500):
            bridge.publish(x.terminal(ticks_ms=ticks))

    threads = [threading.Thread(target=talk, args=(start,)) for start in (0, 1000, 2000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    bridge.publish(x.terminal(ticks_ms=9999))
    qtbot.waitUntil(lambda: bool(seen) and seen[-1] == 9999, timeout=2000)
    assert len(seen) < 1501


def test_a_snapshot_published_while_one_is_drawn_follows(qapp: QApplication) -> None:
    bridge, seen = Bridge(lambda _: None), []

    def note(snapshot: TerminalSnapshot) -> None:
        seen.append(snapshot.ticks_ms)
        if snapshot.ticks_ms < 3:
            bridge.publish(x.terminal(ticks_ms=snapshot.ticks_ms + 1))

    bridge.snapshot_changed.connect(note)
    bridge.publish(x.terminal(ticks_ms=1))
    for _ in range(4):
        qapp.processEvents()
    assert seen == [1, 2, 3]


def test_commands_go_straight_to_the_inbox(qapp: QApplication) -> None:
    del qapp
    sent: list[object] = []
    Bridge(sent.append).send("command")
    assert sent == ["command"]
