"""Who a customer is, and how many points he may use."""

from __future__ import annotations

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read
from pos_client.sandbox.central.ledger import customers, quotas, sessions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome
from pos_client.sandbox.central.ledger.quotas import Quota
from pos_client.sandbox.central.service import BY_LOCKS


def _look_up(book: Book, call: Call) -> Outcome:
    asked = call.read(m.LookupRequest)
    too_often = quotas.take(book, Quota.LOOK_UPS, call.terminal)
    return too_often or customers.look_up(book, asked, sessions.station_of(book, call.terminal), call.terminal)


def _quote(book: Book, call: Call) -> Outcome:
    return customers.quote(book, call.read(m.QuoteRequest), sessions.station_of(book, call.terminal))


ENDPOINTS = (
    read(
        "POST",
        "/v1/customers:lookup",
        "A customer by ID, phone, plate, voucher or QR: masked name, points, ways to consent",
        _look_up,
        isolation=BY_LOCKS,
        request=m.LookupRequest,
        answer=m.CustomerAnswer,
        problems=("unknown-customer", "rate-limited"),
        prose=Prose(
            about="Whom the customer's ID, telephone number, plate, voucher code or QR names, as much as a till may "
            "show: a masked name, the points there are, the ways in which they may be spent. `customer_ref` stands "
            "for the customer in the requests that follow; it is opaque and lives fifteen minutes. Nothing is changed.",
            caller="The till, when the cashier has typed or scanned an identifier (F2).",
            key="none is needed; the terminal sends a request id all the same",
            offline="No look-up: no balance is shown that may be stale. The sale goes on, and its accrual carries the "
            "sealed identifier.",
        ),
    ),
    read(
        "POST",
        "/v1/quotes",
        "How many points may be used now",
        _quote,
        isolation=BY_LOCKS,
        request=m.QuoteRequest,
        answer=m.QuoteAnswer,
        status=201,
        problems=(
            "quote-expired",
            "customer-blocked",
            "method-not-allowed",
            "voucher-right-missing",
            "insufficient-points",
            "below-minimum",
            "product-not-allowed",
            "price-version-stale",
        ),
        prose=Prose(
            about="How many points may be used now, by balance, by the programme's minimum and steps, by the "
            "voucher's grade and by the amount. Promises nothing: only a hold sets points aside. Changes nothing. A "
            "terminal whose `prices` bundle lacks a price that is in force or announced gets `price-version-stale` and "
            "fetches it first.",
            caller="The till, when points are chosen as a tender (F6), before the customer is asked.",
            key="none is needed; the terminal sends a request id all the same",
            offline="Points cannot be used; cash, card and QR go on.",
        ),
    ),
)
