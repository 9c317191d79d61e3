from __future__ import annotations

import base64
from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.bootstrap.simulate.clock import START
from pos_client.settings.faults import Fault
from pos_client.settings.model import Settings
from pos_client.settings.options import SECTIONS, SETTINGS_VERSION, OptionKind
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree
from tests.words import words

VI, EN = words("vi", "settings"), words("en", "settings")
KEY = base64.b64encode(bytes(32)).decode()
GOOD: dict[str, Any] = {
    "secrets_backend": "os",
    "station": {"station": "CHXD018", "name": "CHXD số 18"},
    "central": {"url": "https://loyalty.example.vn/api", "seal_key": KEY, "permit_key": KEY},
    "printer": {"target": "tcp://192.168.1.50:9100"},
    "grades": [
        {"code": "E10-95-III", "name": "E10 RON 95-III", "unit_price": 27080},
        {"code": "DO-005S", "name": "DO 0,05S-II", "unit_price": 30490, "earns": False},
    ],
    "lines": [
        {
            "name": "dart-1",
            "protocol": "dart",
            "port": "/dev/ttyUSB0",
            "points": [
                {"point": 1, "address": 80, "nozzles": ["E10-95-III", "DO-005S"]},
                {"point": 2, "address": 81, "nozzles": ["DO-005S"]},
            ],
        },
        {"name": "dart-2", "protocol": "dart", "port": "socket://127.0.0.1:7001", "points": []},
    ],
}


def changed(place: str, value: Any) -> dict[str, Any]:
    """The good settings with one thing changed, by the words a fault uses for places."""
    tree = deepcopy(GOOD)
    *way, last = place.replace("[", ".[").split(".")
    at: Any = tree
    for step in way:
        at = at[int(step[1:-1])] if step.startswith("[") else at.setdefault(step, {})
    if last.startswith("["):
        at[int(last[1:-1])] = value
    elif value is ...:
        del at[last]
    else:
        at[last] = value
    return tree


def test_good_settings_become_a_forecourt():
    checked = check(GOOD)
    assert checked.faults == ()
    assert checked.settings is not None
    forecourt = checked.settings.forecourt()
    assert forecourt.station == "CHXD018"
    assert [point.point for point in forecourt.points] == [1, 2]
    prices = dict(checked.settings.price_list().prices(START))
    assert [prices[nozzle.grade.code] for nozzle in forecourt.points[0].nozzles] == [27080, 30490]
    assert checked.settings.lines[0].baud_rate == 9600


def test_nothing_at_all_is_the_defaults():
    assert check({}).settings == Settings()


