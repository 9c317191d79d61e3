"""Customers who left without paying: off the list of what can be sold, never off the books.

The plate is personal data: only its mask stays here, the plate itself is sealed to head office. A till without head
office's key records the drive-off all the same, without the plate, and says so.
"""

from __future__ import annotations

from pos_client.domain import facts as f
from pos_client.domain.customer import Identifier, mask_identifier, read_plate
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import FuellingId
from pos_client.ports.errors import Unavailable
from pos_client.services.claiming import Claiming
from pos_client.services.desk import Desk
from pos_client.services.leases import Leases
from pos_client.services.snapshots import Severity
from pos_client.services.state import KEPT_DRIVE_OFFS
from pos_client.value import dataclass


@dataclass(slots=True)
class DriveOffs:
    """Notes them, and takes them back."""

    desk: Desk
    claiming: Claiming
    leases: Leases

    def note(self, plate: str, fuelling_id: FuellingId | None) -> None:
        """The customer of an unpaid fuelling, or (None) of the open sale, has driven off.

        Raises `RuleViolation`: no plate at all in what was typed, nothing open, money or points taken for it.
        """
        seen = read_plate(plate)
        taken = self.claiming.take_out(fuelling_id, "drive_off")
        fuelling = taken.fuelling
        sealed = self._seal(seen)
        mask = mask_identifier(seen) if seen is not None and sealed else ""
        drove_off = f.DroveOff(fuelling.fuelling_id, self.desk.now.wall.isoformat(), sealed, mask)
        oldest = tuple(self.desk.state.drive_offs)[: max(0, len(self.desk.state.drive_offs) + 1 - KEPT_DRIVE_OFFS)]
        try:
            self.desk.record(*taken.facts, drove_off, closed=(*taken.closed, *oldest))
        except Unavailable:
            self.claiming.put_back(fuelling.fuelling_id)
            raise
        self.claiming.clear_counter(taken)
        if seen is not None and not sealed:
            self.desk.notify("drive_off_without_plate", Severity.WARNING, point=fuelling.point)
        else:
            self.desk.notify("drive_off_noted", Severity.INFO, point=fuelling.point, amount=fuelling.amount_vnd)

    def take_back(self, fuelling_id: FuellingId) -> None:
        """He came back: the fuelling waits to be sold again.

        Raises `RuleViolation("not_a_drive_off")` for any other fuelling, and for one of too long ago.
        """
        if fuelling_id not in self.desk.state.drive_offs:
            raise RuleViolation("not_a_drive_off")
        point = self.desk.state.fuellings[fuelling_id].point
        self.desk.record(f.DriveOffReturned(fuelling_id))
        self.desk.state.unpaid_since_ms[fuelling_id] = self.desk.now.ticks_ms
        self.leases.give_back(fuelling_id)
        self.desk.notify("drive_off_returned", Severity.INFO, point=point)

    def _seal(self, plate: Identifier | None) -> str:
        if plate is None:
            return ""
        try:
            return self.desk.wire.seal_identifier(plate)
        except Unavailable:
            return ""
