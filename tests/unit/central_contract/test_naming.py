"""One way of naming, so that nobody has to look up how a thing is spelt or what it is counted in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from sqlalchemy import String

from pos_client.domain.customer import IdentifierKind
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.protocols.central.reversal_messages import ReversalRequest
from pos_client.sandbox.central.contract.schemas import unit_of
from pos_client.sandbox.central.endpoints import ENDPOINTS
from pos_client.sandbox.central.ledger.redemptions import FLOWS
from pos_client.sandbox.central.storage import tables
from tests.central_contract import operations, published

KEBAB = re.compile("[a-z0-9]+(-[a-z0-9]+)*")
SNAKE = re.compile("[a-z][a-z0-9]*(_[a-z0-9]+)*")
COUNTS = frozenset(
    {
        "n",
        "point",
        "nozzle",
        "session",
        "status",
        "attempts_left",
        "resends_left",
        "limit",
        "number",
        "price_version",
        "revocations",
        "epoch",
        "key",
        "count",
        "sales",
        "fuellings",
        "waiting_records",
        "in_doubt",
        "parked",
        "unacknowledged",
        "told",
        "found",
    }
)
"""Numbers that are names or counts, and have no unit."""
LIVES = {"expires", "not_before", "not_after", "server_time"}


def fields() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(message, field, schema) of everything on the wire."""
    for message, schema in published()["components"]["schemas"].items():
        for name, field in schema.get("properties", {}).items():
            yield message, name, field


def is_number(field: dict[str, Any]) -> bool:
    return field.get("type") == "integer" or any(one.get("type") == "integer" for one in field.get("anyOf", []))


def is_count(name: str) -> bool:
    """A count, or the number of a record in the journal."""
    return name in COUNTS or name.endswith("seq")


def test_problem_codes_are_kebab_case_and_their_types_and_titles_follow():
    for code, example in published()["components"]["examples"].items():
        assert KEBAB.fullmatch(code)
        assert example["value"]["type"] == f"urn:plx:problem:{code}"
        assert example["value"]["title"] == code.replace("-", " ")


def test_fields_are_snake_case():
    assert [(message, name) for message, name, _ in fields() if not SNAKE.fullmatch(name)] == []


def test_every_number_says_what_it_is_counted_in():
    numbers = [(message, name) for message, name, field in fields() if is_number(field)]
    assert [(message, name) for message, name in numbers if not (unit_of(name) or is_count(name))] == []


def test_every_number_has_both_bounds():
    """What a ledger cannot hold must not get past the door."""
    for message, name, field in fields():
        for one in [field, *field.get("anyOf", [])]:
            if one.get("type") == "integer":
                assert {"minimum", "maximum"} <= set(one), (message, name)


def test_every_text_that_is_asked_has_a_longest_form():
    asked = {endpoint.request.__name__ for endpoint in ENDPOINTS if endpoint.request is not None}
    for message, name, field in fields():
        if message in asked:
            for one in [field, *field.get("anyOf", [])]:
                if one.get("type") == "string":
                    assert "maxLength" in one or "{1,80}$" in one.get("pattern", ""), (message, name)


def test_times_and_days_say_so():
    for message, name, field in fields():
        formats = {one.get("format") for one in [field, *field.get("anyOf", [])]} - {None}
        if field.get("default") == "":
            continue  # a text that may be empty has no format
        if name.endswith("_at") or name in LIVES:
            assert formats == {"date-time"}, (message, name)
        elif name.endswith("_on"):
            assert formats == {"date"}, (message, name)
        else:
            assert formats == set(), (message, name)


def test_addresses_are_plural_kebab_case_and_operations_have_names_of_their_own():
    names = []
    for _, path, operation in operations():
        names.append(operation["operationId"])
        assert KEBAB.fullmatch(operation["operationId"])
        for word in re.split("[/:]", path.removeprefix("/v1/")):
            assert word == "{name}" or KEBAB.fullmatch(word), path
    assert len(names) == len(set(names))


def test_everything_that_is_pointed_at_is_there():
    def references(node: Any) -> Iterator[str]:
        if isinstance(node, dict):
            if isinstance(node.get("$ref"), str):
                yield node["$ref"]
            for value in node.values():
                yield from references(value)
        elif isinstance(node, list):
            for value in node:
                yield from references(value)

    for reference in references(published()):
        node: Any = published()
        for step in reference.removeprefix("#/").split("/"):
            node = node[step]


# ── one number, wherever it stands ──────────────────────────────────────────────────────────────────────────────────


def schema_of(message: str, field: str) -> dict[str, Any]:
    found: dict[str, Any] = published()["components"]["schemas"][message]["properties"][field]
    return found


def test_words_the_terminal_sends_are_the_words_the_contract_has():
    assert schema_of("IdentifierText", "kind")["enum"] == list(IdentifierKind)
    assert schema_of("TenderPart", "class")["enum"] == list(TenderClass)
    assert schema_of("ReversalRequest", "operation")["enum"] == list(port.Undone)
    assert set(schema_of("HoldRequest", "flow")["enum"]) == FLOWS


def test_limits_of_the_terminal_are_the_contracts():
    assert schema_of("BatchRequest", "items")["maxItems"] == port.MOST_IN_A_BATCH
    assert {kind.retry for kind in PROBLEMS.values()} == set(port.Retry)
    longest = max(len(msgspec.json.encode(example)) for example in published()["components"]["examples"].values())
    assert longest < codec.LONGEST_MESSAGE


def test_point_and_nozzle_are_those_a_terminal_can_have():
    for message in ("CaptureRequest", "AccrualRequest"):
        assert [schema_of(message, "point")[bound] for bound in ("minimum", "maximum")] == [1, 99]
        assert [schema_of(message, "nozzle")[bound] for bound in ("minimum", "maximum")] == [1, 15]


KEPT_IN = {
    m.SessionRequest: tables.sessions,
    m.HoldRequest: tables.redemptions,
    m.CaptureRequest: tables.incidents,
    m.AccrualRequest: tables.accruals,
    ReversalRequest: tables.reversals,
}
"""Where what is asked is written down."""


@pytest.mark.parametrize("message", list(KEPT_IN), ids=lambda message: message.__name__)
def test_what_passes_the_door_fits_where_it_is_kept(message: type[m.Message]):
    """PostgreSQL refuses a text that is longer than its column, and nobody would have told the terminal."""
    for name, hint in get_type_hints(message, include_extras=True).items():
        column = KEPT_IN[message].columns.get(name)
        if column is not None and isinstance(column.type, String) and column.type.length is not None:
            metas = [meta for meta in get_args(hint) if isinstance(meta, msgspec.Meta)]
            words = [word for meta in metas for word in (meta.extra_json_schema or {}).get("enum", ())]
            bounds = [meta.max_length for meta in metas if meta.max_length]
            assert max(map(len, words), default=min(bounds)) <= column.type.length, name
