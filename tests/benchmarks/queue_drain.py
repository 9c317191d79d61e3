"""How a till gets rid of a deep queue: `python tests/benchmarks/queue_drain.py [--records N]`.

Ten thousand claims for points wait. Head office (a process of its own, on a real database) loses three answers in ten
after it has decided, refuses one request in twenty with 503, gets one in ten twice; the till is killed and started
again several times. In the end each claim has counted once. Beside it, in the same run and against a central of the
same kind without faults, a bare loop of `requests` posts claims of the same size one after the other.

It prints JSON: claims a second for both, and the till's share of the bare loop's (it should reach 0.7).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import requests

from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.sqlite.store import open_store
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.paths import Site
from pos_client.domain.customer import parse_identifier
from pos_client.domain.identifiers import AccrualId, IdempotencyKey, NozzleId, PointId
from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.ports.store import Change

ENOUGH = 0.7
KILLS = 4
LOST, REFUSED, TWICE = 0.30, 0.05, 0.10
OF_ONE_CONNECTION = frozenset({"Host", "Connection", "Content-Length", "Accept-Encoding"})
STATION, TERMINAL = "CHXD018", "T1"
AT = SystemClock().now().wall
TILL = """
import json, sys, threading
from pathlib import Path
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.settings.model import CentralSettings, Settings, StationSettings
central = json.loads(sys.argv[2])
settings = Settings(
    station=StationSettings("CHXD018", "", "T1", ""), central=CentralSettings(**central),
    secrets_backend="sandbox-throw-away",
)
empty = threading.Event()
system = TerminalSystem(settings, Site(Path(sys.argv[1])),
    lambda s: empty.set() if s.ready and not s.status.queue.waiting else None, print)
system.start()
print("started", flush=True)
empty.wait()
print("empty", flush=True)
system.stop()
"""


class Sandbox:
    """A reference central in a process of its own, on a database file."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        command = [sys.executable, "-m", "pos_client", "sandbox", "--only", "central", "--seed", "1"]
        command += ["--db", f"sqlite:///{folder / 'central.db'}"]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        stack.callback(self.end)
        assert self.process.stdout is not None
        self.addresses: dict[str, Any] = json.loads(self.process.stdout.readline())

    @property
    def settings(self) -> dict[str, str]:
        return {name: self.addresses[name] for name in ("url", "seal_key", "permit_key")}

    def ledger(self) -> list[dict[str, Any]]:
        answer = requests.get(self.addresses["control"] + "/control/ledger", timeout=120)
        accruals: list[dict[str, Any]] = answer.json()["accruals"]
        return accruals

    def end(self) -> None:
        self.process.terminate()
        self.process.wait(20)


class BadNetwork:
    """A relay in front of a central: it loses answers, repeats requests, and says 503 by itself."""

    def __init__(self, beyond: str, seed: int) -> None:
        from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

        dice, lock = Random(seed), threading.Lock()

        class Relay(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                super().setup()
                self.session = requests.Session()
                self.session.trust_env = False

            def relay(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                kept = {name: value for name, value in self.headers.items() if name not in OF_ONE_CONNECTION}
                with lock:
                    fate, again = dice.random(), dice.random() < TWICE
                if "accruals" in self.path and fate < REFUSED:
                    self.answer(503, {}, b"")
                    return
                for _ in range(1 + again):
                    answer = self.session.request(self.command, beyond + self.path, data=body, headers=kept, timeout=30)
                if "accruals" in self.path and fate < REFUSED + LOST:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.answer(answer.status_code, answer.headers, answer.content)

            do_GET = do_POST = do_PUT = relay  # the library's names

            def answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
                self.send_response(status)
                if "Content-Type" in headers:
                    self.send_header("Content-Type", headers["Content-Type"])
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, request: object, address: object) -> None:
                """Connections that were cut are meant."""

        self.server = Server(("127.0.0.1", 0), Relay)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


def claims(seal_key: str, count: int, first_end: int) -> list[port.EncodedCall]:
    wire = HttpWire(seal_key, f"{STATION}-{TERMINAL}", STATION)
    sealed = wire.seal_identifier(parse_identifier("000100001"))
    return [
        wire.encode(
            port.Accrue(
                accrual_id=AccrualId(f"0199c0de-0000-7000-8000-{first_end + n:012d}"),
                sealed_identifier=sealed,
                receipt_number=f"T1-{n:06d}",
                point=PointId(1),
                nozzle=NozzleId(1),
                grade_code="E10-95-III",
                unit_price=27_080,
                volume_ml=10_000,
                amount_vnd=270_800,
                end_totalizer_ml=first_end + n,
                fuelled_at=AT.isoformat(),
                tenders=((TenderClass.CASH, 270_800),),
            )
        )
        for n in range(count)
    ]


def queue(site: Site, calls: list[port.EncodedCall]) -> None:
    store = open_store(site.journal)
    items = tuple(
        OutboxItem(IdempotencyKey(call.key), ItemKind.ACCRUAL, call.path.rpartition("/")[2],
                   call.path.rpartition("/")[2], call.method, call.path, call.body, AT.isoformat())
        for call in calls
    )  # fmt: skip
    for first in range(0, len(items), 1000):
        store.commit(Change(items=items[first : first + 1000]), AT)
    store.close()


def drain(folder: Path, central: dict[str, str], records: int, dice: Random) -> tuple[float, int]:
    """Seconds until the queue is empty, kills included, and how many kills there were."""
    began, kills = perf_counter(), 0
    while True:
        command = [sys.executable, "-c", TILL, str(folder), json.dumps(central)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "started\n"
        timer = None
        if kills < KILLS:
            timer = threading.Timer(dice.uniform(1, 6), process.kill)
            timer.start()
        told = process.stdout.readline()
        if timer is not None:
            timer.cancel()
        process.wait(30)
        if told == "empty\n":
            return perf_counter() - began, kills
        kills += 1


def bare_loop(central: Sandbox, calls: list[port.EncodedCall]) -> float:
    session = requests.Session()
    session.trust_env = False
    began = perf_counter()
    for call in calls:
        headers = {
            "X-Terminal": f"{STATION}-{TERMINAL}",
            "Idempotency-Key": call.key,
            "Content-Type": "application/json",
        }
        answer = session.put(central.addresses["url"] + call.path, data=call.body, headers=headers, timeout=30)
        assert answer.status_code == 201, answer.text
    return perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for name in ("till", "one", "two"):
            (folder / name).mkdir()
        ours, bare = Sandbox(folder / "one", stack), Sandbox(folder / "two", stack)
        network = BadNetwork(ours.addresses["url"], arguments.seed)
        calls = claims(ours.settings["seal_key"], arguments.records, 1_000_000_000)
        queue(Site(folder / "till"), calls)
        settings = {**ours.settings, "url": network.url}
        seconds, kills = drain(folder / "till", settings, arguments.records, Random(arguments.seed))
        booked = [row["id"] for row in ours.ledger()]
        once = len(booked) == len(set(booked)) == len(calls)
        few = claims(bare.settings["seal_key"], min(arguments.records, 2_000), 2_000_000_000)
        bare_seconds = bare_loop(bare, few)
    rate, bare_rate = len(calls) / seconds, len(few) / bare_seconds
    report = {
        "records": len(calls),
        "seconds": round(seconds, 1),
        "kills": kills,
        "each_counted_once": once,
        "claims_per_second": round(rate),
        "bare_loop_per_second": round(bare_rate),
        "ratio": round(rate / bare_rate, 2),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0 if once and rate / bare_rate >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
