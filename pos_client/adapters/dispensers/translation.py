"""Wire events to the terminal's reports, and its commands to wire commands: addresses, decimals, words.

The wire carries digits without a point; where the point stands is a setting of each head (volume, amount, price,
total). Litres become millilitres exactly; money with decimals is rounded half up, once, here.
"""

from __future__ import annotations

from collections.abc import Mapping

from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.quantities import Millilitres, Vnd, VndPerLitre, divide_half_up
from pos_client.ports import dispensers as d
from pos_client.ports import reports as r
from pos_client.ports.reports import DeviceReport
from pos_client.protocols.dispenser import commands as c
from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.events import HeadState
from pos_client.protocols.dispenser.interface import HeadSetup, LineSetup
from pos_client.settings.model import LineSettings, PointSettings

IFSF_WORDS: dict[HeadState, FuellingPointState] = {
    HeadState.NOT_PROGRAMMED: FuellingPointState.INOPERATIVE,
    HeadState.IDLE: FuellingPointState.IDLE,
    HeadState.CALLING: FuellingPointState.CALLING,
    HeadState.AUTHORISED: FuellingPointState.AUTHORISED,
    HeadState.STARTED: FuellingPointState.STARTED,
    HeadState.DELIVERING: FuellingPointState.FUELLING,
    HeadState.ENDING: FuellingPointState.SUSPENDED_FUELLING,
    HeadState.SUSPENDED: FuellingPointState.SUSPENDED_FUELLING,
    HeadState.CLOSED: FuellingPointState.CLOSED,
}
_ML_DECIMALS = 3


def line_setup(settings: LineSettings, prices: Mapping[str, VndPerLitre]) -> LineSetup:
    """The line as its protocol wants it, prices (by grade) in wire units."""
    return LineSetup(
        heads=tuple(
            HeadSetup(
                point.address,
                _prices(point, prices),
                point.volume_decimals,
                point.amount_decimals,
                point.price_decimals,
                point.total_decimals,
            )
            for point in settings.points
        ),
        baud_rate=settings.baud_rate,
        answer_timeout_ms=settings.answer_timeout_ms,
        inter_frame_ms=settings.inter_frame_ms,
        misses_until_offline=settings.misses_until_offline,
        options=settings.options,
    )


def _prices(point: PointSettings, prices: Mapping[str, VndPerLitre]) -> tuple[int, ...]:
    """Price of each nozzle; 0 (not for sale) where the grade has none, or the pump cannot show it."""
    return tuple(_exact(prices.get(grade, 0), point.price_decimals) or 0 for grade in point.nozzles)


def _exact(value: int, decimals: int) -> int | None:
    """A number as the wire carries it with so many decimals; None when it falls between two steps."""
    if decimals >= 0:
        return value * int(10**decimals)
    quotient, rest = divmod(value, int(10**-decimals))
    return None if rest else quotient


