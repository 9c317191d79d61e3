"""One live session a terminal: opening a new one fences the older off (I12, F23)."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, func, insert, select

from pos_client.protocols.central.messages import SessionAnswer, SessionRequest
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.moment import text_of
from pos_client.sandbox.central.ledger.outcome import Answer, Outcome
from pos_client.sandbox.central.storage.tables import sessions


def start(book: Book, request: SessionRequest, acknowledgement: str) -> Outcome:
    """`POST /v1/sessions`. `acknowledgement`: how far the terminal's journal is kept, signed."""
    number = book.db.execute(
        insert(sessions)
        .values(station=request.station, terminal=request.terminal, version=request.version, at_ms=book.now_ms)
        .returning(sessions.c.number)
    ).scalar_one()
    answer = SessionAnswer(session=int(number), server_time=text_of(book.now_ms), acknowledgement=acknowledgement)
    return Answer(answer, status=201)


def latest(terminal: ColumnElement[str]) -> Select[tuple[int]]:
    """The question for a terminal's latest session."""
    return select(func.max(sessions.c.number)).where(sessions.c.terminal == terminal)


def station_of(book: Book, terminal: str) -> str | None:
    """Where a terminal works, as its latest session says."""
    found = select(sessions.c.station).where(sessions.c.terminal == terminal).order_by(sessions.c.number.desc())
    return book.db.scalar(found.limit(1))
