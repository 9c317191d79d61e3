"""Both programme files as data: every row is there, every row has a test, every fault is found and placed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pos_client.domain.programme import ProfileError, load_profile
from pos_client.domain.programme.accrual import accrue
from pos_client.domain.programme.inputs import a_time
from pos_client.domain.programme.kinds import KINDS
from tests.programmes import PLX, PLX_SOURCE, VPP, VPP_SOURCE, with_parameters, with_rule

ROWS_A = [f"A{n:02d}" for n in range(1, 38)]
ROWS_B = [f"B{n:02d}" for n in range(1, 39)]
SILENT = {"A17", "A23", "A24", "A25", "A28", "A33", "A37", "B38"}
"""Rows on which the two documents say nothing."""
AMBIGUOUS = {"A20", "A26", "A08", "A23", "A37", "B09", "B10", "B12", "B16", "B18", "B28"}
TESTS = Path(__file__).parents[3]


def faults(source) -> list[str]:
    with pytest.raises(ProfileError) as refused:
        load_profile(source)
    return [f"{fault.place}: {fault.says}" for fault in refused.value.faults]


def test_every_row_of_the_table_is_in_its_programme_in_order():
    assert [rule.row for rule in PLX.rules] == ROWS_A
    assert [rule.row for rule in VPP.rules] == ROWS_B


def test_every_row_of_the_table_has_a_test_that_carries_its_number():
    names = [
        name
        for file in TESTS.rglob("test_*.py")
        for name in re.findall(r"^(?:async )?def (test_\w+)", file.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    numbers = {number.upper() for name in names for number in re.findall(r"(?<=_)[ab]\d\d(?=_)", name)}
    assert sorted({*ROWS_A, *ROWS_B} - numbers) == []


@pytest.mark.parametrize("profile", [PLX, VPP], ids=["PLX", "VPP"])
def test_every_row_keeps_its_phrase_and_says_how_it_is_read(profile):
    assert [rule.row for rule in profile.rules if not rule.phrase and rule.row not in SILENT] == []
    assert [rule.row for rule in profile.rules if len(rule.reading) < 15] == []


def test_ambiguous_rows_say_so_and_their_switches_are_parameters():
    rules = {rule.row: rule for rule in (*PLX.rules, *VPP.rules)}
    assert [row for row in sorted(AMBIGUOUS) if not rules[row].ambiguous] == []
    assert [rule.row for rule in rules.values() if not set(rule.switches) <= set(rule.parameters)] == []


@pytest.mark.parametrize("rule", [rule for rule in VPP.rules if rule.way is not None], ids=lambda rule: rule.row)
def test_every_active_way_to_earn_has_an_example_that_comes_true(rule):
    example = rule.example
    accrual = accrue(VPP, rule.row, a_time(example["at"], "at"), example["facts"])
    assert accrual.points == example["points"]
    for words in (accrual.formula.vi, accrual.formula.en):
        assert words
    assert accrual.rules[0] == rule.row
    assert rule.life is not None


def test_three_rows_are_inactive_and_say_why():
    assert {rule.row: (rule.missing.vi, rule.missing.en) for rule in VPP.rules if not rule.active} == {
        "B21": ("bảng điểm theo số năm sử dụng", "the table of points by years of use"),
        "B25": ("số điểm thưởng sinh nhật", "the amount of birthday points"),
        "B26": ("tỷ lệ quy đổi", "the rate of exchange"),
    }
    assert all(rule.active for rule in PLX.rules)


def test_a_profile_with_many_faults_reports_them_all_with_their_places():
    source = with_parameters(VPP_SOURCE, "B16", tiers=[{"months": 1, "minimum": 9, "maximum": 3, "award": 5}])
    source = with_parameters(source, "B34", unit="bottle")
    source = with_parameters(source, "B07", rate="a lot", deducted="vat")
    source = with_rule(source, "B12", cap="B99", until="2026-02-30")
    source = with_rule(source, "B23", **{"from": "2030-01-01", "until": "2029-01-01"})
    source = with_rule(source, "B02", colour="red")
    source = with_rule(source, "B19", expiry=None)
    found = faults({**source, "code": ""})
    for place, says in [
        ("code", "needs it"),
        ("B16 · parameters.tiers[0]", "minimum above maximum"),
        ("B34 · parameters.unit", "unknown 'bottle'"),
        ("B07 · parameters.rate", "must be a rate"),
        ("B07 · parameters.deducted", "must be a list"),
        ("B12 · cap", "B99 is no rule"),
        ("B12 · until", "must be a date"),
        ("B23 · from", "minimum above maximum"),
        ("B02 · colour", "unknown"),
        ("B19 · expiry", "is missing"),
    ]:
        assert any(place in fault and says in fault for fault in found), (place, found)


def test_overlapping_dates_of_two_rates_for_one_tender():
    old = next(rule for rule in PLX_SOURCE["rules"] if rule["row"] == "A20")
    rules = [{**rule, "until": "2027-01-01"} if rule is old else rule for rule in PLX_SOURCE["rules"]]
    found = faults({**PLX_SOURCE, "rules": [*rules, {**old, "row": "A20b", "from": "2027-01-01"}]})
    assert found == ["A20b · from: overlapping dates with A20 for the same tender"]


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ({}, "list of rules"),
        ({**PLX_SOURCE, "rules": "none"}, "list of rules"),
        ({**PLX_SOURCE, "rules": [7]}, "must be a table"),
        ({**PLX_SOURCE, "rules": [{"row": "A01"}]}, "row and a kind"),
        (with_rule(PLX_SOURCE, "A01", kind="magic"), "unknown kind 'magic'"),
        (with_rule(PLX_SOURCE, "A01", parameters=[]), "must be a table"),
        (with_rule(PLX_SOURCE, "A01", reading=""), "A01 · reading: is missing"),
        (with_rule(PLX_SOURCE, "A01", switches=["speed"]), "speed is not among the parameters"),
        (with_parameters(PLX_SOURCE, "A01", earns_from="2021-02-29"), "must be a date"),
        (with_parameters(PLX_SOURCE, "A20", points=50.5), "must be a whole number"),
        (with_parameters(PLX_SOURCE, "A20", points=True), "must be a whole number"),
        (with_parameters(PLX_SOURCE, "A20", block_vnd=-1), "at least 1"),
        (with_parameters(PLX_SOURCE, "A23", cash=["visa"]), "visa is in two lists"),
        (with_parameters(PLX_SOURCE, "A02", earn_not=["fuel"]), "fuel is in both lists"),
        (with_parameters(PLX_SOURCE, "A26", day=30, month=2), "no such day"),
        (with_parameters(PLX_SOURCE, "A33", opens="2023-01-01T00:00:00+07:00"), "minimum above maximum"),
        (with_parameters(PLX_SOURCE, "A33", opens="2021-11-19"), "a time with its offset"),
        (with_parameters(PLX_SOURCE, "A18", texts=7), "must be a table"),
        (with_parameters(VPP_SOURCE, "B01", up_from="0.6"), "rounds half up"),
        (with_parameters(VPP_SOURCE, "B14", life={"unit": "fortnights", "count": 2}), "unknown 'fortnights'"),
        (with_parameters(VPP_SOURCE, "B14", life={"unit": "months"}), "must be at least 1"),
        (with_parameters(VPP_SOURCE, "B31", minimum=13), "minimum above maximum"),
        (with_parameters(VPP_SOURCE, "B18", rules=["B12"]), "does not list it"),
        (with_parameters(VPP_SOURCE, "B13", rates={"royal": "1%"}), "unknown customer class"),
        (with_rule(VPP_SOURCE, "B13", expiry="B02"), "B02 is no rule of expiry"),
        (with_rule(VPP_SOURCE, "B13", expiry=7), "must be a row or a table"),
        (with_parameters(VPP_SOURCE, "B07", rate=0.025), "must be a rate"),
        (with_parameters(VPP_SOURCE, "B12", minimum="2%"), "minimum above maximum"),
    ],
)
def test_what_makes_no_sense_is_named(source, says):
    assert any(says in fault for fault in faults(source))


def test_every_kind_of_the_vocabulary_is_used_by_a_row():
    assert {rule.kind for rule in (*PLX.rules, *VPP.rules)} == set(KINDS)


def test_the_files_are_plain_text_somebody_can_read():
    for source in (PLX_SOURCE, VPP_SOURCE):
        assert "float" not in {
            type(value).__name__ for rule in source["rules"] for value in rule["parameters"].values()
        }
