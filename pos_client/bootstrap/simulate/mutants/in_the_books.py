"""Mistakes of the books: what is durable when, and what a restart finds."""

from __future__ import annotations

import copy
from dataclasses import replace as changed
from typing import Any

from pos_client.adapters.sqlite import connection
from pos_client.bootstrap.simulate.books import WatchedStore
from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Books, Change
from pos_client.services.desk import Desk


@mutant("lazy-fsync", "a commit is durable only when the next one comes: a power cut takes the last")
def _(replace: Replace) -> None:
    commit = WatchedStore.commit

    def lazy(self: Any, change: Change, at: Any) -> Any:
        self.before = {name: copy.copy(value) for name, value in vars(self).items() if name != "before"}
        return commit(self, change, at)

    def power_cut(self: Any) -> None:
        if before := getattr(self, "before", None):
            vars(self).update({name: before[name] for name in ("journal", "_subjects", "_items", "_totalizers")})
            self.before = None

    replace(WatchedStore, "commit", lazy)
    replace(WatchedStore, "power_cut", power_cut)


@mutant("no-fsync", "the real store does not wait for the disk")
def _(replace: Replace) -> None:
    replace(connection, "PRAGMAS", tuple(_lazily(pragma) for pragma in connection.PRAGMAS))


def _lazily(pragma: tuple[str, str, int | str]) -> tuple[str, str, int | str]:
    return ("synchronous", "OFF", 0) if pragma[0] == "synchronous" else pragma


@mutant("lazy-wal", "the real store syncs its log only now and then (synchronous=NORMAL)")
def _(replace: Replace) -> None:
    normal = [p if p[0] != "synchronous" else ("synchronous", "NORMAL", 1) for p in connection.PRAGMAS]
    replace(connection, "PRAGMAS", tuple(normal))


@mutant("half-a-transaction", "facts and queue are written one after the other, not together")
def _(replace: Replace) -> None:
    commit = WatchedStore.commit

    def in_two(self: Any, change: Change, at: Any) -> Any:
        entries = commit(self, changed(change, items=()), at)
        if change.items:
            commit(self, Change(items=change.items), at)
        return entries

    replace(WatchedStore, "commit", in_two)


@mutant("believes-before-it-writes", "what the disk refused is believed all the same")
def _(replace: Replace) -> None:
    write = Desk._write

    def trusting(self: Desk, change: Change) -> None:
        try:
            write(self, change)
        except Unavailable:
            self.state.store_ok = False

    replace(Desk, "_write", trusting)


def _without(**less: Any) -> Any:
    """Books that lack something when they are opened."""
    open_books = WatchedStore.open_books

    def opened(self: Any) -> Books:
        return changed(open_books(self), **less)

    return opened


@mutant("restart-forgets-the-queue", "after a restart nobody sends what waited")
def _(replace: Replace) -> None:
    boot = Rig.boot

    def forgetful(self: Rig) -> None:
        boot(self)
        for item in list(self.desk.state.outbox):
            if self.store.commits > 1:
                self.desk.state.outbox.pop(item)

    replace(Rig, "boot", forgetful)


@mutant("restart-forgets-totalizers", "after a restart the meters are read as if for the first time")
def _(replace: Replace) -> None:
    replace(WatchedStore, "open_books", _without(totalizers={}))


@mutant("closed-too-early", "a fuelling's story is closed when it is claimed, and a restart does not read it again")
def _(replace: Replace) -> None:
    record = Desk.record

    def closing(self: Desk, *facts: Any, closed: tuple[str, ...] = (), **rest: Any) -> None:
        claimed = tuple(x.fuelling_id for x in facts if isinstance(x, f.SaleOpened))
        record(self, *facts, closed=(*closed, *claimed), **rest)

    replace(Desk, "record", closing)


@mutant("backlog-out-of-order", "what the disk refused is written after what came later")
def _(replace: Replace) -> None:
    flush = Desk.flush

    def reversed_first(self: Desk) -> None:
        self.unwritten.reverse()
        flush(self)

    replace(Desk, "flush", reversed_first)
