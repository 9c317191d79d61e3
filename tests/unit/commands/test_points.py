"""`pos-client points`: its JSON, its refusals in both languages, its exit codes; and never a traceback."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_client.bootstrap.arguments import parse
from tests.programmes import FOLDER, VPP

TRANSLATIONS = FOLDER.parent / "translations"
AT = ["--at", "2026-11-23T08:00:00+07:00"]
LOTS = ["--lot", "1000@2026-01-01@2028-03-31", "--lot", "200@2026-01-03T10:00:00+07:00@2027-03-31"]


@pytest.fixture
def asked(capsys):
    def run(*argv: str) -> tuple[int, Any]:
        arguments = parse(["points", *argv, "--json"])
        code = arguments.run(arguments)
        out = capsys.readouterr().out
        return code, json.loads(out) if out else None

    return run


@pytest.fixture
def refused(asked):
    def run(*argv: str) -> str:
        code, answer = asked(*argv)
        assert code == 1
        told = answer["refused"]
        assert told["vi"]
        assert told["en"]
        assert told["vi"] != told["en"]
        assert "points.refused" not in told["vi"] + told["en"], "a refusal without words"
        return str(told["code"])

    return run


def test_a20_the_issue_s_own_example(asked):
    code, answer = asked("petrolimex-id", "accrue", *AT, "--tender", "electronic=95400")
    assert code == 0
    assert answer == {
        "programme": "PLX",
        "points": 450,
        "lots": [
            {"points": 450, "credited_at": "2026-11-23T08:00:00+07:00", "expires_on": "2027-03-31", "rule": "A26"}
        ],
        "formula": {
            "vi": "95.400 đ điện tử: 9 × 50 = 450 điểm",
            "en": "95.400 đ electronic: 9 × 50 = 450 points",
        },
        "rule": "A20",
        "rules": ["A20"],
    }


@pytest.mark.parametrize(
    ("amount", "electronic", "cash"),
    [(9_999, 0, 0), (10_000, 50, 0), (19_999, 50, 0), (20_000, 100, 50), (95_400, 450, 200), (1_000_000, 5_000, 2_500)],
)
def test_a20_a21_golden_numbers(asked, amount, electronic, cash):
    for kind, points in (("electronic", electronic), ("cash", cash), ("points", 0)):
        assert asked("PLX", "accrue", *AT, "--tender", f"{kind}={amount}")[1]["points"] == points


def test_a20_b01_the_proportional_switch(asked):
    switch = ["--switch", "A24.rounding=proportional"]
    assert asked("PLX", "accrue", *AT, *switch, "--tender", "electronic=95400")[1]["points"] == 477
    assert asked("PLX", "accrue", *AT, *switch, "--tender", "cash=95400")[1]["points"] == 239


def test_a24_a_mix(asked):
    _, answer = asked("PLX", "accrue", *AT, "--tender", "visa=70000", "--tender", "banknotes=25400")
    assert (answer["points"], answer["rules"]) == (400, ["A20", "A21", "A24"])


@pytest.mark.parametrize("rule", [rule for rule in VPP.rules if rule.example], ids=lambda rule: rule.row)
def test_every_example_of_the_profile_can_be_asked(asked, rule):
    facts = [part for name, value in rule.example["facts"].items() for part in ("--fact", f"{name}={value}")]
    code, answer = asked("viettel-plus-plus", "accrue", "--rule", rule.row, "--at", rule.example["at"], *facts)
    assert (code, answer["points"], answer["rules"][0]) == (0, rule.example["points"], rule.row)


def test_b04_redeem_names_its_lots_and_their_last_day(asked):
    code, answer = asked("PLX", "redeem", *AT, "--points", "700", *LOTS)
    assert code == 0
    assert [(lot["lot"], lot["points"], lot["expires_on"]) for lot in answer["lots"]] == [
        (2, 200, "2027-03-31"),
        (1, 500, "2028-03-31"),
    ]
    assert (answer["value_vnd"], answer["left"], answer["rule"]) == (700, 500, "A22, A37")
    assert "200 (hết hạn 31/03/2027)" in answer["formula"]["vi"]


def test_b34_redeem_for_a_service(asked):
    more = ["--rule", "B34", "--fact", "option=30_days"]
    _, answer = asked("VPP", "redeem", *AT, "--points", "300", *LOTS, *more)
    assert (answer["units"], answer["good_until"], answer["rules"][0]) == (30, "2026-12-23", "B34")


def test_a26_expire_at_the_last_second_and_the_first(asked):
    _, answer = asked("PLX", "expire", "--at", "2027-03-31T23:59:59", *LOTS)
    assert (answer["points"], answer["left"], answer["next"]) == (0, 1_200, {"points": 200, "expires_on": "2027-03-31"})
    _, answer = asked("PLX", "expire", "--at", "2027-04-01", *LOTS)
    assert (answer["points"], answer["lots"][0]["lot"], answer["action"], answer["left"]) == (200, 2, "reset", 1_000)


def test_b06_expire_reminds_of_idle_points(asked):
    assert asked("VPP", "expire", *AT, *LOTS, "--last-redeemed", "2026-08-22")[1]["idle"] == "remind"


def test_rules_prints_every_row_with_its_number(asked, capsys):
    _, answer = asked("PLX", "rules")
    assert [rule["row"] for rule in answer["rules"]] == [f"A{n:02d}" for n in range(1, 38)]
    arguments = parse(["points", "viettel-plus-plus", "rules"])
    assert arguments.run(arguments) == 0
    table = capsys.readouterr().out
    assert all(f"B{n:02d}  " in table for n in range(1, 39))
    assert "INACTIVE" in table


@pytest.mark.parametrize(
    "argv", [["accrue", *AT, "--tender", "cash=20000"], ["redeem", *AT, "--points", "9"], ["expire"]]
)
def test_people_read_both_languages(capsys, argv):
    arguments = parse(["points", "PLX", *argv])
    arguments.run(arguments)
    out = capsys.readouterr().out
    assert "điểm" in out
    assert "points" in out


SALE = ["PLX", "accrue", *AT]
SPEND = ["PLX", "redeem", *AT, *LOTS]


@pytest.mark.parametrize(
    ("argv", "code"),
    [
        ([*SALE, "--tender", "cash=-1"], "amount_too_small"),
        ([*SALE, "--tender", "cash=0"], "amount_too_small"),
        ([*SALE, "--tender", "cash=95400.5"], "not_whole"),
        ([*SALE, "--tender", "cash=95.400"], "not_whole"),
        ([*SALE, "--tender", "cash=1e6"], "not_whole"),
        ([*SALE, "--tender", "cash=１０００"], "not_whole"),
        ([*SALE, "--tender", "cash=100000000001"], "amount_absurd"),
        ([*SALE, "--tender", "cash=" + "9" * 30], "amount_absurd"),
        ([*SALE, "--tender", "cash=" + "9" * 5000], "not_whole"),
        ([*SALE, "--tender", "barter=1000"], "unknown_tender"),
        ([*SALE, "--tender", "cash=20000", "--fact", "product=bread"], "fact_unknown_word"),
        ([*SALE, "--tender", "cash=20000", "--fact", "station=franchise"], "station_not_served"),
        ([*SALE, "--tender", "cash=20000", "--fact", "account=unregistered"], "account_earns_not"),
        ([*SALE, "--tender", "cash=20000", "--fact", "colour=red"], "fact_unknown"),
        ([*SALE, "--tender", "cash=20000", "--fact", "product=fuel", "--fact", "product=gas"], "fact_twice"),
        (["PLX", "accrue", "--at", "2021-11-14T23:59:59", "--tender", "cash=20000"], "before_start"),
        (["PLX", "accrue", "--at", "2023-02-29", "--tender", "cash=20000"], "no_such_time"),
        (["PLX", "accrue", "--at", "yesterday", "--tender", "cash=20000"], "no_such_time"),
        (["PLX", "accrue", "--at", "9999-12-31", "--tender", "cash=20000"], "no_such_time"),
        (["PLX", "accrue", "--at", "0001-01-01T00:00:00+14:00", "--tender", "cash=20000"], "no_such_time"),
        (["PLX", "accrue", "--at", "9999-12-31T23:59:59-12:00", "--tender", "cash=20000"], "no_such_time"),
        ([*SALE, "--rule", "A99"], "unknown_rule"),
        ([*SALE, "--rule", "A08"], "no_way_to_earn"),
        (["VPP", "accrue", *AT, "--rule", "B26", "--fact", "partner_points=10"], "rule_inactive"),
        (["VPP", "accrue", *AT, "--rule", "B13", "--fact", "amount=1", "--fact", "class=royal"], "fact_unknown_word"),
        (["VPP", "accrue", *AT, "--rule", "B13", "--fact", "class=VIP"], "fact_missing"),
        (["VPP", "accrue", *AT, "--rule", "B12", "--fact", "revenue=maybe"], "fact_unknown_word"),
        (["VPP", "accrue", *AT, "--rule", "B09", "--fact", "years=-1"], "not_a_number|amount_too_small"),
        (["VPP", "accrue", *AT, "--tender", "cash=20000"], "no_fuel_rule"),
        ([*SPEND, "--points", "99"], "below_minimum"),
        ([*SPEND, "--points", "0"], "amount_too_small"),
        ([*SPEND, "--points", "-100"], "amount_too_small"),
        ([*SPEND, "--points", "100.5"], "not_whole"),
        ([*SPEND, "--points", "1201"], "insufficient_points"),
        ([*SPEND, "--points", "100", "--rule", "A01"], "not_goods"),
        ([*SPEND, "--points", "100", "--fact", "product=gas"], "not_for_points"),
        (["PLX", "redeem", "--at", "2022-11-09", "--points", "100", *LOTS], "before_redemptions"),
        (["PLX", "redeem", *AT, "--points", "100"], "insufficient_points"),
        (["PLX", "redeem", *AT, "--points", "100", "--lot", "0@2026-01-01@2027-03-31"], "amount_too_small"),
        (["PLX", "redeem", *AT, "--points", "100", "--lot", "9@2026-01-01@2025-03-31"], "lot_dies_before_credit"),
        (["PLX", "redeem", *AT, "--points", "100", "--lot", "500@2027-01-01@2027-03-31"], "insufficient_points"),
        (["PLX", "expire", *AT, "--lot", "1@2026-01-01@2026-02-30"], "no_such_time"),
        (["VPP", "expire", *AT, *LOTS, "--last-redeemed", "2027-01-01"], "time_runs_backwards"),
        (["PLX", "rules", "--switch", "A01.earns_from=2020-01-01"], "unknown_switch"),
        (["PLX", "rules", "--switch", "A24.rounding=up"], "profile_faulty"),
        (["PLX", "rules", "--switch", "A26.inclusive=perhaps"], "fact_unknown_word"),
    ],
)
def test_bad_input_is_a_named_refusal_in_both_languages(refused, argv, code):
    assert refused(*argv) in code.split("|")


def test_a_profile_of_ones_own_that_contradicts_itself_names_every_place(asked, tmp_path):
    text = (FOLDER / "petrolimex-id.toml").read_text("utf-8")
    file = tmp_path / "own.toml"
    file.write_text(text.replace("month = 3", "month = 13").replace("points = 50 }", "points = 0 }"), "utf-8")
    code, answer = asked(str(file), "rules")
    assert code == 1
    assert answer["refused"]["code"] == "profile_faulty"
    assert [fault["place"] for fault in answer["faults"]] == [
        "rules[19] A20 · parameters.points",
        "rules[20] A21 · parameters.points",
        "rules[25] A26 · parameters.month",
    ]


@pytest.mark.parametrize(
    "argv",
    [
        ["unknown", "rules"],
        ["../petrolimex-id", "rules"],
        ["nowhere.toml", "rules"],
        ["PLX", "accrue", *AT],
        [*SALE, "--tender", "cash=1", "--rule", "A20"],
        [*SALE, "--tender", "cash"],
        [*SALE, "--tender", "=5"],
        ["PLX", "redeem", *AT, "--points", "100", "--lot", "100@2026-01-01"],
        ["PLX"],
        ["PLX", "dance"],
        ["PLX", "accrue", "--tender", "cash=1"],
        ["PLX", "redeem"],
    ],
)
def test_wrong_usage_is_2(argv, capsys):
    try:
        arguments = parse(["points", *argv])
        code = arguments.run(arguments)
    except SystemExit as end:
        code = int(str(end.code))
    assert code == 2
    assert capsys.readouterr().err


word = st.text(max_size=12)
value = word | st.sampled_from(["1", "-1", "0", "cash=5", "=", "@", "1@2@3", "2026-11-23", "B07", "B34", "yes", "5,5"])
option = st.sampled_from(["--at", "--tender", "--rule", "--fact", "--points", "--lot", "--switch", "--last-redeemed"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    st.sampled_from(["PLX", "VPP"]),
    st.sampled_from(["accrue", "redeem", "expire"]),
    st.lists(st.tuples(option, value).map("=".join), max_size=5),
)
def test_whatever_is_typed_it_ends_with_0_1_or_2(capsys, programme, action, options):
    try:
        arguments = parse(["points", programme, action, *options, "--json"])
        code = arguments.run(arguments)
    except SystemExit as end:
        code = int(str(end.code))
    assert code in (0, 1, 2)
    capsys.readouterr()


def test_a30_a33_a_published_draw_is_repeated_by_anybody(asked, refused, tmp_path):
    seed, codes = bytes(range(32)).hex(), tmp_path / "codes.txt"
    codes.write_text("".join(f"{n:07d} {n:09d} Nguyễn Văn {n}\n" for n in range(1, 1201)), "utf-8")
    commitment = asked("PLX", "draw", "--seed", seed)[1]["commitment"]
    published = ["--seed", seed, "--commitment", commitment, "--beacon", "48213"]
    code, answer = asked("PLX", "draw", *published, "--codes", str(codes))
    assert (code, len(answer["wins"]), answer["commitment_checked"]) == (0, 1_113, True)
    assert answer["wins"][0]["prize"] == "special"
    assert all(win["name"] == "Nguyễn V***" and "***" in win["account"] for win in answer["wins"])
    assert asked("PLX", "draw", *published, "--codes", str(codes))[1] == answer
    other = ["--seed", "ff" * 32, "--commitment", commitment, "--codes", str(codes)]
    assert refused("PLX", "draw", *other) == "seed_does_not_match"
    assert refused("PLX", "draw", "--seed", "12") == "seed_unreadable"
    assert refused("PLX", "draw", "--seed", seed, "--codes", str(tmp_path)) == "codes_unreadable"
    codes.write_text("lonely\n", "utf-8")
    assert refused("PLX", "draw", "--seed", seed, "--codes", str(codes)) == "codes_unreadable"


def test_every_refusal_of_the_engine_has_words_in_both_languages():
    import re

    engine = Path(__file__).parents[3] / "pos_client"
    files = [*(engine / "domain" / "programme").glob("*.py"), *(engine / "bootstrap" / "commands").glob("points*.py")]
    codes = {
        code for file in files for code in re.findall(r'RuleViolation\(\s*"(\w+)"', file.read_text(encoding="utf-8"))
    } | {"voucher_used", "voucher_expired", "voucher_cancelled"}
    for language in ("vi", "en"):
        words = tomllib.loads((TRANSLATIONS / language / "points.toml").read_text("utf-8"))["points"]["refused"]
        assert sorted(codes ^ set(words)) == []
