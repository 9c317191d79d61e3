"""The forecourt's side of the terminal: what pumps report and what people ask of pumps, by service."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.authorising import Authorising
from pos_client.services.claiming import Claiming
from pos_client.services.completion import Completion
from pos_client.services.desk import Desk
from pos_client.services.fuelling import Fuelling
from pos_client.services.gift import Gift
from pos_client.services.leases import Leases
from pos_client.services.meter_round import MeterRound
from pos_client.services.metering import Metering
from pos_client.services.point_tester import PointTester
from pos_client.services.prices import Prices
from pos_client.services.pump_tests import PumpTests
from pos_client.services.repricing import Repricing
from pos_client.services.restarting import Restarting
from pos_client.services.stopping import Stopping


def _in_turn(*steps: Callable[..., None]) -> Callable[..., None]:
    """Several services hear the same report, in order."""

    def hear(report: object) -> None:
        for step in steps:
            step(report)

    return hear


class ForecourtSide:
    """Puts the forecourt's services together."""

    def __init__(self, desk: Desk, gift: Gift, claiming: Claiming, leases: Leases, prices: Prices) -> None:
        self._desk = desk
        self._gift = gift
        self._prices = prices
        self._stopping = Stopping(desk)
        self._restarting = Restarting(desk)
        self._repricing = Repricing(desk, prices, self._stopping)
        completion = Completion(desk, gift, leases, prices)
        self._metering = Metering(desk, completion)
        self._fuelling = Fuelling(desk, gift, completion, self._metering)
        self._tests = PumpTests(desk, claiming, self._metering)
        self._authorising = Authorising(desk, self._tests, prices)
        self.tester = PointTester(desk, prices)
        self.meter_round = MeterRound(desk)

    def routes(self) -> dict[type, Callable[..., None]]:
        """Message -> what takes it."""
        return {
            r.LineLinkChanged: self._fuelling.on_line_link,
            r.LineMeasured: self._fuelling.on_line_measured,
            r.PointLinkChanged: _in_turn(self._prices.on_point_link, self._fuelling.on_point_link),
            r.PointStateReported: _in_turn(self._prices.on_state, self._fuelling.on_state),
            r.DeliveryProgressed: self._fuelling.on_progress,
            r.DeliveryEnded: self._fuelling.on_ended,
            r.TotalizerRead: _in_turn(self.tester.on_totalizer, self._metering.on_totalizer),
            r.PriceShown: self._prices.on_shown,
            r.PointRestarted: _in_turn(self._prices.on_restarted, self._fuelling.on_restarted),
            r.AlarmReported: self._fuelling.on_alarm,
            r.CommandFinished: self._command_finished,
            m.AuthorisePoint: self._authorising.authorise,
            m.AuthoriseAll: lambda c: self._authorising.authorise_all(),
            m.StopFuelling: lambda c: self._stopping.stop(c.point),
            m.StopAll: lambda c: self._stopping.stop_all(),
            m.RestartFuelling: lambda c: self._restarting.restart(c.point, c.reason),
            m.MarkPumpTest: lambda c: self._tests.mark(c.fuelling_id),
            m.TestPoint: lambda c: self.tester.test(c.point),
            m.RestartLine: lambda c: self._desk.dispensers.restart_line(c.line),
        }

    def due(self) -> tuple[Callable[[], None], ...]:
        """What looks at the time, in order."""
        return (
            self._metering.on_tick,
            self._prices.on_tick,
            self._repricing.on_tick,
            self._fuelling.on_tick,
            self._tests.on_tick,
            self.tester.on_tick,
            self.meter_round.on_tick,
        )

    def _command_finished(self, report: r.CommandFinished) -> None:
        """What became of a command goes to whoever asked for it; a reading that failed is asked for again anyway."""
        for takes in (
            self._repricing.on_command,
            self._gift.on_command,
            self._stopping.on_command,
            self._restarting.on_command,
            self._authorising.on_command,
            self.tester.on_command,
            self.meter_round.on_command,
        ):
            if takes(report):
                return
