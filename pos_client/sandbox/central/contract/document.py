"""The contract as one OpenAPI 3.1 value, from the tables the service itself runs on.

Nothing here is known twice: addresses, messages, refusals and states are read off the tables that route, decode and
decide, so the published file can be wrong only where the service is. Equal tables give equal bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pos_client import __version__
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.sandbox.central.contract.examples import Exchange, problem_example, recorded
from pos_client.sandbox.central.contract.introduction import introduction
from pos_client.sandbox.central.contract.schemas import schemas, useful
from pos_client.sandbox.central.endpoints import ENDPOINTS
from pos_client.sandbox.central.endpoints.endpoint import LARGEST_SESSION, LONGEST_KEY, NAME_PATTERN, Endpoint
from pos_client.sandbox.central.rendering import ANSWER_TYPE, PROBLEM_TYPE

Node = dict[str, Any]

GROUPS = {
    "accruals": "Points earned. Statements of fact: queued for as long as it takes.",
    "bundles": "What a terminal must know while nobody answers it, signed.",
    "conditions": "How a terminal is, for whoever looks after all of them.",
    "enrolments": "How a till becomes one of ours.",
    "customers": "Whom an identifier names.",
    "journal": "What a terminal wrote down, held and acknowledged row by row.",
    "offline-redemptions": "Activated vouchers that were spent while central was away. Statements of fact.",
    "shifts": "What a cashier's stretch came to, compared with what central has.",
    "quotes": "How many points may be used.",
    "redemptions": "Points become fuel: hold, consent, capture; or void.",
    "reversals": "A finished operation is undone by another entry.",
    "sessions": "Who works where, and whose place has been taken.",
    "time": "Central's clock.",
    "vouchers": "Points an organisation set aside for a vehicle.",
}
"""A sentence for the first word of an address; a group that is not here has only its name."""


def describe(endpoints: Sequence[Endpoint], exchanges: Sequence[Exchange] = ()) -> Node:
    """The document. `exchanges` become its examples."""
    groups = sorted({group_of(each.path) for each in endpoints})
    paths: dict[str, Node] = {}
    for each in endpoints:
        mine = [one for one in exchanges if one.operation == operation_id(each)]
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, mine)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Petrolimex loyalty: terminal to central",
            "version": __version__,
            "summary": "What a forecourt terminal says to head office, and what it has to be answered",
            "description": introduction(),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [
            {
                "url": "{address}",
                "description": "Whoever stands behind the contract; the terminal's setting `central.url`.",
                "variables": {"address": {"default": "https://central.example"}},
            }
        ],
        "security": [{"terminal": []}],
        "tags": [{"name": group, **({"description": GROUPS[group]} if group in GROUPS else {})} for group in groups],
        "paths": paths,
        "components": {
            "parameters": _PARAMETERS,
            "headers": _HEADERS,
            "examples": {code: _example("", problem_example(code)) for code in sorted(PROBLEMS)},
            "securitySchemes": SECURITY,
            "schemas": schemas(endpoints),
        },
    }


def published() -> Node:
    """The contract as it stands: every address of the service, with the examples that were recorded."""
    return describe(ENDPOINTS, recorded())


def group_of(path: str) -> str:
    """The first word of an address after the version."""
    return re.split(r"[/:]", path.removeprefix("/v1/").removeprefix("/"))[0]


def operation_id(endpoint: Endpoint) -> str:
    """A name for an address: `put-redemptions`, `post-redemptions-verify`."""
    words = re.split(r"[/:]", endpoint.path.removeprefix("/v1"))
    return "-".join([endpoint.method.lower(), *(word for word in words if word and not word.startswith("{"))])


SECURITY: Node = {
    "terminal": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Terminal",
        "description": "The terminal's full name: its station's code and its own. The request is signed with the key "
        "that was enrolled under it (chapter 4 of the introduction).",
    }
}

_PARAMETERS: Node = {
    "IdempotencyKey": {
        "name": "Idempotency-Key",
        "in": "header",
        "required": True,
        "description": "The name of one intended effect: the same for every repetition, for ever.",
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_KEY, "pattern": "^[!-~]+$"},
    },
    "IfNoneMatch": {
        "name": "If-None-Match",
        "in": "header",
        "required": False,
        "description": "The ETag of the version the terminal has.",
        "schema": {"type": "string", "maxLength": 200, "pattern": "^[!-~]+$"},
    },
    "Name": {
        "name": "name",
        "in": "path",
        "required": True,
        "description": "The id the terminal chose (UUIDv7).",
        "schema": {"type": "string", "pattern": NAME_PATTERN},
        "example": "0199c0de-0000-7000-8000-00000000r001",
    },
    "Session": {
        "name": "X-Session",
        "in": "header",
        "required": False,
        "description": "The fencing number this start of the terminal was given.",
        "schema": {"type": "integer", "minimum": 0, "maximum": LARGEST_SESSION},
    },
}

_HEADERS: Node = {
    "ETag": {"description": "Names exactly these bytes.", "schema": {"type": "string"}},
    "IdempotentReplayed": {
        "description": "This was decided earlier, and is what was said then.",
        "schema": {"type": "string", "enum": ["true"]},
    },
    "RetryAfter": {
        "description": "Seconds to wait before the same bytes are sent again.",
        "schema": {"type": "integer", "minimum": 0},
    },
}


def _operation(endpoint: Endpoint, exchanges: Sequence[Exchange]) -> Node:
    operation: Node = {
        "operationId": operation_id(endpoint),
        "summary": endpoint.summary,
        "description": _prose(endpoint),
        "tags": [group_of(endpoint.path)],
    }
    wanted = [
        *(["Name"] if "{name}" in endpoint.path else []),
        *(["IdempotencyKey"] if endpoint.is_write else []),
        "Session",
        *(["IfNoneMatch"] if endpoint.has_tag else []),
    ]
    operation["parameters"] = [{"$ref": f"#/components/parameters/{name}"} for name in wanted]
    if endpoint.is_open:
        operation["security"] = []
    if endpoint.request is not None:
        asked = {one.name: _example(one.about, one.request) for one in exchanges if one.request is not None}
        operation["requestBody"] = {
            "required": True,
            "content": {ANSWER_TYPE: _content({"$ref": _ref(endpoint.request)}, asked)},
        }
    operation["responses"] = _responses(endpoint, exchanges)
    return operation


def _prose(endpoint: Endpoint) -> str:
    prose = endpoint.prose
    told = {"": prose.about, "Who calls, when": prose.caller, "Idempotency key": prose.key, "Offline": prose.offline}
    return "\n\n".join(f"**{head}:** {text}" if head else text for head, text in told.items() if text) + "\n"


def _responses(endpoint: Endpoint, exchanges: Sequence[Exchange]) -> Node:
    responses: Node = {}
    for status in endpoint.statuses:
        good = {one.name: _example(one.about, one.answer) for one in exchanges if one.status == status}
        responses[str(status)] = {
            "description": useful(endpoint.answer),
            **({"headers": {"Idempotent-Replayed": _header("IdempotentReplayed")}} if endpoint.is_write else {}),
            **({"headers": {"ETag": _header("ETag")}} if endpoint.has_tag else {}),
            "content": {ANSWER_TYPE: _content({"$ref": _ref(endpoint.answer)}, good)},
        }
    if endpoint.has_tag:
        responses["304"] = {
            "description": "The version asked with is still the one.",
            "headers": {"ETag": _header("ETag")},
        }
    by_status: dict[int, list[str]] = {}
    for code in sorted(set(endpoint.refusals)):
        by_status.setdefault(PROBLEMS[code].status, []).append(code)
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = _refusal(endpoint, status, codes, exchanges)
    return responses


def _refusal(endpoint: Endpoint, status: int, codes: Sequence[str], exchanges: Iterable[Exchange]) -> Node:
    seen = {one.answer["code"]: one for one in exchanges if one.status == status}
    examples = {
        code: _example(seen[code].about, seen[code].answer)
        if code in seen
        else {"$ref": f"#/components/examples/{code}"}
        for code in codes
    }
    headers: Node = {"Idempotent-Replayed": _header("IdempotentReplayed")} if endpoint.is_write else {}
    if status in (429, 503):
        headers["Retry-After"] = _header("RetryAfter")
    schema = {"$ref": "#/components/schemas/ProblemDocument", "properties": {"code": {"enum": list(codes)}}}
    return {
        "description": "; ".join(f"`{code}` (retry: {PROBLEMS[code].retry})" for code in codes),
        **({"headers": headers} if headers else {}),
        "content": {PROBLEM_TYPE: _content(schema, examples)},
    }


def _content(schema: Node, examples: Mapping[str, Node]) -> Node:
    return {"schema": schema, **({"examples": dict(examples)} if examples else {})}


def _example(about: str, value: object) -> Node:
    return {**({"summary": about} if about else {}), "value": value}


def _header(name: str) -> Node:
    return {"$ref": f"#/components/headers/{name}"}


def _ref(kind: type[Any]) -> str:
    return f"#/components/schemas/{kind.__name__}"
