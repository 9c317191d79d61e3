"""What only shows between the rules of a programme: doubled rows, overlapping dates, references that lead nowhere."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos_client.domain.programme import policies as p
from pos_client.domain.programme.kinds import WAYS
from pos_client.domain.programme.policies import Rate
from pos_client.domain.programme.reading import Reader
from pos_client.domain.programme.rule import REFERENCES, Rule


def cross_check(reader: Reader, rules: tuple[Rule, ...]) -> None:
    """Report every contradiction between rules."""
    by_row: dict[str, Rule] = {}
    for rule in rules:
        if rule.row in by_row:
            reader.fault(rule.row, "the row is given twice")
        by_row.setdefault(rule.row, rule)
    fuel = any(rule.kind == "rate" for rule in rules)
    for kind in ("redemption", *(("start", "blocks", "expiry", "tenders") if fuel else ())):
        count = sum(rule.kind == kind for rule in rules)
        if count != 1:
            reader.fault("rules", f"a programme needs exactly one rule of kind {kind}, there are {count}")
    _check_rates(reader, [rule for rule in rules if isinstance(rule.terms, Rate)])
    span = next((rule.terms for rule in rules if isinstance(rule.terms, p.LifeRange)), None)
    for rule in rules:
        _check_references(reader, rule, by_row)
        if rule.kind in WAYS:
            _check_life(reader, rule, by_row, span)


def _check_rates(reader: Reader, rules: Sequence[Rule]) -> None:
    for number, rule in enumerate(rules):
        for earlier in rules[:number]:
            same = rule.terms.tender is earlier.terms.tender  # type: ignore[attr-defined]  # all are Rates
            if same and rule.starts <= earlier.ends and earlier.starts <= rule.ends:
                reader.fault(f"{rule.row} · from", f"overlapping dates with {earlier.row} for the same tender")


def _check_references(reader: Reader, rule: Rule, by_row: Mapping[str, Rule]) -> None:
    for name, row in rule.references.items():
        target = by_row.get(row)
        if target is None or not isinstance(target.terms, REFERENCES[name]):
            reader.fault(f"{rule.row} · {name}", f"{row} is no rule of the kind it should be")
        elif isinstance(target.terms, p.Cap) and rule.row not in target.terms.rules:
            reader.fault(f"{rule.row} · {name}", f"{row} does not list it")
    if isinstance(rule.terms, p.Cap):
        for row in rule.terms.rules:
            member = by_row.get(row)
            if member is None or member.references.get("cap") != rule.row:
                reader.fault(f"{rule.row} · parameters.rules", f"{row} does not name this cap")


def _check_life(reader: Reader, rule: Rule, by_row: Mapping[str, Rule], span: p.LifeRange | None) -> None:
    life = rule.life
    if rule.life_row:
        target = by_row.get(rule.life_row)
        terms = target.terms if target else None
        if isinstance(terms, p.LifeRule):
            life = terms.life
        elif not isinstance(terms, p.LifeRange) or life is None:
            reader.fault(f"{rule.row} · expiry", f"{rule.life_row} is no rule of expiry")
            return
    if life is None:
        reader.fault(f"{rule.row} · expiry", "is missing: points of this way would never die")
    elif span is not None and not span.minimum <= (life.months_at_most or span.minimum) <= span.maximum:
        reader.fault(f"{rule.row} · expiry", f"outside {span.minimum} to {span.maximum} months")
