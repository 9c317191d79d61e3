"""One pump of a simulated loop: the state machine of section 6, display, presets, prices, meters.

It measures in units of its totals. Money is the pump's own: volume x price, half up; at a money preset it shows exactly
the preset and the volume is cut to a unit, as recorded.
"""

from __future__ import annotations

from pos_client.protocols.dispenser.decimals import scaled
from pos_client.protocols.dispenser.device_faults import DeviceFaults
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import (
    ChooseLevel,
    GradeTotals,
    HostBlock,
    Preset,
    SetPrice,
    SpecialFunction,
    Totals,
    Transaction,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import FORMATS, SIX
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import NozzleAnswer
from pos_client.protocols.dispenser.gilbarco_two_wire.options import DeviceOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.states import PumpEvent, Status
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, HeadReading
from pos_client.protocols.dispenser.options_text import parse

_SHORT_VOLUME_DECIMALS = 2
_MORE_DECIMALS = 1
"""Index 9 of function 010 when the places behind it are second decimals of the totals; ours has none: zeros."""
_SKIPPED: dict[str, tuple[Status, ...]] = {
    "off": (),
    "on": s.ENDED,
    "peot": (Status.PEOT,),
    "feot": (Status.FEOT,),
}


class PumpHead:
    """A pump: hands and hoses from one side, words from the other."""

    def __init__(self, setup: DeviceHeadSetup) -> None:
        if not s.PUMP_FIRST <= setup.address <= s.PUMP_LAST or len(setup.totals) > s.GRADE_MAX:
            raise LocalProtocolError(f"no pump {setup.address} with {len(setup.totals)} grades")
        self.address = setup.address
        self.options = parse(DeviceOptions, setup.options)
        self.faults = DeviceFaults(s.FAULTS)
        self.format = FORMATS[self.options.format]
        if not all(0 <= total < 10**self.format.totals for total in setup.totals):
            raise LocalProtocolError(f"a counter of pump {setup.address} has {self.format.totals} digits")
        self.powered = True
        self.data_error = False
        """the next poll says DATA ERROR, once"""
        self._setup = setup
        self._totals = list(setup.totals)
        self._money_totals = [0] * len(setup.totals)
        self._prices = [[0] * len(setup.totals) for _ in (1, 2)]
        self._last_sale = Transaction(setup.address, 0, 1, 0, 0, 0, self.format, int(self.options.a_word, 16) - 0xE0)
        self._nozzle_out: int | None = None
        self._start_up()

    def _start_up(self) -> None:
        """As after power-up: what was permitted or running is forgotten; meters, prices and the last sale are not."""
        self._status = Status.OFF if self._nozzle_out is None else Status.CALL
        self.data_error = False
        self._level = 1
        self._selling = 0
        self._volume = self._money = self._polls = 0
        self._forget_preset()

    def _forget_preset(self) -> None:
        self._preset: Preset | None = None

    # ── what people and fuel do ────────────────────────────────────────────────────────────────────────────────────

    def lift(self, nozzle: int) -> None:
        """Take a nozzle out."""
        self._known(nozzle)
        if self._nozzle_out is not None:
            return
        self._nozzle_out = nozzle
        if self.powered:
            self._move(PumpEvent.NOZZLE_OUT)
            self._start_if_allowed()

    def hang(self) -> None:
        """Put the nozzle back; ends a sale, running or stopped."""
        if self._nozzle_out is None:
            return
        self._nozzle_out = None
        if self.powered:
            self._move(PumpEvent.NOZZLE_IN)

    def pulse(self, volume: int) -> int:
        """Up to `volume` units of the meter flow; returns how many did."""
        if not self.powered or self._status is not Status.BUSY or volume <= 0:
            return 0
        limit = self._volume_limit()
        flowed = volume if limit is None else max(min(volume, limit - self._volume), 0)
        self._count(flowed)
        if limit is not None and self._volume >= limit:
            if self._preset is not None and self._preset.is_money:
                self._set_money(self._preset.value)
            self._move(PumpEvent.PRESET_REACHED)
        return flowed

    def cut_power(self) -> None:
        """Dark."""
        self.powered = False

    def restore_power(self) -> None:
        """At rest again; the meters kept their count."""
        if not self.powered:
            self.powered = True
            self._start_up()

    def set_price(self, nozzle: int, price: int) -> None:
        """Set by hand, at level 1."""
        self._known(nozzle)
        if self._status is not Status.OFF:
            raise LocalProtocolError(f"pump {self.address} is in use")
        if not 0 <= price < 10**self.format.price:
            raise LocalProtocolError(f"{price} does not fit the display of pump {self.address}")
        self._prices[0][nozzle - 1] = price

    def _known(self, nozzle: int) -> None:
        if not 1 <= nozzle <= len(self._totals):
            raise LocalProtocolError(f"pump {self.address} has no nozzle {nozzle}")

    def reading(self) -> HeadReading:
        """Display and meters."""
        return HeadReading(
            status=self._status.name.lower(),
            powered=self.powered,
            nozzle_out=self._nozzle_out,
            delivering=self.powered and self._status is Status.BUSY,
            volume=self._volume,
            amount=self._money,
            totals=tuple(self._totals),
            prices=tuple(self._prices[0]),
        )

    # ── what the line says ─────────────────────────────────────────────────────────────────────────────────────────

    def status(self) -> Status:
        """What a poll shows; DATA ERROR once, end states for as many polls as set."""
        if self.data_error:
            self.data_error = False
            return Status.DATA_ERROR
        shown = self._status
        self._polls += 1
        if shown in s.ENDED and self._polls >= self.options.end_polls and self._nozzle_out is None:
            self._move(PumpEvent.POLLED)
        self._start_if_allowed()
        return shown

    def is_legal(self, command: s.Word) -> bool:
        """Whether the pump obeys or answers this now."""
        states = s.LEGAL.get(command)
        if command is s.Word.AUTHORISE and self._status is Status.STOP:
            return self.options.resume
        return states is None or self._status in states or not self.options.strict_states

    def authorise(self) -> None:
        """`1p`."""
        resumed = self._status is Status.STOP
        if self._move(PumpEvent.AUTHORISE) and not resumed:
            self._volume = self._money = 0
            self._start_if_allowed()

    def stop(self) -> None:
        """`3p`, `FC`. In AUTH it takes the preset back as well."""
        if self._status is Status.AUTH:
            self._forget_preset()
        self._move(PumpEvent.STOP)

    def take(self, block: HostBlock) -> bool:
        """A block that arrived whole; False when it cannot be: then the next poll says DATA ERROR."""
        match block:
            case SetPrice(level, grade, price, count):
                if grade >= len(self._totals) or level > self.options.levels or count != self.format.price:
                    return False
                if self._nozzle_out is not None:
                    return False
                self._prices[level - 1][grade] = price
            case Preset(grade=grade):
                if (grade or 0) >= len(self._totals) or (block.level or 1) > self.options.levels:
                    return False
                self._preset = block if block.value else None
                self._level = block.level or self._level
            case ChooseLevel(level):
                if level > self.options.levels:
                    return False
                self._level = level
            case SpecialFunction():
                return False
        return True

    def nozzle_answer(self) -> NozzleAnswer:
        """Special function 010."""
        digit, out = self.options.total_digit, int(self._nozzle_out is not None)
        details = "0000" if digit == _MORE_DECIMALS else f"10{out}1"
        return NozzleAnswer(self.address, self._nozzle_out or 0, f"{digit}{details}")

    def transaction(self) -> Transaction:
        """The last finished sale; in STOP the interrupted one."""
        return self._sale() if self._status is Status.STOP else self._last_sale

    def totals(self) -> Totals:
        """All meters; unused grades with zeros."""
        grades = [
            GradeTotals(grade, volume, self._money_totals[grade], self._prices[0][grade], self._prices[1][grade])
            for grade, volume in enumerate(self._totals)
        ]
        used = len(grades)
        last = min(used + self.options.unused_grades, s.GRADE_MAX)
        return Totals((*grades, *(GradeTotals(grade, 0, 0, 0, 0) for grade in range(used, last))), self.format)

    def money(self) -> int:
        """The running sale's."""
        return self._money

    def _sale(self) -> Transaction:
        grade = max(self._selling - 1, 0)
        volume = scaled(self._volume, self._setup.volume_decimals - self._setup.total_decimals)
        return Transaction(
            self.address,
            grade,
            self._level,
            self._prices[self._level - 1][grade],
            volume % 10**self.format.sale,
            self._money % 10**self.format.sale,
            self.format,
            self._last_sale.a,
        )

    def _move(self, event: PumpEvent) -> bool:
        """Go where the table says; False where it says nothing."""
        after = s.PUMP_TRANSITIONS.get((self._status, event))
        if after is None:
            return False
        before, self._status = self._status, after
        self._polls = 0
        if after is Status.PEOT:
            self._end_sale()
        while self._status in _SKIPPED[self.options.skip_end_states]:
            self._status = s.PUMP_TRANSITIONS[self._status, PumpEvent.POLLED]
        if self._status is Status.OFF and self._nozzle_out is not None and before is not Status.CALL:
            self._status = Status.CALL
        return True

    def _end_sale(self) -> None:
        """Nothing sold leaves the sale before it in memory."""
        if self._volume:
            self._last_sale = self._sale()
        self._forget_preset()
        self._level = 1

    def _start_if_allowed(self) -> None:
        grade = None if self._preset is None else self._preset.grade
        if self._status is not Status.AUTH or self._nozzle_out is None or self._polls < self.options.auth_polls:
            return
        if grade in (None, self._nozzle_out - 1):
            self._selling = self._nozzle_out
            self._move(PumpEvent.FLOW_ALLOWED)

    # ── counting ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _price(self) -> int:
        return self._prices[self._level - 1][self._selling - 1]

    def _money_power(self) -> int:
        setup = self._setup
        return setup.amount_decimals - setup.total_decimals - setup.price_decimals

    def _volume_limit(self) -> int | None:
        """Volume, in the meter's units, at which a preset closes the valve; at least one unit."""
        preset, price = self._preset, self._price()
        if preset is None or (preset.is_money and price == 0):
            return None
        if not preset.is_money:
            is_short = preset.count == SIX.preset_volume
            decimals = _SHORT_VOLUME_DECIMALS if is_short else self._setup.volume_decimals
            return max(scaled(preset.value, self._setup.total_decimals - decimals), 1)
        power = -self._money_power()
        units = preset.value * int(10**power) // price if power >= 0 else preset.value // (price * int(10**-power))
        return max(units, 1)

    def _count(self, flowed: int) -> None:
        index = self._selling - 1
        self._volume += flowed
        self._totals[index] = (self._totals[index] + flowed) % 10**self.format.totals
        self._set_money(scaled(self._volume * self._price(), self._money_power()))

    def _set_money(self, money: int) -> None:
        index = self._selling - 1
        self._money_totals[index] = (self._money_totals[index] + money - self._money) % 10**self.format.totals
        self._money = money