ONE_FAULT = [
    ("statoin", {}, "statoin", "unknown_key"),
    ("station.nmae", "x", "station.nmae", "unknown_key"),
    ("lines[0].points[1].hose", 1, "lines[0].points[1].hose", "unknown_key"),
    ("station", [], "station", "wrong_type"),
    ("lines", {}, "lines", "wrong_type"),
    ("lines[0]", 5, "lines[0]", "wrong_type"),
    ("lines[0].points", "x", "lines[0].points", "wrong_type"),
    ("station.name", 18, "station.name", "wrong_type"),
    ("grades[0].unit_price", "27080", "grades[0].unit_price", "wrong_type"),
    ("grades[0].unit_price", 27080.0, "grades[0].unit_price", "wrong_type"),
    ("grades[0].unit_price", True, "grades[0].unit_price", "wrong_type"),
    ("grades[0].earns", 1, "grades[0].earns", "wrong_type"),
    ("lines[0].points[0].nozzles", "E10-95-III", "lines[0].points[0].nozzles", "wrong_type"),
    ("lines[0].points[0].nozzles", [], "lines[0].points[0].nozzles", "wrong_count"),
    ("lines[0].points[0].nozzles", ["DO-005S"] * 16, "lines[0].points[0].nozzles", "wrong_count"),
    ("lines[0].points[0].nozzles[1]", 7, "lines[0].points[0].nozzles[1]", "wrong_type"),
    ("grades[0].name", ..., "grades[0].name", "missing"),
    ("lines[0].port", ..., "lines[0].port", "missing"),
    ("grades[0].unit_price", 999, "grades[0].unit_price", "out_of_range"),
    ("printer.columns", 23, "printer.columns", "out_of_range"),
    ("printer.columns", 65, "printer.columns", "out_of_range"),
    ("station.terminal", "", "station.terminal", "wrong_length"),
    ("station.terminal", "T" * 9, "station.terminal", "wrong_length"),
    ("station.terminal", "T 1", "station.terminal", "bad_code"),
    ("station.station", "CHXĐ018", "station.station", "bad_code"),
    ("station.name", "a\x1bb", "station.name", "bad_text"),
    ("screen.language", "fr", "screen.language", "not_a_choice"),
    ("lines[0].baud_rate", 9601, "lines[0].baud_rate", "not_a_choice"),
    ("lines[0].protocol", "ifsf", "lines[0].protocol", "not_a_choice"),
    ("secrets_backend", "file", "secrets_backend", "not_a_choice"),
    ("grades[1].code", "bad code", "grades[1].code", "bad_code"),
    ("lines[1].name", "dart-1", "lines[1].name", "duplicate"),
    ("lines[1].port", "/dev/ttyUSB0", "lines[1].port", "duplicate"),
    ("lines[0].points[1].point", 1, "lines[0].points[1].point", "duplicate"),
    ("lines[0].points[1].address", 80, "lines[0].points[1].address", "duplicate"),
    ("lines[0].points[1].nozzles", ["X"], "lines[0].points[1].nozzles[0]", "unknown_grade"),
    ("lines[0].points[1].address", 79, "lines[0].points[1].address", "wrong_address"),
    ("lines[0].points[1].address", 112, "lines[0].points[1].address", "wrong_address"),
    ("lines[1].port", "socket://127.0.0.1", "lines[1].port", "bad_port"),
    ("lines[1].port", "COM 3", "lines[1].port", "bad_port"),
    ("printer.target", "usb:1", "printer.target", "bad_printer"),
    ("printer.target", "tcp://", "printer.target", "bad_printer"),
    ("printer.target", "tcp://h:99999", "printer.target", "bad_printer"),
    ("central.operation_timeout_ms", 7999, "central.operation_timeout_ms", "shorter_than_one_try"),
    ("central.url", "loyalty.example.vn", "central.url", "bad_url"),
    ("central.url", "ftp://loyalty.example.vn", "central.url", "bad_url"),
    ("central.url", "https://", "central.url", "bad_url"),
    ("central.url", "https://user:pw@example.vn", "central.url", "bad_url"),
    ("central.url", "https://example.vn/?a=1", "central.url", "bad_url"),
    ("central.url", "https://[::1", "central.url", "bad_url"),
    ("central.url", "http://loyalty.example.vn", "central.url", "insecure_url"),
    ("central.url", "http://127.0.0.1.example.vn", "central.url", "insecure_url"),
    ("central.seal_key", KEY[:-4], "central.seal_key", "bad_key"),
    ("central.seal_key", "!" * 44, "central.seal_key", "bad_key"),
    ("central.seal_key", "é" * 44, "central.seal_key", "bad_key"),
]


@pytest.mark.parametrize(("at", "value", "place", "code"), ONE_FAULT, ids=[f"{c[0]}={c[1]!r}" for c in ONE_FAULT])
def test_one_wrong_thing_is_one_fault_at_its_place(at: str, value: Any, place: str, code: str):
    checked = check(changed(at, value))
    found = [(fault.place, fault.code) for fault in checked.faults]
    assert found[0] == (place, code)
    # a grade whose code is wrong leaves the nozzles that name it without one
    assert {code for _, code in found[1:]} <= ({"unknown_grade"} if place == "grades[1].code" else set())
    assert checked.settings is None
    for language in (VI, EN):
        assert language.knows(f"fault.{code}")
        assert "{" not in language.say(f"fault.{code}", **dict(checked.faults[0].params))


@pytest.mark.parametrize(
    ("at", "value"),
    [
        ("central.url", "http://127.0.0.1:8080"),
        ("central.url", "http://localhost:1"),
        ("central.url", "http://[::1]:8080/x"),
        ("central.seal_key", ""),
        ("printer.target", ""),
        ("printer.target", "file:/dev/usb/lp0"),
        ("lines[0].port", "COM3"),
        ("lines[0].port", "rfc2217://host:1"),
        ("lines[0].points[1].address", 111),
    ],
)
def test_these_are_right(at: str, value: Any):
    assert check(changed(at, value)).faults == ()


def test_a_grade_given_twice():
    tree = deepcopy(GOOD)
    tree["grades"].append(dict(GOOD["grades"][0]))
    assert check(tree).faults == (
        Fault("grades[2].code", "duplicate", (("value", "E10-95-III"), ("first", "grades[0].code"))),
    )


