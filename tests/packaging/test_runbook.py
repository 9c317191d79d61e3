"""The runbook names what the program really says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_client.bootstrap.arguments import parser
from tests.ui.technician_pictures import FOLDER, SIZES

ROOT = Path(__file__).parents[2]
RUNBOOK = (ROOT / "packaging" / "RUNBOOK.md").read_text(encoding="utf-8")
SEEN = RUNBOOK.partition("## What a station sees")[2].partition("## A till is to be replaced")[0]
FIRST_CELLS = [row.split("|")[1] for row in SEEN.splitlines() if row.startswith("|")]
CODES = sorted({code for cell in FIRST_CELLS for code in re.findall(r"`([a-z_-]+)`", cell)})


@pytest.mark.parametrize("code", CODES)
def test_every_code_is_one_the_program_says(code):
    told = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "resources").rglob("*.toml"))
    told += "".join(path.read_text(encoding="utf-8") for path in (ROOT / "pos_client" / "ports").rglob("*.py"))
    told += (ROOT / "resources" / "contract" / "central.yaml").read_text(encoding="utf-8")
    assert re.search(rf"\b{re.escape(code)}\b", told), code


def test_there_are_codes_to_look_at():
    assert len(CODES) > 10


@pytest.mark.parametrize("page", ["RUNBOOK.md", "TECHNICIAN.md"])
def test_every_command_it_names_is_one(page):
    help_text = parser().format_help()
    known = set(re.findall(r"^    ([a-z][a-z-]+)", help_text, re.MULTILINE))
    text = (ROOT / "packaging" / page).read_text(encoding="utf-8")
    named = set(re.findall(r"`pos-client ([a-z][a-z-]+)", text))
    assert named <= known
    assert named


def test_every_picture_of_the_technicians_page_is_shown_made_by_a_command_and_small():
    text = (ROOT / "packaging" / "TECHNICIAN.md").read_text(encoding="utf-8")
    named = set(re.findall(r"\(pictures/technician/([a-z-]+)\.png\)", text))
    kept = {path.stem: path.stat().st_size for path in FOLDER.glob("*.png")}
    assert named == set(SIZES) == set(kept)
    assert sum(kept.values()) < 1_000_000
