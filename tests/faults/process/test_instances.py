"""Tills started at once over one folder: one works, the others say why and end; its death makes way (F23).

Each is a process with the whole headless terminal. That the program with windows says the same and ends with 1 is shown
by `tests/end_to_end/test_cannot_start.py`.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_client.adapters.sqlite.instance_lock import is_held, lock_path
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.paths import Site
from pos_client.domain import facts as f

ROOT = Path(__file__).parents[3]
WAIT_S = 60.0
TILL = """
import sys
from pathlib import Path
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import CentralSettings, Settings
settings = Settings(central=CentralSettings(url="http://127.0.0.1:1"), secrets_backend="sandbox-file")
system = TerminalSystem(settings, Site(Path(sys.argv[1])), lambda snapshot: None, print)
print("here", flush=True)
sys.stdin.readline()
try:
    system.start()
except Unavailable as trouble:
    print(trouble.code, flush=True)
    system.stop()
    sys.exit(1)
print("works", flush=True)
sys.stdin.readline()
system.stop()
"""


class Started:
    """One of them, ready to begin at a word."""

    def __init__(self, folder: Path) -> None:
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        words = [sys.executable, "-c", TILL, str(folder)]
        pipe = subprocess.PIPE
        self.process = subprocess.Popen(words, env=environment, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)

    def told(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self) -> None:
        """Begin; or, once it works, end as it should."""
        assert self.process.stdin is not None
        self.process.stdin.write("go\n")
        self.process.stdin.flush()

    def ended(self) -> int:
        self.process.communicate(timeout=WAIT_S)
        return self.process.returncode


@contextmanager
def tills(folder: Path, count: int) -> Iterator[list[Started]]:
    """All imported, none begun."""
    started = [Started(folder) for _ in range(count)]
    try:
        assert [one.told() for one in started] == ["here"] * count
        yield started
    finally:
        for one in started:
            if one.process.poll() is None:
                one.process.kill()
                one.ended()


@pytest.mark.timeout(180)
@pytest.mark.parametrize("count", [2, 5])
def test_of_several_started_at_once_one_works_and_its_death_makes_way(tmp_path: Path, count: int):
    with tills(tmp_path, count) as started:
        for one in started:
            one.go()
        answers = [one.told() for one in started]
        assert sorted(answers) == ["already_running"] * (count - 1) + ["works"]
        owner = started[answers.index("works")]
        assert [one.ended() for one in started if one is not owner] == [1] * (count - 1)
        assert owner.process.poll() is None
        owner.process.kill()
        owner.ended()
    journal = Site(tmp_path).journal
    assert lock_path(journal).exists()  # what a dead till leaves is a file, not a lock
    assert not is_held(journal)
    with tills(tmp_path, 1) as (after,):
        after.go()
        assert after.told() == "works"
        after.go()
        assert after.ended() == 0
    with open_reader(journal) as reader:
        assert reader.verify().broken_at is None
        assert sum(isinstance(entry.fact, f.TerminalStarted) for entry in reader.everything()) == 2
