"""Every address of the portal."""

from __future__ import annotations

from pos_client.sandbox.portal.pages import (
    activation,
    acts,
    driver,
    fund,
    help,
    individual,
    login,
    office,
    office_cashiers,
    office_fleet,
    office_places,
    office_review,
    office_terminals,
    people,
    pin,
    statement,
    vehicles,
    voucher_making,
    vouchers,
)
from pos_client.sandbox.portal.routing import PageRoute

ROUTES: tuple[PageRoute, ...] = (
    *login.ROUTES,
    *help.ROUTES,
    *fund.ROUTES,
    *voucher_making.ROUTES,
    *vouchers.ROUTES,
    *activation.ROUTES,
    *acts.ROUTES,
    *people.ROUTES,
    *vehicles.ROUTES,
    *statement.ROUTES,
    *office.ROUTES,
    *office_review.ROUTES,
    *office_terminals.ROUTES,
    *office_fleet.ROUTES,
    *office_cashiers.ROUTES,
    *office_places.ROUTES,
    *driver.ROUTES,
    *pin.ROUTES,
    *individual.ROUTES,
)
