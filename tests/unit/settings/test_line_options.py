"""A protocol's options as text and as fields of a form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings.line_options import WrongWord, format_options, parse_options
from pos_client.settings.options import PROTOCOL_OPTIONS, Option, OptionKind, Value

TWO_WIRE = "gilbarco-two-wire"
protocols = st.sampled_from(sorted(PROTOCOL_OPTIONS))


def allowed(option: Option) -> st.SearchStrategy[Value]:
    if option.kind is OptionKind.BOOLEAN:
        return st.booleans()
    if option.choices:
        return st.sampled_from(option.choices)
    return st.integers(option.minimum, option.maximum)


@given(st.data(), protocols)
def test_any_fields_are_a_text_that_reads_back_to_them(data: st.DataObject, protocol: str):
    values = {option.key: data.draw(allowed(option)) for option in PROTOCOL_OPTIONS[protocol]}
    text = format_options(protocol, values)
    assert PROTOCOLS[protocol].wrong_option(text) is None
    parsed = parse_options(protocol, text)
    assert (parsed.values, parsed.wrong) == (values, ())
    assert format_options(protocol, parsed.values) == text


words = st.text("abcdefo_=0158 ", max_size=20)
real = st.sampled_from(
    [f"{o.key}={v}" for options in PROTOCOL_OPTIONS.values() for o in options for v in ("on", "auto", "1", "99999", "")]
)


@given(protocols, st.lists(st.one_of(words, real), max_size=6).map(" ".join))
def test_the_form_and_the_protocol_agree_about_what_is_wrong(protocol: str, text: str):
    wrong = [each.word for each in parse_options(protocol, text).wrong]
    assert PROTOCOLS[protocol].wrong_option(text) == (wrong[0] if wrong else None)


def test_defaults_are_left_out_and_strange_names_too():
    assert format_options(TWO_WIRE, {"echo": "auto", "resume": True, "colour": "red", "price_level": 2}) == (
        "price_level=2 resume=on"
    )
    assert format_options("unknown", {"echo": "on"}) == ""
    assert parse_options("unknown", "").values == {}


def test_every_wrong_word_is_told_and_what_is_right_is_kept():
    parsed = parse_options(TWO_WIRE, "echo=perhaps format=6 colour=red format=8 price_level=3 resume=yes resume")
    assert parsed.values["format"] == "6"
    assert parsed.values["echo"] == "auto"
    assert parsed.wrong == (
        WrongWord("echo=perhaps", "wrong_option_value", "auto, on, off"),
        WrongWord("colour=red", "unknown_option"),
        WrongWord("format=8", "option_twice"),
        WrongWord("price_level=3", "wrong_option_value", "1..2"),
        WrongWord("resume=yes", "wrong_option_value", "on, off"),
        WrongWord("resume", "wrong_option_value", "on, off"),
    )


@pytest.mark.parametrize("protocol", PROTOCOL_OPTIONS)
def test_each_option_is_a_field_with_a_valid_default(protocol: str):
    for option in PROTOCOL_OPTIONS[protocol]:
        assert option.kind in (OptionKind.BOOLEAN, OptionKind.CHOICE, OptionKind.INTEGER)
        if option.kind is OptionKind.INTEGER:
            assert option.minimum <= int(str(option.default)) <= option.maximum
        elif option.kind is OptionKind.CHOICE:
            assert option.default in option.choices
