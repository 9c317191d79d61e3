"""The station a history plays at, and the people who come to it."""

from __future__ import annotations

from pos_client.bootstrap.simulate.central_ledger import Account
from pos_client.domain.customer import CustomerKind
from pos_client.settings.model import (
    CounterSettings,
    GradeSettings,
    LineSettings,
    PointSettings,
    Settings,
    StationSettings,
)

PRICES = {"E10": 27_080, "E5": 25_790, "DO": 30_490}
SETTINGS = Settings(
    station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"),
    grades=tuple(GradeSettings(code, code, price) for code, price in PRICES.items()),
    counter=CounterSettings(tills=("T2",)),
    lines=(
        LineSettings(
            "line", "fake", "fake", points=(PointSettings(1, 80, ("E10", "E5")), PointSettings(2, 81, ("DO",)))
        ),
    ),
)
INDIVIDUAL, ORGANISATION, VOUCHER, BLOCKED, POOR = "000100001", "000200001", "P-00231", "000100003", "000100009"
PHONE = "0912000001"
ORGANISATION_PIN, DRIVER_PIN = "246813", "135790"


def people() -> list[Account]:
    """Fresh accounts."""
    return [
        Account(INDIVIDUAL, CustomerKind.INDIVIDUAL, "Phúc", "+84912000001", 186_400),
        Account("000100004", CustomerKind.INDIVIDUAL, "Minh Anh", "+84912000004", 51_500),
        Account(ORGANISATION, CustomerKind.ORGANISATION, "Sao Mai", "+84912000011", 2_450_000, pin=ORGANISATION_PIN),
        Account("voucher-231", CustomerKind.VOUCHER, "Toản", "", 500_000, pin=DRIVER_PIN, voucher=VOUCHER),
        Account(BLOCKED, CustomerKind.INDIVIDUAL, "Dũng", "+84912000003", 55_000, status="blocked"),
        Account(POOR, CustomerKind.INDIVIDUAL, "Hà", "+84912000009", 50),
    ]
