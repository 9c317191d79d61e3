"""Three ledgers compared: the pumps' totalizers, the terminal's journal, central's points. They share no arithmetic.

Nothing here asks the program's own domain code what should have come out: volumes are differences of meters, points
are counted in blocks once more, by hand (A20, A21, A24, A25).
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pos_client.bootstrap.simulate.shift_checker import check_shifts
from pos_client.bootstrap.simulate.violation import Violation
from pos_client.value import dataclass

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the three sides say after a scenario; `*_before` is what they said when it began."""

    pumps_before: list[Row]
    pumps_after: list[Row]
    facts: list[Row]
    """of the terminal's journal: {"fact": kind of fact, **body}"""
    central_before: Row
    central_after: Row


def differences(evidence: Evidence) -> list[str]:
    """Every way in which the ledgers disagree, in words; empty when they agree."""
    return [
        *_litres(evidence),
        *_money(evidence),
        *_debits(evidence),
        *_credits(evidence),
        *_nothing_open(evidence),
        *_shifts(evidence),
    ]


def _facts(evidence: Evidence, kind: str) -> list[Row]:
    return [fact for fact in evidence.facts if fact["fact"] == kind]


def _litres(evidence: Evidence) -> list[str]:
    """I2: what each meter moved is what the journal sold of it."""
    moved = _totals(evidence.pumps_after)
    moved.subtract(_totals(evidence.pumps_before))
    sold: Counter[tuple[int, int]] = Counter()
    for fact in _facts(evidence, "FuellingCompleted"):
        sold[fact["point"], fact["nozzle"]] += fact["volume_ml"]
    return [
        f"pump {point} nozzle {nozzle}: the meter moved {moved[point, nozzle]} ml, "
        f"the journal has {sold[point, nozzle]} ml"
        for point, nozzle in sorted(set(moved) | set(sold))
        if moved[point, nozzle] != sold[point, nozzle]
    ]


def _totals(pumps: list[Row]) -> Counter[tuple[int, int]]:
    return Counter({(pump["point"], int(nozzle)): total for pump in pumps for nozzle, total in pump["totals"].items()})


def _money(evidence: Evidence) -> list[str]:
    """Every paid sale was paid exactly."""
    fuelled = {fact["fuelling_id"]: fact["amount_vnd"] for fact in _facts(evidence, "FuellingCompleted")}
    fuelled |= {fact["fuelling_id"]: fact["amount_vnd"] for fact in _facts(evidence, "FuellingPriced")}
    sales = {fact["sale_id"]: fact["fuelling_id"] for fact in _facts(evidence, "SaleOpened")}
    paid: Counter[str] = Counter()
    for fact in _facts(evidence, "TenderTaken"):
        paid[fact["sale_id"]] += fact["amount_vnd"]
    return [
        f"sale {sale['sale_id']}: {paid[sale['sale_id']]} đ were paid for {fuelled[sales[sale['sale_id']]]} đ"
        for sale in _facts(evidence, "SalePaid")
        if paid[sale["sale_id"]] != fuelled[sales[sale["sale_id"]]]
    ]


def _debits(evidence: Evidence) -> list[str]:
    """I1, I3, I4: central debited what the journal says, never more than was consented to or dispensed."""
    known = {row["id"] for row in evidence.central_before["redemptions"]}
    taken = {fact["voucher_id"]: fact["redemption_id"] for fact in _facts(evidence, "OfflineSpendIntended")}
    central = {
        taken.get(row["id"], row["id"]): row["points_debited"]
        for row in evidence.central_after["redemptions"]
        if row["id"] not in known and row["points_debited"]
    }
    journal = {fact["redemption_id"]: fact["points_debited"] for fact in _facts(evidence, "Captured")}
    journal = {key: value for key, value in journal.items() if value}
    dispensed = {fact["redemption_id"]: fact["amount_vnd"] for fact in _facts(evidence, "DispenseFinished")}
    given = (*_facts(evidence, "ConsentGiven"), *_facts(evidence, "OfflineSpendIntended"))
    consented = {fact["redemption_id"]: fact["points"] for fact in given}
    wrong = [] if central == journal else [f"central debited {central}, the journal has {journal}"]
    for redemption_id, points in central.items():
        allowed = min(dispensed.get(redemption_id, 0), consented.get(redemption_id, 0))
        if points != allowed:
            wrong.append(f"redemption {redemption_id}: {points} points debited, {allowed} were right")
    return wrong


def _credits(evidence: Evidence) -> list[str]:
    """I6: one accrual a sale, by the blocks of its tenders."""
    known = {row["id"] for row in evidence.central_before["accruals"]}
    central = {row["id"]: row["points"] for row in evidence.central_after["accruals"] if row["id"] not in known}
    sale_of = {fact["accrual_id"]: fact["sale_id"] for fact in _facts(evidence, "AccrualStated")}
    by_hand = {accrual_id: _blocks(evidence, sale_id) for accrual_id, sale_id in sale_of.items()}
    posted = {fact["accrual_id"]: fact["points"] for fact in _facts(evidence, "AccrualPosted")}
    wrong = [] if central == by_hand else [f"central credited {central}, by hand it is {by_hand}"]
    if posted != by_hand:
        wrong.append(f"the journal has {posted} posted, by hand it is {by_hand}")
    return wrong


def _blocks(evidence: Evidence, sale_id: str) -> int:
    points = 0
    for fact in _facts(evidence, "TenderTaken"):
        if fact["sale_id"] == sale_id:
            block = {"cash": 20_000, "qr": 10_000, "card": 10_000}.get(fact["kind"])
            points += fact["amount_vnd"] // block * 50 if block else 0
    return points


def _shifts(evidence: Evidence) -> list[str]:
    """Every closed shift is recounted from the journal; its meters moved as the pumps' own did."""
    meters = [{"point": point, "nozzle": nozzle, "modulus_ml": None} for point, nozzle in _totals(evidence.pumps_after)]
    try:
        check_shifts([(fact["fact"], fact) for fact in evidence.facts], meters)
    except Violation as violation:
        return [str(violation)]
    return []


def _nothing_open(evidence: Evidence) -> list[str]:
    """I5, I13: no hold is left, and every account adds up."""
    wrong = []
    live = evidence.central_after["live_holds"]
    if live:
        wrong.append(f"holds are still open at central: {live}")
    for fund in (*evidence.central_after["accounts"], *evidence.central_after["vouchers"]):
        if fund["credits"] - fund["debits"] - fund["held"] != fund["available"]:
            wrong.append(f"a fund does not add up: {fund}")
    if evidence.central_after["incidents"]:
        wrong.append(f"central noted incidents: {evidence.central_after['incidents']}")
    return wrong
