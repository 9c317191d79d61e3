"""Who a customer is, and how many points he may use."""

from __future__ import annotations

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, read
from pos_client.sandbox.central.ledger import customers
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome


def _look_up(book: Book, call: Call) -> Outcome:
    return customers.look_up(book, call.read(m.LookupRequest))


def _quote(book: Book, call: Call) -> Outcome:
    return customers.quote(book, call.read(m.QuoteRequest))


ENDPOINTS = (
    read(
        "POST",
        "/v1/customers:lookup",
        "A customer by ID, phone, plate, voucher or QR: masked name, points, ways to consent",
        _look_up,
        request=m.LookupRequest,
        answer=m.CustomerAnswer,
        problems=("unknown-customer",),
    ),
    read(
        "POST",
        "/v1/quotes",
        "How many points may be used now",
        _quote,
        request=m.QuoteRequest,
        answer=m.QuoteAnswer,
        status=201,
        problems=("quote-expired", "customer-blocked", "insufficient-points", "below-minimum", "product-not-allowed"),
    ),
)
