"""What is wrong with settings, as a value: where, what, and what fills the sentence."""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `place`: `lines[0].points[2].address`; words: `fault.<code>` filled with `params`."""

    place: str
    code: str
    params: tuple[tuple[str, int | str], ...] = ()


def between(minimum: int, maximum: int) -> tuple[tuple[str, int | str], ...]:
    """The params of a fault about a range."""
    return (("minimum", minimum), ("maximum", maximum))
