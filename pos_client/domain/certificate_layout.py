"""The certificate of a day on paper, or on a terminal of text: the same lines."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.certificate import CertificateOnPaper, DayCertificate, Signed
from pos_client.domain.formatting import day, grouped, litres, money
from pos_client.domain.paper import GAP, RULE, Align, Line, Style, fitted

MAC_SHOWN = 16
"""Hexadecimal digits of a mac on paper: enough to tell two apart, short enough to read aloud."""


def lines_of(shown: DayCertificate, words: Catalogue) -> tuple[Line, ...]:
    """Every line of it."""

    def say(name: str, /, **values: int | str) -> str:
        return words.say(f"certificate.{name}", **values)

    def row(name: str, value: str) -> Line:
        return Line(say(name), value)

    sums = shown.sums
    verdict = "clean" if shown.is_clean else "broken" if shown.broken_at is not None else "open"
    return (
        Line(say("title"), align=Align.CENTRE, style=Style.STRONG),
        Line(f"{shown.station} · {shown.terminal} · {day(shown.day)}", align=Align.CENTRE),
        RULE,
        row("written", grouped(shown.written)),
        row("acknowledged", grouped(shown.acknowledged)),
        row("unacknowledged", grouped(shown.unacknowledged)),
        row("waiting", grouped(shown.waiting)),
        row("in_doubt", grouped(shown.in_doubt)),
        row("parked", grouped(shown.parked)),
        RULE,
        row("fuellings", grouped(sums.fuellings)),
        row("volume", litres(sums.volume_ml)),
        row("tested", litres(sums.tested_ml)),
        row("amount", money(sums.amount_vnd)),
        row("sales", grouped(sums.sales)),
        *(Line(words.say(f"tender.{kind}"), money(amount)) for kind, amount in sums.tenders),
        row("credited", grouped(sums.points_credited)),
        row("debited", grouped(sums.points_debited)),
        RULE,
        *_chain(shown, words),
        Line(_signature(shown.signed, words)),
        GAP,
        Line(say(verdict), style=Style.STRONG),
    )


def layout(printed: CertificateOnPaper, words: Catalogue, columns: int) -> tuple[Line, ...]:
    """The same lines on paper of so many columns; a copy says so above all else."""
    copy = (Line(words.say("receipt.copy"), align=Align.CENTRE, style=Style.STRONG),) if printed.copy else ()
    return fitted((*copy, *lines_of(printed.shown, words)), columns)


def _chain(shown: DayCertificate, words: Catalogue) -> tuple[Line, ...]:
    def say(name: str, /, **values: int | str) -> str:
        return words.say(f"certificate.{name}", **values)

    if shown.broken_at is not None:
        return (Line(say("chain_broken", row=shown.broken_at, why=shown.broken_why)),)
    told = []
    if shown.written:
        told.append(Line(say("chain_from", row=shown.first_seq, mac=shown.first_mac[:MAC_SHOWN])))
        told.append(Line(say("chain_to", row=shown.last_seq, mac=shown.last_mac[:MAC_SHOWN])))
    if shown.unchecked:
        told.append(Line(say("chain_unchecked", rows=grouped(shown.unchecked), why=shown.key_trouble or "")))
    else:
        told.append(Line(say("chain_whole")))
    return tuple(told)


def _signature(signed: Signed | None, words: Catalogue) -> str:
    if signed is None:
        return words.say("certificate.signed_never")
    name = {True: "signed", False: "signed_wrong", None: "signed_unchecked"}[signed.checked]
    return words.say(f"certificate.{name}", row=signed.seq, at=signed.at[:19].replace("T", " "), epoch=signed.epoch)
