"""A programme's rules as values, read from a plain dictionary (`resources/programmes/*.toml`).

A rule keeps the row it has in the rule table, the phrase of the source and our reading of it, so that a refusal or an
explanation can always name its ground. Where the source can be read in two ways the parameter is the switch: head
office changes a line of data, not the program.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.tender import TenderClass


class ProfileError(ValueError):
    """A programme file that contradicts itself or leaves something out; the message names the row."""


class Rounding(StrEnum):
    """What becomes of the remainder of a tender part (A20 is ambiguous)."""

    FULL_BLOCKS = "full_blocks"
    PROPORTIONAL = "proportional"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rule table. `phrase` is empty where the source is silent and the reading is our default."""

    row: str
    kind: str
    phrase: str
    reading: str
    parameters: Mapping[str, int | str | bool]


@dataclass(frozen=True, slots=True)
class Rate:
    """`points` for each `block_vnd` of a tender of this class (A20, A21). `row` explains it."""

    row: str
    tender: TenderClass
    block_vnd: Vnd
    points: Points


@dataclass(frozen=True, slots=True)
class Profile:
    """One programme, ready to decide with. Rules the engine does not use itself stay readable in `rules`."""

    code: str
    name: str
    rules: tuple[Rule, ...]
    earns_from: date
    rates: Mapping[TenderClass, Rate]
    rounding: Rounding
    expiry_day: int
    expiry_month: int
    expiry_years_on: int
    expiry_inclusive: bool
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

    def last_day_of_year(self, year: int) -> date:
        """The last day on which points of fuel bought in `year` can be used (A26, A27)."""
        exception = self.expiry_exceptions.get(year)
        if exception is not None:
            return exception
        day = date(year + self.expiry_years_on, self.expiry_month, self.expiry_day)
        return day if self.expiry_inclusive else day - timedelta(days=1)


def load_profile(source: Mapping[str, object]) -> Profile:
    """The profile a programme file describes. Raises `ProfileError` naming the row that is missing or contradictory."""
    entries = source.get("rules")
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise ProfileError("a programme needs a list of rules")
    rules = tuple(_rule(entry) for entry in entries)
    doubled = {rule.row for rule in rules if sum(other.row == rule.row for other in rules) > 1}
    if doubled:
        raise ProfileError(f"rows given twice: {', '.join(sorted(doubled))}")
    expiry = _only(rules, "expiry")
    redemption = _only(rules, "redemption")
    profile = Profile(
        code=str(source.get("code", "")),
        name=str(source.get("name", "")),
        rules=rules,
        earns_from=_date(_only(rules, "start"), "earns_from"),
        rates={rate.tender: rate for rate in (_rate(rule) for rule in rules if rule.kind == "rate")},
        rounding=_rounding(_only(rules, "blocks")),
        expiry_day=_number(expiry, "day", 1),
        expiry_month=_number(expiry, "month", 1),
        expiry_years_on=_number(expiry, "years_on", 0),
        expiry_inclusive=expiry.parameters.get("inclusive") is True,
        expiry_exceptions={
            _number(rule, "year", 1): _date(rule, "last_day") for rule in rules if rule.kind == "expiry_exception"
        },
        minimum_points=_number(redemption, "minimum", 1),
        step_points=_number(redemption, "step", 1),
    )
    if not profile.code:
        raise ProfileError("a programme needs its code")
    try:
        profile.last_day_of_year(2023)
    except ValueError as error:
        raise ProfileError(f"{expiry.row}: there is no such day") from error
    return profile


def _rule(entry: object) -> Rule:
    if (
        not isinstance(entry, Mapping)
        or not isinstance(entry.get("row"), str)
        or not isinstance(entry.get("kind"), str)
    ):
        raise ProfileError("every rule needs a row and a kind")
    parameters = entry.get("parameters", {})
    if not isinstance(parameters, Mapping):
        raise ProfileError(f"{entry['row']}: parameters must be a table")
    for name, value in parameters.items():
        if not isinstance(value, int | str):
            raise ProfileError(f"{entry['row']}: {name} must be a whole number, a text or a switch")
    return Rule(
        row=entry["row"],
        kind=entry["kind"],
        phrase=str(entry.get("phrase", "")),
        reading=str(entry.get("reading", "")),
        parameters=dict(parameters),
    )


def _only(rules: Sequence[Rule], kind: str) -> Rule:
    found = [rule for rule in rules if rule.kind == kind]
    if len(found) != 1:
        raise ProfileError(f"a programme needs exactly one rule of kind {kind}, there are {len(found)}")
    return found[0]


def _number(rule: Rule, name: str, least: int) -> int:
    value = rule.parameters.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise ProfileError(f"{rule.row}: {name} must be a whole number of at least {least}")
    return value


def _date(rule: Rule, name: str) -> date:
    try:
        return date.fromisoformat(str(rule.parameters.get(name)))
    except ValueError as error:
        raise ProfileError(f"{rule.row}: {name} must be a date like 2021-11-15") from error


def _rate(rule: Rule) -> Rate:
    try:
        tender = TenderClass(str(rule.parameters.get("tender")))
    except ValueError as error:
        raise ProfileError(f"{rule.row}: unknown tender {rule.parameters.get('tender')!r}") from error
    return Rate(rule.row, tender, _number(rule, "block_vnd", 1), _number(rule, "points", 1))


def _rounding(rule: Rule) -> Rounding:
    try:
        return Rounding(str(rule.parameters.get("rounding")))
    except ValueError as error:
        raise ProfileError(f"{rule.row}: rounding is full_blocks or proportional") from error
