"""What a cashier may type to find a sale, and that whatever else he types is said and never guessed."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.moment import VIETNAM
from pos_client.domain.sale_search import SaleQuery, parse

TODAY = date(2026, 11, 28)


def at(day: int, hour: int = 0, minute: int = 0, month: int = 11, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", SaleQuery()),
        ("23/11", SaleQuery(at(23), at(24))),
        ("30/11", SaleQuery(at(30, year=2025), at(1, month=12, year=2025))),
        ("23/11/2025", SaleQuery(at(23, year=2025), at(24, year=2025))),
        ("17/11-23/11", SaleQuery(at(17), at(24))),
        ("28/12/2025-2/1/2026", SaleQuery(at(28, month=12, year=2025), at(3, month=1))),
        ("23/11-17/11", SaleQuery(not_understood=("23/11-17/11",))),
        ("14h", SaleQuery(at(28, 14), at(28, 15))),
        ("14:32", SaleQuery(at(28, 14, 32), at(28, 14, 33))),
        ("14h-16h30 23/11", SaleQuery(at(23, 14), at(23, 16, 30))),
        ("22h-24h", SaleQuery(at(28, 22), at(29))),
        ("23:59", SaleQuery(at(28, 23, 59), at(29))),
        ("cột 3", SaleQuery(point=3)),
        ("c12", SaleQuery(point=12)),
        ("pump 2", SaleQuery(point=2)),
        ("350.000", SaleQuery(amount_vnd=350_000)),
        ("1.204.500đ", SaleQuery(amount_vnd=1_204_500)),
        ("95400đ", SaleQuery(amount_vnd=95_400)),
        ("#231", SaleQuery(bill=231)),
        ("CHXD018-T1-261123-00231", SaleQuery(bill=231)),
        ("231", SaleQuery(number=231)),
        ("000046821", SaleQuery(customer="000 *** 821")),
        ("0912000001", SaleQuery(customer="0912 *** 001")),
        ("*821", SaleQuery(customer="*821")),
        ("23/11 c3 350.000", SaleQuery(at(23), at(24), 3, 350_000)),
        ("31/02 c3 abc", SaleQuery(point=3, not_understood=("31/02", "abc"))),
        ("25:00", SaleQuery(not_understood=("25:00",))),
    ],
)
def test_what_may_be_typed(text: str, expected: SaleQuery):
    assert parse(text, TODAY) == expected


@given(st.text(max_size=2000))
def test_nothing_whatever_makes_it_fall_over(text: str):
    query = parse(text, TODAY)
    assert query.since is None or query.until is None or query.since < query.until


def test_a_megabyte_is_no_search():
    assert len(parse("9" * 1_000_000, TODAY).not_understood[0]) <= 80
