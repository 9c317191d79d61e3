"""One serial line: owns the port and the protocol object, and is the only thread that touches them.

The same few lines for every protocol: wait for a byte, a command or a deadline; hand over what came, pass on what
happened, write what is to be sent. A port that fails is closed, reported and opened again, wherever its adapter is by
then, with growing pauses; what a hose is doing is never guessed from that. While there is no port, commands are
answered at once: nobody knows, and nothing was sent.

A restart, asked for or after a fault of the protocol object, begins a new life: another protocol object, nothing of the
old one kept. Its points are told lost and its commands unanswered, so the terminal trusts totalizers alone for what
flowed meanwhile; a protocol reads those of every head it finds.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import field, replace

from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.line_books import LineBooks
from pos_client.adapters.dispensers.port import Port, PortFailed
from pos_client.adapters.dispensers.port_identity import PortsInUse, find_port
from pos_client.adapters.dispensers.serial_port import Opener, open_port
from pos_client.adapters.dispensers.translation import Translation, line_setup
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.quantities import VndPerLitre
from pos_client.domain.wire import Direction
from pos_client.ports import reports as r
from pos_client.ports.dispensers import DispenserCommand
from pos_client.ports.reports import Sink
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import ControllerEnd
from pos_client.protocols.dispenser.registry import protocol
from pos_client.settings.model import LineSettings
from pos_client.value import dataclass

_LOG = logging.getLogger(__name__)

REOPEN_FIRST_MS = 250
REOPEN_LAST_MS = 5000
LOOK_MS = 100
"""How often a line looks whether it shall end, however quiet it is."""
MEASURE_MS = 1000
"""How often it says how it fares."""

Record = Callable[[str, int, Direction, bytes], None]
"""line, `monotonic_ms`, who said it, the bytes"""
Lost = Callable[[str], None]
"""the line whose port, or whose protocol object, failed while it was served"""
PricesInForce = Callable[[], Mapping[str, VndPerLitre]]
"""grade -> unit price, asked for when a life begins; later changes come as commands"""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a line works with; a test, or the composition root, puts others in their places."""

    find: Callable[[LineSettings], str] = find_port
    open: Opener = open_port
    in_use: PortsInUse = field(default_factory=PortsInUse)
    now_ms: Callable[[], int] = monotonic_ms
    bell: Callable[[], Bell] = Bell
    record: Record = lambda line, at_ms, direction, raw: None
    lost: Lost = lambda line: None
    log: logging.Logger = _LOG


