"""Both languages say the same things, and every word a page asks for is there."""

from __future__ import annotations

import re
import string
import tomllib
from pathlib import Path

import pytest

from pos_client.domain.catalogue import flatten
from pos_client.sandbox.portal.pages.acts import ACTS
from tests.central import RESOURCES

PORTAL = Path(__file__).parents[3] / "pos_client" / "sandbox" / "portal"
LANGUAGES = ("vi", "en")
ENGLISH = re.compile(r"\b(the|and|of|your|with|is|are|not|this|log-in|voucher|driver)\b", re.IGNORECASE)
REALMS, RIGHTS = ("driver", "member"), ("own", "organisation", "none")


def texts(language):
    found: dict[str, str] = {}
    for file in sorted((RESOURCES / "portal" / language).glob("*.toml")):
        found |= flatten(tomllib.loads(file.read_text("utf-8")))
    return found


def places(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def test_both_languages_hold_the_same_keys_with_the_same_places():
    vietnamese, english = texts("vi"), texts("en")
    assert set(vietnamese) == set(english)
    assert {key for key in vietnamese if places(vietnamese[key]) != places(english[key])} == set()


def test_no_vietnamese_text_was_left_in_english():
    assert {key: text for key, text in texts("vi").items() if ENGLISH.search(text) and key not in ALSO} == {}


ALSO = {"guide.driver.title", "page.other_language"}
"""Said in English by the customer's own document, or on purpose."""


@pytest.mark.parametrize("file", sorted(PORTAL.rglob("*.html")), ids=lambda file: file.name)
def test_every_word_a_template_asks_for_is_there(file):
    asked = re.findall(r"\bt\(\s*[\"']([a-z_.0-9]+)[\"']\s*[,)]", file.read_text("utf-8"))
    asked += re.findall(r"parts\.(?:field|choice)\(\s*\"[a-z_]+\",\s*\"([a-z_.]+)\"", file.read_text("utf-8"))
    asked += re.findall(r"parts\.tab\(\"[^\"]+\", \"([a-z_.]+)\"", file.read_text("utf-8"))
    assert [key for key in asked if key not in texts("vi")] == []


def test_every_fault_and_every_deed_of_the_portal_has_words():
    known = texts("vi")
    said = {
        match
        for folder in (PORTAL, PORTAL.parent / "central" / "ledger")
        for file in folder.rglob("*.py")
        if folder == PORTAL or file.stem in ("voucher_desk", "passwords", "pins", "disputes", "review_desk")
        for match in re.findall(r"RuleViolation\(\s*\"([a-z_]+)\"", file.read_text("utf-8"))
    }
    assert {code for code in said if f"fault.{code}" not in known} == set()
    done = {
        match
        for file in PORTAL.rglob("*.py")
        for match in re.findall(r"visit\.go\([^()]*?,\s*\"([a-z_]+)\"\)", file.read_text("utf-8"))
    }
    assert {name for name in done if f"done.{name}" not in known} == set()


def test_every_act_that_is_kept_has_words_and_can_be_looked_for():
    noted = set()
    for file in PORTAL.rglob("*.py"):
        for said in re.findall(r"\.note\((.*?),", file.read_text("utf-8")):
            for word in re.findall(r"\"([a-z_{}]+)\"", said):
                noted |= {word.format(realm=realm, wanted=right) for realm in REALMS for right in RIGHTS}
    assert noted == set(ACTS)
    for language in ("vi", "en"):
        assert {act for act in ACTS if f"act.{act}" not in texts(language)} == set()
