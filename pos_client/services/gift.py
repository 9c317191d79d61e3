"""Gift fuel first: a permit in hand, a pump armed with a preset, what really flowed captured, the rest released.

Between `ArmIntended` and `DispenseFinished` only the pump can say what happened: its states and its totalizers
decide, in normal work and after a restart alike (the recovery table is these same methods).
"""

from __future__ import annotations

import logging
from dataclasses import field

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, FuellingPointState, LinkState
from pos_client.domain.identifiers import PointId, RedemptionId
from pos_client.domain.outbox import OutboxItem
from pos_client.domain.redemption import MAY_HAVE_FUEL, Flow, Redemption, RedemptionState
from pos_client.ports import central as c
from pos_client.ports import reports as r
from pos_client.ports.dispensers import Authorise, ReadTotalizers, StopPoint
from pos_client.services import outgoing
from pos_client.services.checkout import Checkout
from pos_client.services.desk import Desk
from pos_client.services.prices import Prices
from pos_client.services.snapshots import Severity
from pos_client.services.tracks import COMMAND_MS, PointTrack
from pos_client.value import dataclass

log = logging.getLogger(__name__)

_S = RedemptionState
LIFT_WITHIN_MS = 180_000
"""An armed pump nobody lifts a nozzle at is disarmed after three minutes."""
LOOK_EVERY_MS = 3_000
"""How often a pump that is to be disarmed, or came to rest, is asked again until it has told."""


