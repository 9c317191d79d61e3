"""What time brings is done in batches: holds and vouchers end, and what is too old to matter is thrown away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Table, func, insert, select

from pos_client.protocols.central.messages import TimeAnswer
from pos_client.sandbox.central.ledger import funds, pools, pruning, redemption_timers, transfers, voucher_desk
from pos_client.sandbox.central.ledger.outcome import Answer
from pos_client.sandbox.central.ledger.pruning import KEPT
from pos_client.sandbox.central.ledger.redemption_states import State
from pos_client.sandbox.central.ledger.voucher_desk import NewVoucher
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.service import BY_LOCKS, CentralService
from pos_client.sandbox.central.storage.device_tables import nonces
from pos_client.sandbox.central.storage.ledger_tables import hold_lots
from pos_client.sandbox.central.storage.quota_tables import counted
from pos_client.sandbox.central.storage.tables import customer_refs, idempotency, redemptions, vouchers
from tests.central import STATION, TERMINAL, TestClock, a_service, the_scenario

WHO, ORGANISATION, PLATE, DRIVER = "000100001", "000200002", "29C12345", "LX-01"
DAY = timedelta(days=1)
KEPT_MS = int(KEPT.total_seconds()) * 1000
MINUTE_MS = 60_000


@pytest.fixture
def clock() -> TestClock:
    return TestClock()


@pytest.fixture
def service(new_database, clock) -> Iterator[CentralService]:
    made = a_service(clock, new_database())
    with made.book() as book:
        set_up(book, the_scenario())
    yield made
    made.engine.dispose()


def number_of(book: Any, table: Table) -> int:
    return int(book.db.scalar(select(func.count()).select_from(table)))


# ── thrown away ────────────────────────────────────────────────────────────────────────────────────────────────────


def nonce(number: int, expires_ms: int) -> dict[str, Any]:
    return {"keyid": "k", "nonce": f"{number}", "expires_ms": expires_ms}


def kept_answer(number: int, at_ms: int) -> dict[str, Any]:
    return {"terminal": TERMINAL, "key": f"{number}", "digest": b"d", "status": 200, "body": b"{}", "at_ms": at_ms}


def reference(number: int, expires_ms: int) -> dict[str, Any]:
    return {"ref": f"{number}", "account": WHO, "spends": True, "expires_ms": expires_ms}


def stretch(number: int, until_ms: int) -> dict[str, Any]:
    return {"what": "holds", "subject": f"{number}", "until_ms": until_ms, "times": 1}


EACH = [
    pytest.param(nonces, nonce, 0, id="nonces"),
    pytest.param(counted, stretch, 0, id="counts"),
    pytest.param(customer_refs, reference, 0, id="references"),
    pytest.param(idempotency, kept_answer, KEPT_MS, id="answers"),
]
"""A table, one of its rows, and how long after its time a row is still kept."""


@pytest.mark.parametrize(("table", "row", "kept_ms"), EACH)
def test_what_is_too_old_goes_the_oldest_first_and_nothing_else_does(service, table, row, kept_ms):
    with service._transaction() as book:
        oldest = book.now_ms - kept_ms - 1
        there = [row(n, oldest - n) for n in range(5)] + [row(5, oldest + 1), row(6, oldest + MINUTE_MS)]
        book.db.execute(insert(table), there)
    name = {"nonces": "nonce", "counted": "subject", "customer_refs": "ref", "idempotency": "key"}[table.name]
    left = []
    for thrown_away in (2, 2, 1, 0):
        with service._transaction() as book:
            assert pruning.prune(book, 2) == thrown_away
            left.append(set(book.db.scalars(select(table.c[name]))))
    assert left == [set("01256"), set("056"), set("56"), set("56")]


def test_the_answer_of_a_key_is_given_for_500_days_and_the_key_is_new_afterwards(service, clock):
    def decide(text: str) -> Any:
        return service.write(TERMINAL, "k", b"d", lambda _: Answer(TimeAnswer(server_time=text)))

    first = decide("first")
    clock.at += KEPT
    while service.bring_up_to_date():
        pass
    assert (decide("second").body, decide("second").replayed) == (first.body, True)
    clock.at += DAY
    while service.bring_up_to_date():
        pass
    assert b"third" in decide("third").body


def test_a_row_somebody_has_in_hand_is_left_for_the_next_time(postgres, clock):
    service = a_service(clock, postgres.fresh_database())
    with service._transaction(BY_LOCKS) as book:
        book.db.execute(insert(nonces), [nonce(n, 1 + n) for n in range(3)])
    with service._transaction(BY_LOCKS) as reader:
        reader.db.execute(select(nonces).where(nonces.c.nonce == "0").with_for_update()).one()
        with service._transaction(BY_LOCKS) as book:
            assert pruning.prune(book) == 2
    with service._transaction(BY_LOCKS) as book:
        assert (pruning.prune(book), number_of(book, nonces)) == (1, 0)
    service.engine.dispose()


# ── holds and vouchers end ─────────────────────────────────────────────────────────────────────────────────────────


@contextmanager
def balanced(service: CentralService) -> Iterator[None]:
    """What happens in the block makes no point and loses none: of all accounts together, before and after."""
    yield
    with service._transaction() as book:
        sums = transfers.sums(book)
        assert sum(sums.values()) == 0
        assert {fund: points for fund, points in sums.items() if fund.startswith("@held") and points} == {}


def held(book: Any, name: str, expires_ms: int) -> None:
    """Points set aside until then, without consent."""
    row = {"id": name, "state": State.HELD.value, "created_ms": book.now_ms, "terminal": TERMINAL, "station": STATION}
    book.db.execute(insert(redemptions), row | {"fund": WHO, "points": 1_000, "expires_ms": expires_ms})
    funds.hold(book, name, WHO, funds.plan(book, WHO, 1_000))


def test_holds_whose_time_is_up_end_in_batches_the_longest_overdue_first(service, clock):
    with service._transaction() as book:
        before = funds.available_points(book, WHO)
        for number in range(5):
            held(book, f"r{number}", book.now_ms + MINUTE_MS - number)
        held(book, "later", book.now_ms + 3 * MINUTE_MS)
        assert funds.available_points(book, WHO) == before - 6_000
    clock.at += timedelta(minutes=2)
    ended = []
    for _ in range(4):
        with service._transaction(BY_LOCKS) as book:
            number = redemption_timers.run_due(book, 2)
            states = {row.id: row.state for row in book.db.execute(select(redemptions))}
            ended.append((number, "".join(sorted(name for name, state in states.items() if state == State.EXPIRED))))
            assert funds.available_points(book, WHO) == before - 1_000 * list(states.values()).count(State.HELD)
    assert ended == [(2, "r3r4"), (2, "r1r2r3r4"), (1, "r0r1r2r3r4"), (0, "r0r1r2r3r4")]
    clock.at += timedelta(minutes=2)
    with balanced(service), service._transaction(BY_LOCKS) as book:
        assert redemption_timers.run_due(book, 2) == 1


def test_a_central_that_slept_for_days_gives_back_in_one_batch_what_was_silent(service, clock):
    with service._transaction() as book:
        before = funds.available_points(book, WHO)
        held(book, "silent", book.now_ms + MINUTE_MS)
        redemption_timers.change(book, "silent", state=State.AUTHORISED.value)
    clock.at += 4 * DAY
    with balanced(service), service._transaction(BY_LOCKS) as book:
        assert redemption_timers.run_due(book, 2) == 1
        state = book.db.scalar(select(redemptions.c.state).where(redemptions.c.id == "silent"))
        assert (state, funds.available_points(book, WHO)) == (State.RELEASED, before)


def made_out(service: CentralService, number: int, expires_on: Any) -> list[str]:
    """So many vouchers with 2,000 points each."""
    with service.book() as book:
        return voucher_desk.make(book, ORGANISATION, [NewVoucher(PLATE, DRIVER, 2_000, expires_on)] * number)


def test_vouchers_whose_day_is_over_end_in_batches_and_their_points_come_back_once(service, clock):
    with service.book() as book:
        today, fund = book.today, pools.fund_of(book, ORGANISATION)
        before, standing = funds.available_points(book, fund), number_of(book, vouchers)
    dying, living = made_out(service, 5, today), made_out(service, 1, today + 2 * DAY)
    clock.at += DAY
    met = []
    with balanced(service):
        for _ in range(4):
            with service._transaction() as book:
                met.append(voucher_desk.expire_due(book, 2))
                over = [code for code in dying if state_of(book, code) == "expired"]
                assert funds.available_points(book, fund) == before - 2_000 * (6 - len(over))
    assert met == [2, 2, 1, 0]
    with service._transaction() as book:
        assert [state_of(book, code) for code in living] == ["active"]
        assert number_of(book, vouchers) == standing + 6


def test_a_voucher_a_pump_still_holds_points_of_waits_and_stops_nobody(service, clock):
    with service.book() as book:
        today = book.today
    first, *others = sorted(made_out(service, 3, today))
    with service._transaction() as book:
        row = {"id": "r", "state": State.AUTHORISED.value, "created_ms": book.now_ms, "terminal": TERMINAL}
        row |= {"station": STATION, "fund": first, "points": 2_000, "expires_ms": book.now_ms + 9**12}
        book.db.execute(insert(redemptions), row)
        funds.hold(book, "r", first, funds.plan(book, first, 2_000))
    clock.at += DAY
    with service._transaction() as book:
        assert (voucher_desk.expire_due(book, 2), voucher_desk.expire_due(book, 2)) == (2, 0)
        assert [state_of(book, code) for code in (first, *others)] == ["active", "expired", "expired"]
        assert number_of(book, hold_lots) == 1
    with balanced(service), service._transaction() as book:
        funds.settle(book, "r", first, 1_500)
        assert voucher_desk.expire_due(book, 2) == 1
        assert (state_of(book, first), funds.available_points(book, first)) == ("expired", 0)


def state_of(book: Any, code: str) -> str:
    return str(book.db.scalar(select(vouchers.c.status).where(vouchers.c.code == code)))
