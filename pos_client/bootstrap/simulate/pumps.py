"""A forecourt that behaves: hands lift nozzles, fuel flows, totalizers only grow, cables and power come and go.

Physics (`Pump`) goes on whatever the terminal does; what the line hears of it is reported only while it is heard.
`Pump.deliveries` is the forecourt's own ledger: what really flowed, under which authorisation.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from pos_client.domain.fuelling_point import SUSPENDED, FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.moment import Moment
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre, amount_of, volume_for
from pos_client.ports import reports as r
from pos_client.ports.dispensers import (
    Authorise,
    DispenserCommand,
    ReadTotalizers,
    ResumePoint,
    SetPrices,
    StopPoint,
)

_S = FuellingPointState


@dataclass
class Delivery:
    """What flowed under one authorisation, as the meter knows it."""

    point: PointId
    nozzle: NozzleId
    preset_vnd: Vnd | None
    volume_ml: Millilitres = 0
    amount_vnd: Vnd = 0
    command_id: str = ""
    unit_price: VndPerLitre = 0
    priced_at: datetime | None = None
    """since when its nozzle was out at this price"""
    first_drop: datetime | None = None
    last_drop: datetime | None = None


@dataclass
class Pump:
    """One fuelling point: holster, valve, meters."""

    point: PointId
    totals: dict[NozzleId, Millilitres]
    prices: dict[NozzleId, VndPerLitre]
    state: FuellingPointState = _S.IDLE
    powered: bool = True
    linked: bool = True
    lifted: NozzleId | None = None
    out_since: datetime | None = None
    """when the nozzle was lifted, or took another price while it was out"""
    authorised_by: str | None = None
    preset_vnd: Vnd | None = None
    preset_ml: Millilitres | None = None
    current: Delivery | None = None
    told: r.DeliveryEnded | None = None
    """what the pump still remembers of its last delivery"""
    untold: r.DeliveryEnded | None = None
    """a delivery that ended while nobody listened"""
    initial: dict[NozzleId, Millilitres] = field(default_factory=dict)
    deliveries: list[Delivery] = field(default_factory=list)
    modulus_ml: Millilitres | None = None
    """where its totalizers begin at 0 again"""
    laps: dict[NozzleId, int] = field(default_factory=dict)
    """how often they did"""
    stuck_price: VndPerLitre | None = None
    """it takes new prices, and shows this one all the same"""

    def __post_init__(self) -> None:
        self.initial = dict(self.totals)

    def count(self, nozzle: NozzleId, came_ml: Millilitres) -> None:
        """Fuel goes through a meter."""
        self.totals[nozzle] += came_ml
        if self.modulus_ml is not None and self.totals[nozzle] >= self.modulus_ml:
            self.totals[nozzle] -= self.modulus_ml
            self.laps[nozzle] = self.laps.get(nozzle, 0) + 1

    def flowed(self, nozzle: NozzleId) -> Millilitres:
        """All that ever went through a meter since the beginning, by an odometer that never fills up."""
        return self.totals[nozzle] - self.initial[nozzle] + self.laps.get(nozzle, 0) * (self.modulus_ml or 0)


@dataclass
class FakeForecourt:
    """`ports.dispensers.Dispensers` and everything behind it."""

    post: Callable[[object], None]
    pumps: dict[PointId, Pump] = field(default_factory=dict)
    ended_before_idle: bool = False
    """some lines tell a delivery's end before the point's rest, some after it"""
    repeats_last: bool = False
    """a line that, heard anew, tells the pump's last delivery once more"""
    remembers: bool = True
    """a delivery that ended unheard is told when the line is back; otherwise only totalizers know"""
    tells_totals: bool = True
    """a line that, heard anew, reads all totalizers by itself; otherwise on request alone"""
    overrun_vnd: Vnd = 0
    tells_prices: bool = True
    """a line that hears which price a pump shows; otherwise only whether it took one"""
    prices_when_hung: bool = False
    """pumps that take no price while a nozzle is out; others only while one is permitted"""
    forgets_prices: bool = False
    """pumps that have no price after a power cut"""
    price_faults: deque[str] = field(default_factory=deque)
    """for the next price changes: done_unanswered, lost, refused, ok"""
    resumes: bool = True
    """pumps that can go on with a delivery that was stopped; others can only end it"""
    faults: deque[str] = field(default_factory=deque)
    """for the next commands: done_unanswered, lost, refused, ok"""
    now: Callable[[], Moment] | None = None
    """for deliveries that remember when they happened"""
    commands: list[DispenserCommand] = field(default_factory=list)
    _waiting: deque[DispenserCommand] = field(default_factory=deque)

    # ── the terminal's side ────────────────────────────────────────────────────────────────────────────────────

    def send(self, command: DispenserCommand) -> None:
        """A command on its way to the pump."""
        self.commands.append(command)
        self._waiting.append(command)

    def work(self) -> bool:
        """Carry out one command; False when there was none."""
        if not self._waiting:
            return False
        command = self._waiting.popleft()
        faults = self.price_faults if isinstance(command, SetPrices) else self.faults
        fault = faults.popleft() if faults else "ok"
        pump = self.pumps[command.point]
        heard = pump.linked and pump.powered and fault != "lost"
        detail = ""
        if not heard:
            outcome = r.CommandOutcome.NO_ANSWER
        elif fault == "refused":
            outcome = r.CommandOutcome.REFUSED
        else:
            outcome, detail = self._carry_out(pump, command)
        if fault == "done_unanswered":
            outcome, detail = r.CommandOutcome.NO_ANSWER, ""
        self.post(r.CommandFinished(command.command_id, command.point, outcome, detail))
        return True

    def forget_commands(self) -> None:
        """The program died: what it had not yet put on the line is gone."""
        self._waiting.clear()

    def attach(self) -> None:
        """A program starts to listen."""
        for pump in self.pumps.values():
            if pump.linked and pump.powered:
                self._greet(pump)

    def _carry_out(self, pump: Pump, command: DispenserCommand) -> tuple[r.CommandOutcome, str]:
        match command:
            case Authorise():
                if pump.state not in (_S.IDLE, _S.CALLING) or not any(pump.prices.values()):
                    return r.CommandOutcome.REFUSED, "busy"
                pump.authorised_by, pump.preset_vnd = command.command_id, command.preset_vnd
                pump.preset_ml = command.preset_ml
                self._go(pump, _S.STARTED if pump.lifted is not None else _S.AUTHORISED)
                self._begin(pump)
            case StopPoint():
                self._stop(pump)
            case ResumePoint():
                return self._resume(pump)
            case ReadTotalizers():
                self._tell_totals(pump)
            case SetPrices():
                if pump.state is not _S.IDLE and (pump.state is not _S.CALLING or self.prices_when_hung):
                    return r.CommandOutcome.REFUSED, "busy"
                for nozzle, price in command.prices:
                    self._set_price(pump, nozzle, price if pump.stuck_price is None else pump.stuck_price)
                self._show_price(pump, pump.lifted or NozzleId(1))
        return r.CommandOutcome.DONE, ""

    # ── hands, hoses, cables ───────────────────────────────────────────────────────────────────────────────────

    def lift(self, point: int, nozzle: int = 1) -> None:
        """Take a nozzle out."""
        pump = self.pumps[PointId(point)]
        if pump.lifted is not None:
            return
        pump.lifted, pump.out_since = NozzleId(nozzle), self._wall()
        if not pump.powered:
            return
        self._go(pump, _S.STARTED if pump.state is _S.AUTHORISED else _S.CALLING)
        self._show_price(pump, pump.lifted)
        self._begin(pump)

    def flow(self, point: int, millilitres: int) -> int:
        """Squeeze the trigger: up to so many millilitres; returns how many came."""
        pump = self.pumps[PointId(point)]
        delivery, nozzle = pump.current, pump.lifted
        if delivery is None or nozzle is None or not pump.powered or pump.state not in (_S.STARTED, _S.FUELLING):
            return 0
        price = pump.prices[nozzle]
        wanted, amount = delivery.volume_ml + millilitres, amount_of(delivery.volume_ml + millilitres, price)
        if pump.preset_vnd is not None and amount >= pump.preset_vnd:
            wanted, amount = volume_for(pump.preset_vnd + self.overrun_vnd, price), pump.preset_vnd + self.overrun_vnd
        if pump.preset_ml is not None and wanted >= pump.preset_ml:
            wanted, amount = pump.preset_ml, amount_of(pump.preset_ml, price)
        came = max(0, wanted - delivery.volume_ml)
        if came:
            pump.count(nozzle, came)
            delivery.volume_ml, delivery.amount_vnd = wanted, amount
            delivery.first_drop = delivery.first_drop or self._wall()
            delivery.last_drop = self._wall()
            self._go(pump, _S.FUELLING)
            self._say(pump, r.DeliveryProgressed(pump.point, nozzle, wanted, amount))
        return came

    def ghost(self, point: int, millilitres: int, nozzle: int = 1) -> None:
        """A worn valve: fuel flows although nobody permitted it. The line notices, and says so."""
        pump = self.pumps[PointId(point)]
        if not pump.powered or pump.lifted is not None or pump.state is not _S.IDLE:
            return
        pump.lifted, pump.out_since, pump.authorised_by = NozzleId(nozzle), self._wall(), ""
        self._go(pump, _S.STARTED)
        self._begin(pump)
        self._say(pump, r.AlarmReported(pump.point, "unauthorised_delivery"))
        self.flow(point, millilitres)

    def hang(self, point: int) -> None:
        """Put it back; a delivery ends."""
        pump = self.pumps[PointId(point)]
        nozzle, pump.lifted = pump.lifted, None
        if nozzle is None or not pump.powered:
            return
        delivery, pump.current = pump.current, None
        pump.authorised_by = pump.preset_vnd = pump.preset_ml = None
        if delivery is None:
            self._go(pump, _S.IDLE)
            return
        end = r.DeliveryEnded(
            pump.point, nozzle, delivery.volume_ml, delivery.amount_vnd, pump.prices[nozzle], pump.totals[nozzle]
        )
        pump.told = end
        if not pump.linked:
            pump.untold = end
        if self.ended_before_idle:
            self._say(pump, end)
        self._go(pump, _S.IDLE)
        if not self.ended_before_idle:
            self._say(pump, end)

    def cut_power(self, point: int) -> None:
        """The pump goes dark: valve shut, delivery and authorisation forgotten, totalizers kept."""
        pump = self.pumps[PointId(point)]
        if not pump.powered:
            return
        pump.powered = False
        self._forget_prices(pump)
        pump.current = pump.told = pump.untold = pump.authorised_by = pump.preset_vnd = pump.preset_ml = None
        if pump.linked:
            self.post(r.PointLinkChanged(pump.point, LinkState.DOWN))

    def restore_power(self, point: int) -> None:
        """Light again; what was delivered is forgotten, totalizers are not."""
        pump = self.pumps[PointId(point)]
        if pump.powered:
            return
        pump.powered = True
        pump.state = _S.IDLE if pump.lifted is None else _S.CALLING
        if pump.linked:
            self.post(r.PointLinkChanged(pump.point, LinkState.UP))
            self.post(r.PointRestarted(pump.point))
            self.post(r.PointStateReported(pump.point, pump.state, pump.lifted))
            if self.tells_totals:
                self._tell_totals(pump)

    def blink(self, point: int) -> None:
        """A power cut too short for the line to miss an answer; the pump says by itself that it started anew."""
        pump = self.pumps[PointId(point)]
        if not pump.powered:
            return
        self._forget_prices(pump)
        pump.current = pump.told = pump.untold = pump.authorised_by = pump.preset_vnd = pump.preset_ml = None
        pump.state = _S.IDLE if pump.lifted is None else _S.CALLING
        if pump.linked:
            self.post(r.PointRestarted(pump.point))
            self.post(r.PointStateReported(pump.point, pump.state, pump.lifted))
            if self.tells_totals:
                self._tell_totals(pump)

    def unplug(self, point: int) -> None:
        """The cable is out; the pump goes on."""
        pump = self.pumps[PointId(point)]
        if pump.linked:
            pump.linked = False
            if pump.powered:
                self.post(r.PointLinkChanged(pump.point, LinkState.DOWN))

    def plug(self, point: int) -> None:
        """The cable is back."""
        pump = self.pumps[PointId(point)]
        if not pump.linked:
            pump.linked = True
            if pump.powered:
                self._greet(pump)

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _begin(self, pump: Pump) -> None:
        if pump.state is _S.STARTED and pump.lifted is not None and pump.current is None:
            assert pump.authorised_by is not None
            pump.current = Delivery(pump.point, pump.lifted, pump.preset_vnd, command_id=pump.authorised_by)
            pump.current.unit_price, pump.current.priced_at = pump.prices[pump.lifted], pump.out_since
            pump.deliveries.append(pump.current)

    def _stop(self, pump: Pump) -> None:
        match pump.state:
            case _S.AUTHORISED:
                pump.authorised_by = pump.preset_vnd = pump.preset_ml = None
                self._go(pump, _S.IDLE)
            case _S.STARTED:
                self._go(pump, _S.SUSPENDED_STARTED)
            case _S.FUELLING:
                self._go(pump, _S.SUSPENDED_FUELLING)
            case _:
                pass

    def _resume(self, pump: Pump) -> tuple[r.CommandOutcome, str]:
        if not self.resumes:
            return r.CommandOutcome.REFUSED, "cannot_resume"
        if pump.state not in SUSPENDED:
            return r.CommandOutcome.REFUSED, "not_suspended"
        self._go(pump, _S.FUELLING if pump.state is _S.SUSPENDED_FUELLING else _S.STARTED)
        return r.CommandOutcome.DONE, ""

    def _go(self, pump: Pump, state: FuellingPointState) -> None:
        if state is not pump.state:
            pump.state = state
            self._say(pump, r.PointStateReported(pump.point, state, pump.lifted))

    def _say(self, pump: Pump, report: object) -> None:
        if pump.linked and pump.powered:
            self.post(report)

    def _greet(self, pump: Pump) -> None:
        """The first things heard of a pump."""
        self.post(r.PointLinkChanged(pump.point, LinkState.UP))
        self.post(r.PointStateReported(pump.point, pump.state, pump.lifted))
        if pump.untold is not None and self.remembers:
            self.post(pump.untold)
        elif self.repeats_last and pump.told is not None and pump.current is None:
            self.post(pump.told)
        pump.untold = None
        if self.tells_totals:
            self._tell_totals(pump)

    def _show_price(self, pump: Pump, nozzle: NozzleId) -> None:
        if self.tells_prices:
            self._say(pump, r.PriceShown(pump.point, nozzle, pump.prices[nozzle]))

    def _set_price(self, pump: Pump, nozzle: NozzleId, price: VndPerLitre) -> None:
        if nozzle == pump.lifted and price != pump.prices[nozzle]:
            pump.out_since = self._wall()
        pump.prices[nozzle] = price

    def _wall(self) -> datetime | None:
        return self.now().wall if self.now is not None else None

    def _forget_prices(self, pump: Pump) -> None:
        if self.forgets_prices:
            pump.prices = dict.fromkeys(pump.prices, 0)

    def _tell_totals(self, pump: Pump) -> None:
        for nozzle, total in pump.totals.items():
            self._say(pump, r.TotalizerRead(pump.point, nozzle, total))
