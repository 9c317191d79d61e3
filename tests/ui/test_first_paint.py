"""What a start loads before the first paint, and what it does after: in a process of its own, with the real books.

Nothing is timed here (`tests/benchmarks/first_paint.py` does that); what made a start long was what it loaded.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
START = """
import json, sys
from pos_client.bootstrap import loading
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.windowed import Windowed
from pos_client.settings.model import Settings
from pos_client.ui.application import create_application
from pos_client.ui.shell.hands import Front

app = create_application([], resources(), "day")
windowed = Windowed(app, Settings(), Site(Path(sys.argv[1])))
windowed.start()
pages = windowed.windows.cashier.pages
told = {}

def painted():
    windowed.windows.cashier.grab()
    told["modules"] = sorted(sys.modules)
    told["languages"] = loading.catalogue.cache_info().currsize
    told["pages"] = [front.name for front in Front if pages.is_made(front)]

def prepared():
    told["languages later"] = loading.catalogue.cache_info().currsize
    told["pages later"] = [front.name for front in Front if pages.is_made(front)]
    app.exit()

windowed.windows.cashier.prepared.connect(prepared)
windowed.show()
painted()
app.exec()
windowed.stop()
print(json.dumps(told))
"""
LATER = (
    "pos_client.ui.shift.page",
    "pos_client.ui.operations.page",
    "pos_client.ui.radar.page",
    "pos_client.ui.records.page",
    "pos_client.ui.technician.page",
    "pos_client.ui.help.page",
    "pos_client.ui.help.guides",
    "pos_client.ui.shell.topics",
    "pos_client.ui.refusal",
    "pos_client.ui.assistant.window",
    "pos_client.ui.exports.pdf",
    "pos_client.bootstrap.first_start",
    "pos_client.bootstrap.checkup",
    "pos_client.bootstrap.support",
    "pos_client.bootstrap.port_examiner",
    "pos_client.bootstrap.journal_check",
    "pos_client.adapters.peripherals.receipt_printer",
    "pos_client.adapters.peripherals.serial_scanner",
    "pos_client.adapters.reports.workbook",
    "pos_client.sandbox",
    "openpyxl",
    "escpos",
    "PIL",
    "usb",
    "qrcode",
    "PySide6.QtTextToSpeech",
    "PySide6.QtPrintSupport",
)


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What one start tells of itself."""
    done = subprocess.run(
        [sys.executable, "-c", f"from pathlib import Path{START}", str(tmp_path_factory.mktemp("till"))],
        capture_output=True,
        check=False,
        text=True,
        cwd=ROOT,
        timeout=50,
        env=os.environ | {"QT_QPA_PLATFORM": "offscreen"},
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize("module", LATER)
def test_what_no_first_picture_needs_is_not_loaded_for_it(told: dict[str, Any], module: str):
    assert find_spec(module) is not None, "there is no such module"
    assert module not in told["modules"]


def test_only_the_language_in_use_is_read_for_it(told: dict[str, Any]):
    assert told["languages"] == 1
    assert told["languages later"] == 2


def test_only_the_home_screen_is_made_for_it_and_every_other_page_before_anybody_asks(told: dict[str, Any]):
    assert told["pages"] == ["SALES"]
    assert told["pages later"] == ["SALES", "SHIFT", "OPERATIONS", "TECHNICIAN", "RECORDS", "RADAR"]
