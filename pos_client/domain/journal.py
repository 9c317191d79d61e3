"""The journal: numbered, append-only; the one ledger receipts, queue and recovery read.

One canonical encoding of a fact: JSON with sorted keys and no spaces. The bytes are made once and kept as they are.
"""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime
from typing import Any

from pos_client.domain.facts import KINDS, Fact, subject_of
from pos_client.value import dataclass

_CANONICAL = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in KINDS.values()}
"""The fields of each kind. Facts are flat, so naming them is copying them."""


class UnreadableFact(ValueError):
    """A journal row this program cannot read: unknown kind, missing or surplus field, not JSON."""


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One row. `seq` starts at 1 and has no gaps."""

    seq: int
    at: datetime
    fact: Fact

    @property
    def subject(self) -> str:
        """The story the entry belongs to."""
        return subject_of(self.fact)


def encode(fact: Fact) -> tuple[str, bytes]:
    """Kind and canonical bytes of a fact."""
    return type(fact).__name__, _CANONICAL({name: getattr(fact, name) for name in _NAMES[type(fact)]}).encode()


def decode(kind: str, body: bytes) -> Fact:
    """The fact of a journal row. Raises `UnreadableFact`."""
    cls = KINDS.get(kind)
    if cls is None:
        raise UnreadableFact(f"unknown kind {kind!r}")
    try:
        values: dict[str, Any] = json.loads(body)
        known = cls.__dataclass_fields__.keys()
        if not values.keys() <= known:
            raise UnreadableFact(f"{kind}: unknown fields {sorted(values.keys() - known)}")
        return cls(**{name: _frozen(value) if type(value) is list else value for name, value in values.items()})
    except (TypeError, ValueError, AttributeError, RecursionError) as error:
        raise UnreadableFact(f"{kind}: {error}") from error


def _frozen(value: Any) -> Any:
    """JSON lists come back as the tuples they were."""
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value
