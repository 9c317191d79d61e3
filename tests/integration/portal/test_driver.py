"""What a driver does himself: his PIN, his vouchers, a signed voucher for one station."""

from __future__ import annotations

import re

import pytest

from pos_client.domain.errors import RuleViolation
from pos_client.ports import central as port
from pos_client.sandbox.central.ledger import pins
from pos_client.sandbox.portal.qr_code import QUIET_ZONE, path_of
from tests.central import STATION, Till

NEW_PIN = "914725"
TRIVIAL = ("123456", "654321", "111111", "121212", "123123", "890123")
NO_PINS = ("12345", "1234567890123", "12a456", "", "１２３４５６")


@pytest.mark.parametrize("pin", [*TRIVIAL, *NO_PINS])
def test_pins_that_everybody_tries_first_are_refused(pin):
    with pytest.raises(RuleViolation) as refused:
        pins.check(pin)
    assert refused.value.code == ("pin_trivial" if pin in TRIVIAL else "pin_shape")


def test_a_pin_is_changed_by_whoever_knows_it(visitor):
    driver = visitor("LX-02")
    driver.get("/pin")
    assert driver.post("/pin", old="864209", pin=NEW_PIN, again="914726").status_code == 422
    assert driver.post("/pin", old="864209", pin="222222", again="222222").status_code == 422
    assert driver.post("/pin", old="864200", pin=NEW_PIN, again=NEW_PIN).status_code == 422
    assert "4 tries are left" in driver.text
    assert driver.post("/pin", old="864209", pin=NEW_PIN, again=NEW_PIN).status_code == 200
    driver.get("/pin")
    assert driver.post("/pin", old="864209", pin="271828", again="271828").status_code == 422
    assert NEW_PIN not in driver.page.text


def activate(driver, code, **how):
    driver.get(f"/vouchers/{code}/activation")
    ticket = re.search(r'name="activation" value="(\w+)"', driver.page.text)
    assert ticket is not None
    fields = {"activation": ticket.group(1), "station": STATION, "points": "50.000", "pin": "135790", **how}
    return driver.post(f"/vouchers/{code}/activation", **fields)


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ({"station": "NOWHERE"}, "Choose a station"),
        ({"points": "many"}, "whole number"),
        ({"points": "99"}, "At least 100"),
        ({"points": "900.000"}, "At most"),
        ({"pin": "1" * 13}, "A PIN has"),
        ({"pin": ""}, "A PIN has"),
        ({"pin": "000000"}, "tries are left"),
    ],
)
def test_what_keeps_a_voucher_from_being_activated_is_told_and_holds_nothing(visitor, central, how, words):
    driver = visitor("LX-01")
    assert activate(driver, "P-00231", **how).status_code == 422
    assert words in driver.text
    held = next(row["held"] for row in central.ledger()["vouchers"] if row["code"] == "P-00231")
    assert held == 0


def test_an_activated_voucher_is_a_qr_code_with_its_end_and_holds_its_points(visitor, central):
    driver, other, organisation = visitor("LX-01"), visitor("LX-02"), visitor("000200002")
    assert other.get("/vouchers/P-00231/activation").status_code == 404
    assert activate(driver, "P-00231").status_code == 200
    assert "<svg" in driver.page.text
    assert "50.000" in driver.text
    ledger = central.ledger()
    assert next(row["held"] for row in ledger["vouchers"] if row["code"] == "P-00231") == 50_000
    organisation.get("/vouchers/P-00231")
    assert organisation.post("/vouchers/P-00231/cancel").status_code == 422
    assert "in use at a pump" in organisation.text


def test_a_voucher_is_spent_only_by_a_driver_who_has_the_right(visitor, central):
    """A14: without it the till says so; granted again, it works at once."""
    organisation, till = visitor("000200002"), Till(central.addresses)
    organisation.get("/people")
    organisation.post("/people/driver/LX-02/right", right="none")
    _, refused = till.hold("P-00232", 1_000)
    assert refused.code == "voucher-right-missing"
    assert activate(visitor("LX-02"), "P-00232", pin=NEW_PIN).status_code == 422
    organisation.post("/people/driver/LX-02/right", right="own")
    _, placed = till.hold("P-00232", 1_000)
    till.close()
    assert isinstance(placed, port.HoldPlaced)


def test_the_qr_code_keeps_its_quiet_zone_and_its_corners():
    size, path = path_of("PLXV1." + "A" * 380)
    dark = {(int(x), int(y)) for x, y in re.findall(r"M(\d+) (\d+)h1v1h-1z", path)}
    corners = {(QUIET_ZONE, QUIET_ZONE), (size - 1 - QUIET_ZONE, QUIET_ZONE), (QUIET_ZONE, size - 1 - QUIET_ZONE)}
    assert corners <= dark
    assert all(QUIET_ZONE <= each < size - QUIET_ZONE for place in dark for each in place)
