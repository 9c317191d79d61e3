"""Several processes that answer on one listening socket, over one PostgreSQL.

Each has its own service, and nothing in memory that another would need: keys, sessions, tries and limits lie in the
database, whose decisions are serialisable whoever makes them. The process that starts them keeps the control address
and the portal; the clock it moves is one number that all of them look at. Faults of the network are the single
process' alone: they cut connections at a relay, which several processes do not have.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import shutil
import signal
import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait
from multiprocessing.sharedctypes import Synchronized
from multiprocessing.synchronize import Event
from random import SystemRandom

from pos_client.domain.programme import Profile
from pos_client.sandbox.central import log_lines
from pos_client.sandbox.central.app import contract_of
from pos_client.sandbox.central.authority import named
from pos_client.sandbox.central.clock import MovableClock
from pos_client.sandbox.central.faults import Faults
from pos_client.sandbox.central.metrics import SHARED_FOLDER
from pos_client.sandbox.central.relay import Relay
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.serving import LOOPBACK, serve_all
from pos_client.sandbox.central.storage.engine import open_database
from pos_client.sandbox.central.timers import keep_running

START_S, END_S = 60.0, 10.0
_LOOK_S = 0.5
_SPAWN = multiprocessing.get_context("spawn")


class NoRelay(Relay):
    """Connections of several processes cannot be refused or cut from here."""

    def __init__(self, port: int) -> None:
        super().__init__(LOOPBACK, port, port)

    def refuse(self) -> None:
        """Raises `LookupError`."""
        raise LookupError("faults of the network need a single process; start without --workers")

    async def listen(self) -> None:
        """The workers listen."""


class NoFaults(Faults):
    """No fault can be switched on."""

    def add(self, fault: object) -> None:
        """Raises `LookupError`."""
        raise LookupError("faults of the network need a single process; start without --workers")


def shared_clock() -> MovableClock:
    """A clock that workers can be given."""
    return MovableClock(_SPAWN.Value("q", 0))


@contextmanager
def workers(
    number: int,
    database: str,
    profile: Profile,
    bound: socket.socket,
    clock: MovableClock,
    logs: bool = False,
    behind_proxy: bool = False,
) -> Iterator[Ended]:
    """So many processes that serve the contract on this socket, for as long as the block.

    Raises `OSError` when one does not come up.
    """
    stop = _SPAWN.Event()
    counted = tempfile.mkdtemp(prefix="pos-central-metrics-")
    os.environ[SHARED_FOLDER] = counted
    pipes = [_SPAWN.Pipe(duplex=False) for _ in range(number)]
    bound.listen(1024)
    started = [
        _SPAWN.Process(
            target=_work,
            args=(database, profile, bound, clock.offset, stop, said, logs, behind_proxy),
            name=f"central-{index}",
            daemon=True,
        )
        for index, (_, said) in enumerate(pipes)
    ]
    try:
        for process, (_, said) in zip(started, pipes, strict=True):
            process.start()
            said.close()
        for heard, _ in pipes:
            if not heard.poll(START_S) or not _is_up(heard):
                raise OSError("a worker did not come up; its words are above")
        yield Ended([process.sentinel for process in started])
    finally:
        stop.set()
        for process in started:
            if process.pid is not None:
                process.join(END_S)
                process.kill()
                process.join()
        del os.environ[SHARED_FOLDER]
        shutil.rmtree(counted, ignore_errors=True)


class Ended:
    """Whether a worker is gone that should not be."""

    def __init__(self, sentinels: list[int]) -> None:
        self._sentinels = sentinels

    def wait_for(self, stop: threading.Event) -> None:
        """Until `stop`, or until a worker has ended by itself. Raises `OSError` then."""
        while not stop.is_set():
            if wait(self._sentinels, _LOOK_S):
                raise OSError("a worker has ended by itself; its words are above")


def _is_up(heard: object) -> bool:
    try:
        return bool(heard.recv())  # type: ignore[attr-defined]
    except EOFError:
        return False


def _work(
    database: str,
    profile: Profile,
    bound: socket.socket,
    offset: Synchronized[int],
    stop: Event,
    said: object,
    logs: bool,
    behind_proxy: bool,
) -> None:
    """The life of one worker."""
    if logs:
        log_lines.install()
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole group; who started us ends us
    signal.signal(signal.SIGTERM, lambda *_: stop.set())
    engine = open_database(database)
    dice = SystemRandom()
    service = CentralService(engine, MovableClock(offset).now, profile, dice, load_keys(engine, dice))
    starter = multiprocessing.parent_process()
    assert starter is not None  # nobody calls this but `workers`

    async def ready() -> None:
        said.send(True)  # type: ignore[attr-defined]

    def until() -> None:
        while not stop.wait(_LOOK_S) and starter.is_alive():
            pass

    try:
        with keep_running(service):
            is_ours = named(*_place(bound), behind_proxy=behind_proxy)
            asyncio.run(serve_all([(contract_of(service, is_ours), bound)], ready, until))
    finally:
        engine.dispose()


def _place(bound: socket.socket) -> tuple[str, Callable[[], int]]:
    host, port, *_ = bound.getsockname()
    return str(host), lambda: int(port)
