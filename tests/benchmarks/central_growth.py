"""What a redemption costs as the ledger grows: `python -m tests.benchmarks.central_growth [--sizes 10000 1000000]`.

A PostgreSQL is filled inside the server: so many organisations, twenty lots each, and redemptions of customers
drawn by lot are decided in this process: hold, PIN, capture, without the wire, by turns on each size, so that other
work on the machine is in the way of all alike. It prints JSON: for each size what one costs, and the ratio of the last
size's cost to the first's (limit: 1.5). Cost is processor time, of this process and of the server's for this
connection; the median and the 90th percentile in milliseconds by the clock, statements and pages the server looked at
stand beside it. A million accounts are a database of some ten gigabytes in the folder for temporary files.
"""

from __future__ import annotations

import argparse
import json
import time
from datetime import date, timedelta
from random import Random
from typing import Any

import psutil
from sqlalchemy import Engine, event, text

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import redemptions
from pos_client.sandbox.central.ledger.challenges import hash_secret
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.service import BY_LOCKS, CentralService
from pos_client.sandbox.central.storage import ledger_tables as ledger
from tests.benchmarks.central_people import LOT_POINTS, PIN, SALT, ref_of, sealed_pin
from tests.central import STATION, TestClock, a_service, the_scenario
from tests.postgres import postgres_server

LOTS_EACH, POINTS, AMOUNT = 20, 1_500, 1_200
_ROOM = {
    "shared_buffers": "512MB",
    "maintenance_work_mem": "1GB",
    "autovacuum": "off",
    "max_wal_size": "16GB",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_WHO = "(500000000 + n)::text"
_NUMBERS = "generate_series(CAST(:first AS int), CAST(:last AS int))"
_AFTER_ALL = 10**9
"""Transfers of the redemptions are numbered from here: what is filled in later comes before."""
_INDEXES = sorted(ledger.transfers.indexes | ledger.lots.indexes, key=lambda index: str(index.name))
"""Made anew when their tables have been filled: one sort is cheaper than twenty million searches."""
_FILL = (
    f"INSERT INTO accounts (number, kind, name, phone, status, form) SELECT {_WHO}, 'organisation', 'Công ty',"
    f" '+849' || lpad(n::text, 8, '0'), 'active', 'pin' FROM {_NUMBERS} n",
    "INSERT INTO credentials (subject, salt, hash, failures, locked)"
    f" SELECT 'account:' || {_WHO}, :salt, :hash, 0, false FROM {_NUMBERS} n",
    "INSERT INTO customer_refs (ref, account, spends, expires_ms)"
    f" SELECT 'ref-' || n, {_WHO}, true, 4398046511104 FROM {_NUMBERS} n",
    f"INSERT INTO balances SELECT {_WHO}, {LOT_POINTS * LOTS_EACH} FROM {_NUMBERS} n",
    "INSERT INTO transfers (id, source, target, kind, points, reference, at_ms)"
    f" SELECT 1000000 + n::bigint * {LOTS_EACH} + k, '@issued', {_WHO}, 'opening', {LOT_POINTS}, 'opening', 1"
    f" FROM {_NUMBERS} n, generate_series(0, {LOTS_EACH - 1}) k",
    "INSERT INTO lots (entry_id, fund, points_left, credited_at_ms, expires_on)"
    f" SELECT 1000000 + n::bigint * {LOTS_EACH} + k, {_WHO}, {LOT_POINTS}, 1,"
    " (CAST(:today AS date) + 30 * (k + 1))::text"
    f" FROM {_NUMBERS} n, generate_series(0, {LOTS_EACH - 1}) k",
)


def fill(engine: Engine, first: int, last: int, today: date) -> float:
    """Organisations with these numbers, and what they have; how many seconds it took."""
    began = time.perf_counter()
    values = {"first": first, "last": last, "salt": SALT, "hash": hash_secret(PIN.encode(), SALT)}
    with engine.begin() as db:
        db.execute(text("SET LOCAL session_replication_role = replica"))  # what is made here points where it should
        for index in _INDEXES:
            index.drop(db)
        for statement in _FILL:
            db.execute(text(statement), values | {"today": (today + timedelta(days=1)).isoformat()})
        for index in _INDEXES:
            index.create(db)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("VACUUM ANALYZE"))
    return time.perf_counter() - began


