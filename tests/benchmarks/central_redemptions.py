"""Redemptions a second at central: `python -m tests.benchmarks.central_redemptions [--redemptions N] [--clients C]`.

A redemption is three HTTP calls (hold, verify, capture), each a transaction with its key and its answer stored:

- central with 2 worker processes on a PostgreSQL that syncs every commit;
- the raw driver writing the same rows in the same transactions, as many connections, on the same server, by turns;
- central in one process on a SQLite file, every commit synced.

It prints JSON: redemptions a second, p50 and p99 of a whole redemption in milliseconds, processor milliseconds of one
(of the clients, of central's workers, of the database's processes), and the ratio of the first to the second (aim: 0.5)
by the clock and by processor time, which other work on the machine changes less. What the raw driver is spared: reading
before it writes, locks, six signatures, the hash of a PIN, HTTP.
"""

from __future__ import annotations

import argparse
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from functools import partial
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psutil
import psycopg

from pos_client.adapters.central_http.identity import Identity
from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.storage.engine import open_database
from tests.benchmarks.central_people import load, number_of, ref_of, sealed_pin
from tests.central import STATION, RunningCentral, device_of, running_central
from tests.postgres import postgres_server

ACCOUNTS, LOTS_EACH, POINTS = 2_000, 20, 1_500
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "autovacuum": "on"}
One = Callable[[int], None]

