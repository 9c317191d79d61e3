"""How long a till with a long past takes to be ready: `python tests/benchmarks/start_up.py [--facts N] [--waiting N]`.

Two books, one empty and one with a million facts and ten thousand records waiting for head office; a process of its
own for each start, in turn, from the command to the first picture in which the terminal is ready. And a search for one
receipt in the long book. It prints JSON; ready should come no later than 1.5 times as late.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.paths import Site
from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, IdempotencyKey, NozzleId, PointId, SaleId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import ItemKind, OutboxItem
from pos_client.ports.store import Change

MOST = 1.5
STARTS = 5
AT = datetime(2026, 11, 23, 8, tzinfo=VIETNAM)
START = """
import sys, threading
from pathlib import Path
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.settings.model import CentralSettings, Settings
ready = threading.Event()
settings = Settings(central=CentralSettings(url="http://127.0.0.1:9"), secrets_backend="sandbox-file")
system = TerminalSystem(settings, Site(Path(sys.argv[1])), lambda s: ready.set() if s.ready else None, print)
system.start()
assert ready.wait(60)
print("ready", flush=True)
sys.stdin.readline()
system.stop()
"""


def fill(path: Path, facts: int, waiting: int) -> None:
    """Sales of five facts each, all closed, and records that wait."""
    path.parent.mkdir(parents=True, exist_ok=True)
    store = open_store(path)
    for first in range(0, facts // 5, 1000):
        rows: list[f.Fact] = []
        closed: list[str] = []
        for number in range(first, min(first + 1000, facts // 5)):
            fuelling, sale = FuellingId(f"CHXD000-1-1-{number}"), SaleId(f"01939000-0000-7000-8000-{number:012x}")
            end = number * 10_000
            rows += [
                f.FuellingCompleted(fuelling, PointId(1), NozzleId(1), "E10", "E10", 27_080, 10_000, 270_800,
                                    end - 10_000, end, AT.isoformat()),
                f.SaleOpened(sale, fuelling, f"CHXD000-T1-{number:06d}"),
                f.CustomerAttached(sale, "sealed" * 20, "***001", "P***", "individual", True),
                f.TenderTaken(sale, "cash", 270_800),
                f.SalePaid(sale, AT.isoformat(), 650, "13 x 50", "13 x 50"),
            ]  # fmt: skip
            closed += [fuelling, sale]
        store.commit(Change(tuple(rows), closed=tuple(closed)), AT)
    items = [
        OutboxItem(IdempotencyKey(f"{n}:accrue"), ItemKind.ACCRUAL, str(n), str(n), "PUT", f"/v1/accruals/{n}",
                   b"x" * 600, AT.isoformat())
        for n in range(waiting)
    ]  # fmt: skip
    for first in range(0, waiting, 1000):
        store.commit(Change(items=tuple(items[first : first + 1000])), AT)
    store.close()


def start(folder: Path) -> float:
    """Seconds from the command until ready."""
    began = perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", START, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        seconds = perf_counter() - began
        process.stdin.write("\n")
        process.stdin.flush()
    return seconds


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--facts", type=int, default=1_000_000)
    parser.add_argument("--waiting", type=int, default=10_000)
    parser.add_argument("--folder", type=Path)
    arguments = parser.parse_args()
    with TemporaryDirectory(dir=arguments.folder) as folder:
        empty, long = Path(folder) / "empty", Path(folder) / "long"
        empty.mkdir()
        fill(Site(long).journal, arguments.facts, arguments.waiting)
        start(empty), start(long)  # what the disk has to be asked for once
        times = [(start(empty), start(long)) for _ in range(STARTS)]
        with open_reader(Site(long).journal) as reader:
            began = perf_counter()
            found = list(reader.entries_of("01939000-0000-7000-8000-000000000fff"))
            search_ms = (perf_counter() - began) * 1000
    short = sorted(a for a, _ in times)[STARTS // 2]
    late = sorted(b for _, b in times)[STARTS // 2]
    report = {
        "facts": arguments.facts,
        "waiting": arguments.waiting,
        "empty_ready_s": round(short, 3),
        "long_ready_s": round(late, 3),
        "ratio": round(late / short, 2),
        "search_ms": round(search_ms, 2),
        "found": len(found),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0 if late / short <= MOST else 1


if __name__ == "__main__":
    sys.exit(main())
