"""The certificate of a day in rows: the same lines as on paper. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.certificate import DayCertificate
from pos_client.domain.certificate_layout import lines_of
from pos_client.domain.formatting import day
from pos_client.domain.paper import Line, Style
from pos_client.services.certificate_snapshots import CertificatePage
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.tone import Shape, Tone

_HEAD = 2
"""Title and station: they stand above the table."""


def caption(words: Catalogue, page: CertificatePage | None) -> tuple[str, str, Tone]:
    """Whose day, and what it comes to: title, note, tone."""
    if page is None:
        return "", "", Tone.NEUTRAL
    title = words.say("certificate.page", day=day(page.day))
    if page.trouble:
        return title, words.say("certificate.failed"), Tone.DANGER
    if page.certificate is None:
        return title, words.say("certificate.making"), Tone.PROGRESS
    return title, words.say("certificate.printed") if page.printed else "", Tone.NEUTRAL


def table(words: Catalogue, page: CertificatePage | None) -> TableData:
    """Its lines."""
    columns = (
        Column(words.say("certificate.column.what"), 480, grows=True),
        Column(words.say("certificate.column.figure"), 240, right=True),
    )
    if page is None or page.certificate is None:
        trouble = page.trouble if page is not None else ""
        name = f"notice.{trouble}.what"
        empty = words.say(name) if trouble and words.knows(name) else words.say("certificate.wait")
        return TableData(columns, (), empty)
    lines = [line for line in lines_of(page.certificate, words)[_HEAD:] if line.style not in (Style.RULE, Style.GAP)]
    verdict, tone, shape = lines.pop(), *_verdict(page.certificate)
    first = TableRow("verdict", (CellText(verdict.left, tone, shape, strong=True), CellText("")))
    return TableData(columns, (first, *(_row(n, line) for n, line in enumerate(lines))), "")


def _row(number: int, line: Line) -> TableRow:
    return TableRow(number, (CellText(line.left), CellText(line.right, strong=True)))


def _verdict(shown: DayCertificate) -> tuple[Tone, Shape]:
    if shown.is_clean:
        return Tone.DONE, Shape.TICK
    return (Tone.DANGER, Shape.BANG) if shown.broken_at is not None else (Tone.UNKNOWN, Shape.QUESTION)
