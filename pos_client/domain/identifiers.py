"""Names of things, each its own type, so that a sale's id cannot be handed over as a redemption's."""

from __future__ import annotations

from typing import NewType

StationId = NewType("StationId", str)
TerminalId = NewType("TerminalId", str)
PointId = NewType("PointId", int)
"""Number of a fuelling point as painted on the pump: 1..99."""
NozzleId = NewType("NozzleId", int)
"""Number of a nozzle at its fuelling point: 1..15."""
FuellingId = NewType("FuellingId", str)
"""station-point-nozzle-end totalizer (ml, on an odometer that never begins anew): the same litres always have the same
name, and no others have it."""
SaleId = NewType("SaleId", str)
RedemptionId = NewType("RedemptionId", str)
AccrualId = NewType("AccrualId", str)
ReversalId = NewType("ReversalId", str)
VoucherId = NewType("VoucherId", str)
"""One activation of a points voucher for one station."""
PriceSetId = NewType("PriceSetId", str)
"""One set of unit prices in force, from its adoption to the next."""
ShiftId = NewType("ShiftId", str)
IdempotencyKey = NewType("IdempotencyKey", str)
"""`{operation id}:{verb}[:n]`; made before the first send, the same for ever."""


def fuelling_id(station: StationId, point: PointId, nozzle: NozzleId, end_odometer_ml: int) -> FuellingId:
    """The identity of a fuelling: whoever reports these litres, and however often, names them alike (I6)."""
    return FuellingId(f"{station}-{point}-{nozzle}-{end_odometer_ml}")


def operation_key(operation: str, verb: str, n: int | None = None) -> IdempotencyKey:
    """The key of one intended effect of an operation."""
    return IdempotencyKey(f"{operation}:{verb}" if n is None else f"{operation}:{verb}:{n}")
