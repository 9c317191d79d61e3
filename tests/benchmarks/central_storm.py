"""All terminals come back at once: `python -m tests.benchmarks.central_storm [--terminals N] [--accruals N]`.

After an outage every terminal has a queue of accruals. Each is a till with a key of its own, entered into the database;
its requests are signed; it sends its queue in the batches the real client makes, one after the other, over a bounded
number of connections to a central with 2 worker processes on a PostgreSQL. Who is shed (429, 503) comes again when
`Retry-After` says so, or later, by the client's own pauses. Every tenth batch is sent twice, as one whose answer was
lost.

It prints JSON: seconds, accruals a second, how many requests were shed, after how many seconds terminals had their
first batch taken and were done (the first, the median, the last: whether one starves), whether each accrual was
recorded exactly once, and whether central calls itself ready afterwards.
"""

from __future__ import annotations

import argparse
import heapq
import http.client
import itertools
import json
import threading
import time
from datetime import datetime
from random import Random
from typing import Any
from urllib.parse import urlsplit

import requests
from sqlalchemy import Engine, func, insert, select

from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.central_http.identity import Identity
from pos_client.domain.customer import Identifier, IdentifierKind
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import backoff_ms
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.signing import SigningKey
from pos_client.sandbox.central.ledger.terminals import Standing
from pos_client.sandbox.central.server import CentralAddresses
from pos_client.sandbox.central.storage.device_tables import device_keys, terminals
from pos_client.sandbox.central.storage.engine import connect_to
from pos_client.sandbox.central.storage.ledger_tables import balances
from pos_client.sandbox.central.storage.tables import accruals
from tests.benchmarks.central_people import LOT_POINTS, load, number_of
from tests.central import STATION, real_time, running_central
from tests.postgres import postgres_server

BATCH_PATH = "/v1/accruals:batch"
POINTS_EACH, AMOUNT = 50, 10_000
CUSTOMERS = 500
SHED = (429, 503)


class Terminal:
    """A till with its queue, as far as it has been told."""

    def __init__(self, number: int, at: CentralAddresses, accruals_: int, batch: int, dice: Random) -> None:
        self.name = f"{STATION}-S{number}"
        self.key = SigningKey(dice.randbytes(32))
        self.identity = Identity(self.name, at.answer_key, self.key._raw)
        wire = HttpWire(at.seal_key, self.name, STATION, at.permit_key)
        sealed = wire.seal_identifier(Identifier(IdentifierKind.ID, number_of(number % CUSTOMERS)))
        items = [self._item(number * accruals_ + each, sealed) for each in range(accruals_)]
        batches = [items[first : first + batch] for first in range(0, len(items), batch)]
        self.queue = [codec.encode(m.BatchRequest(tuple(each))) for each in batches]
        self.attempts = 0
        self.first_taken_s: float | None = None
        self.finished_s = 0.0

    def _item(self, number: int, sealed: str) -> m.BatchItem:
        sale = m.AccrualRequest(
            station=STATION,
            terminal=self.name,
            sealed_identifier=sealed,
            receipt_number=f"T-{number}",
            point=1,
            nozzle=1,
            grade_code="E10-95-III",
            unit_price=27_080,
            volume_ml=369,
            amount_vnd=AMOUNT,
            end_totalizer_ml=10**9 + number,
            fuelled_at=real_time().isoformat(),
            tenders=(m.TenderPart("electronic", AMOUNT),),
        )
        name = f"storm-{number}"
        return m.BatchItem(f"{name}:accrue", f"/v1/accruals/{name}", codec.encode(sale).decode())


