"""The sale card, tender keys, chip and points panel: snapshot in, words out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.domain.receipt import Receipt
from pos_client.domain.tender import Tender, TenderKind
from pos_client.services.snapshots import Notice, PointsPhase, PriceMark, Severity, TerminalSnapshot
from pos_client.ui.checkout.view_model import pad_view, sale_view
from pos_client.ui.loyalty.chip_view import chip_view, grouped_id, initials
from pos_client.ui.loyalty.view_model import PanelVerb, panel_view
from pos_client.ui.tone import Shape, Tone
from tests.ui import sample as x
from tests.words import words

VI, EN = words("vi"), words("en")


def test_the_head_says_where_how_much_and_what_price() -> None:
    view = sale_view(VI, x.selling(), x.NOW)
    assert view.where == f"Cột 1 · vòi 1 · {x.E10}"
    assert (view.amount, view.litres, view.aside) == ("350.000 đ", "12,93 lít", "27.080 đ/lít")


def test_tenders_that_earn_alike_share_a_formula() -> None:
    rows = sale_view(VI, x.selling(), x.NOW).rows
    assert [(row.label, row.figure) for row in rows] == [
        ("Tiền mặt: 350.000 đ tiền mặt: 17 × 50 = 850", "+850 điểm"),
        ("QR, Thẻ: 350.000 đ điện tử: 35 × 50 = 1.750", "+1.750 điểm"),
    ]
    assert "electronic" in sale_view(EN, x.selling(), x.NOW).rows[1].label


def test_after_points_the_rest_is_the_strong_row() -> None:
    rows = sale_view(VI, x.selling(sale=x.AFTER_POINTS), x.NOW).rows
    assert (rows[0].label, rows[0].figure) == ("Điểm", "− 186.400 đ")
    assert (rows[1].label, rows[1].figure, rows[1].strong) == ("Còn phải thu", "163.600 đ", True)


def test_a_sale_paid_in_full_says_so() -> None:
    paid = replace(x.SALE, due_vnd=0, tenders=(Tender(TenderKind.CASH, 350_000),))
    snapshot = x.selling(sale=paid)
    assert sale_view(VI, snapshot, x.NOW).rows[-1].label == "Đã thu đủ"
    assert not any(key.enabled for key in pad_view(VI, snapshot).keys)


def test_the_claim_counts_down_only_at_its_end() -> None:
    def note(left_ms: int, **more: object) -> tuple[str, Tone]:
        sale = replace(x.SALE, claim_until_ticks_ms=x.NOW + left_ms, **more)  # type: ignore[arg-type]
        view = sale_view(VI, x.selling(sale=sale), x.NOW)
        return view.note, view.note_tone

    assert note(31_000) == ("Số CHXD018-T1-000231", Tone.NEUTRAL)
    assert note(30_000) == ("Còn 30 giây: lượt này tự trả lại cột nếu chưa thu", Tone.UNKNOWN)
    assert note(-5_000)[0].startswith("Còn 0 giây")
    assert note(5_000, tenders=(Tender(TenderKind.CASH, 1000),)) == ("Số CHXD018-T1-000231", Tone.NEUTRAL)


def test_a_recovered_sale_says_its_sum_and_what_to_do() -> None:
    sale = replace(x.SALE, recovered=True, volume_ml=4_120, amount_vnd=111_570, price_mark=PriceMark.CROSSED)
    advice = sale_view(VI, x.selling(sale=sale), x.NOW).advice
    assert advice is not None
    assert advice.title == "Lượt thu hồi từ số máy: 4,12 lít × 27.080 đ/lít = 111.570 đ"
    assert "F12 D" in advice.body


@pytest.mark.parametrize(
    ("mark", "unit_price", "title"),
    [
        (PriceMark.CROSSED, 26_700, "Giá đổi trong lúc bơm: thu theo giá trên cột 26.700 đ/lít, giá mới 27.080 đ/lít"),
        (PriceMark.CROSSED, 27_080, "Giá đổi trong lúc bơm: thu theo giá trên cột 27.080 đ/lít"),
        (PriceMark.MISMATCH, 26_700, "Giá trên cột 26.700 đ/lít khác giá niêm yết 27.080 đ/lít"),
        (PriceMark.MISMATCH, 27_080, "Giá trên cột 27.080 đ/lít khác giá niêm yết"),
    ],
)
def test_a_price_mark_names_both_prices_when_they_differ(mark: PriceMark, unit_price: int, title: str) -> None:
    sale = replace(x.SALE, price_mark=mark, unit_price=unit_price)
    advice = sale_view(VI, x.selling(sale=sale), x.NOW).advice
    assert advice is not None
    assert advice.title == title
    unknown = sale_view(VI, x.selling(sale=sale, prices=()), x.NOW).advice
    assert unknown is not None
    assert "27.080" not in unknown.title or unit_price == 27_080


def test_an_ordinary_sale_needs_no_advice() -> None:
    assert sale_view(VI, x.selling(), x.NOW).advice is None


def test_what_another_till_has_is_not_in_the_list_of_what_waits() -> None:
    points = (x.point(1, unpaid=(x.unpaid(holder="T2"), x.unpaid(n=2, amount=1000))),)
    assert [row.figure for row in sale_view(VI, x.terminal(points=points), x.NOW).rows if row.figure] == ["1.000 đ"]


def test_the_empty_card_lists_what_waits_oldest_first() -> None:
    points = (x.point(1, unpaid=(x.unpaid(age_s=5),)), x.point(2, unpaid=(x.unpaid(amount=1000, age_s=50),)))
    view = sale_view(VI, x.terminal(points=points), x.NOW)
    assert view.empty_title == "Chưa mở lượt nào"
    assert [row.figure for row in view.rows if row.figure] == ["1.000 đ", "95.400 đ"]


def test_the_last_receipt_tells_unconfirmed_points_apart() -> None:
    assert x.RECEIPT.earned is not None
    pending = replace(x.RECEIPT, earned=replace(x.RECEIPT.earned, confirmed=False), spent=None)
    assert "Điểm được tích" in said(x.RECEIPT)
    assert "Điểm được tích" not in said(pending)


def said(receipt: Receipt) -> str:
    """The last receipt as the card shows it."""
    view = sale_view(VI, x.terminal(receipt=receipt), x.NOW)
    assert not view.rows
    return "\n".join(f"{line.left} {line.right}" for line in view.paper)


@pytest.mark.parametrize(
    ("snapshot", "earns", "enabled"),
    [
        (x.selling(), ["+850 điểm", "+1.750 điểm", "+1.750 điểm"], True),
        (x.selling(customer=None), ["không tích điểm"] * 3, True),
        (x.selling(status=x.OFFLINE), ["+850 · chờ gửi", "+1.750 · chờ gửi", "+1.750 · chờ gửi"], True),
        (x.selling(points_panel=x.PANELS["waiting"]), ["+850 điểm", "+1.750 điểm", "+1.750 điểm"], False),
        (x.selling(points_panel=x.PANELS["refused"]), ["+850 điểm", "+1.750 điểm", "+1.750 điểm"], True),
        (x.terminal(), ["", "", ""], False),
    ],
)
def test_tender_keys(snapshot: TerminalSnapshot, earns: list[str], enabled: bool) -> None:
    pad = pad_view(VI, snapshot)
    assert [key.earns for key in pad.keys] == earns
    assert {key.enabled for key in pad.keys} == {enabled}
    assert [key.key for key in pad.keys] == ["F9", "F10", "F11"]


PANEL: list[tuple[str, Tone, Shape, str, list[PanelVerb]]] = [
    ("offer", Tone.PROGRESS, Shape.GIFT, "Dùng điểm", [PanelVerb.START]),
    ("holding", Tone.PROGRESS, Shape.DOTS, "Đang giữ điểm", [PanelVerb.CANCEL]),
    ("waiting", Tone.PROGRESS, Shape.KEYHOLE, "Chờ khách nhập mã OTP", [PanelVerb.RESEND, PanelVerb.CANCEL]),
    ("verifying", Tone.PROGRESS, Shape.DOTS, "Đang kiểm tra mã OTP", [PanelVerb.CANCEL]),
    ("unknown", Tone.UNKNOWN, Shape.QUESTION, "Chưa rõ kết quả, đang hỏi trung tâm", [PanelVerb.CANCEL]),
    ("permit", Tone.ATTENTION, Shape.BELL, "Khách đã đồng ý: chọn cột bơm", [PanelVerb.CANCEL]),
    ("arming", Tone.PROGRESS, Shape.DOTS, "Đang đặt cột 4", [PanelVerb.CANCEL]),
    ("armed", Tone.PROGRESS, Shape.KEYHOLE, "Cột 4 sẵn sàng", [PanelVerb.CANCEL]),
    ("fuelling", Tone.PROGRESS, Shape.ARROW, "Cột 2 đang bơm quà", []),
    ("capturing", Tone.PROGRESS, Shape.DOTS, "Đang trừ điểm", []),
    ("done", Tone.DONE, Shape.TICK, "Đã trừ điểm", [PanelVerb.CANCEL]),
    ("giving-back", Tone.UNKNOWN, Shape.DOTS, "Đang trả lại điểm", [PanelVerb.CANCEL]),
    ("impossible", Tone.UNKNOWN, Shape.BAR, "Mất mạng: chưa đổi điểm được", []),
]


@pytest.mark.parametrize(("name", "tone", "shape", "title", "verbs"), PANEL)
def test_points_panel(name: str, tone: Tone, shape: Shape, title: str, verbs: list[PanelVerb]) -> None:
    view = panel_view(VI, x.selling(points_panel=x.PANELS[name]), x.NOW)
    assert (view.tone, view.shape, view.title) == (tone, shape, title)
    assert [action.verb for action in view.actions] == verbs
    assert view.body


def test_every_phase_has_a_panel() -> None:
    for phase in PointsPhase:
        assert panel_view(VI, x.selling(points_panel=x.panel(phase)), x.NOW).title


def test_nothing_waits_without_seconds() -> None:
    """Screens principle 5: never a spinner without a number."""
    for name in ("holding", "verifying", "unknown", "arming", "capturing", "giving-back"):
        assert panel_view(VI, x.selling(points_panel=x.PANELS[name]), x.NOW).counter == "18 giây"


def test_the_countdown_runs_and_stops_at_zero() -> None:
    snapshot = x.selling(points_panel=x.PANELS["waiting"])
    assert panel_view(VI, snapshot, x.NOW).counter == "2 phút 42 · còn 3 lần thử"
    assert panel_view(VI, snapshot, x.NOW + 161_500).counter == "1 giây · còn 3 lần thử"
    late = panel_view(VI, snapshot, x.NOW + 999_000)
    assert (late.counter, late.countdown_permille) == ("0 giây · còn 3 lần thử", 0)


def test_a_wrong_code_is_said_only_while_the_code_is_asked_for() -> None:
    reason = Notice("central_credential-wrong", Severity.WARNING, (("left", 2),))
    asked = panel_view(VI, x.selling(points_panel=x.PANELS["waiting-wrong"]), x.NOW)
    later = panel_view(VI, x.selling(points_panel=x.panel(PointsPhase.DONE, reason=reason)), x.NOW)
    assert "Mã không đúng" in asked.body
    assert "Mã không đúng" not in later.title + later.body


def test_unknown_names_the_one_key_that_goes_on() -> None:
    view = panel_view(VI, x.selling(points_panel=x.PANELS["unknown"]), x.NOW)
    assert (view.actions[0].key, view.actions[0].label) == ("Enter", "Thu đủ 350.000 đ, trả lại điểm")


def test_a_refusal_without_words_is_said_as_its_code() -> None:
    refused = x.panel(PointsPhase.REFUSED, reason=Notice("brand_new_code", Severity.WARNING))
    view = panel_view(VI, x.selling(points_panel=refused), x.NOW)
    assert view.title == "brand_new_code"
    assert view.body


def test_without_a_customer_the_card_says_what_one_would_earn_and_how_to_name_one() -> None:
    rows = sale_view(VI, x.selling(customer=None, points_panel=None), x.NOW).rows
    assert [(row.cap, row.label, row.figure) for row in rows[:3]] == [
        ("", "Có khách · Tiền mặt", "+850 điểm"),
        ("", "Có khách · QR, Thẻ", "+1.750 điểm"),
        ("Quét", "mã QR của khách hay phiếu điểm", ""),
    ]
    assert [row.cap for row in rows[2:]] == ["Quét", "F2", "Khách"]
    assert {row.tone for row in rows} == {Tone.NEUTRAL}, "green is for points that are somebody's"


def test_once_something_was_taken_nobody_is_told_of_points_any_more() -> None:
    taken = replace(x.SALE, tenders=(Tender(TenderKind.CASH, 100_000),), due_vnd=250_000)
    rows = sale_view(VI, x.selling(customer=None, points_panel=None, sale=taken), x.NOW).rows
    assert not any(row.cap or "Có khách" in row.label for row in rows)


def test_with_no_sale_open_the_card_says_what_can_be_done_after_what_waits() -> None:
    busy = sale_view(VI, x.terminal(), x.NOW).rows
    caps = [row.cap for row in busy]
    assert caps[-5:] == ["Quét", "F2", "F3", "F5", "F12"]
    assert set(caps[:-5]) == {""}
    assert len(busy) > 5


@pytest.mark.parametrize(
    ("snapshot", "title", "figure", "note", "key"),
    [
        (x.selling(), "Trần H***", "186.400 điểm", "12.300 điểm hết hạn 31/03/2027", "Del"),
        (x.selling(customer=x.LOOKING_UP), "0912 *** 001", "", "", "Del"),
        (
            x.selling(customer=x.UNVERIFIED, status=x.OFFLINE),
            "0912 *** 001 · Chưa xác minh",
            "Số dư: chưa rõ",
            "cần mạng để xem",
            "Del",
        ),
        (x.selling(customer=x.BLOCKED), "Trần H***", "186.400 điểm", "Tài khoản bị khóa", "Del"),
        (x.selling(customer=None), "Chưa có khách", "", "", "F2"),
    ],
)
def test_chip(snapshot: TerminalSnapshot, title: str, figure: str, note: str, key: str) -> None:
    view = chip_view(VI, snapshot)
    assert (view.title, view.figure, view.key) == (title, figure, key)
    assert view.figure_note in (note, note.replace(" điểm", ""))


def test_the_drivers_chip_shows_voucher_and_plate() -> None:
    view = chip_view(VI, x.selling(customer=x.DRIVER))
    assert "P-00231" in view.detail
    assert "29C-123.45" in view.detail
    assert view.figure == "500.000 điểm"


def test_leading_zeros_of_an_id_survive() -> None:
    assert grouped_id("000046821") == "000 046 821"
    assert grouped_id("46821") == "46821"
    assert initials("Trần H***") == "TH"
    assert initials("***") == ""
