"""A scenario file: a station with its pumps and people, and what happens there (`events.py`).

`include = "station.toml"` takes over every table of that file, beside it, that this one does not have itself.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.sandbox import events
from pos_client.sandbox.dispenser.config import DECIMALS, from_station

INCLUDE = "include"
_NAME = re.compile(r"[\w-]+")
MOST_TENS, MOST_DECIMALS = -3, 3
"""Decimals of a display: -1 means that it counts in tens."""


class WrongStation(ValueError):
    """A station file that makes no sense; the message holds every fault on a line of its own, each with its place."""


def read_tables(path: Path) -> dict[str, Any]:
    """The tables of a station file, with those it includes. Raises `OSError`, `WrongStation`."""
    tables = _parsed(path)
    included = tables.pop(INCLUDE, None)
    if included is None:
        return tables
    if not isinstance(included, str):
        raise WrongStation(f"{path.name}: $.include: {included!r} is no file's name")
    beneath = _parsed(path.parent / included)
    if INCLUDE in beneath:
        raise WrongStation(f"{included}: $.include: a file that is included includes none")
    return {**beneath, **tables}


def read_station(path: Path) -> dict[str, Any]:
    """The tables of a station file in which nothing is wrong. Raises `OSError`, `WrongStation`."""
    tables = read_tables(path)
    found = list(dict.fromkeys(_faults(tables)))
    if found:
        count = "1 fault" if len(found) == 1 else f"{len(found)} faults"
        raise WrongStation("\n".join((f"{path.name}: {count}", *(f"  {fault}" for fault in found))))
    return tables


def _parsed(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise WrongStation(f"{path.name}: {error}") from error


def _faults(tables: Mapping[str, Any]) -> Iterator[str]:
    yield from _people(tables)
    lines = list(_lines(tables))
    yield from lines
    if not lines:
        yield from events.faults_in(tables)


# ── head office ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _people(tables: Mapping[str, Any]) -> Iterator[str]:
    from pos_client.sandbox.central.scenario import AccountEntry, GradeEntry, PoolEntry, StaffEntry, Station

    yield from _converted("$.station", tables.get("station"), Station)
    kinds = (("grades", GradeEntry), ("accounts", AccountEntry), ("pools", PoolEntry), ("staff", StaffEntry))
    for name, kind in kinds:
        entries = tables.get(name, [])
        if not isinstance(entries, list):
            yield f"$.{name}: write [[{name}]]"
            continue
        for index, entry in enumerate(entries):
            yield from _converted(f"$.{name}[{index}]", entry, kind)
    for index, grade in enumerate(_dicts(tables, "grades")):
        price = grade.get("unit_price")
        if price is None or (isinstance(price, int) and not _above_zero(price)):  # what is no number is told already
            yield f"$.grades[{index}].unit_price: a price in đồng, a whole number above 0, is wanted"
    yield from _twice("grades", (grade.get("code") for grade in _dicts(tables, "grades")))
    yield from _twice("accounts", (account.get("number") for account in _dicts(tables, "accounts")))


def _converted(place: str, entry: object, kind: type) -> Iterator[str]:
    import msgspec

    try:
        msgspec.convert(entry, kind)
    except msgspec.ValidationError as error:
        what, _, where = str(error).partition(" - at `$")
        yield f"{place}{where.removesuffix('`')}: {what}"


# ── the forecourt ───────────────────────────────────────────────────────────────────────────────────────────────────


def _lines(tables: Mapping[str, Any]) -> Iterator[str]:
    lines = tables.get("dispensers", [])
    if not isinstance(lines, list) or not lines:
        yield "$.dispensers: write [[dispensers]], at least one"
        return
    grades = {code for grade in _dicts(tables, "grades") if isinstance(code := grade.get("code"), str)}
    for index, line in enumerate(lines):
        place = f"$.dispensers[{index}]"
        spoken = line.get("protocol") if isinstance(line, dict) else None
        if not isinstance(spoken, str) or spoken not in PROTOCOLS:
            yield f"{place}.protocol: {spoken!r} is none of {', '.join(PROTOCOLS)}"
            continue
        if not isinstance(line.get("name"), str) or not _NAME.fullmatch(line["name"]):
            yield f"{place}.name: {line.get('name')!r} is no name of letters, digits, - and _"
        yield from _pace(place, line)
        points = line.get("points", [])
        if not isinstance(points, list) or not points:
            yield f"{place}.points: write [[dispensers.points]], at least one"
            continue
        found = [fault for at, point in enumerate(points) for fault in _point(f"{place}.points[{at}]", point, grades)]
        yield from found
        if not found:
            yield from _devices(place, line)
    yield from _twice("dispensers", (line.get("name") for line in _dicts(tables, "dispensers")))
    points = [point for line in _dicts(tables, "dispensers") for point in _dicts(line, "points")]
    yield from _twice("dispensers.points", (point.get("point") for point in points))


def _pace(place: str, line: Mapping[str, Any]) -> Iterator[str]:
    for key in ("flow_ml_per_s", "paced_at"):
        if key in line and not _above_zero(line[key]):
            yield f"{place}.{key}: {line[key]!r} is no whole number above 0"
    delay = line.get("answer_delay_ms", [0, 0])
    right = isinstance(delay, list) and len(delay) == 2 and all(_is_whole(ms) and ms >= 0 for ms in delay)
    if not right or delay[0] > delay[1]:
        yield f"{place}.answer_delay_ms: {delay!r} is no [least, most]"


def _point(place: str, point: object, grades: set[str]) -> Iterator[str]:
    if not isinstance(point, dict):
        yield f"{place}: write [[dispensers.points]]"
        return
    for key in ("point", "address"):
        if not _above_zero(point.get(key)):
            yield f"{place}.{key}: {point.get(key)!r} is no whole number above 0"
    for key in (key for key in DECIMALS if key in point):
        if not _is_whole(point[key]) or not MOST_TENS <= point[key] <= MOST_DECIMALS:
            yield f"{place}.{key}: {point[key]!r} is no number from {MOST_TENS} to {MOST_DECIMALS}"
    if not isinstance(point.get("device", ""), str):
        yield f"{place}.device: {point['device']!r} is no text"
    nozzles = point.get("nozzles", [])
    if not isinstance(nozzles, list) or not nozzles:
        yield f"{place}.nozzles: at least one"
        return
    for index, nozzle in enumerate(nozzles):
        here = f"{place}.nozzles[{index}]"
        total = nozzle.get("total_ml") if isinstance(nozzle, dict) else None
        if not _above_zero(total) and total != 0:
            yield f"{here}.total_ml: {total!r} is no whole number of millilitres"
        elif nozzle.get("grade") not in grades if isinstance(nozzle.get("grade"), str) else True:
            yield f"{here}.grade: {nozzle.get('grade')!r} is none of {', '.join(sorted(grades))}"


def _devices(place: str, line: Mapping[str, Any]) -> Iterator[str]:
    """What the protocol itself says of the line's heads: addresses, options, digits of the counters."""
    spoken = PROTOCOLS[line["protocol"]]
    first, last = spoken.addresses
    (config,) = from_station({"dispensers": [line]})
    for index, point in enumerate(config.points):
        here = f"{place}.points[{index}]"
        if not first <= point.address <= last:
            yield f"{here}.address: {point.address} is not of {first}..{last}"
            continue
        setup = point.setup()
        try:
            spoken.dispenser([setup])
        except LocalProtocolError as error:
            yield f"{here}: {error}"
    seen = Counter(point.address for point in config.points)
    for address in (address for address, times in seen.items() if times > 1):
        yield f"{place}.points: address {address} twice (two heads that answer to one are the fault of that name)"


def _dicts(tables: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    entries = tables.get(name, [])
    return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []


def _twice(where: str, names: Iterable[object]) -> Iterator[str]:
    for name, times in Counter(name for name in names if isinstance(name, (str, int))).items():
        if times > 1:
            yield f"$.{where}: {name} stands there {times} times"


def _is_whole(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _above_zero(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
