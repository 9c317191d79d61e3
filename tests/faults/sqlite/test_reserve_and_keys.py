"""Room for what must be written on a full disk; keys that come late, are missing, or are another's."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.reserve import Reserve
from pos_client.adapters.sqlite.store import open_store
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, opened
from tests.fakes.disk import FaultyDisk, faulty_disk

KEY, OTHER = b"k" * 32, b"o" * 32


class Tight(FaultyDisk):
    """A disk that is full for as long as the reserve is there."""

    reserve: Reserve

    def strike(self) -> None:
        if self.reserve.is_there and self.fault is not None:
            raise self.fault("full")


def test_fuel_that_has_flowed_is_written_on_a_full_disk_and_nothing_else_is(tmp_path: Path):
    book = tmp_path / "journal.db"
    reserve = Reserve(book, 1 << 20)
    Tight.reserve = reserve
    disk = Tight()
    try:
        store = open_store(book, reserve=reserve)
        assert reserve.is_there
        disk.fault = apsw.FullError
        with pytest.raises(Unavailable, match="disk_full"):
            store.commit(Change((opened(1),)), AT)
        assert reserve.is_there
        store.commit(Change((opened(2),), urgent=True), AT)
        assert not (tmp_path / "journal.db.reserve").exists()
        store.commit(Change((opened(3),), urgent=True), AT)
        assert [entry.fact for entry in store.recent(9)] == [opened(3), opened(2)]
        store.close()
    finally:
        disk.unregister()


def test_without_a_reserve_a_full_disk_refuses_everything(tmp_path: Path):
    with faulty_disk() as disk:
        store = open_store(tmp_path / "journal.db")
        disk.fail(apsw.FullError)
        with pytest.raises(Unavailable, match="disk_full"):
            store.commit(Change((opened(1),), urgent=True), AT)
        disk.mend()
        store.close()


def test_a_reserve_that_does_not_fit_is_not_half_made(tmp_path: Path):
    nowhere = Reserve(tmp_path / "no such folder" / "journal.db")
    assert not nowhere.keep()
    assert not nowhere.give_up()


def test_a_key_that_comes_late_is_used_from_then_on(tmp_path: Path):
    book = tmp_path / "journal.db"
    store = open_store(book)
    store.commit(Change((opened(1),)), AT)
    store.use_key(KEY)
    store.commit(Change((opened(2),)), AT)
    store.close()
    again = open_store(book)
    again.commit(Change((opened(3),)), AT)  # nobody could reach the key store this time
    again.use_key(KEY)
    again.commit(Change((opened(4),)), AT)
    again.close()
    with open_reader(book) as reader:
        known, unknown = reader.verify({1: KEY}), reader.verify()
        wrong = reader.verify({1: OTHER})
    assert (known.broken_at, known.unchecked, known.unkeyed_later) == (None, 0, 1)
    assert (unknown.broken_at, unknown.unchecked) == (None, 2)
    assert wrong.broken_at == 2


def test_another_key_is_not_taken_for_ours(tmp_path: Path):
    book = tmp_path / "journal.db"
    store = open_store(book, chain_key=KEY)
    store.commit(Change((opened(1),)), AT)
    store.close()
    again = open_store(book)
    with pytest.raises(Unavailable) as refused:
        again.use_key(OTHER)
    assert refused.value.code == "store_tampered"
    again.close()


def test_a_row_somebody_changed_together_with_its_open_chain_is_found_by_the_key(tmp_path: Path):
    """Without a key anybody can make a chain that holds; with one, nobody."""
    book = tmp_path / "journal.db"
    store = open_store(book, chain_key=KEY)
    for n in range(1, 4):
        store.commit(Change((opened(n),)), AT)
    store.close()
    hand = apsw.Connection(str(book))
    hand.execute("DROP TRIGGER journal_is_never_changed")
    hand.execute("UPDATE journal SET key = 0 WHERE seq = 2")
    hand.close()
    with open_reader(book) as reader:
        assert reader.verify({1: KEY}).broken_at == 2
