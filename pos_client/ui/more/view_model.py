"""The strip in words: a question, what it means, its answers with their keys, and why some cannot be given."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, money
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Key
from pos_client.ui.more import availability as may
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.closing import closing_lines
from pos_client.ui.more.steps import Ask, Choice, Step, choices
from pos_client.ui.wording import age, notice_text, said_litres, signed
from pos_client.value import dataclass

Texts = tuple[str, str]
"""Title and hint."""


@dataclass(frozen=True, slots=True)
class CellView:
    """One answer. `choice`: its place among the step's choices; else `key` stands for a key of the keyboard."""

    cap: str
    label: str
    note: str = ""
    enabled: bool = True
    choice: int | None = None
    key: Key | None = None


@dataclass(frozen=True, slots=True)
class FieldView:
    """The strip's field: its name for the window, its caption, and whether the cursor stands in it from the start."""

    name: str
    caption: str
    litres: bool = False
    focused: bool = True


@dataclass(frozen=True, slots=True)
class MoreView:
    """The strip. Without a title the cells have all the room, and Esc stands in the bottom bar alone. `lines` stand
    between question and answers."""

    ask: Ask
    title: str = ""
    hint: str = ""
    cells: tuple[CellView, ...] = ()
    field: FieldView | None = None
    lines: tuple[str, ...] = ()


def more_view(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None, counter: Counter, now: int) -> MoreView:
    """The strip at a step."""
    cells = tuple(
        _cell(words, snapshot, counter, index, choice) for index, choice in enumerate(choices(step, snapshot, counter))
    )
    title, hint = _QUESTIONS[step.ask](words, step, snapshot) if step.ask in _QUESTIONS else ("", "")
    if step.ask is Ask.MENU and (snapshot is None or not snapshot.ready):
        title = words.say("more.starting")
    enter = _enter(words, step, snapshot, now)
    if step.ask is Ask.CLOSE_TILL:  # staying comes first, and Esc would read as what is asked about
        return MoreView(step.ask, title, hint, (*enter, *cells), lines=closing_lines(words, snapshot))
    leave = "more.back" if step.before is not None else "more.close"
    away = (CellView("Esc", words.say(leave), key=Key.ESCAPE),) if title else ()
    return MoreView(step.ask, title, hint, (*cells, *enter, *away), _field(words, step))


def _cell(
    words: Catalogue, snapshot: TerminalSnapshot | None, counter: Counter, index: int, choice: Choice
) -> CellView:
    places = {name: _place(value) for name, value in choice.places}
    label = words.say(f"more.{choice.says}", **places) if choice.says else ""
    note = words.say(f"more.why.{choice.why}") if choice.why else _note(words, snapshot, counter, choice)
    return CellView(choice.key, label, note, not choice.why, index)


def _place(value: object) -> object:
    """Amounts among the places of a choice are đồng."""
    return money(value) if isinstance(value, int) and value >= 1000 else value


def _note(words: Catalogue, snapshot: TerminalSnapshot | None, counter: Counter, choice: Choice) -> str:
    """The small line below an answer that can be given."""
    if snapshot is None:
        return ""
    match choice.says:
        case "drive_off" if snapshot.sale is not None:
            return words.say("more.sale", point=snapshot.sale.point, amount=money(snapshot.sale.amount_vnd))
        case "hand_over" if snapshot.sale is not None:
            return words.say("more.note.hand_over", point=snapshot.sale.point, tills=", ".join(counter.tills))
        case "pump_test":
            return words.say("more.note.test_sale" if not may.sale_untouched(snapshot) else "more.note.test_point")
        case "authorise_all" | "restart" | "drive_offs":
            return words.say(f"more.note.{choice.says}", **dict(choice.places))
        case "close_shift" if snapshot.shift is not None:
            return words.say("more.note.close_shift", time=clock(snapshot.shift.opened_at))
    name = f"more.note.{choice.says}"
    return words.say(name) if words.knows(name) else ""


def _sale(words: Catalogue, snapshot: TerminalSnapshot | None) -> dict[str, object]:
    """The open sale's places; a step that needs them ends when there is none."""
    sale = snapshot.sale if snapshot is not None else None
    return {
        "point": sale.point if sale is not None else "",
        "amount": money(sale.amount_vnd) if sale is not None else "",
        "litres": said_litres(words, sale.volume_ml) if sale is not None else "",
    }


