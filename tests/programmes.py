"""Both programmes, as they are shipped."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

from pos_client.domain.programme import Profile, load_profile

FOLDER = Path(__file__).parents[1] / "resources" / "programmes"


def source_of(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


def with_parameters(source: dict[str, Any], row: str, **changed: Any) -> dict[str, Any]:
    """The programme with some parameters of a row replaced."""
    rules = [
        {**rule, "parameters": {**rule.get("parameters", {}), **changed}} if rule["row"] == row else rule
        for rule in source["rules"]
    ]
    return {**source, "rules": rules}


def with_rule(source: dict[str, Any], row: str, **changed: Any) -> dict[str, Any]:
    """The programme with some keys of a row replaced."""
    rules = [{**rule, **changed} if rule["row"] == row else rule for rule in source["rules"]]
    return {**source, "rules": rules}


PLX_SOURCE, VPP_SOURCE = source_of("petrolimex-id"), source_of("viettel-plus-plus")
PLX: Profile = load_profile(PLX_SOURCE)
VPP: Profile = load_profile(VPP_SOURCE)
