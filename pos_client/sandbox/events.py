"""What happens at a station, as data: the `[[events]]` of a scenario file.

    [[events]]
    at = "1:30"                  minutes:seconds after the start, or hours:minutes:seconds
    do = "fuel"                  one of `VERBS`
    point = 2                    what the verb needs, and may have
    volume_ml = 30_000

    after_ml = 4_000             any event: wait until so much has flowed at its point since then
    watch = 5                    at this point instead (a cable has none of its own)

    [day]
    opens = "priced"             times count from when every nozzle has been given a price; else from the very start
    spread_s = 10                drivers (`fuel`) come up to so much later than written, by the dice of the seed

Events of one place (the driver at a point; a point's mains, keys and head; a line; the network) happen in the order of
the file and keep their distances: who had to wait makes what follows him there as much later. `fuel` ends when the
nozzle hangs again. Who has to do with another place does not wait.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import field
from random import Random
from typing import Any

from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.sandbox.dispenser.faults import WIRE_FAULTS
from pos_client.value import dataclass

NETWORK = "network"
AT_ONCE, PRICED = "at once", "priced"
"""When a day begins."""
HOW_MUCH = ("amount_vnd", "volume_ml")
_AT = re.compile(r"(?:(\d{1,2}):)?([0-5]?\d):([0-5]\d)")
_ANY_EVENT = ("at", "do", "after_ml", "watch")


@dataclass(frozen=True, slots=True)
class Verb:
    """What an event may do. Of `one_of` exactly one key is given; `hands`: the driver does it."""

    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()
    hands: bool = False


VERBS: Mapping[str, Verb] = {
    "fuel": Verb(("point",), ("nozzle", "litres_a_minute"), HOW_MUCH, hands=True),
    "lift": Verb(("point",), ("nozzle",), hands=True),
    "flow": Verb(("point",), ("litres_a_minute",), HOW_MUCH, hands=True),
    "hang": Verb(("point",), hands=True),
    "cut_power": Verb(("point",)),
    "restore_power": Verb(("point",)),
    "price": Verb(("point", "price_vnd"), ("nozzle",)),
    "unplug": Verb(("line",), ("mid_frame",)),
    "replug": Verb(("line",)),
    "fault": Verb(("name",), ("times",), ("point", "line")),
    "no_faults": Verb(("line",)),
    "network_down": Verb(),
    "network_up": Verb(),
}
"""`price`: set by hand at the pump. `fault`: one of the wire's or of the protocol's devices; `times` 0: until
`no_faults`. The network is the one to central."""


@dataclass(frozen=True, slots=True)
class Event:
    """One of them. `place`: what is done there is done one after the other. `watch`: a point, and how many millilitres
    have to flow there first. `body`: what the verb was given besides point and line."""

    at_ms: int
    do: str
    place: str
    line: str = ""
    point: int | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    watch: tuple[int, int] | None = None

    def __str__(self) -> str:
        where = f"pump {self.point}" if self.point is not None else self.line
        what = " ".join(f"{key}={value}" for key, value in self.body.items())
        return " ".join(word for word in (clock(self.at_ms), where, self.do, what) if word)


def clock(at_ms: int) -> str:
    """Milliseconds as a file says them."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def read_events(source: Mapping[str, Any], seed: int) -> list[Event]:
    """The events of a station file that `faults_in` finds nothing wrong with."""
    spread_ms = source.get("day", {}).get("spread_s", 0) * 1000
    dice = Random(seed)
    lines = _line_of_points(source)
    return [_event(entry, lines, dice, spread_ms) for entry in source.get("events", ())]


def _event(entry: Mapping[str, Any], lines: Mapping[int, str], dice: Random, spread_ms: int) -> Event:
    do, point = entry["do"], entry.get("point")
    line = entry.get("line", "") if point is None else lines[point]
    at_point = f"{'hands' if VERBS[do].hands else 'mains'} {point}"
    place = at_point if point is not None else line or NETWORK
    about = (*_ANY_EVENT, "point", "line")
    late = dice.randint(0, spread_ms) if do == "fuel" else 0
    return Event(
        at_ms=_at_ms(entry["at"]) + late,
        do=do,
        place=place,
        line=line,
        point=point,
        body={key: value for key, value in entry.items() if key not in about},
        watch=(entry.get("watch", point), entry["after_ml"]) if "after_ml" in entry else None,
    )


def _at_ms(text: str) -> int:
    found = _AT.fullmatch(text)
    assert found is not None  # `faults_in` has seen it
    hours, minutes, seconds = (int(part or 0) for part in found.groups())
    return ((hours * 60 + minutes) * 60 + seconds) * 1000


