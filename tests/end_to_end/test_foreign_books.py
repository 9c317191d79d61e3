"""Books that are not what this till left: another till's, cut, edited by hand; the real program is started over them.

Either it goes on with all there was, and says in the language of the till what that means for points, or it refuses.
What was found damaged lies beside the new book as it was. Refusals without a mirror are in `test_cannot_start.py`.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.settings_file.toml_file import write_settings
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.books import open_books
from pos_client.bootstrap.paths import Site
from pos_client.domain.facts import SessionOpened
from pos_client.ports.store import Change
from pos_client.settings.model import ScreenSettings, Settings, StationSettings
from tests.contracts.store_contract import AT
from tests.end_to_end.console import opened_until_told, with_a_hand
from tests.end_to_end.counter import WORDS

pytestmark = pytest.mark.timeout(120)
STATION = StationSettings("CHXD018", "CHXD số 18")
ROWS = 40


@pytest.fixture
def site(tmp_path: Path, language: str) -> Site:
    """A till that has worked."""
    folder = tmp_path / "till"
    folder.mkdir()
    one = Site(folder)
    write_settings(one.settings, Settings(station=STATION, screen=ScreenSettings(language=language)))
    store = open_books(one, "").store
    for n in range(1, ROWS + 1):
        store.commit(Change((SessionOpened("T1", n, "2026-11-23T08:00:00+07:00"),)), AT)
    store.close()
    return one


def rows(book: Path) -> list[tuple[int, bytes]]:
    with closing(sqlite3.connect(f"file:{book}?mode=ro", uri=True)) as opened:
        return opened.execute("SELECT seq, body FROM journal ORDER BY seq").fetchall()


def started_and_said(site: Site, language: str, code: str) -> None:
    """It opens, and the window says what happened, in the till's own language; the console shows no traceback."""
    answer = opened_until_told(site.folder, WORDS[language].say(f"notice.{code}.key"))
    assert answer.stdout.splitlines()[-1:] == ["told"], (answer.stdout, answer.stderr)
    assert answer.returncode == 0
    assert "Traceback" not in answer.stderr
    with open_reader(site.journal) as reader:
        assert reader.verify().broken_at is None


@pytest.mark.parametrize("language", ["vi", "en"])
def test_books_of_another_till_are_used_and_said_to_be_anothers(site: Site, language: str):
    before = rows(site.journal)
    other = replace(STATION, terminal="T7")
    write_settings(site.settings, Settings(station=other, screen=ScreenSettings(language=language)))
    started_and_said(site, language, "books_of_another")
    assert rows(site.journal)[: len(before)] == before


def cut(book: Path) -> None:
    raw = book.read_bytes()
    book.write_bytes(raw[: len(raw) // 2])


def edited(book: Path) -> None:
    with closing(sqlite3.connect(book)) as hand, hand:
        for (name,) in hand.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            hand.execute(f"DROP TRIGGER {name}")
        edit = "UPDATE journal SET body = CAST(replace(CAST(body AS TEXT), '2', '7') AS BLOB) WHERE seq = 30"
        assert hand.execute(edit).rowcount == 1


@pytest.mark.parametrize(("damage", "language"), [(cut, "vi"), (edited, "en")])
def test_a_damaged_book_is_made_anew_from_its_mirror_and_kept_beside_it(
    site: Site, language: str, damage: Callable[[Path], None]
):
    before = rows(site.journal)
    damage(site.journal)
    found = site.journal.read_bytes()
    started_and_said(site, language, "store_rebuilt")
    assert rows(site.journal)[: len(before)] == before
    (aside,) = [each for each in site.folder.glob("journal.db.damaged-*") if each.suffix not in ("-wal", "-shm")]
    assert aside.read_bytes() == found


@pytest.mark.parametrize("language", ["vi"])
def test_logs_that_are_rubbish_keep_no_terminal_closed_and_no_book_from_its_rows(site: Site):
    before = rows(site.journal)
    site.logs.mkdir()
    for name in ("pos-client.log", "link-line.log", "wire-20261123-081500-all.jsonl"):
        (site.logs / name).write_bytes(os.urandom(5_000))
    answer = with_a_hand(site.folder, "close")
    assert answer.stdout.splitlines()[-1] == "opened"
    assert answer.returncode == 0
    assert "Traceback" not in answer.stderr
    assert rows(site.journal)[: len(before)] == before
