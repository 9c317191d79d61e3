"""Why a line is down, in words; every reason the adapters give has some in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_client.domain.fuelling_point import LinkState
from pos_client.services.snapshots import LineSnapshot
from pos_client.ui.technician.view_model import line_detail, line_light
from tests.words import words as catalogue

ADAPTERS = Path(__file__).resolve().parents[3] / "pos_client" / "adapters" / "dispensers"


def codes() -> set[str]:
    """What stands in the code as a reason."""
    text = "".join(path.read_text("utf-8") for path in ADAPTERS.glob("*.py"))
    raised = re.findall(r'PortFailed\(\s*"(\w+)"', text)
    told = re.findall(r'(?:LinkState\.DOWN, f?|_forget\(f?)"(\w+)', text)
    return {*raised, *told}


def test_the_reasons_are_found():
    assert codes() >= {"cannot_open", "port_gone", "identity_missing", "wrong_settings", "line_fault", "line_restarted"}


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_reason_has_words(language: str):
    words = catalogue(language)
    for code in codes():
        assert words.knows(f"tech.line_detail.{code}"), code


def test_a_reason_names_what_it_is_about_and_an_unknown_one_is_shown_as_it_is():
    words = catalogue("en")
    assert line_detail(words, "port_taken: COM4 (dart-1)") == "another line uses this port: COM4 (dart-1)"
    assert line_detail(words, "COM4: the sky fell") == "COM4: the sky fell"
    down = LineSnapshot("dart-1", LinkState.DOWN, "cannot_send: Write timeout")
    assert line_light(words, "dart-1", (down,)).state == "No answer · the port does not take what is sent"