def _of_sale(name: str) -> Callable[[Catalogue, Step, TerminalSnapshot | None], Texts]:
    def said(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
        places = _sale(words, snapshot)
        return words.say(f"more.ask.{name}", **places), words.say(f"more.hint.{name}", **places)

    return said


def _reason(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    count = len(may.stopped(snapshot)) if snapshot is not None else 0
    title = (
        words.say("more.ask.reason_all", count=count)
        if step.point is None
        else words.say("more.ask.reason", point=step.point)
    )
    return title, words.say("more.hint.reason")


def _preset(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    name = "preset_litres" if step.litres else "preset"
    return words.say(f"more.ask.{name}"), words.say(f"more.hint.{name}")


def _preset_point(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    limit = money(step.preset_vnd or 0) if step.preset_ml is None else said_litres(words, step.preset_ml)
    return words.say("more.ask.preset_point", limit=limit), words.say("more.hint.point")


def _point(name: str) -> Callable[[Catalogue, Step, TerminalSnapshot | None], Texts]:
    def said(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
        return words.say(f"more.ask.{name}"), words.say(f"more.hint.{name}")

    return said


def _close_till(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    return words.say("more.ask.close_till"), words.say("more.hint.close_till")


def _undo(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    row = step.operation
    if row is None:
        return "", ""
    places = {
        "what": words.say(f"operations.what.{row.operation.value}"),
        "points": signed(row.points),
        "customer": row.masked_customer,
    }
    return words.say("more.ask.undo", **places), words.say("more.hint.undo")


_OF_THE_PIN = frozenset({"staff_wrong", "staff_locked", "staff_may_not"})
"""What was wrong with the one typed last: the strip lies over the message bar."""


def _staff(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None) -> Texts:
    asked = snapshot.staff_ask if snapshot is not None else None
    if asked is None:
        return "", ""
    dots = "●" * asked.typed + "○" * (asked.digits - asked.typed)
    notice = snapshot.notice if snapshot is not None else None
    wrong = notice is not None and notice.code in _OF_THE_PIN
    hint = notice_text(words, notice).what if notice is not None and wrong else words.say("more.hint.staff")
    return words.say(f"more.ask.staff_{asked.deed.value}", dots=dots), hint


_QUESTIONS: dict[Ask, Callable[[Catalogue, Step, TerminalSnapshot | None], Texts]] = {
    Ask.PLATE: _of_sale("plate"),
    Ask.TEST_SALE: _of_sale("test_sale"),
    Ask.TILL: _of_sale("till"),
    Ask.REASON: _reason,
    Ask.PRESET: _preset,
    Ask.PRESET_POINT: _preset_point,
    Ask.TEST_POINT: _point("test_point"),
    Ask.STOP_POINT: _point("stop_point"),
    Ask.UNDO: _undo,
    Ask.CLOSE_TILL: _close_till,
    Ask.STAFF: _staff,
}


def _enter(words: Catalogue, step: Step, snapshot: TerminalSnapshot | None, now: int) -> tuple[CellView, ...]:
    """What Enter does here, if anything."""
    match step.ask:
        case Ask.PLATE | Ask.TEST_SALE:
            return (CellView("Enter", words.say(f"more.enter.{step.ask.value}"), key=Key.ENTER),)
        case Ask.CLOSE_TILL:
            return (CellView("Enter", words.say("more.enter.close_till"), key=Key.ENTER),)
        case Ask.PRESET:
            return (CellView("Enter", words.say("more.enter.preset"), key=Key.ENTER),)
        case Ask.PRESET_POINT:
            calling = [p for p in snapshot.points if may.calls(p)] if snapshot is not None else []
            first = min(calling, key=lambda p: p.since_ticks_ms, default=None)
            note = (
                words.say("more.why.nobody_calls")
                if first is None
                else words.say("more.note.first", point=first.point, age=age(words, now - first.since_ticks_ms))
            )
            label = words.say("more.enter.preset_point")
            return (CellView("Enter", label, note, first is not None, key=Key.ENTER),)
    return ()


def _field(words: Catalogue, step: Step) -> FieldView | None:
    match step.ask:
        case Ask.PLATE:
            return FieldView("plate-field", words.say("more.field.plate"))
        case Ask.PRESET:
            name = "preset_litres" if step.litres else "preset"
            return FieldView("preset-field", words.say(f"more.field.{name}"), step.litres, focused=step.litres)
    return None
