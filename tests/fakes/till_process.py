"""A till as a process of its own that can be killed anywhere: the production core over the production books.

Pumps, head office and printer stay with whoever started it (`remote_till.py`); every command, call and receipt crosses
to them over a socket, and so does the acknowledgement of each commit, sent when the store has said that it is durable.
Nothing is kept back: what the process had not sent when it died never happened, as far as the rest of the world knows.

    till_process.py PORT PLAN     one till; PLAN is a `Plan` as JSON
    till_process.py nursery       forks a till, ready to run, for every line `PORT PLAN` it reads; answers its number
"""

from __future__ import annotations

import copyreg
import json
import logging
import os
import pickle
import signal
import socket
import struct
import sys
from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from pos_client.adapters.claims.one_forecourt import OneForecourtClaims
from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.adapters.system_clock import SystemDice
from pos_client.bootstrap import loading
from pos_client.bootstrap.books import ChainKeyFound, open_books, take_chain_key
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.simulate.envelopes import Envelopes, FakeWire
from pos_client.bootstrap.simulate.world import SETTINGS
from pos_client.domain.acknowledgement import JournalEnd, JournalRow
from pos_client.domain.facts import Fact
from pos_client.domain.identifiers import IdempotencyKey, NozzleId, PointId, VoucherId
from pos_client.domain.journal import JournalEntry
from pos_client.domain.moment import Moment
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.programme.profile import Profile
from pos_client.ports.central import EncodedCall
from pos_client.ports.dispensers import DispenserCommand
from pos_client.ports.errors import Unavailable
from pos_client.ports.peripherals import Printed
from pos_client.ports.reports import BooksReported
from pos_client.ports.store import Books, Change
from pos_client.services.desk import Desk
from pos_client.services.terminal import Terminal
from tests.fakes.acknowledged_books import CHAIN_KEY
from tests.fakes.storage_calls import StorageCalls

HEAD = struct.Struct("<I")
copyreg.pickle(MappingProxyType, lambda proxy: (dict, (dict(proxy),)))  # type: ignore[arg-type, return-value]  # nobody writes to what he is told


@dataclass(frozen=True, slots=True)
class Plan:
    """Where a till works, and which of its storage calls ends badly. `at` 0: none."""

    folder: str
    mirror: str = ""
    at: int = 0
    what: str = "kill"
    """kill, full (ENOSPC) or failing (EIO)"""
    lasting: bool = False
    """every call from there on; until the reserve is given up, when the disk is full"""
    pragma: str = ""
    """a durability the books are deprived of, to show that the tests notice"""


class Wire:
    """Pickled messages with their length in front, both ways; each is one send."""

    def __init__(self, connection: socket.socket) -> None:
        self._socket = connection
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._got = b""

    def send(self, *message: object) -> None:
        raw = pickle.dumps(message)
        self._socket.sendall(HEAD.pack(len(raw)) + raw)

    def receive(self) -> tuple[Any, ...] | None:
        """The next message; None: the other end is gone."""
        if (head := self._exactly(HEAD.size)) is None or (raw := self._exactly(*HEAD.unpack(head))) is None:
            return None
        message: tuple[Any, ...] = pickle.loads(raw)
        return message

    def close(self) -> None:
        self._socket.close()

    def _exactly(self, size: int) -> bytes | None:
        while len(self._got) < size:
            try:
                piece = self._socket.recv(1 << 20)
            except ConnectionError:
                return None
            if not piece:
                return None
            self._got += piece
        raw, self._got = self._got[:size], self._got[size:]
        return raw


class ToldEnvelopes(Envelopes):
    """What is sealed here can be opened where head office is."""

    def __init__(self, wire: Wire) -> None:
        super().__init__()
        self._wire = wire

    def _token(self, kind: str) -> str:
        return f"sealed-{kind}-{os.urandom(12).hex()}"

    def tell(self) -> None:
        self._wire.send("sealed", self.identifiers, self.secrets)
        self.identifiers, self.secrets = {}, {}


class ToldStore:
    """The real store; says what it is going to write, and that it is written."""

    def __init__(self, store: SqliteStore, wire: Wire) -> None:
        self._store, self._wire = store, wire

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        self._wire.send("writing", change, at)
        try:
            entries = self._store.commit(change, at)
        except Unavailable as refused:
            self._wire.send("refused", refused.code)
            raise
        self._wire.send("written")
        return entries

    def journal_end(self) -> JournalEnd:
        return self._store.journal_end()

    def rows_from(self, seq: int, limit: int) -> Sequence[JournalRow]:
        return self._store.rows_from(seq, limit)

    def open_books(self) -> Books:
        return self._store.open_books()

    def entries_of(self, subject: str) -> Sequence[JournalEntry]:
        return self._store.entries_of(subject)

    def entries_after(self, seq: int) -> Sequence[JournalEntry]:
        return self._store.entries_after(seq)

    def last_of(self, subject: str) -> JournalEntry | None:
        return self._store.last_of(subject)

    def delivered_in(self, first: int, last: int) -> Sequence[IdempotencyKey]:
        return self._store.delivered_in(first, last)

    def delivered(self, key: IdempotencyKey) -> OutboxItem | None:
        return self._store.delivered(key)

    def is_spent(self, voucher_id: VoucherId) -> bool:
        return self._store.is_spent(voucher_id)

    def stories_at(
        self, point: PointId, nozzle: NozzleId, after: int, until: int | None, kinds: Collection[type[Fact]]
    ) -> Sequence[JournalEntry]:
        return self._store.stories_at(point, nozzle, after, until, kinds)

    def recent(self, limit: int) -> Iterable[JournalEntry]:
        return self._store.recent(limit)

    def waiting_items(self) -> Sequence[OutboxItem]:
        return self._store.waiting_items()


