"""I19: every text a fact holds is declared: names nobody, masked, sealed, or in clear for a reason given.

A field that comes anew fails here until somebody has said which it is.
"""

from __future__ import annotations

from dataclasses import fields
from typing import get_type_hints

from pos_client.domain import facts as f

MASKED = {"masked_identifier", "masked_name", "masked_plate"}
SEALED = {"sealed_identifier", "sealed_plate"}
DIGESTS = {"sealed_sha256", "sha256"}
IN_CLEAR = {
    "cashier": "staff, not a customer: who answers for the cash of a shift; the statement to central is masked",
    "noted_by": "staff: who looked at a record",
    "approved_by": "staff: who answered for a deed with his PIN",
    "plate": "of a signed voucher spent offline: what the cashier has compared with the vehicle",
    "voucher_code": "names a voucher of an organisation, not who drives",
    "customer_reference": "central's own random name of a look-up, worth nothing elsewhere",
}
NAMES_NOBODY = {
    "accrual_id",
    "activation",
    "asked",
    "boot",
    "bundle",
    "by",
    "certificate",
    "challenge_id",
    "claim_id",
    "clock",
    "closed_at",
    "code",
    "customer_kind",
    "decided_at",
    "day",
    "deed",
    "differences",
    "doubt",
    "finished_at",
    "flow",
    "formula_en",
    "formula_vi",
    "fuelling_id",
    "grade_code",
    "grade_name",
    "issued_at",
    "key",
    "kind",
    "last_shift",
    "listed",
    "meters",
    "method",
    "note",
    "noted_at",
    "numbers",
    "open_sales",
    "offered_at",
    "opened_at",
    "paid_at",
    "permit",
    "previous",
    "price_mark",
    "price_set",
    "prices",
    "operation",
    "operation_id",
    "proof_id",
    "proved_at",
    "reading",
    "reason",
    "receipt_number",
    "record",
    "redemption_id",
    "refusal_id",
    "refused_at",
    "reprint_id",
    "reprinted_at",
    "restart",
    "reversal_id",
    "role",
    "result",
    "sale_id",
    "sale_type",
    "server_time",
    "shift_id",
    "shown",
    "sign",
    "sign_id",
    "since",
    "spent_at",
    "storage",
    "stories",
    "summed_id",
    "tenders",
    "terminal",
    "test",
    "text",
    "till",
    "time_quality",
    "unpaid",
    "used_at",
    "version",
    "voucher_id",
    "what",
    "why",
}
NUMBERS = {"nozzle_totals", "nozzles", "points", "readings", "unread"}
"""Ids that are numbers."""


def _holds_text(hint: object) -> bool:
    name = str(getattr(hint, "__supertype__", hint))
    return "str" in name or "Id" in name


def test_every_text_of_every_fact_is_declared_once():
    found = {
        each.name for kind in f.KINDS.values() for each in fields(kind) if _holds_text(get_type_hints(kind)[each.name])
    }
    groups = (MASKED, SEALED, DIGESTS, set(IN_CLEAR), NAMES_NOBODY, NUMBERS)
    assert found == set().union(*groups)
    assert sum(map(len, groups)) == len(found)
