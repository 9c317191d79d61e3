"""The real program under its keeper: exchanged between shifts, ended by the system's own signal, started anew."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from pos_client import __version__
from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.instance_lock import is_held
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.paths import Site
from pos_client.domain.facts import TerminalStarted
from pos_client.domain.release import Version
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings, StationSettings
from tests.end_to_end.console import ROOT
from tests.releases import packed, program_folder, shelf
from tests.waiting import eventually

pytestmark = [
    pytest.mark.timeout(180),
    pytest.mark.skipif(sys.platform == "win32", reason="versions are the shell's scripts here"),
]
NEW = Version(9, 5, 0)
PROGRAM = f"""#!/bin/sh
exec {sys.executable} -c '
import sys, pos_client
pos_client.__version__ = "9.5.0"
{{broken}}
from pos_client.__main__ import main
sys.exit(main())' "$@"
"""


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "trạm số 18"
    folder.mkdir()
    one = Site(folder)
    write_settings(one.settings, Settings(station=StationSettings("CHXD018", "CHXD số 18")))
    return one


def put(site: Site, broken: str = "") -> None:
    """A version of this very program on the shelf, ready."""
    archive = site.folder.parent / "v.tar.gz"
    built = program_folder(site.folder.parent / "built", PROGRAM.format(broken=broken))
    shelf(site.updates).put(NEW, archive, packed(built, archive))
    shelf(site.updates).change(ready=NEW)


@contextmanager
def kept(site: Site) -> Iterator[subprocess.Popen[bytes]]:
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(
        [sys.executable, "-m", "pos_client", "keep", "--data", str(site.folder)],
        env=environment,
        stderr=subprocess.PIPE,
    )
    try:
        yield process
        process.send_signal(signal.SIGTERM)
        assert process.wait(40) == 0
    finally:
        process.kill()
        process.wait()
        assert process.stderr is not None
        process.stderr.close()


def starts(site: Site) -> list[str]:
    """Which version each start in the books was of, newest first."""
    try:
        with open_reader(site.journal) as reader:
            return [entry.fact.version for entry in reader.newest(50) if isinstance(entry.fact, TerminalStarted)]
    except Unavailable:  # it is being made
        return []


def test_a_version_is_exchanged_between_shifts_started_again_when_killed_and_ends_with_the_system(site):
    put(site)
    with kept(site) as keeper:
        eventually(lambda: starts(site) == [str(NEW), __version__], 120)
        (child,) = children(keeper.pid)
        os.kill(child, signal.SIGKILL)
        eventually(lambda: starts(site) == [str(NEW), str(NEW), __version__], 120)
    assert not is_held(site.journal)
    with open_reader(site.journal) as reader:
        assert reader.verify().broken_at is None
    assert shelf(site.updates).running().version == NEW
    assert shelf(site.updates).running().given_up == frozenset()


def test_a_version_that_cannot_read_the_books_never_touches_them(site):
    put(site, broken='import pos_client.adapters.sqlite.migrate as m; m.bring_up.__kwdefaults__["version"] = 1')
    with kept(site):
        eventually(lambda: NEW in shelf(site.updates).running().given_up, 120)
        eventually(lambda: starts(site) == [__version__, __version__], 120)
    assert shelf(site.updates).running().version is None
    with open_reader(site.journal) as reader:
        assert reader.verify().broken_at is None


def children(pid: int) -> list[int]:
    text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    return [int(each) for each in text.split()]
