"""What everybody wrote down in a history, as the checker wants it: plain values, nothing of the product's own."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any, Protocol

from pos_client.bootstrap.simulate.books import WatchedStore
from pos_client.bootstrap.simulate.books_on_disk import BooksOnDisk
from pos_client.bootstrap.simulate.central import FakeCentral
from pos_client.bootstrap.simulate.central_offline import POLICY
from pos_client.bootstrap.simulate.checker import Evidence
from pos_client.bootstrap.simulate.pumps import FakeForecourt
from pos_client.bootstrap.simulate.scene import DRIVER_PIN, ORGANISATION_PIN
from pos_client.bootstrap.simulate.watchmen import Watchmen
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.outbox import WAITING
from pos_client.services.desk import Desk
from pos_client.settings.model import Settings


class Played(Protocol):
    """A station at the end of a history."""

    settings: Settings
    store: WatchedStore | BooksOnDisk
    central: FakeCentral
    forecourt: FakeForecourt
    desk: Desk
    watchmen: Watchmen
    taken: dict[str, dict[str, Any]]
    plates_seen: set[str]


def gathered(rig: Played) -> Evidence:
    """The three ledgers, and what the watchmen saw."""
    ledger, state = rig.central.ledger, rig.desk.state
    pumps = list(rig.forecourt.pumps.values())
    books = rig.store.open_books()
    rows = rig.store.rows_from(1, len(rig.store.journal))
    return Evidence(
        journal=[(row.kind, json.loads(row.body)) for row in rows],
        meters=[
            {
                "point": p.point,
                "nozzle": nozzle,
                "initial_ml": p.initial[nozzle],
                "total_ml": total,
                "flowed_ml": p.flowed(nozzle),
                "modulus_ml": p.modulus_ml,
            }
            for p in pumps
            for nozzle, total in p.totals.items()
        ],
        deliveries=[vars(delivery) for p in pumps for delivery in p.deliveries],
        armed_by=dict(rig.watchmen.gift_commands),
        tests=set(rig.watchmen.test_commands),
        holds={
            hold_id: {"state": h.state, "points": h.points, "consents": h.consents}
            for hold_id, h in ledger.holds.items()
        },
        entries=[vars(entry) for entry in ledger.entries],
        accruals={accrual_id: booked["points"] for accrual_id, booked in ledger.accruals.items()},
        balances={number: ledger.balance(number) for number in ledger.accounts},
        incidents=ledger.incidents,
        held=[(row["seq"], row["kind"], row["body"].encode(), row["mac"]) for row in ledger.journal],
        rows=[(row.seq, row.kind, row.body, row.mac.hex()) for row in rows[: len(ledger.journal)]],
        acknowledged=books.acknowledged.seq if books.acknowledged else 0,
        unwritten=len(rig.desk.unwritten),
        waiting=[item.key for item in books.items if item.state in WAITING],
        unfinished=[r.redemption_id for r in state.redemptions.values() if not r.is_final],
        noted={(point, nozzle): total for (point, nozzle), total in books.totalizers.items()},
        turned={(point, nozzle): before for (point, nozzle), before in books.turned.items()},
        told_ends=[(sale["point"], sale["nozzle"], sale["end_totalizer_ml"]) for sale in ledger.accruals.values()],
        central_up=state.central.link is LinkState.UP,
        secrets=sorted({code for sent in ledger.sms.values() for code in sent} | {ORGANISATION_PIN, DRIVER_PIN}),
        vouchers={voucher_id: asdict(voucher) for voucher_id, voucher in ledger.vouchers.items()},
        stated=dict(ledger.stated),
        taken=dict(rig.taken),
        plates_seen=set(rig.plates_seen),
        limits=asdict(POLICY),
        station=rig.settings.station.station,
        at_rest=b"\n".join([row.body for row in rows] + [item.body for item in books.items]),
    )
