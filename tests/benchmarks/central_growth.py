"""What a redemption costs as the ledger grows: `python -m tests.benchmarks.central_growth [--sizes 10000 1000000]`.

A PostgreSQL is filled inside the server with so many organisations, twenty lots each, and redemptions of customers
drawn by lot are decided in this process: hold, PIN, capture, without the wire. It prints JSON: for each size what one
costs, and the ratio of the last size's cost to the first's (limit: 1.5). Cost is processor time, of this process and of
the server's for this connection, because that is what other work on the machine does not change; the median and the
90th percentile in milliseconds by the clock, statements and pages the server looked at stand beside it.

`--fill-at-most` seconds: a larger size is left out when filling the one before says that it would take longer, and that
is said.
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
from tests.benchmarks.central_people import LOT_POINTS, PIN, SALT, ref_of, sealed_pin
from tests.central import STATION, TestClock, a_service, the_scenario
from tests.postgres import postgres_server

LOTS_EACH, POINTS, AMOUNT = 20, 1_500, 1_200
_ROOM = {"shared_buffers": "512MB", "max_wal_size": "8GB", "maintenance_work_mem": "256MB", "autovacuum": "off"}
_WHO = "(500000000 + n)::text"
_NUMBERS = "generate_series(CAST(:first AS int), CAST(:last AS int))"
_AFTER_ALL = 10**9
"""Transfers of the redemptions are numbered from here: what is filled in later comes before."""
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
        for statement in _FILL:
            db.execute(text(statement), values | {"today": (today + timedelta(days=1)).isoformat()})
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


def measure(service: CentralService, accounts: int, redemptions_: int, dice: Random) -> dict[str, float]:
    """So many redemptions of customers drawn by lot."""
    statements = [0]

    def count(*_: object) -> None:
        statements[0] += 1

    for number in range(redemptions_ // 4):
        redeem(service, f"warm-{accounts}-{number}", dice.randrange(accounts))
    event.listen(service.engine, "before_cursor_execute", count)
    pages, taken, used = _pages(service.engine), list[float](), _used_s(service.engine)
    statements[0] = 0
    for number in range(redemptions_):
        who = dice.randrange(accounts)
        began = time.perf_counter()
        redeem(service, f"r-{accounts}-{number}", who)
        taken.append((time.perf_counter() - began) * 1000)
    used = _used_s(service.engine) - used
    event.remove(service.engine, "before_cursor_execute", count)
    taken.sort()
    return {
        "cpu_ms": round(used / redemptions_ * 1000, 1),
        "p50_ms": round(taken[len(taken) // 2], 1),
        "p90_ms": round(taken[len(taken) * 9 // 10], 1),
        "statements": round(statements[0] / redemptions_, 1),
        "pages": round((_pages(service.engine) - pages) / redemptions_, 1),
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
    """Fill, measure, fill on."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    arguments.add_argument("--redemptions", type=int, default=200)
    arguments.add_argument("--fill-at-most", type=int, default=480)
    asked = arguments.parse_args()
    found: dict[str, Any] = {"lots_each": LOTS_EACH}
    with postgres_server(**_ROOM) as server:
        service = a_service(TestClock(), server.empty_database())
        with service.book() as book:
            set_up(book, the_scenario())
            book.db.execute(text(f"SELECT setval('transfers_id_seq', {_AFTER_ALL})"))
        there, a_thousand = 0, 0.0
        for size in asked.sizes:
            expected = a_thousand * (size - there) / 1000
            if expected > asked.fill_at_most:
                found[str(size)] = f"left out: filling it would take {expected:.0f} s"
                continue
            seconds = fill(service.engine, there, size - 1, service.now().date())
            a_thousand, there = seconds * 1000 / (size - there), size
            found[str(size)] = measure(service, size, asked.redemptions, Random(size)) | {"fill_s": round(seconds, 1)}
            print(json.dumps({str(size): found[str(size)]}), flush=True)
        service.engine.dispose()
    measured = [each for each in found.values() if isinstance(each, dict)]
    print(json.dumps(found | {"ratio": round(measured[-1]["cpu_ms"] / measured[0]["cpu_ms"], 2)}))


if __name__ == "__main__":
    main()
