"""Every address of the contract, in the order of the published file."""

from __future__ import annotations

from pos_client.sandbox.central.endpoints import (
    accruals,
    customers,
    enrolments,
    journal,
    offline,
    redemptions,
    reversals,
    sessions,
    shifts,
)
from pos_client.sandbox.central.endpoints.endpoint import Endpoint

ENDPOINTS: tuple[Endpoint, ...] = (
    *enrolments.ENDPOINTS,
    *sessions.ENDPOINTS,
    *customers.ENDPOINTS,
    *redemptions.ENDPOINTS,
    *accruals.ENDPOINTS,
    *reversals.ENDPOINTS,
    *offline.ENDPOINTS,
    *journal.ENDPOINTS,
    *shifts.ENDPOINTS,
)
