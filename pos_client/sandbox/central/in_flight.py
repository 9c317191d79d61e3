"""A twin that arrives while the first is still being decided is told so, at once (409): it does not queue for a place.

In one process on SQLite the keys under way are remembered here; workers on PostgreSQL share a lock of the database,
which ends with its transaction however that ends.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Boolean, ColumnElement, Integer, bindparam, func, true

_BY_KEY, _LOCK = 0x504B, "lock"
"""The first half of PostgreSQL's advisory locks for keys; the second is a digest of terminal and key."""


class InFlight:
    """Keys that are being decided in this process."""

    def __init__(self) -> None:
        self._keys: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    @contextmanager
    def claim(self, terminal: str, key: str) -> Iterator[bool]:
        """Whether nobody else in this process has this key now; it is ours until the end of the block."""
        one = (terminal, key)
        with self._lock:
            is_ours = one not in self._keys
            self._keys.add(one)
        try:
            yield is_ours
        finally:
            if is_ours:
                with self._lock:
                    self._keys.discard(one)


def claimed_everywhere(dialect: str) -> ColumnElement[bool]:
    """Takes the key of `lock_of`, and says whether no other process has it now; ours until the end of the transaction.
    Two keys in four thousand million share a lock: one of them is asked to come again."""
    if dialect == "sqlite":
        return true()
    return func.pg_try_advisory_xact_lock(_BY_KEY, bindparam(_LOCK, type_=Integer), type_=Boolean)


def lock_of(terminal: str, key: str) -> dict[str, int]:
    """The parameter of `claimed_everywhere`."""
    digest = hashlib.sha256(f"{terminal}\0{key}".encode()).digest()
    return {_LOCK: int.from_bytes(digest[:4], signed=True)}
