"""Thousands of requests made from the contract itself, good and bad ones, to whoever says he keeps it.

Schemathesis makes them: the examples, the edges of every schema, random ones, and chains in which one answer's values
go into the next request. Never may the answer be a 500, an undeclared status, another content type than declared, or a
body that does not fit. What the contract refuses by its rules (points that are not there, a code that is wrong) is no
fault; a request that fits the schema and is called malformed is one, unless its form is more than a schema can say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import field
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from pos_client.value import dataclass

if TYPE_CHECKING:
    from schemathesis import Case


class Touch(Protocol):
    """Puts living values (a reference, a seal) into requests whose form is right, and hears what they are answered."""

    def __call__(self, case: Case[Any]) -> None:
        """Before it is sent."""

    def heard(self, case: Case[Any], response: Any) -> None:
        """After it was answered."""


Sign = Callable[[Any], Any]
"""`requests`' own kind of authentication: given a prepared request, adds what a terminal adds."""

DETERMINISTIC = {"deterministic": True, "database": "none"}
_OUR_OWN_RULES = ("positive_data_acceptance", "ignored_auth")
"""Checks that take every well-formed request for acceptable, and a terminal's name for a password."""
ALL_PHASES = frozenset({"examples", "coverage", "fuzzing", "stateful"})
_MORE_THAN_A_SCHEMA = frozenset({"sealed", "sealed_identifier", "rows"})
"""Fields whose form no schema tells: what opens for central alone, and records that have to follow each other."""
_UNKNOWN_HEADER = "x-schemathesis-unknown-property"
_MALFORMED = "malformed-request"


@dataclass(frozen=True, slots=True)
class Finding:
    """A fault: where, what was checked, what was wrong, and a command that shows it again."""

    address: str
    check: str
    says: str
    again: str


@dataclass(slots=True)
class FuzzRecord:
    """What was asked and what was found."""

    asked: Counter[str] = field(default_factory=Counter)
    """requests by phase"""
    statuses: Counter[str] = field(default_factory=Counter)
    """answers by address and status"""
    findings: list[Finding] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    """what kept the fuzzer itself from its work"""


@dataclass(frozen=True, slots=True)
class Target:
    """Who is asked, and as which terminal. `cases`: random requests an address, in each of two moods."""

    url: str
    terminal: str
    cases: int = 10
    seed: int = 1
    steps: int = 6
    phases: frozenset[str] = ALL_PHASES
    headers: Mapping[str, str] = field(default_factory=dict)


def fuzz(document: dict[str, Any], target: Target, touch: Touch | None = None, sign: Sign | None = None) -> FuzzRecord:
    """Ask, and write down. Never raises for anything the other side does."""
    import schemathesis
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    _know_our_rules()
    config = SchemathesisConfig.from_dict(
        {
            "seed": target.seed,
            "base-url": target.url,
            "workers": 1,
            "max-failures": 50,
            "headers": {"X-Terminal": target.terminal, **target.headers},
            "generation": {**DETERMINISTIC, "max-examples": target.cases},
            "checks": {name: {"enabled": False} for name in _OUR_OWN_RULES},
            "phases": {
                **{phase: {"enabled": phase in target.phases} for phase in ALL_PHASES},
                "stateful": {"enabled": "stateful" in target.phases, "max-steps": target.steps},
            },
        }
    )
    schema = schemathesis.openapi.from_dict(document, config=config)
    record = FuzzRecord()

    @schemathesis.hook
    def before_call(_: Any, case: Case[Any], kwargs: dict[str, Any]) -> None:
        if touch is not None and is_well_formed(case):
            touch(case)
        if sign is not None:
            kwargs["auth"] = sign

    @schema.hook
    def after_call(_: Any, case: Case[Any], response: Any) -> None:
        record.statuses[f"{case.operation.label} {response.status_code}"] += 1
        if touch is not None:
            touch.heard(case, response)

    try:
        for event in from_schema(schema).execute():
            match event:
                case events.ScenarioFinished():
                    record.asked[event.phase.value] += len(event.recorder.interactions)
                    record.findings += _findings(event.recorder)
                case events.NonFatalError():
                    record.broken.append(f"{event.label}: {event.value}")
                case events.FatalError():
                    record.broken.append(str(event.exception))
                case _:
                    pass
    finally:
        schemathesis.hooks.unregister(before_call)
    return record


def is_well_formed(case: Case[Any]) -> bool:
    """Whether a request was made to fit the schema."""
    from schemathesis import GenerationMode

    return case.meta is None or case.meta.generation.mode is GenerationMode.POSITIVE


def _findings(recorder: Any) -> list[Finding]:
    return [
        Finding(recorder.label, check.name, f"{info.failure.title}: {info.failure.message}", info.code_sample)
        for checks in recorder.checks.values()
        for check in checks
        if (info := check.failure_info) is not None
        # who does not know a header passes over it (RFC 9110, 5.1), and is right to
        and not (check.name == "negative_data_rejection" and _UNKNOWN_HEADER in info.code_sample)
    ]


def _know_our_rules() -> None:
    """Schemathesis keeps its checks by name; ours are told to it once."""
    import schemathesis
    from schemathesis.checks import CHECKS

    if "refused_for_a_reason" in CHECKS.get_all_names():
        return

    @schemathesis.check
    def refused_for_a_reason(_: Any, response: Any, case: Case[Any]) -> None:
        """What fits the schema is refused by a rule, not called malformed."""
        if response.status_code != 400 or not is_well_formed(case):
            return
        problem = msgspec.json.decode(response.content)
        if problem.get("code") == _MALFORMED and not (_is_more_than_a_schema(case.body) or _has_a_fraction(case.body)):
            raise AssertionError(f"it fits the schema and is called malformed: {problem.get('detail')}")

    @schemathesis.check
    def kept_by_nobody_on_the_way(_: Any, response: Any, case: Case[Any]) -> None:
        """Points and names stay out of caches."""
        del case
        if "no-store" not in ",".join(response.headers.get("cache-control", [])):
            raise AssertionError("an answer without Cache-Control: no-store")


def _is_more_than_a_schema(body: Any) -> bool:
    return isinstance(body, dict) and not _MORE_THAN_A_SCHEMA.isdisjoint(body)


def _has_a_fraction(value: Any) -> bool:
    """1.0 is a whole number to JSON Schema, and none to the contract (section 2 of its introduction)."""
    match value:
        case float():
            return True
        case dict():
            return any(map(_has_a_fraction, value.values()))
        case list():
            return any(map(_has_a_fraction, value))
        case _:
            return False
