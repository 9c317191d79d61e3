"""Money, litres, points, dates and times as people here read them; the English screens keep the same figures."""

from __future__ import annotations

from datetime import date

import pytest

from pos_client.domain.formatting import day, money
from pos_client.ui.wording import age, said_litres, said_points
from tests.words import words


@pytest.mark.parametrize(
    ("language", "litres", "points", "minute"),
    [("vi", "12,92 lít", "186.400 điểm", "1 phút 05"), ("en", "12,92 L", "186.400 points", "1 min 05")],
)
def test_the_forms_of_both_languages(language: str, litres: str, points: str, minute: str) -> None:
    catalogue = words(language)
    assert money(350_000) == "350.000 đ"
    assert day(date(2027, 3, 31)) == "31/03/2027"
    assert said_litres(catalogue, 12_920) == litres
    assert said_points(catalogue, 186_400) == points
    assert age(catalogue, 65_000) == minute
