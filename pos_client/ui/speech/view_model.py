"""What is said aloud at the counter, and when. Everybody on the forecourt hears it: the pump, the amount and the points
earned, nothing else. No name, no number of a customer, no balance; of a code or a PIN nothing is known here.
"""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.number_words import in_words
from pos_client.domain.receipt import Receipt
from pos_client.services.snapshots import DialogueState, TerminalSnapshot

SALE_DONE = "sale_done"


def occasion(snapshot: TerminalSnapshot | None) -> tuple[str, str] | None:
    """What there is to be told now: an amount that is due, before anything was paid of it, or a sale that is paid."""
    if snapshot is None:
        return None
    sale, receipt, dialogue = snapshot.sale, snapshot.receipt, snapshot.dialogue
    if sale is not None:
        return None if sale.tenders else ("due", sale.receipt_number)
    done = dialogue.state is DialogueState.RESULT and dialogue.notice is not None and dialogue.notice.code == SALE_DONE
    return ("paid", receipt.receipt_number) if done and receipt is not None else None


def sentence(words: Catalogue, before: TerminalSnapshot | None, now: TerminalSnapshot) -> str:
    """The sentence a newer snapshot is an occasion for, once each; nothing after a start, and nothing else."""
    told = occasion(now)
    if before is None or told is None or told == occasion(before):
        return ""
    if told[0] == "due" and now.sale is not None:
        return _first(_said(words, "speech.due", now.sale.point, now.sale.due_vnd))
    return _first(_paid(words, now.receipt)) if now.receipt is not None else ""


def _paid(words: Catalogue, receipt: Receipt) -> str:
    earned = receipt.earned
    if earned is None or not earned.points:
        return _said(words, "speech.paid", receipt.point, receipt.amount_vnd)
    name = "speech.paid_earned" if earned.confirmed else "speech.paid_to_be_earned"
    points = in_words(earned.points, words.language)
    return _said(words, name, receipt.point, receipt.amount_vnd, points=points)


def _said(words: Catalogue, name: str, point: int, amount_vnd: int, **places: str) -> str:
    language = words.language
    return words.say(name, point=in_words(point, language), amount=in_words(amount_vnd, language), **places)


def _first(text: str) -> str:
    return text[:1].upper() + text[1:]
