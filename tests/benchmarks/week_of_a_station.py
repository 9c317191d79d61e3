"""A busy station's week, compressed: `python tests/benchmarks/week_of_a_station.py [--sales N] [--days D]`.

Six fuelling points, three thousand sales a day, head office away for an hour in the morning and one in the evening,
customers who earn, one in forty who pays with points, shifts three times a day, a receipt reprinted now and then: the
production terminal over the production store on this disk. Around it stands the simulator, made to forget each night
what it alone would keep (its ledger's answers, its pumps' deliveries), so that what grows is the till's.

It prints JSON: memory after the first day (warm) and at the end, open files, the longest write-ahead log.
"""

from __future__ import annotations

import argparse
import gc
import json
import logging
import sys
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psutil

from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK, ORGANISATION, ORGANISATION_PIN, SETTINGS, Rig
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.settings.model import LineSettings, PointSettings, Settings

MOST_GROWTH = 0.05
MOST_LOG_BYTES = 64 * 1024 * 1024
POINTS = 6
DAY_S = 86_400
OPEN_AFTER = (1 / 3, 2 / 3)
"""parts of the day at which another cashier takes over"""
AWAY = ((0.30, 0.34), (0.75, 0.79))
"""parts of the day in which head office does not answer"""


def six_points() -> Settings:
    points = tuple(PointSettings(n, 80 + n, ("E10", "E5")) for n in range(1, POINTS + 1))
    return Settings(
        station=SETTINGS.station,
        grades=SETTINGS.grades,
        counter=SETTINGS.counter,
        lines=(LineSettings("line", "fake", "fake", points=points),),
    )


class Books:
    """The production store, with the switches of a simulated one that nobody uses here."""

    journal: tuple[()] = ()
    fault: str | None = None
    fail_after: int | None = None
    crash_after: int | None = None

    def __init__(self, path: Path) -> None:
        self._store = open_store(path)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)


class Week:
    def __init__(self, rig: Rig, sales_a_day: int, dice: Random, log: Path) -> None:
        self.rig, self.sales_a_day, self.dice, self.log = rig, sales_a_day, dice, log
        self.sales = self.longest_log = 0

    def day(self) -> None:
        pause_ms = DAY_S * 1000 // self.sales_a_day
        self.rig.tell(m.OpenShift("Hoa"))
        for number in range(self.sales_a_day):
            part = number / self.sales_a_day
            self.rig.central.down = any(begin <= part < end for begin, end in AWAY)
            self.sale(1 + number % POINTS)
            self.rig.advance(pause_ms, step_ms=pause_ms)
            if number in [int(each * self.sales_a_day) for each in OPEN_AFTER]:
                self.change_shift()
            _ = self.rig.picture
        self.rig.central.down = False
        self.change_shift(last=True)
        self.rig.settle()
        self.longest_log = max(self.longest_log, self.log.stat().st_size if self.log.exists() else 0)
        self.forget()

    def sale(self, point: int) -> None:
        rig, kind = self.rig, self.dice.random()
        rig.fuel(point, self.dice.randrange(2_000, 40_000))
        rig.select(point)
        if kind < 0.025:
            rig.identify(ORGANISATION)
            rig.tell(m.StartRedemption(50_000))
            rig.keys(ORGANISATION_PIN, OK)
        elif kind < 0.5:
            rig.identify(INDIVIDUAL)
        rig.pay((TenderKind.CASH, TenderKind.QR, TenderKind.CARD)[int(kind * 1000) % 3])
        if kind > 0.98:
            rig.tell(m.ReprintLast())
        self.sales += 1

    def change_shift(self, last: bool = False) -> None:
        self.rig.tell(m.CloseShift())
        self.rig.advance(20_000, step_ms=5_000)
        self.rig.tell(m.CountCash(0))
        if not last:
            self.rig.tell(m.OpenShift("Lan"))

    def forget(self) -> None:
        """What the till would not have with it: central's, the pumps' and the printer's own memory."""
        ledger, hall = self.rig.central.ledger, self.rig.forecourt
        ledger.answers.clear()
        ledger.entries.clear()
        ledger.holds.clear()
        ledger.accruals.clear()
        ledger.sales.clear()
        ledger.sms.clear()
        ledger.given_back.clear()
        for account in ledger.accounts.values():
            account.points = 100_000_000
        self.rig.central.handled.clear()
        self.rig.envelopes.identifiers.clear()
        self.rig.envelopes.secrets.clear()
        self.rig.watchmen.gift_commands.clear()
        self.rig.notices.clear()
        self.rig.printer.printed.clear()
        self.rig.printer.reports.clear()
        hall.commands.clear()
        for pump in hall.pumps.values():
            pump.deliveries.clear()
        gc.collect()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sales", type=int, default=3_000, help="a day")
    parser.add_argument("--days", type=int, default=7)
    parser.add_argument("--folder", type=Path, help="on the disk that is to be used")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    process, began = psutil.Process(), perf_counter()
    with TemporaryDirectory(dir=arguments.folder) as folder:
        path = Path(folder) / "journal.sqlite"
        rig = Rig(six_points(), store=Books(path))  # type: ignore[arg-type]  # what the rig asks of books, it has
        rig.central.watch = lambda call: None
        week = Week(rig, arguments.sales, Random(1), path.with_name(path.name + "-wal"))
        week.forget()
        memory, handles = [], []
        for _ in range(arguments.days):
            week.day()
            memory.append(process.memory_info().rss)
            handles.append(process.num_fds())
        state, size = rig.desk.state, path.stat().st_size
        rig.store.close()
    growth = memory[-1] / memory[0] - 1
    report = {
        "days": arguments.days,
        "sales": week.sales,
        "seconds": round(perf_counter() - began, 1),
        "memory_mb": [round(each / 2**20, 1) for each in memory],
        "growth_after_the_first_day": round(growth, 4),
        "handles": handles,
        "longest_log_mb": round(week.longest_log / 2**20, 2),
        "books_mb": round(size / 2**20, 1),
        "waiting": len(state.outbox),
        "unpaid": len(state.fuellings),
        "kept": {name: len(getattr(state, name)) for name in ("sales", "redemptions", "accruals", "balances")},
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    well = growth < MOST_GROWTH and len(set(handles)) == 1 and week.longest_log < MOST_LOG_BYTES
    return 0 if well and not state.outbox and not state.fuellings else 1


if __name__ == "__main__":
    sys.exit(main())
