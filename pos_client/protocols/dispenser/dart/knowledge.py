"""What a head has told the controller, folded block by block, and what follows from it.

Two machines that vary apart: the status byte as read, and the proof of a delivery (`Delivery`), which outlives a lost
link. A delivery is never invented: figures count only after `scripts.close_delivery` has read them twice, and when the
head forgot them (power cut) only the totals speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.dart.dialogue import Fresh
from pos_client.protocols.dispenser.dart.options import LineOptions
from pos_client.protocols.dispenser.dart.states import (
    ALARM_WORDS,
    DELIVERY_TRANSITIONS,
    EMERGENCY_STOP,
    NEUTRAL,
    Delivery,
    Status,
)
from pos_client.protocols.dispenser.dart.transactions import (
    AlarmRaised,
    Filled,
    NozzlePrice,
    PumpTransaction,
    StatusIs,
    Totals,
)
from pos_client.protocols.dispenser.events import Event, HeadState
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.suspicion import Suspicion

UNAUTHORISED = "unauthorised_delivery"
TOTAL_WRAP = 10**10
"""Five BCD bytes."""
_FORGOTTEN = (Delivery.NONE, Delivery.ARMED)
_SHUT = (Status.NOT_PROGRAMMED, Status.COMPLETED, Status.MAX_REACHED, Status.SWITCHED_OFF)
"""States a head comes to by itself, in which no authorisation of ours can be on its way any more."""


class Knowledge:
    """One head, as it describes itself. `tell` receives the events that follow."""

    def __init__(
        self, setup: HeadSetup, options: LineOptions, suspicion: Suspicion, tell: Callable[[Event], None]
    ) -> None:
        self.setup = setup
        self.address = setup.address
        self.prices = setup.prices
        """as they are to be; a price change stays in force when the head starts anew"""
        self.options = options
        self.suspicion = suspicion
        self.status: Status | None = None
        self.nozzle_out: bool | None = None
        self.nozzle: int | None = None
        self.price = 0
        self.volume = 0
        self.amount = 0
        self.phase = Delivery.NONE
        self.ran = False
        """a state in which fuel may flow was seen in this delivery"""
        self.delivery_nozzle: int | None = None
        self.delivery_price: int | None = None
        self.hung_nozzle: int | None = None
        """the one a hung-up head named since the link came back: who delivered if nobody saw it lifted"""
        self.totals: dict[int, int] = {}
        """as told last, by nozzle"""
        self.status_wanted = True
        self.totals_wanted = True
        self.prices_wanted = False
        self.price_differs = False
        self.price_complained = False
        self.stop_wanted = False
        """the head raised its emergency stop while it might deliver"""
        self.fresh = Fresh()
        self.tell = tell
        self._permitted = True
        """a delivery may run: we authorised it, or it began before we were there to see"""
        self._prices_told: dict[int, int] = {}
        self._shown: tuple[HeadState, int | None] | None = None

    def apply(self, transactions: Iterable[PumpTransaction]) -> bool:
        """Take one block, left to right. True when it says that the head lost its power."""
        restarted = False
        for transaction in transactions:
            match transaction:
                case StatusIs(status):
                    restarted = self._take_status(status) or restarted
                case Filled(volume, amount):
                    self._take_filled(volume, amount)
                case NozzlePrice(price, nozzle, out):
                    self._take_nozzle(price, nozzle, out)
                case Totals(nozzle, total, _, False):
                    self.fresh.totals[nozzle] = total
                case AlarmRaised(code):
                    self._take_alarm(code)
        self.publish()
        return restarted

    def is_delivering(self) -> bool:
        """Whether litres may have flowed that are not told yet: totals read now would prove nothing."""
        return self.phase in (Delivery.RUNNING, Delivery.ENDED)

    def publish(self) -> None:
        """Tell the neutral state, if it is another one than was told last."""
        state = self._neutral()
        if state is None:
            return
        showing = (state, self.nozzle if self.nozzle_out else None)
        if showing != self._shown:
            self._shown = showing
            self.tell(e.StateChanged(self.address, *showing))

    def found(self) -> None:
        """The link is (again) there; everything may have changed (section 3.3)."""
        self.status_wanted = self.totals_wanted = self.prices_wanted = True
        self.hung_nozzle = None

    def arm(self) -> None:
        """An authorisation is about to be sent: from here on litres may flow, seen or not."""
        self._permitted = True
        self._move_delivery(Delivery.ARMED)

    def is_moving(self) -> bool:
        """Whether somebody stands at it: a nozzle is out, or a delivery is permitted, runs, or is not told yet."""
        return bool(self.nozzle_out) or self.phase is not Delivery.NONE

    def tell_total(self, nozzle: int, total: int) -> None:
        """A total that was read for itself."""
        self.totals[nozzle] = total
        self.tell(e.TotalRead(self.address, nozzle, total))

    def moved(self, nozzle: int, total: int, volume: int) -> bool | None:
        """Whether a total moved by `volume` since it was told last; None: it never was.

        Where the total is coarser than the volume, it may be one unit more: it counts what the display cuts off.
        """
        last = self.totals.get(nozzle)
        if last is None:
            return None
        coarser = self.setup.total_decimals < self.setup.volume_decimals
        return 0 <= (total - last) % TOTAL_WRAP - self.in_totals(volume) <= coarser

    def in_totals(self, volume: int) -> int:
        """A volume in the units of a total, cut off."""
        power = self.setup.total_decimals - self.setup.volume_decimals
        return volume * int(10**power) if power >= 0 else volume // int(10**-power)

    def close_delivery(self) -> None:
        """The delivery is told (or will never be): the head is free for the next one."""
        self._permitted = False
        self._forget_delivery()

    def _forget_delivery(self) -> None:
        self.phase = Delivery.NONE
        self.ran = False
        self.delivery_nozzle = self.delivery_price = self.hung_nozzle = None

    def check_price(self) -> None:
        """Ask for a correction if the price last shown was not ours."""
        self.prices_wanted = self.prices_wanted or self.price_differs

    def _take_status(self, status: Status) -> bool:
        before, self.status = self.status, status
        self.fresh.statuses.append(status)
        self._move_delivery(DELIVERY_TRANSITIONS.get((self.phase, status), Delivery.NONE))
        if self.phase is Delivery.NONE and status in _SHUT:
            self._permitted = False
        if status is not Status.NOT_PROGRAMMED or before is Status.NOT_PROGRAMMED:
            return False
        self.tell(e.PowerRestored(self.address))
        self.prices_wanted = self.totals_wanted = True
        self._prices_told.clear()
        return True

    def _move_delivery(self, after: Delivery) -> None:
        before, self.phase = self.phase, after
        if after is before:
            return
        if before in (Delivery.RUNNING, Delivery.ENDED) and after in _FORGOTTEN:
            self._forget_delivery()
            self.phase = after
            self.totals_wanted = True
        if before in _FORGOTTEN and after in (Delivery.ARMED, Delivery.RUNNING):
            self.volume = self.amount = 0
            if self.nozzle_out:
                self.delivery_nozzle, self.delivery_price = self.nozzle, self.price
        if after is Delivery.RUNNING:
            self.ran = True
            if not self._permitted:
                self._permitted = True
                self.tell(e.Alarm(self.address, UNAUTHORISED))
        if after is Delivery.NONE:
            self._forget_delivery()

    def _take_filled(self, volume: int, amount: int) -> None:
        self.fresh.filled = (volume, amount)
        if self.phase in _FORGOTTEN:
            return
        self.volume, self.amount = volume, amount
        if self.phase is Delivery.RUNNING:
            self.tell(e.Delivering(self.address, self.delivery_nozzle, volume, amount))

    def _take_nozzle(self, price: int, nozzle: int, out: bool) -> None:
        self.fresh.price_shown = True
        named = nozzle or None
        self._compare_price(price, nozzle)
        self._tell_price(max(nozzle, 1), price, always=out and not self.nozzle_out)
        if out:
            if self.phase is not Delivery.NONE and self.phase is not Delivery.ENDED:
                self.delivery_nozzle, self.delivery_price = named or self.delivery_nozzle, price
            if named and (not self.nozzle_out or named != self.nozzle):
                self.tell(e.NozzleLifted(self.address, named, price))
        else:
            if self.phase is not Delivery.NONE:
                self.hung_nozzle = named
            if self.nozzle_out:
                self.tell(e.NozzleReturned(self.address))
        self.nozzle_out, self.nozzle, self.price = out, named, price

    def _compare_price(self, price: int, nozzle: int) -> None:
        """DC3 shows the price of the selected nozzle, otherwise of nozzle 1 (section 8)."""
        index = max(nozzle, 1) - 1
        if index < len(self.prices):
            self.price_differs = price != self.prices[index]
            self.check_price()

    def _tell_price(self, nozzle: int, price: int, always: bool) -> None:
        """At every lift, and whenever it is another one; a head without prices has none to tell."""
        if nozzle > len(self.prices) or (price == 0 and not always):
            return
        if always or self._prices_told.get(nozzle) != price:
            self._prices_told[nozzle] = price
            self.tell(e.PriceSeen(self.address, nozzle, price))

    def forget_prices(self) -> None:
        """New ones were sent: whatever is shown next is news."""
        self.price_differs = False
        self._prices_told.clear()

    def _take_alarm(self, code: int) -> None:
        """Told; only the emergency stop is acted upon (section 6)."""
        self.tell(e.Alarm(self.address, ALARM_WORDS.get(code, f"alarm_{code:02X}")))
        if code == EMERGENCY_STOP:
            self.status_wanted = True
            self.stop_wanted = self.options.emergency_stop and self.phase in (Delivery.ARMED, Delivery.RUNNING)

    def _neutral(self) -> HeadState | None:
        """The neutral word, or None while nothing certain can be said: then the last word stands."""
        if self.status is None:
            return None
        fixed = NEUTRAL.get(self.status)
        if fixed is not None:
            return fixed
        if self.status is Status.FILLING:
            return HeadState.DELIVERING if self.volume > 0 else HeadState.STARTED
        if self.phase is Delivery.ENDED:
            return HeadState.ENDING if self.ran and self.volume > 0 else None
        return HeadState.CALLING if self.nozzle_out else HeadState.IDLE
