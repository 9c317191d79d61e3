"""What a delivery is for. Stored by name; a rename is a migration."""

from __future__ import annotations

from enum import StrEnum


class SaleType(StrEnum):
    """Why fuel flows: to be sold, or through the meter and back into the tank."""

    SALE = "sale"
    PUMP_TEST = "pump_test"
