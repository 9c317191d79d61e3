"""Random decisions on the book on disk and on the plain model: they have to agree after each, and after a restart."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import apsw
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pos_client.adapters.sqlite.store import SqliteStore, open_store
from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.domain.facts import FuellingCompleted, SaleOpened, SalePaid, TotalizerNoted
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, SaleId
from pos_client.domain.outbox import DeliveryState
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change
from tests.contracts.store_contract import AT, fuelled, item, sold
from tests.fakes.disk import FaultyDisk

texts = st.text(st.characters(codec="utf-8"), max_size=12)
subjects = st.sampled_from(["a", "b", "c", "đ"])
nozzles = st.integers(1, 2)
ends = st.integers(1, 4)
facts = st.one_of(
    st.builds(fuelled, st.just(1), nozzles, ends),
    st.builds(sold, st.just(1), nozzles, ends, st.integers(1, 2)),
    st.builds(SaleOpened, subjects.map(SaleId), texts.map(FuellingId), texts),
    st.builds(SalePaid, subjects.map(SaleId), texts, st.integers(0, 10**9), texts, texts),
    st.builds(
        TotalizerNoted, texts, st.integers(1, 99).map(PointId), st.integers(1, 15).map(NozzleId), st.integers(0, 2**50)
    ),
)
items = st.builds(
    lambda n, state, attempts, problem: replace(item(n, state), attempts=attempts, last_problem=problem),
    st.integers(1, 4),
    st.sampled_from(DeliveryState),
    st.integers(0, 50),
    st.none() | texts,
)
readings = st.tuples(
    st.integers(1, 3).map(PointId), st.integers(1, 2).map(NozzleId), st.integers(0, 2**50), st.integers(0, 2**50)
)
changes = st.builds(
    Change,
    st.lists(facts, max_size=4).map(tuple),
    st.lists(items, max_size=3).map(tuple),
    st.lists(readings, max_size=3).map(tuple),
    st.lists(subjects, max_size=2).map(tuple),
)


class StoresAgree(RuleBasedStateMachine):
    @initialize()
    def open(self) -> None:
        self.folder = TemporaryDirectory(prefix="stores-agree-")
        self.disk = FaultyDisk()
        self.model = MemoryStore()
        self.store: SqliteStore = open_store(Path(self.folder.name) / "journal.db", chain_key=b"k")

    @rule(change=changes)
    def commit(self, change: Change) -> None:
        assert tuple(self.store.commit(change, AT)) == tuple(self.model.commit(change, AT))

    @rule(change=changes, at=st.integers(1, 6), fault=st.sampled_from([apsw.FullError, apsw.IOError]))
    def commit_on_a_failing_disk(self, change: Change, at: int, fault: type[apsw.Error]) -> None:
        self.disk.fail(fault, at)
        try:
            self.store.commit(change, AT)
        except Unavailable:
            pass
        else:
            self.model.commit(change, AT)
        finally:
            self.disk.mend()

    @rule()
    def restart(self) -> None:
        self.store.close()
        self.store = open_store(Path(self.folder.name) / "journal.db", chain_key=b"k")

    @rule(subject=subjects, limit=st.integers(0, 9))
    def look(self, subject: str, limit: int) -> None:
        assert tuple(self.store.entries_of(subject)) == tuple(self.model.entries_of(subject))
        assert tuple(self.store.recent(limit)) == tuple(self.model.recent(limit))
        assert tuple(self.store.entries_after(limit)) == tuple(self.model.entries_after(limit))

    @rule(nozzle=st.integers(1, 2).map(NozzleId), after=st.integers(0, 9), length=st.none() | st.integers(0, 9))
    def look_behind_a_nozzle(self, nozzle: NozzleId, after: int, length: int | None) -> None:
        until, kinds = None if length is None else after + length, (FuellingCompleted, SaleOpened)
        there = self.store.stories_at(PointId(1), nozzle, after, until, kinds)
        assert tuple(there) == tuple(self.model.stories_at(PointId(1), nozzle, after, until, kinds))

    @invariant()
    def same_books(self) -> None:
        if hasattr(self, "store"):
            assert self.store.open_books() == self.model.open_books()

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.disk.unregister()
            self.folder.cleanup()


TestStoresAgree = StoresAgree.TestCase
TestStoresAgree.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
