"""Compares what a till took offline with what was true, with what the limits are, and with what central booked.

Like the checker it belongs to, it imports nothing of the product.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pos_client.bootstrap.simulate.violation import hold

Row = dict[str, Any]
CLOCKS_DIFFER_MS = 2_000
ENDINGS = ("Captured", "ShortfallRecorded", "Voided")
DEFAULT_LIMITS = {"outstanding_most_vnd": 5_000_000, "outstanding_most_vouchers": 20, "contact_age_s": 8 * 3_600}
"""What holds before central's policy was heard."""


def check_offline(
    journal: list[tuple[str, Row]],
    vouchers: dict[str, Row],
    stated: dict[str, Row],
    taken: dict[str, Row],
    plates_seen: set[str],
    limits: Row,
    station: str,
) -> None:
    """Raise `Violation` for the first promise that was broken."""
    intents = [body for kind, body in journal if kind == "OfflineSpendIntended"]
    once = Counter(intent["voucher_id"] for intent in intents)
    hold(all(number == 1 for number in once.values()), "I15", f"vouchers taken twice: {once}")
    _within_budget(journal, limits, taken)
    for intent in intents:
        redemption_id, voucher = intent["redemption_id"], vouchers.get(intent["voucher_id"])
        hold(voucher is not None, "I9", f"{redemption_id}: central never activated {intent['voucher_id']}")
        assert voucher is not None  # said a line ago
        _was_right(redemption_id, intent, voucher, taken[redemption_id], plates_seen, station)
        _ended(redemption_id, intent, voucher, stated, journal)
    hold(
        set(stated) == {intent["redemption_id"] for intent in intents},
        "L1",
        "what was taken and what was stated differ",
    )


def _was_right(redemption_id: str, intent: Row, voucher: Row, truth: Row, plates_seen: set[str], station: str) -> None:
    """I9: at the moment it was taken everything about it was right."""
    hold(voucher["station"] == station, "I9", f"{redemption_id}: a voucher of another station")
    hold(intent["voucher_id"] in plates_seen, "I9", f"{redemption_id}: nobody looked at the plate")
    hold(not truth["was_listed"], "I9", f"{redemption_id}: a voucher that stood on the list of the withdrawn")
    hold(intent["points"] <= voucher["points"], "I4", f"{redemption_id}: more than the voucher is worth")
    hold(intent["time_quality"] != "untrusted", "I9", f"{redemption_id}: at a time nobody knew")
    if intent["time_quality"] != "wall" or not truth["clock_moved"]:
        in_time = voucher["not_before_ms"] - CLOCKS_DIFFER_MS <= truth["at_ms"]
        hold(in_time, "I9", f"{redemption_id}: before its time")
        in_time = truth["at_ms"] <= voucher["not_after_ms"] + CLOCKS_DIFFER_MS
        hold(in_time, "I9", f"{redemption_id}: {truth['at_ms'] - voucher['not_after_ms']} ms after its end")


def _ended(
    redemption_id: str, intent: Row, voucher: Row, stated: dict[str, Row], journal: list[tuple[str, Row]]
) -> None:
    """I1, I5: it ended once, and central was told once."""
    endings = [kind for kind, body in journal if kind in ENDINGS and body["redemption_id"] == redemption_id]
    hold(len(endings) == 1, "I5", f"{redemption_id} ended as {endings}")
    shortfall = endings == ["ShortfallRecorded"]
    hold(not shortfall or voucher["revoked"], "I15", f"{redemption_id}: a shortfall: {stated[redemption_id]['code']}")
    told, flowed = (
        stated[redemption_id],
        [
            body["amount_vnd"]
            for kind, body in journal
            if kind == "DispenseFinished" and body["redemption_id"] == redemption_id
        ],
    )
    hold([told["amount_vnd"]] == (flowed or [0]), "I2", f"{redemption_id}: {flowed} flowed, {told} was stated")
    hold(voucher["state"] != "ACTIVATED" or shortfall, "I5", f"{redemption_id}: its points are still held")


def _within_budget(journal: list[tuple[str, Row]], limits: Row, taken: dict[str, Row]) -> None:
    """I15: what is spent and not confirmed never passes the limits in force, restarts and all."""
    at_stake: dict[str, int] = {}
    now = dict(DEFAULT_LIMITS)
    for kind, body in journal:
        name = body.get("redemption_id", "")
        if kind == "BundleAdopted" and body["bundle"] == "bundle:policy":
            now = {limit: limits[limit] for limit in now}
        elif kind == "OfflineSpendIntended":
            at_stake[name] = body["points"]
            hold(len(at_stake) <= now["outstanding_most_vouchers"], "I15", f"{len(at_stake)} vouchers outstanding")
            total = sum(at_stake.values())
            hold(total <= now["outstanding_most_vnd"], "I15", f"{total} outstanding")
            silent = taken[name]["since_told_ms"]
            known = silent is not None and silent <= now["contact_age_s"] * 1000 + CLOCKS_DIFFER_MS
            by_wall = body["time_quality"] == "wall" and taken[name]["clock_moved"]
            hold(known or by_wall, "I15", f"{name}: {silent} ms after central was heard")
        elif kind == "DispenseFinished" and name in at_stake:
            at_stake[name] = body["amount_vnd"]
        elif kind == "VoidIntended" and name in at_stake:
            at_stake[name] = 0
        elif kind in ENDINGS:
            at_stake.pop(name, None)
