"""The technician's form in words: fields from declared options, faults at their fields, lights of the lines. No Qt."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.fuelling_point import LinkState
from pos_client.services.snapshots import LineSnapshot
from pos_client.settings.faults import Fault
from pos_client.settings.options import LINE_DEFAULTS, PROTOCOL_OPTIONS, SECTIONS, Option, OptionKind
from pos_client.ui.technician.draft import shown_text
from pos_client.ui.tone import Tone
from pos_client.value import dataclass

PAGES = (
    *("grades", "prices", "station", "staff", "counter", "scanner", "keypad"),
    *("books", "central", "printer", "bank", "screen", "speech", "loyalty", "radar", "updates"),
)
"""Sections of the settings side, in its order; lines have a side of their own, points are in their lines."""
LISTED = frozenset({"lines", "grades", "prices", "staff"})
FOLDED = {
    "lines": frozenset({"identity", "answer_timeout_ms", "inter_frame_ms", "misses_until_offline", "echo"}),
    "points": frozenset({"volume_decimals", "amount_decimals", "price_decimals", "total_decimals", "total_digits"}),
}
"""Options few technicians ever touch: behind a key, under each line and point."""
IN_FIELDS = frozenset({("lines", "options")})
"""Shown as fields of their own."""
_INDEX = re.compile(r"\[\d+\]$")


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field of the form. `choices`: (value, word)."""

    place: str
    option: Option
    label: str
    help: str
    choices: tuple[tuple[object, str], ...] = ()


def fields(
    words: Catalogue, section: str, place: str, protocol: str = "", grades: Sequence[str] = ()
) -> tuple[FieldView, ...]:
    """The fields of a section standing at `place` ("central", "lines[0]", "lines[0].points[1]").

    `protocol`: the line's, whose defaults are told. `grades`: the codes a nozzle can be given.
    """
    views = [
        _field(words, f"option.{section}.{option.key}", f"{place}.{option.key}", option, _default(option, protocol))
        for option in SECTIONS[section]
        if (section, option.key) not in IN_FIELDS
    ]
    codes = words.say("tech.codes", codes=", ".join(grades)) if grades else ""
    return tuple(
        replace(view, help=f"{view.help} · {codes}") if codes and view.option.key == "nozzles" else view
        for view in views
    )


def protocol_fields(words: Catalogue, protocol: str, place: str) -> tuple[FieldView, ...]:
    """The fields of a protocol's own options, of the line at `place`."""
    return tuple(
        _field(words, f"option.{protocol}.{option.key}", f"{place}.options.{option.key}", option, option.default)
        for option in PROTOCOL_OPTIONS.get(protocol, ())
    )


def _default(option: Option, protocol: str) -> object:
    return LINE_DEFAULTS.get(protocol, {}).get(option.key, option.default)


def _field(words: Catalogue, key: str, place: str, option: Option, default: object) -> FieldView:
    helps = [words.say(f"{key}.help")] if words.knows(f"{key}.help") else []
    if option.kind is OptionKind.INTEGER and not option.choices:
        helps.append(words.say("tech.range", minimum=option.minimum, maximum=option.maximum))
    if option.many:
        helps.append(words.say("tech.list"))
    if not option.needs_restart:
        helps.append(words.say("tech.at_once"))
    choices = tuple((choice, _choice(words, key, choice)) for choice in option.choices)
    if option.kind is OptionKind.BOOLEAN:
        choices = ((True, words.say("tech.yes")), (False, words.say("tech.no")))
    if default not in (None, "", ()):
        said = next((word for value, word in choices if value == default), shown_text(option, default))
        helps.append(words.say("tech.default", value=said))
    text = " · ".join(text.rstrip(".") for text in helps)
    return FieldView(place, option, words.say(f"{key}.label"), text, choices)


def _choice(words: Catalogue, key: str, choice: object) -> str:
    name = f"{key}.choice.{choice}"
    return words.say(name) if words.knows(name) else str(choice)


