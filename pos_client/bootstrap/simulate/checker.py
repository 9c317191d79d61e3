"""Compares three ledgers that know nothing of each other: the meters, the journal, central's points.

Nothing of the product is imported here, and nothing of it is called: the evidence is plain lists and dictionaries
(journal bodies as they stand on disk, meters as the pumps read, entries as central booked them), and every sum is made
anew. So a mistake of the product cannot hide in its own arithmetic.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import field
from typing import Any

from pos_client.bootstrap.simulate.offline_checker import check_offline
from pos_client.bootstrap.simulate.shift_checker import check_shifts
from pos_client.bootstrap.simulate.violation import Violation, hold
from pos_client.value import dataclass

Row = dict[str, Any]

UNHEARD = 40
"""rows of the last moments may still be on their way"""
ENDINGS = ("Captured", "ShortfallRecorded", "Voided", "HoldDeclined", "ReviewNeeded")
LIVE_HOLDS = ("HELD", "AUTHORISED")
POINTS_A_BLOCK = 50
BLOCKS = {"cash": 20_000, "qr": 10_000, "card": 10_000}
"""đồng of one tender for `POINTS_A_BLOCK` points; other tenders earn nothing"""


@dataclass(slots=True)
class Evidence:
    """What everybody wrote down, in the evening."""

    journal: list[tuple[str, Row]]
    """kind and body, in order"""
    meters: list[Row]
    """point, nozzle, initial_ml, total_ml, flowed_ml, and modulus_ml where it begins at 0 again (or None)"""
    deliveries: list[Row]
    """what really flowed: point, nozzle, volume_ml, command_id"""
    armed_by: dict[str, str]
    """authorising command -> redemption"""
    tests: set[str]
    """authorising commands that were for a pump test"""
    holds: dict[str, Row]
    """redemption -> state, points, consents"""
    entries: list[Row]
    """kind, account, points, operation"""
    accruals: dict[str, int]
    """accrual -> points booked"""
    balances: dict[str, int]
    incidents: list[str]
    held: list[tuple[int, str, bytes, str]] = field(default_factory=list)
    """number, kind, body and mac of every row head office holds of the journal"""
    rows: list[tuple[int, str, bytes, str]] = field(default_factory=list)
    """the same rows, as the journal has them"""
    acknowledged: int = 0
    """the number of the last row the terminal says is acknowledged"""
    unwritten: int = 0
    waiting: list[str] = field(default_factory=list)
    """outbox keys central has not confirmed, parked ones apart"""
    unfinished: list[str] = field(default_factory=list)
    """redemptions something is still owed for"""
    noted: dict[tuple[int, int], int] = field(default_factory=dict)
    """totalizers as a restart would find them"""
    turned: dict[tuple[int, int], int] = field(default_factory=dict)
    """what was counted before those stood at 0"""
    told_ends: list[tuple[int, int, int]] = field(default_factory=list)
    """point, nozzle and end of every sale central booked points for"""
    central_up: bool = True
    secrets: list[str] = field(default_factory=list)
    """every code and PIN that was typed"""
    vouchers: dict[str, Row] = field(default_factory=dict)
    """activation -> account, station, points, not_before_ms, not_after_ms, state, revoked"""
    stated: dict[str, Row] = field(default_factory=dict)
    """offline redemption -> voucher_id, amount_vnd, code"""
    taken: dict[str, Row] = field(default_factory=dict)
    """offline redemption -> what was true then: at_ms, since_told_ms, was_listed, clock_moved"""
    plates_seen: set[str] = field(default_factory=set)
    limits: Row = field(default_factory=dict)
    """central's policy for spending offline"""
    station: str = ""
    at_rest: bytes = b""
    """all that lies on the disk"""


def check(evidence: Evidence) -> None:
    """Raise `Violation` for the first promise that was broken."""
    _Checker(evidence).check()


