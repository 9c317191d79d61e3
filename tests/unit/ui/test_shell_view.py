"""Strip, message bar and key bar."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.ports.reports import PrinterState
from pos_client.services.messages import CustomerScreen
from pos_client.services.shift_snapshots import ShiftPhase, ShiftSnapshot
from pos_client.services.snapshots import Notice, QueueSnapshot, Severity, StatusSnapshot, TailSnapshot
from pos_client.ui.shell.view_model import bar_view, message_view, stop_view, strip_view
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age, seconds_left
from tests.ui import sample as x
from tests.words import words

VI, EN = words("vi"), words("en")


@pytest.mark.parametrize(
    ("status", "text", "tone"),
    [
        (x.status(), "Trung tâm", Tone.DONE),
        (x.OFFLINE, "Mất mạng 3 phút 12", Tone.ATTENTION),
        (x.status(central=LinkState.DEGRADED), "Trung tâm chậm 3 phút 12", Tone.UNKNOWN),
        (x.status(points_up=4), "Cột bơm 4/6", Tone.DANGER),
        (x.status(points_total=0), "Chưa có cột bơm", Tone.UNKNOWN),
        (x.status(customer_screen=CustomerScreen.MISSING), "Mất màn hình khách", Tone.ATTENTION),
        (x.status(customer_screen=CustomerScreen.PREVIEW), "Màn hình khách thu nhỏ", Tone.NEUTRAL),
        (x.status(keypad=False), "Mất bàn phím khách", Tone.ATTENTION),
        (x.status(printer=PrinterState.FAILED), "Máy in lỗi", Tone.ATTENTION),
        (x.status(printer=PrinterState.ABSENT), "Không có máy in", Tone.NEUTRAL),
        (
            x.status(printer=PrinterState.FAILED, printer_trouble=PrinterTrouble.PAPER_OUT),
            "Máy in: hết giấy",
            Tone.ATTENTION,
        ),
        (x.status(printer_trouble=PrinterTrouble.PAPER_LOW), "Máy in: sắp hết giấy", Tone.ATTENTION),
        (x.status(store_ok=False), "Không ghi được sổ", Tone.DANGER),
    ],
)
def test_light(status: StatusSnapshot, text: str, tone: Tone) -> None:
    lights = strip_view(VI, x.terminal(status=status), x.NOW).lights
    assert (text, tone) in [(light.text, light.tone) for light in lights]


def test_every_printer_and_link_state_has_a_light() -> None:
    for printer in PrinterState:
        for link in LinkState:
            assert strip_view(VI, x.terminal(status=x.status(printer=printer, central=link)), x.NOW).lights


@pytest.mark.parametrize(
    ("queue", "text", "tone"),
    [
        (QueueSnapshot(), "Chờ gửi 0", Tone.NEUTRAL),
        (QueueSnapshot(12, 0, 0, x.NOW - 183_000), "Chờ gửi 12 · lâu nhất 3 phút 03", Tone.UNKNOWN),
        (QueueSnapshot(12, 1, 0, x.NOW), "Chờ gửi 12 · 1 chưa rõ", Tone.UNKNOWN),
        (QueueSnapshot(12, 1, 2, x.NOW), "Chờ gửi 12 · 2 cần xem", Tone.DANGER),
    ],
)
def test_queue(queue: QueueSnapshot, text: str, tone: Tone) -> None:
    light = strip_view(VI, x.terminal(status=x.status(queue=queue)), x.NOW).queue
    assert (light.text, light.tone) == (text, tone)


@pytest.mark.parametrize(
    ("shift", "said"),
    [
        (None, "Chưa mở ca"),
        (x.shift(ShiftPhase.CLOSED), "Chưa mở ca"),
        (x.shift(), "Nguyễn Thị Ánh từ 06:00"),
        (x.shift(ShiftPhase.OPENING), "Nguyễn Thị Ánh từ 06:00"),
        (x.shift(ShiftPhase.READING), "Nguyễn Thị Ánh đang chốt ca"),
        (x.shift(ShiftPhase.COUNTING), "Nguyễn Thị Ánh đang chốt ca"),
    ],
)
def test_the_strip_says_whose_shift_it_is(shift: ShiftSnapshot | None, said: str) -> None:
    assert strip_view(VI, x.terminal(shift=shift), x.NOW).place == f"CHXD018 · {said} · Cửa hàng số 18 Nguyễn Trãi"


@pytest.mark.parametrize(
    ("waited_s", "said", "tone"),
    [
        (59, None, None),
        (60, "12 bản ghi chưa xác nhận, cũ nhất 1 phút 00", Tone.NEUTRAL),
        (240, "12 bản ghi chưa xác nhận, cũ nhất 4 phút 00", Tone.UNKNOWN),
    ],
)
def test_the_tail_of_the_journal_is_said_when_it_gets_old(waited_s: int, said: str | None, tone: Tone | None) -> None:
    tail = TailSnapshot(12, x.WALL - timedelta(seconds=waited_s))
    view = strip_view(VI, x.terminal(status=x.status(queue=QueueSnapshot(tail=tail))), x.NOW)
    found = [light for light in view.lights if "xác nhận" in light.text]
    assert [(light.text, light.tone) for light in found] == ([(said, tone)] if said else [])


def test_the_clock_runs_between_snapshots() -> None:
    assert strip_view(VI, x.terminal(), x.NOW).clock == "14:32"
    assert strip_view(VI, x.terminal(), x.NOW + 60_000).clock == "14:33"


def test_a_notice_has_three_parts() -> None:
    snapshot = x.terminal(notice=Notice("points_need_network", Severity.WARNING))
    view = message_view(VI, snapshot, x.NOW)
    assert view.tone is Tone.ATTENTION
    assert view.what
    assert view.means
    assert view.key


def test_a_code_nobody_has_words_for_is_still_said() -> None:
    assert message_view(VI, x.terminal(notice=Notice("brand_new", Severity.ERROR)), x.NOW).what == "brand_new"


def test_without_a_notice_the_bar_says_what_to_do_next() -> None:
    assert message_view(VI, x.terminal(), x.NOW).what == "2 lượt chờ thanh toán · lâu nhất 1 phút 05"
    assert message_view(VI, x.selling(), x.NOW).what == "1 cột nhấc cò, chờ cấp phép"
    calm = x.terminal(points=(x.point(1),))
    assert message_view(VI, calm, x.NOW).what == "Không có gì cần xử lý"
    assert message_view(VI, replace(calm, ready=False), x.NOW).tone is Tone.PROGRESS


def test_who_waits_too_long_is_said_before_who_owes() -> None:
    rising = x.terminal(points=(x.point(1, FuellingPointState.CALLING, age_s=27, rises=True), *x.forecourt()[1:]))
    view = message_view(VI, rising, x.NOW)
    assert (view.what, view.means, view.tone) == (
        "Khách ở cột 1 chờ đã 27 giây",
        "F5: cấp phép cột chờ lâu nhất",
        Tone.ATTENTION,
    )
    blocked = x.point(1, FuellingPointState.CALLING, age_s=27, rises=True, price_mismatch=True)
    assert message_view(VI, x.terminal(points=(blocked,)), x.NOW).what == "Không có gì cần xử lý"


def test_stopped_pumps_are_not_forgotten_when_the_message_is_read() -> None:
    stopped = x.terminal(points=(x.point(1, stopped=True), x.point(2, stopped=True)))
    view = message_view(VI, stopped, x.NOW)
    assert view.what == "2 cột đang dừng"
    assert "F12 R" in view.means


def test_what_another_till_sells_is_no_work_of_ours() -> None:
    held = x.terminal(points=(x.point(1, unpaid=(x.unpaid(holder="T2"),)),))
    assert message_view(VI, held, x.NOW).what == "Không có gì cần xử lý"
    assert not next(key for key in bar_view(VI, held) if key.name == "space").enabled


def test_the_red_key_offers_to_restart_only_when_something_is_stopped() -> None:
    assert stop_view(VI, None).held == ""
    assert stop_view(VI, x.terminal()).held == ""
    stopped = x.terminal(points=(x.point(1, stopped=True),))
    assert stop_view(VI, stopped).held == "giữ 2 giây: chạy lại"
    assert stop_view(VI, replace(stopped, ready=False)).held == ""
    assert stop_view(VI, stopped).label == stop_view(VI, None).label


def test_keys_are_dimmed_not_moved() -> None:
    busy, calm = bar_view(VI, x.terminal()), bar_view(VI, x.terminal(points=(x.point(1),)))
    assert [key.name for key in busy] == [key.name for key in calm]
    assert {key.name for key in calm if key.enabled} == {"", "f2", "f3", "esc", "f12"}
    assert {key.name for key in bar_view(VI, None) if key.enabled} == {"f12"}
    assert bar_view(VI, x.terminal(points=x.crowd(12)), "1")[0].label == "Cột 1_"
    calling = x.terminal(points=(x.point(1, FuellingPointState.CALLING),))
    assert {"f3", "f5"} <= {key.name for key in bar_view(VI, calling) if key.enabled}


@pytest.mark.parametrize(
    ("ms", "vi", "en"),
    [
        (-5, "0 giây", "0 s"),
        (8_900, "8 giây", "8 s"),
        (65_000, "1 phút 05", "1 min 05"),
        (3_600_000, "1 giờ 00", "1 h 00"),
        (7_800_000, "2 giờ 10", "2 h 10"),
    ],
)
def test_age(ms: int, vi: str, en: str) -> None:
    assert (age(VI, ms), age(EN, ms)) == (vi, en)


def test_a_second_begun_is_still_there() -> None:
    assert [seconds_left(1000, now) for now in (0, 1, 999, 1000, 5000)] == [1, 1, 1, 0, 0]
    assert seconds_left(None, 0) is None
