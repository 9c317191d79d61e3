"""One decision at a time, whoever else decides: twins, others in the way, a database that goes away."""

from __future__ import annotations

from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import text, update

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central import service as central_service
from pos_client.sandbox.central.counters import OURS
from pos_client.sandbox.central.ledger import funds, redemptions
from pos_client.sandbox.central.ledger.outcome import Answer, Refusal
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.service import Unavailable, load_keys
from pos_client.sandbox.central.storage.engine import open_database
from pos_client.sandbox.central.storage.tables import accounts
from tests.central import TERMINAL, TestClock, a_service, the_scenario

WHO = "000100001"
_DAY, _SECOND = timedelta(days=1), timedelta(seconds=1)


@pytest.fixture
def service(new_database):
    made = a_service(TestClock(), new_database())
    with made.book() as book:
        set_up(book, the_scenario())
    yield made
    made.engine.dispose()


@pytest.fixture
def two(postgres):
    """Two processes' services on one database."""
    url, clock = postgres.fresh_database(), TestClock()
    pair = [a_service(clock, url, seed) for seed in (1, 2)]
    with pair[0].book() as book:
        set_up(book, the_scenario())
    yield pair
    for each in pair:
        each.engine.dispose()


def done(_=None):
    return Answer(m.VoidAnswer(state="VOIDED"))


def code_of(reply):
    return codec.decode(reply.body, m.ProblemDocument).code


def test_a_twin_of_the_same_process_is_told_to_come_again_and_stores_nothing(service):
    twins = []

    def decide(_):
        twins.append(service.write(TERMINAL, "k", b"d", done))
        return done()

    assert service.write(TERMINAL, "k", b"d", decide).status == 200
    assert (twins[0].status, code_of(twins[0]), twins[0].retry_after_s) == (409, "operation-in-progress", 1)
    again = service.write(TERMINAL, "k", b"d", done)
    assert (again.status, again.replayed) == (200, True)


def test_a_twin_of_another_process_is_told_to_come_again(two):
    first, second = two
    twins = []

    def decide(_):
        twins.append(second.write(TERMINAL, "k", b"d", done))
        twins.append(second.write(TERMINAL, "another", b"d", done))
        return done()

    assert first.write(TERMINAL, "k", b"d", decide).status == 200
    assert [each.status for each in twins[:2]] == [409, 200]
    assert second.write(TERMINAL, "k", b"d", done).replayed


def test_who_was_in_somebodys_way_decides_anew_on_what_is_there_now(two):
    first, second = two
    seen = []

    def take(book, points):
        there = funds.available_points(book, WHO)
        funds.move(book, WHO, "elsewhere", points, "test")
        return there

    def decide(book):
        seen.append(funds.available_points(book, WHO))
        if len(seen) == 1:
            second.transact(lambda other: take(other, 1_000))
        return take(book, 500)

    assert first.transact(decide) == 185_400
    assert seen == [186_400, 185_400]
    with second.book() as book:
        assert funds.available_points(book, WHO) == 184_900


def counted() -> tuple[float, float]:
    """Decisions begun again, and given up, so far; as `/metrics` tells them."""
    again = OURS.get_sample_value("central_decisions_begun_again_total", {"isolation": central_service.ALONE}) or 0
    return again, OURS.get_sample_value("central_decisions_given_up_total") or 0


def test_who_is_always_in_somebodys_way_gives_up_changes_nothing_and_is_counted(two, monkeypatch):
    monkeypatch.setattr(central_service, "TRIES", 3)
    monkeypatch.setattr(central_service, "PAUSE_S_MAX", 0.0)
    first, second = two
    calls = []
    again, given_up = counted()

    def rename(book, name):
        book.db.execute(update(accounts).where(accounts.c.number == WHO).values(name=name))

    def decide(book):
        book.db.execute(text("SELECT name FROM accounts"))
        calls.append(1)
        second.transact(lambda other: rename(other, f"{len(calls)}"))
        rename(book, "mine")

    with pytest.raises(Unavailable, match="3 times"):
        first.transact(decide)
    with second.book() as book:
        assert book.db.scalar(text(f"SELECT name FROM accounts WHERE number = '{WHO}'")) == "3"
    assert counted() == (again + 3, given_up + 1)


def test_what_no_ledger_can_hold_is_malformed(two):
    with pytest.raises(MalformedMessage):
        two[0].transact(lambda book: redemptions.void(book, "r", "T\0", m.VoidRequest(reason="test")))


def test_a_database_that_goes_away_in_the_middle_is_told_of_and_comes_back_by_itself(two, postgres):
    first, _ = two

    def decide(book):
        funds.credit(book, WHO, "accrual", 100, book.today, "a")
        postgres.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'pos-%'")
        funds.credit(book, WHO, "accrual", 100, book.today, "b")

    with pytest.raises(Unavailable):
        first.transact(decide)
    with first.book() as book:
        assert funds.available_points(book, WHO) == 186_400
    assert first.write(TERMINAL, "k", b"d", done).status == 200


def test_a_sticky_no_is_stored_and_a_passing_one_is_not(service):
    for sticky in (True, False):
        key = f"k-{sticky}"
        service.write(TERMINAL, key, b"d", lambda _, s=sticky: Refusal("rate-limited", sticky=s))
        assert service.write(TERMINAL, key, b"d", done).replayed is sticky


def test_points_that_die_together_die_in_small_batches_of_one_process_at_a_time(two, monkeypatch):
    monkeypatch.setattr(funds, "SWEPT_AT_ONCE", 2)
    monkeypatch.setattr(funds.sweep, "__defaults__", (2,))
    first, second = two
    with first.book() as book:
        for number in range(5):
            funds.credit(book, "fund", "opening", 100, book.today, f"{number}")
    first.now.__self__.at += _DAY  # both have this clock
    with second._transaction() as leader:
        assert second.timers.run(leader)
        assert not first.bring_up_to_date(), "another is at it"
    first.now.__self__.at += _SECOND
    assert first.bring_up_to_date()
    assert not first.bring_up_to_date()
    with first.book() as book:
        assert (funds.lots_of(book, "fund"), funds.available_points(book, "fund")) == ([], 0)


def test_a_new_engine_on_the_same_database_knows_the_same_keys(postgres):
    url = postgres.fresh_database()
    engines = [open_database(url) for _ in range(2)]
    made = [load_keys(engine, Random(number)) for number, engine in enumerate(engines)]
    assert len({each.seals.public_b64 for each in made}) == 1
    for each in engines:
        each.dispose()
