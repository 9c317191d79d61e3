"""The document's opening: `introduction.md`, with the tables of states and problems where it leaves room for them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from importlib import resources

from pos_client.protocols.central.problems import PROBLEMS
from pos_client.protocols.central.signing import LIVES_S, SKEW_S
from pos_client.sandbox.central.ledger.redemption_states import TRANSITIONS, Event, State

_NOTHING = "(none)"
_FIRST = (
    (_NOTHING, "hold, points are there", State.HELD.value, "set aside"),
    (_NOTHING, "hold, refused", State.DECLINED.value, "none; the refusal is kept for this id"),
    (_NOTHING, "void", State.VOIDED.value, "none; a tombstone"),
    (_NOTHING, "activation of a voucher, PIN right", State.ACTIVATED.value, "held, firm; a voucher is signed"),
)
EFFECTS = {
    Event.CONSENT: ("verify, the secret is right", "held, firm; a permit is signed"),
    Event.CAPTURE: ("capture", "the lesser of fuel and hold debited, the rest given back"),
    Event.VOID: ("void", "given back"),
    Event.TIME_UP: ("its time is up", "given back"),
    Event.EVIDENCE: ("somebody knows that nothing flowed", "given back"),
}
"""What moves a redemption, in the contract's words, and what that does to its points."""
_SILENCE = {
    State.AUTHORISED: ("24 hours without news", "still held, moved aside; the station is alarmed"),
    State.SUSPENSE: ("72 hours without news", "given back; fuel stated later is a shortfall of the station"),
}
"""Where time does not simply end a hold."""


def introduction() -> str:
    """Markdown."""
    text = resources.files(__package__).joinpath("introduction.md").read_text(encoding="utf-8")
    return text.format(lives_s=LIVES_S, skew_s=SKEW_S, states=_states(), problems=_problems())


def _states() -> str:
    moves = [
        (before.value, words, after.value, points)
        for (before, event), after in _moves()
        for words, points in [_SILENCE.get(before, EFFECTS[event]) if event is Event.TIME_UP else EFFECTS[event]]
    ]
    return _table(("state", "event", "next", "points"), (*_FIRST, *moves))


def _moves() -> list[tuple[tuple[State, Event], State]]:
    order = list(State)
    return sorted(TRANSITIONS.items(), key=lambda move: order.index(move[0][0]))


def _problems() -> str:
    rows = sorted((str(kind.status), f"`{code}`", kind.retry, kind.message_vi) for code, kind in PROBLEMS.items())
    return _table(("status", "code", "retry", "message_vi"), rows)


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
