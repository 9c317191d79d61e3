"""Redemptions a second at central: `python -m tests.benchmarks.central_redemptions [--redemptions N] [--clients C]`.

A redemption is three HTTP calls (hold, verify, capture), each a transaction with its key and its answer stored:

- central with 2 worker processes on a PostgreSQL that syncs every commit;
- the raw driver writing the same rows in the same three transactions, as many connections, on the same server;
- central in one process on a SQLite file, every commit synced.

It prints JSON: redemptions a second, p50 and p99 of a whole redemption in milliseconds, and the ratio of the first to
the second (aim: 0.5). Requests are signed and answers too, which the raw driver does not pay for.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg

from pos_client.adapters.central_http.identity import Identity
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.storage.engine import connect_to, open_database
from tests.benchmarks.central_people import load, number_of, ref_of, sealed_pin
from tests.central import STATION, RunningCentral, device_of, running_central
from tests.postgres import postgres_server

ACCOUNTS, LOTS_EACH, POINTS = 2_000, 20, 1_500
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
One = Callable[[int], None]

_RAW = (
    (
        "INSERT INTO redemptions (id, state, created_ms, terminal, station, account, fund, method, subject, flow,"
        " points, expires_ms, resends, points_debited, points_released, excess_vnd, balance_after)"
        " VALUES (%(id)s, 'HELD', 1, 't', 's', %(who)s, %(who)s, 'pin', %(subject)s, 'pay', 1500, 1, 0, 0, 0, 0, 0)",
        "UPDATE lots SET points_left = points_left - 1000 WHERE entry_id = %(lot)s",
        "UPDATE lots SET points_left = points_left - 500 WHERE entry_id = %(lot2)s",
        "INSERT INTO transfers (source, target, kind, points, reference, at_ms)"
        " VALUES (%(who)s, %(held)s, 'hold', 1500, %(id)s, 1)",
        "UPDATE balances SET points = points - 1500 WHERE fund = %(who)s",
        "INSERT INTO hold_lots VALUES (%(id)s, %(lot)s, %(who)s, 1000), (%(id)s, %(lot2)s, %(who)s, 500)",
        "INSERT INTO challenges VALUES (%(id)s, %(id)s, %(subject)s, 'live', NULL, NULL, 5, 1)",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':hold', '', 201, %(body)s, 1)",
    ),
    (
        "UPDATE credentials SET failures = 1 WHERE subject = %(subject)s",
        "UPDATE challenges SET tries_left = 4 WHERE id = %(id)s",
        "UPDATE credentials SET failures = 0, locked = false WHERE subject = %(subject)s",
        "UPDATE challenges SET state = 'consumed' WHERE id = %(id)s",
        "UPDATE redemptions SET state = 'AUTHORISED', permit = %(permit)s WHERE id = %(id)s",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':verify', '', 200, %(body)s, 1)",
    ),
    (
        "DELETE FROM hold_lots WHERE redemption_id = %(id)s",
        "INSERT INTO transfers (source, target, kind, points, reference, at_ms)"
        " VALUES (%(held)s, %(who)s, 'release', 1500, %(id)s, 1)",
        "UPDATE balances SET points = points + 1500 WHERE fund = %(who)s",
        "INSERT INTO transfers (source, target, kind, points, reference, at_ms)"
        " VALUES (%(who)s, '@spent', 'redemption', 1200, %(id)s, 1)",
        "UPDATE balances SET points = points - 1200 WHERE fund = %(who)s",
        "INSERT INTO entry_lots SELECT max(id), %(lot)s, 1000 FROM transfers WHERE reference = %(id)s",
        "UPDATE lots SET points_left = points_left + 300 WHERE entry_id = %(lot2)s",
        "UPDATE redemptions SET state = 'CAPTURED', points_debited = 1200, points_released = 300 WHERE id = %(id)s",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':capture', '', 200, %(body)s, 1)",
    ),
)
"""The rows central writes for one redemption with a PIN, without what it reads to decide."""


def over_http(central: RunningCentral, client: int) -> One:
    """One client's redemptions, on a connection of its own."""
    at = central.addresses
    where = urlsplit(at.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
    terminal = f"{STATION}-T{client}"
    identity = Identity(terminal, at.answer_key, device_of(at, terminal))

    def call(method: str, path: str, key: str, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"X-Terminal": terminal, "Idempotency-Key": key, "Content-Type": "application/json"}
        sent = json.dumps(body).encode()
        while True:
            seen = identity.sign(method, at.url + path, headers.items(), sent)
            connection.request(method, path, sent, dict(seen.headers))
            answer = connection.getresponse()
            text = answer.read()
            if answer.status < 300:
                told: dict[str, Any] = json.loads(text)
                return told
            if answer.status not in (409, 429, 503):
                raise AssertionError(text)

    def one(number: int) -> None:
        name = f"bench-{client}-{number}"
        path = f"/v1/redemptions/{name}"
        asked = {"station": STATION, "customer_ref": ref_of(number % ACCOUNTS), "points": POINTS, "flow": "pay"}
        held = call("PUT", path, f"{name}:hold", asked)
        sealed = sealed_pin(at.seal_key, name, held["challenge_id"], terminal, POINTS)
        call("POST", f"{path}/verify", f"{name}:verify:1", {"challenge_id": held["challenge_id"], "sealed": sealed})
        fuel = {"station": STATION, "point": 1, "nozzle": 1, "grade_code": "DO-005S", "volume_ml": 60}
        fuel |= {"amount_vnd": 1_200, "end_totalizer_ml": number, "fuelled_at": "2026-11-23T08:00:00+07:00"}
        call("POST", f"{path}/capture", f"{name}:capture", fuel)

    return one


def by_driver(host: Path, database: str, client: int) -> One:
    """The same rows without anything that decides."""
    connection = psycopg.connect(host=str(host), user="pos", dbname=database)
    connection.isolation_level = psycopg.IsolationLevel.SERIALIZABLE

    def one(number: int) -> None:
        person = number % ACCOUNTS
        lot = 10**6 + person * LOTS_EACH + 2 * (number // ACCOUNTS % 9)
        who = number_of(person)
        values = {"id": f"raw-{client}-{number}", "who": who, "held": f"@held:{who}", "subject": f"account:{who}"}
        values |= {"lot": lot, "lot2": lot + 1, "body": b"x" * 200, "permit": "x" * 400}  # type: ignore[dict-item]
        for statements in _RAW:
            while True:
                try:
                    with connection.transaction():
                        for statement in statements:
                            connection.execute(statement.encode(), values)
                    break
                except psycopg.errors.SerializationFailure:
                    continue

    return one


def measure(make: Callable[[int], One], clients: int, redemptions: int) -> dict[str, float]:
    """So many redemptions by so many clients, each with customers of its own."""
    numbers, taken, failed = count(), list[float](), list[BaseException]()
    ones = [make(client) for client in range(clients)]

    def run(one: One) -> None:
        try:
            while (number := next(numbers)) < redemptions:
                began = time.perf_counter()
                one(number)
                taken.append(time.perf_counter() - began)
        except BaseException as error:  # told below
            failed.append(error)

    threads = [threading.Thread(target=run, args=(one,)) for one in ones]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    if failed:
        raise failed[0]
    taken.sort()
    p50, p99 = (round(taken[int(len(taken) * part)] * 1000, 1) for part in (0.5, 0.99))
    return {"a_second": round(redemptions / seconds, 1), "p50_ms": p50, "p99_ms": p99}


def main() -> None:
    """Three measurements, one after the other."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--redemptions", type=int, default=2_000)
    arguments.add_argument("--clients", type=int, default=4)
    asked = arguments.parse_args()
    today = datetime.now(VIETNAM).date()
    found: dict[str, Any] = {"clients": asked.clients, "redemptions": asked.redemptions}
    with postgres_server(**DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        for name, url, workers in (
            ("postgresql_2_workers", server.empty_database(), 2),
            ("sqlite", f"sqlite:///{Path(folder) / 'central.db'}", 1),
        ):
            with running_central(database=url, workers=workers) as central:
                engine = connect_to(url)
                load(engine, ACCOUNTS, LOTS_EACH, today)
                engine.dispose()
                found[name] = measure(partial(over_http, central), asked.clients, asked.redemptions)
        raw = server.empty_database()
        engine = open_database(raw)
        load(engine, ACCOUNTS, LOTS_EACH, today)
        engine.dispose()
        database = raw.partition("@/")[2].partition("?")[0]
        found["raw_driver"] = measure(
            lambda client: by_driver(server.folder, database, client), asked.clients, asked.redemptions
        )
    ratio = found["postgresql_2_workers"]["a_second"] / found["raw_driver"]["a_second"]
    print(json.dumps(found | {"ratio": round(ratio, 3)}))


if __name__ == "__main__":
    main()
