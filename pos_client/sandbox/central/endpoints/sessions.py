"""Who works where, and what time it is."""

from __future__ import annotations

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read, write
from pos_client.sandbox.central.endpoints.journal import judged
from pos_client.sandbox.central.ledger import conditions, journal, sessions
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.service import BY_LOCKS


def fence(call: Call) -> Refusal | None:
    """A no for a terminal whose place a newer session had taken when it was heard. Without a number there is nothing to
    fence.

    Asked for what a person waits for (hold, resend, verify). Statements of fact are taken from anybody who can make
    them: fuel that flowed, flowed (F11).
    """
    return Refusal("stale-session", sticky=False) if 0 < call.session < call.device.session else None


def _start(book: Book, call: Call) -> Outcome:
    request = call.read(m.SessionRequest)
    if (request.station, request.terminal) != (call.device.station, call.terminal):
        return Refusal("station-mismatch", sticky=False)
    if request.last_seq is not None:
        refusal = journal.compare(book, call.terminal, call.device.epoch, request.last_seq, request.last_mac)
        if refusal is not None:
            return judged(book, call, refusal)
    return sessions.start(book, request, journal.acknowledge(book, call.terminal, call.device.epoch))


def _time(book: Book, call: Call) -> Outcome:
    del call
    return Answer(m.TimeAnswer(server_time=text_of(book.now_ms)))


def _condition(book: Book, call: Call) -> Outcome:
    conditions.take(book, call.terminal, call.read(m.ConditionRequest))
    return Answer(m.TimeAnswer(server_time=text_of(book.now_ms)))


ENDPOINTS = (
    write(
        "POST",
        "/v1/sessions",
        "A terminal works from now on; its older sessions are fenced off",
        _start,
        request=m.SessionRequest,
        answer=m.SessionAnswer,
        status=201,
        problems=("station-mismatch", journal.ROLLBACK, journal.FORK),
        prose=Prose(
            about="Gives the terminal the next fencing number. Requests a person waits for carry it as `X-Session`, "
            "and those with an older number are refused with `stale-session`: of two programs that believe they are "
            "the same till, one is stopped from spending points. Statements of fact (capture, void, accruals) are not "
            "fenced: what happened, happened. The terminal says where its journal ends, central how far it holds it, "
            "signed; a book that ends before that, or with another row, is not the one central knows, and gets no "
            "session.",
            caller="The terminal, once a start.",
            key="the id of this start",
            offline="The terminal sells and queues without a session; points cannot be used.",
        ),
    ),
    read(
        "GET",
        "/v1/time",
        "Central's clock",
        _time,
        answer=m.TimeAnswer,
        prose=Prose(
            about="Central's business time, with the offset of Vietnam. Changes nothing.",
            caller="The terminal every few seconds, to know whether central answers.",
            offline="The strip of lights shows since when central has not answered.",
        ),
    ),
    read(
        "POST",
        "/v1/conditions",
        "How a terminal is",
        _condition,
        isolation=BY_LOCKS,
        is_fact=True,
        request=m.ConditionRequest,
        answer=m.TimeAnswer,
        prose=Prose(
            about="Version, queue, clock, disk and troubles of a terminal, for whoever looks after all of them. It "
            "takes the place of what the terminal said before; nothing is decided by it, and it names no customer, "
            "no cashier and no amount. Answered with central's time, like the question it stands for.",
            caller="The terminal in place of one of its questions for the time: half a minute after a start, every "
            "five minutes, and within a minute when something a person should know has changed.",
            key="none is needed; the terminal sends a request id all the same",
            offline="It is not repeated: the next one says more. A central without this address is asked for the time "
            "as before.",
        ),
    ),
)
