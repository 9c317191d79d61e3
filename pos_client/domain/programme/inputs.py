"""Facts a rule asks for, declared once: name, shape, unit, words. What is given is read strictly or refused by name.

"1.000.000", "1e6", "12,5" and full-width digits are refused, not interpreted: a point read wrongly is a point somebody
loses. A fact whose name ends in its unit may be given without it (`amount` for `amount_vnd`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from enum import StrEnum
from fractions import Fraction

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme.calendar import LAST_YEAR
from pos_client.value import dataclass

LARGEST_AMOUNT = 100_000_000_000
"""đồng or points in one statement: ten thousand full tanks. More is a typing error, and is refused as one."""
FIRST_YEAR = 1900

_WHOLE = re.compile(r"^-?\d{1,30}$", re.ASCII)
_NUMBER = re.compile(r"^-?\d{1,30}(?:[.,]\d{1,30})?$", re.ASCII)
_YES = {"yes": True, "true": True, "1": True, "co": True, "có": True}
_NO = {"no": False, "false": False, "0": False, "khong": False, "không": False}
_UNITS = ("_vnd", "_mb", "_points")

FactValue = int | bool | str | date | Fraction | tuple[str, ...] | tuple[int, ...]


class Shape(StrEnum):
    """How a fact is written."""

    WHOLE = "whole"
    WHOLES = "wholes"
    NUMBER = "number"
    DATE = "date"
    YES_NO = "yes_no"
    WORD = "word"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing a rule wants to know. `choices` empty: any word; `least` for whole numbers."""

    name: str
    shape: Shape
    vi: str
    en: str
    required: bool = True
    choices: tuple[str, ...] = ()
    least: int = 0

    @property
    def aliases(self) -> tuple[str, ...]:
        """Names it may be given under."""
        short = [self.name.removesuffix(unit) for unit in _UNITS if self.name.endswith(unit)]
        return (self.name, *short)

    def read(self, raw: str) -> FactValue:
        """The value. Raises `RuleViolation` naming the fact and what is wrong with it."""
        match self.shape:
            case Shape.WHOLE:
                return whole(raw, self.name, self.least)
            case Shape.WHOLES:
                return tuple(whole(part, self.name, self.least) for part in raw.split(",") if part.strip())
            case Shape.NUMBER:
                return _number(raw, self.name)
            case Shape.DATE:
                return a_day(raw, self.name)
            case Shape.YES_NO:
                return self._yes_no(raw)
            case Shape.WORD:
                return self._word(raw.strip())
            case Shape.WORDS:
                return tuple(self._word(part.strip()) for part in raw.split(",") if part.strip())

    def _yes_no(self, raw: str) -> bool:
        answer = {**_YES, **_NO}.get(raw.strip().lower())
        if answer is None:
            raise RuleViolation("fact_unknown_word", fact=self.name, value=raw[:40], known="yes, no")
        return answer

    def _word(self, raw: str) -> str:
        if self.choices and raw not in self.choices:
            raise RuleViolation("fact_unknown_word", fact=self.name, value=raw[:40], known=", ".join(self.choices))
        if not raw:
            raise RuleViolation("fact_missing", facts=self.name)
        return raw


def whole(raw: str, name: str, least: int = 0, most: int = LARGEST_AMOUNT) -> int:
    """A whole number in plain digits. Raises `RuleViolation`: `not_whole`, `amount_too_small`, `amount_absurd`."""
    text = raw.strip()
    if not _WHOLE.match(text):
        raise RuleViolation("not_whole", fact=name, value=raw[:40])
    number = int(text)
    if number < least:
        raise RuleViolation("amount_too_small", fact=name, value=number, least=least)
    if number > most:
        raise RuleViolation("amount_absurd", fact=name, value=number, most=most)
    return number


def a_day(raw: str, name: str) -> date:
    """A calendar day, ISO 8601. Raises `RuleViolation` (`no_such_time`): 2026-02-29 is none."""
    try:
        day = date.fromisoformat(raw.strip())
    except ValueError:
        raise RuleViolation("no_such_time", fact=name, value=raw[:40]) from None
    _sensible(day.year, raw, name)
    return day


def a_time(raw: str, name: str) -> datetime:
    """A day or a time, ISO 8601; without an offset it is Vietnam's. Raises `RuleViolation` (`no_such_time`)."""
    try:
        at = datetime.fromisoformat(raw.strip())
    except ValueError:
        raise RuleViolation("no_such_time", fact=name, value=raw[:40]) from None
    _sensible(at.year, raw, name)
    return at.replace(tzinfo=VIETNAM) if at.tzinfo is None else at.astimezone(VIETNAM)


def end_of(day: date) -> datetime:
    """The last moment of a business day, for facts that are only a day."""
    return datetime.combine(day, time.max, VIETNAM)


def read_facts(wanted: Sequence[Fact], given: Mapping[str, str]) -> dict[str, FactValue]:
    """What was given, by declared name. Raises `RuleViolation`: `fact_unknown`, `fact_missing` (all of them named)."""
    by_alias = {alias: fact for fact in wanted for alias in fact.aliases}
    names = ", ".join(fact.name for fact in wanted)
    read: dict[str, FactValue] = {}
    for name, raw in given.items():
        fact = by_alias.get(name)
        if fact is None:
            raise RuleViolation("fact_unknown", fact=name[:40], known=names)
        if fact.name in read:
            raise RuleViolation("fact_twice", fact=fact.name)
        read[fact.name] = fact.read(raw)
    missing = [fact.name for fact in wanted if fact.required and fact.name not in read]
    if missing:
        raise RuleViolation("fact_missing", facts=", ".join(missing))
    return read


def _number(raw: str, name: str) -> Fraction:
    """A decimal, exactly."""
    text = raw.strip()
    if not _NUMBER.match(text):
        raise RuleViolation("not_a_number", fact=name, value=raw[:40])
    number = Fraction(text.replace(",", "."))
    if number < 0:
        raise RuleViolation("amount_too_small", fact=name, value=text[:40], least=0)
    if number > LARGEST_AMOUNT:
        raise RuleViolation("amount_absurd", fact=name, value=text[:40], most=LARGEST_AMOUNT)
    return number


def _sensible(year: int, raw: str, name: str) -> None:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise RuleViolation("no_such_time", fact=name, value=raw[:40])