def fault_texts(words: Catalogue, faults: tuple[Fault, ...], places: frozenset[str]) -> Mapping[str, str]:
    """Every fault as a sentence, under the field it belongs to; under "" what belongs to no field that is shown."""
    said: dict[str, list[str]] = {}
    for fault in faults:
        place = field_of(fault)
        while place not in places and _INDEX.search(place):
            place = _INDEX.sub("", place)
        text = fault_text(words, fault)
        if place in places:
            said.setdefault(place, []).append(text)
        else:
            said.setdefault("", []).append(f"{fault.place}: {text}" if fault.place else text)
    return {place: " ".join(texts) for place, texts in said.items()}


def field_of(fault: Fault) -> str:
    """Where a fault is marked: a wrong word of a line's options has a field of its own."""
    name = str(dict(fault.params).get("word", "")).partition("=")[0]
    return f"{fault.place}.{name}" if name and fault.place.endswith(".options") else fault.place


def fault_text(words: Catalogue, fault: Fault) -> str:
    """A fault as a sentence; a code without words is said as itself."""
    key, params = f"fault.{fault.code}", dict(fault.params)
    kind = f"type.{params.get('expected')}"
    if words.knows(kind):
        params["expected"] = words.say(kind)
    try:
        return words.say(key, **params) if words.knows(key) else fault.code
    except KeyError:
        return fault.code


def place_words(words: Catalogue, place: str) -> str:
    """A place of the settings as its labels: 'lines[0].points[1].address' -> 'Đường dây thứ 1 · … · Địa chỉ'."""
    said, section = [], ""
    for name, number in re.findall(r"([\w-]+)(?:\[(\d+)\])?", place):
        label = f"option.{section}.{name}.label"
        if words.knows(label):
            said.append(words.say(label))
        else:
            title = words.say(f"section.{name}") if words.knows(f"section.{name}") else name
            nth = f"tech.nth.{name}"
            said.append(words.say(nth, number=int(number) + 1) if number and words.knows(nth) else title)
            section = name
    return " · ".join(said)


def sentence(text: str) -> str:
    """With a capital at its beginning."""
    return text[:1].upper() + text[1:]


def section_of(fault: Fault) -> str:
    """The page a fault is on: 'lines[0].points[1].address' -> 'lines'."""
    return re.split(r"[.\[]", fault.place, maxsplit=1)[0]


def line_of(fault: Fault) -> int:
    """The number of the line a fault is in: 'lines[2].points[1].address' -> 2."""
    found = re.match(r"lines\[(\d+)\]", fault.place)
    return int(found[1]) if found else 0


@dataclass(frozen=True, slots=True)
class LineLight:
    """A line in the list: its name, what it does, how that looks."""

    name: str
    state: str
    tone: Tone


LINK_TONE = {
    LinkState.UP: Tone.DONE,
    LinkState.PROBING: Tone.PROGRESS,
    LinkState.DEGRADED: Tone.UNKNOWN,
    LinkState.DOWN: Tone.DANGER,
}


def line_light(words: Catalogue, name: str, lines: tuple[LineSnapshot, ...]) -> LineLight:
    """The light of a configured line; one that is not running (new, renamed) says so."""
    line = next((each for each in lines if each.name == name), None)
    shown = name or words.say("tech.new")
    if line is None:
        return LineLight(shown, words.say("tech.link.unknown"), Tone.NEUTRAL)
    state = words.say(f"tech.link.{line.state.value}")
    detail = line_detail(words, line.detail)
    return LineLight(shown, f"{state} · {detail}" if detail else state, LINK_TONE[line.state])


def line_detail(words: Catalogue, detail: str) -> str:
    """Why a line is down, from `code` or `code: what it is about`; anything else is shown as it is."""
    code, _, what = detail.partition(": ")
    key = f"tech.line_detail.{code}"
    return words.say(key, what=what) if words.knows(key) else detail
