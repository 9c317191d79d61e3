"""What the computer itself says: room on the disk, the key store, the books and their mirror, the printer, the keypad.

It fails closed on points and open on sales (I16): nothing here ever stops a paid fuel sale.
"""

from __future__ import annotations

import logging

from pos_client.domain.fuelling_point import LinkState
from pos_client.ports import reports as r
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

log = logging.getLogger(__name__)

WARN_BELOW_MB = 500
BLOCK_BELOW_MB = 200
"""Below this no points are spent: what has to be written for them might not find room."""
DISK_LOW, BOOKS_REBUILT = "disk_low", "store_rebuilt"
PRINTER_NOTICE = "printer_"
KEYPAD_NOTICE = "keypad_"
MAY_PASS = frozenset({"secrets_locked", "secrets_timeout", "secrets_failed", "device_key_lost"})
"""What is wrong with a key store and may be over without anybody at this program: it is tried until it is (F25)."""


@dataclass(slots=True)
class Health:
    """Takes reports of the computer, and blocks points while one of them is bad."""

    desk: Desk
    _warned: bool = False

    def on_disk(self, report: r.DiskReported) -> None:
        """Room on the disk of the books: said once each time it gets low."""
        state = self.desk.state
        state.disk_free_mb = report.free_mb
        if report.free_mb < BLOCK_BELOW_MB and DISK_LOW not in state.blockers:
            state.blockers[DISK_LOW] = None
            self.desk.notify(DISK_LOW, Severity.ERROR, free_mb=report.free_mb)
        elif report.free_mb >= BLOCK_BELOW_MB:
            state.blockers.pop(DISK_LOW, None)
        if BLOCK_BELOW_MB <= report.free_mb < WARN_BELOW_MB and not self._warned:
            self.desk.notify("disk_getting_low", Severity.WARNING, free_mb=report.free_mb)
        self._warned = report.free_mb < WARN_BELOW_MB

    def on_key_store(self, report: r.KeyStoreReported) -> None:
        """The key store was tried. What is wrong with it blocks points, is said once, and is over when another try says
        so; what no try can mend blocks for as long as the program runs."""
        state = self.desk.state
        state.blockers.pop("secrets_not_tried", None)
        before = MAY_PASS & state.blockers.keys()
        if report.trouble in before:
            return
        for passed in before:
            del state.blockers[passed]
        if report.trouble is not None:
            state.blockers[report.trouble] = None
            self.desk.notify(report.trouble, Severity.ERROR)
        elif before:
            self.desk.notify("secrets_open", Severity.INFO)

    def on_books(self, report: r.BooksReported) -> None:
        """The books were made anew from their mirror, or the mirror cannot be written any more."""
        if report.rebuilt_rows is not None:
            self.desk.state.blockers[BOOKS_REBUILT] = None
            self.desk.notify(BOOKS_REBUILT, Severity.ERROR, rows=report.rebuilt_rows, aside=report.aside)
        elif report.mirror_trouble is not None:
            self.desk.notify("mirror_failed", Severity.WARNING)

    def on_update(self, report: r.UpdateReported) -> None:
        """A new version waits, or why none comes. Nothing here touches a sale or points."""
        severity = Severity.INFO if report.outcome == "ready" else Severity.WARNING
        self.desk.notify(f"update_{report.outcome}", severity, version=report.version)

    def on_offer(self, report: r.OfferJudged) -> None:
        """What was announced, for head office's eyes."""
        self.desk.state.offer, self.desk.state.ready_version = report.offer, report.ready

    def on_certificate(self, report: r.CertificateSeen) -> None:
        """Until when head office's address will be believed."""
        self.desk.state.certificate_ends = report.ends

    def on_printer(self, report: r.PrinterReported) -> None:
        """What keeps the printer from printing, said in the words of whoever can mend it; taken back when it prints."""
        state = self.desk.state
        state.printer, state.printer_trouble = report.state, report.trouble
        if report.state is r.PrinterState.FAILED and report.trouble is not None:
            log.warning("printer: %s (%s)", report.trouble, report.detail)
            self.desk.notify(f"{PRINTER_NOTICE}{report.trouble.value}", Severity.WARNING)
        elif state.notice is not None and state.notice.code.startswith(PRINTER_NOTICE):
            self.desk.next_notice()

    def on_keypad(self, report: r.KeypadReported) -> None:
        """What keeps customers from typing their codes; taken back when they can."""
        state = self.desk.state
        state.keypad_trouble = report.trouble
        if report.trouble is not None:
            log.warning("keypad: %s (%s)", report.trouble, report.detail)
            self.desk.notify(f"{KEYPAD_NOTICE}{report.trouble.value}", Severity.WARNING)
        elif state.notice is not None and state.notice.code.startswith(KEYPAD_NOTICE):
            self.desk.next_notice()

    def on_tick(self) -> None:
        """Rebuilt books are trusted again when central has confirmed all that waited in them."""
        state = self.desk.state
        if BOOKS_REBUILT in state.blockers and state.central.link is LinkState.UP:
            waiting = state.outbox.waiting > 0
            if not waiting:
                del state.blockers[BOOKS_REBUILT]
