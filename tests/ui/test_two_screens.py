"""Two screens, in a process of its own: the platform reads its screens once, when it starts."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

SCREEN = {"logicalDpi": 96, "logicalBaseDpi": 96, "dpr": 1, "y": 0}
SCREENS = {
    "synchronousWindowSystemEvents": False,
    "windowFrameMargins": True,
    "screens": [
        SCREEN | {"name": "CASHIER", "x": 0, "width": 1366, "height": 768},
        SCREEN | {"name": "CUSTOMER", "x": 1366, "width": 1024, "height": 600},
    ],
}
PROGRAM = """
from PySide6.QtWidgets import QApplication
from tests.ui.pictures import windows
from tests.words import RESOURCES
from pos_client.ui.application import create_application
app = create_application([], RESOURCES, "day")
shown = windows()
shown.show()
for _ in range(5):
    app.processEvents()
customer, cashier = shown.customer, shown.cashier
print(customer.screen().name(), customer.isFullScreen(), customer.width(), customer.height(), cashier.screen().name())
"""


def test_the_customers_window_fills_the_second_screen(tmp_path: Path) -> None:
    config = tmp_path / "screens.json"
    config.write_text(json.dumps(SCREENS), encoding="utf-8")
    environment = os.environ | {"QT_QPA_PLATFORM": f"offscreen:configfile={config}"}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stdout.split() == ["CUSTOMER", "True", "1024", "600", "CASHIER"], done.stderr
