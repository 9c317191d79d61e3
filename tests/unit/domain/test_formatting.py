"""Numbers, dates and plates as people here read them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from pos_client.domain import formatting


@pytest.mark.parametrize(
    ("packed", "shown"),
    [
        ("29C12345", "29C-123.45"),
        ("51D67890", "51D-678.90"),
        ("30A1234", "30A-1234"),
        ("29G112345", "29G1-123.45"),
        ("29LĐ12345", "29LĐ12345"),
        ("80NG12345", "80NG-123.45"),
        ("", ""),
    ],
)
def test_plates_are_shown_as_they_hang_on_the_car(packed: str, shown: str):
    assert formatting.plate(packed) == shown


@pytest.mark.parametrize(
    ("ml", "shown"), [(0, "0,00"), (4, "0,00"), (5, "0,01"), (12_925, "12,93"), (1_234_567_890, "1.234.567,89")]
)
def test_litres_have_two_decimals_rounded_half_up(ml: int, shown: str):
    assert formatting.litres(ml) == shown


def test_money_dates_and_times():
    assert formatting.money(95_400) == "95.400 đ"
    assert formatting.day(date(2027, 3, 31)) == "31/03/2027"
    assert formatting.timestamp(datetime(2026, 12, 31, 18, 30, tzinfo=UTC)) == "01/01/2027 01:30:00"
