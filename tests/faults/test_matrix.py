"""Every cell of the fault matrix has its proof, its reason, or stands among what is owed; every test named exists."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.faults.matrix import MATRIX, OWED, RECOVERY, STEPS, TESTS

ROOT = Path(__file__).parents[2]
FAULTS = [f"F{number:02}" for number in range(1, 39)]
ROWS_OF_RECOVERY = 10


def cells() -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    for fault, row in MATRIX.items():
        for steps, proof in row.items():
            for step in steps.split():
                assert (fault, step) not in found, f"{fault} {step} stands twice"
                found[fault, step] = proof
    return found


def test_every_cell_has_an_entry_and_no_other():
    assert set(cells()) == {(fault, step) for fault in FAULTS for step in STEPS}
    assert len(RECOVERY) == ROWS_OF_RECOVERY


def test_every_entry_is_a_test_a_reason_or_owed():
    proofs = [*cells().values(), *RECOVERY.values()]
    shown = [proof for proof in proofs if not proof.startswith(("no: ", "owed: "))]
    bare = {each for proof in shown for each in proof.split(" + ")}
    assert bare == set(TESTS), "a proof that is not listed, or a test that proves no cell"
    assert {cell for cell, proof in cells().items() if proof.startswith("owed: ")} == OWED


@pytest.mark.parametrize("key", TESTS)
def test_a_named_test_exists(key: str):
    file, _, name = TESTS[key].partition("::")
    tree = ast.parse((ROOT / file).read_text("utf-8"))
    tests = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")}
    assert name in tests if name else tests, f"{TESTS[key]} is not there"
