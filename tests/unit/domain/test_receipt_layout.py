from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.paper import COLUMNS_MIN, Line, Style, as_text, text_of
from pos_client.domain.price_mark import PriceMark
from pos_client.domain.receipt import PointsLine, Receipt, SpentLine
from pos_client.domain.receipt_layout import layout
from pos_client.domain.tender import Tender, TenderKind
from tests.receipts import FULL
from tests.words import words

VI, EN = words("vi", "receipt"), words("en", "receipt")


def printed(receipt: Receipt, columns: int = 42, language=VI) -> str:
    return as_text(layout(receipt, language, columns), columns)


def test_a_full_receipt_in_vietnamese():
    assert (
        printed(FULL)
        == """\
                CHXD số 18
                 CHXD018
            BIÊN LAI BÁN HÀNG
Số                               T1-000123
Thời gian              23/11/2026 08:30:15
Thu ngân                      Trần Thị Lan
------------------------------------------
E10 RON 95-III               Cột 3 · vòi 1
Số lượng                         12,93 lít
Đơn giá                       27.080 đ/lít
TỔNG TIỀN                        350.009 đ
------------------------------------------
Tiền mặt                         204.600 đ
Chuyển khoản QR                   95.400 đ
Điểm                              50.000 đ
Cửa hàng chịu phần lẻ                  9 đ
------------------------------------------
Khách hàng                  NGUYỄN V*** ẨN
Mã khách                       000 *** 821
Điểm đã dùng                  -50.000 điểm
Điểm được tích                   +450 điểm
95.400 đ điện tử: 9 × 50 = 450
Số dư trước                   186.400 điểm
Số dư sau                     136.850 điểm

              [QR T1-000123]
            Hỗ trợ: 1900 2828
           Xin cảm ơn quý khách
"""
    )


def test_in_english_the_same_numbers_and_the_english_formula():
    text = printed(FULL, language=EN)
    assert "95.400 đ electronic: 9 × 50 = 450" in text
    assert "điện tử" not in text
    assert "TOTAL                            350.009 đ" in text


def test_a_copy_says_so_and_a_recovered_fuelling_too():
    assert "BẢN SAO" not in printed(FULL)
    assert "*** BẢN SAO ***" in printed(replace(FULL, copy=True))
    assert "KHÔI PHỤC" in printed(replace(FULL, recovered=True))


def test_points_that_wait_are_never_shown_as_done_and_bring_no_balance():
    waiting = replace(FULL, earned=PointsLine(450, "công thức", "formula", False, 1, 2), spent=None)
    text = printed(waiting)
    assert "Điểm chờ xác nhận" in text
    assert "Điểm được tích" not in text
    assert "Số dư" not in text
    assert "Trung tâm chưa xác nhận" in text
    spending = printed(replace(FULL, spent=SpentLine(50_000, False)))
    assert "Điểm dùng, chờ xác nhận" in spending
    assert "Số dư" not in spending


def balances(earned: PointsLine | None, spent: SpentLine | None) -> list[str]:
    lines = layout(replace(FULL, earned=earned, spent=spent), VI, 42)
    return [line.right for line in lines if line.left.startswith("Số dư")]


@pytest.mark.parametrize(
    ("earned", "spent", "expected"),
    [
        pytest.param((100, 550), None, ["100 điểm", "550 điểm"], id="earned"),
        pytest.param((None, None), None, [], id="earned, balance not told"),
        pytest.param(None, (300,), ["50.300 điểm", "300 điểm"], id="spent"),
        pytest.param(None, (None,), [], id="spent, balance not told"),
        pytest.param((300, 750), (300,), ["50.300 điểm", "750 điểm"], id="spent, then earned"),
        pytest.param((50_300, 50_750), (750,), ["50.300 điểm", "750 điểm"], id="earned, then spent"),
        pytest.param((9_000, 9_450), (300,), [], id="another sale in between"),
    ],
)
def test_balances_are_printed_only_when_they_fit_together(earned, spent, expected):
    assert (
        balances(
            None if earned is None else PointsLine(450, "", "", True, *earned),
            None if spent is None else SpentLine(50_000, True, *spent),
        )
        == expected
    )


