"""Opens the till's books, from their mirror if need be, and gives the chain its key when the key store answers."""

from __future__ import annotations

import logging
import os
from pathlib import Path
from typing import Protocol

from pos_client.adapters.sqlite.mirror import open_mirror
from pos_client.adapters.sqlite.rebuild import Rebuilt, rebuild
from pos_client.adapters.sqlite.reserve import Reserve
from pos_client.adapters.sqlite.store import SqliteStore, open_store
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from pos_client.ports.reports import KeyStoreReported
from pos_client.value import dataclass

log = logging.getLogger(__name__)

FROM_THE_MIRROR = frozenset({"store_corrupt", "store_behind"})
"""What is wrong with a book that its mirror can mend."""
CHAIN_KEY = "journal-chain"
KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Books:
    """The open store, and what had to be done for it."""

    store: SqliteStore
    rebuilt: Rebuilt | None = None


def open_books(site: Site, mirror_folder: str, *, training: bool = False) -> Books:
    """The till's books, or those of training. Raises `Unavailable` as `open_store` does, when the mirror cannot help
    either; the disk's own reason, when it is the disk that stands in the way of making them anew."""
    book = site.journal
    folder = Path(mirror_folder) if mirror_folder else book.with_name("mirror")

    def opened() -> SqliteStore:
        return open_store(book, mirror=open_mirror(folder, book), reserve=Reserve(book), training=training)

    try:
        return Books(opened())
    except Unavailable as trouble:
        if trouble.code not in FROM_THE_MIRROR:
            raise
        try:
            rebuilt = rebuild(book, folder, training=training)
        except Unavailable as second:
            raise trouble if second.code in FROM_THE_MIRROR else second from trouble
        log.error("the book was made anew from its mirror (%s): %s", trouble, rebuilt)
        return Books(opened(), rebuilt)


class Secrets(Protocol):
    """What is needed of a key store. Every method raises `Unavailable`."""

    def get(self, name: str) -> bytes | None:
        """The secret of a name."""

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret."""


@dataclass(frozen=True, slots=True, repr=False)
class ChainKeyFound:
    """The key store answered. `fresh`: it knew no key, this one was just made. Its `repr` shows nothing."""

    key: bytes
    fresh: bool

    def __repr__(self) -> str:
        return f"ChainKeyFound(fresh={self.fresh})"


def chain_key(secrets: Secrets) -> ChainKeyFound:
    """The key of this till's chain out of the key store, made there if there is none. Raises `Unavailable`, also
    `secrets_damaged` for one of another length."""
    found = secrets.get(CHAIN_KEY)
    if found is not None and len(found) != KEY_BYTES:
        raise Unavailable("secrets_damaged", CHAIN_KEY)
    if found is not None:
        return ChainKeyFound(found, fresh=False)
    made = os.urandom(KEY_BYTES)
    secrets.put(CHAIN_KEY, made)
    if secrets.get(CHAIN_KEY) != made:
        raise Unavailable("secrets_forgotten", CHAIN_KEY)
    return ChainKeyFound(made, fresh=True)


def take_chain_key(store: SqliteStore, found: ChainKeyFound) -> KeyStoreReported:
    """Chain with it from now on; what is to be told.

    A key store that has lost the key of rows already written may have been cleared, or be somebody else's: a new key is
    begun, so that the chain goes on, and no points are spent until somebody has looked.
    """
    if found.fresh and store.has_keyed_rows:
        store.begin_key(found.key)
        return KeyStoreReported("chain_key_lost")
    try:
        store.use_key(found.key)
    except Unavailable as trouble:
        log.error("the journal's chain: %s", trouble)
        return KeyStoreReported(trouble.code)
    return KeyStoreReported(None)
