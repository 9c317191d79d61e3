"""What a pump has told the controller, and what follows from it.

A status word has no check, so a state counts once it was read twice in a row; PEOT and FEOT count as one. What was read
once is a reason to look at the totals, no more. A sale outlives a lost link.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.events import Event, HeadState
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import Totals, Transaction
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import FORMATS, Format
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status
from pos_client.protocols.dispenser.interface import HeadSetup
from pos_client.protocols.dispenser.suspicion import Suspicion


class Knowledge:
    """One pump, as it describes itself. `tell` receives the events that follow."""

    def __init__(
        self, setup: HeadSetup, options: LineOptions, suspicion: Suspicion, tell: Callable[[Event], None]
    ) -> None:
        self.setup = setup
        self.address = setup.address
        self.prices = setup.prices
        self.options = options
        self.suspicion = suspicion
        self.status: Status | None = None
        """as read twice"""
        self.sale = Sale.NONE
        self.ran = False
        """a state in which fuel flows, or has flown, was read twice in this sale"""
        self.permitted = False
        """fuel may flow because we said so"""
        self.nozzle: int | None = None
        """the one that is out, as far as it is known"""
        self.query_wanted = False
        self.query_works = options.nozzle_query
        self.queries_failed = 0
        self.money = 0
        self.limit: int | None = None
        """money preset of the sale that is permitted"""
        self.overrun = False
        self.preset_left = False
        """a preset may stand in the pump that no sale has used"""
        self.totals: dict[int, int] = {}
        """as told last, by nozzle"""
        self.remembered: Transaction | None = None
        self.totals_wanted = True
        self.prices_wanted = False
        self.price_complained = self.decimals_complained = False
        self.tell = tell
        self._format = FORMATS.get(options.format)
        self._latest: Totals | None = None
        self._prices_told: dict[int, int] = {}
        self._rested = False
        """read twice at rest with nothing untold: what flows after that was permitted by us, or by nobody"""
        self._last: Status | None = None
        self._same = 0
        self._nozzle_out = False
        self._shown: tuple[HeadState, int | None] | None = None

    # ── states ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def settled(self) -> bool:
        """Whether the last polls all said the same."""
        return self._same >= s.SETTLED_POLLS

    def is_at_rest(self) -> bool:
        """Nothing is permitted, runs, or waits to be told."""
        return self.sale in (Sale.NONE, Sale.TOLD)

    def is_moving(self) -> bool:
        """Whether somebody stands at it: a nozzle is out, or a sale is permitted, runs, or is not told yet."""
        return not self.is_at_rest() or self.status is not Status.OFF

    def unsettle(self) -> None:
        """What was read up to now was before a command: start counting anew."""
        self._same = 0
        self._last = None

    def take_status(self, status: Status) -> None:
        """A status word with our pump's number."""
        if status in (Status.DATA_ERROR, Status.SEND_DATA):
            return
        alike = status is self._last or (status in s.ENDED and self._last in s.ENDED)
        self._same = self._same + 1 if alike else 1
        self._last = status
        if self.settled:
            self._take_state(status)
        elif self.sale is Sale.NONE and status not in s.RESTING:
            self.sale = Sale.ARMED
        self.publish()

    def arm(self) -> None:
        """An authorisation is about to be sent: from here on litres may flow, seen or not."""
        self.permitted = True
        if self.sale in (Sale.NONE, Sale.TOLD, Sale.ENDED):
            self.sale = Sale.ARMED
            self.ran = self.overrun = False
            self.money = 0

    def close_sale(self) -> None:
        """The sale is told, or will never be: the pump is free for the next one."""
        self.sale = Sale.TOLD if self.status in s.ENDED else Sale.NONE
        self.permitted = False
        self.ran = self.overrun = False
        self.limit = None
        self.money = 0
        if not self._nozzle_out:
            self.nozzle = None

    def found(self) -> None:
        """The link is (again) there; everything may have changed."""
        self.totals_wanted = True
        self.query_works = self.options.nozzle_query
        self.queries_failed = 0
        self.decimals_complained = False
        self.unsettle()

    def publish(self) -> None:
        """Tell the neutral state, if it is another one than was told last."""
        state = self._neutral()
        if state is None:
            return
        showing = (state, self.nozzle if self._nozzle_out else None)
        if showing != self._shown:
            self._shown = showing
            self.tell(e.StateChanged(self.address, *showing))

    def _take_state(self, status: Status) -> None:
        before, self.status = self.status, status
        self.sale = s.SALE_TRANSITIONS.get((self.sale, status), self.sale)
        if self.sale in (Sale.RUNNING, Sale.ENDED) and status not in s.RESTING:
            self.ran = True
        self._watch_permission(status)
        if status is Status.CALL and before is not Status.CALL:
            self._nozzle_out = True
            self.nozzle = None
            if len(self.prices) == 1:
                self.take_nozzle(1)
            else:
                self.query_wanted = True
        elif status is Status.BUSY and not self._nozzle_out:
            self._nozzle_out = True
            if len(self.prices) == 1:
                self.take_nozzle(1)
        elif status is Status.OFF:
            self._hung()

    def _watch_permission(self, status: Status) -> None:
        """Fuel that flows without our word is told once, and then like any other: somebody has to pay for it."""
        if status is Status.BUSY and self._rested and not self.permitted:
            self.tell(e.Alarm(self.address, "unauthorised_delivery"))
            self._rested = False
        elif status is Status.STOP:
            self.permitted, self._rested = False, True
        elif status in s.RESTING and self.is_at_rest():
            self._rested = True

    def _hung(self) -> None:
        self.query_wanted = False
        if self._nozzle_out:
            self._nozzle_out = False
            self.tell(e.NozzleReturned(self.address))
        if self.is_at_rest():
            self.nozzle = None

    def take_nozzle(self, nozzle: int) -> None:
        """Which one is out."""
        self.query_wanted = False
        self.queries_failed = 0
        if nozzle != self.nozzle and 1 <= nozzle <= len(self.prices):
            self.nozzle = nozzle
            self.tell(e.NozzleLifted(self.address, nozzle, self.price_shown(nozzle) or 0))
            self._tell_price(nozzle)
        self.publish()

    def take_money(self, money: int) -> None:
        """Running money; for the eye only, except that a preset must not be passed."""
        self.money = money
        self.publish()
        self.tell(e.Delivering(self.address, self.nozzle, self._volume_of(money), money))
        if self.limit is not None and money > self.limit and not self.overrun:
            self.overrun = True
            self.tell(e.Alarm(self.address, "preset_passed"))

    def _volume_of(self, money: int) -> int:
        """Running volume, derived (section 5.3); 0 while nobody knows the price."""
        price = self.price_shown(self.nozzle) if self.nozzle else None
        if not price:
            return 0
        setup = self.setup
        power = setup.volume_decimals + setup.price_decimals - setup.amount_decimals
        return money * int(10**power) // price if power >= 0 else money // (price * int(10**-power))

    def _neutral(self) -> HeadState | None:
        """The neutral word, or None while nothing certain can be said: then the last word stands."""
        if self.status is None:
            return None
        if self.status is Status.BUSY:
            return HeadState.DELIVERING if self.money > 0 else HeadState.STARTED
        if self.status in s.RESTING:
            if self._latest is None:
                return None
            if self.sale is Sale.ENDED:
                return HeadState.ENDING if self.ran else None
            if self.is_without_prices():
                return HeadState.NOT_PROGRAMMED
        return s.NEUTRAL[self.status]

    # ── meters and prices ──────────────────────────────────────────────────────────────────────────────────────────

    @property
    def format(self) -> Format | None:
        """The pump's number format: as set, else as its totals answer showed."""
        return self._format

    def take_totals(self, totals: Totals) -> None:
        """A totals answer, read twice alike. Shows the format, and the prices in force."""
        self._latest = totals
        if self.options.format == "auto":
            self._format = totals.format
        self.prices_wanted = self.price_differs()

    def tell_totals(self, totals: Totals, only_new: bool = False) -> None:
        """Tell the total of every configured nozzle that the pump has."""
        for nozzle in range(1, len(self.prices) + 1):
            meters = totals.of(nozzle)
            if meters is None or (only_new and self.totals.get(nozzle) == meters.volume):
                continue
            self.totals[nozzle] = meters.volume
            self.tell(e.TotalRead(self.address, nozzle, meters.volume))

    def is_under_its_number(self, sale: Transaction) -> bool:
        """Whether a sale names this pump, as far as it does so at all (D: one program reads the hose there)."""
        return sale.pump in (self.address, sale.grade + 1)

    def price_shown(self, nozzle: int) -> int | None:
        """The price the pump has for a nozzle; None while its totals were not read."""
        meters = self._latest.of(nozzle) if self._latest else None
        return meters.price(self.options.price_level) if meters else None

    def tell_prices(self, only_new: bool = False) -> None:
        """Tell the price of every configured nozzle that the pump has one for."""
        for nozzle in range(1, len(self.prices) + 1):
            if not only_new or self.price_shown(nozzle) != self._prices_told.get(nozzle):
                self._tell_price(nozzle)

    def _tell_price(self, nozzle: int) -> None:
        price = self.price_shown(nozzle)
        if price:
            self._prices_told[nozzle] = price
            self.tell(e.PriceSeen(self.address, nozzle, price))

    def price_differs(self) -> bool:
        """Whether a nozzle that is for sale shows another price than ours, on any level that is written."""
        return bool(self.wrong_prices())

    def wrong_prices(self) -> list[tuple[int, int, int]]:
        """Level, nozzle and right price wherever the pump has another one."""
        if self._latest is None:
            return []
        levels = (1, 2) if self.options.price_levels == 2 else (self.options.price_level,)
        return [
            (level, nozzle, price)
            for level in levels
            for nozzle, price in enumerate(self.prices, start=1)
            if price and (meters := self._latest.of(nozzle)) is not None and meters.price(level) != price
        ]

    def is_without_prices(self) -> bool:
        """As after its first start: no nozzle has a price."""
        shown = [self.price_shown(nozzle) for nozzle, price in enumerate(self.prices, start=1) if price]
        return bool(shown) and not any(shown)