@dataclass(slots=True)
class Edges:
    """Dispensers, head office and printer: all beyond the socket."""

    wire: Wire
    envelopes: ToldEnvelopes

    def send(self, call: EncodedCall | DispenserCommand) -> None:
        if isinstance(call, EncodedCall):
            self.envelopes.tell()
            self.wire.send("call", call)
        else:
            self.wire.send("line", call)

    def forward(self, call: EncodedCall) -> None:
        self.envelopes.tell()
        self.wire.send("forward", (call,))

    def forward_batch(self, calls: tuple[EncodedCall, ...]) -> None:
        self.envelopes.tell()
        self.wire.send("forward", calls)

    def stream(self, call: EncodedCall) -> None:
        self.wire.send("forward", (call,))

    def restart_line(self, line: str) -> None:
        self.wire.send("restart_line", line)

    def print(self, printed: Printed) -> None:
        self.wire.send("print", printed)


def run(wire: Wire, plan: Plan, profile: Profile) -> None:
    """A till from its start to the end of the connection."""
    first = wire.receive()
    if first is None:
        return
    now: Moment = first[1]
    calls = StorageCalls(plan.at, plan.what, lasting=plan.lasting, pragma=plan.pragma)
    with calls.installed():
        try:
            books = open_books(Site(Path(plan.folder)), plan.mirror)
        except Unavailable as trouble:
            wire.send("closed", trouble.code, calls.count)
            return
        store = books.store
        key = take_chain_key(store, ChainKeyFound(CHAIN_KEY, fresh=False))
        wire.send("opened", store.entries_after(0), store.open_books(), books.rebuilt, key.trouble)
        edges = Edges(wire, ToldEnvelopes(wire))
        desk = Desk(
            settings=SETTINGS,
            forecourt=SETTINGS.forecourt(),
            profile=profile,
            store=ToldStore(store, wire),
            dispensers=edges,
            claims=OneForecourtClaims(),
            central=edges,
            wire=FakeWire(edges.envelopes),
            printer=edges,
            dice=SystemDice(),
            now=now,
        )
        terminal = Terminal(desk, "test", "test")
        try:
            terminal.start(now)
        except Unavailable as trouble:
            wire.send("closed", trouble.code, calls.count)
            return
        wire.send("rest", desk.state.notice, calls.count, calls.struck)
        told: str | None = None
        if books.rebuilt is not None:
            terminal.take(BooksReported(books.rebuilt.rows, books.rebuilt.aside.name), now)
        while (asked := wire.receive()) is not None:
            match asked:
                case "take", message, moment:
                    terminal.take(message, moment)
                    if store.mirror_trouble != told:
                        told = store.mirror_trouble
                        terminal.take(BooksReported(mirror_trouble=told), moment)
                    wire.send("rest", desk.state.notice, calls.count, calls.struck)
                case ("look",):
                    wire.send("seen", terminal.snapshot(), desk.state, list(desk.unwritten))
                case ("mend",):
                    calls.mend()
                case ("close",):
                    store.close()
                    wire.send("closed", "", calls.count)
                    return


def child(port: int, plan: Plan, profile: Profile) -> None:
    connection = socket.create_connection(("127.0.0.1", port))
    run(Wire(connection), plan, profile)


def nursery() -> None:
    """Forks a till for every line; the parent opens no book, so nothing of SQLite is carried over a fork."""
    profile = loading.profile(resources())
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        port, _, plan = line.partition(" ")
        number = os.fork()
        if number == 0:
            os.close(0)
            os.close(1)
            child(int(port), Plan(**json.loads(plan)), profile)
            os._exit(0)
        sys.stdout.write(f"{number}\n")
        sys.stdout.flush()


def as_text(plan: Plan) -> str:
    return json.dumps(asdict(plan))


if __name__ == "__main__":
    logging.disable(logging.CRITICAL)
    if sys.argv[1] == "nursery":
        nursery()
    else:
        child(int(sys.argv[1]), Plan(**json.loads(sys.argv[2])), loading.profile(resources()))
