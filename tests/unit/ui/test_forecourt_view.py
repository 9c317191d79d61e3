"""Tiles: point snapshot in, word, tone and figures out."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.sale_type import SaleType
from pos_client.services.snapshots import PointSnapshot, PriceMark
from pos_client.ui.forecourt.arrangement import grid_shape, needs
from pos_client.ui.forecourt.view_model import TileView, tile_view, tile_views
from pos_client.ui.tone import Shape, Tone
from tests.ui import sample as x
from tests.words import words

VI = words("vi")


def _tile(point: PointSnapshot, now: int = x.NOW) -> TileView:
    return tile_view(VI, point, x.SALE, now)


TABLE: list[tuple[PointSnapshot, str, Tone, Shape]] = [
    (x.point(3), "Rảnh", Tone.NEUTRAL, Shape.RING),
    (x.point(3, State.CALLING), "Nhấc cò", Tone.ATTENTION, Shape.BELL),
    (x.point(3, State.AUTHORISED), "Đã cấp phép", Tone.PROGRESS, Shape.KEYHOLE),
    (x.point(3, State.STARTED), "Đã mở vòi", Tone.PROGRESS, Shape.KEYHOLE),
    (x.point(3, State.FUELLING), "Đang bơm", Tone.PROGRESS, Shape.ARROW),
    (x.point(3, State.SUSPENDED_STARTED), "Tạm dừng", Tone.UNKNOWN, Shape.PAUSE),
    (x.point(3, State.SUSPENDED_FUELLING), "Tạm dừng", Tone.UNKNOWN, Shape.PAUSE),
    (x.point(3, State.CLOSED), "Đóng", Tone.NEUTRAL, Shape.BAR),
    (x.point(3, State.INOPERATIVE), "Ngừng", Tone.DANGER, Shape.BANG),
    (x.point(3, unpaid=(x.unpaid(),)), "Chờ thanh toán", Tone.ATTENTION, Shape.COIN),
    (x.point(1, claimed=True), "Đang thu tiền", Tone.ATTENTION, Shape.COIN),
    (x.point(3, State.FUELLING, link=Link.DOWN), "Mất kết nối", Tone.DANGER, Shape.CROSS),
    (x.point(3, unpaid=(x.unpaid(),), link=Link.DOWN), "Mất kết nối", Tone.DANGER, Shape.CROSS),
    (x.point(3, link=Link.PROBING), "Đang dò", Tone.NEUTRAL, Shape.DOTS),
    (x.point(3, link=Link.DEGRADED), "Rảnh", Tone.NEUTRAL, Shape.RING),
    (x.point(3, stopped=True), "Đã dừng", Tone.ATTENTION, Shape.PAUSE),
    (x.point(3, State.CALLING, stopped=True), "Đã dừng", Tone.ATTENTION, Shape.PAUSE),
    (x.point(3, State.SUSPENDED_FUELLING, stopped=True), "Đã dừng", Tone.ATTENTION, Shape.PAUSE),
    (x.point(3, stopped=True, link=Link.DOWN), "Mất kết nối", Tone.DANGER, Shape.CROSS),
    (x.point(3, stopped=True, unpaid=(x.unpaid(),)), "Chờ thanh toán", Tone.ATTENTION, Shape.COIN),
    (x.point(1, stopped=True, claimed=True), "Đang thu tiền", Tone.ATTENTION, Shape.COIN),
    (x.point(3, price_mismatch=True), "Sai giá", Tone.DANGER, Shape.BANG),
    (x.point(3, State.CALLING, price_mismatch=True), "Sai giá", Tone.DANGER, Shape.BANG),
    (x.point(3, State.FUELLING, price_mismatch=True), "Đang bơm", Tone.PROGRESS, Shape.ARROW),
    (x.point(3, price_mismatch=True, unpaid=(x.unpaid(),)), "Chờ thanh toán", Tone.ATTENTION, Shape.COIN),
    (x.point(3, unpaid=(x.unpaid(holder="T2"),)), "Quầy khác thu", Tone.NEUTRAL, Shape.LOCK),
    (x.point(3, unpaid=(x.unpaid(holder="T2"), x.unpaid(n=2))), "Chờ thanh toán", Tone.ATTENTION, Shape.COIN),
]


@pytest.mark.parametrize(("point", "state", "tone", "shape"), TABLE)
def test_state(point: PointSnapshot, state: str, tone: Tone, shape: Shape) -> None:
    view = _tile(point)
    assert (view.state, view.tone, view.shape) == (state, tone, shape)
    assert view.spoken == f"Cột {point.point}, {state}"


def test_every_state_has_a_tile_in_every_link() -> None:
    for state in State:
        for link in Link:
            assert _tile(x.point(1, state, link=link)).state


def test_unpaid_shows_amount_litres_and_age_of_the_oldest() -> None:
    view = _tile(x.point(5, unpaid=(x.unpaid(age_s=65), x.unpaid(amount=10_000, age_s=5, n=2))))
    assert (view.amount, view.litres, view.grade) == ("95.400 đ", "3,07 lít", x.DO)
    assert view.aside == "2 lượt chờ · 1 phút 05"


def test_the_claimed_tile_shows_the_open_sale() -> None:
    view = _tile(x.point(1, claimed=True, amount_vnd=1))
    assert (view.amount, view.litres, view.selected) == ("350.000 đ", "12,93 lít", True)


def test_another_points_sale_is_not_shown_on_a_claimed_tile() -> None:
    assert _tile(x.point(2, claimed=True)).amount == ""


def test_calling_counts_seconds_and_names_its_key() -> None:
    view = _tile(x.point(4, State.CALLING, age_s=8))
    assert (view.pill, view.foot, view.key) == ("Nhấc cò · 8 s", "Chờ cấp phép", "F5")
    assert _tile(x.point(4, State.CALLING, age_s=8), x.NOW + 60_000).pill == "Nhấc cò · 1 phút 08"


def test_calling_on_top_of_an_unpaid_sale_says_both() -> None:
    view = _tile(x.point(4, State.CALLING, unpaid=(x.unpaid(),)))
    assert (view.key, view.aside, view.aside_tone) == ("F5", "1 lượt chờ", Tone.ATTENTION)


def test_preset_has_a_bar_and_without_one_it_is_a_full_tank() -> None:
    limited = _tile(x.point(2, State.FUELLING, amount_vnd=68_250, preset_vnd=200_000))
    assert (limited.aside, limited.progress_permille) == ("đặt 200.000 đ", 341)
    free = _tile(x.point(2, State.FUELLING, amount_vnd=68_250))
    assert (free.aside, free.progress_permille) == ("đầy bình", None)


def test_an_overrun_never_draws_beyond_its_bar() -> None:
    assert _tile(x.point(2, State.FUELLING, amount_vnd=200_100, preset_vnd=200_000)).progress_permille == 1000


def test_a_lost_link_says_how_long_and_what_happens_to_the_figures() -> None:
    view = _tile(x.point(6, link=Link.DOWN, age_s=12))
    assert view.explanation == "Không trả lời 12 giây. Số liệu được giữ, sẽ đối chiếu số máy."
    assert view.filled


def test_gift_is_marked_and_reconciled_totalizers_are_said() -> None:
    assert _tile(x.point(2, State.FUELLING, gift=True)).mark == "Đổi điểm"
    view = _tile(x.point(6, reconciled=True))
    assert (view.foot, view.foot_tone) == ("Đã đối chiếu số máy: khớp", Tone.DONE)


def test_a_recovered_fuelling_says_so() -> None:
    assert _tile(x.point(5, unpaid=(replace(x.unpaid(), recovered=True),))).foot == "Thu hồi từ số máy"


def test_those_that_wait_longest_stand_in_front_and_broken_ones_last() -> None:
    snapshot = x.terminal(
        points=(
            x.point(1, link=Link.DOWN, age_s=999),
            x.point(2, State.CALLING, age_s=5),
            x.point(3, unpaid=(x.unpaid(age_s=50),)),
            x.point(4),
            x.point(5, State.FUELLING),
        )
    )
    assert [n.number for n in needs(tile_views(VI, snapshot, x.NOW), snapshot)] == [3, 2, 1]


def test_a_customer_who_waits_too_long_rises() -> None:
    view = _tile(x.point(4, State.CALLING, age_s=27, rises=True))
    assert (view.pill, view.foot, view.key, view.filled) == ("Nhấc cò · 27 s", "Khách chờ lâu", "F5", True)
    snapshot = x.terminal(
        points=(
            x.point(1, unpaid=(x.unpaid(age_s=900),)),
            x.point(2, State.CALLING, age_s=25, rises=True),
            x.point(3, State.CALLING, age_s=31, rises=True),
            x.point(4, State.CALLING, age_s=5),
        )
    )
    wanted = needs(tile_views(VI, snapshot, x.NOW), snapshot)
    assert [(n.number, n.text) for n in wanted] == [
        (3, "Nhấc cò · 31 s"),
        (2, "Nhấc cò · 25 s"),
        (1, "95.400 đ"),
        (4, "Nhấc cò · 5 s"),
    ]


def test_a_stopped_pump_says_how_it_goes_on() -> None:
    flowing = _tile(x.point(2, State.SUSPENDED_FUELLING, stopped=True, amount_vnd=68_250, volume_ml=2610))
    assert (flowing.amount, flowing.litres, flowing.foot, flowing.key) == ("68.250 đ", "2,61 lít", "Chạy lại", "F12 R")
    assert "F12 R" in _tile(x.point(2, stopped=True)).explanation
    sold = _tile(x.point(2, stopped=True, unpaid=(x.unpaid(),)))
    assert sold.foot == "Cột đã dừng · F12 R"


def test_a_wrong_price_blocks_and_says_where_to_look() -> None:
    view = _tile(x.point(5, State.CALLING, age_s=9, price_mismatch=True))
    assert "F12 V" in view.explanation
    assert (view.aside, view.aside_tone, view.key) == ("Nhấc cò · 9 s", Tone.DANGER, "")
    assert _tile(x.point(5, State.FUELLING, price_mismatch=True)).foot == "Giá cột lệch niêm yết"


def test_a_limit_in_litres_fills_its_bar_by_litres() -> None:
    view = _tile(x.point(3, State.FUELLING, amount_vnd=312_000, volume_ml=11_520, preset_ml=20_000))
    assert (view.aside, view.progress_permille) == ("đặt 20,00 lít", 576)
    over = _tile(x.point(3, State.FUELLING, volume_ml=20_050, preset_ml=20_000))
    assert over.progress_permille == 1000
    assert _tile(x.point(3, State.AUTHORISED, preset_ml=20_000)).aside == "đặt 20,00 lít"


def test_a_pump_test_is_marked_and_has_no_full_tank() -> None:
    view = _tile(x.point(4, State.FUELLING, volume_ml=20_000, sale_type=SaleType.PUMP_TEST))
    assert (view.mark, view.mark_shape, view.aside) == ("Bơm thử", Shape.LOOP, "")


def test_a_fuelling_at_another_till_counts_down_and_is_nothing_for_us() -> None:
    held = x.unpaid(holder="T2", held_until_ticks_ms=x.NOW + 74_000)
    view = _tile(x.point(6, unpaid=(held,)))
    assert (view.pill, view.short, view.foot, view.filled) == (
        "Quầy T2 đang thu",
        "Quầy T2",
        "Còn giữ 1 phút 14",
        False,
    )
    assert _tile(x.point(6, unpaid=(held,)), x.NOW + 200_000).foot == "Còn giữ 0 giây"
    assert _tile(x.point(6, unpaid=(x.unpaid(holder="T2"),))).foot == ""
    both = _tile(x.point(6, unpaid=(held, x.unpaid(n=2, amount=10_000))))
    assert (both.amount, both.aside) == ("10.000 đ", "1 phút 05")
    busy = _tile(x.point(6, State.FUELLING, unpaid=(held,)))
    assert busy.foot == ""
    snapshot = x.terminal(points=(x.point(6, unpaid=(held,)),))
    assert needs(tile_views(VI, snapshot, x.NOW), snapshot) == ()


@pytest.mark.parametrize(
    ("mark", "foot"),
    [
        (PriceMark.NONE, ""),
        (PriceMark.CROSSED, "Qua lúc đổi giá"),
        (PriceMark.MISMATCH, "Giá cột lệch niêm yết"),
    ],
)
def test_a_price_to_be_looked_at_is_said_before_the_sale(mark: PriceMark, foot: str) -> None:
    assert _tile(x.point(5, unpaid=(x.unpaid(price_mark=mark),))).foot == foot
    recovered = _tile(x.point(5, unpaid=(x.unpaid(price_mark=mark, recovered=True),)))
    assert recovered.foot == "Thu hồi từ số máy"


@given(st.integers(1, 99), st.integers(400, 1400), st.integers(300, 1000))
def test_the_grid_holds_all_tiles_and_wastes_no_row(count: int, width: int, height: int) -> None:
    columns, rows = grid_shape(count, width, height)
    assert columns * rows >= count > columns * (rows - 1)


def test_usual_forecourts_fill_their_room() -> None:
    assert grid_shape(4, 790, 540) == (2, 2)
    assert grid_shape(6, 790, 540) == (3, 2)
    assert grid_shape(12, 790, 540) == (4, 3)
