"""How a till gets rid of a deep queue: `python tests/benchmarks/queue_drain.py [--records N]`.

Ten thousand claims for points wait. Head office (a process of its own, on a real database) loses three answers in ten
after it has decided, refuses one request in twenty with 503, gets one in ten twice; the till is killed and started
again several times. In the end each claim has counted once. Beside it, in the same run and against a central of the
same kind without faults, a bare loop of `requests` puts claims of the same size one after the other, each signed as a
till signs it. Who has not got rid of its queue within `--minutes` is ended, and the benchmark has failed.

It prints JSON: claims a second for both, and the till's share of the bare loop's (it should reach 0.7).
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import asdict, replace
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import monotonic, perf_counter
from typing import Any

import requests

from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.adapters.central_http.identity import Identity
from pos_client.adapters.sqlite.store import open_store
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.enrolling import DEVICE_KEY, as_enrolled, enrol_till, open_secrets
from pos_client.bootstrap.paths import Site
from pos_client.domain.customer import parse_identifier
from pos_client.domain.identifiers import AccrualId, IdempotencyKey, NozzleId, PointId
from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.ports.store import Change
from pos_client.settings.model import CentralSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS

ENOUGH = 0.7
KILLS = 4
LOST, REFUSED, TWICE = 0.30, 0.05, 0.10
OF_ONE_CONNECTION = frozenset({"connection", "content-length", "transfer-encoding"})
"""Headers a relay makes anew; all others are signed, `Host` among them, and pass as they are."""
STATION, TERMINAL = "CHXD018", "T1"
AT = SystemClock().now().wall
END_S = 30.0
"""Who was told to end has so long."""
TILL = """
import json, sys, threading
from pathlib import Path
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.settings.model import CentralSettings, Settings, StationSettings
folder, station, terminal, central, secrets_backend, patience_s = sys.argv[1:]
settings = Settings(
    station=StationSettings(station, "", terminal, ""), central=CentralSettings(**json.loads(central)),
    secrets_backend=secrets_backend,
)
empty, seen = threading.Event(), []
def see(snapshot):
    seen[:] = [snapshot.status.queue]
    if snapshot.ready and not snapshot.status.queue.waiting:
        empty.set()
