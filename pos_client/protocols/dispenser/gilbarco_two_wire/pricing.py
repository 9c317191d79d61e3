"""New prices: one block for each nozzle and level that differs, then the pump's own word on what it has (section 7)."""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import SetPrice
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import equal_totals, send
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import Format
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered


def set_prices(head: Knowledge, prices: tuple[int, ...], cabinet_hangs: Callable[[int], bool]) -> Script:
    """New prices for all nozzles, unless a sale is permitted or runs. From here on they are the ones in force: a pump
    that has others, now or when it starts anew, is not permitted to sell and is told again.

    0 is no price: allowed only where a nozzle has none, and is not for sale.
    """
    if not cabinet_hangs(head.address):
        return Refused("cabinet_busy")
    if not head.is_at_rest() or head.status is not Status.OFF:
        return Refused("delivering")
    form = head.format
    if form is None:
        return Refused("format_unknown")
    least = [min(price, 1) for price in head.prices]
    most = 10 ** _digits(head, form) - 1
    if len(prices) != len(least) or any(not low <= price <= most for low, price in zip(least, prices, strict=True)):
        return Refused("price_out_of_range")
    head.prices = prices
    return (yield from send_prices(head))


def send_prices(head: Knowledge) -> Script:
    """The blocks, and a second later the totals answer, which shows whether they were taken."""
    form = head.format
    if form is None:
        return Unanswered()
    for _ in range(s.PRICE_TRIES):
        for level, nozzle, price in head.wrong_prices():
            failure = yield from send(head, SetPrice(level, nozzle - 1, price, _digits(head, form)))
            if isinstance(failure, Unanswered):
                return failure
        yield Pause(head.options.readback_ms)
        if (yield from equal_totals(head)) is None:
            return Unanswered()
        if not head.price_differs():
            head.price_complained = False
            head.tell_prices()
            head.publish()
            return Done()
    head.tell_prices()
    if not head.price_complained:
        head.price_complained = True
        head.tell(e.Alarm(head.address, "price_not_taken"))
    return Refused("price_not_taken")


def _digits(head: Knowledge, form: Format) -> int:
    return form.price if head.options.price_digits == "auto" else int(head.options.price_digits)
