"""A station whose till is another process: pumps, head office and people live on here when it dies (`till_process.py`).

It is the simulator's station, so the plays of the services and its checker run on it as they are. The books here are a
plain model, fed with what the till has acknowledged; whenever the till starts again, what it finds on the disk is held
against it (`acknowledged_books.py`).
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from pos_client.bootstrap.simulate.books import Crash
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.bootstrap.simulate.world import QUIET_STEPS, Rig
from pos_client.ports.store import Change
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from tests.fakes.acknowledged_books import AcknowledgedBooks
from tests.fakes.till_process import Plan, Wire, as_text

ROOT = Path(__file__).parents[2]
Play = Sequence[Callable[[Any], object]]
Tracer = Callable[[int], None]
"""Takes hold of a process before it begins."""
PATIENCE_S = 60.0
STARTS_IN_A_ROW = 8


class CannotStart(Crash):
    """The till said why it does not open its books, and ended."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Nursery:
    """Where tills come from: a process that is a till already, and forks."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(PATIENCE_S)

    def born(self, plan: Plan) -> tuple[int, Wire]:
        """A till's process number, and the way to it; it waits to be told the time."""
        if self._process is None:
            words = [sys.executable, "-m", "tests.fakes.till_process", "nursery"]
            self._process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{self._listening.getsockname()[1]} {as_text(plan)}\n")
        self._process.stdin.flush()
        number = int(self._process.stdout.readline())
        connection, _ = self._listening.accept()
        connection.settimeout(PATIENCE_S)
        return number, Wire(connection)

    def close(self) -> None:
        if self._process is not None:
            self._process.communicate(timeout=PATIENCE_S)
        self._listening.close()


@contextmanager
def nursery() -> Iterator[Nursery]:
    """Open for as long as the block runs."""
    opened = Nursery()
    try:
        yield opened
    finally:
        opened.close()


@dataclass(slots=True)
class Watched:
    """Counts of one till's life."""

    calls: int = 0
    struck: int = 0
    starts: int = 0
    rebuilt: int = 0
    refused: list[str] = field(default_factory=list)
    """why a start was refused"""


