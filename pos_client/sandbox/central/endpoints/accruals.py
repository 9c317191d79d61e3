"""Points earned: one statement, or many in one request."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.endpoints.endpoint import Call, Endpoint, Prose, write
from pos_client.sandbox.central.idempotency import Reply, reply_to
from pos_client.sandbox.central.ledger import accruals
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.ledger.terminals import mark_fact
from pos_client.sandbox.central.service import BY_LOCKS, CentralService


def _accrue(book: Book, call: Call) -> Outcome:
    request = call.read(m.AccrualRequest)
    outcome = accruals.post(book, call.name, request)
    if isinstance(outcome, Answer):
        mark_fact(book, call.device, "accrual", call.name, request.station, request.amount_vnd)
    return outcome


def _batch(service: CentralService, call: Call) -> Reply:
    """Each item has a transaction and a key of its own: one that is refused stops no other."""
    asked = call.read(m.BatchRequest)
    results = []
    for item in asked.items:
        name = item.path.rpartition("/")[2]
        one = replace(call, method="PUT", path=item.path, key=item.key, name=name, body=item.body.encode())
        try:
            reply = service.write(one.terminal, one.key, one.digest, partial(_accrue, call=one), BY_LOCKS)
        except MalformedMessage as error:
            reply = reply_to(Refusal("malformed-request", detail=str(error)))
        results.append(m.BatchResult(item.key, reply.status, reply.body.decode()))
    return Reply(200, codec.encode(m.BatchAnswer(tuple(results))))


ENDPOINTS = (
    write(
        "PUT",
        "/v1/accruals/{name}",
        "A paid sale and, sealed, whose it was; it earns once, whoever sends it and however often",
        _accrue,
        isolation=BY_LOCKS,
        request=m.AccrualRequest,
        answer=m.AccrualAnswer,
        status=201,
        also=(202,),
        problems=("unknown-customer", "customer-blocked", "sale-already-accrued", "too-late"),
        prose=Prose(
            about="A statement of fact: these litres were sold, paid with these tenders, and belong to this customer. "
            "Central computes the points; what the till showed before was a hint. The sale is (station, point, "
            "nozzle, end totalizer): sent twice, by two tills or under two ids, it earns once. Points and their "
            "expiry follow `fuelled_at`, not the time of arrival. The part paid with points earns nothing. "
            "202 REVIEW: kept, and a person at head office decides, because it arrived more than seven days after the "
            "fuel flowed (`late`), because the till did not know the time and points or expiry hang on it "
            "(`time-untrusted`), or because fuel is to flow only later (`time-ahead`); the customer is told of the "
            "decision. `too-late`: its points would have died before they came.",
            caller="The outbox of the terminal, after the sale is closed; at once when central answers, days later "
            "when the line was down.",
            key="`{name}:accrue`",
            offline="Always queued, never refused at the counter. The identifier is sealed to central, so a queue on "
            "a stolen disk names nobody; the receipt says that the points are still to come.",
        ),
        is_fact=True,
    ),
    Endpoint(
        "POST",
        "/v1/accruals:batch",
        "Accruals together; each is decided by itself, under its own key",
        _batch,
        answer=m.BatchAnswer,
        request=m.BatchRequest,
        prose=Prose(
            about="Each item is the very request it would have been alone: its key, its path, its body as text. Each "
            "is decided in a transaction of its own, so one that is refused stops no other, and the same item may "
            "come again alone under the same key. Results stand in the order of the items.",
            caller="The outbox, when more than one accrual waits.",
            key="none of its own: every item carries its key",
            offline="As for a single accrual. A central that answers 404, 405 or 501 here gets them one by one.",
        ),
        is_fact=True,
    ),
)
