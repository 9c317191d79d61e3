"""Which chapter of help belongs to what is on the screen, and that screen's keys: from the tables it obeys. No Qt."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import PointsPhase, TerminalSnapshot
from pos_client.ui.help.topics import Topic
from pos_client.ui.keys import BarKey, Key
from pos_client.ui.loyalty.view_model import DYING_KEY
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.more.view_model import more_view
from pos_client.ui.operations import keys as operation_keys
from pos_client.ui.radar import keys as radar_keys
from pos_client.ui.records import search
from pos_client.ui.records import view_model as records
from pos_client.ui.shell.hands import Front
from pos_client.ui.shell.keyboard import TENDER_KEYS
from pos_client.ui.shell.looking import Looking
from pos_client.ui.shell.view_model import bar_view
from pos_client.ui.shift import keys as shift_keys
from pos_client.ui.shift.keys import Place, Tab
from pos_client.ui.technician.sides import SIDE_KEYS

_QUIET = frozenset({PointsPhase.OFFER, PointsPhase.IMPOSSIBLE, PointsPhase.REFUSED})
"""Phases in which the sale is what matters, not its points."""
_OF_PAGES = {Front.OPERATIONS: Topic.OPERATIONS, Front.RECORDS: Topic.RECORDS, Front.RADAR: Topic.RADAR}


def topic_of(looking: Looking) -> Topic:
    """The chapter of what is in front; of the home screen that of what is being done there."""
    if looking.front in _OF_PAGES:
        return _OF_PAGES[looking.front]
    if looking.front is Front.SHIFT:
        return Topic(looking.tab.value)
    if looking.front is Front.TECHNICIAN:
        return Topic(f"tech_{looking.side.value}")
    if looking.step is not None:
        return Topic.PIN if looking.step.ask is Ask.STAFF else Topic.MORE
    if looking.identifying:
        return Topic.IDENTIFY
    snapshot = looking.snapshot
    panel = snapshot.points_panel if snapshot is not None else None
    if panel is not None and panel.phase not in _QUIET:
        return Topic.POINTS
    return Topic.SALE if snapshot is not None and snapshot.sale is not None else Topic.HOME


def keys_of(topic: Topic, words: Catalogue, looking: Looking) -> tuple[BarKey, ...]:
    """The keys of a screen as they stand now, in its own words; none for what is no screen."""
    if topic in _HOME:
        return tuple(_named(words, *each) for each in _HOME[topic]) + (
            bar_view(words, looking.snapshot)[:-2] if topic is Topic.HOME else ()
        )
    if topic is Topic.MORE:
        view = more_view(words, looking.step or Step(Ask.MENU), looking.snapshot, looking.counter, looking.now_ms)
        answers = (
            BarKey(cell.cap, cell.cap, " · ".join(filter(None, (cell.label, cell.note))), cell.enabled)
            for cell in view.cells
        )
        return (*answers, _named(words, *_ESCAPE))
    if topic in _PAGES:
        return _PAGES[topic](words, looking.snapshot)
    if topic.value.startswith("tech_"):
        sides = (BarKey(f"f{n}", f"F{n}", words.say(f"tech.side.{side.value}")) for n, side in SIDE_KEYS.items())
        ends = ("ctrl-s", "Ctrl S", "tech.save"), (Key.ESCAPE.value, "Esc", "tech.back")
        return (*sides, *(_named(words, *end) for end in ends))
    return ()


def _named(words: Catalogue, name: str, cap: str, word: str) -> BarKey:
    return BarKey(name, cap, words.say(word))


_ESCAPE = (Key.ESCAPE.value, "Esc", "bar.back")
_HOME: dict[Topic, tuple[tuple[str, str, str], ...]] = {
    Topic.HOME: (
        (Key.PAUSE.value, "Pause", "bar.stop_all"),
        (Key.ENTER.value, "Enter", "help.key.message_read"),
        ("l", "L", "more.operations"),
        (Key.F1.value, "F1", "help.key.help"),
        (Key.F12.value, "F12", "bar.more"),
        _ESCAPE,
    ),
    Topic.SALE: (
        *((key.value, key.value.upper(), f"tender.{kind.value}") for key, kind in TENDER_KEYS.items()),
        (Key.F4.value, "F4", "entry.part_key"),
        (Key.F6.value, "F6", "panel.start"),
        (Key.F7.value, "F7", "bar.bill"),
        (Key.DELETE.value, "Del", "chip.detach"),
        _ESCAPE,
    ),
    Topic.POINTS: (
        (Key.F6.value, "F6", "help.key.points"),
        ("0-9", "0–9", "entry.amount"),
        (DYING_KEY.lower(), DYING_KEY, "help.key.dying"),
        (Key.ENTER.value, "Enter", "panel.continue_plain"),
        (Key.ESCAPE.value, "Esc", "panel.cancel"),
    ),
    Topic.IDENTIFY: (
        (Key.ENTER.value, "Enter", "bar.identify"),
        (Key.ESCAPE.value, "Esc", "panel.close"),
    ),
    Topic.PIN: (
        ("0-9", "0–9", "help.key.pin"),
        (Key.BACKSPACE.value, "←", "more.pin_back"),
        (Key.ESCAPE.value, "Esc", "more.close"),
    ),
}
"""Name, cap, word. What the bottom bar of the home screen shows comes from the bar itself."""


def _shift(tab: Tab) -> Callable[[Catalogue, TerminalSnapshot | None], tuple[BarKey, ...]]:
    def keys(words: Catalogue, snapshot: TerminalSnapshot | None) -> tuple[BarKey, ...]:
        turns = (BarKey(k.value, k.value.upper(), words.say(f"shift.tab.{t}")) for k, (t, _) in shift_keys.TABS.items())
        return (*shift_keys.bar(words, Place(tab), snapshot), *turns)

    return keys


_PAGES: dict[Topic, Callable[[Catalogue, TerminalSnapshot | None], tuple[BarKey, ...]]] = {
    **{Topic(tab.value): _shift(tab) for tab in Tab},
    Topic.OPERATIONS: lambda words, snapshot: operation_keys.bar(words, None, snapshot),
    Topic.RADAR: lambda words, _: radar_keys.bar(words, None),
    Topic.RECORDS: lambda words, snapshot: records.bar(words, search.Search(), search.Side.LIST),
}