class _Checker:
    def __init__(self, evidence: Evidence) -> None:
        self.e = evidence
        self.by_kind: dict[str, list[Row]] = defaultdict(list)
        for kind, body in evidence.journal:
            self.by_kind[kind].append(body)
        self.fuellings = {row["fuelling_id"]: row for row in self.by_kind["FuellingCompleted"]}
        released = {row["sale_id"] for row in self.by_kind["SaleReleased"]}
        self.sales = {row["sale_id"]: row for row in self.by_kind["SaleOpened"] if row["sale_id"] not in released}

    def check(self) -> None:
        hold(not self.e.incidents, "I1", f"central met what must never reach it: {self.e.incidents}")
        hold(self.e.unwritten == 0, "I14", "the disk is well again, but something is not written")
        self.fuel()
        self.sold()
        self.redemptions()
        e = self.e
        check_offline(e.journal, e.vouchers, e.stated, e.taken, e.plates_seen, e.limits, e.station)
        self.earned()
        self.whole_numbers()
        self.acknowledged()
        self.rest()
        check_shifts(self.e.journal, self.e.meters)
        self.secrets()

    def acknowledged(self) -> None:
        """I11, I12: whatever head office holds is what the journal holds, and it holds whatever was acknowledged."""
        for theirs, ours in zip(self.e.held, self.e.rows, strict=True):
            hold(theirs == ours, "I11", f"head office holds another row {theirs[0]} than the journal")
        hold([row[0] for row in self.e.held] == list(range(1, len(self.e.held) + 1)), "I12", "a number is missing")
        hold(self.e.acknowledged <= len(self.e.held), "I11", "acknowledged, and head office does not have it")
        if self.e.central_up:
            hold(len(self.e.held) + UNHEARD >= len(self.e.journal), "L1", "the journal does not reach head office")
            hold(self.e.acknowledged + UNHEARD >= len(self.e.held), "I11", "the book does not say what is acknowledged")

    def fuel(self) -> None:
        """I2: every litre the meters counted is in the journal, once."""
        hold(len(self.fuellings) == len(self.by_kind["FuellingCompleted"]), "I6", "a fuelling was written twice")
        for meter in self.e.meters:
            here = (meter["point"], meter["nozzle"])
            mine = [x for x in self.fuellings.values() if (x["point"], x["nozzle"]) == here]
            flowed, told = meter["flowed_ml"], sum(x["volume_ml"] for x in mine)
            hold(flowed == told, "I2", f"meter {here} counted {flowed} ml, the journal holds {told}")
            at, turn = meter["initial_ml"], meter["modulus_ml"]
            for x in mine:
                hold(_shown(at, turn) == x["start_totalizer_ml"], "I7", f"the same litres twice at {here}, or a gap")
                at += x["volume_ml"]
                hold(_shown(at, turn) == x["end_totalizer_ml"], "I2", f"{x['fuelling_id']} ends where no meter stood")
                hold(at == x["end_totalizer_ml"] + x["turned_ml"], "I6", f"{x['fuelling_id']} ends in another turn")
            stands = self.e.noted.get(here, 0) + self.e.turned.get(here, 0)
            hold(stands == at, "I6", f"the books have {here} at {stands}, in all it counted to {at}")
        ends = {(x["point"], x["nozzle"], x["end_totalizer_ml"] + x["turned_ml"]) for x in self.fuellings.values()}
        hold(set(self.e.told_ends) <= ends, "I6", "central booked a sale that ended elsewhere")

    def sold(self) -> None:
        """I7: a fuelling is sold once, for its price; a receipt's number is its own."""
        once = Counter(sale["fuelling_id"] for sale in self.sales.values())
        hold(all(number == 1 for number in once.values()), "I7", "a fuelling sold twice")
        tested, gone = self.tested(), self.driven_off()
        hold(not tested & gone, "I7", f"a pump test that drove off: {sorted(tested & gone)}")
        both = (tested | gone) & set(once)
        hold(not both, "I7", f"sold although it was a pump test or a drive-off: {sorted(both)}")
        missing = set(self.fuellings) - set(once) - tested - gone
        hold(not missing, "I2", f"litres nobody sold: {sorted(missing)}")
        numbers = Counter(row["receipt_number"] for row in self.by_kind["SaleOpened"])
        hold(all(number == 1 for number in numbers.values()), "I12", "a receipt number given twice")
        paid = {row["sale_id"] for row in self.by_kind["SalePaid"]}
        given: Counter[str] = Counter()
        for tender in self.by_kind["TenderTaken"]:
            given[tender["sale_id"]] += tender["amount_vnd"]
        kept = set(given) - set(self.sales)
        hold(not kept, "I13", f"money taken on sales that were given back: {sorted(kept)}")
        later = {row["fuelling_id"]: row["amount_vnd"] for row in self.by_kind["FuellingPriced"]}
        for sale_id, sale in self.sales.items():
            price = later.get(sale["fuelling_id"], self.fuellings[sale["fuelling_id"]]["amount_vnd"])
            hold(given[sale_id] == price, "I13", f"{sale_id}: {given[sale_id]} taken for {price}")
            hold(sale_id in paid, "L1", f"{sale_id} was never finished")

    def tested(self) -> set[str]:
        """Pump tests: dispensed as one, or marked one. What a customer took never becomes one by itself (I7)."""
        dispensed = {key for key, row in self.fuellings.items() if row["sale_type"] == "pump_test"}
        told = sum(self.fuellings[key]["volume_ml"] for key in dispensed)
        flowed = sum(x["volume_ml"] for x in self.e.deliveries if x["command_id"] in self.e.tests | {""})
        hold(told <= flowed, "I7", f"{told} ml called a test, {flowed} ml flowed for tests")
        hold(all(self.fuellings[key]["redemption_id"] is None for key in dispensed), "I7", "a test paid with points")
        return dispensed | {row["fuelling_id"] for row in self.by_kind["PumpTestMarked"]}

    def driven_off(self) -> set[str]:
        """Whose customers left and did not come back."""
        gone: set[str] = set()
        for kind, body in self.e.journal:
            if kind == "DroveOff":
                gone.add(body["fuelling_id"])
            elif kind == "DriveOffReturned":
                gone.discard(body["fuelling_id"])
        return gone

    def redemptions(self) -> None:
        """I1, I3, I4, I5, I8 from both sides."""
        finals = Counter(row["redemption_id"] for kind in ENDINGS for row in self.by_kind[kind])
        intents = {row["redemption_id"]: row for row in self.by_kind["HoldIntended"]}
        for row in self.by_kind["OfflineSpendIntended"]:
            self.offline(row["redemption_id"], row)
        for redemption_id, intent in intents.items():
            times = finals[redemption_id]
            hold(times == 1, "I5", f"{redemption_id} ended {times} times")
            self.redemption(redemption_id, intent)
        hold(set(self.e.holds) <= set(intents), "I5", "a hold nobody intended")
        finished = Counter(row["redemption_id"] for row in self.by_kind["DispenseFinished"])
        hold(all(number == 1 for number in finished.values()), "I1", "a redemption finished twice")

    def offline(self, redemption_id: str, intent: Row) -> None:
        """I1, I3, I4 of a signed voucher: there is no hold under this name, its voucher is one."""
        mine = [x for x in self.e.entries if x["kind"] == "debit" and x["operation"] == redemption_id]
        debited = -sum(x["points"] for x in mine)
        tendered = sum(x["amount_vnd"] for x in self.of("TenderTaken", redemption_id))
        told = sum(x["points_debited"] for x in self.of("Captured", redemption_id))
        hold(len(mine) <= 1, "I1", f"{redemption_id} debited {len(mine)} times")
        hold(debited == told, "I1", f"{redemption_id}: {debited} debited, the journal says {told}")
        if not self.of("ShortfallRecorded", redemption_id):
            voucher = self.e.vouchers[intent["voucher_id"]]
            flowed = sum(x["amount_vnd"] for x in self.of("DispenseFinished", redemption_id))
            right = min(flowed, intent["points"], voucher["points"])
            hold(debited == right, "I4", f"{redemption_id}: {debited} debited, {right} were right")
            hold(tendered == debited, "I1", f"{redemption_id}: {debited} debited, {tendered} paid with points")

    def redemption(self, redemption_id: str, intent: Row) -> None:
        placed = self.e.holds.get(redemption_id)
        mine = [x for x in self.e.entries if x["kind"] == "debit" and x["operation"] == redemption_id]
        debited = -sum(x["points"] for x in mine)
        tendered = sum(x["amount_vnd"] for x in self.of("TenderTaken", redemption_id))
        hold(placed is None or placed["state"] not in LIVE_HOLDS, "I5", f"an orphan hold: {redemption_id}")
        hold(len(mine) <= 1, "I1", f"{redemption_id} debited {len(mine)} times")
        hold(debited == tendered, "I1", f"{redemption_id}: {debited} debited, {tendered} paid with points")
        told = sum(x["points_debited"] for x in self.of("Captured", redemption_id))
        hold(debited == told, "I1", f"{redemption_id}: {debited} debited, the journal says {told}")
        finished = self.of("DispenseFinished", redemption_id)
        if finished and placed is not None:
            right = min(finished[0]["amount_vnd"], placed["points"])
            hold(debited == right, "I4", f"{redemption_id}: {debited} debited, {right} were dispensed")
        hold(not finished or placed is not None, "I8", f"{redemption_id} dispensed without a hold")
        if debited:
            assert placed is not None  # what has an entry has a hold: the ledger above says so
            hold(placed["consents"] == 1, "I8", f"{redemption_id}: {placed['consents']} consents for one debit")
            hold(debited <= placed["points"], "I4", f"{redemption_id}: {debited} of {placed['points']} debited")
        if placed is not None and intent["flow"] == "gift":
            flowed = self.flowed_for(redemption_id)
            if debited and not flowed:
                flowed = self.flowed_by_itself(redemption_id)
            hold(
                (debited > 0) == (flowed > 0), "I3", f"{redemption_id}: {flowed} ml flowed as a gift, {debited} debited"
            )

    def flowed_for(self, redemption_id: str) -> int:
        """What really flowed under the authorisations of a gift, by the meter."""
        commands = {command for command, gift in self.e.armed_by.items() if gift == redemption_id}
        return sum(x["volume_ml"] for x in self.e.deliveries if x["command_id"] in commands)

    def flowed_by_itself(self, redemption_id: str) -> int:
        """What an armed pump gave without that authorisation. Its line says so, but a program that starts anew over a
        running pump cannot know any more."""
        points = {row["point"] for row in self.of("ArmIntended", redemption_id)}
        return sum(x["volume_ml"] for x in self.e.deliveries if x["command_id"] == "" and x["point"] in points)

    def earned(self) -> None:
        """I6: one credit a sale at the most, by the tariff, and none for what points paid (A25)."""
        stated = {row["accrual_id"]: row["sale_id"] for row in self.by_kind["AccrualStated"]}
        hold(len(set(stated.values())) == len(stated), "I6", "points claimed twice for a sale")
        hold(len(stated) == len(self.by_kind["AccrualStated"]), "I6", "an accrual stated twice")
        hold(set(self.e.accruals) <= set(stated), "I6", "central booked what nobody stated")
        outcomes = Counter(
            x["accrual_id"]
            for kind in ("AccrualPosted", "AccrualRefused", "AccrualUnderReview")
            for x in self.by_kind[kind]
        )
        hold(dict(outcomes) == dict.fromkeys(stated, 1), "L1", "an accrual without its one outcome")
        credits = Counter(x["operation"] for x in self.e.entries if x["kind"] == "credit")
        hold(dict(credits) == dict.fromkeys(self.e.accruals, 1), "I6", "a credit without its one accrual")
        for accrual_id, booked in self.e.accruals.items():
            sale_id = stated[accrual_id]
            tenders = [t for t in self.by_kind["TenderTaken"] if t["sale_id"] == sale_id]
            right = sum(t["amount_vnd"] // BLOCKS[t["kind"]] * POINTS_A_BLOCK for t in tenders if t["kind"] in BLOCKS)
            hold(booked == right, "I6", f"{sale_id} earned {booked}, the tariff says {right}")
            told = [x["points"] for x in self.by_kind["AccrualPosted"] if x["accrual_id"] == accrual_id]
            hold(told == [booked], "I6", f"{sale_id}: {told} in the journal, {booked} at central")
            later = [x["points_expected"] for x in self.by_kind["ClaimUsed"] if x["accrual_id"] == accrual_id]
            expected = later or [x["points_expected"] for x in self.by_kind["SalePaid"] if x["sale_id"] == sale_id]
            hold(expected == [booked], "I6", f"{sale_id}: the receipt said {expected}, central {booked}")

    def whole_numbers(self) -> None:
        """I13: whole numbers, nobody below zero, nothing held for ever."""
        for account, balance in self.e.balances.items():
            hold(type(balance) is int and balance >= 0, "I13", f"{account} stands at {balance}")
        for kind, body in self.e.journal:
            for name, value in body.items():
                hold(not isinstance(value, float), "I13", f"{kind}.{name} is no whole number")

    def rest(self) -> None:
        """L1: nothing waits, nothing is half done, and a restart would find it so."""
        hold(not self.e.waiting, "L1", f"still waiting: {self.e.waiting}")
        hold(not self.e.unfinished, "L1", f"still owed: {self.e.unfinished}")
        hold(self.e.central_up, "L1", "central is back and the terminal has not noticed")
        hold(not self.by_kind["ReviewNeeded"], "L1", "somebody has to decide what the protocol should have")
        offline = {row["redemption_id"] for row in self.by_kind["OfflineSpendIntended"]}
        gone = [row for row in self.by_kind["ShortfallRecorded"] if row["redemption_id"] not in offline]
        hold(not gone, "I5", "a hold was gone when its fuel was captured")
        meters = {(meter["point"], meter["nozzle"]): meter["total_ml"] for meter in self.e.meters}
        hold(self.e.noted == meters, "I2", "the books end at other totalizers than the meters")

    def secrets(self) -> None:
        """I10: no code or PIN that was typed lies on the disk."""
        for secret in self.e.secrets:
            hold(f'"{secret}"'.encode() not in self.e.at_rest, "I10", "a secret lies on the disk")

    def of(self, kind: str, redemption_id: str) -> list[Row]:
        return [row for row in self.by_kind[kind] if row.get("redemption_id") == redemption_id]


def _shown(odometer_ml: int, modulus_ml: int | None) -> int:
    """What a meter shows when so much has gone through it."""
    return odometer_ml % modulus_ml if modulus_ml else odometer_ml


__all__ = ["Evidence", "Violation", "check"]
