"""Mistakes of the books: what is durable when, and what a restart finds."""

from __future__ import annotations

import copy
from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.bootstrap.simulate.world import Rig, WatchedStore
from pos_client.domain import facts as f
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Books, Change
from pos_client.services.desk import Desk


@mutant("lazy-fsync", "a commit is durable only when the next one comes: a power cut takes the last")
def _(replace: Replace) -> None:
    commit, boot = WatchedStore.commit, Rig.boot

    def lazy(self: Any, change: Change, at: Any) -> Any:
        self.before = {name: copy.copy(value) for name, value in vars(self).items() if name != "before"}
        return commit(self, change, at)

    def after_a_power_cut(self: Rig) -> None:
        if before := getattr(self.store, "before", None):
            for name in ("journal", "_subjects", "_items", "_totalizers"):
                setattr(self.store, name, before[name])
            self.store.before = None  # type: ignore[attr-defined]  # the mistake's own memory
        boot(self)

    replace(WatchedStore, "commit", lazy)
    replace(Rig, "boot", after_a_power_cut)


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
    flush = Desk._flush

    def reversed_first(self: Desk) -> None:
        self.unwritten.reverse()
        flush(self)

    replace(Desk, "_flush", reversed_first)
