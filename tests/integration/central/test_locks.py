"""Many who want the same thing at the same moment: what is told and what is kept agree, whoever was first.

On PostgreSQL two services of two processes' kind share one database; on SQLite all queue for one connection.
"""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from pos_client.domain.customer import ConsentMethod
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import challenges, customers, funds, redemption_timers, redemptions, transfers
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.service import BY_LOCKS, CentralService, Unavailable
from pos_client.sandbox.central.storage import ledger_tables as t
from pos_client.sandbox.central.storage.tables import challenges as asked_for
from pos_client.sandbox.central.storage.tables import redemptions as held
from tests.central import STATION, TERMINAL, TestClock, a_service, the_scenario

WHO = "000100001"
POINTS, FUEL = 1_000, 600
KEYS = itertools.count()


class Ledger:
    """One database, as many services as may share it, and answers by name of who asked."""

    def __init__(self, url: str) -> None:
        self.clock = TestClock()
        self.services: list[CentralService] = [a_service(self.clock, url, 1)]
        if url.startswith("postgresql"):
            self.services.append(a_service(self.clock, url, 2))
        with self.services[0].book() as book:
            set_up(book, the_scenario())
            self.reference = referred(book)
            self.before = funds.available_points(book, WHO)

    def write(self, decide: Callable[..., Any], *how: Any, service: int = 0, key: str = "") -> Any:
        """What came of it: the answer or the problem; asked again while somebody is in the way."""
        one, key = self.services[service % len(self.services)], key or f"k{next(KEYS)}"
        while True:
            try:
                reply = one.write(TERMINAL, key, b"digest", lambda book: decide(book, *how), BY_LOCKS)
            except Unavailable:
                continue
            if reply.status != 409 or b"operation-in-progress" not in reply.body:
                return reply

    def authorised(self, name: str) -> None:
        """A hold whose consent was given: the code is known to this test, as it is to nobody else."""
        assert self.write(redemptions.hold, name, TERMINAL, self.asked()).status == 201
        with self.services[0].book() as book:
            redemption_timers.change(
                book, name, state=State.AUTHORISED.value, permit="permit", expires_ms=book.now_ms + 9**9
            )

    def asked(self, points: int = POINTS) -> m.HoldRequest:
        return m.HoldRequest(station=STATION, customer_ref=self.reference, points=points, flow="pay")

    def at_once(self, works: list[Callable[[], Any]]) -> list[Any]:
        """All of them from one line."""
        line = threading.Barrier(len(works))

        def run(work: Callable[[], Any]) -> Any:
            line.wait()
            return work()

        with ThreadPoolExecutor(len(works)) as pool:
            return [each.result() for each in [pool.submit(run, work) for work in works]]

    def told(self, what: Callable[..., Any]) -> Any:
        with self.services[0].book() as book:
            return what(book)

    def check(self) -> dict[str, int]:
        """Double entry agrees with the lots, no account of a customer is below nothing; the sums."""

        def look(book):
            sums = transfers.sums(book)
            lots = select(t.lots.c.fund, func.sum(t.lots.c.points_left)).group_by(t.lots.c.fund)
            there = {fund: int(points) for fund, points in book.db.execute(lots)}
            holds = select(t.hold_lots.c.fund, func.sum(t.hold_lots.c.points)).group_by(t.hold_lots.c.fund)
            aside = {fund: int(points) for fund, points in book.db.execute(holds)}
            for fund, points in there.items():
                lies_aside = sums.get(transfers.held(fund), 0) + sums.get(transfers.suspense(fund), 0)
                assert (sums[fund], transfers.balance(book, fund), lies_aside) == (points, points, aside.get(fund, 0))
            assert sum(sums.values()) == 0
            return sums

        found: dict[str, int] = self.told(look)
        return found


def referred(book: Any) -> str:
    """A new look-up's reference."""
    found: Any = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text=WHO)))
    return str(found.message.customer_ref)


def capture_request(amount: int = FUEL) -> m.CaptureRequest:
    return m.CaptureRequest(
        station=STATION,
        point=1,
        nozzle=1,
        grade_code="DO-005S",
        volume_ml=60,
        amount_vnd=amount,
        end_totalizer_ml=1,
        fuelled_at="2026-11-23T08:00:00+07:00",
    )


@pytest.fixture
def ledger(new_database):
    made = Ledger(new_database())
    yield made
    made.check()
    for each in made.services:
        each.engine.dispose()


def test_one_hold_however_many_keys_ask_for_it(ledger):
    works = [
        lambda n=n: ledger.write(redemptions.hold, "r", TERMINAL, ledger.asked(), service=n) for n in range(8)
    ]  # fmt: skip
    statuses = sorted(reply.status for reply in ledger.at_once(works))
    assert statuses == [201, *[409] * 7]
    assert ledger.check()[transfers.held(WHO)] == POINTS