def test_a_sale_that_is_not_paid_says_what_is_due():
    text = printed(replace(FULL, paid_at=None, tenders=(Tender(TenderKind.CASH, 50_009),)))
    assert "Còn phải trả                     300.000 đ" in text


def test_without_a_customer_there_is_nothing_about_points():
    text = printed(replace(FULL, masked_name=None, masked_identifier=None, earned=None, spent=None))
    assert "iểm" not in text.replace("Điểm                              50.000 đ", "")


def test_the_qr_is_the_receipt_number():
    assert [line.left for line in layout(FULL, VI, 42) if line.style is Style.QR] == ["T1-000123"]


def test_text_from_outside_cannot_command_the_printer():
    nasty = replace(FULL, masked_name="A\x1b@\x1dV\x00B\u2028C\u202eD", cashier="e\u0302\u0301")
    lines = layout(nasty, VI, 42)
    text = as_text(lines, 42)
    assert "A @ V B C D" in text
    assert "ế" in text
    assert not any(letter < " " for line in lines for letter in line.left + line.right)


def test_too_few_columns_are_refused():
    with pytest.raises(ValueError, match="columns"):
        layout(FULL, VI, COLUMNS_MIN - 1)


names = st.text(st.characters(codec="utf-8"), max_size=70)


@given(names, names, names, st.integers(0, 10**12), st.integers(COLUMNS_MIN, 64), st.sampled_from([VI, EN]))
def test_every_line_fits_and_nothing_but_space_is_lost(name, cashier, formula, amount, columns, language):
    receipt = replace(
        FULL,
        masked_name=name,
        cashier=cashier,
        amount_vnd=amount,
        earned=PointsLine(amount, formula, formula, True, 0, amount),
    )
    lines = layout(receipt, language, columns)
    assert all(len(text_of(line, columns)) <= columns for line in lines)
    assert f"{amount:,}".replace(",", ".") + " đ" in as_text(lines, columns)


def test_left_and_right_that_do_not_fit_go_below_each_other():
    lines = layout(replace(FULL, cashier="Nguyễn Hoàng Phương Anh Thư"), VI, 32)
    at = lines.index(Line("Thu ngân"))
    assert lines[at + 1] == Line("", "Nguyễn Hoàng Phương Anh Thư")


@pytest.mark.parametrize("kind", TenderKind)
@pytest.mark.parametrize("language", [VI, EN], ids=["vi", "en"])
def test_every_tender_has_its_word(kind: TenderKind, language):
    assert language.knows(f"receipt.tender.{kind.value}")


PRICE_MARKS = (
    (PriceMark.NONE, False, 27_080, "", ""),
    (PriceMark.CROSSED, False, 27_080, "giá lúc nhấc cò", "nozzle lift"),
    (PriceMark.CROSSED, True, 27_080, "giá đang áp dụng", "price in force"),
    (PriceMark.MISMATCH, False, 27_450, "giá niêm yết 27.450 đ/lít", "list's 27.450 đ/l"),
    (PriceMark.MISMATCH, False, 0, "chưa có giá niêm yết", "no listed price"),
)


@pytest.mark.parametrize(("mark", "recovered", "listed", "vi", "en"), PRICE_MARKS)
def test_what_was_odd_about_the_price_stands_above_the_total(
    mark: PriceMark, recovered: bool, listed: int, vi: str, en: str
):
    receipt = replace(FULL, price_mark=mark, recovered=recovered, listed_price=listed)
    for language, text in ((VI, vi), (EN, en)):
        lines = printed(receipt, language=language).splitlines()
        price = next(n for n, line in enumerate(lines) if "27.080 đ/l" in line)
        total = next(n for n, line in enumerate(lines) if line.startswith(("TỔNG TIỀN", "TOTAL")))
        said = " ".join(lines[price + 1 : total])
        assert (text in said) if mark else (said == "")
