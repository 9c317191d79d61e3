"""`pos-client demo` without a scenario: it comes up with its three windows, and ends in order, whoever ends it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import sys
from pathlib import Path
from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from pos_client.bootstrap.demo import by_hand
from pos_client.bootstrap.demo.control_panel import ControlPanel

drawn = ControlPanel._draw
def draw(panel, view):
    drawn(panel, view)
    if len(view.pumps) == 6:
        print("up", flush=True)
        ControlPanel._draw = drawn
ControlPanel._draw = draw
spread = by_hand.spread
def spread_and_close(windowed, panel):
    spread(windowed, panel)
    if sys.argv[2] == "close":
        def close_and_say_so():
            windowed.windows.cashier.close()
            QTest.keyClick(windowed.windows.cashier, Qt.Key.Key_X)
        QTimer.singleShot(1500, close_and_say_so)
by_hand.spread = spread_and_close
sys.exit(by_hand.play(Path(sys.argv[1]), "vi", 1))
"""


@pytest.mark.timeout(120)
@pytest.mark.parametrize("how", ["close", "SIGTERM", "SIGINT"])
@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_it_comes_up_and_ends_in_order(tmp_path: Path, how: str):
    demo = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, str(tmp_path), how],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    try:
        assert demo.stdout is not None
        assert "http://127.0.0.1:" in demo.stdout.readline(), "the portal's address"
        assert demo.stdout.readline() == "up\n"
        if how != "close":
            demo.send_signal(signal.Signals[how])
        _, complaints = demo.communicate(timeout=40)
    finally:
        demo.kill()
    assert demo.returncode == 0
    assert "Traceback" not in complaints
