"""A whole terminal without windows: books, services, lines, central, printer, and the threads they run on.

Windows attach by two callables: `publish` gets every snapshot, `post` takes every command.
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, field
from typing import TYPE_CHECKING

import apsw

from pos_client import __version__
from pos_client.adapters.central_http.client import HttpCentral
from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.central_http.identity import Identity
from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.adapters.crash_marks import FileMarks
from pos_client.adapters.diagnostics.frame_recorder import FrameRecorder
from pos_client.adapters.diagnostics.log_setup import close_link, link_logger
from pos_client.adapters.diagnostics.recordings import Recordings
from pos_client.adapters.diagnostics.wire_file import RecordedWire
from pos_client.adapters.dispensers.bell import monotonic_ms
from pos_client.adapters.dispensers.line import Line, Surroundings
from pos_client.adapters.dispensers.lines import Lines
from pos_client.adapters.dispensers.port_identity import PortsInUse
from pos_client.adapters.dispensers.translation import line_setup
from pos_client.adapters.peripherals.absent import AbsentPrinter
from pos_client.adapters.peripherals.keypad_input import KeypadDevices
from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.adapters.system_clock import SystemClock, SystemDice
from pos_client.bootstrap import loading
from pos_client.bootstrap.books import ChainKeyFound, chain_key, open_books, take_chain_key
from pos_client.bootstrap.certifying import BookCertifier
from pos_client.bootstrap.enrolling import device_key, open_secrets
from pos_client.bootstrap.keypads import customer_keypad, keypad_devices
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.updating import updater_of
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.quantities import VndPerLitre
from pos_client.domain.receipt_template import STANDARD
from pos_client.ports.errors import Unavailable
from pos_client.ports.peripherals import CustomerKeypad, ReceiptPrinter
from pos_client.ports.reports import BooksReported, DiskReported, KeyStoreReported
from pos_client.ports.store import Store
from pos_client.services.desk import Desk
from pos_client.services.health import MAY_PASS
from pos_client.services.inbox import Inbox
from pos_client.services.messages import Tick
from pos_client.services.snapshots import LineSnapshot, TerminalSnapshot
from pos_client.services.terminal import Terminal
from pos_client.settings.model import Settings
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.adapters.peripherals.receipt_printer import EscposPrinter

log = logging.getLogger(__name__)

TICK_S = 0.1
KEY_STORE_AGAIN_S = 10.0
"""Between tries of a key store that is locked; each may put up the system's own prompt."""
DISK_WATCH_S = 30.0
READY_S = 600.0
"""Books of ten years are brought up, checked, even made anew from a mirror; a thread that died says so at once."""
MOST_UNDRAWN = 32
"""So many messages that wait already are handled before the screens are told again: a burst is one picture."""

Publish = Callable[[TerminalSnapshot], None]


AroundStore = Callable[[SqliteStore], Store]
"""A seam for fault injection: what the services see of the store."""


def as_it_is(store: SqliteStore) -> Store:
    """No faults."""
    return store


