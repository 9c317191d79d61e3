"""How much the points engine costs: `python tests/benchmarks/points_engine.py [--seconds S]`, one core, no threads.

Two ratios, because absolute figures say more about the machine than about the program:

- an accrual by the engine (rates by date, classes, blocks, both languages' sums) against the same rule written inline;
- a redemption (hold and capture) from a wallet of 10,000 lots against one of 100, which may cost at most 3 times.

It prints JSON and exits with 1 when the second ratio is above its limit.
"""

from __future__ import annotations

import argparse
import json
import sys
import tomllib
from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from time import perf_counter

from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme import earn, expiry_of, load_profile
from pos_client.domain.programme.accrual import accrue_sale
from pos_client.domain.programme.ledger import Ledger
from pos_client.domain.tender import TenderClass

FILE = Path(__file__).parents[2] / "resources" / "programmes" / "petrolimex-id.toml"
MOST_TIMES = 3.0
SMALL = 40
"""points of a lot: a redemption of 100 takes two or three"""
ON = date(2026, 11, 23)
AT = datetime(2026, 11, 23, 8, tzinfo=VIETNAM)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=1.0, help="for each measurement")
    seconds = parser.parse_args().seconds
    profile = load_profile(tomllib.loads(FILE.read_text("utf-8")))
    tenders = [(TenderClass.ELECTRONIC, 70_000), (TenderClass.CASH, 25_400)]
    names = [("electronic", 70_000), ("cash", 25_400)]
    inline = per_second(lambda: inline_accrual(70_000, 25_400, ON), seconds)
    engine = per_second(lambda: (earn(profile, tenders, ON), expiry_of(profile, ON)), seconds)
    asked = per_second(lambda: accrue_sale(profile, names, AT, {}), seconds)
    few, many = redemptions(100, seconds), redemptions(10_000, seconds)
    inline_redemption = per_second(inline_spender(100), seconds)
    report = {
        "accruals_per_second": round(engine),
        "explained_accruals_per_second": round(asked),
        "inline_accruals_per_second": round(inline),
        "accrual_ratio_engine_to_inline": round(inline / engine, 1),
        "redemptions_per_second_100_lots": round(few),
        "redemptions_per_second_10000_lots": round(many),
        "inline_redemptions_per_second_100_lots": round(inline_redemption),
        "redemption_ratio_engine_to_inline": round(inline_redemption / few, 1),
        "redemption_ratio_10000_to_100_lots": round(few / many, 2),
    }
    print(json.dumps(report, indent=1))  # noqa: T201  # the report
    return 0 if few / many <= MOST_TIMES else 1


def per_second(work: Callable[[], object], seconds: float) -> float:
    """How often `work` runs in a second, after warming up."""
    work()
    done, start = 0, perf_counter()
    while (spent := perf_counter() - start) < seconds:
        for _ in range(100):
            work()
        done += 100
    return done / spent


def inline_accrual(electronic: int, cash: int, on: date) -> tuple[int, date]:
    """The same rule as anybody would write it on the spot."""
    points = 0 if on < date(2021, 11, 15) else electronic // 10_000 * 50 + cash // 20_000 * 50
    last = date(2023, 3, 31) if on.year == 2021 else date(on.year + 1, 3, 31)
    return points, last


def redemptions(lots: int, seconds: float) -> float:
    """Holds with their captures in a second, each of two or three lots, from a wallet that keeps so many lots."""
    ledger = Ledger()
    for n in range(lots):
        ledger.credit("fund", SMALL, AT + timedelta(microseconds=n), date(2027 + n % 7, 3, 31))
    count, later = 0, AT + timedelta(hours=1)

    def twice() -> None:
        nonlocal count
        for _ in range(5):
            ledger.credit("fund", SMALL, later, date(2033, 3, 31))
        for _ in range(2):
            count += 1
            hold = f"r{count}"
            ledger.hold("fund", hold, 100, later, 100)
            ledger.capture(hold, 100, later)

    return 2 * per_second(twice, seconds)


def inline_spender(lots: int) -> Callable[[], object]:
    """Taking from a sorted list of plain numbers, without holds, entries or time."""
    left = [10**12] * lots

    def once() -> int:
        missing = 100
        for place, points in enumerate(left):
            taken = min(points, missing)
            left[place] -= taken
            missing -= taken
            if not missing:
                break
        return missing

    return once


if __name__ == "__main__":
    sys.exit(main())
