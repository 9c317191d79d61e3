"""How the printer is, asked once by somebody who does not print: the check-up."""

from __future__ import annotations

import threading

from pos_client.adapters.peripherals.printer_faults import FAILURES, detail_of, trouble_of
from pos_client.adapters.peripherals.printer_link import opened
from pos_client.adapters.peripherals.printer_talk import PrinterTalk
from pos_client.adapters.peripherals.printer_target import Target, parse_target
from pos_client.domain.printer_trouble import PrinterTrouble


def look_at(target: str) -> tuple[PrinterTrouble | None, str]:
    """What keeps it from printing, or what it warns of, and what the system said; None: nothing that it would tell.
    Takes a few seconds at the most."""
    where: Target | None = None
    stop = threading.Event()
    try:
        where = parse_target(target)
        with opened(where, stop) as link:
            return (PrinterTalk(link, stop).look() if link.two_way else None), ""
    except FAILURES as error:
        return trouble_of(error, where), detail_of(error)
