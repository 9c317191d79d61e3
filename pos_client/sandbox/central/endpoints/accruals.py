"""Points earned: one statement, or many in one request."""

from __future__ import annotations

from functools import partial

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.endpoints.endpoint import Call, Endpoint, write
from pos_client.sandbox.central.idempotency import Reply
from pos_client.sandbox.central.ledger import accruals
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome, Refusal
from pos_client.sandbox.central.rendering import render
from pos_client.sandbox.central.service import CentralService

LONGEST_NAME = 80


def _accrue(book: Book, call: Call) -> Outcome:
    return accruals.post(book, call.name, call.read(m.AccrualRequest))


def _batch(service: CentralService, call: Call) -> Reply:
    """Each item has a transaction and a key of its own: one that is refused stops no other."""
    asked = call.read(m.BatchRequest)
    results = []
    for item in asked.items:
        prefix, _, name = item.path.rpartition("/")
        if prefix != "/v1/accruals" or not 0 < len(name) <= LONGEST_NAME:
            raise MalformedMessage(item.path, "not the path of an accrual")
        one = Call("PUT", item.path, call.terminal, call.session, item.key, name, item.body.encode())
        try:
            reply = service.write(one.terminal, one.key, one.digest, partial(_accrue, call=one))
        except MalformedMessage as error:
            reply = Reply(*render(Refusal("malformed-request", detail=str(error))))
        results.append(m.BatchResult(item.key, reply.status, reply.body.decode()))
    return Reply(200, codec.encode(m.BatchAnswer(tuple(results))))


ENDPOINTS = (
    write(
        "PUT",
        "/v1/accruals/{name}",
        "A paid sale and, sealed, whose it was; it earns once, whoever sends it and however often",
        _accrue,
        request=m.AccrualRequest,
        answer=m.AccrualAnswer,
        status=201,
        problems=("unknown-customer", "customer-blocked", "sale-already-accrued"),
    ),
    Endpoint(
        "POST",
        "/v1/accruals:batch",
        "Accruals together; each is decided by itself, under its own key",
        _batch,
        answer=m.BatchAnswer,
        request=m.BatchRequest,
    ),
)
