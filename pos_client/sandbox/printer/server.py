"""The printer at a TCP port: prints, answers, and has the troubles printers have, switched on and off while it runs."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import field

from pos_client.sandbox.printer.roll import Roll
from pos_client.value import dataclass

_TURN_S = 0.02
RECEIVE_BUFFER = 4096
"""A real printer's is of this order: what does not fit waits at the sender."""
_FIXED = 0x12


@dataclass(slots=True)
class PrinterState:
    """How it is; read and set from any thread."""

    paper: bool = True
    paper_near_end: bool = False
    cover_open: bool = False
    on_line: bool = True
    broken: bool = False
    speaks: bool = True
    """False: it prints and never answers, as cheap ones do"""
    hangs: bool = False
    """True: takes connections and then neither reads nor answers"""
    stops_after: int | None = None
    """the paper ends when so many more bytes have been read"""

    def prints(self) -> bool:
        """Whether what it has read comes out."""
        return self.paper and self.on_line and not (self.cover_open or self.broken)

    def answer(self, question: bytes) -> bytes:
        """To `DLE EOT n`."""
        match question[2]:
            case 1:
                bits = 0 if self.prints() else 0x08
            case 2:
                bits = 0x04 * self.cover_open | (0 if self.paper else 0x20) | 0x40 * self.broken
            case 4:
                bits = (0 if self.paper else 0x60) | 0x0C * self.paper_near_end
            case _:
                bits = 0
        return bytes([_FIXED | bits])


@dataclass(slots=True)
class SimulatedPrinter:
    """One printer. `roll` is what has come out; what waits in it while it cannot print is lost with the power."""

    state: PrinterState = field(default_factory=PrinterState)
    roll: Roll = field(default_factory=Roll)
    connections: int = 0
    port: int = 0
    _waiting: bytearray = field(default_factory=bytearray)
    _stop: threading.Event = field(default_factory=threading.Event)
    _switched: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        """One connection after the other, until stopped."""
        listener.settimeout(_TURN_S)
        while not self._stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            with connection:
                self._talk(connection)

    def stop(self) -> None:
        """End `serve`."""
        self._stop.set()

    def switch_off_and_on(self) -> None:
        """With a new roll in it. What it held is forgotten, and whoever was connected is not any more."""
        self._switched.set()

    def _talk(self, connection: socket.socket) -> None:
        connection.settimeout(_TURN_S)
        open_ = True
        while not self._stop.is_set() and (open_ or (self._waiting and self.state.prints())):
            if self._switched.is_set():
                self._switched.clear()
                self._waiting.clear()
                self.state.paper = True
                self.roll.forget()
                return
            if self.state.hangs:
                self._stop.wait(_TURN_S)
                continue
            try:
                raw = connection.recv(RECEIVE_BUFFER) if open_ else b""
            except TimeoutError:
                raw = None
            except OSError:
                return
            if raw is not None:
                open_ = open_ and bool(raw)
                self._take(raw, connection)
            self._print(connection)

    def _take(self, raw: bytes, connection: socket.socket) -> None:
        """Real-time questions are answered as they arrive; the rest waits for the print head. The same bytes inside a
        picture are no question here, for a real printer's habit of answering them too would spoil no picture."""
        asked = [raw[at : at + 3] for at in range(0, len(raw), 3)]
        if asked and all(len(each) == 3 and each.startswith(b"\x10\x04") for each in asked):
            for question in asked:
                self._say(self.state.answer(question), connection)
        else:
            self._waiting += raw

    def _print(self, connection: socket.socket) -> None:
        if not self._waiting or not self.state.prints():
            return
        part = bytes(self._waiting)
        if self.state.stops_after is not None and len(part) >= self.state.stops_after:
            part = part[: self.state.stops_after]
            self.state.paper, self.state.stops_after = False, None
        elif self.state.stops_after is not None:
            self.state.stops_after -= len(part)
        del self._waiting[: len(part)]
        for _ in self.roll.feed(part):
            self._say(b"\x00" if not self.state.paper_near_end else b"\x03", connection)

    def _say(self, answer: bytes, connection: socket.socket) -> None:
        if self.state.speaks:
            try:
                connection.sendall(answer)
            except OSError:
                return  # whoever asked has gone


@contextmanager
def simulated_printer(port: int = 0) -> Iterator[SimulatedPrinter]:
    """A printer on loopback for as long as the block lasts; `port` 0: a free one, named by the printer."""
    printer = SimulatedPrinter()
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(("127.0.0.1", port))
        listener.listen(1)
        printer.port = listener.getsockname()[1]
        thread = threading.Thread(target=printer.serve, args=(listener,), name="simulated-printer", daemon=True)
        thread.start()
        try:
            yield printer
        finally:
            printer.stop()
            thread.join(10)
