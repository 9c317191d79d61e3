"""What a head has told the controller, folded block by block, and what follows from it.

Two machines that vary apart: the status byte as read, and the proof of a delivery (`Delivery`), which outlives a lost
link. A delivery is never invented: figures count only after `scripts.close_delivery` has read them twice, and when the
head forgot them (power cut) only the totals speak.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.dart.dialogue import Fresh
from pos_client.protocols.dispenser.dart.states import ALARM_WORDS, DELIVERY_TRANSITIONS, NEUTRAL, Delivery, Status
from pos_client.protocols.dispenser.dart.transactions import (
    AlarmRaised,
    Filled,
    NozzlePrice,
    PumpTransaction,
    StatusIs,
    Totals,
)
from pos_client.protocols.dispenser.events import Event, HeadState

_FORGOTTEN = (Delivery.NONE, Delivery.ARMED)


class Knowledge:
    """One head, as it describes itself. `tell` receives the events that follow."""

    def __init__(self, address: int, prices: tuple[int, ...], tell: Callable[[Event], None]) -> None:
        self.address = address
        self.prices = prices
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
        self.status_wanted = True
        self.totals_wanted = True
        self.prices_wanted = False
        self.price_differs = False
        self.price_complained = False
        self.fresh = Fresh()
        self.tell = tell
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
                    self.tell(e.Alarm(self.address, ALARM_WORDS.get(code, f"alarm_{code:02X}")))
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
        """The link is (again) there; everything may have changed."""
        self.status_wanted = self.totals_wanted = True
        self.hung_nozzle = None

    def arm(self) -> None:
        """An authorisation is about to be sent: from here on litres may flow, seen or not."""
        self._move_delivery(Delivery.ARMED)

    def close_delivery(self) -> None:
        """The delivery is told (or will never be): the head is free for the next one."""
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
        if status is not Status.NOT_PROGRAMMED or before is Status.NOT_PROGRAMMED:
            return False
        self.tell(e.PowerRestored(self.address))
        self.prices_wanted = self.totals_wanted = True
        return True

    def _move_delivery(self, after: Delivery) -> None:
        before, self.phase = self.phase, after
        if after is before:
            return
        if before in (Delivery.RUNNING, Delivery.ENDED) and after in _FORGOTTEN:
            self.close_delivery()
            self.phase = after
            self.totals_wanted = True
        if before in _FORGOTTEN and after in (Delivery.ARMED, Delivery.RUNNING):
            self.volume = self.amount = 0
            if self.nozzle_out:
                self.delivery_nozzle, self.delivery_price = self.nozzle, self.price
        if after is Delivery.RUNNING:
            self.ran = True
        if after is Delivery.NONE:
            self.close_delivery()

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
