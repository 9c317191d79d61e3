"""What all facts have in common."""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Fact:
    """Base of all facts. A concrete fact is a frozen dataclass; its first field is its subject."""


def subject_of(fact: Fact) -> str:
    """The story a fact belongs to: the value of its first field."""
    return str(getattr(fact, next(iter(fact.__dataclass_fields__))))
