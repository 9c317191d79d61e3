"""What only a real display and the real reference counts show; each in a process of its own, because Qt aborts."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

WINDOW = """
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication([])
label = QLabel("Nguyễn 350.000 đ")
label.show()
app.processEvents()
ink = label.grab().toImage()
assert any(ink.pixelColor(x, y).lightness() < 128 for x in range(ink.width()) for y in range(ink.height()))
print(app.platformName())
"""

SIGNALS = """
import sys
from PySide6.QtCore import QCoreApplication, QObject, Signal
app = QCoreApplication([])
class Source(QObject):
    told = Signal()
source = Source()
source.told.connect(lambda: None)
before = sys.getrefcount(True)
for _ in range(200):
    source.told.emit()
print(sys.getrefcount(True) - before)
"""


def run(words: list[str], **environment: str) -> str:
    result = subprocess.run(
        words, env={**os.environ, **environment}, capture_output=True, text=True, check=False, timeout=50
    )
    assert result.returncode == 0, result.stderr
    return result.stdout.strip()


@pytest.mark.skipif(shutil.which("xvfb-run") is None, reason="no X server to try; `make setup` installs one")
def test_a_window_is_drawn_on_a_real_display():
    assert run(["xvfb-run", "-a", sys.executable, "-c", WINDOW], QT_QPA_PLATFORM="xcb") == "xcb"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal from 3.12 on")
def test_a_signal_does_not_eat_references():
    """PySide6 6.12.0 drops one reference of True with each emit on Python 3.11 and aborts after about 550."""
    assert abs(int(run([sys.executable, "-c", SIGNALS]))) < 50
