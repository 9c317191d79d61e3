"""Shifts a till has closed."""

from __future__ import annotations

from pos_client.protocols.central.shift_messages import ShiftCloseAnswer, ShiftCloseRequest
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read, write
from pos_client.sandbox.central.ledger import shifts
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome
from pos_client.sandbox.central.ledger.terminals import mark_fact


def _close(book: Book, call: Call) -> Outcome:
    stated = call.read(ShiftCloseRequest)
    outcome = shifts.close(book, call.name, call.terminal, call.device.epoch, stated)
    if isinstance(outcome, Answer):
        mark_fact(book, call.device, "shift", call.name, stated.station, stated.amount_vnd)
    return outcome


def _show(book: Book, call: Call) -> Outcome:
    return shifts.show(book, call.name, call.terminal)


ENDPOINTS = (
    write(
        "POST",
        "/v1/shifts/{name}/close",
        "A shift was closed: totalizers and sums as the till has them, compared with the journal and the ledger",
        _close,
        request=ShiftCloseRequest,
        answer=ShiftCloseAnswer,
        is_fact=True,
        prose=Prose(
            about="A statement of fact: readings of every nozzle's totalizer, what fuellings and tenders came to, and "
            "the cash that was counted. Central counts the till's own journal anew from the close before to this one, "
            "holds it to the statement, and looks up every accrual and redemption it names. `matched`: all of it "
            "agrees. `mismatch`: kept all the same, with `code` `shift-mismatch` and the numbers that differ; a person "
            "at head office looks at it. `records-awaited`: the journal does not reach the close yet, or a record it "
            "names has not arrived; central compares again when rows come. Changes no points and no money.",
            caller="The outbox, after a cashier has counted the cash.",
            key="`{name}:close`",
            offline="Queued for as long as it takes; the next shift does not wait for it.",
        ),
    ),
    read(
        "GET",
        "/v1/shifts/{name}",
        "What the comparison of a closed shift has come to by now",
        _show,
        answer=ShiftCloseAnswer,
        problems=("unknown-shift",),
        is_fact=True,
        prose=Prose(
            about="The newest comparison of a shift this terminal has stated, made anew while records are awaited. "
            "Changes no points and no money.",
            caller="The terminal, behind everything else, until the answer is `matched` or `mismatch`; its cashier and "
            "its manager read it on the shift's page.",
            offline="Nothing waits for it; asked again when central answers.",
        ),
    ),
)