def test_holds_of_one_fund_never_take_more_than_there_is(ledger):
    points = ledger.before // 3 // 500 * 500
    works = [
        lambda n=n: ledger.write(redemptions.hold, f"r{n}", TERMINAL, ledger.asked(points), service=n)
        for n in range(8)
    ]  # fmt: skip
    placed = [reply for reply in ledger.at_once(works) if reply.status == 201]
    assert len(placed) == 3
    live = select(func.count()).where(asked_for.c.state == challenges.LIVE)
    assert ledger.told(lambda book: book.db.scalar(live)) == 1, "a customer has one live challenge"


def test_two_keys_and_their_twins_capture_once(ledger):
    ledger.authorised("r")
    works = [
        lambda n=n: ledger.write(redemptions.capture, "r", TERMINAL, capture_request(), service=n, key=f"c{n % 2}")
        for n in range(8)
    ]  # fmt: skip
    bodies = {reply.body for reply in ledger.at_once(works)}
    assert [codec.decode(body, m.CaptureAnswer).points_debited for body in bodies] == [FUEL]
    assert ledger.check()[WHO] == ledger.before - FUEL


def test_a_void_against_captures_is_a_debit_or_one_shortfall_never_both(ledger):
    for number in range(4):
        name, before = f"r{number}", ledger.check()
        ledger.authorised(name)
        void: list[Callable[[], Any]] = [
            partial(ledger.write, redemptions.void, name, TERMINAL, m.VoidRequest(reason="test"), service=n)
            for n in range(2)
        ]
        capture = [
            partial(ledger.write, redemptions.capture, name, TERMINAL, capture_request(), service=n) for n in range(3)
        ]
        told = [codec.decode(reply.body, m.CaptureAnswer).state for reply in ledger.at_once(void + capture)[2:]]
        after = ledger.check()
        owed = after.get(transfers.shortfall(STATION), 0) - before.get(transfers.shortfall(STATION), 0)
        assert (set(told), before[WHO] - after[WHO], -owed) in (({"CAPTURED"}, FUEL, 0), ({"SHORTFALL"}, 0, FUEL))


def test_time_against_captures(ledger):
    for number in range(3):
        name, before = f"r{number}", ledger.check()
        ledger.write(redemptions.hold, name, TERMINAL, ledger.asked())
        ledger.told(lambda book, r=name: redemption_timers.change(book, r, state=State.SUSPENSE.value))
        ledger.told(lambda book, r=name: funds.suspend(book, r, WHO, POINTS))
        ledger.clock.at += timedelta(seconds=301)
        works: list[Callable[[], Any]] = [each.bring_up_to_date for each in ledger.services]
        works += [
            partial(ledger.write, redemptions.capture, name, TERMINAL, capture_request(), service=n) for n in range(3)
        ]
        ledger.at_once(works)
        after = ledger.check()
        owed = after.get(transfers.shortfall(STATION), 0) - before.get(transfers.shortfall(STATION), 0)
        assert (before[WHO] - after[WHO], -owed) in ((FUEL, 0), (0, FUEL))
        ledger.reference = ledger.told(referred)


def test_wrong_codes_at_once_are_all_counted(ledger):
    subject = f"account:{WHO}"
    ledger.write(redemptions.hold, "r", TERMINAL, ledger.asked())
    issued = ledger.told(
        lambda book: challenges.issue(book, "r", challenges.credential(book, subject), ConsentMethod.OTP)
    )

    def guess(service: CentralService) -> Any:
        def work(book):
            whose = challenges.credential(book, subject)
            if whose.lock is not None:
                return "locked"
            challenge = challenges.find(book, "r", issued.challenge_id)
            assert challenge is not None
            return challenges.attempt(book, challenge, whose, b"wrong")

        return service.transact(work, BY_LOCKS)

    each = [lambda n=n: guess(ledger.services[n % len(ledger.services)]) for n in range(8)]
    told = ledger.at_once(each)
    assert told.count("locked") == 3, "five were looked at, whoever came first"


def test_the_database_itself_refuses_what_must_not_happen_twice(ledger):
    ledger.authorised("r")
    ledger.write(redemptions.capture, "r", TERMINAL, capture_request())
    for kind, points in (("redemption", 1), ("elsewhere", 10**9)):
        with pytest.raises(IntegrityError), ledger.services[0].book() as book:
            transfers.post(book, WHO, transfers.SPENT, kind, points, "r")
    row = {"redemption_id": "r", "entry_id": 1, "fund": WHO, "points": 1}
    with pytest.raises(IntegrityError), ledger.services[0].book() as book:
        book.db.execute(insert(t.hold_lots), [row, row])
    assert ledger.told(lambda book: book.db.scalar(select(held.c.points_debited).where(held.c.id == "r"))) == FUEL
