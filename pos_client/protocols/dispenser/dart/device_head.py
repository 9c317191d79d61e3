"""One head of a simulated DART dispenser: the state machine of section 7, display, presets, prices, totals.

What it measures and shows is in `pump_meter.py`; block numbers and the line are `dispenser.py`'s.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import replace

from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.options import DeviceOptions
from pos_client.protocols.dispenser.dart.pump_meter import PumpMeter
from pos_client.protocols.dispenser.dart.states import CommandCode, HeadEvent, Status
from pos_client.protocols.dispenser.dart.transactions import (
    PRICE_BYTES,
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
from pos_client.protocols.dispenser.device_faults import DeviceFaults
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadReading
from pos_client.protocols.dispenser.options_text import parse

_EVENT_OF: dict[CommandCode, HeadEvent] = {
    CommandCode.RESET: HeadEvent.RESET,
    CommandCode.AUTHORISE: HeadEvent.AUTHORISE,
    CommandCode.STOP: HeadEvent.STOP,
    CommandCode.SWITCH_OFF: HeadEvent.SWITCH_OFF,
    CommandCode.SUSPEND: HeadEvent.SUSPEND,
    CommandCode.RESUME: HeadEvent.RESUME,
}
_IN_USE = (Status.AUTHORISED, Status.FILLING, Status.SUSPENDED)


class DeviceHead:
    """A pump head: hands and hoses from one side, transactions from the other."""

    def __init__(self, setup: DeviceHeadSetup) -> None:
        self.address = setup.address
        self.options = parse(DeviceOptions, setup.options)
        self.faults = DeviceFaults(s.FAULTS)
        self.waiting: deque[PumpTransaction] = deque()
        """what the head wants to say at the next polls, in order"""
        self.powered = True
        self.changing = False
        """its state changed, and it does not hear the next POLL"""
        self.stops = 0
        """STOPs obeyed"""
        self._meter = PumpMeter(setup)
        self._nozzle_out: int | None = None
        self._selected = 0
        self._unsteady = 0
        """units by which the figures told last were wrong"""
        self._start_up()

    def _start_up(self) -> None:
        """As after power-up: no prices, no presets, display zero; section 6.1, state 0."""
        self._status = Status.NOT_PROGRAMMED
        self._allowed: tuple[int, ...] = ()
        self._meter.lose_power()
        self.waiting.clear()
        self.announce()

    def _clear(self) -> None:
        """Display, presets and what was allowed."""
        self._meter.clear()
        self._allowed = ()

    # ── what people and fuel do ────────────────────────────────────────────────────────────────────────────────────

    def lift(self, nozzle: int) -> None:
        """Take a nozzle out."""
        self._known(nozzle)
        if self._nozzle_out is not None:
            return
        self._nozzle_out = self._selected = nozzle
        if not self.powered:
            return
        self._say_nozzle()
        if self._status in (Status.RESET, Status.COMPLETED) and self.faults.strikes("unauthorised"):
            self._clear()
            self._move(HeadEvent.UNBIDDEN)
        else:
            self._start_if_allowed()

    def hang(self) -> None:
        """Put the nozzle back; ends a delivery with DC2, DC3 and DC1 in one go."""
        if self._nozzle_out is None:
            return
        self._nozzle_out = None
        if not self.powered:
            return
        before = self._status
        self._go(HeadEvent.NOZZLE_IN)
        told: dict[str, PumpTransaction] = {"3": self._nozzle_price()}
        if before in (Status.FILLING, Status.SUSPENDED):
            told["2"] = self._filled()
        if self._status is not before:
            told["1"] = self._status_is()
        self.waiting.extend(told[number] for number in self.options.end_order if number in told)

    def pulse(self, volume: int) -> int:
        """Up to `volume` units flow; returns how many did."""
        if not self.powered or self._status is not Status.FILLING or volume <= 0:
            return 0
        flowed, reached = self._meter.count(self._selected, volume)
        if reached:
            self._say_filled()
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

    def set_price(self, nozzle: int, price: int) -> None:
        """Set by hand; shown at the next nozzle out."""
        self._known(nozzle)
        if self._status in _IN_USE or self._nozzle_out is not None:
            raise LocalProtocolError(f"head {self.address} is in use")
        if not 0 <= price < 100**PRICE_BYTES:
            raise LocalProtocolError(f"{price} does not fit the display of head {self.address}")
        self._meter.prices[nozzle - 1] = price

    def _known(self, nozzle: int) -> None:
        if not 1 <= nozzle <= len(self._meter.totals):
            raise LocalProtocolError(f"head {self.address} has no nozzle {nozzle}")

    def announce(self) -> None:
        """DC2 + DC3 + DC1 unasked, as recorded after a restored cable."""
        self._say_filled()
        self._say_nozzle()
        self.waiting.append(self._status_is())

    def reading(self) -> HeadReading:
        """Display and meters."""
        return HeadReading(
            status=self._status.name.lower(),
            powered=self.powered,
            nozzle_out=self._nozzle_out,
            delivering=self.powered and self._status is Status.FILLING,
            volume=self._meter.volume,
            amount=self._meter.amount,
            totals=tuple(self._meter.totals),
            prices=tuple(self._meter.prices),
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
                    self._meter.preset_volume = volume or None
                case PresetAmount(amount):
                    self._meter.preset_amount = amount or None
                case Prices(prices):
                    self._take_prices(prices)
                case AskTotals(nozzle, of_amount):
                    self._say_totals(nozzle, of_amount)

    def filling(self) -> Filled | None:
        """The running figures, said at nearly every poll while filling."""
        return self._filled() if self._status is Status.FILLING else None

    def inject(self, fault: str, times: int) -> None:
        """Go wrong. An alarm is told at once, in front of whatever else waits; a suspended head goes on at 0."""
        self.faults.switch(fault, times)
        if fault == "suspended":
            self._move(HeadEvent.SUSPEND if times else HeadEvent.RESUME)
        elif fault == "alarm" and self.faults.strikes(fault):
            self.waiting.appendleft(AlarmRaised(self.options.alarm_code))

    def _obey(self, code: CommandCode) -> None:
        match code:
            case CommandCode.RETURN_STATUS:
                self.waiting.append(self._status_is())
                if self.options.status_with_price:
                    self._say_nozzle()
            case CommandCode.RETURN_FILLING_INFO:
                self._unsteady = self._unsteady + 1 if self.faults.strikes("unsteady_figures") else 0
                shown = self._filled()
                self.waiting.append(replace(shown, volume=shown.volume + self._unsteady))
            case CommandCode.RESET if not self.faults.strikes("ignored_reset") and self._move(HeadEvent.RESET):
                self._clear()
                self._say_filled()
            case CommandCode.AUTHORISE if self._move(HeadEvent.AUTHORISE):
                self._start_if_allowed()
            case CommandCode.STOP | CommandCode.SWITCH_OFF:
                self.stops += code is CommandCode.STOP
                if self._status is Status.FILLING:
                    self._say_filled()
                self._move(_EVENT_OF[code])
            case CommandCode.SUSPEND | CommandCode.RESUME if self.options.suspend_commands:
                self._move(_EVENT_OF[code])
            case _:
                pass

    def _take_prices(self, prices: tuple[int, ...]) -> None:
        """CD5. Ignored while a price is in use; moves a head from 0 to 5."""
        if self._status in _IN_USE or self.faults.strikes("ignored_prices"):
            return
        for index, price in enumerate(prices[: len(self._meter.prices)]):
            self._meter.prices[index] = price
        self._move(HeadEvent.PRICES)
        self._say_nozzle()

    def _filled(self) -> Filled:
        return Filled(self._meter.wire_volume, self._meter.amount)

    def _say_filled(self) -> None:
        self.waiting.append(self._filled())

    def _say_nozzle(self) -> None:
        self.waiting.append(self._nozzle_price())

    def _nozzle_price(self) -> NozzlePrice:
        """DC3: the price of the selected nozzle, otherwise of nozzle 1."""
        hung = 0 if self.options.nozzle_in == "zero" else self._selected
        nozzle = self._nozzle_out or hung
        return NozzlePrice(self._meter.prices[max(nozzle, 1) - 1], nozzle, self._nozzle_out is not None)

    def _status_is(self) -> StatusIs:
        suspended = Status(int(self.options.suspended, 16))
        return StatusIs(suspended if self._status is Status.SUSPENDED else self._status)

    def _say_totals(self, nozzle: int, of_amount: bool) -> None:
        if not 1 <= nozzle <= len(self._meter.totals):
            return
        total = self._meter.amount_totals[nozzle - 1] if of_amount else self._meter.totals[nozzle - 1]
        form = int(self.options.totals_form, 16)
        self.waiting.append(Totals(nozzle, total, self._meter.amount_totals[nozzle - 1], of_amount, form))

    def _move(self, event: HeadEvent) -> bool:
        """Go where the table says and tell the new state; False where it says nothing."""
        before = self._status
        if not self._go(event):
            return False
        if self._status is not before:
            self.waiting.append(self._status_is())
        return True

    def _go(self, event: HeadEvent) -> bool:
        after = s.HEAD_TRANSITIONS.get((self._status, event))
        if after is None:
            return False
        self.changing = self.options.quiet_change and after is not self._status
        self._status = after
        return True

    def _start_if_allowed(self) -> None:
        if self._nozzle_out is not None and (not self._allowed or self._nozzle_out in self._allowed):
            self._move(HeadEvent.ALLOWED_NOZZLE_OUT)
