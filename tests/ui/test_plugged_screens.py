"""Monitors plugged and pulled on a real X server, in a process of its own; what is to be seen after each."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SERVER = ["xvfb-run", "-a", "-s", "-screen 0 2400x1100x24"]
TOOLS = ("xvfb-run", "xrandr")
CASHIER = "CASHIER"


@pytest.mark.skipif(not all(map(shutil.which, TOOLS)), reason="no X server to try; `make setup` installs one")
def test_screens_come_and_go_and_a_code_half_typed_begins_anew() -> None:
    done = subprocess.run(
        [*SERVER, sys.executable, "-m", "tests.ui.plugging"],
        env=os.environ | {"QT_QPA_PLATFORM": "xcb"},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=55,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    seen = {told["after"]: told for told in map(json.loads, done.stdout.splitlines())}

    assert seen["one screen"]["customer"] is None
    assert seen["one screen"]["screen"] == "missing"

    assert seen["plugged"]["customer"] == ["CUSTOMER", 1366, 0, 1024, 600]
    assert seen["plugged"]["screen"] == "own"

    pulled = seen["pulled while a code was typed"]
    assert pulled["customer"] is None
    assert (pulled["asks"], pulled["typed"]) == ("secret", 0)
    assert pulled["notice"] == "secret_stopped_screen"

    back = seen["back, on its side"]
    assert back["customer"] == ["CUSTOMER", 1366, 0, 600, 1024]
    assert (back["asks"], back["typed"], back["notice"]) == ("secret", 0, "secret_goes_on")

    assert seen["typed anew"]["asks"] == "wait"
    assert seen["another resolution"]["customer"] == ["CUSTOMER", 1366, 0, 800, 480]
    assert seen["swapped"]["customer"] == ["CUSTOMER", 0, 0, 800, 480]
    assert seen["mirrored"]["customer"] is None
    assert all(told["cashier"][0] == CASHIER for told in seen.values())
