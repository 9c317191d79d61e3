"""A programme's rules as values, read from a plain dictionary (`resources/programmes/*.toml`).

A rule keeps the row it has in the rule table, the phrase of the source and our reading of it, so that a refusal or an
explanation can always name its ground. Where the source can be read in two ways a parameter is the switch (`switches`
names it): head office changes a line of data, not the program. A number the source leaves out (B21, B25, B26) makes
the rule inactive; anything else that does not fit is a fault, and all faults are reported together.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import policies as p
from pos_client.domain.programme.consistency import cross_check
from pos_client.domain.programme.expiry import FixedDay, FixedDayException
from pos_client.domain.programme.policies import Rate, Rounding
from pos_client.domain.programme.reading import ProfileError, Reader
from pos_client.domain.programme.rule import Rule, read_rule
from pos_client.domain.quantities import Points
from pos_client.domain.tender import TenderClass
from pos_client.value import dataclass

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class DatedRate:
    """A rate, its row, and the days on which it holds."""

    row: str
    rate: Rate
    starts: date
    ends: date


@dataclass(frozen=True, slots=True)
class Profile:
    """One programme, ready to decide with. Rules the engine does not use itself stay readable in `rules`."""

    code: str
    name: str
    rules: tuple[Rule, ...]
    earns_from: date
    rates: Mapping[TenderClass, tuple[DatedRate, ...]]
    rounding: Rounding
    expiry: FixedDay | None
    expiry_exceptions: Mapping[int, date]
    """Year of fuelling -> last usable day (A27)."""
    minimum_points: Points
    step_points: Points

    def rule(self, row: str) -> Rule:
        """The rule of a row. Raises `KeyError` when the programme has no such row."""
        for rule in self.rules:
            if rule.row == row:
                return rule
        raise KeyError(row)

    def find(self, kind: type[T]) -> tuple[Rule, T] | None:
        """The first active rule of this class, if there is one."""
        return next(self.each(kind), None)

    def each(self, kind: type[T]) -> Iterator[tuple[Rule, T]]:
        """All active rules of this class."""
        for rule in self.rules:
            if isinstance(rule.terms, kind):
                yield rule, rule.terms

    def terms(self, row: str, kind: type[T]) -> T:
        """The typed value of a row. Raises `KeyError` for a row that is not there, inactive or of another kind."""
        terms = self.rule(row).terms
        if not isinstance(terms, kind):
            raise KeyError(row)
        return terms

    def rate_on(self, tender: TenderClass, on: date) -> DatedRate | None:
        """What a class of tender earns on a day; None: nothing."""
        return next((rate for rate in self.rates.get(tender, ()) if rate.starts <= on <= rate.ends), None)

    def tender_class(self, name: str) -> TenderClass:
        """The class of a tender by its name (A23). Raises `RuleViolation` (`unknown_tender`)."""
        if name in (TenderClass.ELECTRONIC, TenderClass.CASH, TenderClass.POINTS):
            return TenderClass(name)
        found = self.find(p.TenderNames)
        known: dict[str, TenderClass] = {}
        if found is not None:
            names = found[1]
            known |= dict.fromkeys(names.flagged, TenderClass.OTHER)
            known |= dict.fromkeys(names.cash, TenderClass.CASH)
            known |= dict.fromkeys(names.electronic, TenderClass.ELECTRONIC)
        if name not in known:
            every = ["electronic", "cash", "points", *known]
            raise RuleViolation("unknown_tender", tender=name[:40], known=", ".join(dict.fromkeys(every)))
        return known[name]

    def last_day_of_year(self, year: int) -> date:
        """The last day on which points of fuel bought in `year` can be used (A26, A27).

        Raises `KeyError` for a programme without a fixed day: there each way has a life of its own.
        """
        if self.expiry is None:
            raise KeyError("expiry")
        return self.expiry.last_day(year, self.expiry_exceptions)


def load_profile(source: Mapping[str, object]) -> Profile:
    """The profile a programme file describes. Raises `ProfileError` with every fault of the file and its place."""
    reader = Reader()
    for name in ("code", "name"):
        if not isinstance(source.get(name), str) or not source.get(name):
            reader.fault(name, "a programme needs it")
    entries = source.get("rules")
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        reader.fault("rules", "a programme needs a list of rules")
        raise ProfileError(*reader.faults)
    rules = tuple(
        rule
        for number, entry in enumerate(entries)
        if (rule := read_rule(reader, entry, f"rules[{number}]")) is not None
    )
    cross_check(reader, rules)
    if reader.faults:
        raise ProfileError(*reader.faults)
    limits, start, blocks = _first(rules, p.Limits), _first(rules, p.Start), _first(rules, p.Blocks)
    assert limits is not None  # `cross_check` asks for one
    return Profile(
        code=str(source["code"]),
        name=str(source["name"]),
        rules=tuple(_with_life(rule, rules) for rule in rules),
        earns_from=start.earns_from if start else date.min,
        rates={tender: rates for tender in TenderClass if (rates := _rates(rules, tender))},
        rounding=blocks.rounding if blocks else Rounding.PROPORTIONAL,
        expiry=_first(rules, FixedDay),
        expiry_exceptions={
            rule.terms.year: rule.terms.last_day for rule in rules if isinstance(rule.terms, FixedDayException)
        },
        minimum_points=limits.minimum,
        step_points=limits.step,
    )


def _with_life(rule: Rule, rules: tuple[Rule, ...]) -> Rule:
    """A rule that names another's length of life has it as its own from here on."""
    if rule.life is not None or not rule.life_row:
        return rule
    target = next(other for other in rules if other.row == rule.life_row).terms
    assert isinstance(target, p.LifeRule)  # checked by `_check_life`
    return replace(rule, life=target.life)


def _first(rules: tuple[Rule, ...], kind: type[T]) -> T | None:
    return next((rule.terms for rule in rules if isinstance(rule.terms, kind)), None)


def _rates(rules: tuple[Rule, ...], tender: TenderClass) -> tuple[DatedRate, ...]:
    return tuple(
        DatedRate(rule.row, rule.terms, rule.starts, rule.ends)
        for rule in rules
        if isinstance(rule.terms, Rate) and rule.terms.tender is tender
    )
