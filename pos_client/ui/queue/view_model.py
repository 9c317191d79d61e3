"""The queue desk in words: what each record is, what is at stake, why it is still here, and what to do. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped, money
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import SET_ASIDE, DeliveryState
from pos_client.services.queue_snapshots import QueuePage, QueueRow
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age
from pos_client.value import dataclass

_STATE: dict[DeliveryState, tuple[Tone, Shape]] = {
    DeliveryState.PENDING: (Tone.PROGRESS, Shape.DOTS),
    DeliveryState.CLAIMED: (Tone.PROGRESS, Shape.DOTS),
    DeliveryState.IN_DOUBT: (Tone.UNKNOWN, Shape.QUESTION),
    DeliveryState.PARKED: (Tone.DANGER, Shape.BANG),
}
_WORD = {DeliveryState.CLAIMED: "pending"}
NOTHING = "–"


@dataclass(frozen=True, slots=True)
class QueueDetail:
    """The chosen record: what it is, what it means, what to do."""

    title: str = ""
    reason: str = ""
    means: str = ""
    do: str = ""


def table(words: Catalogue, snapshot: TerminalSnapshot, now: int) -> TableData:
    """The page that is looked at."""
    say = words.say
    columns = (
        Column(say("queue.column.state"), 126),
        Column(say("queue.column.what"), 150, grows=True),
        Column(say("queue.column.receipt"), 190, rank=2),
        Column(say("queue.column.customer"), 150, rank=1),
        Column(say("queue.column.stake"), 138, right=True),
        Column(say("queue.column.age"), 112, right=True),
        Column(say("queue.column.attempts"), 60, right=True, rank=3),
        Column(say("queue.column.next"), 112, right=True),
    )
    page = snapshot.queue_page
    rows = tuple(_row(words, snapshot, row, now) for row in page.rows) if page is not None else ()
    return TableData(columns, rows, say("queue.empty"))


def _row(words: Catalogue, snapshot: TerminalSnapshot, row: QueueRow, now: int) -> TableRow:
    tone, shape = _STATE[row.state]
    noted = bool(row.noted)
    word = "noted" if noted else _WORD.get(row.state, row.state.value)
    return TableRow(
        row.key,
        (
            CellText(words.say(f"queue.state.{word}"), Tone.NEUTRAL if noted else tone, Shape.TICK if noted else shape),
            CellText(words.say(f"queue.kind.{row.kind.value}"), strong=True),
            CellText(row.receipt_number.partition("-")[2] or NOTHING),
            CellText(row.masked_customer or NOTHING),
            CellText(_stake(words, row), strong=True),
            CellText(_age(words, snapshot, row)),
            CellText(grouped(row.attempts)),
            CellText(_next(words, snapshot, row, now)),
        ),
    )


def _stake(words: Catalogue, row: QueueRow) -> str:
    """Points where points are what it is about; else money."""
    if row.points:
        return words.say("queue.points", points=grouped(row.points))
    return money(row.amount_vnd) if row.amount_vnd else NOTHING


def _age(words: Catalogue, snapshot: TerminalSnapshot, row: QueueRow) -> str:
    return age(words, int((snapshot.wall - row.created_at).total_seconds() * 1000))


def _next(words: Catalogue, snapshot: TerminalSnapshot, row: QueueRow, now: int) -> str:
    if row.state is DeliveryState.PARKED:
        return words.say("queue.next.person")
    if snapshot.status.central is LinkState.DOWN:
        return words.say("queue.next.network")
    left = row.due_ticks_ms - now
    return words.say("queue.next.in", time=age(words, left)) if left >= 1000 else words.say("queue.next.now")


def caption(words: Catalogue, snapshot: TerminalSnapshot) -> tuple[str, str, Tone]:
    """How the queue stands as a whole: title, note, tone."""
    queue, page = snapshot.status.queue, snapshot.queue_page
    title = words.say("queue.title")
    if page is not None and page.total > len(page.rows):
        title = words.say(
            "queue.title_page",
            first=grouped(page.offset + 1),
            last=grouped(page.offset + len(page.rows)),
            total=grouped(page.total),
        )
    sure = queue.waiting - queue.in_doubt
    note = words.say("queue.note", waiting=grouped(sure), doubt=grouped(queue.in_doubt), parked=grouped(queue.parked))
    tone = Tone.DANGER if queue.parked else Tone.UNKNOWN if queue.in_doubt else Tone.NEUTRAL
    return title, note, tone


def chosen(page: QueuePage | None, key: object) -> QueueRow | None:
    """The record under the cursor."""
    return next((row for row in page.rows if row.key == key), None) if page is not None else None


def detail(words: Catalogue, row: QueueRow | None) -> QueueDetail:
    """What a person has to know of a record."""
    if row is None:
        return QueueDetail()
    state = _WORD.get(row.state, row.state.value)
    what = words.say(f"queue.kind.{row.kind.value}")
    made = row.created_at.astimezone(VIETNAM)
    title = words.say("queue.detail", what=what, time=clock(made), day=made.strftime("%d/%m"), key=row.key)
    state = "set_aside" if row.problem == SET_ASIDE else state
    do = words.say("queue.do.resend" if row.may_resend and state != "set_aside" else f"queue.do.{state}")
    if row.noted and row.noted_at is not None:
        noted = row.noted_at.astimezone(VIETNAM)
        note = words.say(f"queue.noted.{row.noted}")
        do = words.say("queue.do.noted", note=note, time=clock(noted), day=noted.strftime("%d/%m"))
    means = words.say("queue.means.set_aside" if state == "set_aside" else f"queue.means.{row.kind.value}.{state}")
    return QueueDetail(title, _reason(words, row), means, do)


def _reason(words: Catalogue, row: QueueRow) -> str:
    """Why it is still here; a code nobody has words for is said as it is."""
    if not row.problem:
        return words.say("queue.reason.not_tried" if not row.attempts else "queue.reason.unknown")
    name = f"queue.reason.{row.problem}"
    return words.say(name) if words.knows(name) else words.say("queue.reason.other", code=row.problem)
