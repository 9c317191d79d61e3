"""When the terminal cannot start it says so, on the screen and on the console, leaves everything as it is, and ends.

A second instance, damaged settings, a damaged book, a folder that is none, no display.
"""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.settings_file.toml_file import previous_path, write_settings
from pos_client.adapters.sqlite.instance_lock import InstanceLock, is_held
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.books import open_books
from pos_client.bootstrap.paths import Site
from pos_client.domain.facts import SessionOpened
from pos_client.domain.keeping import EXIT_REFUSED
from pos_client.ports.store import Change
from pos_client.settings.model import Settings, StationSettings
from tests.contracts.store_contract import AT
from tests.end_to_end.console import ROOT, WITHOUT_DISPLAY, Answer, pos_client, with_a_hand
from tests.end_to_end.counter import WORDS
from tests.waiting import eventually

GOOD = Settings(station=StationSettings("CHXD018", "CHXD số 18"))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    folder = tmp_path / "till"
    folder.mkdir()
    return Site(folder)


def refused(answer: Answer, code: str, *more: str, ended: int = 1) -> None:
    """It ended so; window and console say all three parts of the notice, and whatever else is named."""
    assert answer.returncode == ended
    for part in ("what", "means", "key"):
        words = WORDS["vi"].say(f"notice.{code}.{part}")
        assert words in answer.stdout
        assert words in answer.stderr
        assert WORDS["en"].say(f"notice.{code}.{part}")
    for each in more:
        assert each in answer.stdout
        assert each in answer.stderr
    assert "Traceback" not in answer.stderr
    assert "opened" not in answer.stdout


def test_a_second_instance_is_refused_and_the_first_goes_on(site: Site):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)}
    first = subprocess.Popen(
        [sys.executable, "-m", "pos_client", "--data", str(site.folder)], env=environment, stderr=subprocess.DEVNULL
    )
    try:
        eventually(lambda: site.journal.exists() and is_held(site.journal), 30.0, what="the first keeps the books")
        refused(with_a_hand(site.folder, "close"), "already_running")
        if sys.platform != "win32" and os.getuid() == 0 and another_can_start_it():
            refused(with_a_hand(site.folder, "close", under=ANOTHER), "folder_of_another", "(root)")
        assert first.poll() is None
    finally:
        first.send_signal(signal.SIGTERM)
        first.wait(20)
    with open_reader(site.journal) as reader:
        assert reader.verify().broken_at is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"garbage = = 1\n", ["dòng 1"]),
        (bytes(range(256)), ["dòng 2"]),
        (
            b'[station]\nstation = 5\nfoo = 1\n[printer]\ncolumns = 7\n[[lines]]\nname = "a"\n',
            ["station.station", "station.foo", "printer.columns", "lines[0].protocol", "lines[0].port"],
        ),
        (b'[central]\nurl = "http://elsewhere.example"\n[[grades]]\n', ["central.url", "grades[0].code"]),
    ],
    ids=["no toml", "no text", "wrong values", "contradictions"],
)
def test_damaged_settings_are_refused_with_every_fault_and_its_place(site: Site, text: bytes, named: list[str]):
    site.settings.write_bytes(text)
    refused(with_a_hand(site.folder, "close"), "settings_damaged", *named)
    assert site.settings.read_bytes() == text
    assert not site.journal.exists()


def test_the_last_settings_that_were_right_are_offered_and_the_damaged_ones_kept(site: Site):
    write_settings(site.settings, GOOD)
    write_settings(site.settings, replace(GOOD, station=StationSettings("CHXD019")))
    site.settings.write_bytes(b"\0damaged")
    assert previous_path(site.settings).exists()
    answer = with_a_hand(site.folder, "offer")
    assert "Traceback" not in answer.stderr
    assert answer.returncode == 0
    assert answer.stdout.splitlines()[-1] == "opened"
    assert b"CHXD018" in site.settings.read_bytes()
    assert site.settings.with_name("settings.toml.damaged").read_bytes() == b"\0damaged"


def test_a_damaged_book_is_refused_and_not_touched(site: Site):
    damaged = os.urandom(9_000)
    site.journal.write_bytes(damaged)
    refused(with_a_hand(site.folder, "close"), "store_corrupt")
    assert site.journal.read_bytes() == damaged


ANOTHER = ("setpriv", "--reuid", "54321", "--regid", "54321", "--clear-groups")


def another_can_start_it() -> bool:
    """Whether the program lies where everybody can read it."""
    if shutil.which(ANOTHER[0]) is None:
        return False
    asked = [*ANOTHER, sys.executable, "-c", f"open({str(ROOT / 'pyproject.toml')!r})"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def test_a_folder_that_is_none_is_named_also_by_what_keeps_the_till_running(tmp_path: Path):
    """The keeper is started by the desktop: what it cannot do has to stand on the screen."""
    (tmp_path / "file").write_text("x", "utf-8")
    for command, ended in (("", 1), ("keep", EXIT_REFUSED)):
        answer = with_a_hand(tmp_path / "file", "close", command)
        refused(answer, "no_folder", str(tmp_path / "file"), ended=ended)


def test_a_second_session_of_the_same_user_is_told_of_the_first(site: Site):
    lock = InstanceLock(site.folder / "keeper")
    refused(with_a_hand(site.folder, "close", "keep"), "already_running", ended=EXIT_REFUSED)
    lock.release()
    assert not site.journal.exists()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="mounts")
