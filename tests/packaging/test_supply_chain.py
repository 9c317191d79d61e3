"""Nothing arrives that is not pinned, hashed, reasoned and licensed; and what is shipped says what is in it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from importlib import import_module
from importlib.metadata import distributions
from pathlib import Path

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

ROOT = Path(__file__).parents[2]
SHIPPED = ("run", "package")
LOCKS = (*SHIPPED, "build", "dev")
COPYLEFT_REVIEWED = {"pyside6-essentials", "shiboken6", "pygal"}
"""Under the LGPL and shipped: dynamically linked or plain sources, replaceable by whoever has the folder."""


def locked():
    return import_module("locked")  # conftest.py puts its folder on the path


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_its_hashes(lock):
    pins = locked().pins(lock)
    assert len(pins) > 20
    assert [pin.name for pin in pins.values() if not pin.hashes] == []


@pytest.mark.parametrize("lock", SHIPPED)
def test_what_is_shipped_is_what_was_tested(lock):
    tested = locked().pins("dev")
    assert {name: (pin.version, pin.hashes) for name, pin in locked().pins(lock).items()} == {
        name: (tested[name].version, tested[name].hashes) for name in locked().pins(lock)
    }


def test_what_makes_the_package_ships_the_same():
    made, shipped = locked().pins("build"), locked().pins("package")
    assert {name: made[name].hashes for name in shipped} == {name: pin.hashes for name, pin in shipped.items()}


def test_every_pin_has_a_licence_and_no_licence_is_left_over():
    pinned = {name for lock in LOCKS for name in locked().pins(lock)}
    assert set(locked().licences()) == pinned


def test_the_licences_are_what_the_installed_releases_say():
    """Where a release states an expression; prose was read by a person."""
    table, wrong = locked().licences(), {}
    for found in distributions():
        name = locked().plain(found.metadata["Name"])
        if name in table and "License-Expression" in found.metadata:
            said = found.metadata["License-Expression"]
            if said != table[name]:
                wrong[name] = (said, table[name])
    assert wrong == {}


def test_copyleft_that_is_shipped_was_reviewed():
    copyleft = {name for name in locked().pins("package") if "GPL" in locked().licences()[name]}
    assert copyleft == COPYLEFT_REVIEWED


def test_every_dependency_we_name_has_its_reason():
    reasons = locked().reasons()
    assert len(reasons) > 40
    assert [name for name, reason in reasons.items() if not reason] == []


def test_the_table_is_current():
    done = subprocess.run(
        [sys.executable, str(ROOT / "packaging" / "dependencies.py"), "--check"], check=False, timeout=50
    )
    assert done.returncode == 0, "run `python packaging/dependencies.py`"


def bill() -> str:
    command = [sys.executable, str(ROOT / "packaging" / "sbom.py")]
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1790000000"}
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True, timeout=50).stdout


def test_the_bill_of_materials_keeps_its_schema_and_names_every_part():
    text = bill()
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(text) is None
    document = json.loads(text)
    named = {(part["name"], part["version"]) for part in document["components"]}
    everywhere = {(pin.name, pin.version) for pin in locked().pins("package").values() if not pin.marker}
    assert everywhere <= named
    assert {"qt", "sqlite", "openssl", "cpython"} <= {name for name, _ in named}
    assert document["metadata"]["timestamp"].startswith("2026-09-21")


def test_the_same_tree_has_the_same_bill():
    assert bill() == bill()
