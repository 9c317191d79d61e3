"""The program as a process: started as people start it, its words and exit code read."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
WITHOUT_DISPLAY = {"DISPLAY": "", "WAYLAND_DISPLAY": "", "QT_QPA_PLATFORM": ""}

Answer = subprocess.CompletedProcess[str]


def pos_client(
    *words: object, given: bytes | None = None, env: Mapping[str, str] | None = None, under: Sequence[str] = ()
) -> Answer:
    """`pos-client WORDS` until it ends. An empty value in `env` takes a variable away. `under`: what starts it."""
    return _run([*under, sys.executable, "-m", "pos_client", *map(str, words)], given, env)


def with_a_hand(
    data: Path,
    press: str,
    command: str = "",
    env: Mapping[str, str] | None = None,
    under: Sequence[str] = (),
) -> Answer:
    """`pos-client COMMAND --data DATA`, and somebody who presses `press` ("close" or "offer") on the refusal that comes
    up.

    Standard output holds what the window said, one line a label. A terminal that opens after all is closed again.
    """
    return _run([*under, sys.executable, "-c", _HAND, command, str(data), press], None, env)


def opened_until_told(data: Path, words: str) -> Answer:
    """`pos-client --data DATA`, closed when its message bar says `words`, or after half a minute without them.

    Standard output ends with "told" when they did; before it stands all that the message bar said, a line each.
    """
    return _run([sys.executable, "-c", _HAND, "", str(data), "close", words], None, None)


def _run(command: list[str], given: bytes | None, env: Mapping[str, str] | None) -> Answer:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT), **(env or {})}
    environment = {name: value for name, value in environment.items() if value}
    done = subprocess.run(command, input=given or b"", capture_output=True, timeout=50, check=False, env=environment)
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    )


_HAND = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton
from pos_client.__main__ import main
from pos_client.ui.application import TerminalWindows
from pos_client.ui.refusal import RefusalWindow
from pos_client.ui.shell.message_bar import MessageBar

command, data, press, *words = sys.argv[1:]
show, open_windows = RefusalWindow.show, TerminalWindows.show

def refused(window):
    show(window)
    for label in window.findChildren(QLabel):
        print(label.text(), flush=True)
    offer = window.findChild(QPushButton, "refusal-offer")
    QTimer.singleShot(50, offer.click if press == "offer" else window.close)

def end(windows):
    windows.close()
    QApplication.exit()

def opened(windows):
    open_windows(windows)
    print("opened", flush=True)
    if words:
        look(windows, 300)
    else:
        QTimer.singleShot(300, lambda: end(windows))

said = []
show_view = MessageBar.show_view

def heard(bar, view):
    changed = show_view(bar, view)
    said.append(bar.accessibleName())
    return changed

def look(windows, looks):
    told = any(words[0] in each for each in said)
    if told or not looks:
        print(*dict.fromkeys(said), "told" if told else "not told", sep="\\n", flush=True)
        end(windows)
    else:
        QTimer.singleShot(100, lambda: look(windows, looks - 1))

MessageBar.show_view = heard
RefusalWindow.show, TerminalWindows.show = refused, opened
sys.argv[1:] = [*command.split(), "--data", data]
sys.exit(main())
"""
