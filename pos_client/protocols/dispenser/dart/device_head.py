"""One head of a simulated DART dispenser: the state machine of section 7, display, presets, prices, totals.

It counts in the wire's volume units. Money is the pump's own: volume x price, half up; at a money preset the display
shows exactly the preset, because a real pump measures finer than it shows.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.states import CommandCode, HeadEvent, Status
from pos_client.protocols.dispenser.dart.transactions import (
    AlarmRaised,
    AllowedNozzles,
    AskTotals,
    Command,
    ControllerTransaction,
    Filled,
    NozzlePrice,
    PresetAmount,
    PresetVolume,
    Prices,
    PumpTransaction,
    StatusIs,
    Totals,
)
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadReading

_EVENT_OF: dict[CommandCode, HeadEvent] = {
    CommandCode.RESET: HeadEvent.RESET,
    CommandCode.AUTHORISE: HeadEvent.AUTHORISE,
    CommandCode.STOP: HeadEvent.STOP,
    CommandCode.SWITCH_OFF: HeadEvent.SWITCH_OFF,
}
_PRICES_FIXED = (Status.AUTHORISED, Status.FILLING)
_TOTAL_WRAP = 10**10
"""Five BCD bytes."""


class DeviceHead:
    """A pump head: hands and hoses from one side, transactions from the other. `totals_form`: 10h, 0Dh or 06h."""

    def __init__(self, setup: DeviceHeadSetup, totals_form: int = 0x10) -> None:
        self.address = setup.address
        self.waiting: deque[PumpTransaction] = deque()
        """what the head wants to say at the next polls, in order"""
        self.powered = True
        self.ignored_resets = 0
        self._setup = setup
        self._totals_form = totals_form
        self._totals = list(setup.totals)
        self._amount_totals = [0] * len(setup.totals)
        self._nozzle_out: int | None = None
        self._selected = 0
        self._start_up()

    def _start_up(self) -> None:
        """As after power-up: no prices, no presets, display zero; section 6.1, state 0."""
        self._status = Status.NOT_PROGRAMMED
        self._prices = [0] * len(self._totals)
        self._volume = self._amount = 0
        self._forget_presets()
        self.waiting.clear()
        self.announce()

    def _forget_presets(self) -> None:
        self._allowed: tuple[int, ...] = ()
        self._preset_volume: int | None = None
        self._preset_amount: int | None = None

    # ── what people and fuel do ────────────────────────────────────────────────────────────────────────────────────

    def lift(self, nozzle: int) -> None:
        """Take a nozzle out."""
        if not 1 <= nozzle <= len(self._totals):
            raise LocalProtocolError(f"head {self.address} has no nozzle {nozzle}")
        if self._nozzle_out is not None:
            return
        self._nozzle_out = self._selected = nozzle
        if self.powered:
            self._say_nozzle()
            self._start_if_allowed()

    def hang(self) -> None:
        """Put the nozzle back; ends a delivery with DC2 + DC3 + DC1 in one go."""
        if self._nozzle_out is None:
            return
        self._nozzle_out = None
        if not self.powered:
            return
        was_filling = self._status is Status.FILLING
        if was_filling:
            self.waiting.append(Filled(self._volume, self._amount))
        self._say_nozzle()
        self._move(HeadEvent.NOZZLE_IN)

    def pulse(self, volume: int) -> int:
        """Up to `volume` units flow; returns how many did."""
        if not self.powered or self._status is not Status.FILLING or volume <= 0:
            return 0
        limit = self._volume_limit()
        flowed = volume if limit is None else min(volume, limit - self._volume)
        self._count(flowed)
        if limit is not None and self._volume >= limit:
            self._set_amount(self._amount if self._preset_amount is None else self._preset_amount)
            self.waiting.append(Filled(self._volume, self._amount))
            self._move(HeadEvent.PRESET_REACHED)
        return flowed

    def cut_power(self) -> None:
        """Dark: what the head wanted to say is gone."""
        self.powered = False
        self.waiting.clear()

    def restore_power(self) -> None:
        """State 0, without prices; the meters kept their count."""
        if not self.powered:
            self.powered = True
            self._start_up()

    def announce(self) -> None:
        """DC2 + DC3 + DC1 unasked, as recorded after a restored cable."""
        self.waiting.append(Filled(self._volume, self._amount))
        self._say_nozzle()
        self.waiting.append(StatusIs(self._status))

    def reading(self) -> HeadReading:
        """Display and meters."""
        return HeadReading(
            status=self._status.name.lower(),
            powered=self.powered,
            nozzle_out=self._nozzle_out,
            delivering=self.powered and self._status is Status.FILLING,
            volume=self._volume,
            amount=self._amount,
            totals=tuple(self._totals),
        )

    # ── what the line says ─────────────────────────────────────────────────────────────────────────────────────────

    def apply(self, transactions: Iterable[ControllerTransaction]) -> None:
        """One block, left to right."""
        for transaction in transactions:
            match transaction:
                case Command(code):
                    self._obey(code)
                case AllowedNozzles(nozzles):
                    self._allowed = nozzles
                case PresetVolume(volume):
                    self._preset_volume = volume or None
                case PresetAmount(amount):
                    self._preset_amount = amount or None
                case Prices(prices):
                    self._take_prices(prices)
                case AskTotals(nozzle, of_amount):
                    self._say_totals(nozzle, of_amount)

    def filling(self) -> Filled | None:
        """The running figures, said at nearly every poll while filling."""
        return Filled(self._volume, self._amount) if self._status is Status.FILLING else None

    def alarm(self, code: int) -> None:
        """DC5 in front of whatever else waits."""
        self.waiting.appendleft(AlarmRaised(code))

    def _obey(self, code: CommandCode) -> None:
        match code:
            case CommandCode.RETURN_STATUS:
                self.waiting.append(StatusIs(self._status))
                self._say_nozzle()
            case CommandCode.RETURN_FILLING_INFO:
                self.waiting.append(Filled(self._volume, self._amount))
            case CommandCode.RESET if self.ignored_resets > 0:
                self.ignored_resets -= 1
            case CommandCode.RESET if self._move(HeadEvent.RESET):
                self._volume = self._amount = 0
                self._forget_presets()
                self.waiting.append(Filled(0, 0))
            case CommandCode.AUTHORISE if self._move(HeadEvent.AUTHORISE):
                self._start_if_allowed()
            case CommandCode.STOP | CommandCode.SWITCH_OFF:
                if self._status is Status.FILLING:
                    self.waiting.append(Filled(self._volume, self._amount))
                self._move(_EVENT_OF[code])
            case _:
                pass

    def _take_prices(self, prices: tuple[int, ...]) -> None:
        """CD5. Ignored while a price is in use; moves a head from 0 to 5."""
        if self._status in _PRICES_FIXED:
            return
        for index, price in enumerate(prices[: len(self._prices)]):
            self._prices[index] = price
        self._move(HeadEvent.PRICES)
        self._say_nozzle()

    def _say_nozzle(self) -> None:
        nozzle = self._nozzle_out or self._selected
        price = self._prices[nozzle - 1] if nozzle else self._prices[0]
        self.waiting.append(NozzlePrice(price, nozzle, self._nozzle_out is not None))

    def _say_totals(self, nozzle: int, of_amount: bool) -> None:
        if not 1 <= nozzle <= len(self._totals):
            return
        total = self._amount_totals[nozzle - 1] if of_amount else self._totals[nozzle - 1]
        self.waiting.append(Totals(nozzle, total, self._amount_totals[nozzle - 1], of_amount, self._totals_form))

    def _move(self, event: HeadEvent) -> bool:
        """Go where the table says and tell the new state; False where it says nothing."""
        after = s.HEAD_TRANSITIONS.get((self._status, event))
        if after is None:
            return False
        if after is not self._status:
            self._status = after
            self.waiting.append(StatusIs(after))
        return True

    def _start_if_allowed(self) -> None:
        if self._nozzle_out is not None and (not self._allowed or self._nozzle_out in self._allowed):
            self._move(HeadEvent.ALLOWED_NOZZLE_OUT)

    # ── counting ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _scale(self) -> int:
        """Volume units x price units that make one amount unit."""
        setup = self._setup
        decimals = setup.volume_decimals + setup.price_decimals - setup.amount_decimals
        return int(10 ** max(decimals, 0))

    def _volume_limit(self) -> int | None:
        """Volume at which a preset closes the valve: the nearest the display can show, and at least one unit."""
        price = self._prices[self._selected - 1]
        if self._preset_volume is not None:
            return self._preset_volume
        if self._preset_amount is None or price == 0:
            return None
        return max((2 * self._preset_amount * self._scale() + price) // (2 * price), 1)

    def _count(self, flowed: int) -> None:
        index = self._selected - 1
        self._volume += flowed
        self._totals[index] = (self._totals[index] + flowed) % _TOTAL_WRAP
        scale = self._scale()
        self._set_amount((2 * self._volume * self._prices[index] + scale) // (2 * scale))

    def _set_amount(self, amount: int) -> None:
        self._amount_totals[self._selected - 1] += amount - self._amount
        self._amount = amount
