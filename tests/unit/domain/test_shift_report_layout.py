"""The report of a shift on paper: golden in one language, right in width in both."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.paper import COLUMNS_MIN, as_text, text_of
from pos_client.domain.shift import MeterState
from pos_client.domain.shift_report_layout import layout
from tests.receipts import REPORT
from tests.words import words

VI, EN = words("vi", "receipt"), words("en", "receipt")


def test_a_report_in_vietnamese():
    assert (
        as_text(layout(REPORT, VI, 42), 42)
        == """\
                CHXD số 18
                 CHXD018
             BÁO CÁO CHỐT CA
Quầy                                    T1
Thu ngân                      Trần Thị Lan
Mở ca                  23/11/2026 06:00:05
Chốt ca                23/11/2026 14:02:41
------------------------------------------
E10 RON 95-III                1.234,56 lít
                              33.431.885 đ
DO 0,05S-II                     300,00 lít
                               9.147.000 đ
Tiền mặt (12)                 30.000.000 đ
Chuyển khoản QR (8)           12.000.000 đ
Điểm (1)                          54.160 đ
Đã thu (21 lần bán)           42.054.160 đ
------------------------------------------
Tiền mặt phải có              30.000.000 đ
Tiền mặt đếm được             29.995.000 đ
THIẾU                              5.000 đ
------------------------------------------
Cột 1 · vòi 1 · E10 RON 95-III        khớp
184.273,65 – 185.508,21       1.234,56 lít
Cột 2 · vòi 1 · DO 0,05S-II khớp, qua số 0
99.999.900,00 – 200,00          300,00 lít
Bán ngoài ca, trước khi mở ca     5,00 lít
Trong đó bơm thử                 20,00 lít
Trong đó khôi phục từ số máy      3,00 lít
Cột 3 · vòi 1 · DO 0,05S-II           LỆCH
1.000,00 – 1.300,00             295,00 lít
Theo số máy                     300,00 lít
Chênh lệch                        5,00 lít
Cột 4 · vòi 2 · E5 RON 92-II    SỐ MÁY LÙI
97.518,33 – 40,00                 1,00 lít
Cột 5 · vòi 1 · DO 0,05S-II       CHƯA ĐỌC
5.000,00 – ?                      0,00 lít
Chưa đọc được số máy: cột 5
------------------------------------------
Cột 3 · 12,93 lít                350.009 đ
Chưa thu tiền (1)                350.009 đ
Khách bỏ đi chưa trả (1)          95.400 đ
Bản ghi chờ gửi trung tâm                2

Người giao ca                Người nhận ca


"""
    )


@pytest.mark.parametrize(
    ("counted", "said"), [(30_000_000, "TIỀN MẶT KHỚP"), (30_000_500, "THỪA"), (29_999_999, "THIẾU")]
)
def test_the_cash_is_over_short_or_right(counted: int, said: str):
    lines = layout(replace(REPORT, cash_counted_vnd=counted), VI, 42)
    assert any(line.left == said for line in lines)


@given(st.integers(COLUMNS_MIN, 64), st.sampled_from([VI, EN]), st.text(max_size=60))
def test_every_line_fits_and_nothing_is_a_command(columns: int, language, name: str):
    report = replace(REPORT, cashier=name, station_name=name, meters=(replace(REPORT.meters[0], grade_name=name),))
    for line in layout(report, language, columns):
        text = text_of(line, columns)
        assert len(text) <= columns
        assert not any(unicodedata.category(letter).startswith("C") for letter in text)


def test_paper_that_is_too_narrow_is_refused():
    with pytest.raises(ValueError, match="24 columns"):
        layout(REPORT, VI, COLUMNS_MIN - 1)


@pytest.mark.parametrize("state", MeterState)
@pytest.mark.parametrize("language", [VI, EN], ids=["vi", "en"])
def test_every_state_of_a_meter_has_its_word(state: MeterState, language):
    assert language.knows(f"receipt.shift.meter.{state.value}")
