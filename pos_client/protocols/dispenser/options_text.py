"""Options of a protocol as a technician writes them: `name=value` with blanks between, in the settings of a line and in
a station file.

A protocol declares an option once, as a field of a frozen dataclass: its default, and in its metadata what it may be.
Parsing, the technician's form and the check of a settings file come from that line.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, field, fields
from typing import TYPE_CHECKING, Any, TypeVar

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import ProtocolOption

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

Options = TypeVar("Options", bound="DataclassInstance")
_CHOICES, _RANGE = "choices", "range"
_SWITCH = ("on", "off")
_DIGITS = 10


def one_of(default: str, *others: str) -> Any:
    """A field that is one of some words."""
    return field(default=default, metadata={_CHOICES: (default, *others)})


def switch(default: bool) -> Any:
    """A field that is on or off."""
    return field(default=default, metadata={_CHOICES: _SWITCH})


def number(default: int, low: int, high: int) -> Any:
    """A field that is a whole number from `low` to `high`."""
    return field(default=default, metadata={_RANGE: (low, high)})


def parse(kind: type[Options], text: str) -> Options:
    """Options from `name=value name=value`. Raises `LocalProtocolError` that names the first word that is wrong."""
    values, wrong = _read(kind, text)
    if wrong is not None:
        raise LocalProtocolError(f"no such option: {wrong}")
    return kind(**values)


def read(kind: type[Options], text: str) -> Options:
    """What is right of a text up to its first wrong word, and defaults: for who has to know before it is mended."""
    return kind(**_read(kind, text)[0])


def wrong_word(kind: type[Options]) -> Callable[[str], str | None]:
    """What finds the first word of a text that is no option of `kind`; None where all is right."""
    return lambda text: _read(kind, text)[1]


def declared(kind: type[Options]) -> tuple[ProtocolOption, ...]:
    """The options of `kind` in the order of their fields."""
    return tuple(_declared(each) for each in fields(kind))


def _declared(option: Field[Any]) -> ProtocolOption:
    if option.default is MISSING:
        raise TypeError(f"option {option.name} has no default")
    default = _SWITCH[not option.default] if isinstance(option.default, bool) else str(option.default)
    low, high = option.metadata.get(_RANGE, (0, 0))
    return ProtocolOption(option.name, default, option.metadata.get(_CHOICES, ()), low, high)


def _read(kind: type[Options], text: str) -> tuple[Mapping[str, str | int | bool], str | None]:
    """The values given, and the first word that is wrong."""
    known = {each.name: each for each in fields(kind)}
    values: dict[str, str | int | bool] = {}
    for word in text.split():
        name, _, given = word.partition("=")
        value = _value(known[name], given) if name in known and name not in values else None
        if value is None:
            return values, word
        values[name] = value
    return values, None


def _value(option: Field[Any], given: str) -> str | int | bool | None:
    """What is given, as the field wants it; None when it is not allowed."""
    if _RANGE in option.metadata:
        low, high = option.metadata[_RANGE]
        is_number = given.isascii() and given.isdigit() and len(given) < _DIGITS
        return int(given) if is_number and low <= int(given) <= high else None
    if given not in option.metadata[_CHOICES]:
        return None
    return given == "on" if isinstance(option.default, bool) else given