def _line_of_points(source: Mapping[str, Any]) -> dict[int, str]:
    return {point["point"]: line["name"] for line in source.get("dispensers", ()) for point in line["points"]}


# ── what is wrong ───────────────────────────────────────────────────────────────────────────────────────────────────


def faults_in(source: Mapping[str, Any]) -> Iterator[str]:
    """Everything wrong with the events of a station whose lines are right, each with its place."""
    day = source.get("day", {})
    if not isinstance(day, dict) or set(day) - {"spread_s", "opens"} or not _is_count(day.get("spread_s", 0)):
        yield "$.day: spread_s, a whole number of seconds, and opens are all a day has"
    elif day.get("opens", AT_ONCE) not in (AT_ONCE, PRICED):
        yield f"$.day.opens: {day['opens']!r} is neither {AT_ONCE} nor {PRICED}"
    events = source.get("events", [])
    if not isinstance(events, list):
        yield "$.events: write [[events]]"
        return
    for index, entry in enumerate(events):
        for what in _Entry(entry, source).faults():
            yield f"$.events[{index}]{what}"


class _Entry:
    """One event as it was written, and the station it is about."""

    def __init__(self, entry: object, source: Mapping[str, Any]) -> None:
        self._entry: dict[str, Any] = entry if isinstance(entry, dict) else {}
        point = self._entry.get("point")
        self._point = point if isinstance(point, int) else 0
        self._nozzles = {
            point["point"]: len(point["nozzles"]) for line in source.get("dispensers", ()) for point in line["points"]
        }
        self._protocols = {line["name"]: line["protocol"] for line in source.get("dispensers", ())}
        self._lines = _line_of_points(source)

    def faults(self) -> Iterator[str]:
        """What is wrong with it, key by key."""
        do = self._entry.get("do")
        verb = VERBS.get(do) if isinstance(do, str) else None
        if verb is None:
            yield f".do: {do!r} is none of {', '.join(VERBS)}"
        else:
            yield from self._keys(verb)
        at = self._entry.get("at")
        if not isinstance(at, str) or not _AT.fullmatch(at):
            yield f'.at: {at!r} is no time such as "1:30" or "1:00:00"'
        yield from self._values()
        if "watch" in self._entry and "after_ml" not in self._entry:
            yield ".watch: says whose after_ml is meant, which is missing"
        if "after_ml" in self._entry and not {"point", "watch"} & set(self._entry):
            yield ".after_ml: of which point? say watch"

    def _keys(self, verb: Verb) -> Iterator[str]:
        for key in verb.needs:
            if key not in self._entry:
                yield f".{key}: is missing"
        given = [key for key in verb.one_of if key in self._entry]
        if verb.one_of and len(given) != 1:
            yield f": one of {', '.join(verb.one_of)} is wanted"
        for key in self._entry:
            if key not in (*_ANY_EVENT, *verb.needs, *verb.may, *verb.one_of):
                yield f".{key}: means nothing here"

    def _values(self) -> Iterator[str]:
        for key, value in self._entry.items():
            match key:
                case "point" | "watch":
                    if not _is_count(value) or value not in self._nozzles:
                        yield f".{key}: {value!r} is no point of this station ({_list(self._nozzles)})"
                case "line":
                    if not isinstance(value, str) or value not in self._protocols:
                        yield f".line: {value!r} is no line of this station ({_list(self._protocols)})"
                case "nozzle":
                    most = self._nozzles.get(self._point, 0)
                    if not _is_count(value) or not 1 <= value <= most:
                        yield f".nozzle: {value!r} is none of its {most} nozzles"
                case "name":
                    yield from self._fault_name(value)
                case "mid_frame":
                    if not isinstance(value, bool):
                        yield f".mid_frame: {value!r} is neither true nor false"
                case "times":
                    if not _is_count(value):
                        yield f".times: {value!r} is no count"
                case "amount_vnd" | "volume_ml" | "litres_a_minute" | "price_vnd" | "after_ml":
                    if not _is_count(value) or value == 0:
                        yield f".{key}: {value!r} is no whole number above 0"

    def _fault_name(self, name: object) -> Iterator[str]:
        line = self._entry.get("line", self._lines.get(self._point))
        spoken = self._protocols.get(line) if isinstance(line, str) else None
        known = (*WIRE_FAULTS, *(PROTOCOLS[spoken].device_faults if spoken else ()))
        if spoken and name not in known:
            yield f".name: {name!r} is no fault of {spoken} ({_list(known)})"


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _list(known: Any) -> str:
    return ", ".join(map(str, known))
