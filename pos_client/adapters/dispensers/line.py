"""One serial line: owns the port and the protocol object, and is the only thread that touches them.

The same few lines for every protocol: read what is there, hand it over, pass on what happened, write what is to be
sent. A port that fails is closed, reported and opened again with growing pauses; what a hose is doing is never guessed
from that. While there is no port, commands are answered at once: nobody knows, and nothing was sent.
"""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable

from pos_client.adapters.dispensers.serial_port import Opener, Port, PortFailed, open_port
from pos_client.adapters.dispensers.translation import Translation, line_setup
from pos_client.domain.forecourt import Forecourt
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import DispenserCommand
from pos_client.ports.reports import Sink
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import ControllerEnd
from pos_client.protocols.dispenser.registry import protocol
from pos_client.settings.model import LineSettings

REOPEN_FIRST_S = 0.25
REOPEN_LAST_S = 5.0
STOP_LOOK_S = 0.1
"""How often a line without a port looks whether it shall end."""

Recorder = Callable[[str, int, bool, bytes], None]
"""line name, `now_ms`, whether we sent it, the bytes"""


def monotonic_ms() -> int:
    """The clock of the wire: only grows, whole milliseconds."""
    return time.monotonic_ns() // 1_000_000


class Line:
    """One serial line with its fuelling points."""

    def __init__(
        self,
        settings: LineSettings,
        forecourt: Forecourt,
        sink: Sink,
        opener: Opener = open_port,
        record: Recorder | None = None,
    ) -> None:
        self._settings = settings
        self._setup = line_setup(settings, forecourt)
        self._translation = Translation(settings.points)
        self._sink = sink
        self._open = opener
        self._record = record
        self._commands: queue.SimpleQueue[DispenserCommand] = queue.SimpleQueue()
        self._told: tuple[LinkState, str] | None = None
        self._restart = threading.Event()

    @property
    def name(self) -> str:
        """The line's name in the settings."""
        return self._settings.name

    @property
    def points(self) -> tuple[PointId, ...]:
        """The points this line serves."""
        return self._translation.points

    def submit(self, command: DispenserCommand) -> None:
        """Take a command for one of `points`, from any thread; what became of it is a `CommandFinished`."""
        self._commands.put(command)

    def restart(self) -> None:
        """Close the port and open it anew, from any thread."""
        self._restart.set()

    def run(self, stop: threading.Event) -> None:
        """Serve the line until told to stop. A line whose settings make no sense is reported as down and stays so."""
        try:
            controller = protocol(self._settings.protocol).controller(self._setup)
        except LocalProtocolError as error:
            self._tell_link(LinkState.DOWN, str(error))
            self._wait(stop, None)
            return
        pause = REOPEN_FIRST_S
        while not stop.is_set():
            try:
                port = self._open(self._settings)
            except PortFailed as error:
                self._tell_link(LinkState.DOWN, str(error))
            else:
                self._tell_link(LinkState.UP, "")
                if self._serve_port(controller, port, stop):
                    pause = REOPEN_FIRST_S
            self._wait(stop, pause)
            pause = min(pause * 2, REOPEN_LAST_S)

    def _serve_port(self, controller: ControllerEnd, port: Port, stop: threading.Event) -> bool:
        """Serve until the port fails; whether anything was heard on it."""
        heard = False
        try:
            self._restart.clear()
            while not stop.is_set() and not self._restart.is_set():
                heard = self._serve(controller, port) or heard
        except PortFailed as error:
            self._tell_link(LinkState.DOWN, str(error))
        finally:
            port.close()
        if not stop.is_set():
            controller.connection_lost(monotonic_ms())
            self._pass_on(controller)
        return heard

    def _serve(self, controller: ControllerEnd, port: Port) -> bool:
        """One turn: what came in, what was asked for, what is to be said. Whether anything came."""
        raw = port.read()
        now = monotonic_ms()
        if raw:
            self._keep(now, False, raw)
            controller.receive_data(raw, now)
        while not self._commands.empty():
            controller.submit(self._translation.to_wire(self._commands.get()), now)
        out = controller.data_to_send(now)
        self._pass_on(controller)
        if out:
            self._keep(now, True, out)
            port.write(out)
        return bool(raw)

    def _pass_on(self, controller: ControllerEnd) -> None:
        while (event := controller.next_event()) is not None:
            report = self._translation.report(event)
            if report is not None:
                self._sink.post(report)

    def _keep(self, now_ms: int, sent: bool, raw: bytes) -> None:
        if self._record is not None:
            self._record(self.name, now_ms, sent, raw)

    def _tell_link(self, state: LinkState, detail: str) -> None:
        """Only when it is news: a port that stays away is not told again at every attempt."""
        if (state, detail) != self._told:
            self._told = (state, detail)
            self._sink.post(r.LineLinkChanged(self.name, state, detail))

    def _wait(self, stop: threading.Event, seconds: float | None) -> None:
        """Wait out a pause (None: until stopped), answering commands at once."""
        until = None if seconds is None else time.monotonic() + seconds
        while not stop.is_set() and (until is None or time.monotonic() < until):
            left = STOP_LOOK_S if until is None else min(STOP_LOOK_S, max(until - time.monotonic(), 0.0))
            try:
                command = self._commands.get(timeout=left)
            except queue.Empty:
                continue
            outcome = r.CommandOutcome.NO_ANSWER
            self._sink.post(r.CommandFinished(command.command_id, command.point, outcome, "line_down"))
