"""What one durable fact costs: `python tests/benchmarks/journal_append.py [--seconds S] [--folder DIR]`.

Three in turn, on the same disk, for the same bytes, each commit synced:

- the terminal's store: encode, chain, append, index, commit;
- bare SQLite with the same pragmas: one insert into one table, commit;
- persist-queue's SQLite queue (`pip install persist-queue`), where it is installed: one put.

It prints JSON: commits a second, and the store's share of bare SQLite's (it should reach 0.8).
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import apsw

from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.store import open_store
from pos_client.domain.facts import TenderTaken
from pos_client.domain.identifiers import SaleId
from pos_client.domain.journal import encode
from pos_client.domain.moment import VIETNAM
from pos_client.ports.store import Change

ENOUGH = 0.8
ROUNDS = 10
AT = datetime(2026, 11, 23, 8, tzinfo=VIETNAM)
Commit = Callable[[], None]


def facts() -> Iterator[TenderTaken]:
    """Facts of one size; five of them make a story, as they do at a counter."""
    for number in count():
        yield TenderTaken(SaleId(f"01939000-0000-7000-8000-{number // 5:012x}"), "cash", 95_400)


def store(folder: Path, stack: ExitStack) -> Commit:
    books, waiting = open_store(folder / "store.sqlite"), facts()
    stack.callback(books.close)
    return lambda: void(books.commit(Change((next(waiting),)), AT))


def bare(folder: Path, stack: ExitStack) -> Commit:
    connection, waiting = connect(folder / "bare.sqlite"), facts()
    stack.callback(connection.close)
    connection.execute(
        "CREATE TABLE row (seq INTEGER PRIMARY KEY, at TEXT, kind TEXT, subject TEXT, body BLOB, mac BLOB) STRICT"
    )

    def commit() -> None:
        fact = next(waiting)
        kind, body = encode(fact)
        values = (AT.isoformat(), kind, fact.sale_id, body, bytes(32))
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO row (at, kind, subject, body, mac) VALUES (?, ?, ?, ?, ?)", values)
        connection.execute("COMMIT")

    return commit


def persist_queue(folder: Path, stack: ExitStack) -> Commit | None:
    try:
        from persistqueue import SQLiteQueue
    except ImportError:
        return None
    queue, waiting = SQLiteQueue(str(folder / "queue"), auto_commit=True), facts()
    stack.callback(queue.close)
    return lambda: void(queue.put(encode(next(waiting))[1]))


def void(answer: object) -> None:
    """Nothing is done with an answer."""


def rate(commit: Commit, seconds: float) -> float:
    done, started = 0, perf_counter()
    while perf_counter() - started < seconds:
        commit()
        done += 1
    return done / (perf_counter() - started)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=3.0, help="for each")
    parser.add_argument("--folder", type=Path, help="on the disk that is to be measured")
    arguments = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory(dir=arguments.folder)))
        named = {"store": store(folder, stack), "bare_sqlite": bare(folder, stack)}
        if (queue := persist_queue(folder, stack)) is not None:
            named["persist_queue"] = queue
        rates: dict[str, list[float]] = {name: [] for name in named}
        for _ in range(ROUNDS):  # in turn, so that a busy machine is busy for all of them
            for name, commit in named.items():
                rates[name].append(rate(commit, arguments.seconds / ROUNDS))
    middle = {name: sorted(many)[len(many) // 2] for name, many in rates.items()}
    ratio = middle["store"] / middle["bare_sqlite"]
    report = {f"{name}_commits_per_second": round(value) for name, value in middle.items()}
    print(json.dumps(report | {"ratio": round(ratio, 2), "sqlite": apsw.sqlite_lib_version()}, indent=1))  # noqa: T201
    return 0 if ratio >= ENOUGH else 1


if __name__ == "__main__":
    sys.exit(main())
