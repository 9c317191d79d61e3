"""From the command to the first picture somebody can use: frozen, from source, and a bare frozen window beside them.

`python tests/benchmarks/frozen_start.py FROZEN [--source PYTHON]`, on a display of its own (Xvfb), by the Python the
program was frozen with, which freezes the bare window too. A start is over when the screen shows more than a few
colours: text stands on it. Runs go in turn, so that the machine's moods fall on all alike; what counts are the ratios.
It prints JSON with the sizes of both folders.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

ROOT = Path(__file__).parents[2]
STARTS = 7
LIMIT_S = 60
COLOURS = 6
SCREEN = "1366x768x24"
BARE = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
app = QApplication(sys.argv)
label = QLabel("Xin chào")
label.setStyleSheet("font-size: 96px")
label.showMaximized()
sys.exit(app.exec())
"""
EYE = """
import sys, time
from PySide6.QtGui import QGuiApplication
app = QGuiApplication([])
screen = app.primaryScreen()
for line in sys.stdin:
    wanted = int(line)
    while True:
        picture = screen.grabWindow(0).toImage()
        seen = {picture.pixel(x, y) for x in range(0, picture.width(), 4) for y in range(0, picture.height(), 4)}
        if len(seen) >= wanted if wanted else len(seen) == 1:
            break
        time.sleep(0.005)
    print("seen", flush=True)
"""


class Eye:
    """A process of its own that looks at the screen until it shows so many colours; 0: until it is empty."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-c", EYE], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def until(self, colours: int) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{colours}\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "seen\n"

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(LIMIT_S)


def freeze_bare(folder: Path) -> Path:
    """A window with one word, frozen as PyInstaller does it left to itself."""
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    places = ["--distpath", str(folder), "--workpath", str(folder / "work"), "--specpath", str(folder)]
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "ERROR", *places]
    subprocess.run([*command, str(folder / "bare.py")], check=True, cwd=folder)
    return folder / "bare"


def size(folder: Path) -> dict[str, float]:
    files = [path for path in folder.rglob("*") if path.is_file() and not path.is_symlink()]
    return {"mib": round(sum(path.stat().st_size for path in files) / 2**20, 1), "files": len(files)}


def start(eye: Eye, command: list[str]) -> float:
    """Milliseconds until there is something to use."""
    eye.until(0)
    began = perf_counter()
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL, cwd=ROOT) as process:
        eye.until(COLOURS)
        took = (perf_counter() - began) * 1000
        process.terminate()
    return took


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("frozen", type=Path, help="the one-folder program")
    parser.add_argument("--source", default=sys.executable, help="a Python with the checkout installed")
    parser.add_argument("--starts", type=int, default=STARTS)
    arguments = parser.parse_args()
    with TemporaryDirectory() as scratch:
        bare, data = freeze_bare(Path(scratch)), Path(scratch) / "till"
        read, write = os.pipe()
        with subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", SCREEN, "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        ) as display:
            os.environ["DISPLAY"] = f":{os.read(read, 16).decode().strip()}"
            eye = Eye()
            commands = {
                "frozen": [str(arguments.frozen / "pos-client"), "--data", str(data)],
                "source": [arguments.source, "-m", "pos_client", "--data", str(data)],
                "bare": [str(bare / "bare")],
            }
            for command in commands.values():
                start(eye, command)  # what the disk has to be asked for once
            runs = [{name: start(eye, command) for name, command in commands.items()} for _ in range(arguments.starts)]
            eye.close()
            display.terminate()
        report = {
            "ms": {name: round(median(run[name] for run in runs)) for name in commands},
            "frozen_to_source": round(median(run["frozen"] / run["source"] for run in runs), 2),
            "frozen_to_bare": round(median(run["frozen"] / run["bare"] for run in runs), 2),
            "size": {"frozen": size(arguments.frozen), "bare": size(bare)},
        }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0


if __name__ == "__main__":
    sys.exit(main())