_NONCE = (
    "INSERT INTO nonces (keyid, nonce, expires_ms) VALUES ('k', %(id)s || %(step)s, 1)"
    " RETURNING set_config('synchronous_commit', 'off', true)"
)
_RAW = (
    (
        "INSERT INTO counted (what, subject, until_ms, times) VALUES ('holds', %(client)s, 1, 1)"
        " ON CONFLICT (what, subject, until_ms) DO UPDATE SET times = counted.times + 1 RETURNING times",
        "INSERT INTO redemptions (id, state, created_ms, terminal, station, account, fund, method, subject, flow,"
        " points, expires_ms, resends, points_debited, points_released, excess_vnd, balance_after)"
        " VALUES (%(id)s, 'HELD', 1, 't', 's', %(who)s, %(who)s, 'pin', %(subject)s, 'pay', 1500, 1, 0, 0, 0, 0, 0)",
        "UPDATE lots SET points_left = points_left - 1000 WHERE entry_id = %(lot)s",
        "UPDATE lots SET points_left = points_left - 500 WHERE entry_id = %(lot2)s",
        "INSERT INTO transfers (source, target, kind, points, reference, at_ms)"
        " VALUES (%(who)s, %(held)s, 'hold', 1500, %(id)s, 1)",
        "UPDATE balances SET points = points - 1500 WHERE fund = %(who)s",
        "INSERT INTO hold_lots VALUES (%(id)s, %(lot)s, %(who)s, 1000), (%(id)s, %(lot2)s, %(who)s, 500)",
        "UPDATE challenges SET state = 'superseded' WHERE subject = %(subject)s AND state = 'live'",
        "INSERT INTO challenges VALUES (%(id)s, %(id)s, %(subject)s, 'live', NULL, NULL, 5, 1)",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':hold', '', 201, %(body)s, 1)",
    ),
    (
        "UPDATE challenges SET state = 'consumed' WHERE id = %(id)s",
        "UPDATE redemptions SET state = 'AUTHORISED', permit = %(permit)s WHERE id = %(id)s",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':verify', '', 200, %(body)s, 1)",
    ),
    (
        "DELETE FROM hold_lots WHERE redemption_id = %(id)s",
        "INSERT INTO transfers (source, target, kind, points, reference, at_ms)"
        " VALUES (%(held)s, %(who)s, 'release', 1500, %(id)s, 1), (%(who)s, '@spent', 'redemption', 1200, %(id)s, 1)",
        "UPDATE balances SET points = points + 300 WHERE fund = %(who)s",
        "INSERT INTO entry_lots SELECT max(id), unnest(ARRAY[%(lot)s, %(lot2)s]), unnest(ARRAY[1000, 200])"
        " FROM transfers WHERE reference = %(id)s",
        "UPDATE lots SET points_left = points_left + 300 WHERE entry_id = %(lot2)s",
        "UPDATE redemptions SET state = 'CAPTURED', points_debited = 1200, points_released = 300 WHERE id = %(id)s",
        "INSERT INTO idempotency VALUES ('t', %(id)s || ':capture', '', 200, %(body)s, 1)",
    ),
)
"""Every row central writes for one redemption with a PIN, in as many transactions; nothing of what it reads to decide
or locks, no signature, no hash of a PIN, no wire."""


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
    alone = psycopg.connect(host=str(host), user="pos", dbname=database, autocommit=True)

    def one(number: int) -> None:
        person = number % ACCOUNTS
        lot = 10**6 + person * LOTS_EACH + 2 * (number // ACCOUNTS % 9)
        who = number_of(person)
        values = {"id": f"raw-{client}-{number}", "who": who, "held": f"@held:{who}", "subject": f"account:{who}"}
        values |= {"lot": lot, "lot2": lot + 1, "body": b"x" * 200, "permit": "x" * 400}  # type: ignore[dict-item]
        values |= {"client": f"{client}"}
        for step, statements in enumerate(_RAW):
            alone.execute(_NONCE, values | {"step": f"{step}"})
            with connection.transaction():
                for statement in statements:
                    connection.execute(statement.encode(), values)

    return one


class Side:
    """One way to make redemptions, by so many clients with customers of their own, and what it has cost so far."""

    def __init__(self, make: Callable[[int], One], clients: int) -> None:
        self._ones = [make(client) for client in range(clients)]
        self._numbers = count()
        self._taken = list[float]()
        self._seconds = 0.0
        self._used_s = dict.fromkeys(("client", "workers", "database"), 0.0)

    def redeem(self, redemptions: int) -> None:
        """So many more."""
        left, failed = iter(range(redemptions)), list[BaseException]()

        def run(one: One) -> None:
            try:
                for _ in left:
                    began = time.perf_counter()
                    one(next(self._numbers))
                    self._taken.append(time.perf_counter() - began)
            except BaseException as error:  # told below
                failed.append(error)

        threads = [threading.Thread(target=run, args=(one,)) for one in self._ones]
        used_s, began = self._used(), time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self._seconds += time.perf_counter() - began
        for name, seconds in self._used().items():
            self._used_s[name] += seconds - used_s[name]
        if failed:
            raise failed[0]

    def _used(self) -> dict[str, float]:
        """Processor time so far of this process, of central's workers and of the database's processes."""
        used = {"client": time.process_time(), "workers": 0.0, "database": 0.0}
        for process in psutil.Process().children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                times = process.cpu_times()
                used["workers" if "python" in process.name() else "database"] += times.user + times.system
        return used

    def told(self) -> dict[str, float]:
        """What one costs."""
        taken, number = sorted(self._taken), len(self._taken)
        p50, p99 = (round(taken[int(number * part)] * 1000, 1) for part in (0.5, 0.99))
        used = {f"{name}_cpu_ms": round(seconds / number * 1000, 1) for name, seconds in self._used_s.items()}
        cpu_ms = round(sum(self._used_s.values()) / number * 1000, 1)
        return {"a_second": round(number / self._seconds, 1), "p50_ms": p50, "p99_ms": p99, "cpu_ms": cpu_ms} | used


def is_python(process: psutil.Process) -> bool:
    """A worker; the server's processes are PostgreSQL's."""
    return "python" in process.name()


def compared(asked: argparse.Namespace) -> dict[str, Any]:
    """PostgreSQL through central and by the driver, by turns: other work on the machine is in the way of both."""
    with postgres_server(**DURABLE) as server:
        url, raw = server.empty_database(), server.empty_database()
        name = raw.partition("@/")[2].partition("?")[0]
        add_people(raw)
        with running_central(database=url, workers=2) as central:
            add_people(url)
            sides = {
                "postgresql_2_workers": Side(partial(over_http, central), asked.clients),
                "raw_driver": Side(partial(by_driver, server.folder, name), asked.clients),
            }
            for _ in range(asked.rounds):
                for side in sides.values():
                    side.redeem(asked.redemptions // asked.rounds)
            return {name: side.told() for name, side in sides.items()}


def on_a_file(asked: argparse.Namespace) -> dict[str, Any]:
    """Central in this process, on SQLite."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'central.db'}"
        with running_central(database=url) as central:
            add_people(url)
            side = Side(partial(over_http, central), asked.clients)
            side.redeem(asked.redemptions // 4)
            return {"sqlite": side.told()}


def add_people(url: str) -> None:
    """Customers beside those of the sandbox; central's tables too, where there are none."""
    engine = open_database(url)
    load(engine, ACCOUNTS, LOTS_EACH, datetime.now(VIETNAM).date())
    engine.dispose()


def main() -> None:
    """Both, and what they make of each other."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--redemptions", type=int, default=2_000)
    arguments.add_argument("--clients", type=int, default=4)
    arguments.add_argument("--rounds", type=int, default=10)
    asked = arguments.parse_args()
    found: dict[str, Any] = vars(asked) | compared(asked) | on_a_file(asked)
    central, raw = found["postgresql_2_workers"], found["raw_driver"]
    ratios = {"ratio": central["a_second"] / raw["a_second"], "ratio_of_cpu": raw["cpu_ms"] / central["cpu_ms"]}
    print(json.dumps(found | {name: round(ratio, 3) for name, ratio in ratios.items()}))


if __name__ == "__main__":
    main()
