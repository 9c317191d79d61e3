"""A test page, carried to the printer once by somebody who waits for it: the check-up and the assistant.

The same bytes on the same links as a receipt's. Unlike a receipt it is not kept and tried again: whoever stands at the
printer is told the cause and asks once more.
"""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

from pos_client.adapters.peripherals.printer_faults import FAILURES, detail_of, trouble_of
from pos_client.adapters.peripherals.printer_link import opened
from pos_client.adapters.peripherals.printer_talk import PrinterTalk, Troubled
from pos_client.adapters.peripherals.printer_target import NetworkTarget, Target, parse_target
from pos_client.adapters.peripherals.receipt_printer import encoded
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.printer_test_page import PrinterTestPage, layout
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.settings.model import PrinterSettings, StationSettings


def page_of(station: StationSettings, printer: PrinterSettings, at: str) -> PrinterTestPage:
    """What the page says. `at`: ISO 8601 with its offset."""
    return PrinterTestPage(
        station.station,
        station.name,
        station.terminal,
        at,
        printer.target,
        printer.columns,
        printer.text_mode,
        printer.profile,
    )


def can_be_shared(target: str) -> bool:
    """Whether two programs may print there by turns. A printer on the network takes one connection at a time and a
    receipt is one connection; in a file or on a cable the bytes of two would mix."""
    try:
        return isinstance(parse_target(target), NetworkTarget)
    except ValueError:
        return False


def print_test_page(
    page: PrinterTestPage, settings: PrinterSettings, words: Catalogue, fonts: Path
) -> tuple[PrinterTrouble | None, str]:
    """What kept it from coming out whole, and what the system said; `PAPER_LOW` and None: it came out. Where code pages
    are set it is printed drawn first, then by code pages, to compare. Waits as long as a receipt would for a printer
    that is busy, and not at all for hands."""
    where: Target | None = None
    stop = threading.Event()
    try:
        where = parse_target(settings.target)
        ways = ("raster", "text") if settings.text_mode == "text" else ("raster",)
        raw = b"".join(
            encoded(layout(replace(page, way=way), words), replace(settings, text_mode=way), fonts) for way in ways
        )
        with opened(where, stop) as link:
            talk = PrinterTalk(link, stop)
            trouble = talk.look() if link.two_way else None
            if trouble is not None and trouble is not PrinterTrouble.PAPER_LOW:
                _give_up(trouble)
            talk.hand_over(raw)
            if talk.heard:
                talk.confirm(_give_up)
    except FAILURES as error:
        return trouble_of(error, where), detail_of(error)
    return trouble, ""


def _give_up(trouble: PrinterTrouble) -> None:
    raise Troubled(trouble)
