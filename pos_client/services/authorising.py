"""What the cashier permits: the next delivery at a point, at the longest caller, or at all that call."""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.errors import RuleViolation
from pos_client.domain.fuelling_point import CAN_AUTHORISE, FuellingPointState, LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.sale_type import SaleType
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise
from pos_client.services import messages as m
from pos_client.services.desk import Desk
from pos_client.services.presets import Preset, preset_for
from pos_client.services.prices import Prices
from pos_client.services.pump_tests import PumpTests
from pos_client.services.snapshots import Severity
from pos_client.services.tracks import PointTrack
from pos_client.value import dataclass


@dataclass(slots=True)
class Batch:
    """One "authorise all": which points it could not permit, said in one notice however late each of them refuses."""

    commands: set[str] = field(default_factory=set)
    refused: set[PointId] = field(default_factory=set)


@dataclass(slots=True)
class Authorising:
    """Permits deliveries."""

    desk: Desk
    tests: PumpTests
    prices: Prices
    _asked: set[str] = field(default_factory=set)
    _batch: Batch = field(default_factory=Batch)

    def authorise(self, command: m.AuthorisePoint) -> None:
        """Permit the next delivery; without a point, the one that has been calling longest of those that may be.

        Raises `RuleViolation`: a limit no pump can be given, why the point may not be authorised now.
        """
        point = command.point if command.point is not None else self._longest_calling()
        if point is None:
            self.desk.notify("nobody_calls", Severity.INFO)
            return
        why_not = self.obstacle(point)
        if why_not is not None:
            raise why_not
        preset = preset_for(self.desk.settings, point, command.preset_vnd, command.preset_ml)
        self._permit(point, preset, command.sale_type)

    def authorise_all(self) -> None:
        """Permit every point that calls and may be permitted; the others are named together."""
        calling = self._calling()
        if not calling:
            self.desk.notify("nobody_calls", Severity.INFO)
            return
        self._batch = Batch()
        for track in calling:
            if track.is_being_permitted(self.desk.now.ticks_ms):
                continue
            if self.obstacle(track.point) is None:
                self._batch.commands.add(self._permit(track.point, Preset(), SaleType.SALE))
            else:
                self._refused(track.point)

    def obstacle(self, point: PointId) -> RuleViolation | None:
        """Why the next delivery at a point may not be permitted now; None: it may."""
        track = self.desk.state.track(point)
        taken = self.desk.state.gift_at(point) is not None or track.is_being_permitted(self.desk.now.ticks_ms)
        if taken or track.link is not LinkState.UP or track.state not in CAN_AUTHORISE:
            return RuleViolation("point_not_ready", point=point)
        return self.prices.obstacle(point)

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of an authorisation; False for any other command."""
        if report.command_id not in self._asked:
            return False
        self._asked.remove(report.command_id)
        track = self.desk.state.track(report.point)
        track.permitting_ms = None
        if report.outcome is r.CommandOutcome.DONE:
            return True
        if track.state in CAN_AUTHORISE:
            track.forget_preset()
        if report.command_id in self._batch.commands:
            self._refused(report.point)
        else:
            self.desk.notify(f"command_{report.outcome.value}", Severity.WARNING, point=report.point)
        return True

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _permit(self, point: PointId, preset: Preset, sale_type: SaleType) -> str:
        """Write down what has to survive, then tell the pump; the command's id."""
        if sale_type is SaleType.PUMP_TEST:
            self.tests.intend(point)
        else:
            self.tests.supersede(point)
        track = self.desk.state.track(point)
        track.preset_vnd, track.preset_ml = preset.vnd, preset.ml
        track.permitting_ms = self.desk.now.ticks_ms
        command_id = self.desk.dice.new_id()
        self._asked.add(command_id)
        self.desk.dispensers.send(Authorise(command_id, point, preset.vnd, preset_ml=preset.ml))
        return command_id

    def _calling(self) -> list[PointTrack]:
        """Points that call, the longest first."""
        calling = [t for t in self.desk.state.points.values() if t.state is FuellingPointState.CALLING]
        return sorted(calling, key=lambda track: track.since_ms)

    def _longest_calling(self) -> PointId | None:
        calling = [track.point for track in self._calling()]
        return next((point for point in calling if self.obstacle(point) is None), calling[0] if calling else None)

    def _refused(self, point: PointId) -> None:
        self._batch.refused.add(point)
        names = ", ".join(str(each) for each in sorted(self._batch.refused))
        self.desk.notify("points_not_authorised", Severity.WARNING, points=names)