class RemoteRig(Rig):
    """`Rig` with its program elsewhere. `next_plan`: what the next start is to meet; later ones meet nothing."""

    store: AcknowledgedBooks  # type: ignore[assignment]

    def __init__(self, nursery: Nursery, plan: Plan, *, tracer: Tracer | None = None) -> None:
        self._nursery, self._calm = nursery, replace(plan, at=0)
        self._tracer = tracer
        self.next_plan = plan
        self.watched = Watched()
        self.number = 0
        self._wire: Wire | None = None
        super().__init__(store=AcknowledgedBooks())  # type: ignore[arg-type]

    # ── the program's life ─────────────────────────────────────────────────────────────────────────────────────

    def boot(self) -> None:
        """Somebody switches the computer on, until it stays on."""
        for _ in range(STARTS_IN_A_ROW):
            try:
                self._start()
            except Crash:
                self.die()
                continue
            return
        raise Violation("L1", f"it does not start: {self.watched.refused}")

    def _start(self) -> None:
        plan, self.next_plan = self.next_plan, self._calm
        self.watched.starts += 1
        self.number, self._wire = self._nursery.born(plan)
        tracer, self._tracer = self._tracer, None
        if tracer is not None:
            tracer(self.number)
        self.terminal = SimpleNamespace(snapshot=lambda: self._look()[0])  # type: ignore[assignment]
        self.alive = True
        self._wire.send("now", self.clock.now())
        self._until("rest")
        self.forecourt.attach()
        self.tell(m.Tick())

    def die(self, *, requests_arrive: bool = True) -> None:
        if self.alive:
            with suppress(ProcessLookupError):
                os.kill(self.number, signal.SIGKILL)
            self._gone()
        super().die(requests_arrive=requests_arrive)

    def close_books(self) -> None:
        """The till ends as it should."""
        assert self._wire is not None
        self._wire.send("close")
        try:
            self._until("never")
        except CannotStart as ended:
            hold(ended.code == "", "I14", f"the books did not close: {ended.code}")

    def mend(self) -> None:
        """Its disk is well from now on."""
        assert self._wire is not None
        self._wire.send("mend")

    def _gone(self) -> None:
        """Read what it still said, up to its last word."""
        if self._wire is not None:
            while (told := self._wire.receive()) is not None:
                self._hear_till(told)
            self._wire.close()
            self._wire = None

    # ── time and messages ──────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> None:
        for _ in range(QUIET_STEPS):
            if self.inbox:
                if self._wire is None:
                    self.inbox.clear()
                    return
                message = self.inbox.popleft()
                self._handling = message
                try:
                    self._wire.send("take", message, self.clock.now())
                except ConnectionError:
                    self._died()
                self._until("rest")
                self._drawn = None
                self.messages += 1
            elif not (self.forecourt.work() or self.central.work()):
                return
        raise Violation("L1", "the terminal does not come to rest")

    def _until(self, word: str) -> tuple[Any, ...]:
        assert self._wire is not None
        while (told := self._wire.receive()) is not None:
            self._hear_till(told)
            if told[0] == word:
                return told
            if told[0] == "closed":
                self.alive = False
                self._gone()
                raise CannotStart(told[1])
        self._died()
        raise AssertionError

    def _died(self) -> None:
        self.alive = False
        self._gone()
        raise Crash

    def _hear_till(self, told: tuple[Any, ...]) -> None:
        match told:
            case "opened", entries, books, rebuilt, key_trouble:
                hold(key_trouble is None, "I11", f"the chain: {key_trouble}")
                self.watched.rebuilt += rebuilt is not None
                self.store.found(tuple(entries), books)
            case "writing", change, at:
                self.store.under_way.append((change, at))
            case ("written",):
                self.store.written()
            case "refused", code:
                self.store.refusals.append(code)
            case "sealed", identifiers, secrets:
                self.envelopes.identifiers.update(identifiers)
                self.envelopes.secrets.update(secrets)
            case "call", call:
                self.central.send(call)
            case "forward", calls:
                self.central.forward_batch(calls)
            case "line", command:
                self.authorising(command)
                self.forecourt.send(command)
            case "restart_line", line:
                self.restarted_lines.append(line)
            case "print", printed:
                self.printer.print(printed)
            case "rest", notice, calls, struck:
                self.watched.calls, self.watched.struck = calls, struck
                self._hear(notice)
            case "closed", code, calls:
                self.watched.calls = calls
                if code:
                    self.watched.refused.append(code)

    @property
    def desk(self) -> Any:
        """What the till knows at this moment."""
        _, state, unwritten = self._look()
        return SimpleNamespace(state=state, unwritten=unwritten)

    @desk.setter
    def desk(self, desk: object) -> None:
        raise AssertionError(f"the till is another process; nobody puts {desk} here")

    def _look(self) -> tuple[TerminalSnapshot, Any, list[Change]]:
        assert self._wire is not None
        self._wire.send("look")
        _, snapshot, state, unwritten = self._until("seen")
        return snapshot, state, unwritten

    # ── coming to rest ─────────────────────────────────────────────────────────────────────────────────────────

    def play(self, steps: Play, *, people_go_on: bool, requests_arrive: bool) -> None:
        """A play in which the till may die; it is started again, and people go on or go home."""
        for step in steps:
            try:
                step(self)
            except Crash:
                self.restart(requests_arrive=requests_arrive)
                self.run()
                if not people_go_on:
                    return

    def evening(self) -> None:
        """All is settled and sold, the ledgers agree, the books are closed, and the chain over them is whole."""
        self.alive = True
        while self.alive:  # again, if it died while it did that
            self.play((_rest, RemoteRig.close_books), people_go_on=False, requests_arrive=True)
        self.store.stands_in(Path(self._calm.folder) / "journal.db")

    def sell_everything(self) -> None:
        for _ in range(200):
            if self.picture.sale is None:
                self.tell(m.SelectOldest())
            if self.look().sale is None:
                in_hand = [sale for sale in self.desk.state.sales.values() if sale.paid_at is None]
                if not in_hand:
                    return
                self.select(in_hand[0].fuelling.point)
            if self.look().sale is None:
                raise Violation("I16", "a sale that cannot be brought to the counter")
            self.pay()
        raise Violation("L1", "sales that cannot be finished")


def _rest(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(30)
    rig.check_ledgers()


@contextmanager
def station(nursery: Nursery, plan: Plan, tracer: Tracer | None = None) -> Iterator[RemoteRig]:
    """A station with a running till, which is gone when the block ends."""
    rig = RemoteRig(nursery, plan, tracer=tracer)
    try:
        yield rig
    finally:
        rig.alive = rig.alive or rig.number > 0
        rig.die()
