"""Journals of terminals: kept row by row, acknowledged, and held to what was kept before (reliability 3.7, F34, F38).

    rows follow the last one kept, mac on mac   kept, acknowledged
    rows that are kept already                  acknowledged again
    rows behind a gap                           `sequence-gap`, with the number that is expected
    another mac under a number that is kept     `chain-fork`: two books under one name
    a journal that ends before what is kept     `sequence-rollback`: an old copy was put back
    a record the rows say was answered, and
    no answer to it is kept                     named as `missing`, and sent again as it was (F38)

Nothing is ever refused for what a row says. A fork and a rollback mean that the terminal's book is not the one that was
acknowledged: it is quarantined, and what was kept stays as it is, for whoever looks into it.
"""

from __future__ import annotations

from sqlalchemy import insert, select, update

from pos_client.protocols.central.acknowledgement import NOTHING_BEFORE
from pos_client.protocols.central.journal_messages import (
    AcknowledgementBody,
    JournalAppendAnswer,
    JournalAppendRequest,
    JournalRowPart,
)
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome, Refusal
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.sandbox.central.storage.tables import idempotency
from pos_client.value import dataclass

GAP, FORK, ROLLBACK = "sequence-gap", "chain-fork", "sequence-rollback"


@dataclass(frozen=True, slots=True)
class Watermark:
    """The last row kept of a journal; 0 and zeros: none."""

    seq: int
    mac: str


def watermark_of(book: Book, terminal: str, epoch: int) -> Watermark:
    """How far a terminal's journal is kept."""
    here = (journal_watermarks.c.terminal == terminal, journal_watermarks.c.epoch == epoch)
    row = book.db.execute(select(journal_watermarks.c.seq, journal_watermarks.c.mac).where(*here)).one_or_none()
    return Watermark(0, NOTHING_BEFORE) if row is None else Watermark(row.seq, row.mac)


def acknowledge(book: Book, terminal: str, epoch: int) -> str:
    """How far the journal is kept, under central's signature."""
    kept = watermark_of(book, terminal, epoch)
    return book.keys.permits.acknowledge(
        AcknowledgementBody(terminal=terminal, epoch=epoch, seq=kept.seq, mac=kept.mac, at=text_of(book.now_ms))
    )


def append(book: Book, terminal: str, epoch: int, request: JournalAppendRequest) -> Outcome:
    """`POST /v1/journal:append`."""
    rows, kept = request.rows, watermark_of(book, terminal, epoch)
    first = rows[0].seq
    if [row.seq for row in rows] != list(range(first, first + len(rows))):
        return Refusal("malformed-request", detail="rows have to follow each other")
    if first > kept.seq + 1:
        return Refusal(GAP, expected_seq=kept.seq + 1)
    if not _agree(book, terminal, epoch, request):
        return Refusal(FORK)
    fresh = [row for row in rows if row.seq > kept.seq]
    if fresh:
        _keep(book, terminal, epoch, fresh, kept)
        kept = Watermark(fresh[-1].seq, fresh[-1].mac)
    return Answer(
        JournalAppendAnswer(
            ack_seq=kept.seq,
            ack_mac=kept.mac,
            acknowledgement=acknowledge(book, terminal, epoch),
            missing=_missing(book, terminal, request.told),
        )
    )


def compare(book: Book, terminal: str, epoch: int, last_seq: int, last_mac: str) -> Refusal | None:
    """What a terminal that begins a session says of its book, beside what is kept of it; None: they agree."""
    kept = watermark_of(book, terminal, epoch)
    if last_seq < kept.seq:
        return Refusal(ROLLBACK, expected_seq=kept.seq + 1)
    return Refusal(FORK) if last_seq == kept.seq and last_mac != kept.mac else None


def _missing(book: Book, terminal: str, told: tuple[str, ...]) -> tuple[str, ...]:
    """Records the terminal was answered, and no answer is kept here: this ledger was put back to a time before them.
    An answer is kept in the transaction that changes the ledger: where there is one, the record has had its effect."""
    c = idempotency.c
    kept = set(book.db.scalars(select(c.key).where(c.terminal == terminal, c.key.in_(told)))) if told else set()
    return tuple(key for key in told if key not in kept)


def _agree(book: Book, terminal: str, epoch: int, request: JournalAppendRequest) -> bool:
    """Whether what is sent again is what is kept, the row before the first one too."""
    first, last = request.rows[0].seq, request.rows[-1].seq
    c = journal_rows.c
    mine = (c.terminal == terminal, c.epoch == epoch, c.seq.between(first - 1, last))
    kept = {row.seq: row for row in book.db.execute(select(journal_rows).where(*mine))}
    before = kept[first - 1].mac if first > 1 else NOTHING_BEFORE
    return request.before_mac == before and all(
        kept[row.seq].mac == row.mac and kept[row.seq].body == row.body for row in request.rows if row.seq in kept
    )


def _keep(book: Book, terminal: str, epoch: int, fresh: list[JournalRowPart], kept: Watermark) -> None:
    name = {"terminal": terminal, "epoch": epoch}
    book.db.execute(
        insert(journal_rows),
        [
            {
                **name,
                "seq": row.seq,
                "at": row.at,
                "kind": row.kind,
                "body": row.body,
                "mac": row.mac,
                "key": row.key,
                "received_ms": book.now_ms,
            }
            for row in fresh
        ],
    )
    end = {"seq": fresh[-1].seq, "mac": fresh[-1].mac, "at_ms": book.now_ms}
    if kept.seq == 0:
        book.db.execute(insert(journal_watermarks).values(**name, **end))
    else:
        c = journal_watermarks.c
        book.db.execute(update(journal_watermarks).where(c.terminal == terminal, c.epoch == epoch).values(**end))
