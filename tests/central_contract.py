"""The contract as the tests hold things against it: its operations, and a validator for each of its schemas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema_rs
import yaml

FILE = Path(__file__).parents[1] / "resources" / "contract" / "central.yaml"
REGENERATE = "run: pos-client contract --write resources/contract/central.yaml"

Operation = dict[str, Any]


@cache
def published() -> dict[str, Any]:
    """The file as it is published."""
    found: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return found


def operations() -> Iterator[tuple[str, str, Operation]]:
    """(method, path, operation) of the published file."""
    for path, item in published()["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


def operation_of(method: str, path: str) -> Operation:
    """The operation a request belongs to. Raises `LookupError`."""
    for each_method, template, operation in operations():
        pattern = re.escape(template).replace(r"\{name\}", "[^/]+")
        if each_method == method and re.fullmatch(pattern, path):
            return operation
    raise LookupError(f"{method} {path} is not in the published contract")


def faults(schema: dict[str, Any], value: object) -> list[str]:
    """What a value has against a schema of the document."""
    whole = {**schema, "components": published()["components"]}
    validator = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
    return [f"{'/'.join(map(str, error.instance_path))}: {error.message}" for error in validator.iter_errors(value)]


def request_schema(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = operation["requestBody"]["content"]["application/json"]["schema"]
    return found


def answer_schema(operation: Operation, status: int) -> dict[str, Any]:
    """Raises `KeyError` for a status that is not declared."""
    kind = "application/json" if status < 400 else "application/problem+json"
    found: dict[str, Any] = operation["responses"][str(status)]["content"][kind]["schema"]
    return found


def problem_codes(operation: Operation) -> set[str]:
    """The codes an operation may refuse with."""
    return {
        code
        for status, response in operation["responses"].items()
        if int(status) >= 400
        for code in response["content"]["application/problem+json"]["schema"]["properties"]["code"]["enum"]
    }
