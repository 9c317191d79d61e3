"""The dialogues of section 7.1 and 8 as scripts (see `dialogue.py`): each reads from top to bottom. How a delivery is
proved is in `closing.py`.

Scripts know what the head said (`Knowledge`) and nothing of bytes, block numbers or time.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.dialogue import Ask, Fresh, Outcome, Script
from pos_client.protocols.dispenser.dart.knowledge import Knowledge
from pos_client.protocols.dispenser.dart.states import CommandCode, Delivery, Status
from pos_client.protocols.dispenser.dart.transactions import (
    AMOUNT_MAX,
    PRICE_MAX,
    VOLUME_MAX,
    AllowedNozzles,
    Command,
    ControllerTransaction,
    PresetAmount,
    PresetVolume,
    Prices,
)
from pos_client.protocols.dispenser.suspicion import Sign
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered

RETURN_STATUS = Command(CommandCode.RETURN_STATUS)
_STOPPED = (Status.NOT_PROGRAMMED, Status.COMPLETED, Status.MAX_REACHED, Status.SWITCHED_OFF)
_SUSPENDED = (Status.SUSPENDED, Status.SUSPENDED_B)
_PERMITTED = frozenset({Status.AUTHORISED, Status.FILLING})
PRICEABLE = (Status.NOT_PROGRAMMED, Status.RESET, Status.COMPLETED, Status.MAX_REACHED)


def ask_status(head: Knowledge) -> Script:
    """RETURN STATUS: how the head stands, usually with its price."""
    outcome = yield Ask((RETURN_STATUS,), lambda fresh: fresh.status is not None)
    if outcome is not Outcome.PROVED:
        return Unanswered()
    head.status_wanted = False
    return Done()


def send_prices(head: Knowledge) -> Script:
    """CD5 with all nozzles, then read back: the ACK alone is not proof (section 8).

    A head that shows no price with its status is believed once it has left state 0; the next nozzle-out shows it.
    """
    for _ in range(s.PRICE_TRIES):
        outcome = yield _told(Prices(head.prices))
        if outcome is Outcome.UNANSWERED:
            return Unanswered()
        head.forget_prices()
        outcome = yield Ask(
            (RETURN_STATUS,), lambda fresh: fresh.status is not None and fresh.price_shown, drained=True
        )
        if outcome is Outcome.UNANSWERED:
            return Unanswered()
        if head.status is not Status.NOT_PROGRAMMED and not head.price_differs:
            head.prices_wanted = head.price_complained = False
            return Done()
    head.prices_wanted = False
    if not head.price_complained:
        head.price_complained = True
        head.tell(e.Alarm(head.address, "price_not_taken"))
    return Refused("price_not_taken")


def authorise(head: Knowledge, command: AuthoriseHead) -> Script:
    """RESET until state 1, then nozzles, preset and AUTHORISE (in this order: RESET erases presets)."""
    refusal = why_not_authorise(head, command)
    if refusal is not None:
        return Refused(refusal)
    for _ in range(head.options.reset_tries):
        outcome = yield Ask((Command(CommandCode.RESET), RETURN_STATUS), lambda fresh: fresh.status is Status.RESET)
        if outcome is Outcome.UNANSWERED:
            return Unanswered()
        if outcome is Outcome.PROVED:
            break
    else:
        return Refused("reset_ignored")
    *before, last = _authorising_blocks(head, command)
    for _ in range(s.AUTHORISE_TRIES):
        for block in before:
            if (yield _told(*block)) is Outcome.UNANSWERED:
                return Unanswered()
        head.arm()
        outcome = yield Ask(last, _was_permitted)
        if outcome is Outcome.UNPROVED:
            outcome = yield Ask((RETURN_STATUS,), _was_permitted)
        if outcome is Outcome.PROVED:
            return Done()
        if outcome is Outcome.UNANSWERED:
            return Unanswered()
        if head.status is not Status.RESET:
            break
    return Refused("not_authorised")


def _authorising_blocks(head: Knowledge, command: AuthoriseHead) -> list[tuple[ControllerTransaction, ...]]:
    """CD5 (if it is wanted: alone, for all prices may fill a block), CD2, CD3 or CD4, AUTHORISE."""
    nozzles = AllowedNozzles(command.nozzles or _for_sale(head))
    final = (nozzles, *_presets(head, command), Command(CommandCode.AUTHORISE))
    prices = [(Prices(head.prices),)] if head.options.prices_first else []
    return [*prices, *((each,) for each in final)] if head.options.authorise_blocks == "three" else [*prices, final]


def _was_permitted(fresh: Fresh) -> bool:
    return not _PERMITTED.isdisjoint(fresh.statuses)


def why_not_authorise(head: Knowledge, command: AuthoriseHead) -> str | None:
    """The reason an authorisation is refused before a byte is sent, or None."""
    if command.preset_amount is not None and not 0 < command.preset_amount <= AMOUNT_MAX:
        return "preset_out_of_range"
    if command.preset_volume is not None and not 0 < command.preset_volume <= VOLUME_MAX:
        return "preset_out_of_range"
    if command.preset_amount is not None and command.preset_volume is not None:
        return "two_presets"
    for_sale = _for_sale(head)
    if not for_sale or not set(command.nozzles) <= set(for_sale):
        return "nozzle_not_for_sale"
    if head.suspicion.believes(Sign.CONFLICT):
        return str(Sign.CONFLICT)
    if head.status is Status.AUTHORISED:
        return "already_authorised"
    if head.phase is not Delivery.NONE:
        return "delivering"
    if head.status is Status.NOT_PROGRAMMED:
        return "not_programmed"
    if head.status is Status.SWITCHED_OFF:
        return "switched_off"
    return "price_differs" if head.price_differs else None


def _presets(head: Knowledge, command: AuthoriseHead) -> tuple[ControllerTransaction, ...]:
    if command.preset_amount is not None:
        return (PresetAmount(command.preset_amount),)
    if command.preset_volume is not None:
        return (PresetVolume(command.preset_volume),)
    match head.options.no_limit:
        case "volume":
            return (PresetVolume(min(int(s.NO_LIMIT_LITRES * 10**head.setup.volume_decimals), VOLUME_MAX)),)
        case "amount":
            return (PresetAmount(AMOUNT_MAX),)
    return ()


def _for_sale(head: Knowledge) -> tuple[int, ...]:
    """Nozzles with a price: fuel is never given away because a grade was forgotten in the settings."""
    return tuple(nozzle for nozzle, price in enumerate(head.prices, start=1) if price > 0)


def stop(head: Knowledge) -> Script:
    """STOP until the head says that nothing flows. Also sent when it seems to stand: what we know may be old."""
    for _ in range(s.STOP_TRIES):
        outcome = yield Ask((Command(CommandCode.STOP), RETURN_STATUS), lambda fresh: fresh.status in _STOPPED)
        if outcome is Outcome.PROVED:
            return Done()
        if outcome is Outcome.UNANSWERED:
            return Unanswered()
    return Refused("not_stopped")


def resume(head: Knowledge) -> Script:
    """Let a suspended head go on, where there is such a thing (CD1 0E, one source). What STOP ended stays ended."""
    if not head.options.resume or head.status not in _SUSPENDED:
        return Refused("cannot_resume")
    outcome = yield Ask((Command(CommandCode.RESUME), RETURN_STATUS), lambda fresh: fresh.status is Status.FILLING)
    match outcome:
        case Outcome.PROVED:
            return Done()
        case Outcome.UNPROVED:
            return Refused("not_resumed")
        case Outcome.UNANSWERED:
            return Unanswered()


def set_prices(head: Knowledge, prices: tuple[int, ...], may_change: Callable[[int], bool]) -> Script:
    """New prices for all nozzles, unless a delivery is authorised or runs at its cabinet (section 8, rule 1).

    0 is no price: allowed only where a nozzle has none, and is not for sale.
    """
    if head.phase is not Delivery.NONE or head.status is Status.AUTHORISED:
        return Refused("delivering")
    if not may_change(head.address):
        return Refused("cabinet_busy")
    least = [min(price, 1) for price in head.prices]
    if len(prices) != len(least) or any(
        not low <= price <= PRICE_MAX for low, price in zip(least, prices, strict=True)
    ):
        return Refused("price_out_of_range")
    head.prices = prices
    return (yield from send_prices(head))


def _told(*transactions: ControllerTransaction) -> Ask:
    """A block for which its acknowledgement is enough, because something later proves it."""
    return Ask(transactions, lambda fresh: True, within_ms=0)
