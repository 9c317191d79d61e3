"""The cashier hears that our prices and head office's signed list differ; nothing is sold otherwise than before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from pos_client.bootstrap.simulate.world import SETTINGS, Rig
from pos_client.domain.bundle import Bundle, ZonePrice, ZonePrices
from pos_client.services.snapshots import Severity

ZONE = "1"


def a_rig(zone: str = ZONE) -> Rig:
    """A till in a zone."""
    rig = Rig(replace(SETTINGS, station=replace(SETTINGS.station, price_zone=zone)))
    rig.advance(20_000)
    return rig


def own_price(rig: Rig) -> tuple[str, int]:
    price = rig.look().prices[0]
    return price.code, price.unit_price


def listed(rig: Rig, number: int, price: int, since: timedelta) -> None:
    """A signed list of one price has come; the books' own is never newer."""
    at, code = rig.desk.now.wall, own_price(rig)[0]
    content = ZonePrices((ZonePrice(ZONE, code, price, at + since),))
    rig.desk.state.bundles["prices"] = Bundle("prices", number, at + timedelta(days=30), content, "")
    rig.advance(300_000, step_ms=10_000)


def test_a_difference_is_said_once_head_office_hears_of_it_and_no_price_moves():
    rig = a_rig()
    code, own = own_price(rig)
    listed(rig, 7, own + 100, -timedelta(days=1))
    assert rig.notices.count("price_list_differs") == 1
    notice = next(n for n in (rig.look().notice, *rig.desk.unread) if n is not None and n.code == "price_list_differs")
    assert notice.severity is Severity.WARNING
    assert (dict(notice.params)["own"], dict(notice.params)["listed"]) == (own, own + 100)
    assert rig.desk.state.prices_differ
    assert own_price(rig) == (code, own)
    listed(rig, 8, own, -timedelta(days=1))
    assert not rig.desk.state.prices_differ


def test_what_is_announced_for_later_is_said_before_its_hour():
    rig = a_rig()
    listed(rig, 7, own_price(rig)[1] + 500, timedelta(days=2))
    assert rig.notices.count("price_list_will_differ") == 1
    assert "price_list_differs" not in rig.notices


def test_a_till_that_knows_no_zone_compares_nothing():
    rig = a_rig(zone="")
    listed(rig, 7, own_price(rig)[1] + 100, -timedelta(days=1))
    assert not rig.desk.state.prices_differ
