"""A pump head with a person in front of it: lifts, squeezes, hangs up; somebody trips the fuse.

What the head makes of it is the protocol's device (`DispenserEnd`); here are hands, fuel and time. Time is an argument.
"""

from __future__ import annotations

from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.protocols.dispenser.interface import DispenserEnd
from pos_client.sandbox.dispenser.config import PointConfig
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Squeeze:
    """How long the person squeezes: until the display shows so much money or fuel, or for a time. None: not that.

    `ml_per_s`: how far he squeezes; None: as far as it goes. `then_hang`: a driver who hangs up by himself when he has
    enough, when the pump shuts its valve, or when it goes dark.
    """

    amount_vnd: Vnd | None = None
    volume_ml: Millilitres | None = None
    ms: int | None = None
    ml_per_s: int | None = None
    then_hang: bool = False


class FuellingPoint:
    """One head. Flow begins when the valve is open and ends at the target, at a preset, or when the nozzle hangs."""

    def __init__(self, config: PointConfig, device: DispenserEnd, flow_ml_per_s: int) -> None:
        self.config = config
        self._device = device
        self._flow_ml_per_s = flow_ml_per_s
        self._squeeze: Squeeze | None = None
        self._flowed_ms = 0
        self._credit = 0
        """ml x 1000 that have come through and do not make a whole unit yet"""
        self._at_ms = 0

    @property
    def flowing(self) -> bool:
        """Whether somebody squeezes (fuel may still wait for the valve)."""
        return self._squeeze is not None

    def lift(self, nozzle: int) -> None:
        """Take a nozzle out."""
        self._device.lift(self.config.address, nozzle)

    def hang(self) -> None:
        """Put it back; nobody squeezes any more."""
        self._squeeze = None
        self._device.hang(self.config.address)

    def cut_power(self) -> None:
        """The fuse."""
        self._device.cut_power(self.config.address)
        self._let_go()

    def restore_power(self) -> None:
        """The fuse again."""
        self._device.restore_power(self.config.address)

    def set_price(self, nozzle: int, price_vnd: int) -> None:
        """Somebody with the key sets another price at the pump."""
        self._device.set_price(self.config.address, nozzle, _digits(price_vnd, self.config.price_decimals))

    def _let_go(self) -> None:
        """Nobody squeezes any more; a driver who has done hangs up."""
        squeeze, self._squeeze = self._squeeze, None
        if squeeze is not None and squeeze.then_hang:
            self.hang()

    def flow(self, squeeze: Squeeze, now_ms: int) -> None:
        """Begin to squeeze."""
        self._squeeze = squeeze
        self._flowed_ms = self._credit = 0
        self._at_ms = now_ms

    def advance(self, now_ms: int) -> None:
        """Let fuel flow up to now."""
        elapsed, self._at_ms = now_ms - self._at_ms, now_ms
        squeeze = self._squeeze
        if squeeze is None or not self._device.reading(self.config.address).delivering:
            return
        if squeeze.ms is not None:
            elapsed = min(elapsed, squeeze.ms - self._flowed_ms)
        self._flowed_ms += elapsed
        unit = self.config.unit_ml * 1000
        self._credit += elapsed * (squeeze.ml_per_s or self._flow_ml_per_s)
        units, self._credit = divmod(self._credit, unit)
        while units > 0 and not self._reached(squeeze):
            if self._device.pulse(self.config.address, 1) == 0:
                break
            units -= 1
        still_open = self._device.reading(self.config.address).delivering
        timed_out = squeeze.ms is not None and self._flowed_ms >= squeeze.ms
        if self._reached(squeeze) or timed_out or not still_open:
            self._let_go()

    def _reached(self, squeeze: Squeeze) -> bool:
        shown = self.view()
        enough_money = squeeze.amount_vnd is not None and shown.amount_vnd >= squeeze.amount_vnd
        enough_fuel = squeeze.volume_ml is not None and shown.volume_ml >= squeeze.volume_ml
        return enough_money or enough_fuel

    def view(self) -> PointView:
        """What a person sees of the pump."""
        reading = self._device.reading(self.config.address)
        return PointView(
            point=self.config.point,
            address=self.config.address,
            status=reading.status,
            nozzle_out=reading.nozzle_out,
            volume_ml=reading.volume * self.config.unit_ml,
            amount_vnd=_vnd(reading.amount, self.config.amount_decimals),
            totals={n: total * self.config.unit_ml for n, total in enumerate(reading.totals, start=1)},
            prices={n: _vnd(price, self.config.price_decimals) for n, price in enumerate(reading.prices, start=1)},
            powered=reading.powered,
            flowing=self.flowing,
        )


def _vnd(amount: int, decimals: int) -> Vnd:
    """What a display's digits come to; -1 decimals are tens."""
    return amount // int(10**decimals) if decimals >= 0 else amount * int(10**-decimals)


def _digits(price_vnd: int, decimals: int) -> int:
    """The digits a display shows for a price; -1 decimals are tens."""
    return price_vnd * int(10**decimals) if decimals >= 0 else price_vnd // int(10**-decimals)


@dataclass(frozen=True, slots=True)
class PointView:
    """A pump's display and meters."""

    point: int
    address: int
    status: str
    nozzle_out: int | None
    volume_ml: Millilitres
    amount_vnd: Vnd
    totals: dict[int, Millilitres]
    prices: dict[int, Vnd]
    powered: bool
    flowing: bool