def test_all_faults_are_told_at_once_with_what_fills_their_sentence():
    tree = changed("grades[0].unit_price", 1)
    tree["station"]["colour"] = "red"
    tree["lines"][0]["points"][1] = {"point": 1, "address": 200, "nozzles": ["E10-95-III", "??"]}
    assert check(tree).faults == (
        Fault("station.colour", "unknown_key"),
        Fault("grades[0].unit_price", "out_of_range", (("minimum", 1000), ("maximum", 200_000))),
        Fault("lines[0].points[1].nozzles[1]", "bad_code"),
        Fault("lines[0].points[1].point", "duplicate", (("value", 1), ("first", "lines[0].points[0].point"))),
        Fault("lines[0].points[1].address", "wrong_address", (("protocol", "dart"), ("minimum", 80), ("maximum", 111))),
    )


def test_what_is_written_reads_back_equal():
    settings = check(GOOD).settings
    assert settings is not None
    assert check(as_tree(settings)).settings == settings


keys = st.sampled_from([option.key for options in SECTIONS.values() for option in options] + ["x", "grades", "lines"])
scalars = st.one_of(st.integers(), st.booleans(), st.text(max_size=50), st.floats(), st.none())
anything = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(keys | st.sampled_from(list(SECTIONS)), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(st.dictionaries(keys | st.sampled_from(list(SECTIONS)), anything, max_size=6))
def test_no_file_whatever_makes_the_check_fall_over(raw: dict[str, Any]):
    checked = check(raw)
    assert (checked.settings is None) == bool(checked.faults)


@given(st.data())
def test_every_value_in_its_range_is_taken(data: st.DataObject):
    tree: dict[str, Any] = {}
    for section in ("printer", "loyalty", "screen"):
        tree[section] = {}
        for option in SECTIONS[section]:
            if option.choices:
                tree[section][option.key] = data.draw(st.sampled_from(option.choices))
            elif option.kind is OptionKind.INTEGER:
                tree[section][option.key] = data.draw(st.integers(option.minimum, option.maximum))
    assert check(tree).faults == ()


TWO_WIRE: dict[str, Any] = {
    "name": "gilbarco-1",
    "protocol": "gilbarco-two-wire",
    "port": "/dev/ttyUSB7",
    "points": [{"point": 9, "address": 16, "nozzles": ["DO-005S"], "amount_decimals": -1, "price_decimals": -1}],
}


def with_two_wire(**changes: Any) -> dict[str, Any]:
    return changed("lines[1]", {**TWO_WIRE, **changes})


def test_a_line_that_says_nothing_is_set_as_its_protocol_wants():
    checked = check(with_two_wire(options="echo=on format=6"))
    assert checked.settings is not None
    dart, two_wire = checked.settings.lines
    assert (dart.baud_rate, dart.parity, dart.inter_frame_ms) == (9600, "O", 35)
    assert (two_wire.baud_rate, two_wire.parity, two_wire.answer_timeout_ms) == (5787, "E", 150)
    assert (two_wire.points[0].price_decimals, two_wire.options) == (-1, "echo=on format=6")
    chosen = check(with_two_wire(baud_rate=9600)).settings
    assert chosen is not None
    assert chosen.lines[1].baud_rate == 9600


@pytest.mark.parametrize(
    ("raw", "place", "code"),
    [
        (with_two_wire(options="echo=perhaps"), "lines[1].options", "wrong_option_value"),
        (with_two_wire(options="echo=on echo=on"), "lines[1].options", "option_twice"),
        (with_two_wire(options="colour=red"), "lines[1].options", "unknown_option"),
        (changed("lines[0].options", "echo=on"), "lines[0].options", "unknown_option"),
        (
            with_two_wire(points=[{**TWO_WIRE["points"][0], "address": 17}]),
            "lines[1].points[0].address",
            "wrong_address",
        ),
        (
            with_two_wire(points=[{**TWO_WIRE["points"][0], "price_decimals": -2}]),
            "lines[1].points[0].price_decimals",
            "price_between_steps",
        ),
    ],
)
def test_what_a_protocol_cannot_be_set_to(raw: dict[str, Any], place: str, code: str):
    faults = [fault for fault in check(raw).faults if fault.code != "price_between_steps" or fault.place == place]
    assert [(fault.place, fault.code) for fault in faults] == [(place, code)]


# ── one thing twice ─────────────────────────────────────────────────────────────────────────────────────────────────


def two_lines(first: dict[str, Any], second: dict[str, Any]) -> list[tuple[str, str, object]]:
    """Faults of two DART lines with these changes: place, code, the place where it stood first."""
    line = {"protocol": "dart", "points": []}
    tree = {**GOOD, "lines": [{"name": "a", "port": "COM1", **line, **first}, {"name": "b", **line, **second}]}
    return [(fault.place, fault.code, dict(fault.params).get("first")) for fault in check(tree).faults]


NOZZLES = {"nozzles": ["DO-005S"]}


@pytest.mark.parametrize(
    ("first", "second", "at", "before"),
    [
        (
            {"points": [{"point": 1, "address": 80, **NOZZLES}, {"point": 2, "address": 80, **NOZZLES}]},
            {"port": "COM2"},
            "lines[0].points[1].address",
            "lines[0].points[0].address",
        ),
        (
            {"points": [{"point": 1, "address": 80, **NOZZLES}]},
            {"port": "COM2", "points": [{"point": 1, "address": 81, **NOZZLES}]},
            "lines[1].points[0].point",
            "lines[0].points[0].point",
        ),
        ({}, {"port": "COM1"}, "lines[1].port", "lines[0].port"),
        ({}, {"port": "com1"}, "lines[1].port", "lines[0].port"),
        ({}, {"port": "\\\\.\\COM1"}, "lines[1].port", "lines[0].port"),
        ({"port": "socket://h:1"}, {"port": "socket://h:1/"}, "lines[1].port", "lines[0].port"),
        ({"identity": "FTDI A1"}, {"port": "COM2", "identity": "FTDI A1"}, "lines[1].identity", "lines[0].identity"),
        ({}, {"port": "COM2", "name": "a"}, "lines[1].name", "lines[0].name"),
    ],
    ids=["address", "point", "port", "port in small letters", "port by its path", "socket", "adapter", "name"],
)
def test_one_nozzle_is_never_mapped_twice(first: dict[str, Any], second: dict[str, Any], at: str, before: str):
    assert two_lines(first, second) == [(at, "duplicate", before)]


def test_the_same_address_on_two_lines_is_two_pumps():
    point = {"address": 80, **NOZZLES}
    assert two_lines({"points": [{"point": 1, **point}]}, {"port": "COM2", "points": [{"point": 2, **point}]}) == []


def test_a_point_mapped_three_times_over_is_told_with_everything_else():
    point = {"point": 1, "address": 80, **NOZZLES}
    found = two_lines({"points": [point, point]}, {"port": "COM1", "points": [point]})
    assert found == [
        ("lines[1].port", "duplicate", "lines[0].port"),
        ("lines[0].points[1].point", "duplicate", "lines[0].points[0].point"),
        ("lines[1].points[0].point", "duplicate", "lines[0].points[0].point"),
        ("lines[0].points[1].address", "duplicate", "lines[0].points[0].address"),
    ]


# ── prices ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def price(grade: str, unit_price: int, since: str) -> dict[str, Any]:
    return {"grade": grade, "unit_price": unit_price, "effective_from": since}


def test_two_prices_of_a_grade_cannot_begin_at_one_moment_however_it_is_written():
    list_of = [
        price("DO-005S", 30_000, "2026-11-26T15:00+07:00"),
        price("DO-005S", 31_000, "2026-11-26T08:00+00:00"),
        price("E10-95-III", 31_000, "2026-11-26T08:00Z"),
        price("DO-005S", 32_000, "2026-11-26T15:00:01+07:00"),
    ]
    assert check({**GOOD, "prices": list_of}).faults == (
        Fault(
            "prices[1].effective_from",
            "duplicate",
            (("value", "DO-005S 2026-11-26T08:00+00:00"), ("first", "prices[0].effective_from")),
        ),
    )


@pytest.mark.parametrize(
    ("changes", "unit_price", "code"),
    [
        ({}, 27_085, "price_between_steps"),
        ({"options": "format=6"}, 27_080, None),
        ({"options": "format=6"}, 127_080, "price_too_long"),
        ({"options": "price_digits=4"}, 127_080, "price_too_long"),
        ({}, 127_080, None),
    ],
)
def test_a_price_to_come_that_no_pump_of_its_grade_can_show(changes: dict[str, Any], unit_price: int, code: str | None):
    tree = with_two_wire(**changes)
    tree["prices"] = [price("DO-005S", unit_price, "2026-11-26T15:00+07:00")]
    found = [(fault.place, fault.code) for fault in check(tree).faults]
    assert found == ([] if code is None else [("prices[0].unit_price", code)])


def test_a_price_with_more_digits_than_a_pump_has():
    tree = changed("lines[0].points[1].price_decimals", 2)
    assert check(tree).faults == (
        Fault("lines[0].points[1].price_decimals", "price_too_long", (("grade", "DO-005S"), ("digits", 6))),
    )


# ── the counter ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("counter", "place", "code"),
    [
        ({"quick_presets": [50_000, 100_000, 50_000]}, "counter.quick_presets[2]", "duplicate"),
        ({"tills": ["T2", "T3", "T2"]}, "counter.tills[2]", "duplicate"),
        ({"tills": ["T2", "T1"]}, "counter.tills[1]", "own_till"),
    ],
)
def test_keys_and_tills_of_the_counter(counter: dict[str, Any], place: str, code: str):
    assert [(fault.place, fault.code) for fault in check({**GOOD, "counter": counter}).faults] == [(place, code)]


