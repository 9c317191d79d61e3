"""Our own prices beside head office's signed list: what differs now, and what will."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from pos_client.domain.bundle import ZonePrice, ZonePrices
from pos_client.domain.moment import VIETNAM
from pos_client.domain.prices import PriceEntry, PriceList
from pos_client.domain.signed_prices import PriceDifference, differences

NOW = datetime(2026, 11, 26, 14, 0, tzinfo=VIETNAM)
AT_THREE, BEFORE = NOW + timedelta(hours=1), NOW - timedelta(days=7)
GRADE = "DO-005S"
OWN = PriceList((PriceEntry(GRADE, 20_000),))


def signed(*prices: tuple[str, str, int, datetime]) -> ZonePrices:
    return ZonePrices(tuple(ZonePrice(*price) for price in prices))


@pytest.mark.parametrize(
    ("own", "listed", "found"),
    [
        (OWN, signed(("1", GRADE, 20_000, BEFORE)), ()),
        (OWN, signed(("1", GRADE, 20_100, BEFORE)), (PriceDifference(GRADE, None, 20_000, 20_100),)),
        (OWN, signed(("2", GRADE, 20_100, BEFORE)), ()),
        (OWN, signed(("1", "E5", 20_100, BEFORE)), ()),
        (OWN, signed(), ()),
        (
            OWN,
            signed(("1", GRADE, 20_000, BEFORE), ("1", GRADE, 20_500, AT_THREE)),
            (PriceDifference(GRADE, AT_THREE, 20_000, 20_500),),
        ),
        (
            PriceList((PriceEntry(GRADE, 20_000), PriceEntry(GRADE, 20_500, AT_THREE))),
            signed(("1", GRADE, 20_500, AT_THREE), ("1", GRADE, 20_000, BEFORE)),
            (),
        ),
        (
            PriceList((PriceEntry(GRADE, 20_000), PriceEntry(GRADE, 20_900, AT_THREE))),
            signed(("1", GRADE, 20_000, BEFORE)),
            (PriceDifference(GRADE, AT_THREE, 20_900, 20_000),),
        ),
    ],
    ids=["same", "now", "other zone", "other grade", "no list", "coming", "both coming", "ours alone"],
)
def test_what_differs(own: PriceList, listed: ZonePrices, found: tuple[PriceDifference, ...]):
    assert differences(own, listed, "1", NOW) == found


def test_the_soonest_is_told_first_and_each_grade_once():
    own = PriceList((PriceEntry("A", 1), PriceEntry("B", 2)))
    listed = signed(("1", "A", 1, BEFORE), ("1", "A", 9, AT_THREE), ("1", "B", 3, BEFORE), ("1", "B", 9, AT_THREE))
    assert [(each.grade, each.at) for each in differences(own, listed, "1", NOW)] == [("B", None), ("A", AT_THREE)]
