"""The shift in words: whose it is, tender by tender, what still stands open, and what is to be done next."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped, money
from pos_client.domain.identifiers import PointId
from pos_client.domain.shift import StatedShift
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.shift.head_office import head_office_rows
from pos_client.ui.shift.keys import turn_word
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import SHAPE_OF, TONE_OF, age, counted, notice_text, said_litres, seconds_left
from pos_client.value import dataclass

_PHASE: dict[ShiftPhase, tuple[Tone, Shape]] = {
    ShiftPhase.OPENING: (Tone.PROGRESS, Shape.DOTS),
    ShiftPhase.OPEN: (Tone.PROGRESS, Shape.ARROW),
    ShiftPhase.READING: (Tone.PROGRESS, Shape.DOTS),
    ShiftPhase.COUNTING: (Tone.ATTENTION, Shape.COIN),
    ShiftPhase.CLOSED: (Tone.DONE, Shape.TICK),
}


@dataclass(frozen=True, slots=True)
class HeadView:
    """Whose shift, since when, and where it stands."""

    title: str
    detail: str = ""
    phase: str = ""
    tone: Tone = Tone.NEUTRAL
    shape: Shape = Shape.RING


@dataclass(frozen=True, slots=True)
class NoticeView:
    """What the services have to say, in the room beside the title: nothing is refused in silence."""

    tone: Tone
    shape: Shape
    what: str
    rest: str


def notice_view(words: Catalogue, snapshot: TerminalSnapshot) -> NoticeView | None:
    """The notice at hand: what happened, then what it means and which key is next."""
    if snapshot.notice is None:
        return None
    said, severity = notice_text(words, snapshot.notice), snapshot.notice.severity
    rest = " · ".join(part.rstrip(".") for part in (said.means, said.key) if part)
    return NoticeView(TONE_OF[severity], SHAPE_OF[severity], counted(said.what, snapshot), rest)


@dataclass(frozen=True, slots=True)
class TaskView:
    """What is to be done next: words, the field that is asked for, and the keys. `permille`: what is left of a
    countdown. `result`: the line below the field."""

    title: str
    body: str = ""
    tone: Tone = Tone.NEUTRAL
    shape: Shape = Shape.RING
    field: str = ""
    caption: str = ""
    permille: int | None = None
    enter: str = ""
    turn: str = ""
    turn_enabled: bool = True


def head_view(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> HeadView:
    """The head of the card."""
    shift = snapshot.shift
    if shift is None:
        return HeadView(words.say("shift.none"), words.say("shift.none_hint"), words.say("shift.phase.none"))
    tone, shape = _PHASE[shift.phase]
    phase = words.say(f"shift.phase.{shift.phase.value}")
    opened = clock(shift.opened_at)
    if shift.closed_at is not None:
        detail = words.say("shift.from_to", opened=opened, closed=clock(shift.closed_at))
    else:
        wall = snapshot.wall + timedelta(milliseconds=max(0, now - snapshot.ticks_ms))
        lasts = age(words, (wall - shift.opened_at) // timedelta(milliseconds=1))
        detail = words.say("shift.since", opened=opened, lasts=lasts)
    return HeadView(shift.cashier, detail, phase, tone, shape)


def summary_rows(words: Catalogue, shift: ShiftSnapshot | None, stated: StatedShift | None = None) -> tuple[Row, ...]:
    """What still stands open in the tone of its urgency, what head office says of the shift closed last, then fuel,
    then money by tender: where the room is short the last go."""
    if shift is None:
        return head_office_rows(words, stated, None)
    rows = [Row(words.say("shift.row.total"), money(shift.amount_vnd), strong=True)]
    if shift.unpaid:
        label = words.say("shift.row.unpaid", count=shift.unpaid)
        rows.append(Row(label, money(shift.unpaid_vnd), Tone.ATTENTION))
    if shift.drive_offs:
        label = words.say("shift.row.drive_offs", count=shift.drive_offs)
        rows.append(Row(label, money(shift.drive_offs_vnd), Tone.DANGER))
    if shift.waiting_records:
        rows.append(Row(words.say("shift.row.waiting"), grouped(shift.waiting_records), Tone.UNKNOWN))
    rows += head_office_rows(words, stated, shift)
    rows.append(Row(words.say("shift.row.sales", count=grouped(shift.sales)), said_litres(words, shift.volume_ml)))
    for tender in shift.tenders:
        label = words.say("shift.row.tender", tender=words.say(f"tender.{tender.kind.value}"), count=tender.count)
        rows.append(Row(label, money(tender.amount_vnd)))
    return tuple(rows)


def task_view(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> TaskView:
    """What is to be done next."""
    shift = snapshot.shift
    turn = words.say(f"shift.key.{turn_word(shift)}")
    if shift is None:
        task = TaskView(words.say("shift.task.open"), words.say("shift.task.open_hint"), turn=turn)
        return _with_name(words, task)
    unread = _unread(words, shift.unread_points)
    match shift.phase:
        case ShiftPhase.OPENING:
            return _reading(words, shift, unread, now, turn, "opening", turn_enabled=False)
        case ShiftPhase.READING:
            return _reading(words, shift, unread, now, turn, "reading", turn_enabled=True)
        case ShiftPhase.COUNTING:
            body = words.say("shift.task.counting", expected=money(shift.cash_expected_vnd))
            return TaskView(
                words.say("shift.task.count"),
                f"{body} {unread}".strip(),
                Tone.ATTENTION,
                Shape.COIN,
                "cash-field",
                words.say("shift.field.cash"),
                enter=words.say("shift.key.count"),
                turn=turn,
            )
        case ShiftPhase.CLOSED:
            said, tone = difference(words, shift, shift.cash_counted_vnd)
            body = f"{said} {unread}".strip()
            shape = Shape.TICK if tone is Tone.DONE else Shape.BANG
            return _with_name(words, TaskView(words.say("shift.task.closed"), body, tone, shape, turn=turn))
    return TaskView(words.say("shift.task.selling"), _open_hint(words, shift), turn=turn)


def _with_name(words: Catalogue, task: TaskView) -> TaskView:
    """The next shift can be opened: whose it is, is asked for."""
    caption, enter = words.say("shift.field.cashier"), words.say("shift.key.open_now")
    return replace(task, field="cashier-field", caption=caption, enter=enter)


def _reading(
    words: Catalogue, shift: ShiftSnapshot, unread: str, now: int, turn: str, name: str, *, turn_enabled: bool
) -> TaskView:
    left = seconds_left(shift.deadline_ticks_ms, now)
    title = words.say(f"shift.task.{name}")
    permille = None
    if left is not None:
        title = words.say("shift.task.counted_down", title=title, seconds=left)
        permille = min(1000, left * 1000 // READING_S)
    body = f"{unread} {words.say('shift.task.reading_hint')}".strip()
    return TaskView(title, body, Tone.PROGRESS, Shape.DOTS, permille=permille, turn=turn, turn_enabled=turn_enabled)


READING_S = 20
"""A full countdown bar: as long as totalizers are waited for."""


def _open_hint(words: Catalogue, shift: ShiftSnapshot) -> str:
    """What closing would leave open, said before it is begun."""
    left = []
    if shift.unpaid:
        left.append(words.say("shift.left.unpaid", count=shift.unpaid))
    if shift.waiting_records:
        left.append(words.say("shift.left.waiting", count=shift.waiting_records))
    if not left:
        return words.say("shift.task.selling_hint")
    return words.say("shift.task.left", what=", ".join(left))


def _unread(words: Catalogue, points: tuple[PointId, ...]) -> str:
    if not points:
        return ""
    return words.say("shift.unread", points=", ".join(str(point) for point in sorted(points)))


def difference(words: Catalogue, shift: ShiftSnapshot, counted: int | None) -> tuple[str, Tone]:
    """What the count says against what should be there."""
    if counted is None:
        return words.say("shift.cash.none"), Tone.NEUTRAL
    short = shift.cash_expected_vnd - counted
    if short == 0:
        return words.say("shift.cash.equal", counted=money(counted)), Tone.DONE
    name = "short" if short > 0 else "over"
    tone = Tone.DANGER if short > 0 else Tone.ATTENTION
    return words.say(f"shift.cash.{name}", counted=money(counted), difference=money(abs(short))), tone