class Translation:
    """One line's heads: which point each is, and where its decimal points stand."""

    def __init__(self, points: tuple[PointSettings, ...]) -> None:
        self._by_address: Mapping[int, PointSettings] = {point.address: point for point in points}
        self._by_point: Mapping[int, PointSettings] = {point.point: point for point in points}

    def to_wire(self, command: d.DispenserCommand) -> c.Command | r.CommandFinished:
        """The wire command for a point of this line; or its refusal, where the wire has no digits for what is meant."""
        head = self._by_point[command.point]
        match command:
            case d.Authorise(command_id=command_id, preset_vnd=preset, nozzles=nozzles, preset_ml=preset_ml):
                digits = None if preset is None else _not_above(preset, head.amount_decimals)
                volume = None if preset_ml is None else _not_above(preset_ml, head.volume_decimals - _ML_DECIMALS)
                if digits == 0 or volume == 0:
                    return _refused(command, "preset_below_step")
                return c.AuthoriseHead(head.address, command_id, digits, tuple(nozzles), volume)
            case d.StopPoint(command_id=command_id):
                return c.StopHead(head.address, command_id)
            case d.ResumePoint(command_id=command_id):
                return c.ResumeHead(head.address, command_id)
            case d.ReadTotalizers(command_id=command_id):
                return c.ReadTotals(head.address, command_id)
            case d.SetPrices(command_id=command_id, prices=prices):
                known = dict(prices)
                numbers = [NozzleId(number) for number in range(1, len(head.nozzles) + 1)]
                if not known.keys() >= set(numbers):
                    return _refused(command, "price_missing")
                on_wire = tuple(_exact(known[number], head.price_decimals) for number in numbers)
                if None in on_wire:
                    return _refused(command, "price_between_steps")
                return c.SetPrices(head.address, command_id, tuple(price or 0 for price in on_wire))

    def report(self, event: e.Event) -> DeviceReport | None:
        """What an event means to the terminal; None for one it need not hear (the state that comes with it says it)."""
        head = self._by_address.get(event.address)
        if head is None:
            return None
        point = PointId(head.point)
        match event:
            case e.HeadFound():
                return r.PointLinkChanged(point, LinkState.UP)
            case e.HeadLost():
                return r.PointLinkChanged(point, LinkState.DOWN)
            case e.StateChanged(state=state, nozzle=nozzle):
                return r.PointStateReported(point, IFSF_WORDS[state], None if nozzle is None else NozzleId(nozzle))
            case e.Delivering(nozzle=nozzle, volume=volume, amount=amount):
                volume_ml, amount_vnd = _ml(volume, head.volume_decimals), _whole(amount, head.amount_decimals)
                return r.DeliveryProgressed(point, None if nozzle is None else NozzleId(nozzle), volume_ml, amount_vnd)
            case e.Delivered():
                return _ended(point, head, event)
            case e.TotalRead(nozzle=nozzle, total=total):
                return r.TotalizerRead(point, NozzleId(nozzle), _ml(total, head.total_decimals))
            case e.PriceSeen(nozzle=nozzle, price=price):
                return r.PriceShown(point, NozzleId(nozzle), _whole(price, head.price_decimals))
            case e.PowerRestored():
                return r.PointRestarted(point)
            case e.Alarm(code=code):
                return r.AlarmReported(point, code)
            case e.CommandDone(command_id=command_id):
                return r.CommandFinished(command_id, point, r.CommandOutcome.DONE)
            case e.CommandRefused(command_id=command_id, reason=reason):
                return r.CommandFinished(command_id, point, r.CommandOutcome.REFUSED, reason)
            case e.CommandUnanswered(command_id=command_id):
                return r.CommandFinished(command_id, point, r.CommandOutcome.NO_ANSWER)
            case e.NozzleLifted() | e.NozzleReturned():
                return None


def _refused(command: d.DispenserCommand, why: str) -> r.CommandFinished:
    return r.CommandFinished(command.command_id, command.point, r.CommandOutcome.REFUSED, why)


def _ended(point: PointId, head: PointSettings, event: e.Delivered) -> r.DeliveryEnded:
    return r.DeliveryEnded(
        point=point,
        nozzle=NozzleId(event.nozzle),
        volume_ml=_ml(event.volume, head.volume_decimals),
        amount_vnd=_whole(event.amount, head.amount_decimals),
        unit_price=_whole(event.price, head.price_decimals),
        end_totalizer_ml=_ml(event.total, head.total_decimals),
    )


def _ml(digits: int, decimals: int) -> Millilitres:
    """Litres with so many decimals in millilitres."""
    return _whole(digits, decimals - _ML_DECIMALS)


def _whole(digits: int, decimals: int) -> Vnd:
    """What digits with so many decimals come to, half up; -1 decimals are tens."""
    return divide_half_up(digits, int(10**decimals)) if decimals >= 0 else digits * int(10**-decimals)


def _not_above(limit: Vnd, decimals: int) -> int:
    """A limit as digits with so many decimals, cut off: it is a promise not to exceed."""
    return limit * int(10**decimals) if decimals >= 0 else limit // int(10**-decimals)