@dataclass(slots=True)
class TerminalSystem:
    """One terminal at one site."""

    settings: Settings
    site: Site
    publish: Publish
    on_fault: Callable[[BaseException], None]
    around_store: AroundStore = as_it_is
    clock: SystemClock = field(default_factory=SystemClock)
    keypad_devices: KeypadDevices = field(default_factory=keypad_devices)
    keypad: CustomerKeypad | None = field(init=False)
    """what customers type their codes on, where that is a device of its own"""
    recordings: Recordings = field(init=False)
    """the last minutes of every wire, and where they are kept"""
    _inbox: Inbox = field(default_factory=Inbox)
    _lifecycle: Lifecycle = field(init=False)
    _opened: threading.Event = field(default_factory=threading.Event)
    _trouble: Unavailable | None = None
    _marks: FileMarks = field(init=False)
    _certifier: BookCertifier = field(init=False)
    _has_died: bool = False
    """what was worked on then stays marked"""
    _prices: Mapping[str, VndPerLitre] = field(default_factory=dict)
    """in force, by grade; never changed in place, so a line may read it from its own thread"""

    def __post_init__(self) -> None:
        self._lifecycle = Lifecycle(self._died)
        self.recordings = self._make_recordings()
        self._marks = FileMarks(self.site.crash_marks)
        self.keypad = customer_keypad(self.settings.keypad, self.keypad_devices, self._inbox)
        self._certifier = BookCertifier(self.settings, self.site, self._inbox)

    def post(self, message: object) -> None:
        """A command from people, or a report; from any thread."""
        self._inbox.post(message)

    def start(self) -> None:
        """Open the books and recover, then bring up lines, central and printer.

        Raises `Unavailable` when the books cannot be opened (another instance, damaged, newer, disk).
        """
        station, central = self.settings.station, self.settings.central
        till = station.till
        identity = Identity(till, central.answer_key)
        http = HttpCentral(central, identity, self._inbox, self._marks)
        lines = self._make_lines()
        printer = self._make_printer() if self.settings.printer.target else None
        wire = HttpWire(central.seal_key, till, station.station, central.permit_key)

        def terminal_thread(stop: threading.Event) -> None:
            self._run_terminal(stop, lines, http, wire, printer or AbsentPrinter(self._inbox))

        self._lifecycle.start("terminal", terminal_thread)
        if not self._opened.wait(READY_S):
            raise Unavailable("store_locked", "the books did not open in time")
        if self._trouble is not None:
            raise self._trouble
        self._lifecycle.start("central-interactive", http.interactive.run)
        self._lifecycle.start("central-forwarding", http.forwarding.run)
        self._lifecycle.start("central-streaming", http.streaming.run)
        if printer is not None:
            self._lifecycle.start("printer", printer.run)
        if self.settings.scanner.port:
            from pos_client.adapters.peripherals.serial_scanner import SerialScanner

            self._lifecycle.start_again_and_again("scanner", SerialScanner(self.settings.scanner, self._inbox).run)
        if self.keypad is not None:
            self._lifecycle.start_again_and_again("keypad", self.keypad.run)
        self._lifecycle.start("key-store", lambda stop: self._read_key_store(stop, identity))
        self._lifecycle.start("disk-watch", self._watch_disk)
        self._lifecycle.start_again_and_again("certificates", self._certifier.run)
        updater = updater_of(self.settings, self.site, self.clock, self._inbox)
        if updater.trust.wanted:
            self._lifecycle.start_again_and_again("updates", updater.run)
        for line in lines:
            self._lifecycle.start_again_and_again(f"line-{line.name}", line.run)

    def _died(self, fault: BaseException) -> None:
        """A thread died that the terminal cannot go on without; what went over the wires before may tell why."""
        self._has_died = True
        if not self._opened.is_set():
            self._trouble = Unavailable("store_failed", f"{type(fault).__name__}: {fault}")
            self._opened.set()
        with suppress(OSError):
            self.recordings.save()
        self.on_fault(fault)

    def _make_printer(self) -> EscposPrinter:
        """With the station's own order of a receipt; one that is wrong is said by the check-up, and is no reason to
        print nothing."""
        from pos_client.adapters.peripherals.receipt_printer import EscposPrinter

        words = loading.catalogue(resources(), self.settings.screen.language)
        mark = words.say("training.mark") if self.settings.station.training else ""
        fonts, template = resources() / "fonts" / "be-vietnam-pro", STANDARD
        try:
            template = loading.receipt_template(resources(), self.site.receipt_template)
        except (OSError, ValueError) as error:
            log.warning("%s is not used: %s", self.site.receipt_template, error)
        return EscposPrinter(self.settings.printer, words, fonts, self._inbox, template=template, mark=mark)

    def _make_lines(self) -> list[Line]:
        """The serial lines, each with a log of its own; all on one recorder, none on another's port."""
        in_use = PortsInUse()
        return [
            Line(
                line,
                lambda: self._prices,
                self._inbox,
                Surroundings(
                    in_use=in_use,
                    record=self.recordings.recorder.record,
                    lost=self.recordings.save_after_fault,
                    log=link_logger(self.site.logs, line.name),
                ),
            )
            for line in self.settings.lines
        ]

    def _make_recordings(self) -> Recordings:
        prices = dict(self.settings.price_list().prices(self.clock.now().wall))
        wires = {
            line.name: RecordedWire(line.protocol, asdict(line_setup(line, prices))) for line in self.settings.lines
        }
        return Recordings(FrameRecorder(), wires, self.site.logs, lambda: (monotonic_ms(), self.clock.now().wall))

    def _read_key_store(self, stop: threading.Event, identity: Identity) -> None:
        """Keys of this till belong into the operating system's store; without one nobody can speak for it, and no
        points are spent. One that is locked is tried again until somebody has unlocked it (F25)."""
        while self._is_key_store_closed(identity) and not stop.wait(KEY_STORE_AGAIN_S):
            pass

    def _is_key_store_closed(self, identity: Identity) -> bool:
        """Try it, and say what came of it: whether another try may find it otherwise."""
        try:
            secrets = open_secrets(self.settings, self.site)
            device = device_key(secrets, was_enrolled=self.settings.central.epoch > 0)
            chain = chain_key(secrets)  # never asked, and so never made, while the other one is missing
        except Unavailable as trouble:
            identity.settle(None)
            self._inbox.post(KeyStoreReported(trouble.code))
            return trouble.code in MAY_PASS
        identity.settle(device)
        self._inbox.post(chain)
        if device is None:
            self._inbox.post(KeyStoreReported("not_enrolled"))
        return False

    def _watch_disk(self, stop: threading.Event) -> None:
        """Room on the disk of the books, at the start and twice a minute."""
        while not stop.is_set():
            self._inbox.post(DiskReported(shutil.disk_usage(self.site.folder).free >> 20))
            stop.wait(DISK_WATCH_S)

    def stop(self) -> None:
        """Stop every thread; the books are closed by the thread that owns them."""
        self._lifecycle.stop()
        if not self._has_died:
            self._marks.put(())
        for line in self.settings.lines:
            close_link(self.site.logs, line.name)

    def _show(self, snapshot: TerminalSnapshot) -> None:
        self._prices = {price.code: price.unit_price for price in snapshot.prices}
        self.publish(snapshot)

    def _run_terminal(
        self, stop: threading.Event, lines: list[Line], http: HttpCentral, wire: HttpWire, printer: ReceiptPrinter
    ) -> None:
        """The terminal's thread: it alone touches the store and decides."""
        try:
            books = open_books(self.site, self.settings.books.mirror_folder, training=self.settings.station.training)
            store = books.store
            self._marks.count()
        except Unavailable as trouble:
            self._trouble = trouble
            self._opened.set()
            return
        try:
            desk = Desk(
                settings=self.settings,
                forecourt=self.settings.forecourt(),
                profile=loading.profile(resources()),
                store=self.around_store(store),
                dispensers=Lines(lines, self._inbox),
                claims=OneForecourtClaims(),
                central=http,
                wire=wire,
                printer=printer,
                dice=SystemDice(),
                now=self.clock.now(),
                marks=self._marks,
                certifier=self._certifier,
            )
            desk.state.blockers["secrets_not_tried"] = None
            for line in self.settings.lines:
                desk.state.lines[line.name] = LineSnapshot(line.name, LinkState.PROBING)
            terminal = Terminal(desk, __version__, f"SQLite {apsw.sqlite_lib_version()}")
            try:
                self._show(terminal.start(self.clock.now()))
            except Unavailable as trouble:
                self._trouble = trouble
                return
            finally:
                self._opened.set()
            told: str | None = None
            if books.rebuilt is not None:
                self._inbox.post(BooksReported(books.rebuilt.rows, books.rebuilt.aside.name))
            while not stop.is_set():
                for message in (self._inbox.take(TICK_S) or Tick(), *self._inbox.waiting(MOST_UNDRAWN)):
                    report = take_chain_key(store, message) if isinstance(message, ChainKeyFound) else message
                    terminal.take(report, self.clock.now())
                self._show(terminal.snapshot())
                if store.mirror_trouble != told:
                    told = store.mirror_trouble
                    self._inbox.post(BooksReported(mirror_trouble=told))
        finally:
            store.close()