def test_a_disk_that_turned_read_only_is_said_and_the_books_stay_as_they_are(tmp_path: Path):
    site = Site(tmp_path / "disk" / "till")
    site.folder.mkdir(parents=True)
    _worked(site)
    mount, disk = shutil.which("mount"), str(tmp_path / "disk")
    before = {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()}
    turned = [[str(mount), "--bind", disk, disk], [str(mount), "-o", "remount,ro,bind", disk]]
    if mount is None or subprocess.run(turned[0], capture_output=True, check=False).returncode:
        pytest.skip("only root may mount")
    try:
        subprocess.run(turned[1], check=True)
        refused(with_a_hand(site.folder, "close"), "folder_read_only", str(site.folder))
    finally:
        subprocess.run(["umount", "--lazy", disk], check=True)
    assert {path: path.read_bytes() for path in site.folder.rglob("*") if path.is_file()} == before


FOREIGN = {"LC_ALL": "C", "LANG": "", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "", "TMPDIR": "/nowhere/at/all"}
"""An old machine: no alphabet of ours, no place for temporary files. Python is kept from helping itself."""
NAMED = (
    "unshare",
    "--uts",
    sys.executable,
    "-c",
    "import os, socket, sys; socket.sethostname('trạm-số-18'.encode()); os.execvp(sys.argv[1], sys.argv[1:])",
)
"""A machine whose name no name service would take."""


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="alphabets and names of a Linux machine")
def test_a_machine_of_another_alphabet_with_vietnamese_names_everywhere_works_like_any_other(tmp_path: Path):
    site = Site(tmp_path / "Cửa hàng xăng dầu số 18" / "dữ liệu máy bán")
    site.folder.mkdir(parents=True)
    named = NAMED if subprocess.run([*NAMED, "true"], capture_output=True, check=False).returncode == 0 else ()
    opened = with_a_hand(site.folder, "close", env=FOREIGN, under=named)
    assert opened.stdout.splitlines()[-1:] == ["opened"], opened.stderr
    assert opened.returncode == 0
    with open_reader(site.journal) as reader:
        assert reader.verify().broken_at is None
    bundle = tmp_path / "gói hỗ trợ.zip"
    answer = pos_client("support-bundle", bundle, "--data", site.folder, env=FOREIGN, under=named)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert str(bundle) in answer.stdout
    assert zipfile.is_zipfile(bundle)
    with zipfile.ZipFile(bundle) as archive:
        assert "trạm-số-18".encode() not in b"".join(map(archive.read, archive.namelist()))


@pytest.mark.skipif(
    sys.platform == "win32" or not another_can_start_it(), reason="only root can be a user without home"
)
def test_a_user_without_a_home_gets_no_books_where_nobody_would_look():
    answer = pos_client("doctor", env={"HOME": ""}, under=ANOTHER)
    assert answer.returncode == 1
    assert WORDS["vi"].say("notice.no_home.what") in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems have a display or nobody logged in")
@pytest.mark.parametrize("display", ["", ":93"], ids=["none", "one that does not answer"])
def test_without_a_display_one_sentence_says_so(site: Site, display: str):
    for words in (("--data", site.folder), ("demo",)):
        answer = pos_client(*words, env={**WITHOUT_DISPLAY, "DISPLAY": display})
        assert answer.returncode == 1
        assert len(answer.stderr.splitlines()) == 1
        assert "no display" in answer.stderr
        assert "màn hình" in answer.stderr
    assert list(site.folder.iterdir()) == []


def _worked(site: Site) -> None:
    """A till that was set up and has written a little."""
    write_settings(site.settings, GOOD)
    store = open_books(site, "").store
    for n in range(1, 4):
        store.commit(Change((SessionOpened("T1", n, "2026-11-23T08:00:00+07:00"),)), AT)
    store.close()


def _without_mirror(site: Site) -> None:
    shutil.rmtree(site.journal.with_name("mirror"))


def test_a_book_cut_in_the_middle_is_refused_and_kept_as_it_is(site: Site):
    """Without a mirror nobody can say what stood in the lost half."""
    _worked(site)
    _without_mirror(site)
    whole = site.journal.read_bytes()
    site.journal.write_bytes(whole[: len(whole) // 2])
    refused(with_a_hand(site.folder, "close"), "store_corrupt")
    assert site.journal.read_bytes() == whole[: len(whole) // 2]


def test_a_book_of_a_later_program_is_refused_and_not_touched(site: Site):
    _worked(site)
    with closing(sqlite3.connect(site.journal)) as book:
        book.execute("PRAGMA user_version = 9999")
    before = site.journal.read_bytes()
    refused(with_a_hand(site.folder, "close"), "store_newer")
    assert site.journal.read_bytes() == before


def test_a_book_edited_by_hand_is_refused_and_kept_as_it_is(site: Site):
    """Somebody who knows SQLite changed a row's body; without a mirror nobody can say what stood there."""
    _worked(site)
    _without_mirror(site)
    with closing(sqlite3.connect(site.journal)) as book, book:
        for (name,) in book.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            book.execute(f"DROP TRIGGER {name}")
        edit = "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), '2', '7') AS BLOB) WHERE seq = 2"
        assert book.execute(edit).rowcount == 1
    before = site.journal.read_bytes()
    refused(with_a_hand(site.folder, "close"), "store_corrupt")
    assert site.journal.read_bytes() == before


def test_a_keeper_is_told_a_refusal_from_a_crash(site: Site):
    """Else it would start again and again what has said on the screen why it does not start."""
    site.settings.write_bytes(b"\0damaged")
    refused(with_a_hand(site.folder, "close", "--kept exchange"), "settings_damaged", ended=EXIT_REFUSED)