system = TerminalSystem(settings, Site(Path(folder)), see, print)
system.start()
print("started", flush=True)
print("empty" if empty.wait(float(patience_s)) else f"left: {seen}", flush=True)
system.stop()
"""


class Sandbox:
    """A reference central in a process of its own, on a database file. `options`: more of `pos-client sandbox`."""

    def __init__(self, folder: Path, stack: ExitStack, *options: str) -> None:
        command = [sys.executable, "-m", "pos_client", "sandbox", "--only", "central", "--seed", "1"]
        command += ["--db", f"sqlite:///{folder / 'central.db'}", *options]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        stack.callback(self.end)
        assert self.process.stdout is not None
        self.addresses: dict[str, Any] = json.loads(self.process.stdout.readline())

    @property
    def settings(self) -> CentralSettings:
        return CentralSettings(
            **{name: self.addresses[name] for name in ("url", "seal_key", "permit_key", "answer_key")}
        )

    def enrolled(self, site: Site, **more: Any) -> Settings:
        """Settings of a till that is enrolled here; its key is kept at its site."""
        station = StationSettings(STATION, "", TERMINAL, "")
        settings = Settings(station=station, central=self.settings, secrets_backend=SANDBOX_SECRETS, **more)
        body = {"station": STATION, "terminal": TERMINAL}
        made = requests.post(self.addresses["control"] + "/control/enrolment-codes", json=body, timeout=30)
        secrets = open_secrets(settings, site)
        told = enrol_till(settings.central.url, made.json()["code"], secrets, lambda enrolled: None)
        if not isinstance(told, Enrolled):
            raise SystemExit(f"central does not enrol this till: {told}")
        return as_enrolled(settings, told)

    def ledger(self) -> list[dict[str, Any]]:
        answer = requests.get(self.addresses["control"] + "/control/ledger", timeout=120)
        accruals: list[dict[str, Any]] = answer.json()["accruals"]
        return accruals

    def end(self) -> None:
        self.process.terminate()
        try:
            self.process.wait(END_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(END_S)


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
                kept = {name: value for name, value in self.headers.items() if name.lower() not in OF_ONE_CONNECTION}
                with lock:
                    fate, again = dice.random(), dice.random() < TWICE
                if "accruals" in self.path and fate < REFUSED:
                    self.answer(503, {}, b"")
                    return
                where = beyond + self.path
                answer = self.session.request(self.command, where, data=body, headers=kept, timeout=END_S)
                if again:  # its answer goes to nobody: the connection has had one
                    self.session.request(self.command, where, data=body, headers=kept, timeout=END_S)
                if "accruals" in self.path and fate < REFUSED + LOST:
                    self.close_connection = True
                    self.connection.close()
                    return
                self.answer(answer.status_code, answer.headers, answer.content)

            do_GET = do_POST = do_PUT = relay  # the library's names

            def answer(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
                self.send_response_only(status)  # nothing of our own: `Date` comes with the answer
                for name, value in headers.items():
                    if name.lower() not in OF_ONE_CONNECTION:
                        self.send_header(name, value)
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


def drain(site: Site, settings: Settings, patience_s: float, dice: Random) -> tuple[float, int, int]:
    """Seconds until the queue is empty, kills included; how many kills there were, and how many starts that failed."""
    began, kills, failed = perf_counter(), 0, 0
    deadline = monotonic() + patience_s
    told = "not started"
    while (left_s := deadline - monotonic()) > 0:
        about = settings.station
        words = [about.station, about.terminal, json.dumps(asdict(settings.central)), settings.secrets_backend]
        command = [sys.executable, "-c", TILL, str(site.folder), *words, str(left_s)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process, ExitStack() as ends:
            assert process.stdout is not None
            ends.callback(end_after(left_s + END_S, process))
            if process.stdout.readline() != "started\n":
                failed += 1
                continue
            if kills < KILLS:
                ends.callback(end_after(dice.uniform(1, 6), process))
            told = process.stdout.readline()
            if told == "empty\n":
                seconds = perf_counter() - began
                process.wait()
                return seconds, kills, failed
            kills += 1
    raise SystemExit(f"after {patience_s:.0f} s and {kills} kills the queue is not empty: {told.strip()}")


def end_after(seconds: float, process: subprocess.Popen[str]) -> Callable[[], None]:
    """It is killed then, unless what is returned was called before."""
    timer = threading.Timer(seconds, process.kill)
    timer.daemon = True
    timer.start()
    return timer.cancel


def bare_loop(settings: Settings, key: bytes, calls: list[port.EncodedCall]) -> float:
    """Seconds for the calls one after the other, each signed and put."""
    terminal = f"{STATION}-{TERMINAL}"
    identity = Identity(terminal, settings.central.answer_key, key)
    session = requests.Session()
    session.trust_env = False
    began = perf_counter()
    for call in calls:
        headers = {"X-Terminal": terminal, "Idempotency-Key": call.key, "Content-Type": "application/json"}
        seen = identity.sign("PUT", settings.central.url + call.path, headers.items(), call.body)
        answer = session.put(seen.url, data=seen.body, headers=dict(seen.headers), timeout=END_S)
        assert answer.status_code == 201, answer.text
    return perf_counter() - began


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, default=30.0)
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory()))
        for name in ("till", "bare", "one", "two"):
            (folder / name).mkdir()
        ours = Sandbox(folder / "one", stack, "--proxy", "127.0.0.1")  # asked for what the till calls it
        bare = Sandbox(folder / "two", stack)
        network = BadNetwork(ours.addresses["url"], arguments.seed)
        till, plain = Site(folder / "till"), Site(folder / "bare")
        calls = claims(ours.settings.seal_key, arguments.records, 1_000_000_000)
        queue(till, calls)
        settings = ours.enrolled(till)
        settings = replace(settings, central=replace(settings.central, url=network.url))
        seconds, kills, failed = drain(till, settings, arguments.minutes * 60, Random(arguments.seed))
        booked = [row["id"] for row in ours.ledger()]
        once = len(booked) == len(set(booked)) == len(calls)
        few = claims(bare.settings.seal_key, min(arguments.records, 2_000), 2_000_000_000)
        other = bare.enrolled(plain)
        key = open_secrets(other, plain).get(DEVICE_KEY)
        assert key is not None
        bare_seconds = bare_loop(other, key, few)
    rate, bare_rate = len(calls) / seconds, len(few) / bare_seconds
    report = {
        "records": len(calls),
        "seconds": round(seconds, 1),
        "kills": kills,
        "starts_that_failed": failed,
        "each_counted_once": once,
        "claims_per_second": round(rate),
        "bare_loop_per_second": round(bare_rate),
        "ratio": round(rate / bare_rate, 2),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0 if once and rate / bare_rate >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
