"""The reader leaves no trace: not in a book that was closed, nor in one that was killed, nor in one at work."""

from __future__ import annotations

import hashlib
import json
import shutil
from pathlib import Path

import pytest

from pos_client.adapters.sqlite.reader import as_json, open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, opened


def traces(folder: Path) -> dict[str, tuple[str, int]]:
    """Bytes and time of every file (the shared-memory index aside: a book at work changes it by itself)."""
    return {
        file.name: (hashlib.sha256(file.read_bytes()).hexdigest(), file.stat().st_mtime_ns)
        for file in folder.iterdir()
        if not file.name.endswith("-shm")
    }


def read_all(book: Path) -> list[int]:
    with open_reader(book) as reader:
        verdict = reader.verify({1: b"k"})
        assert (verdict.broken_at, verdict.unchecked) == (None, 0)
        assert [entry.fact for entry in reader.entries_of("sale-2")] == [opened(2)]
        assert [entry.seq for entry in reader.newest(2)] == [3, 2]
        return [entry.seq for entry in reader.everything()]


def test_a_closed_book(tmp_path: Path):
    store = open_store(tmp_path / "journal.db", chain_key=b"k")
    store.commit(Change(facts=(opened(1), opened(2), opened(3))), AT)
    store.close()
    before = traces(tmp_path)
    assert read_all(tmp_path / "journal.db") == [1, 2, 3]
    assert traces(tmp_path) == before
    assert not (tmp_path / "journal.db-shm").exists()


def test_a_book_at_work(tmp_path: Path):
    store = open_store(tmp_path / "journal.db", chain_key=b"k")
    store.commit(Change(facts=(opened(1), opened(2), opened(3))), AT)
    before = traces(tmp_path)
    assert read_all(tmp_path / "journal.db") == [1, 2, 3]
    assert traces(tmp_path) == before
    assert [entry.seq for entry in store.commit(Change(facts=(opened(4),)), AT)] == [4]
    store.close()


def test_a_book_whose_terminal_lost_its_power(tmp_path: Path):
    store = open_store(tmp_path / "journal.db", chain_key=b"k")
    store.commit(Change(facts=(opened(1), opened(2), opened(3))), AT)
    dead = tmp_path / "dead"
    dead.mkdir()
    for name in ("journal.db", "journal.db-wal"):
        shutil.copy(tmp_path / name, dead)
    store.close()
    before = traces(dead)
    assert read_all(dead / "journal.db") == [1, 2, 3]
    assert traces(dead) == before


def test_no_such_book(tmp_path: Path):
    with pytest.raises(Unavailable, match="no such file"), open_reader(tmp_path / "absent.db"):
        pass
    assert list(tmp_path.iterdir()) == []


def test_not_a_book(tmp_path: Path):
    (tmp_path / "x.db").write_bytes(b"x" * 5000)
    with pytest.raises(Unavailable, match="store_corrupt"), open_reader(tmp_path / "x.db"):
        pass


def test_an_entry_as_json_is_json(tmp_path: Path):
    store = open_store(tmp_path / "journal.db")
    (entry,) = store.commit(Change(facts=(opened(1),)), AT)
    store.close()
    said = json.loads(json.dumps(as_json(entry)))
    assert (said["seq"], said["kind"], said["subject"]) == (1, "SaleOpened", "sale-1")
    assert said["fact"]["receipt_number"] == "T1-000001"
