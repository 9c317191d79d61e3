"""What a promise is held to: an answer of this kind, a refusal with this code; and how what was moved is moved back."""

from __future__ import annotations

from typing import TypeVar

from pos_client.bootstrap.conformance.asking import Asking
from pos_client.domain.identifiers import AccrualId, RedemptionId, ReversalId
from pos_client.ports import central as port

Kind = TypeVar("Kind")

HELD, FUELLED = 1_000, 900
"""Points set aside, and đồng fuelled against them."""


class NotTried(Exception):
    """A promise that needs something nobody has given us."""


def is_a(answer: object, kind: type[Kind]) -> Kind:
    """The answer, when it is of this kind. Raises `AssertionError` that says what came instead."""
    assert isinstance(answer, kind), f"{kind.__name__} was expected, and came: {answer}"
    return answer


def refused(answer: object, code: str) -> port.Problem:
    """The refusal, when it has this code. Raises `AssertionError` that says what came instead."""
    assert isinstance(answer, port.Problem), f"a refusal was expected, and came: {answer}"
    assert answer.code == code, f"{code} was expected, and came: {answer}"
    return answer


def reversal(ask: Asking, what: port.Undone, name: AccrualId | RedemptionId) -> port.Reverse:
    """Undo what the trial has done."""
    return port.Reverse(ReversalId(ask.new_id()), what, name, "trial", "trial", ask.time())
