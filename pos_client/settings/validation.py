"""What is wrong with settings, all of it at once, each fault with its place. Pure: a file and a form are checked alike.

A technician on a forecourt corrects a list in one go; being told one fault a start would cost him an afternoon. So the
values that are right by themselves are compared with each other even when others are wrong.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings import options as o
from pos_client.settings.model import (
    CentralSettings,
    CounterSettings,
    GradeSettings,
    LineSettings,
    LoyaltySettings,
    PointSettings,
    PriceSettings,
    PrinterSettings,
    ScreenSettings,
    Settings,
    StationSettings,
)
from pos_client.settings.shapes import misshapen

Tree = dict[str, Any]
"""Settings as tables and lists, holding only values that are right by themselves."""

_TABLES = {
    "station": (o.STATION_OPTIONS, StationSettings),
    "central": (o.CENTRAL_OPTIONS, CentralSettings),
    "printer": (o.PRINTER_OPTIONS, PrinterSettings),
    "loyalty": (o.LOYALTY_OPTIONS, LoyaltySettings),
    "screen": (o.SCREEN_OPTIONS, ScreenSettings),
    "counter": (o.COUNTER_OPTIONS, CounterSettings),
}
_TYPES: dict[o.OptionKind, type] = {
    o.OptionKind.TEXT: str,
    o.OptionKind.CHOICE: str,
    o.OptionKind.INTEGER: int,
    o.OptionKind.BOOLEAN: bool,
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `place`: `lines[0].points[2].address`; words: `fault.<code>` filled with `params`."""

    place: str
    code: str
    params: tuple[tuple[str, int | str], ...] = ()


@dataclass(frozen=True, slots=True)
class Checked:
    """Settings when nothing is wrong, else None and every fault: first the values alone, then what contradicts what."""

    settings: Settings | None
    faults: tuple[Fault, ...] = ()


def check(raw: Mapping[str, object]) -> Checked:
    """Check settings as they were read or typed. Never raises."""
    faults: list[Fault] = []
    tree = _top(raw, faults)
    faults.extend(_contradictions(tree))
    return Checked(None if faults else _build(tree), tuple(faults))


# ── values alone ────────────────────────────────────────────────────────────────────────────────────────────────────


def _top(raw: Mapping[str, object], faults: list[Fault]) -> Tree:
    tree = _table(raw, "", o.SECRET_OPTIONS, faults, known=(*_TABLES, "grades", "prices", "lines"))
    for name, (options, _) in _TABLES.items():
        tree[name] = _table(raw.get(name, {}), name, options, faults)
    tree["grades"] = [
        _table(each, place, o.GRADE_OPTIONS, faults) for place, each in _listed(raw, "grades", "grades", faults)
    ]
    tree["prices"] = [
        _table(each, place, o.PRICE_OPTIONS, faults) for place, each in _listed(raw, "prices", "prices", faults)
    ]
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
        yield Fault(place, "wrong_count", _range(option.fewest, option.many))
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
            yield Fault(place, "wrong_length", _range(option.minimum, option.maximum))
        elif (code := misshapen(option.shape, given)) is not None:
            yield Fault(place, code)
    elif type(given) is int and not option.minimum <= given <= option.maximum:
        yield Fault(place, "out_of_range", _range(option.minimum, option.maximum))


def _range(minimum: int, maximum: int) -> tuple[tuple[str, int | str], ...]:
    return (("minimum", minimum), ("maximum", maximum))


# ── what contradicts what ───────────────────────────────────────────────────────────────────────────────────────────


def _contradictions(tree: Tree) -> Iterator[Fault]:
    grades = [(f"grades[{n}].code", grade.get("code")) for n, grade in enumerate(tree["grades"])]
    lines = [(f"lines[{n}]", line) for n, line in enumerate(tree["lines"])]
    points = [(f"{at}.points[{n}]", line, p) for at, line in lines for n, p in enumerate(line["points"])]
    yield from _twice(grades)
    yield from _twice([(f"{at}.name", line.get("name")) for at, line in lines])
    yield from _twice([(f"{at}.port", line.get("port")) for at, line in lines])
    yield from _twice([(f"{at}.point", point.get("point")) for at, _, point in points])
    for _, line in lines:
        yield from _twice([(f"{at}.address", p.get("address")) for at, its, p in points if its is line])
    for at, line in lines:
        yield from _wrong_option(f"{at}.options", line.get("protocol"), line.get("options"))
    prices = {grade.get("code"): grade.get("unit_price") for grade in tree["grades"]}
    for at, line, point in points:
        yield from _wrong_tens(f"{at}.price_decimals", point, prices)
        yield from _wrong_address(f"{at}.address", line.get("protocol"), point.get("address"))
        known = {code for _, code in grades}
        for n, code in enumerate(point.get("nozzles", ())):
            if code not in known:
                yield Fault(f"{at}.nozzles[{n}]", "unknown_grade", (("grade", code),))
    for n, price in enumerate(tree["prices"]):
        if price.get("grade") is not None and price["grade"] not in prices:
            yield Fault(f"prices[{n}].grade", "unknown_grade", (("grade", price["grade"]),))
    yield from _twice(
        [
            (f"prices[{n}].effective_from", f"{price['grade']} {price['effective_from']}")
            for n, price in enumerate(tree["prices"])
            if price.keys() >= {"grade", "effective_from"}
        ]
    )
    central = tree["central"]
    read, whole = central.get("read_timeout_ms"), central.get("operation_timeout_ms")
    if read is not None and whole is not None and whole < read:
        yield Fault("central.operation_timeout_ms", "shorter_than_one_try", (("minimum", read),))


def _twice(places: list[tuple[str, Any]]) -> Iterator[Fault]:
    """A fault at each place whose value stands at an earlier one already."""
    first: dict[Any, str] = {}
    for place, value in places:
        if value is not None and first.setdefault(value, place) != place:
            yield Fault(place, "duplicate", (("value", value), ("first", first[value])))


def _wrong_address(place: str, protocol: str | None, address: int | None) -> Iterator[Fault]:
    if protocol is None or address is None:
        return
    low, high = o.ADDRESSES[protocol]
    if not low <= address <= high:
        yield Fault(place, "wrong_address", (("protocol", protocol), *_range(low, high)))


def _wrong_option(place: str, protocol: str | None, options: str | None) -> Iterator[Fault]:
    if protocol is None or options is None:
        return
    word = PROTOCOLS[protocol].wrong_option(options)
    if word is not None:
        yield Fault(place, "unknown_option", (("word", word),))


def _wrong_tens(place: str, point: Tree, prices: Mapping[str | None, int | None]) -> Iterator[Fault]:
    """A price that a dispenser counting in tens cannot show."""
    decimals = point.get("price_decimals", 0)
    for code in point.get("nozzles", ()):
        price = prices.get(code)
        if price is not None and decimals < 0 and price % int(10**-decimals):
            yield Fault(place, "price_between_steps", (("grade", code), ("step", int(10**-decimals))))


# ── the typed settings ──────────────────────────────────────────────────────────────────────────────────────────────


def _build(tree: Tree) -> Settings:
    """The settings of a tree without faults."""
    tables = {name: model(**tree[name]) for name, (_, model) in _TABLES.items()}
    return Settings(
        grades=tuple(GradeSettings(**grade) for grade in tree["grades"]),
        prices=tuple(PriceSettings(**price) for price in tree["prices"]),
        lines=tuple(
            LineSettings(**{**line, "points": tuple(PointSettings(**point) for point in line["points"])})
            for line in tree["lines"]
        ),
        secrets_backend=tree["secrets_backend"],
        **tables,
    )
