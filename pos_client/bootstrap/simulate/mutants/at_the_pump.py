"""Mistakes at the pump: what is armed, what is believed, whose litres they are."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.domain import facts as f
from pos_client.domain.redemption import Redemption
from pos_client.ports.dispensers import Authorise
from pos_client.services import completion
from pos_client.services.completion import Completion
from pos_client.services.desk import Desk
from pos_client.services.fuelling import Fuelling
from pos_client.services.gift import Gift
from pos_client.services.metering import Metering
from pos_client.services.state import TerminalState
from pos_client.services.tracks import PointTrack


@mutant("no-arm-intent", "the pump is armed without a word in the journal")
def _(replace: Replace) -> None:
    def bold(self: Gift, redemption: Redemption, point: Any) -> None:
        self._command(redemption.redemption_id, "arm", lambda i: Authorise(i, point, redemption.points))

    replace(Gift, "arm", bold)


@mutant("arms-before-it-writes", "the pump is armed first, and written down after")
def _(replace: Replace) -> None:
    arm = Gift.arm

    def hasty(self: Gift, redemption: Redemption, point: Any) -> None:
        self._command(redemption.redemption_id, "arm", lambda i: Authorise(i, point, redemption.points))
        arm(self, redemption, point)

    replace(Gift, "arm", hasty)


@mutant("arms-on-an-unsettled-pump", "a gift is armed where earlier litres are still to be told or sold")
def _(replace: Replace) -> None:
    replace(PointTrack, "is_at_rest", lambda self: True)
    replace(TerminalState, "gift_at", lambda self, point: None)


@mutant("arms-without-totalizers", "a gift is armed although the meters have not been compared")
def _(replace: Replace) -> None:
    arm = Gift.arm

    def blind(self: Gift, redemption: Redemption, point: Any, *first: Any) -> Any:
        track, configured = self.desk.state.points.get(point), self.desk.forecourt.point(point)
        if track is not None and configured is not None:
            track.compared |= {n.nozzle for n in configured.nozzles}
            track.suspected.clear()
            track.delivery_open = track.memory_lost = False
            for n in configured.nozzles:
                self.desk.state.totalizers.setdefault((point, n.nozzle), 0)
        return arm(self, redemption, point, *first)

    replace(Gift, "arm", blind)


@mutant("void-without-asking-the-pump", "a gift that is cancelled is given back before the pump has said what flowed")
def _(replace: Replace) -> None:
    replace(Gift, "withdraw", lambda self, redemption: self._give_back(redemption, "cancelled"))


@mutant("a-stop-is-no-fuel", "a pump that was told to stop is taken for one that delivered nothing")
def _(replace: Replace) -> None:
    on_command = Gift.on_command

    def hasty(self: Gift, report: Any) -> bool:
        mine, verb, _ = self._commands.get(report.command_id, (None, "", 0))
        taken = on_command(self, report)
        redemption = self.desk.state.redemptions.get(mine) if mine else None
        if verb == "stop" and redemption is not None and redemption.point is not None and not redemption.is_final:
            self._give_back(redemption, "stopped")
        return taken

    replace(Gift, "on_command", hasty)


@mutant("rest-is-no-fuel", "a pump at rest is taken for one that delivered nothing; its totalizers are not asked")
def _(replace: Replace) -> None:
    def hasty(self: Gift, redemption: Redemption) -> None:
        self._give_back(redemption, "not_used")

    replace(Gift, "_decide_by_totalizers", hasty)
    replace(Gift, "_check", hasty)


@mutant("zero-sale-is-captured", "lifted and hung up again: the hold is captured all the same")
def _(replace: Replace) -> None:
    def capture(self: Gift, point: Any) -> None:
        redemption = self.desk.state.gift_at(point)
        if redemption:
            self.desk.record(
                f.DispenseFinished(redemption.redemption_id, "nothing", 0, redemption.points),  # type: ignore[arg-type]  # a name nobody gave
            )

    replace(Gift, "on_nothing_dispensed", capture)


@mutant("gap-is-ignored", "litres nobody saw flow stay out of the books")
def _(replace: Replace) -> None:
    def silent(self: Metering, point: Any, nozzle: Any, start: int, end: int, **_: Any) -> None:
        self.desk.state.totalizers[point, nozzle] = end

    replace(Metering, "recover", silent)


@mutant("gap-is-doubled", "litres nobody saw flow are told twice")
def _(replace: Replace) -> None:
    complete = Completion.complete

    def twice(self: Completion, point: Any, nozzle: Any, figures: Any, **rest: Any) -> None:
        complete(self, point, nozzle, figures, **rest)
        if figures.recovered:
            complete(self, point, nozzle, changed(figures, start_totalizer_ml=figures.start_totalizer_ml + 1), **rest)

    replace(Completion, "complete", twice)


@mutant("told-twice-is-two", "a delivery that is told again is another delivery")
def _(replace: Replace) -> None:
    ended = Fuelling.on_ended

    def again(self: Fuelling, report: Any) -> None:
        last = self.desk.state.totalizers.get((report.point, report.nozzle))
        if last is not None and last == report.end_totalizer_ml and report.volume_ml:
            self.desk.state.totalizers[report.point, report.nozzle] = last - report.volume_ml
        ended(self, report)

    replace(Fuelling, "on_ended", again)


@mutant("one-name-for-all", "a fuelling's name leaves its totalizer out")
def _(replace: Replace) -> None:
    replace(completion, "fuelling_id", lambda station, point, nozzle, end: f"{station}-{point}-{nozzle}")


@mutant("gift-to-any-pump", "whatever ends anywhere is taken for the gift that is armed")
def _(replace: Replace) -> None:
    at = TerminalState.gift_at

    def any_of_them(self: TerminalState, point: Any) -> Any:
        return next((found for p in self.points if (found := at(self, p)) is not None), None)

    replace(TerminalState, "gift_at", any_of_them)


@mutant("gift-is-also-sold", "the litres of a gift wait to be sold as well")
def _(replace: Replace) -> None:
    finish = Gift.finish

    def half(self: Gift, redemption: Redemption, completed: Any) -> Any:
        facts, items = finish(self, redemption, completed)
        return facts[:1], items

    replace(Gift, "finish", half)


@mutant("capture-not-queued", "what a gift came to is written down, and nobody tells head office")
def _(replace: Replace) -> None:
    finish = Gift.finish

    def silent(self: Gift, redemption: Redemption, completed: Any) -> Any:
        facts, _ = finish(self, redemption, completed)
        return facts, ()

    replace(Gift, "finish", silent)


@mutant("capture-of-the-consent", "not what was dispensed is captured, but what was consented to")
def _(replace: Replace) -> None:
    finish = Gift.finish

    def whole(self: Gift, redemption: Redemption, completed: Any) -> Any:
        facts, items = finish(self, redemption, changed(completed, amount_vnd=redemption.points))
        return facts, items

    replace(Gift, "finish", whole)


@mutant("pumps-word-dropped-on-a-full-disk", "what a pump told while the disk was full is dropped")
def _(replace: Replace) -> None:
    def careless(self: Desk) -> None:
        self.unwritten.clear()

    replace(Desk, "write_backlog", careless)
