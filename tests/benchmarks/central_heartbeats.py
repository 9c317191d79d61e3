"""What knocking at central's door costs: `python -m tests.benchmarks.central_heartbeats [--requests N]`.

Tills with keys of their own ask a central with 2 worker processes on a PostgreSQL for the time, then tell it how they
are, signed and over a few connections each kept open. It prints JSON: processor milliseconds of the workers and of the
database for one request of each kind, and what follows for 5,000 tills that knock every five seconds and tell of
themselves every five minutes. Processor time, because other work on the machine is in the way of the clock.
"""

from __future__ import annotations

import argparse
import http.client
import json
import threading
import time
from random import Random
from typing import Any
from urllib.parse import urlsplit

import psutil

from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.server import CentralAddresses
from pos_client.sandbox.central.storage.engine import connect_to
from tests.benchmarks.central_storm import Terminal, enter
from tests.central import real_time, running_central
from tests.postgres import postgres_server

TILLS, CONNECTIONS = 200, 4
FLEET, KNOCK_S, TELL_S = 5_000, 5, 300
KINDS = {"time": ("GET", "/v1/time"), "condition": ("POST", "/v1/conditions")}


def body_of(kind: str) -> bytes:
    """What is sent."""
    if kind == "time":
        return b""
    told = m.ConditionRequest(
        version="1.4.0",
        wall_at=real_time().isoformat(),
        offer=m.OfferPart(number=12, version="1.5.0", percent=20, judgement="later"),
        waiting_records=3,
        oldest_waiting_s=40,
        clock="synced",
        disk_free_mb=48_000,
        troubles=("printer_paper_out",),
    )
    return codec.encode(told)


def send(at: CentralAddresses, tills: list[Terminal], kind: str, count: int) -> None:
    """So many over one connection, by tills in turn."""
    where, (method, path) = urlsplit(at.url), KINDS[kind]
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=60)
    for number in range(count):
        till, body = tills[number % len(tills)], body_of(kind)
        headers = {"X-Terminal": till.name, "Idempotency-Key": f"{kind}-{number}"}
        if body:
            headers["Content-Type"] = "application/json"
        seen = till.identity.sign(method, at.url + path, headers.items(), body)
        connection.request(method, path, body or None, dict(seen.headers))
        answer = connection.getresponse()
        assert answer.status == 200, answer.read()
        answer.read()
    connection.close()


def spent_s() -> dict[str, float]:
    """Processor seconds so far of the workers and of the database."""
    found = {"workers": 0.0, "database": 0.0}
    for child in psutil.Process().children(recursive=True):
        try:
            times, name = child.cpu_times(), child.name()
        except psutil.NoSuchProcess:
            continue
        found["database" if "postgres" in name else "workers"] += times.user + times.system
    return found


def measured(at: CentralAddresses, tills: list[Terminal], kind: str, count: int) -> dict[str, float]:
    """Milliseconds of processor time a request, and how many a second there were."""
    each = len(tills) // CONNECTIONS
    before, began = spent_s(), time.perf_counter()
    threads = [
        threading.Thread(target=send, args=(at, tills[n * each : (n + 1) * each], kind, count // CONNECTIONS))
        for n in range(CONNECTIONS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, after = time.perf_counter() - began, spent_s()
    found = {f"{who}_ms": round((after[who] - before[who]) * 1000 / count, 2) for who in before}
    return found | {"a_second": round(count / seconds, 1)}


def main() -> None:
    """Both kinds, by turns."""
    arguments = argparse.ArgumentParser()
    arguments.add_argument("--requests", type=int, default=2_000)
    count = arguments.parse_args().requests
    with postgres_server(fsync="on", synchronous_commit="on", full_page_writes="on", autovacuum="on") as server:
        url = server.empty_database()
        with running_central(database=url, workers=2) as central:
            engine = connect_to(url)
            tills = [Terminal(number, central.addresses, 0, 1, Random(number)) for number in range(TILLS)]
            enter(engine, tills)
            for kind in KINDS:
                send(central.addresses, tills, kind, 100)
            found: dict[str, Any] = {kind: measured(central.addresses, tills, kind, count) for kind in KINDS}
            engine.dispose()
    knocks, told = FLEET / KNOCK_S - FLEET / TELL_S, FLEET / TELL_S
    costs = {kind: found[kind]["workers_ms"] + found[kind]["database_ms"] for kind in KINDS}
    found["fleet"] = {
        "tills": FLEET,
        "requests_a_minute": round(60 * FLEET / KNOCK_S),
        "of_them_conditions": round(60 * told),
        "cores": round((knocks * costs["time"] + told * costs["condition"]) / 1000, 2),
        "of_them_for_conditions": round(told * costs["condition"] / 1000, 3),
    }
    print(json.dumps(found))


if __name__ == "__main__":
    main()
