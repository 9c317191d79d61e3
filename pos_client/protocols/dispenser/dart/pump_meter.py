"""What a simulated head measures and shows: volume in units of its totals, money that is its own (volume x price, half
up), presets. At a money preset the display shows exactly the preset, because a real pump measures finer than it shows.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.decimals import scaled
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import DeviceHeadSetup

_TOTAL_WRAP = 10**10
"""Five BCD bytes."""


class PumpMeter:
    """Display, presets and totals of one head."""

    def __init__(self, setup: DeviceHeadSetup) -> None:
        if not all(0 <= total < _TOTAL_WRAP for total in setup.totals):
            raise LocalProtocolError(f"a counter of head {setup.address} has {len(str(_TOTAL_WRAP)) - 1} digits")
        self._setup = setup
        self.totals = list(setup.totals)
        self.amount_totals = [0] * len(setup.totals)
        self.lose_power()

    def lose_power(self) -> None:
        """No prices, no presets, display zero; the totals kept their count."""
        self.prices = [0] * len(self.totals)
        self.clear()

    def clear(self) -> None:
        """Display zero, presets gone."""
        self.volume = self.amount = 0
        self.preset_volume: int | None = None
        self.preset_amount: int | None = None

    @property
    def wire_volume(self) -> int:
        """The display's volume, as the wire carries it."""
        return scaled(self.volume, self._setup.volume_decimals - self._setup.total_decimals)

    def count(self, nozzle: int, volume: int) -> tuple[int, bool]:
        """Up to `volume` units flow; how many did, and whether a preset is reached."""
        limit = self._limit(self.prices[nozzle - 1])
        flowed = volume if limit is None else max(min(volume, limit - self.volume), 0)
        self.volume += flowed
        self.totals[nozzle - 1] = (self.totals[nozzle - 1] + flowed) % _TOTAL_WRAP
        self._show(nozzle, scaled(self.volume * self.prices[nozzle - 1], self._money_power()))
        reached = limit is not None and self.volume >= limit
        if reached and self.preset_amount is not None:
            self._show(nozzle, self.preset_amount)
        return flowed, reached

    def _show(self, nozzle: int, amount: int) -> None:
        self.amount_totals[nozzle - 1] = (self.amount_totals[nozzle - 1] + amount - self.amount) % _TOTAL_WRAP
        self.amount = amount

    def _money_power(self) -> int:
        """What the product of volume and price has to be scaled by."""
        setup = self._setup
        return setup.amount_decimals - setup.total_decimals - setup.price_decimals

    def _limit(self, price: int) -> int | None:
        """Volume at which a preset closes the valve: the nearest the meter can count, and at least one unit."""
        if self.preset_volume is not None:
            return max(scaled(self.preset_volume, self._setup.total_decimals - self._setup.volume_decimals), 1)
        if self.preset_amount is None or price == 0:
            return None
        power = self._money_power()
        money = self.preset_amount * int(10 ** max(-power, 0))
        unit = price * int(10 ** max(power, 0))
        return max((2 * money + unit) // (2 * unit), 1)
