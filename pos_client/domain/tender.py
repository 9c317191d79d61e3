"""What is given for a sale."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.quantities import Vnd
from pos_client.value import dataclass


class TenderKind(StrEnum):
    """How a part of a sale was paid. Stored by name."""

    CASH = "cash"
    QR = "qr"
    CARD = "card"
    POINTS = "points"
    WAIVED = "waived"
    """A preset overrun within tolerance: the station bears it, nobody earns on it (flows, consequence 3)."""


class TenderClass(StrEnum):
    """What an earning rule looks at (A20, A21, A23, A25)."""

    ELECTRONIC = "electronic"
    CASH = "cash"
    POINTS = "points"
    OTHER = "other"


CLASS_OF: dict[TenderKind, TenderClass] = {
    TenderKind.CASH: TenderClass.CASH,
    TenderKind.QR: TenderClass.ELECTRONIC,
    TenderKind.CARD: TenderClass.ELECTRONIC,
    TenderKind.POINTS: TenderClass.POINTS,
    TenderKind.WAIVED: TenderClass.OTHER,
}
"""A23, default reading: QR transfer and cards are electronic, banknotes are cash."""


@dataclass(frozen=True, slots=True)
class Tender:
    """One part of a payment."""

    kind: TenderKind
    amount_vnd: Vnd
