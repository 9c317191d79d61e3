"""A line's `options` text and the fields a form shows for it: one read into the other, defaults left out. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.settings.options import PROTOCOL_OPTIONS, SWITCH, Option, OptionKind, Value
from pos_client.value import dataclass

_NUMBER_LONGEST = 9


@dataclass(frozen=True, slots=True)
class WrongWord:
    """A word of an options text that means nothing. `code`: as in `validation.Fault`; `allowed`: what it may be."""

    word: str
    code: str
    allowed: str = ""


@dataclass(frozen=True, slots=True)
class ParsedOptions:
    """Every option of the protocol with its value, defaults included, and the words that are wrong."""

    values: dict[str, Value]
    wrong: tuple[WrongWord, ...] = ()


def parse_options(protocol: str, text: str) -> ParsedOptions:
    """Read `name=value name=value`. All wrong words are told; what they would have set stays at its default."""
    declared = {option.key: option for option in PROTOCOL_OPTIONS.get(protocol, ())}
    values: dict[str, Value] = {}
    wrong: list[WrongWord] = []
    for word in text.split():
        name, _, given = word.partition("=")
        option = declared.get(name)
        if option is None:
            wrong.append(WrongWord(word, "unknown_option"))
        elif name in values:
            wrong.append(WrongWord(word, "option_twice"))
        elif (value := _value(option, given)) is None:
            wrong.append(WrongWord(word, "wrong_option_value", _allowed(option)))
        else:
            values[name] = value
    defaults = {key: _default(option) for key, option in declared.items()}
    return ParsedOptions(defaults | values, tuple(wrong))


def format_options(protocol: str, values: Mapping[str, Value]) -> str:
    """The text that says these values, in the order of the declarations. Defaults and strange names are left out."""
    return " ".join(
        f"{option.key}={_said(values[option.key])}"
        for option in PROTOCOL_OPTIONS.get(protocol, ())
        if option.key in values and values[option.key] != option.default
    )


def _default(option: Option) -> Value:
    assert option.default is not None
    assert not isinstance(option.default, tuple)
    return option.default


def _value(option: Option, given: str) -> Value | None:
    if option.kind is OptionKind.BOOLEAN:
        return given == SWITCH[0] if given in SWITCH else None
    if option.kind is OptionKind.CHOICE:
        return given if given in option.choices else None
    if not (given.isascii() and given.isdigit() and len(given) <= _NUMBER_LONGEST):
        return None
    return int(given) if option.minimum <= int(given) <= option.maximum else None


def _allowed(option: Option) -> str:
    if option.kind is OptionKind.BOOLEAN:
        return ", ".join(SWITCH)
    if option.kind is OptionKind.CHOICE:
        return ", ".join(str(choice) for choice in option.choices)
    return f"{option.minimum}..{option.maximum}"


def _said(value: Value) -> str:
    return SWITCH[not value] if isinstance(value, bool) else str(value)
