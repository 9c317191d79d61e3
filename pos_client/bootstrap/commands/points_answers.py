"""The engine's answers as JSON, and as lines for people. The JSON is a promise; the lines are not."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pos_client.domain.formatting import grouped
from pos_client.domain.programme import Profile, Rule
from pos_client.domain.programme.accrual import Accrual, sale_facts, way_facts
from pos_client.domain.programme.dying import Death
from pos_client.domain.programme.inputs import Fact
from pos_client.domain.programme.spending import Redemption, known_goods, redeem_facts
from pos_client.domain.programme.words import Sentence

Answer = dict[str, Any]


def of_accrual(accrual: Accrual) -> Answer:
    """Points, the lots they become, why."""
    answer = _answer(accrual.points, accrual.formula, accrual.rules)
    answer["lots"] = [
        {
            "points": lot.points,
            "credited_at": lot.credited_at.isoformat(timespec="seconds"),
            "expires_on": lot.expires_on.isoformat(),
            "rule": lot.rule,
        }
        for lot in accrual.lots
    ]
    if accrual.for_head_office:
        answer["for_head_office"] = True
    return answer


def of_redemption(redemption: Redemption) -> Answer:
    """Points, the lots they come from, what they become, why."""
    answer = _answer(redemption.points, redemption.formula, redemption.rules)
    answer["lots"] = [
        {
            "lot": part.entry_id,
            "points": part.points,
            "credited_at": part.credited_at.isoformat(timespec="seconds"),
            "expires_on": part.expires_on.isoformat(),
        }
        for part in redemption.lots
    ]
    answer |= {"value_vnd": redemption.value_vnd, "due_vnd": redemption.due_vnd, "left": redemption.left}
    if redemption.good_until is not None:
        answer |= {"units": redemption.units, "good_until": redemption.good_until.isoformat()}
    return answer


def of_death(death: Death) -> Answer:
    """What died, what becomes of it, what dies next."""
    answer = _answer(death.points, death.formula, death.rules)
    answer["lots"] = [
        {
            "lot": lot.entry_id,
            "points": lot.points_left,
            "credited_at": lot.credited_at.isoformat(timespec="seconds"),
            "expires_on": lot.expires_on.isoformat(),
        }
        for lot in death.lots
    ]
    soon = death.next
    answer |= {
        "action": death.action.value,
        "left": death.left,
        "next": None if soon.on is None else {"points": soon.points, "expires_on": soon.on.isoformat()},
        "idle": None if death.idle is None else death.idle.value,
    }
    return answer


def of_rules(profile: Profile) -> Answer:
    """Every row, as it stands in the file, and what it asks for."""
    return {
        "name": profile.name,
        "sale_facts": [_fact(fact) for fact in sale_facts(profile)],
        "goods": list(known_goods(profile)),
        "rules": [_rule(profile, rule) for rule in profile.rules],
    }


def as_text(answer: Answer) -> str:
    """The same for people, Vietnamese first."""
    return "\n".join(_lines(answer))


def _lines(answer: Answer) -> Iterator[str]:
    if "refused" in answer:
        yield f"{answer['refused']['code']}: {answer['refused']['vi']}"
        yield f"  {answer['refused']['en']}"
    elif "commitment" in answer:
        yield f"commitment {answer['commitment']}"
        for win in answer.get("wins", ()):
            yield f"{win['prize']:12} {win['code']}  {win['account']}  {win['name']}  {win['what']}"
    elif "rules" in answer and "points" not in answer:
        yield f"{answer['name']} ({answer['programme']})"
        for rule in answer["rules"]:
            yield from _rule_lines(rule)
    else:
        yield f"{grouped(answer['points'])} điểm / points  [{answer['rule']}]"
        yield f"  {answer['formula']['vi']}"
        yield f"  {answer['formula']['en']}"
        for lot in answer["lots"]:
            yield f"  {grouped(lot['points'])}: {lot['credited_at'][:10]} → {lot['expires_on']}"


def _answer(points: int, formula: Sentence, rows: tuple[str, ...]) -> Answer:
    return {
        "points": points,
        "lots": [],
        "formula": {"vi": formula.vi, "en": formula.en},
        "rule": ", ".join(rows),
        "rules": list(rows),
    }


def _fact(fact: Fact) -> Answer:
    return {
        "name": fact.name,
        "aliases": list(fact.aliases[1:]),
        "shape": fact.shape.value,
        "required": fact.required,
        "choices": list(fact.choices),
        "vi": fact.vi,
        "en": fact.en,
    }


def _rule(profile: Profile, rule: Rule) -> Answer:
    shown: Answer = {
        "row": rule.row,
        "kind": rule.kind,
        "phrase": rule.phrase,
        "reading": rule.reading,
        "active": rule.active,
        "ambiguous": rule.ambiguous,
        "switches": {name: rule.parameters[name] for name in rule.switches},
        "parameters": dict(rule.parameters),
        "references": dict(rule.references),
    }
    if not rule.active:
        shown["inactive"] = {
            "vi": f"nguồn không nêu {rule.missing.vi}",
            "en": f"the source leaves out {rule.missing.en}",
        }
    if rule.note:
        shown["note"] = rule.note
    if rule.starts.year > 1:
        shown["from"] = rule.starts.isoformat()
    if rule.ends.year < 9999:
        shown["until"] = rule.ends.isoformat()
    if rule.life is not None:
        shown["expiry"] = {"unit": rule.life.unit.value, "count": rule.life.count, "row": rule.life_row or rule.row}
    if rule.way is not None:
        shown["facts"] = [_fact(fact) for fact in way_facts(profile, rule)]
    elif rule.row in known_goods(profile):
        shown["facts"] = [_fact(fact) for fact in redeem_facts(profile, rule.row)]
    if rule.example:
        shown["example"] = dict(rule.example)
    return shown


def _rule_lines(rule: Answer) -> Iterator[str]:
    state = (
        "" if rule["active"] else f" · CHƯA DÙNG ĐƯỢC / INACTIVE: {rule['inactive']['vi']} / {rule['inactive']['en']}"
    )
    yield ""
    yield f"{rule['row']}  {rule['kind']}{state}"
    if rule["phrase"]:
        yield f"     “{rule['phrase']}”"
    yield f"     {rule['reading']}"
    for name, value in rule["switches"].items():
        yield f"     switch {rule['row']}.{name} = {value}"
    if "facts" in rule:
        facts = ", ".join(fact["name"] + ("" if fact["required"] else "?") for fact in rule["facts"])
        yield f"     facts: {facts}"
