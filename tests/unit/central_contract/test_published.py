"""The published file is the service's own description; its examples are what the service really says."""

from __future__ import annotations

import re

import pytest

from pos_client.bootstrap.commands.contract import as_yaml
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.sandbox.central.contract import document
from pos_client.sandbox.central.contract.examples import Exchange, recorded
from pos_client.sandbox.central.contract.introduction import EFFECTS
from pos_client.sandbox.central.contract.telling import stage
from pos_client.sandbox.central.endpoints import ENDPOINTS
from pos_client.sandbox.central.endpoints.endpoint import Endpoint
from pos_client.sandbox.central.ledger.redemption_states import TRANSITIONS, Event
from tests.central import PROFILE, the_scenario
from tests.central_contract import (
    FILE,
    REGENERATE,
    answer_schema,
    faults,
    operation_of,
    operations,
    problem_codes,
    published,
    request_schema,
)


def test_the_published_file_is_what_the_service_says_of_itself():
    own = as_yaml(document.published())
    assert FILE.read_bytes() == own, f"the contract has changed; {REGENERATE}"


def test_every_example_is_what_the_service_still_answers():
    """One service hears all of them in the order in which they were recorded."""
    stage_ = stage(the_scenario(), PROFILE)
    for one in recorded():
        told = stage_.answer(one)
        assert told == (one.status, one.answer), f"{one.operation} ({one.name}) is answered otherwise; {REGENERATE}"


@pytest.mark.parametrize("one", recorded(), ids=lambda one: f"{one.operation}.{one.name}")
def test_every_example_fits_its_schema(one: Exchange):
    operation = operation_of(one.method, one.path)
    if one.request is not None:
        assert faults(request_schema(operation), one.request) == []
    assert faults(answer_schema(operation, one.status), one.answer) == []


def test_examples_have_names_of_their_own():
    names = [(one.operation, one.name) for one in recorded()]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=document.operation_id)
def test_every_address_is_told_in_full(endpoint: Endpoint):
    """What it is for, who calls it when, by which key it is named, what happens without an answer; and an example."""
    prose = endpoint.prose
    assert all((prose.about, prose.caller, prose.offline)), f"{endpoint.path} has no prose"
    assert prose.key or not endpoint.is_write
    assert document.group_of(endpoint.path) in document.GROUPS
    good = [one for one in recorded() if one.operation == document.operation_id(endpoint) and one.status < 400]
    assert good, f"no story of contract/story.py calls {endpoint.method} {endpoint.path}; then {REGENERATE}"


def test_every_move_of_a_redemption_is_in_the_table_people_read():
    assert {event for _, event in TRANSITIONS} <= set(EFFECTS)
    told = published()["info"]["description"]
    for (before, event), after in TRANSITIONS.items():
        words = EFFECTS[event][0] if event is not Event.TIME_UP else "[^|]+"
        assert re.search(rf"\| {before.value} \| {words} \| {after.value} \|", told), (before, event)


OF_NO_ADDRESS = {"unknown-address", "method-not-offered"}
"""What is refused before any address of the contract is reached."""


def test_every_problem_is_declared_where_it_may_be_met_and_nowhere_unknown():
    declared = {code for *_, operation in operations() for code in problem_codes(operation)}
    assert declared | OF_NO_ADDRESS == set(PROBLEMS)


def test_every_declared_problem_stands_under_its_status():
    for method, path, operation in operations():
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                codes = response["content"]["application/problem+json"]["schema"]["properties"]["code"]["enum"]
                assert {PROBLEMS[code].status for code in codes} == {int(status)}, (method, path)
                assert all(f"`{code}` (retry: {PROBLEMS[code].retry})" in response["description"] for code in codes)


def test_every_problem_has_an_example_that_fits():
    for code, example in published()["components"]["examples"].items():
        assert example["value"]["code"] == code
        assert faults({"$ref": "#/components/schemas/ProblemDocument"}, example["value"]) == []
