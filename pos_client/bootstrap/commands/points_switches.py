"""`--switch ROW.NAME=VALUE`: the same question under the other reading, without touching the programme's file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme.inputs import Fact, Shape, whole


def switched(source: Mapping[str, object], wanted: Mapping[str, str]) -> Mapping[str, object]:
    """The programme with some of its declared switches set. Raises `RuleViolation` (`unknown_switch`)."""
    rules = source.get("rules")
    if not wanted or not isinstance(rules, list):
        return source
    changed = [dict(rule) for rule in rules]
    there = {f"{rule.get('row')}.{name}": rule for rule in changed for name in rule.get("switches", ())}
    for switch, raw in wanted.items():
        rule = there.get(switch)
        if rule is None:
            raise RuleViolation("unknown_switch", switch=switch[:40], known=", ".join(there))
        name = switch.partition(".")[2]
        parameters = dict(rule["parameters"])
        parameters[name] = _like(parameters.get(name), raw, switch)
        rule["parameters"] = parameters
    return {**source, "rules": changed}


def _like(present: Any, raw: str, switch: str) -> Any:
    """The text as the same type as what stands there now; the loader judges the rest."""
    if isinstance(present, bool):
        return Fact(switch, Shape.YES_NO, "", "").read(raw)
    if isinstance(present, int):
        return whole(raw, switch)
    if isinstance(present, list) and all(isinstance(one, str) for one in present):
        return [part.strip() for part in raw.split(",") if part.strip()]
    return raw
