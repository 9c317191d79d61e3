"""Whatever the program can say, it can say: every code has three parts in both languages, every place a value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind
from pos_client.ports.central import Problem, Retry
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.protocols.dispenser.dart.states import ALARM_WORDS
from pos_client.protocols.dispenser.suspicion import Sign
from pos_client.services.notices import say
from pos_client.services.refusals import refusal_of
from pos_client.services.snapshots import Notice, Severity
from tests.words import words

SOURCES = Path(__file__).parents[3] / "pos_client"
SAID = re.compile(
    r"(?:RuleViolation|notify|_notice|Notice|Unavailable|_refused|\.refuse|refuse_settings|_print)"
    r'\(\s*(?:attempt, )?"([a-z_-]+)"'
)
AT_THE_EDGES = frozenset(
    {
        "secret_empty",  # no empty secret is ever submitted
    }
)
"""Raised where no person of this terminal reads them."""
ENGINE = SOURCES / "domain" / "programme"
"""Its refusals are central's problems to a terminal; `pos-client points` says them in one sentence each."""

CUSTOMER = Customer(
    "ref", CustomerKind.INDIVIDUAL, "Trần H***", "000 100 001", "0912 *** 001", 100, (ConsentMethod.OTP,)
)


def codes(engine: bool = False) -> dict[str, str]:
    """Every code in the sources (of the points engine, or of all the rest) -> the file that says it."""
    folders = ("services", "adapters", "bootstrap", "domain", "ui")
    return {
        code: path.name
        for folder in folders
        for path in (SOURCES / folder).rglob("*.py")
        if path.is_relative_to(ENGINE) is engine and not path.name.startswith("points")
        for code in SAID.findall(path.read_text("utf-8"))
    }


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_refusal_of_the_points_engine_has_its_sentence(language: str):
    catalogue, found = words(language), codes(engine=True)
    assert len(found) > 20
    assert {code for code in found if not catalogue.knows(f"points.refused.{code}")} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_code_in_the_sources_has_its_three_parts(language: str):
    catalogue, found = words(language), codes()
    assert len(found) > 50
    missing = {
        f"{code} ({file}): {part}"
        for code, file in found.items()
        for part in ("what", "means", "key")
        if code not in AT_THE_EDGES and not catalogue.knows(f"notice.{code}.{part}")
    }
    assert missing == set()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("left", [None, 0, 2])
@pytest.mark.parametrize("locked_for_s", [None, 61])
@pytest.mark.parametrize("code", [*PROBLEMS, "something-central-has-learned-since"])
def test_every_refusal_of_central_can_be_said_in_full(
    code: str, locked_for_s: int | None, left: int | None, language: str
):
    problem = Problem(code, 422, Retry.NEVER, limit=100, attempts_left=left, locked_for_s=locked_for_s)
    name, params = refusal_of(problem, CUSTOMER)
    said = say(Notice(name, Severity.WARNING, tuple(params.items())), words(language))
    assert all((said.what, said.means, said.key))
    assert "{" not in said.what + said.means + said.key
    assert " 0 " not in said.what + said.means


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_problem_of_the_contract_has_words_of_its_own(language: str):
    """What happened, what it means for money and points, what to do: not the fallback, which knows only the code."""
    catalogue = words(language)
    missing = {
        f"{code}: {part}"
        for code in PROBLEMS
        for part in ("what", "means", "key")
        if not catalogue.knows(f"notice.central_{code}.{part}")
    }
    assert missing == set(), "resources/translations/{vi,en}/notices.toml, beside the other central_ notices"


OWN_ALARMS = ("price_not_taken", "preset_passed", "pump_number_differs", "total_decimals_differ")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("code", [*ALARM_WORDS.values(), *Sign, *OWN_ALARMS])
def test_every_alarm_a_dispenser_can_raise_has_words(language: str, code: str):
    said = say(Notice("pump_alarm", Severity.WARNING, (("point", 5), ("code", str(code)))), words(language, "notices"))
    assert "5" in said.what
    assert "_" not in said.what


def test_an_alarm_nobody_has_words_for_is_said_by_its_code():
    notice = Notice("pump_alarm", Severity.WARNING, (("point", 5), ("code", "alarm_12")))
    assert say(notice, words("en", "notices")).what == "Pump 5 raised an alarm: alarm_12"
