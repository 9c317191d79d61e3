"""JSON schemas of the messages, as msgspec enforces them, with the units their names end with said in words."""

from __future__ import annotations

import inspect
from collections.abc import Iterable
from typing import Any

import msgspec

from pos_client.protocols.central.messages import Message, PermitBody, ProblemDocument
from pos_client.sandbox.central.endpoints.endpoint import Endpoint

UNITS = {
    "_vnd": "đồng",
    "_ml": "millilitres",
    "_s": "seconds",
    "_mb": "megabytes",
    "percent": "in a hundred",
    "unit_price": "đồng a litre",
}
"""What a number's name ends with -> what it counts."""


def schemas(endpoints: Iterable[Endpoint]) -> dict[str, Any]:
    """Every message the addresses speak, by name, in the order of the alphabet."""
    spoken: set[type[Message]] = {ProblemDocument, PermitBody}
    for each in endpoints:
        spoken |= {kind for kind in (each.request, each.answer) if kind is not None}
    kinds = sorted(spoken, key=lambda kind: kind.__name__)
    _, components = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    for schema in components.values():
        for name, field in schema.get("properties", {}).items():
            unit = unit_of(name)
            if unit and "description" not in field:
                field["description"] = unit
        schema["description"] = " ".join(schema.get("description", "").split())
    return dict(sorted(components.items()))


def unit_of(name: str) -> str:
    """What a field of this name counts; empty when the name ends with no unit."""
    if not {"points", "balance"}.isdisjoint(name.split("_")):
        return "points; one point is one đồng of fuel"
    return next((unit for end, unit in UNITS.items() if name.endswith(end)), "")


def useful(kind: type[Message]) -> str:
    """The first paragraph of a message's description."""
    return " ".join((inspect.getdoc(kind) or kind.__name__).split("\n\n")[0].split())
