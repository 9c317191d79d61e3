"""What the trade itself can refuse.

A `RuleViolation` is somebody's turn: the operator's. It carries a named kind, never a sentence; the words are in
the catalogue (`resources/translations`), so that the same refusal reads the same on every screen and receipt.
"""

from __future__ import annotations


class RuleViolation(Exception):
    """A rule of the trade says no. `code` names it; `params` fill the sentence in the catalogue."""

    def __init__(self, code: str, **params: int | str) -> None:
        super().__init__(code)
        self.code = code
        self.params = params


class IllegalTransition(RuleViolation):
    """A state machine was given an event its table does not hold: from where, by what."""

    def __init__(self, machine: str, state: object, event: object) -> None:
        super().__init__("illegal_transition", machine=machine, state=str(state), event=str(event))

    def __str__(self) -> str:
        return f"{self.params['machine']}: {self.params['event']} is not possible in {self.params['state']}"