# ── versions ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_file_of_a_newer_program_is_refused_whole():
    tree = {**GOOD, "version": SETTINGS_VERSION + 1, "hologram": {}}
    assert check(tree).faults == (
        Fault("version", "newer_settings", (("version", SETTINGS_VERSION + 1), ("known", SETTINGS_VERSION))),
    )


@pytest.mark.parametrize(("version", "code"), [("1", "wrong_type"), (True, "wrong_type"), (0, "out_of_range")])
def test_a_version_that_is_none(version: object, code: str):
    assert [(fault.place, fault.code) for fault in check({"version": version}).faults] == [("version", code)]


def test_a_file_from_before_there_were_versions_has_defaults_for_what_it_lacks():
    old = {key: value for key, value in GOOD.items() if key not in ("counter", "prices")}
    settings = check(old).settings
    assert settings is not None
    assert (settings.prices, settings.counter) == ((), Settings().counter)
    assert as_tree(settings)["version"] == SETTINGS_VERSION


@pytest.mark.parametrize(
    ("keypad", "faults"),
    [
        ({}, set()),
        ({"shuffled": True}, set()),
        ({"kind": "usb", "identity": "usb:046a:0023:A1"}, set()),
        ({"kind": "usb", "identity": "usb:046a:0023@usb-0000:00:14.0-2"}, set()),
        ({"kind": "serial", "port": "COM7"}, set()),
        ({"kind": "serial", "port": "usb:0403:6001:A5", "identity": "PAD0001"}, set()),
        ({"kind": "usb"}, {("keypad.identity", "keypad_not_paired")}),
        ({"kind": "usb", "identity": "PAD0001"}, {("keypad.identity", "keypad_not_paired")}),
        ({"kind": "usb", "identity": "usb:46a:23"}, {("keypad.identity", "bad_keypad")}),
        ({"kind": "serial"}, {("keypad.port", "keypad_without_port")}),
        (
            {"kind": "serial", "identity": "usb:046a:0023:A1", "port": "COM7"},
            {("keypad.identity", "keypad_of_usb")},
        ),
        (
            {"identity": "PAD0001", "port": "COM7"},
            {("keypad.port", "keypad_not_serial"), ("keypad.identity", "keypad_on_screen")},
        ),
        ({"kind": "serial", "port": "COM7", "shuffled": True}, {("keypad.shuffled", "keypad_not_on_screen")}),
        ({"kind": "bluetooth"}, {("keypad.kind", "not_a_choice")}),
    ],
)
def test_what_is_said_of_a_keypad_is_about_the_kind_that_is_chosen(
    keypad: dict[str, object], faults: set[tuple[str, str]]
):
    assert {(fault.place, fault.code) for fault in check({**GOOD, "keypad": keypad}).faults} == faults


