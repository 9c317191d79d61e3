"""SqliteStore and the store in memory keep the contract."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change, Store
from tests.contracts.store_contract import AT, StoreContract, item, opened


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = open_store(tmp_path / "journal.db", chain_key=b"k" * 32)
        yield store
        store.close()


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()

    def test_a_fault_switched_on_refuses_the_commit_whole(self):
        store = MemoryStore()
        store.fault = "disk_full"
        with pytest.raises(Unavailable) as refused:
            store.commit(Change(facts=(opened(1),)), AT)
        assert refused.value.code == "disk_full"
        store.fault = None
        assert [entry.seq for entry in store.commit(Change(facts=(opened(1),)), AT)] == [1]


def test_everything_is_there_after_closing_and_opening(tmp_path: Path):
    store = open_store(tmp_path / "journal.db", chain_key=b"k")
    for n in range(1, 260):
        store.commit(Change(facts=(opened(n),), items=(item(n),), totalizers=((1, 1, n, n // 2),)), AT)  # type: ignore[arg-type]
    before = store.open_books()
    store.close()
    assert not (tmp_path / "journal.db-wal").exists()
    again = open_store(tmp_path / "journal.db", chain_key=b"k")
    assert again.open_books() == before
    assert before.receipt_counter == 259
    again.close()


def test_a_second_terminal_on_the_same_book_is_told_so(tmp_path: Path):
    first = open_store(tmp_path / "journal.db")
    with pytest.raises(Unavailable) as refused:
        open_store(tmp_path / "journal.db")
    assert refused.value.code == "already_running"
    first.close()
    open_store(tmp_path / "journal.db").close()


def test_an_absent_folder_is_named(tmp_path: Path):
    with pytest.raises(Unavailable, match="nowhere") as refused:
        open_store(tmp_path / "nowhere" / "journal.db")
    assert refused.value.code == "store_failed"
