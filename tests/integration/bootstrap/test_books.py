"""The till's books as a start finds them: damaged, put back from an old copy, with a key store that knows less."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pos_client.bootstrap.books import ChainKeyFound, chain_key, open_books, take_chain_key
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, opened

REBUILT = pytest.mark.log_expected("a damaged book is said in the log")


class Keys:
    """A key store with behaviour: it may forget."""

    def __init__(self, *, forgets: bool = False) -> None:
        self.kept: dict[str, bytes] = {}
        self.forgets = forgets

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        if not self.forgets:
            self.kept[name] = secret


def filled(site: Site, *numbers: int, mirror: str = "") -> None:
    store = open_books(site, mirror).store
    for n in numbers:
        store.commit(Change((opened(n),)), AT)
    store.close()


@REBUILT
@pytest.mark.parametrize("damage", ["rubbish", "old copy", "gone"])
def test_a_damaged_old_or_missing_book_is_made_anew(tmp_path: Path, damage: str):
    site = Site(tmp_path)
    filled(site, 1, 2)
    old = site.journal.read_bytes()
    filled(site, 3, 4)
    if damage == "gone":
        site.journal.unlink()
    else:
        site.journal.write_bytes(old if damage == "old copy" else os.urandom(9000))
    books = open_books(site, "")
    assert books.rebuilt is not None
    assert books.rebuilt.rows == 4
    assert [entry.fact for entry in books.store.recent(9)] == [opened(n) for n in (4, 3, 2, 1)]
    books.store.close()


def test_a_mirror_elsewhere_is_used(tmp_path: Path):
    site, elsewhere = Site(tmp_path / "till"), tmp_path / "other disk" / "đĩa phụ"
    site.folder.mkdir()
    filled(site, 1, mirror=str(elsewhere))
    assert list(elsewhere.glob("*.seg"))


def test_damage_that_the_mirror_cannot_mend_is_told_as_it_is(tmp_path: Path):
    site = Site(tmp_path)
    site.journal.write_bytes(os.urandom(5000))
    with pytest.raises(Unavailable, match="store_corrupt"):
        open_books(site, "")
    assert site.journal.stat().st_size == 5000


def test_the_key_is_made_once_and_found_again(tmp_path: Path):
    keys, site = Keys(), Site(tmp_path)
    first, second = chain_key(keys), chain_key(keys)
    assert first.fresh
    assert not second.fresh
    assert first.key == second.key
    assert first.key.hex() not in repr(first)
    store = open_books(site, "").store
    assert take_chain_key(store, first).trouble is None
    store.commit(Change((opened(1),)), AT)
    store.close()
    again = open_books(site, "").store
    assert take_chain_key(again, second).trouble is None
    again.close()


@pytest.mark.log_expected("a chain that does not fit its key is said in the log")
def test_a_key_store_that_lost_the_key_or_has_another_one_blocks_points(tmp_path: Path):
    site = Site(tmp_path)
    store = open_books(site, "").store
    take_chain_key(store, chain_key(Keys()))
    store.commit(Change((opened(1),)), AT)
    store.close()
    again = open_books(site, "").store
    assert take_chain_key(again, chain_key(Keys())).trouble == "chain_key_lost"
    again.commit(Change((opened(2),)), AT)
    again.close()
    third = open_books(site, "").store
    assert take_chain_key(third, ChainKeyFound(b"x" * 32, fresh=False)).trouble == "store_tampered"
    third.close()


def test_a_key_store_that_lies_is_not_believed():
    with pytest.raises(Unavailable, match="secrets_forgotten"):
        chain_key(Keys(forgets=True))
