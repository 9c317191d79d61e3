"""Text messages to customers, into a simulated outbox: what the customer reads is part of the safety."""

from __future__ import annotations

from sqlalchemy import insert, select

from pos_client.domain.formatting import points as in_words
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.storage.tables import sms_outbox, stations


def send_code(book: Book, redemption_id: str, phone: str, code: str, points: int, station: str) -> None:
    """The code, bound in words to purpose, amount and place."""
    text = (
        f"PETROLIMEX: DÙNG ĐIỂM. Mã {code} trừ tối đa {in_words(points)} điểm tại {_place(book, station)}. "
        "Không đọc mã này để TÍCH điểm."
    )
    _send(book, redemption_id, phone, "challenge", text)


def send_notice(book: Book, redemption_id: str, phone: str, debited: int, left: int, station: str) -> None:
    """What was taken; whoever did not ask for it learns of it at once."""
    text = (
        f"PETROLIMEX: Đã dùng {in_words(debited)} điểm tại {_place(book, station)}. Còn {in_words(left)} điểm. "
        "Không phải bạn? Gọi 1900 2828."
    )
    _send(book, redemption_id, phone, "notice", text)


def send_reversal(book: Book, operation_id: str, phone: str, change: int, left: int, station: str) -> None:
    """That an earlier operation was undone, and what that did to the points; `change` below 0: taken back."""
    done = f"trả lại {in_words(change)} điểm" if change >= 0 else f"thu hồi {in_words(-change)} điểm đã cộng"
    text = (
        f"PETROLIMEX: Đã hủy một giao dịch điểm tại {_place(book, station)}: {done}. Còn {in_words(left)} điểm. "
        "Cần hỏi? Gọi 1900 2828."
    )
    _send(book, operation_id, phone, "notice", text)


def send_reviewed(book: Book, accrual_id: str, phone: str, points: int, left: int, station: str) -> None:
    """What became of a sale that somebody had to look at first; 0 points: it does not earn."""
    done = f"đã cộng {in_words(points)} điểm" if points else "không được cộng điểm"
    text = (
        f"PETROLIMEX: Giao dịch tích điểm tại {_place(book, station)} đã được xem xét: {done}. "
        f"Còn {in_words(left)} điểm. Cần hỏi? Gọi 1900 2828."
    )
    _send(book, accrual_id, phone, "notice", text)


def _send(book: Book, redemption_id: str, phone: str, kind: str, text: str) -> None:
    book.db.execute(
        insert(sms_outbox).values(phone=phone, kind=kind, text=text, redemption_id=redemption_id, at_ms=book.now_ms)
    )


def _place(book: Book, station: str) -> str:
    name = book.db.scalar(select(stations.c.sms_name).where(stations.c.code == station))
    return station if name is None else str(name)
