"""`pos-client doctor --printer`: a test page, and what became of it in words."""

from __future__ import annotations

from pos_client.adapters.peripherals.printer_trial import can_be_shared, page_of, print_test_page
from pos_client.bootstrap.at_work import terminal_runs
from pos_client.bootstrap.finding import Finding, Level, found
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.settings.model import Settings

WHAT = "printer"


def printed_test(site: Site, settings: Settings, words: Catalogue, at: str) -> Finding:
    """Print it, unless a terminal works on this site and its printer is its own. `at`: ISO 8601 with its offset."""
    printer = settings.printer
    if not printer.target:
        return found(words, WHAT, Level.FAULT, "no_printer")
    if terminal_runs(site) and not can_be_shared(printer.target):
        return found(words, WHAT, Level.FAULT, "printer_shared", target=printer.target)
    fonts = resources() / "fonts" / "be-vietnam-pro"
    trouble, detail = print_test_page(page_of(settings.station, printer, at), printer, words, fonts)
    if trouble is None:
        return found(words, WHAT, Level.OK, "printer_tested")
    says, remedy = (words.say(f"printing.{trouble.value}.{part}") for part in ("says", "do"))
    told = f"{says} ({detail})" if detail else says
    if trouble is PrinterTrouble.PAPER_LOW:
        return found(words, WHAT, Level.WARNING, "printer_warned", says=told, remedy=remedy)
    return found(words, WHAT, Level.FAULT, "printer_lost", says=told, remedy=remedy)
