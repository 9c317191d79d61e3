"""The customer's pages: every state, nothing of a secret but its length, no other customer's name."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from pos_client.domain.identifiers import PointId
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.customer.questions import grouped_entry
from pos_client.ui.customer.view import CustomerView, Side
from pos_client.ui.customer.view_model import customer_view
from pos_client.ui.tone import Tone
from tests.ui import sample as x
from tests.ui.gallery import CUSTOMER
from tests.words import words

VI, EN = words("vi"), words("en")
D = DialogueState


def _page(name: str, **places: object) -> CustomerView:
    snapshot = CUSTOMER[name]
    assert snapshot is not None
    return customer_view(VI, replace(snapshot, **places), x.NOW, x.NOW - 7_000)  # type: ignore[arg-type]


def _said(view: CustomerView) -> str:
    parts = [str(getattr(view, field.name)) for field in fields(view)]
    return " ".join(parts)


def test_every_dialogue_state_has_a_page_in_both_languages() -> None:
    for state in D:
        for words_of in (VI, EN):
            for snapshot in (x.selling(dialogue=x.dialogue(state)), x.terminal(dialogue=x.dialogue(state))):
                assert customer_view(words_of, snapshot, x.NOW, x.NOW).title


@pytest.mark.parametrize(
    ("name", "title", "side"),
    [
        ("welcome", "Kính chào quý khách", Side.KEYPAD),
        ("mirror", "Đang bơm", Side.KEYPAD),
        ("identify", "Số điện thoại hoặc Petrolimex ID", Side.KEYPAD),
        ("looking-up", "Đang tìm tài khoản", Side.COUNTER),
        ("confirm", "Có phải bạn không?", Side.KEYPAD),
        ("amount", "Dùng bao nhiêu điểm?", Side.KEYPAD),
        ("amount-other", "Nhập số điểm muốn dùng", Side.KEYPAD),
        ("otp", "Nhập mã OTP trong tin nhắn", Side.KEYPAD),
        ("driver-pin", "Lái xe nhập mã PIN", Side.KEYPAD),
        ("wait", "Xin chờ", Side.COUNTER),
        ("served", "Đã nhận ra quý khách", Side.COUNTER),
        ("served-after-points", "Đã trừ 186.400 điểm", Side.QR),
        ("choose-pump", "Đã đồng ý đổi điểm", Side.KEYPAD),
        ("unknown", "Chưa rõ kết quả", Side.COUNTER),
        ("result", "Đã trừ 186.400 điểm", Side.QR),
        ("refused", "Chưa dùng được điểm", Side.KEYPAD),
        ("offline", "Đang mất mạng", Side.KEYPAD),
    ],
)
def test_page(name: str, title: str, side: Side) -> None:
    view = _page(name)
    assert (view.title, view.side) == (title, side)


def test_a_waiting_page_counts() -> None:
    for name, left in (("wait", "16 giây"), ("unknown", "11 giây"), ("looking-up", "17 giây")):
        view = _page(name)
        assert (view.side_label, view.side_figure, view.side_note) == ("Chờ nhiều nhất còn", left, "Đã chờ 7 giây")
    endless = _page("wait", dialogue=x.dialogue(D.WAIT))
    assert (endless.side_label, endless.side_figure) == ("Đã chờ", "7 giây")


def test_the_idle_page_says_zone_date_and_what_points_are_given_for() -> None:
    view = _page("welcome")
    assert view.rows_note == "Giá vùng 1 · áp dụng từ 15:00 ngày 19/11/2026"
    assert view.hints[0].startswith("Petrolimex ID: chuyển khoản, thẻ cứ 10.000 đ được 50 điểm; tiền mặt cứ 20.000 đ")
    assert view.hints[-1] == "Hỗ trợ: 1900 2828"
    unsaid = _page("welcome", status=x.status(price_zone=""), prices=x.PRICES[2:])
    assert unsaid.rows_note == ""


def test_pumps_that_run_are_shown_without_names_and_one_alone_is_mirrored_instead() -> None:
    view = _page("welcome-pumps-run", customer=x.CUSTOMER)
    assert [row.label for row in view.rows] == ["Cột 2", "Cột 3"]
    assert "1.204.500 đ" in view.rows[1].figure
    assert "Trần" not in _said(view)
    many = _page("welcome-many-run")
    assert (len(many.rows), many.rows[-1].label) == (6, "và 7 cột khác")
    assert _page("welcome").rows[0].label == x.E10


def test_the_hotline_is_the_stations() -> None:
    assert _page("welcome", status=x.status(hotline="1800 0000")).hints[-1] == "Hỗ trợ: 1800 0000"


def test_the_code_page_shows_dots_time_tries_and_the_warning() -> None:
    view = _page("otp")
    assert view.dots == (3, 6)
    assert view.entered is None
    assert view.counter == "Còn 2 phút 42 · còn 3 lần thử"
    assert view.hints[0] == "Không đọc mã cho bất kỳ ai, kể cả nhân viên."
    assert (view.figure, view.figure_note) == ("186.400 đ", "Còn trả 163.600 đ")


def test_a_wrong_code_is_said_on_the_code_page() -> None:
    view = _page("otp-wrong")
    assert "Mã không đúng" in view.news
    assert view.title_tone is Tone.ATTENTION


def test_is_this_you_offers_no_with_zero_and_what_each_tender_brings() -> None:
    view = _page("confirm")
    assert view.name == "Trần H***"
    assert [(choice.key, choice.label) for choice in view.choices][1] == (0, "Không phải tôi")
    assert [row.figure for row in view.rows] == ["+850 điểm", "+1.750 điểm"]


def test_amounts_are_numbered_as_on_the_keypad() -> None:
    assert [(c.key, c.figure) for c in _page("amount").choices] == [
        (1, "186.400 đ"),
        (2, "12.300 đ"),
        (3, "50.000 đ"),
        (4, "…"),
    ]


def test_the_result_carries_the_receipt_number_as_qr_and_the_balance() -> None:
    view = _page("result")
    assert view.qr_text == "CHXD018-T1-000230"
    assert "Số dư sau: 800 điểm" in view.hints


def test_an_unconfirmed_result_is_not_said_as_done() -> None:
    view = _page("result-pending")
    earned = next(row for row in view.rows if row.label.startswith("Điểm cộng"))
    assert (earned.label, earned.tone) == ("Điểm cộng, chờ xác nhận", Tone.UNKNOWN)


@pytest.mark.parametrize("name", ["welcome", "mirror", "result"])
def test_nobody_is_named_when_nobody_is_at_the_counter(name: str) -> None:
    assert "Trần" not in _said(_page(name, customer=None, sale=None))


def test_a_mirror_of_a_point_that_is_gone_is_the_welcome_page() -> None:
    snapshot: TerminalSnapshot = x.terminal(dialogue=x.dialogue(D.MIRROR, point=PointId(77)))
    assert customer_view(VI, snapshot, x.NOW, x.NOW).title == "Kính chào quý khách"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("", ""),
        ("09", "09"),
        ("09120", "0912 0"),
        ("0912000001", "0912 000 001"),
        ("000100001", "000 100 001"),
        ("0001", "000 1"),
    ],
)
def test_typed_numbers_stay_in_their_groups(typed: str, shown: str) -> None:
    assert grouped_entry(typed) == shown


def test_the_idle_page_has_the_prices_in_force_and_follows_a_change():
    snapshot = x.terminal()
    changed = replace(snapshot, prices=(replace(x.PRICES[0], unit_price=27_450), *x.PRICES[1:]))
    first, then = (customer_view(VI, each, x.NOW, x.NOW).rows[0] for each in (snapshot, changed))
    assert (first.label, first.figure) == (x.E10, "27.080 đ/lít")
    assert then.figure == "27.450 đ/lít"


def test_the_code_to_pay_with_stands_beside_what_is_due_and_the_page_leads_back() -> None:
    view = customer_view(VI, CUSTOMER["pay"], x.NOW, x.NOW)
    assert (view.side, view.qr_text, view.side_figure) == (Side.QR, x.PAY_CODE, "350.000 đ")
    assert [choice.key for choice in view.choices] == [KeypadKey.CANCEL]
    assert "CTY XANG DAU KHU VUC I" in view.side_note
    rest = customer_view(VI, CUSTOMER["rest-pay"], x.NOW, x.NOW)
    assert (rest.qr_text, rest.side_figure) == (x.PAY_CODE, "163.600 đ")
    assert "Hủy" in customer_view(VI, CUSTOMER["identify-or-pay"], x.NOW, x.NOW).hints[0]
    assert customer_view(VI, CUSTOMER["identify"], x.NOW, x.NOW).hints == ("Hỗ trợ: 1900 2828",)
