"""A promise that was broken: which one, and what showed it."""

from __future__ import annotations


class Violation(AssertionError):
    """An invariant of the design did not hold. `invariant`: its name (I1..I19, L1..L4), or `bug`."""

    def __init__(self, invariant: str, what: str) -> None:
        super().__init__(f"{invariant}: {what}")
        self.invariant = invariant
        self.what = what


def hold(condition: bool, invariant: str, what: str) -> None:
    """Raise `Violation` unless the condition holds."""
    if not condition:
        raise Violation(invariant, what)
