"""The page a technician judges a printer by: every letter, the width, a code to read, the cut. Pure.

What is wrong shows without an instrument: marks that are cut off, a ruler that breaks over two lines when the columns
are set too many, a code no telephone reads when the head is worn.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime

from pos_client.domain import formatting
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.paper import GAP, RULE, Line, Style, centred, fitted
from pos_client.value import dataclass

VOWELS = "AĂÂEÊIOÔƠUƯY"
TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")
CONSONANTS = "BCDĐGHKLMNPQRSTVX"


@dataclass(frozen=True, slots=True)
class PrinterTestPage:
    """`at`: ISO 8601 with its offset. The rest as the settings name it; `way`: `raster` or `text`, how this page is
    sent."""

    station: str
    station_name: str
    terminal: str
    at: str
    target: str
    columns: int
    way: str
    profile: str

    @property
    def code(self) -> str:
        """What its QR says: which till printed it, and when."""
        return f"{self.station}-{self.terminal} {self.at}"


def layout(page: PrinterTestPage, catalogue: Catalogue) -> tuple[Line, ...]:
    """The lines of the page, each at the most `page.columns` (24 or more) characters wide."""
    return fitted(_lines(page, catalogue), page.columns)


def _lines(page: PrinterTestPage, words: Catalogue) -> Iterator[Line]:
    yield from centred(page.station_name or page.station or "-", Style.STRONG)
    yield from centred(words.say("printer_test.title"), Style.LARGE)
    yield Line(words.say("printer_test.till"), f"{page.station}-{page.terminal}")
    yield Line(words.say("receipt.time"), formatting.timestamp(datetime.fromisoformat(page.at)))
    yield Line(words.say("option.printer.target.label"), page.target)
    yield Line(words.say("option.printer.columns.label"), str(page.columns))
    yield Line(words.say("option.printer.text_mode.label"), words.say(f"option.printer.text_mode.choice.{page.way}"))
    if page.way == "text":
        yield Line(words.say("option.printer.profile.label"), page.profile)
    yield RULE
    for vowel in VOWELS:
        row = unicodedata.normalize("NFC", " ".join(vowel + tone for tone in TONES))
        yield Line(row, row.lower())
    yield Line(" ".join(CONSONANTS))
    yield Line(" ".join(CONSONANTS.lower()))
    yield Line("0 1 2 3 4 5 6 7 8 9 . , : - + ( ) / %")
    yield RULE
    yield Line(words.say("printer_test.ruler", columns=page.columns))
    yield Line(style=Style.RULER)
    yield GAP
    yield Line(page.code, style=Style.QR)
    yield from centred(words.say("printer_test.cut"))
