"""How a delivery is proved and told, and how totals are read (section 7.1): scripts, see `dialogue.py`.

Figures count when two neighbouring readings are alike. Whose litres they were say the totals: a lost block may have
hidden which nozzle was out, and a display may still show the sale before. A delivery is told of the nozzle whose total
moved by its volume; where none did, nothing is told as delivered, and the totals speak alone.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.dart import states as s
from pos_client.protocols.dispenser.dart.dialogue import Ask, Outcome, Script
from pos_client.protocols.dispenser.dart.knowledge import TOTAL_WRAP, Knowledge
from pos_client.protocols.dispenser.dart.states import CommandCode, Delivery
from pos_client.protocols.dispenser.dart.transactions import AskTotals, Command
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered, Verdict


def read_totals(head: Knowledge) -> Script:
    """The volume totals of all nozzles, told only if no delivery began meanwhile."""
    if head.is_delivering():
        return Refused("delivering")
    for nozzle in range(1, len(head.prices) + 1):
        total = yield from _sure_total(head, nozzle)
        if total is None:
            return Unanswered()
        if head.is_delivering():
            return Refused("delivering")
        head.tell_total(nozzle, total)
    head.totals_wanted = False
    return Done()


def close_delivery(head: Knowledge) -> Script:
    """Prove a delivery whose nozzle is in: two equal readings of DC2, then the totals, then tell it.

    An authorisation that ended without a nozzle ever out is no delivery.
    """
    reading = yield from _equal_readings(head)
    if reading is None:
        return Unanswered()
    volume, amount = reading
    nozzle = head.delivery_nozzle
    if nozzle is None and not head.ran and volume == 0:
        return _close(head)
    if nozzle is None:
        nozzle = 1 if len(head.prices) == 1 else head.hung_nozzle
    totals = yield from _totals_after(head, nozzle, volume)
    if totals is None or head.phase is not Delivery.ENDED:
        return Unanswered()
    found = _whose(head, nozzle, volume, totals)
    if found is None:
        for each, total in totals.items():
            head.tell_total(each, total)
        return _close(head)
    head.totals[found] = totals[found]
    price = head.delivery_price if found == head.delivery_nozzle else None
    if price is None:
        price = head.prices[found - 1]
    head.tell(e.Delivered(head.address, found, volume, amount, price, totals[found]))
    return _close(head)


def _close(head: Knowledge) -> Verdict:
    head.close_delivery()
    head.publish()
    return Done()


def _totals_after(head: Knowledge, guess: int | None, volume: int) -> Generator[Ask, Outcome, Mapping[int, int] | None]:
    """The total of the nozzle that is thought to have delivered; those of all nozzles where it does not agree."""
    totals: dict[int, int] = {}
    for nozzle in sorted(range(1, len(head.prices) + 1), key=lambda nozzle: nozzle != guess):
        total = yield from _sure_total(head, nozzle, volume)
        if total is None:
            return None
        totals[nozzle] = total
        if nozzle == guess and _agrees(head, nozzle, total, volume):
            break
    return totals


def _agrees(head: Knowledge, nozzle: int, total: int, volume: int) -> bool:
    """Whether nothing speaks against this nozzle: its total moved by the volume, or was not known before."""
    return not head.options.cross_check or head.moved(nozzle, total, volume) is not False


def _whose(head: Knowledge, guess: int | None, volume: int, totals: Mapping[int, int]) -> int | None:
    """The nozzle that delivered; None where the totals do not say.

    A total that moved by more than the volume is taken for the nozzle that was seen: litres before it went unseen.
    """
    if guess is not None and guess in totals and _agrees(head, guess, totals[guess], volume):
        return guess
    if volume == 0:
        return None
    moved = [nozzle for nozzle, total in totals.items() if head.moved(nozzle, total, volume)]
    if len(moved) == 1:
        return moved[0]
    if guess is None or guess not in totals or guess not in head.totals:
        return None
    rose = (totals[guess] - head.totals[guess]) % TOTAL_WRAP
    return guess if head.in_totals(volume) <= rose < TOTAL_WRAP // 2 else None


def _sure_total(head: Knowledge, nozzle: int, volume: int = 0) -> Generator[Ask, Outcome, int | None]:
    """The volume total of one nozzle, or None. Believed when it stands or moved by `volume`; else when read twice."""
    previous: int | None = None
    for _ in range(s.CLOSE_READS):
        total = yield from _ask_total(head, nozzle)
        if total is None or total == previous:
            return total
        if head.options.cross_check and (head.moved(nozzle, total, 0) or head.moved(nozzle, total, volume)):
            return total
        previous = total
    return None


def _ask_total(head: Knowledge, nozzle: int) -> Generator[Ask, Outcome, int | None]:
    """One reading of a total, or None."""
    for _ in range(s.TOTAL_TRIES):
        outcome = yield Ask((AskTotals(nozzle),), lambda fresh: nozzle in fresh.totals)
        if outcome is Outcome.PROVED:
            return head.fresh.totals[nozzle]
        if outcome is Outcome.UNANSWERED:
            break
    return None


def _equal_readings(head: Knowledge) -> Generator[Ask, Outcome, tuple[int, int] | None]:
    """Volume and amount as two neighbouring answers to RETURN FILLING INFO gave them alike, or None."""
    previous: tuple[int, int] | None = None
    for _ in range(s.CLOSE_READS):
        outcome = yield Ask(
            (Command(CommandCode.RETURN_FILLING_INFO),), lambda fresh: fresh.filled is not None, drained=True
        )
        if outcome is not Outcome.PROVED or head.phase is not Delivery.ENDED:
            return None
        if head.fresh.filled == previous:
            return previous
        previous = head.fresh.filled
    return None
