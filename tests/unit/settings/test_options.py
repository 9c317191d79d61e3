"""Options, model, words and writing say the same."""

from __future__ import annotations

import re
from dataclasses import MISSING, fields
from inspect import getsource

import pytest

from pos_client.adapters.settings_file import toml_file
from pos_client.domain.identifiers import PointId
from pos_client.domain.staff import SALT_BYTES, hash_of
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings import contradictions, line_options, model, shapes, validation
from pos_client.settings import options as o
from pos_client.settings.transfer import exported, for_support
from tests.words import words

MODELS = {
    "station": model.StationSettings,
    "central": model.CentralSettings,
    "printer": model.PrinterSettings,
    "loyalty": model.LoyaltySettings,
    "radar": model.RadarSettings,
    "screen": model.ScreenSettings,
    "grades": model.GradeSettings,
    "staff": model.StaffSettings,
    "scanner": model.ScannerSettings,
    "keypad": model.KeypadSettings,
    "lines": model.LineSettings,
    "points": model.PointSettings,
}


@pytest.mark.parametrize("section", MODELS)
def test_options_and_model_have_the_same_fields_and_defaults(section: str):
    of_model = {f.name: None if f.default is MISSING else f.default for f in fields(MODELS[section])}
    of_model.pop("points", None)  # of a line; a section of their own
    assert {option.key: option.default for option in o.SECTIONS[section]} == of_model


def test_every_section_of_the_model_is_there():
    tops = {field.name for field in fields(model.Settings)} - {"secrets_backend"}
    assert tops | {"points", "secrets"} == set(o.SECTIONS)
    assert model.Settings().secrets_backend == o.SECRET_OPTIONS[0].default


@pytest.mark.parametrize("section", o.SECTIONS)
def test_defaults_are_valid_by_themselves(section: str):
    for option in o.SECTIONS[section]:
        if option.default is not None:
            assert list(validation._wrong(option, option.default, option.key)) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_option_choice_and_fault_has_its_words(language: str):
    catalogue = words(language, "settings")
    wanted = {f"section.{section}" for section in o.SECTIONS} | {
        f"type.{kind}" for kind in (*o.OptionKind, "list", "table")
    }
    for section, options in o.SECTIONS.items():
        for option in options:
            wanted |= {f"option.{section}.{option.key}.{part}" for part in ("label", "help")}
            if option.kind is o.OptionKind.CHOICE:
                wanted |= {f"option.{section}.{option.key}.choice.{choice}" for choice in option.choices}
    modules = (validation, contradictions, line_options, shapes, toml_file)
    sources = "".join(getsource(module) for module in modules)
    faults = set(filter(lambda key: key.startswith("fault."), catalogue.keys()))
    assert not [key for key in faults if f'"{key.removeprefix("fault.")}"' not in sources]
    assert not {key for key in wanted if not catalogue.knows(key)}
    assert {key for key in catalogue.keys() - wanted - faults if "gilbarco" not in key} == set()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("protocol", o.PROTOCOL_OPTIONS)
def test_every_option_of_a_protocol_has_its_words(language: str, protocol: str):
    catalogue = words(language, "protocol_options")
    wanted = {f"section.{protocol}"}
    for option in o.PROTOCOL_OPTIONS[protocol]:
        key = f"option.{protocol}.{option.key}"
        wanted |= {f"{key}.label", f"{key}.help", *(f"{key}.choice.{choice}" for choice in option.choices)}
    assert {key for key in wanted if not catalogue.knows(key)} == set()
    if o.PROTOCOL_OPTIONS[protocol]:
        assert [key for key in catalogue.keys() - wanted if key.startswith(f"option.{protocol}.")] == []


def test_each_protocol_has_its_addresses():
    assert set(PROTOCOLS) <= set(o.ADDRESSES)


def test_the_only_secret_in_a_file_is_the_hash_of_a_pin_and_it_stays_there():
    """Keys live in the key store, PINs in nobody's file."""
    found = [(section, each.key) for section, options in o.SECTIONS.items() for each in options if each.secret]
    assert found == [("staff", "pin")]
    pin = hash_of(b"246810", bytes(SALT_BYTES))
    staffed = model.Settings(staff=(model.StaffSettings(9, "Minh", "manager", pin),))
    assert exported(staffed)["staff"] == [{"number": 9, "name": "Minh", "role": "manager"}]
    assert for_support(staffed)["staff"] == [{"number": 9, "role": "manager"}]
    assert staffed.people()[0].pin == pin


def test_words_are_the_same_in_both_languages():
    files = ("settings", "protocol_options")
    vi, en = words("vi", *files), words("en", *files)
    assert vi.keys() == en.keys()
    for key in sorted(vi.keys()):
        places = [set(re.findall(r"\{(\w+)\}", language._texts[key])) for language in (vi, en)]
        assert places[0] == places[1], key


@pytest.mark.parametrize(
    ("protocol", "options", "given", "modulus_ml"),
    [
        ("dart", "", 0, 100_000_000_000),
        ("dart", "", 8, 1_000_000_000),
        ("gilbarco-two-wire", "", 0, 1_000_000_000),
        ("gilbarco-two-wire", "format=6", 0, 1_000_000_000),
        ("gilbarco-two-wire", "format=8", 0, 10_000_000_000_000),
        ("gilbarco-two-wire", "format=8 form=9", 0, 10_000_000_000_000),
        ("unknown", "", 0, None),
    ],
)
def test_a_totalizer_ends_where_protocol_or_technician_say(
    protocol: str, options: str, given: int, modulus_ml: int | None
):
    point = model.PointSettings(7, 80, ("A",), total_digits=given)
    line = model.LineSettings("l", protocol, "-", points=(point,), options=options)
    grades = (model.GradeSettings("A", "A", 20_000),)
    forecourt = model.Settings(grades=grades, lines=(line,)).forecourt()
    assert forecourt.meter(PointId(7)).modulus_ml == modulus_ml
    assert forecourt.meter(PointId(7)).resolution_ml == 10