class Line:
    """One serial line with its fuelling points."""

    def __init__(
        self, settings: LineSettings, prices: PricesInForce, sink: Sink, around: Surroundings | None = None
    ) -> None:
        self._settings = settings
        self._prices = prices
        self._points = tuple(PointId(point.point) for point in settings.points)
        self._books = LineBooks(Translation(settings.points), sink)
        self._sink = sink
        self._around = around or Surroundings()
        self._commands: queue.SimpleQueue[DispenserCommand] = queue.SimpleQueue()
        self._told: tuple[LinkState, str, str] | None = None
        self._restart = threading.Event()
        self._fallen = False
        self._bell = self._around.bell()

    @property
    def name(self) -> str:
        """The line's name in the settings."""
        return self._settings.name

    @property
    def points(self) -> tuple[PointId, ...]:
        """The points this line serves."""
        return self._points

    def submit(self, command: DispenserCommand) -> None:
        """Take a command for one of `points`, from any thread; what became of it is a `CommandFinished`."""
        if self._fallen:
            self._books.unanswered(command, "line_down")
            return
        self._commands.put(command)
        self._bell.ring()

    def restart(self) -> None:
        """Close the port, forget everything and begin anew, from any thread."""
        self._restart.set()
        self._bell.ring()

    def run(self, stop: threading.Event) -> None:
        """Serve the line until told to stop. A fault of ours goes up after everything was told lost; then the line may
        be run again."""
        if self._fallen:
            self._answer_waiting()
            self._fallen = False
        try:
            with self._bell:
                while not stop.is_set():
                    self._restart.clear()
                    self._live(stop)
                    if not stop.is_set():
                        self._forget("line_restarted")
        except Exception as fault:
            self._fallen = True
            self._forget(f"line_fault: {type(fault).__name__}")
            self._around.lost(self.name)
            raise

    def _live(self, stop: threading.Event) -> None:
        """With one protocol object, until stop or restart. Settings that make no sense are told, and kept waiting."""
        try:
            controller = protocol(self._settings.protocol).controller(line_setup(self._settings, self._prices()))
        except LocalProtocolError as error:
            self._tell_link(LinkState.DOWN, f"wrong_settings: {error}")
            self._wait(stop, None)
            return
        pause = REOPEN_FIRST_MS
        while not self._is_over(stop):
            if self._visit_port(controller, stop):
                pause = REOPEN_FIRST_MS
            self._wait(stop, pause)
            pause = min(pause * 2, REOPEN_LAST_MS)

    def _visit_port(self, controller: ControllerEnd, stop: threading.Event) -> bool:
        """Find the port, open it, and serve it until it fails or the life is over; whether anything was heard on it."""
        around, device = self._around, ""
        try:
            device = around.find(self._settings)
            around.in_use.take(device, self.name)
            port = around.open(replace(self._settings, port=device), self._bell)
        except PortFailed as error:
            around.in_use.give_back(device, self.name)
            self._tell_link(LinkState.DOWN, str(error))
            return False
        self._tell_link(LinkState.UP, "", device)
        try:
            return self._serve(controller, port, stop)
        finally:
            port.close()
            around.in_use.give_back(device, self.name)

    def _serve(self, controller: ControllerEnd, port: Port, stop: threading.Event) -> bool:
        """Take turns until the port fails, or the life is over; whether anything was heard."""
        now = self._around.now_ms()
        controller.take_counts(now)
        measure_at, until, heard = now + MEASURE_MS, now, False
        try:
            while not self._is_over(stop):
                raw = port.read(min(until, measure_at, now + LOOK_MS))
                now = self._around.now_ms()
                heard = heard or bool(raw)
                sent = self._turn(controller, port, raw, now)
                if now >= measure_at:
                    self._measure(controller, now)
                    measure_at = now + MEASURE_MS
                until = controller.next_deadline()
                if not (raw or sent):
                    until = max(until, now + 1)  # a deadline that nothing came of is not waited for without a pause
        except PortFailed as error:
            self._tell_link(LinkState.DOWN, str(error))
            controller.connection_lost(self._around.now_ms())
            self._books.pass_on(controller)
            self._around.lost(self.name)
        return heard

    def _turn(self, controller: ControllerEnd, port: Port, raw: bytes, now_ms: int) -> bool:
        """What came in, what was asked for, what is to be said; whether anything was."""
        record = self._around.record
        if raw:
            record(self.name, now_ms, Direction.RECEIVED, raw)
            controller.receive_data(raw, now_ms)
        while not self._commands.empty():
            self._books.hand_over(self._commands.get(), controller, now_ms)
        out = controller.data_to_send(now_ms)
        self._books.pass_on(controller)
        if out:
            record(self.name, now_ms, Direction.SENT, out)
            port.write(out)
        return bool(out)

    def _measure(self, controller: ControllerEnd, now_ms: int) -> None:
        counts = controller.take_counts(now_ms)
        self._sink.post(r.LineMeasured(self.name, counts.cycle_ms, counts.answered, counts.unanswered, counts.damaged))

    def _is_over(self, stop: threading.Event) -> bool:
        return stop.is_set() or self._restart.is_set()

    def _forget(self, why: str) -> None:
        self._books.close()
        self._answer_waiting()
        self._tell_link(LinkState.DOWN, why)

    def _tell_link(self, state: LinkState, detail: str, device: str = "") -> None:
        """Only when it is news: a port that stays away is not told again at every attempt."""
        if (state, detail, device) != self._told:
            self._told = (state, detail, device)
            self._around.log.info("line %s is %s %s", self.name, state.value, detail or device)
            self._sink.post(r.LineLinkChanged(self.name, state, detail, device))

    def _wait(self, stop: threading.Event, ms: int | None) -> None:
        """Wait out a pause (None: for ever) or the end of this life, answering commands at once."""
        until = None if ms is None else self._around.now_ms() + ms
        while not self._is_over(stop):
            now = self._around.now_ms()
            if until is not None and now >= until:
                return
            self._bell.wait(now + LOOK_MS if until is None else min(until, now + LOOK_MS))
            self._answer_waiting()

    def _answer_waiting(self) -> None:
        while not self._commands.empty():
            self._books.unanswered(self._commands.get(), "line_down")