@pytest.mark.parametrize(
    ("section", "more", "first"),
    [
        ("lines", {}, "lines[0].port"),
        ("scanner", {"scanner": {"port": "COM7"}}, "scanner.port"),
        ("printer", {"printer": {"target": "serial:COM7?baud=19200"}}, "printer.target"),
    ],
)
def test_a_keypad_on_a_port_that_is_taken_is_told(section: str, more: dict[str, object], first: str):
    tree = {**changed("grades[0].unit_price", 27_080), **more}
    port = tree["lines"][0]["port"] if section == "lines" else "com7"
    tree["keypad"] = {"kind": "serial", "port": port}
    (fault,) = check(tree).faults
    assert (fault.place, fault.code, dict(fault.params)["first"]) == ("keypad.port", "duplicate", first)


def test_a_scanner_on_a_dispensers_wire_and_two_people_with_one_number_are_told():
    tree = changed("grades[0].unit_price", 27_080)
    tree["scanner"] = {"port": tree["lines"][0]["port"]}
    tree["staff"] = [{"number": 9, "name": "Minh", "role": "manager"}, {"number": 9, "name": "Hoa"}]
    tree["staff"].append({"number": 1, "name": "Lan", "pin": "246810"})
    assert {(fault.place, fault.code) for fault in check(tree).faults} == {
        ("scanner.port", "duplicate"),
        ("staff[1].number", "duplicate"),
        ("staff[2].pin", "bad_pin_hash"),
    }
