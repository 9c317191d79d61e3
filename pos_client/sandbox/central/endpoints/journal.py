"""What a terminal wrote down, row by row."""

from __future__ import annotations

from pos_client.protocols.central.journal_messages import JournalAppendAnswer, JournalAppendRequest
from pos_client.sandbox.central.endpoints.endpoint import Call, Prose, read
from pos_client.sandbox.central.ledger import journal, shifts
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome, Refusal
from pos_client.sandbox.central.ledger.terminals import quarantine

NOT_THE_SAME_BOOK = frozenset({journal.FORK, journal.ROLLBACK})
"""What says that somebody works on another book under this terminal's name."""


def _append(book: Book, call: Call) -> Outcome:
    outcome = journal.append(book, call.terminal, call.device.epoch, call.read(JournalAppendRequest))
    if isinstance(outcome, Refusal):
        return judged(book, call, outcome)
    shifts.compare_again(book, call.terminal, call.device.epoch)
    return outcome


def judged(book: Book, call: Call, refusal: Refusal) -> Refusal:
    """A refusal of a journal, and what it means for the terminal: no points until it is enrolled again."""
    if refusal.code in NOT_THE_SAME_BOOK:
        quarantine(book, call.terminal, refusal.code)
    return refusal


ENDPOINTS = (
    read(
        "POST",
        "/v1/journal:append",
        "Rows of a terminal's journal, kept as they are and acknowledged under central's signature",
        _append,
        request=JournalAppendRequest,
        answer=JournalAppendAnswer,
        problems=(journal.GAP, journal.FORK),
        is_fact=True,
        prose=Prose(
            about="Rows of the terminal's own journal, in order and without a gap, as the bytes written. "
            "Nothing is refused for what a row says. The answer is central's signed statement of how far it holds the "
            "journal; the terminal keeps it. Rows behind a gap are refused with the number that is expected; another "
            "row under a number that is held means two books under one name, and the terminal is quarantined. `told` "
            "names the records these rows say were answered; where central keeps no answer to one it was put back to "
            "a time before it, and names it as `missing`: the terminal sends it again, the same bytes under the same "
            "key. A central that lost nothing names none. Changes no points.",
            caller="The terminal, while nothing more urgent waits.",
            key="none: a row's name is terminal, epoch and number, and the same row may be sent as often as it takes",
            offline="Rows wait in the journal; the strip of lights says how many, and since when.",
        ),
    ),
)
