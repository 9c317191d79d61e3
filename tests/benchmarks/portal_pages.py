"""An organisation with as many vouchers and entries as anybody will have: how long its pages and files take.

    python -m tests.benchmarks.portal_pages --vouchers 50000 --entries 100000 [--db URL]

The ledger is filled behind the portal's back, balanced; every page is fetched over HTTP three times, the slowest told.
"""

from __future__ import annotations

import argparse
import sys
import time
from itertools import islice

from sqlalchemy import func, insert, select

from pos_client.sandbox.central.ledger import passwords
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.central.storage import ledger_tables as t
from pos_client.sandbox.central.storage.portal_tables import portal_acts
from pos_client.sandbox.central.storage.tables import vouchers
from pos_client.sandbox.portal.app import build_portal
from tests.central import RESOURCES, running_central
from tests.portal import ORGANISATION, Visitor

POINTS = 1_000
PIECE = 5_000
PAGES = (
    *("/fund", "/vouchers", "/vouchers?page=1000", "/vouchers?plate=51D", "/vouchers?code=P-10049999"),
    *("/statement", "/statement?page=2000", "/statement?kind=moved&page=500", "/statement?fund=P-10000007"),
    *("/vouchers/P-10000007", "/people", "/vehicles", "/acts", "/acts?page=1000"),
)
OFFICE = ("/office", "/office/review", "/office/signals", "/office/acts", "/office/acts?page=1000")
FILES = ("/statement.csv", "/statement.xlsx")


def code_of(number: int) -> str:
    """A voucher's."""
    return f"P-{10_000_000 + number}"


def fill(service: CentralService, made: int, entries: int) -> None:
    """Vouchers of the organisation, each moved out of its fund in one transfer; the rest of the entries are sales."""

    def work(book: object) -> None:
        db = book.db  # type: ignore[attr-defined]
        first = (db.scalar(select(func.max(t.transfers.c.id))) or 0) + 1
        who = f"account:{ORGANISATION}"
        now = book.now_ms  # type: ignore[attr-defined]
        sales, moved = max(0, entries - made), made
        rows = (
            {
                "id": first + n,
                "source": "ISSUED" if n < sales else ORGANISATION,
                "target": ORGANISATION if n < sales else code_of(n - sales),
                "kind": "accrual" if n < sales else "moved",
                "points": POINTS,
                "reference": f"bulk-{n}",
                "at_ms": now - (sales + moved - n) * 1_000,
            }
            for n in range(sales + moved)
        )
        cards = (
            {
                "code": code_of(n),
                "account": ORGANISATION,
                "plate": "51D67890",
                "driver": "LX-01",
                "product": None,
                "expires_on": "2099-03-31",
                "status": "active",
            }
            for n in range(made)
        )
        acts = (
            {
                "at_ms": now,
                "actor": who,
                "account": ORGANISATION,
                "act": "vouchers_made",
                "what": "x",
            }
            for _ in range(made)
        )
        for table, filling in ((vouchers, cards), (t.transfers, rows), (portal_acts, acts)):
            while piece := list(islice(filling, PIECE)):
                db.execute(insert(table), piece)
        lots = (
            {
                "entry_id": first + sales + n,
                "fund": code_of(n),
                "points_left": POINTS,
                "credited_at_ms": now,
                "expires_on": "2099-03-31",
            }
            for n in range(made)
        )
        while piece := list(islice(lots, PIECE)):
            db.execute(insert(t.lots), piece)
            db.execute(insert(t.balances), [{"fund": lot["fund"], "points": POINTS} for lot in piece])

    service.transact(work)


def measure(visitor: Visitor, path: str) -> tuple[float, int]:
    """The slowest of three, in seconds, and how many bytes."""
    took, size = 0.0, 0
    for _ in range(3 if path not in FILES else 1):
        begun = time.perf_counter()
        answer = visitor.http.get(f"{visitor.address}{path}", timeout=300)
        took, size = max(took, time.perf_counter() - begun), len(answer.content)
        assert answer.status_code == 200, (path, answer.status_code)
    return took, size


def main() -> None:
    """Fill, fetch, tell."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--vouchers", type=int, default=50_000)
    asked.add_argument("--entries", type=int, default=100_000)
    asked.add_argument("--db", default="sqlite:///:memory:")
    arguments = asked.parse_args()
    passwords.COST = passwords.COST_OF_SANDBOX
    kept: list[CentralService] = []

    def pages(service: CentralService) -> object:
        kept.append(service)
        return build_portal(service, RESOURCES)

    with running_central(seed=3, database=arguments.db, pages=pages) as central:
        fill(kept[0], arguments.vouchers, arguments.entries)
        for who, paths in ((ORGANISATION, (*PAGES, *FILES)), ("HO-01", OFFICE)):
            visitor = Visitor(central.addresses.portal)
            visitor.log_in(who)
            for path in paths:
                took, size = measure(visitor, path)
                sys.stdout.write(f"{path:38} {took:7.3f} s {size:>11,} bytes\n")
            visitor.close()


if __name__ == "__main__":
    main()
