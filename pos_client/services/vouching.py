"""Litres that are not to be paid for, or not now, go out of the shift with somebody's number and PIN.

Pump tests, drive-offs and their coming back: where nobody can prove that he may, they are done at once. What is asked
about is fixed when it is asked: a sale that is opened meanwhile is another one. Nothing of selling is asked about.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from pos_client.domain.customer import read_plate
from pos_client.domain.errors import RuleViolation
from pos_client.domain.sale_type import SaleType
from pos_client.domain.staff import Deed
from pos_client.services import messages as m
from pos_client.services.claiming import Claiming
from pos_client.services.desk import Desk
from pos_client.services.staffing import Staffing
from pos_client.value import dataclass


@dataclass(slots=True)
class Vouching:
    """Stands before the services that do it. `done_by`: the routes to them."""

    desk: Desk
    staffing: Staffing
    claiming: Claiming
    done_by: Mapping[type, Callable[..., None]]

    def routes(self) -> dict[type, Callable[..., None]]:
        """Commands that somebody may have to vouch for."""
        return {
            m.DriveOff: self._drive_off,
            m.ReturnDriveOff: self._came_back,
            m.MarkPumpTest: self._mark_test,
            m.AuthorisePoint: self._authorise,
        }

    def _drive_off(self, command: m.DriveOff) -> None:
        """Raises `RuleViolation` for what could not be done anyway: nobody is asked for nothing."""
        read_plate(command.plate)
        fuelling_id = self.claiming.would_take_out(command.fuelling_id)
        self._do(Deed.DRIVE_OFF, fuelling_id, replace(command, fuelling_id=fuelling_id))

    def _came_back(self, command: m.ReturnDriveOff) -> None:
        if command.fuelling_id not in self.desk.state.drive_offs:
            raise RuleViolation("not_a_drive_off")
        self._do(Deed.RETURN_DRIVE_OFF, command.fuelling_id, command)

    def _mark_test(self, command: m.MarkPumpTest) -> None:
        fuelling_id = self.claiming.would_take_out(command.fuelling_id)
        self._do(Deed.PUMP_TEST, fuelling_id, m.MarkPumpTest(fuelling_id))

    def _authorise(self, command: m.AuthorisePoint) -> None:
        if command.sale_type is SaleType.PUMP_TEST:
            self._do(Deed.PUMP_TEST, f"pump {command.point}", command)
        else:
            self.done_by[m.AuthorisePoint](command)

    def _do(self, deed: Deed, what: str, command: object) -> None:
        self.staffing.vouched(deed, what, partial(self.done_by[type(command)], command))
