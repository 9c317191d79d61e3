"""What is wrong with settings, all of it at once, each fault with its place. Pure: a file and a form are checked alike.

A technician on a forecourt corrects a list in one go; being told one fault a start would cost him an afternoon. So the
values that are right by themselves are compared with each other even when others are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from pos_client.settings import options as o
from pos_client.settings.contradictions import Tree, contradictions
from pos_client.settings.faults import Fault, between
from pos_client.settings.model import (
    BankSettings,
    BooksSettings,
    CentralSettings,
    CounterSettings,
    GradeSettings,
    KeypadSettings,
    LineSettings,
    LoyaltySettings,
    PointSettings,
    PriceSettings,
    PrinterSettings,
    RadarSettings,
    ScannerSettings,
    ScreenSettings,
    Settings,
    SpeechSettings,
    StaffSettings,
    StationSettings,
    UpdateSettings,
)
from pos_client.settings.shapes import misshapen
from pos_client.value import dataclass

_TABLES = {
    "station": (o.STATION_OPTIONS, StationSettings),
    "central": (o.CENTRAL_OPTIONS, CentralSettings),
    "printer": (o.PRINTER_OPTIONS, PrinterSettings),
    "bank": (o.BANK_OPTIONS, BankSettings),
    "loyalty": (o.LOYALTY_OPTIONS, LoyaltySettings),
    "radar": (o.RADAR_OPTIONS, RadarSettings),
    "screen": (o.SCREEN_OPTIONS, ScreenSettings),
    "speech": (o.SPEECH_OPTIONS, SpeechSettings),
    "counter": (o.COUNTER_OPTIONS, CounterSettings),
    "scanner": (o.SCANNER_OPTIONS, ScannerSettings),
    "keypad": (o.KEYPAD_OPTIONS, KeypadSettings),
    "books": (o.BOOKS_OPTIONS, BooksSettings),
    "updates": (o.UPDATE_OPTIONS, UpdateSettings),
}
_LISTS = ("grades", "prices", "staff")
"""Lists of tables, by the section their entries are of."""
_TYPES: dict[o.OptionKind, type] = {
    o.OptionKind.TEXT: str,
    o.OptionKind.CHOICE: str,
    o.OptionKind.INTEGER: int,
    o.OptionKind.BOOLEAN: bool,
}


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings when nothing is wrong, else None and every fault: first the values alone, then what contradicts what."""

    settings: Settings | None
    faults: tuple[Fault, ...] = ()


def check(raw: Mapping[str, object]) -> Checked:
    """Check settings as they were read or typed. Never raises."""
    if (version := _wrong_version(raw.get("version", o.SETTINGS_VERSION))) is not None:
        return Checked(None, (version,))
    faults: list[Fault] = []
    tree = _top(raw, faults)
    faults.extend(contradictions(tree))
    return Checked(None if faults else _build(tree), tuple(faults))


def _wrong_version(given: object) -> Fault | None:
    if type(given) is not int:
        return Fault("version", "wrong_type", (("expected", o.OptionKind.INTEGER.value),))
    if given > o.SETTINGS_VERSION:
        return Fault("version", "newer_settings", (("version", given), ("known", o.SETTINGS_VERSION)))
    return Fault("version", "out_of_range", between(1, o.SETTINGS_VERSION)) if given < 1 else None


# ── values alone ────────────────────────────────────────────────────────────────────────────────────────────────────


def _top(raw: Mapping[str, object], faults: list[Fault]) -> Tree:
    tree = _table(raw, "", o.SECRET_OPTIONS, faults, known=("version", *_TABLES, *_LISTS, "lines"))
    for name, (options, _) in _TABLES.items():
        tree[name] = _table(raw.get(name, {}), name, options, faults)
    for name in _LISTS:
        tree[name] = [_table(each, place, o.SECTIONS[name], faults) for place, each in _listed(raw, name, name, faults)]
    tree["lines"] = []
    for place, each in _listed(raw, "lines", "lines", faults):
        line = _table(each, place, _line_options(each), faults, known=("points",))
        points = _listed(each, "points", f"{place}.points", faults) if isinstance(each, Mapping) else []
        line["points"] = [_table(point, at, o.POINT_OPTIONS, faults) for at, point in points]
        tree["lines"].append(line)
    return tree