def redeem(service: CentralService, name: str, who: int) -> None:
    """One customer's redemption from hold to capture."""

    def decide(step: str, how: Any) -> bytes:
        reply = service.write(f"{STATION}-T1", f"{name}:{step}", b"digest", how, BY_LOCKS)
        assert reply.status < 300, reply.body
        return reply.body

    terminal = f"{STATION}-T1"
    asked = m.HoldRequest(station=STATION, customer_ref=ref_of(who), points=POINTS, flow="pay")
    held = codec.decode(decide("hold", lambda book: redemptions.hold(book, name, terminal, asked)), m.HoldAnswer)
    sealed = sealed_pin(service.keys.seals.public_b64, name, held.challenge_id, terminal, POINTS)
    proof = m.VerifyRequest(challenge_id=held.challenge_id, sealed=sealed)
    decide("verify", lambda book: redemptions.verify(book, name, terminal, proof))
    fuel = m.CaptureRequest(
        station=STATION,
        point=1,
        nozzle=1,
        grade_code="DO-005S",
        volume_ml=60,
        amount_vnd=AMOUNT,
        end_totalizer_ml=who,
        fuelled_at="2026-11-23T08:00:00+07:00",
    )
    decide("capture", lambda book: redemptions.capture(book, name, terminal, fuel))


class Measured:
    """One ledger, and what its redemptions have cost so far."""

    def __init__(self, service: CentralService, accounts: int) -> None:
        self.service, self.accounts = service, accounts
        self._dice = Random(accounts)
        self._done = self._statements = self._pages = 0
        self._used_s = 0.0
        self._taken = list[float]()

    def redeem(self, redemptions_: int, *, counts: bool = True) -> None:
        """So many redemptions of customers drawn by lot."""
        engine = self.service.engine
        pages, used_s = _pages(engine), _used_s(engine)
        event.listen(engine, "before_cursor_execute", self._count)
        taken = [self._one() for _ in range(redemptions_)]
        event.remove(engine, "before_cursor_execute", self._count)
        if counts:
            self._taken += taken
            self._used_s += _used_s(engine) - used_s
            self._pages += _pages(engine) - pages
        else:
            self._statements = 0

    def _one(self) -> float:
        who = self._dice.randrange(self.accounts)
        self._done += 1
        began = time.perf_counter()
        redeem(self.service, f"r-{self._done}", who)
        return (time.perf_counter() - began) * 1000

    def _count(self, *_: object) -> None:
        self._statements += 1

    def told(self) -> dict[str, float]:
        """What one costs."""
        taken, number = sorted(self._taken), len(self._taken)
        return {
            "cpu_ms": round(self._used_s / number * 1000, 1),
            "p50_ms": round(taken[number // 2], 1),
            "p90_ms": round(taken[number * 9 // 10], 1),
            "statements": round(self._statements / number, 1),
            "pages": round(self._pages / number, 1),
        }


def _used_s(engine: Engine) -> float:
    """Processor time of this process and of every connection's server process so far."""
    with engine.connect() as db:
        pids = db.scalars(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).all()
    times = (psutil.Process(pid).cpu_times() for pid in pids)
    return time.process_time() + sum(each.user + each.system for each in times)


def _pages(engine: Engine) -> int:
    """Pages of tables and indexes the server has looked at so far."""
    asked = text("SELECT sum(blks_hit + blks_read) FROM pg_stat_database WHERE datname = current_database()")
    with engine.connect() as db:
        db.execute(text("SELECT pg_stat_force_next_flush()"))
        db.rollback()
        return int(db.scalar(asked))


def main() -> None:
    """Fill each, then measure by turns: other work on the machine is in the way of both alike."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10_000, 1_000_000])
    arguments.add_argument("--redemptions", type=int, default=400)
    arguments.add_argument("--rounds", type=int, default=10)
    asked = arguments.parse_args()
    found: dict[str, Any] = {"lots_each": LOTS_EACH}
    with postgres_server(**_ROOM) as server:
        ledgers = []
        for size in asked.sizes:
            service = a_service(TestClock(), server.empty_database())
            with service.book() as book:
                set_up(book, the_scenario())
                book.db.execute(text(f"SELECT setval('transfers_id_seq', {_AFTER_ALL})"))
            seconds = fill(service.engine, 0, size - 1, service.now().date())
            found[str(size)] = {"fill_s": round(seconds, 1), "gigabytes": _gigabytes(service.engine)}
            print(json.dumps({str(size): found[str(size)]}), flush=True)
            ledgers.append(Measured(service, size))
        for ledger_ in ledgers:
            ledger_.redeem(asked.redemptions // 4, counts=False)
        for _ in range(asked.rounds):
            for ledger_ in ledgers:
                ledger_.redeem(asked.redemptions // asked.rounds)
        for ledger_ in ledgers:
            found[str(ledger_.accounts)] |= ledger_.told()
            ledger_.service.engine.dispose()
    first, last = (found[str(size)]["cpu_ms"] for size in (asked.sizes[0], asked.sizes[-1]))
    print(json.dumps(found | {"ratio": round(last / first, 2)}))


def _gigabytes(engine: Engine) -> float:
    with engine.connect() as db:
        return round(int(db.scalar(text("SELECT pg_database_size(current_database())"))) / 1e9, 2)


if __name__ == "__main__":
    main()
