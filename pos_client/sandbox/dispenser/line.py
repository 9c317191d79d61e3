"""One simulated line at work: the thread that owns device, hands, faults and wire.

Others (the control address) hand it actions and wait for the result; so nothing in here is locked.
"""

from __future__ import annotations

import queue
import select
import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from random import Random
from typing import Any, TypeVar

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.config import DispenserConfig
from pos_client.sandbox.dispenser.endpoint import open_endpoint
from pos_client.sandbox.dispenser.faults import FOREVER, WIRE_FAULTS, WireFaults
from pos_client.sandbox.dispenser.fuelling_point import FuellingPoint, Squeeze
from pos_client.sandbox.dispenser.transit import Transit

Result = TypeVar("Result")
TICK_S = 0.02
"""How often fuel flows on when nothing else happens."""
CALL_S = 5.0
_MANY = 1_000_000


class UnknownPoint(LookupError):
    """There is no such fuelling point on this line."""


class UnknownFault(LookupError):
    """No fault is called that."""


_MS = 1_000_000


def _now_ms() -> int:
    return time.monotonic_ns() // _MS


class SimulatedLine:
    """A line of pump heads behind an endpoint. `run` serves it; everything else is called through `call`."""

    def __init__(self, config: DispenserConfig) -> None:
        offered = protocol(config.protocol)
        self._config = config
        self._device = offered.dispenser(point.setup() for point in config.points)
        self._device_faults = offered.device_faults
        self.points = {p.point: FuellingPoint(p, self._device, config.flow_ml_per_s) for p in config.points}
        self._faults = WireFaults()
        self._dice = Random(config.seed)
        self._endpoint = open_endpoint(config.listen, config.name)
        self._transit = Transit(config.paced_at)
        self._cut_next = self._pull_out = False
        self._plugged = True
        self._actions: queue.SimpleQueue[tuple[Callable[[], Any], Future[Any]]] = queue.SimpleQueue()
        self._bell, self._wake = socket.socketpair()
        self._bell.setblocking(False)

    @property
    def name(self) -> str:
        """As the station file calls it."""
        return self._config.name

    @property
    def url(self) -> str:
        """What a terminal opens."""
        return self._endpoint.url

    @property
    def plugged(self) -> bool:
        """Whether the cable is in."""
        return self._plugged

    @property
    def faults(self) -> tuple[str, ...]:
        """Every fault that can be switched on here: the wire's, and those of its protocol's devices."""
        return (*WIRE_FAULTS, *self._device_faults)

    def call(self, action: Callable[[], Result]) -> Result:
        """Have the line's thread do something, from any other thread; returns or raises what it does."""
        done: Future[Result] = Future()
        self._actions.put((action, done))
        self._wake.send(b"!")
        return done.result(CALL_S)

    def run(self, stop: threading.Event) -> None:
        """Serve until told to stop; closes the endpoint."""
        try:
            while not stop.is_set():
                self._turn()
        finally:
            self._endpoint.close()
            self._bell.close()
            self._wake.close()

    def _turn(self) -> None:
        due = self._transit.due_ns()
        due_s = TICK_S if due is None else (due - time.monotonic_ns()) / 1e9
        watched: list[int] = [self._bell.fileno(), *self._endpoint.watched()]
        select.select(watched, [], [], min(max(due_s, 0.0), TICK_S))
        self._obey()
        now = _now_ms()
        raw = self._endpoint.read()
        for point in self.points.values():
            point.advance(now)
        if raw:
            self._device.receive_data(raw, now)
        while (answer := self._device.next_answer()) is not None:
            sent, later = self._faults.afflict(answer, self._dice)
            later += self._dice.randint(*self._config.answer_delay_ms)
            self._transit.put(self._cut(sent), time.monotonic_ns() + self._transit.question_ns(raw) + later * _MS)
        for leaving in self._transit.take(time.monotonic_ns()):
            self._endpoint.write(leaving)
        if self._pull_out and not self._transit:
            self._pull_out = False
            self.unplug()

    def _cut(self, raw: bytes) -> bytes:
        """What of an answer gets through when the cable is pulled in the middle of it."""
        if not self._cut_next or len(raw) < 2:
            return raw
        self._cut_next, self._pull_out = False, True
        return raw[: len(raw) // 2]

    def _obey(self) -> None:
        try:
            self._bell.recv(64)
        except BlockingIOError:
            return
        while not self._actions.empty():
            action, done = self._actions.get()
            try:
                done.set_result(action())
            except (LookupError, ValueError, OSError, LocalProtocolError) as error:
                done.set_exception(error)

    # ── what can be done to it (through `call`) ────────────────────────────────────────────────────────────────────

    def point(self, number: int) -> FuellingPoint:
        """A fuelling point. Raises `UnknownPoint`."""
        try:
            return self.points[number]
        except KeyError:
            raise UnknownPoint(number) from None

    def flow(self, number: int, squeeze: Squeeze) -> None:
        """Somebody squeezes."""
        self.point(number).flow(squeeze, _now_ms())

    def fuel(self, number: int, nozzle: int, squeeze: Squeeze) -> None:
        """A driver lifts and squeezes; fuel flows when he is allowed."""
        self.point(number).lift(nozzle)
        self.flow(number, squeeze)

    def switch_fault_on(self, name: str, times: int, number: int | None) -> None:
        """A fault on the wire or in a head. Raises `UnknownFault`, `UnknownPoint`."""
        address = None if number is None else self.point(number).config.address
        if name in WIRE_FAULTS:
            self._faults.switch_on(name, times, address)
        elif name in self._device_faults:
            addresses = [address] if address is not None else [p.config.address for p in self.points.values()]
            for one in addresses:
                self._device.inject(one, name, _MANY if times == FOREVER else times)
        else:
            raise UnknownFault(name)

    def switch_faults_off(self) -> None:
        """Everything works again."""
        self._faults.clear()
        for point in self.points.values():
            for name in self._device_faults:
                self._device.inject(point.config.address, name, 0)

    def unplug(self) -> None:
        """Pull the cable; what was on its way is lost."""
        self._transit.clear()
        self._endpoint.unplug()
        self._plugged = False

    def unplug_mid_frame(self) -> None:
        """Pull the cable in the middle of the next answer."""
        self._cut_next = True

    def replug(self) -> None:
        """Put it back; the heads say how they stand."""
        self._endpoint.replug()
        self._device.line_restored()
        self._plugged = True