@dataclass(slots=True)
class Gift:
    """The armed half of a redemption."""

    desk: Desk
    checkout: Checkout
    prices: Prices
    _commands: dict[str, tuple[RedemptionId, str, int]] = field(default_factory=dict)
    """command id -> whose it is, what it asks, when it was sent"""
    _armed_at_ms: dict[RedemptionId, int] = field(default_factory=dict)
    _look_again_ms: dict[RedemptionId, int] = field(default_factory=dict)
    """when to ask the pump again"""
    _unannounced: list[RedemptionId] = field(default_factory=list)
    """dispensed, but perhaps not durable yet"""

    def permit_in_hand(self) -> Redemption | None:
        """A gift whose customer has consented and whose pump has not been named."""
        return next(
            (r for r in self.desk.state.redemptions.values() if r.flow is Flow.GIFT and r.state is _S.AUTHORISED), None
        )

    def arm(self, redemption: Redemption, point: PointId, first: tuple[f.Fact, ...] = ()) -> bool:
        """Name the pump: totalizers and intent first, then the authorisation with the consented points as preset.

        `first`: facts of the same transaction, on which the redemption rests. Returns whether the pump was told.
        """
        state = self.desk.state
        track = state.points.get(point)
        configured = self.desk.forecourt.point(point)
        if track is None or configured is None:
            self.desk.notify("point_not_ready_for_gift", Severity.WARNING, point=point)
            return False
        if self.prices.obstacle(point) is not None:
            self.desk.notify("gift_price_differs", Severity.WARNING, point=point)
            return False
        nozzles = {n.nozzle for n in configured.nozzles}
        if not nozzles <= track.compared and track.link is LinkState.UP:
            self.desk.dispensers.send(ReadTotalizers(self.desk.dice.new_id(), point))
        taken = state.test_at(point) is not None or track.is_being_permitted(self.desk.now.ticks_ms)
        proved = nozzles <= track.compared and all((point, nozzle) in state.totalizers for nozzle in nozzles)
        if taken or not proved or not track.is_at_rest() or state.gift_at(point) or state.unsettled(point):
            self.desk.notify("point_not_ready_for_gift", Severity.WARNING, point=point)
            return False
        totals = tuple((nozzle, state.totalizers[point, nozzle]) for nozzle in sorted(nozzles))
        self.desk.record(*first, f.ArmIntended(redemption.redemption_id, point, totals, redemption.points))
        track.preset_vnd = redemption.points
        state.present = None  # he is at the pump now; the next one at the counter is somebody else
        self._armed_at_ms[redemption.redemption_id] = self.desk.now.ticks_ms
        self._command(redemption.redemption_id, "arm", lambda i: Authorise(i, point, redemption.points))
        return True

    def withdraw(self, redemption: Redemption) -> None:
        """Disarm: stop the pump, then let its totalizers say whether anything flowed. Nothing is given back before."""
        if redemption.point is None:
            return
        point = redemption.point
        self._look_again(redemption.redemption_id)
        self._command(redemption.redemption_id, "stop", lambda i: StopPoint(i, point))

    def on_command(self, report: r.CommandFinished) -> bool:
        """What became of a command of ours. Returns False for somebody else's."""
        redemption_id, verb, _ = self._commands.pop(report.command_id, (None, "", 0))
        if redemption_id is None:
            return False
        redemption = self.desk.state.redemptions[redemption_id]
        if redemption.state not in MAY_HAVE_FUEL:
            return True
        done, answered = r.CommandOutcome.DONE, r.CommandOutcome.NO_ANSWER is not report.outcome
        if verb == "arm" and report.outcome is done:
            if redemption.state is _S.ARMING:
                self.desk.record(f.Armed(redemption_id))
        elif verb == "arm":
            self.withdraw(redemption)
        elif verb == "stop" and answered:
            self._check(redemption)
        elif verb == "check" and report.outcome is done:
            self._decide_by_totalizers(redemption)
        return True

    def on_delivering(self, point: PointId) -> None:
        """A nozzle is out at an armed pump."""
        redemption = self.desk.state.gift_at(point)
        if redemption and redemption.state in (_S.ARMING, _S.ARMED):
            self.desk.record(f.DispenseStarted(redemption.redemption_id))

    def on_unauthorised(self, point: PointId) -> None:
        """A point armed for a gift delivers without that authorisation: disarm it (F21).

        Where the books prove that nothing flowed for the gift before, it is given back at once; otherwise what was not
        told before the delivery under way is the gift's, and that delivery is a sale like any other.
        """
        redemption = self.desk.state.gift_at(point)
        if redemption is None:
            return
        unchanged = all(
            self.desk.state.totalizers.get((point, nozzle)) == total for nozzle, total in redemption.nozzle_totals
        )
        self._command(redemption.redemption_id, "stop", lambda i: StopPoint(i, point))
        if unchanged and not self.desk.state.track(point).memory_lost:
            self._give_back(redemption, "unauthorised_delivery")

    def on_idle(self, point: PointId) -> None:
        """An armed pump went back to rest: did anything flow? Its totalizers know."""
        redemption = self.desk.state.gift_at(point)
        if redemption and redemption.state is not _S.ARMING:
            self._check(redemption)

    def on_nothing_dispensed(self, point: PointId) -> None:
        """Lifted and hung up again without a drop: nothing is debited (I3)."""
        redemption = self.desk.state.gift_at(point)
        if redemption:
            self._look_again(redemption.redemption_id)
            self._give_back(redemption, "nothing_dispensed")

    def on_tick(self) -> None:
        """Disarm pumps nobody came to; after a restart, ask the pump as soon as it can be heard."""
        self._announce()
        for redemption in list(self.desk.state.redemptions.values()):
            redemption_id = redemption.redemption_id
            if redemption.point is None or redemption.state not in MAY_HAVE_FUEL:
                continue
            track = self.desk.state.points.get(redemption.point)
            if track is None or track.link is not LinkState.UP or self._asked(redemption_id):
                continue
            now_ms = self.desk.now.ticks_ms
            since = self._armed_at_ms.get(redemption_id)
            look_again = self._look_again_ms.get(redemption_id)
            if since is None:
                self._armed_at_ms[redemption_id] = now_ms
                self._resume(redemption, track.state)
            elif look_again is not None:
                if now_ms >= look_again and track.state not in DELIVERING:
                    self.withdraw(redemption)
            elif redemption.state is not _S.STARTED and self._is_over(now_ms - since, track):
                self.withdraw(redemption)

    def finish(
        self, redemption: Redemption, completed: f.FuellingCompleted
    ) -> tuple[tuple[f.Fact, ...], tuple[OutboxItem, ...]]:
        """The facts and the capture that follow from what was dispensed, for the same transaction as the fuelling."""
        capture = outgoing.state_fuel(self.desk, redemption, capture_of(redemption.redemption_id, completed))
        finished = f.DispenseFinished(
            redemption.redemption_id, completed.fuelling_id, completed.volume_ml, completed.amount_vnd
        )
        sale_facts, sale_items = self.checkout.gift_sale(redemption, completed)
        return (finished, *sale_facts), (capture, *sale_items)

    def finished(self, redemption_id: RedemptionId) -> None:
        """What it came to is known; put the gift's sale on the screen and print it as soon as it is durable."""
        self._forget(redemption_id)
        self._unannounced.append(redemption_id)
        self._announce()

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _is_over(self, armed_ms: int, track: PointTrack) -> bool:
        """Nobody came to the pump, or its price is no longer the list's: what was not lifted begins anew."""
        changed = track.state is FuellingPointState.AUTHORISED and self.prices.difference(track.point) is not None
        return changed or armed_ms > LIFT_WITHIN_MS

    def _resume(self, redemption: Redemption, state: FuellingPointState) -> None:
        """The recovery table: fuelling -> carry on; armed -> disarm and look; at rest -> look."""
        if state in DELIVERING:
            self.on_delivering(redemption.point)  # type: ignore[arg-type]  # asked for above
        elif state is FuellingPointState.AUTHORISED:
            self.withdraw(redemption)
        else:
            self._check(redemption)

    def _check(self, redemption: Redemption) -> None:
        if redemption.point is not None:
            point = redemption.point
            self._look_again(redemption.redemption_id)
            self._command(redemption.redemption_id, "check", lambda i: ReadTotalizers(i, point))

    def _decide_by_totalizers(self, redemption: Redemption) -> None:
        """The pump is at rest and all its totalizers agree with the books: all that flowed since it was armed has been
        told, and none of it was the gift's, or the gift would be finished. The hold is given back."""
        track = self.desk.state.points.get(redemption.point) if redemption.point is not None else None
        if track is None or track.state not in CAN_AUTHORISE or track.suspected:
            return
        all_told = all(nozzle in track.compared for nozzle, _ in redemption.nozzle_totals)
        if all_told and (not track.delivery_open or track.memory_lost):
            self._give_back(redemption, "not_used")

    def _announce(self) -> None:
        while self._unannounced and not self.desk.unwritten:
            self.checkout.show_gift_sale(self._unannounced.pop(0))

    def _look_again(self, redemption_id: RedemptionId) -> None:
        self._look_again_ms[redemption_id] = self.desk.now.ticks_ms + LOOK_EVERY_MS

    def _give_back(self, redemption: Redemption, reason: str) -> None:
        void = outgoing.give_back(self.desk, redemption, reason)
        self.desk.record(f.VoidIntended(redemption.redemption_id, reason), items=(void,))
        self._forget(redemption.redemption_id)
        self.desk.notify("gift_given_back", Severity.INFO, points=redemption.points)

    def _forget(self, redemption_id: RedemptionId) -> None:
        self._armed_at_ms.pop(redemption_id, None)
        self._look_again_ms.pop(redemption_id, None)

    def _asked(self, redemption_id: RedemptionId) -> bool:
        since = self.desk.now.ticks_ms - COMMAND_MS
        return any(owner == redemption_id and sent_ms > since for owner, _, sent_ms in self._commands.values())

    def _command(self, redemption_id: RedemptionId, verb: str, make: outgoing.MakeCommand) -> None:
        command_id = self.desk.dice.new_id()
        self._commands[command_id] = (redemption_id, verb, self.desk.now.ticks_ms)
        self.desk.dispensers.send(make(command_id))


def capture_of(redemption_id: RedemptionId, completed: f.FuellingCompleted) -> c.Capture:
    """The statement of fact for central."""
    return c.Capture(
        redemption_id=redemption_id,
        point=completed.point,
        nozzle=completed.nozzle,
        grade_code=completed.grade_code,
        volume_ml=completed.volume_ml,
        amount_vnd=completed.amount_vnd,
        start_totalizer_ml=completed.start_odometer_ml,
        end_totalizer_ml=completed.end_odometer_ml,
        fuelled_at=completed.finished_at,
        derived=completed.recovered,
    )