def _line_options(line: object) -> tuple[o.Option, ...]:
    """The options of a line with the defaults of its protocol."""
    chosen = line.get("protocol") if isinstance(line, Mapping) else None
    defaults = o.LINE_DEFAULTS.get(chosen, {}) if isinstance(chosen, str) else {}
    return tuple(replace(each, default=defaults.get(each.key, each.default)) for each in o.LINE_OPTIONS)


def _listed(raw: Mapping[str, object], key: str, place: str, faults: list[Fault]) -> list[tuple[str, object]]:
    """The tables of a list, each with its place."""
    given = raw.get(key, [])
    if not isinstance(given, list):
        faults.append(Fault(place, "wrong_type", (("expected", "list"),)))
        return []
    return [(f"{place}[{n}]", each) for n, each in enumerate(given)]


def _table(
    raw: object, place: str, options: tuple[o.Option, ...], faults: list[Fault], known: tuple[str, ...] = ()
) -> Tree:
    """The values of a table that are right, defaults among them. `known`: other keys that belong there."""
    if not isinstance(raw, Mapping):
        faults.append(Fault(place, "wrong_type", (("expected", "table"),)))
        return {}
    inside = f"{place}." if place else ""
    expected = {option.key for option in options} | set(known)
    faults.extend(Fault(f"{inside}{key}", "unknown_key") for key in raw if key not in expected)
    values: Tree = {}
    for option in options:
        at = f"{inside}{option.key}"
        if option.key not in raw:
            if option.default is None:
                faults.append(Fault(at, "missing"))
            else:
                values[option.key] = option.default
            continue
        found = list(_wrong(option, raw[option.key], at))
        faults.extend(found)
        if not found:
            given = raw[option.key]
            values[option.key] = tuple(given) if isinstance(given, list) else given
    return values


def _wrong(option: o.Option, given: object, place: str) -> Iterator[Fault]:
    """What is wrong with the value of one option."""
    if not option.many:
        yield from _wrong_value(option, given, place)
    elif not isinstance(given, (list, tuple)):
        yield Fault(place, "wrong_type", (("expected", "list"),))
    elif not option.fewest <= len(given) <= option.many:
        yield Fault(place, "wrong_count", between(option.fewest, option.many))
    else:
        for n, each in enumerate(given):
            yield from _wrong_value(option, each, f"{place}[{n}]")


def _wrong_value(option: o.Option, given: object, place: str) -> Iterator[Fault]:
    if type(given) is not _TYPES[option.kind]:  # exactly: True is no number here
        yield Fault(place, "wrong_type", (("expected", option.kind.value),))
    elif option.choices:
        if given not in option.choices:
            yield Fault(place, "not_a_choice", (("choices", ", ".join(str(choice) for choice in option.choices)),))
    elif isinstance(given, str):
        if not option.minimum <= len(given) <= option.maximum:
            yield Fault(place, "wrong_length", between(option.minimum, option.maximum))
        elif (code := misshapen(option.shape, given)) is not None:
            yield Fault(place, code)
    elif type(given) is int and not option.minimum <= given <= option.maximum:
        yield Fault(place, "out_of_range", between(option.minimum, option.maximum))


# ── the typed settings ──────────────────────────────────────────────────────────────────────────────────────────────


def _build(tree: Tree) -> Settings:
    """The settings of a tree without faults."""
    tables = {name: model(**tree[name]) for name, (_, model) in _TABLES.items()}
    return Settings(
        grades=tuple(GradeSettings(**grade) for grade in tree["grades"]),
        prices=tuple(PriceSettings(**price) for price in tree["prices"]),
        staff=tuple(StaffSettings(**each) for each in tree["staff"]),
        lines=tuple(
            LineSettings(**{**line, "points": tuple(PointSettings(**point) for point in line["points"])})
            for line in tree["lines"]
        ),
        secrets_backend=tree["secrets_backend"],
        **tables,
    )
