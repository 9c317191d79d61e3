"""How a till becomes one of ours."""

from __future__ import annotations

from pos_client.protocols.central.enrolment_messages import EnrolmentAnswer, EnrolmentRequest
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read
from pos_client.sandbox.central.ledger import enrolment
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome


def _enrol(book: Book, call: Call) -> Outcome:
    return enrolment.enrol(book, call.read(EnrolmentRequest), call.seen)


ENDPOINTS = (
    read(
        "POST",
        "/v1/enrolments",
        "A one-time code binds a key made on the till to its station and name; the only request anybody may make",
        _enrol,
        request=EnrolmentRequest,
        answer=EnrolmentAnswer,
        status=201,
        problems=("enrolment-code-invalid",),
        is_open=True,
        prose=Prose(
            about="The code names station and till; whoever types it decides neither. The request is signed with the "
            "key it brings, and carries no `X-Terminal`. A key that was enrolled under the name before is closed, and "
            "the next epoch begins; a quarantined terminal is taken back, a suspended one is not. Asked again with the "
            "same code and the same key the answer is the same: the first one may have been lost.",
            caller="A technician: `pos-client enrol CODE`.",
            key="none: the code is used once",
            offline="Not possible. A till that is not enrolled sells, and keeps what was earned in its queue.",
        ),
    ),
)
