"""Central's redemption from hold to its end, against a plain model: late messages, repeats, silence, evidence, time.

The model is the table of the protocol written down a second time, with deadlines as plain times (I1, I3, I4, I5, I13).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import customers, redemption_timers, redemptions, transfers
from pos_client.sandbox.central.ledger.outcome import Answer, Refusal
from pos_client.sandbox.central.overview import fund_sums
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage.engine import IN_MEMORY
from pos_client.sandbox.central.storage.tables import incidents
from pos_client.sandbox.central.storage.tables import redemptions as table
from tests.central import STATION, TERMINAL, TestClock, a_service, the_scenario
from tests.postgres import all_rows_gone

WHO, POINTS = "000100001", 186_400
NO_NEWS = {"VOIDED": "hold-voided", "EXPIRED": "hold-expired", "RELEASED": "hold-released"}
HOUR = timedelta(hours=1)


@dataclass
class Story:
    """One redemption as the model tells it."""

    points: int
    state: str
    until: datetime | None
    debited: int = 0
    owed: int = 0
    """by the station: fuel above the hold, or without one"""
    was_silent: bool = False


class Redemptions(RuleBasedStateMachine):
    """A few redemptions of one customer over many days."""

    database = IN_MEMORY

    @initialize()
    def open(self) -> None:
        if self.database != IN_MEMORY:
            all_rows_gone(self.database)
        self.clock = TestClock()
        self.service = a_service(self.clock, self.database)
        self.stories: dict[str, Story] = {}
        self.free = POINTS
        with self.service.book() as book:
            set_up(book, the_scenario())

    def teardown(self) -> None:
        if hasattr(self, "service"):
            self.service.engine.dispose()

    def one(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.stories)))

    @rule(points=st.integers(100, 80_000))
    def hold(self, points: int) -> None:
        name = f"r-{len(self.stories):03d}"
        with self.service.book() as book:
            asked = m.LookupRequest(identifier=m.IdentifierText(kind="id", text=WHO))
            found = customers.look_up(book, asked)
            assert isinstance(found, Answer)
            reference = found.message.customer_ref  # type: ignore[attr-defined]
            request = m.HoldRequest(station=STATION, customer_ref=reference, points=points, flow="pay")
            told = redemptions.hold(book, name, TERMINAL, request)
        fits = points <= self.free
        assert isinstance(told, Answer) == fits
        self.stories[name] = Story(points, *(("HELD", self.clock.at + HOUR / 12) if fits else ("DECLINED", None)))
        self.free -= points if fits else 0

    @precondition(lambda self: self.stories)
    @rule(data=st.data())
    def consent(self, data: st.DataObject) -> None:
        """As `verify` does when the code was right; codes have their own machine."""
        name = self.one(data)
        story = self.stories[name]
        with self.service.book() as book:
            row = redemption_timers.load(book, name)
            assert row is not None
            if row.state == "HELD":
                until = book.now_ms + redemption_timers.SILENCE_S * 1000
                redemption_timers.change(book, name, state="AUTHORISED", expires_ms=until)
        if story.state == "HELD":
            story.state, story.until = "AUTHORISED", self.clock.at + 24 * HOUR

    @precondition(lambda self: self.stories)
    @rule(data=st.data(), fuel=st.integers(0, 100_000))
    def capture(self, data: st.DataObject, fuel: int) -> None:
        name = self.one(data)
        story = self.stories[name]
        request = m.CaptureRequest(
            station=STATION,
            point=1,
            nozzle=1,
            grade_code="DO-005S",
            volume_ml=fuel,
            amount_vnd=fuel,
            end_totalizer_ml=1,
            fuelled_at="2026-11-23T08:00:00+07:00",
        )
        with self.service.book() as book:
            told = redemptions.capture(book, name, TERMINAL, request)
        if story.state in ("AUTHORISED", "SUSPENSE"):
            story.debited = min(fuel, story.points)
            story.owed = fuel - story.debited
            self.free += story.points - story.debited
            story.state, story.until = "CAPTURED", None
        if story.state == "CAPTURED":
            assert isinstance(told, Answer)
            answer = told.message
            assert (answer.points_debited, answer.excess_vnd) == (story.debited, story.owed)  # type: ignore[attr-defined]
        elif story.state in NO_NEWS:
            assert isinstance(told, Answer)
            assert told.message.shortfall_code == NO_NEWS[story.state]  # type: ignore[attr-defined]
            story.owed = story.owed or fuel
        else:
            assert isinstance(told, Refusal)
            assert told.code == "redemption-state-conflict"

    @rule(data=st.data(), is_known=st.booleans())
    def void(self, data: st.DataObject, is_known: bool) -> None:
        name = self.one(data) if is_known and self.stories else f"r-{len(self.stories):03d}"
        story = self.stories.setdefault(name, Story(0, "VOIDED", None))
        with self.service.book() as book:
            told = redemptions.void(book, name, TERMINAL, m.VoidRequest(reason="test"))
        assert isinstance(told, Refusal) == (story.state == "CAPTURED")
        if story.state in ("HELD", "AUTHORISED", "SUSPENSE"):
            self.end(story, "VOIDED")

    @precondition(lambda self: self.stories)
    @rule(data=st.data())
    def evidence(self, data: st.DataObject) -> None:
        name = self.one(data)
        story = self.stories[name]
        with self.service.book() as book:
            told = redemption_timers.release(book, name, "the counter did not move")
        assert isinstance(told, Refusal) == (story.state != "SUSPENSE")
        if story.state == "SUSPENSE":
            self.end(story, "RELEASED")

    @rule(hours=st.sampled_from([0.05, 0.08, 0.1, 1, 23, 24, 25, 48, 73]))
    def later(self, hours: float) -> None:
        self.clock.at += hours * HOUR
        for story in self.stories.values():
            if story.state == "AUTHORISED" and self.is_over(story):
                assert story.until is not None
                story.state, story.until, story.was_silent = "SUSPENSE", story.until + 48 * HOUR, True
            if story.state in ("HELD", "SUSPENSE") and self.is_over(story):
                self.end(story, "EXPIRED" if story.state == "HELD" else "RELEASED")

    def is_over(self, story: Story) -> bool:
        return story.until is not None and self.clock.at >= story.until

    def end(self, story: Story, state: str) -> None:
        story.state, story.until = state, None
        self.free += story.points

    @invariant()
    def they_agree(self) -> None:
        if not hasattr(self, "service"):
            return
        with self.service.book() as book:
            states = {row.id: row.state for row in book.db.execute(select(table.c.id, table.c.state))}
            sums, fund = transfers.sums(book), fund_sums(book, WHO)
            alarms = book.db.scalars(select(incidents.c.redemption_id).where(incidents.c.kind == "suspense")).all()
        lying = {"HELD": 0, "AUTHORISED": 0, "SUSPENSE": 0}
        for story in self.stories.values():
            if story.state in lying:
                lying[story.state] += story.points
        assert states == {name: story.state for name, story in self.stories.items()}
        assert (fund["available"], fund["held"], fund["balanced"]) == (self.free, sum(lying.values()), True)
        assert sums.get(f"@held:{WHO}", 0) == lying["HELD"] + lying["AUTHORISED"]
        assert sums.get(f"@suspense:{WHO}", 0) == lying["SUSPENSE"]
        owed = sum(story.owed for story in self.stories.values())
        assert sums.get(f"@shortfall:{STATION}", 0) + sums.get(f"@excess:{STATION}", 0) == -owed
        assert sums.get("@spent", 0) == owed + sum(story.debited for story in self.stories.values())
        assert sum(sums.values()) == 0
        assert sorted(alarms) == sorted(name for name, story in self.stories.items() if story.was_silent)


TestRedemptions = pytest.mark.timeout(240)(Redemptions.TestCase)
TestRedemptions.settings = settings(max_examples=10, stateful_step_count=25, deadline=None)


@pytest.mark.timeout(240)
def test_the_same_on_postgresql(postgres):
    class OnServer(Redemptions):
        database = postgres.fresh_database()

    run_state_machine_as_test(OnServer, settings=settings(max_examples=3, stateful_step_count=25, deadline=None))
