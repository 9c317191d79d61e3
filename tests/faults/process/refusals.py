"""A disk that is full or failing at one of a till's storage calls, or from it on, in everything a till does with it.

A `Flow` prepares a station whose disk is well, and then does something during which the disk is not. Afterwards nothing
was lost that had been acknowledged, nothing that failed was acknowledged, what was said was the disk's own code, and a
sale was paid although the disk was full.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import apsw

from pos_client.adapters.sqlite.connection import connect
from pos_client.adapters.sqlite.migrate import APPLICATION_ID
from pos_client.bootstrap.simulate.violation import hold
from pos_client.domain import facts as f
from pos_client.ports.errors import Unavailable
from tests.fakes.storage_calls import StorageCalls
from tests.fakes.till_in_place import RigInPlace, station_in_place
from tests.faults.process.kills import folder
from tests.unit.services.plays import PLAYS

CODES = {"full": {"disk_full"}, "failing": {"store_failed"}}
STARTS = 6
ONLY_HERE = (apsw.FullError, apsw.IOError, SystemError)
"""What SQLite swallows while it closes a file, apsw raises all the same when the file system is Python. The runs under
strace have no Python in between, and meet `Unavailable` alone."""
HALF_WAY = 5
"""So many steps of a play are done when the till dies, for the flows that begin with a start."""


@dataclass(frozen=True, slots=True)
class Flow:
    """What is done while the disk is bad."""

    prepare: Callable[[RigInPlace], None]
    do: Callable[[RigInPlace], None]
    chain: bool = True


def nothing(rig: RigInPlace) -> None:
    """A station as it opened."""


def half_a_gift(rig: RigInPlace) -> None:
    rig.play(PLAYS["gift-partial"][:HALF_WAY])


def killed(rig: RigInPlace) -> None:
    """The till dies; the folder is what it left, log and all."""
    rig.store.leave()


def half_a_gift_and_killed(rig: RigInPlace) -> None:
    half_a_gift(rig)
    killed(rig)


def a_day_and_the_book_destroyed(rig: RigInPlace) -> None:
    rig.play(PLAYS["redeem-otp-partly"])
    rig.store.close()
    book = rig.store.folder / "journal.db"
    book.write_bytes(bytes(100) + book.read_bytes()[100:])


FIRST_SCHEMA = Path(__file__).parents[2] / "integration" / "sqlite" / "schema_v1.sql"
OLDER = """
INSERT INTO journal SELECT seq, at, kind, subject, body, mac FROM new.journal;
INSERT INTO subject SELECT subject, is_open FROM new.subject;
INSERT INTO outbox SELECT position, key, kind, subject, lane, method, path, body, created_at, state, attempts, due_ms,
    last_problem FROM new.outbox;
INSERT INTO totalizer SELECT point, nozzle, totalizer_ml FROM new.totalizer;
"""


def a_day_of_the_first_program(rig: RigInPlace) -> None:
    """A book of schema 1, with the mirror it has today."""
    rig.play(PLAYS["redeem-otp-partly"])
    rig.store.close()
    book = rig.store.folder / "journal.db"
    today = book.rename(book.with_name("today.db"))
    connection = connect(book)
    connection.execute("ATTACH ? AS new", (str(today),))
    connection.execute(f"PRAGMA application_id={APPLICATION_ID}; {FIRST_SCHEMA.read_text('utf-8')}; {OLDER}").fetchall()
    connection.pragma("user_version", 1)
    connection.close()


def start(rig: RigInPlace) -> None:
    rig.restart()
    rig.run()


FLOWS: dict[str, Flow] = {
    **{name: Flow(nothing, lambda rig, play=play: rig.play(play)) for name, play in PLAYS.items()},  # type: ignore[misc]
    "start after a death": Flow(half_a_gift_and_killed, start),
    "rebuilding from the mirror": Flow(a_day_and_the_book_destroyed, start),
    "migration": Flow(a_day_of_the_first_program, start, chain=False),
}


def refuse(flow: str, at: int, what: str, *, lasting: bool) -> int:
    """One case; how many calls were refused. `at` 0: none, and the answer is how many calls there were."""
    logging.disable(logging.CRITICAL)  # a disk that refuses is said in the log every time
    try:
        with folder() as where:
            calls = StorageCalls()
            site = where / "till"
            site.mkdir()
            with station_in_place(site, calls, chain=FLOWS[flow].chain) as rig:
                FLOWS[flow].prepare(rig)
                before = calls.count
                calls.arm(at, what, lasting=lasting)
                _do_until_it_starts(rig, flow, what)
                made = calls.count - before
                _look(rig, flow, what, lasting)
                _close_again(rig, at)
                return calls.struck if at else made
    finally:
        logging.disable(logging.NOTSET)


def _do_until_it_starts(rig: RigInPlace, flow: str, what: str) -> None:
    """Who cannot start says why, and starts once the disk is well."""
    for _ in range(STARTS):
        try:
            FLOWS[flow].do(rig)
        except Unavailable as trouble:
            hold(trouble.code in CODES[what], "I14", f"a start was refused as {trouble}")
        except ONLY_HERE:
            hold(rig.store.calls.struck > 0, "bug", "raised although nothing had failed")
        else:
            return
        rig.store.give_up()
        rig.store.calls.mend()
        hold(set(rig.store.refusals) <= CODES[what], "I14", f"a disk that is {what} was called {rig.store.refusals}")
        rig.store.refusals.clear()  # who does not start says so elsewhere
    hold(False, "L1", "it does not start on a disk that is well")


def _look(rig: RigInPlace, flow: str, what: str, lasting: bool) -> None:
    books = rig.store
    hold(not books.silent, "I14", f"acknowledged although storage call {books.silent} failed")
    wrong = set(books.refusals) - CODES[what]
    hold(not wrong, "I14", f"a disk that is {what} was called {wrong}")
    if books.refusals and not books.only_pumps_were_refused:
        said = CODES[what] & set(rig.notices)
        hold(bool(said) or not rig.notices, "I14", f"refused, and the counter heard {rig.notices[-3:]}")
    if what == "full" and lasting and flow == "anonymous":
        hold(len(rig.facts(f.SalePaid)) == 1, "I16", "a full disk stopped a sale")


def _close_again(rig: RigInPlace, at: int) -> None:
    """Half of them are closed on the bad disk and start on a good one; the others go on as they are."""
    if at % 2:
        rig.store.give_up()
        rig.store.calls.mend()
        rig.restart()
        rig.run()
    rig.store.calls.mend()
    rig.evening()
