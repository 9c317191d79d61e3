"""A finished operation undone."""

from __future__ import annotations

from pos_client.protocols.central import reversal_messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read, write
from pos_client.sandbox.central.ledger import reversals
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome


def _reverse(book: Book, call: Call) -> Outcome:
    return reversals.post(book, call.name, call.terminal, call.read(m.ReversalRequest))


def _show_accrual(book: Book, call: Call) -> Outcome:
    return reversals.show_accrual(book, call.name)


ENDPOINTS = (
    write(
        "PUT",
        "/v1/reversals/{name}",
        "A captured redemption or a posted accrual is undone, once, by another entry",
        _reverse,
        request=m.ReversalRequest,
        answer=m.ReversalAnswer,
        status=201,
        problems=(
            "station-mismatch",
            "cashier-not-permitted",
            "unknown-redemption",
            "unknown-accrual",
            "redemption-state-conflict",
            "already-reversed",
        ),
        prose=Prose(
            about="The points of a redemption come back into the lots they were taken from (those that have died "
            "meanwhile live on for the days they had left); of an accrual as many are taken back as its lot still has. "
            "The first entry stays, and so do the fuel and the money: a reversed redemption is still CAPTURED, and a "
            "reversed sale does not earn again. Only the station that did it may undo it, and where head office has "
            "named its managers, only one of them may approve it. The customer is told by text message.",
            caller="The till, when the manager has approved it with his PIN (F8, row, R); his name stands in "
            "`approved_by`. The id is the terminal's.",
            key="`{name}:reverse`",
            offline="Queued, behind the operation it undoes; nothing is promised to the customer before the answer.",
        ),
    ),
    read(
        "GET",
        "/v1/accruals/{name}",
        "Where an accrual stands: for the eye, never to resolve a doubt",
        _show_accrual,
        answer=m.AccrualStateAnswer,
        problems=("unknown-accrual",),
        prose=Prose(
            about="State and points of an accrual, and the reversal that has undone it. A 404 does not prove that the "
            "accrual is not still on its way.",
            caller="People: support, head office. No terminal decides by it.",
            offline="Nothing waits for it.",
        ),
    ),
)
