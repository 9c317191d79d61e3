"""The queue desk in words, and its keys."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.domain.outbox import DeliveryState, ItemKind
from pos_client.services import messages as m
from pos_client.services.queue_snapshots import QueuePage
from pos_client.services.snapshots import QueueSnapshot
from pos_client.ui.keys import MOST, Action, Key, MoveRow, Wish
from pos_client.ui.queue.view_model import caption, detail, table
from pos_client.ui.shift.keys import Place, Tab, bar, pressed
from pos_client.ui.tone import Tone
from tests.ui import sample as x
from tests.words import words

VI, EN = words("vi"), words("en")
PAGE = x.queue_page(20, total=60, offset=20)
REFUSED, NOTED, DOUBTED, AGAIN, WAITING = PAGE.rows[:5]


def at(row: object, page: QueuePage | None = PAGE, key: Key = Key.F7) -> list[Action]:
    chosen = row.key if hasattr(row, "key") else row
    return pressed(key, Place(Tab.QUEUE, chosen), x.terminal(queue_page=page))


def test_a_row_says_state_kind_stake_age_and_when_it_is_tried_next():
    rows = table(VI, x.terminal(queue_page=PAGE), x.NOW).rows
    assert [cell.text for cell in rows[0].cells] == [
        "cần xem",
        "Tích điểm",
        "T1-261123-00001",
        "Nguyễn Thị Á***",
        "1.750 điểm",
        "7 phút 00",
        "1",
        "cần người",
    ]
    assert [rows[n].cells[0].text for n in (1, 2, 4)] == ["đã xem", "chưa rõ", "đang chờ"]
    assert rows[1].cells[4].text == "186.400 đ"
    assert rows[4].cells[7].text == "sau 35 giây"


def test_without_network_nothing_is_promised_for_a_time():
    shown = x.terminal(status=x.OFFLINE, queue_page=QueuePage(0, 1, (WAITING,)))
    assert table(EN, shown, x.NOW).rows[0].cells[7].text == "when online"
    due = replace(WAITING, due_ticks_ms=x.NOW - 1)
    assert table(EN, x.terminal(queue_page=QueuePage(0, 1, (due,))), x.NOW).rows[0].cells[7].text == "now"


def test_nothing_waiting_is_said():
    shown = table(VI, x.terminal(queue_page=QueuePage(0, 0, ())), x.NOW)
    assert shown.rows == ()
    assert shown.empty == "Trung tâm đã xác nhận tất cả. Không có gì chờ."


def test_a_page_of_many_says_which():
    title, note, tone = caption(VI, x.terminal(status=x.status(queue=QueueSnapshot(50, 2, 3)), queue_page=PAGE))
    assert title == "Hồ sơ 21 đến 40 trên 60"
    assert note == "chờ 48 · chưa rõ 2 · cần người xem 3"
    assert tone is Tone.DANGER


@pytest.mark.parametrize("catalogue", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("kind", ItemKind)
@pytest.mark.parametrize("state", [state for state in DeliveryState if state is not DeliveryState.DELIVERED])
def test_every_record_in_every_state_can_be_explained(catalogue, kind: ItemKind, state: DeliveryState):
    shown = detail(catalogue, replace(WAITING, kind=kind, state=state, problem="a-code-of-next-year"))
    said = (shown.title, shown.reason, shown.means, shown.do)
    assert all(said)
    assert not [text for text in said if "queue." in text or "{" in text]
    assert "a-code-of-next-year" in shown.reason


@pytest.mark.parametrize("catalogue", [VI, EN], ids=["vi", "en"])
@pytest.mark.parametrize("note", m.ParkedNote)
def test_what_was_noted_is_said(catalogue, note: m.ParkedNote):
    shown = detail(catalogue, replace(NOTED, noted=note.value))
    assert "queue." not in shown.do
    assert "14:20" in shown.do


def test_what_may_be_sent_again_says_so():
    assert "F8" in detail(VI, AGAIN).do
    assert "F8" not in detail(VI, REFUSED).do


@pytest.mark.parametrize(
    ("row", "key", "expected"),
    [
        (REFUSED, Key.F7, [m.TryQueueNow()]),
        (REFUSED, Key.F8, []),
        (AGAIN, Key.F8, [m.ResendParked(AGAIN.key)]),
        (REFUSED, Key.F9, [m.NoteParked(REFUSED.key, m.ParkedNote.MANAGER_TOLD)]),
        (REFUSED, Key.F10, [m.NoteParked(REFUSED.key, m.ParkedNote.HOTLINE_CALLED)]),
        (NOTED, Key.F11, [m.NoteParked(NOTED.key, m.ParkedNote.SETTLED)]),
        (WAITING, Key.F9, []),
        (DOUBTED, Key.F8, []),
        ("gone", Key.F9, []),
        (None, Key.F7, [m.TryQueueNow()]),
        (REFUSED, Key.PAGE_DOWN, [m.ShowQueue(40), MoveRow(-MOST)]),
        (REFUSED, Key.PAGE_UP, [m.ShowQueue(0), MoveRow(-MOST)]),
        (REFUSED, Key.DOWN, [MoveRow(1)]),
        (REFUSED, Key.ESCAPE, [m.ShowQueue(), Wish.SALES]),
        (REFUSED, Key.F2, [m.ShowQueue(), Wish.SHIFT]),
        (REFUSED, Key.F5, [m.ShowQueue(0), Wish.QUEUE]),
    ],
)
def test_keys_of_the_desk(row: object, key: Key, expected: list[Action]):
    assert at(row, key=key) == expected


def test_before_the_first_page_the_keys_wait():
    assert at(None, None) == []
    assert at(None, QueuePage(0, 0, ())) == []


def test_the_bar_dims_what_cannot_be_done():
    caps = {key.cap: key.enabled for key in bar(VI, Place(Tab.QUEUE, AGAIN.key), x.terminal(queue_page=PAGE))}
    assert {cap: caps[cap] for cap in ("F7", "F8", "F9", "F10", "F11")} == dict.fromkeys(
        ("F7", "F8", "F9", "F10", "F11"), True
    )
    caps = {key.cap: key.enabled for key in bar(VI, Place(Tab.QUEUE, WAITING.key), x.terminal(queue_page=PAGE))}
    assert (caps["F7"], caps["F8"], caps["F9"]) == (True, False, False)