class Storm:
    """Terminals in the order in which each may speak next, and the connections that serve them."""

    def __init__(self, at: CentralAddresses, tills: list[Terminal], dice: Random) -> None:
        self._at = at
        self._dice = dice
        self._tie = itertools.count()
        self._next = [(0.0, next(self._tie), till) for till in tills]
        self._lock = threading.Lock()
        self._sent = itertools.count(1)
        self.shed = dict.fromkeys(SHED, 0)
        self.failed: list[BaseException] = []

    def run(self, connections: int) -> float:
        """Until all queues are empty; how many seconds it took."""
        self._began = time.perf_counter()
        threads = [threading.Thread(target=self._serve, daemon=True) for _ in range(connections)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if self.failed:
            raise self.failed[0]
        return time.perf_counter() - self._began

    def _serve(self) -> None:
        where = urlsplit(self._at.url)
        connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=300)
        try:
            while not self.failed:
                with self._lock:
                    if not self._next:
                        return
                    when, _, till = heapq.heappop(self._next)
                threading.Event().wait(max(0.0, when - self._elapsed()))
                again_in = self._send(connection, till)
                if till.queue:
                    with self._lock:
                        heapq.heappush(self._next, (self._elapsed() + again_in, next(self._tie), till))
                else:
                    till.finished_s = self._elapsed()
        except BaseException as error:  # raised in the thread that waits for all
            self.failed.append(error)

    def _send(self, connection: http.client.HTTPConnection, till: Terminal) -> float:
        """The next batch; in how many seconds the till may speak again."""
        headers = {"X-Terminal": till.name, "Content-Type": "application/json"}
        seen = till.identity.sign("POST", self._at.url + BATCH_PATH, headers.items(), till.queue[0])
        connection.request("POST", BATCH_PATH, till.queue[0], dict(seen.headers))
        answer = connection.getresponse()
        text = answer.read()
        if answer.status in SHED:
            with self._lock:
                self.shed[answer.status] += 1
                spread = self._dice.random()
            till.attempts += 1
            return max(backoff_ms(till.attempts, spread) / 1000, float(answer.headers["Retry-After"]))
        till.attempts = 0
        if answer.status != 200:
            raise AssertionError(text)
        statuses = {result.status for result in codec.decode(text, m.BatchAnswer).results}
        if statuses & {409, 503}:
            return 1.0
        if statuses != {201}:
            raise AssertionError(text)
        if till.first_taken_s is None:
            till.first_taken_s = self._elapsed()
        if next(self._sent) % 10:
            del till.queue[0]
        return 0.0

    def _elapsed(self) -> float:
        return time.perf_counter() - self._began


def enter(engine: Engine, tills: list[Terminal]) -> None:
    """Terminals that are enrolled, without a code for each."""
    with engine.begin() as db:
        db.execute(
            insert(terminals),
            [
                {
                    "name": till.name,
                    "station": STATION,
                    "till": till.name.rpartition("-")[2],
                    "state": Standing.ENROLLED.value,
                    "epoch": 1,
                    "since_ms": 1,
                }
                for till in tills
            ],
        )
        db.execute(
            insert(device_keys),
            [
                {
                    "keyid": till.key.keyid,
                    "terminal": till.name,
                    "epoch": 1,
                    "public": till.key.public,
                    "enrolled_ms": 1,
                }
                for till in tills
            ],
        )


def recorded(engine: Engine, expected: int) -> bool:
    """Whether each sale was recorded once, and earned once."""
    with engine.connect() as db:
        rows, sales = db.execute(
            select(func.count(), func.count(accruals.c.end_totalizer_ml.distinct())).where(
                accruals.c.id.like("storm-%")
            )
        ).one()
        points = db.scalar(select(func.sum(balances.c.points)).where(balances.c.fund.like("5%")))
    return (rows, sales, int(points)) == (expected, expected, CUSTOMERS * LOT_POINTS + expected * POINTS_EACH)


def spread(seconds: list[float]) -> dict[str, float]:
    """Of the terminals: the first, the middle one, the last but one in a hundred, the last."""
    ordered = sorted(seconds)
    places = {"first": 0, "median": len(ordered) // 2, "p99": len(ordered) * 99 // 100, "last": -1}
    return {name: round(ordered[place], 1) for name, place in places.items()}


def main() -> None:
    """One storm."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--terminals", type=int, default=5_000)
    arguments.add_argument("--accruals", type=int, default=20)
    arguments.add_argument("--batch", type=int, default=10)
    arguments.add_argument("--connections", type=int, default=900)
    asked = arguments.parse_args()
    threading.stack_size(256 * 1024)
    with postgres_server(fsync="on", synchronous_commit="on", full_page_writes="on", autovacuum="on") as server:
        url = server.empty_database()
        with running_central(database=url, workers=2) as central:
            engine, dice = connect_to(url), Random(1)
            load(engine, CUSTOMERS, 1, datetime.now(VIETNAM).date())
            at = central.addresses
            tills = [Terminal(number, at, asked.accruals, asked.batch, dice) for number in range(asked.terminals)]
            enter(engine, tills)
            dice.shuffle(tills)
            storm = Storm(at, tills, dice)
            seconds = storm.run(asked.connections)
            expected = asked.terminals * asked.accruals
            found: dict[str, Any] = vars(asked) | {
                "seconds": round(seconds, 1),
                "accruals_a_second": round(expected / seconds, 1),
                "shed": {str(status): number for status, number in storm.shed.items()},
                "first_batch_taken_s": spread([till.first_taken_s or 0.0 for till in tills]),
                "finished_s": spread([till.finished_s for till in tills]),
                "exactly_once": recorded(engine, expected),
                "ready_afterwards": requests.get(at.control + "/health/ready", timeout=30).status_code == 200,
            }
            engine.dispose()
    print(json.dumps(found))


if __name__ == "__main__":
    main()
