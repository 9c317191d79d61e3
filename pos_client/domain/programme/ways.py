"""What every way to earn has in common: the facts it asks for, its exact sum, and the words of both.

A way knows nothing of dates of validity, caps, rounding or expiry: these are the same for all and stand in
`accrual.py`. "Earns nothing" (not entitled) is an answer of 0 with its reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from fractions import Fraction
from typing import Annotated, Protocol, cast

from pos_client.domain.programme.inputs import Fact, FactValue, Shape
from pos_client.domain.programme.reading import Within
from pos_client.domain.programme.words import Sentence
from pos_client.value import dataclass

Contradictions = Iterator[tuple[str, str]]
Points = Annotated[int, Within(1, unit="points")]
Facts = Mapping[str, FactValue]

AMOUNT = Fact("amount_vnd", Shape.WHOLE, "số tiền", "amount in đồng", least=1)


@dataclass(frozen=True, slots=True)
class Sum:
    """Exact points before rounding, and how they came about."""

    exact: Fraction
    words: Sentence


class Way(Protocol):
    """One way to earn."""

    def facts(self) -> tuple[Fact, ...]:
        """What it asks for."""
        ...

    def sum(self, facts: Facts, on: date) -> Sum:
        """What these facts earn on a business day. Raises `RuleViolation` for facts that contradict each other."""
        ...


def nothing(vi: str, en: str) -> Sum:
    """Not entitled, and why."""
    return Sum(Fraction(0), Sentence(f"{vi}: 0 điểm", f"{en}: 0 points"))


def conditions(names: tuple[str, ...]) -> tuple[Fact, ...]:
    """Yes/no facts a way depends on."""
    return tuple(Fact(name, Shape.YES_NO, "điều kiện", "condition") for name in names)


def unmet(names: tuple[str, ...], facts: Facts) -> Sum | None:
    """The answer of 0 for the first condition that is not met; None: all are."""
    for name in names:
        if facts[name] is not True:
            return nothing(f"không đạt điều kiện {name}", f"condition {name} is not met")
    return None


def whole_of(facts: Facts, name: str) -> int:
    """A whole number among the facts; 0 when it was left out."""
    return cast(int, facts.get(name, 0))
