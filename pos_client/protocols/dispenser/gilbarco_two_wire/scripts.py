"""The dialogues of sections 5 and 7 as scripts (see `dialogue.py`): each reads from top to bottom."""

from __future__ import annotations

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead
from pos_client.protocols.dispenser.gilbarco_two_wire import presets
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import (
    FUNCTION_WHICH_NOZZLE,
    ChooseLevel,
    Preset,
    SetPrice,
    SpecialFunction,
    Totals,
    Transaction,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Ask, Expect, Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import (
    Part,
    equal_totals,
    equal_transactions,
    poll,
    query,
    say,
    send,
    settled,
    word,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import Format
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import Evidence, judge
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import Verdict as Judged
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status, Word
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered, Verdict

_PERMITTED = (Status.AUTH, Status.BUSY, *s.ENDED)


def refuse(reason: str) -> Script:
    """A dialogue without a word."""
    yield from ()
    return Refused(reason)


def read_totals(head: Knowledge) -> Script:
    """All totals, read twice alike. `5p` is silent while fuel may flow, so an answer is a proof that none does."""
    if not head.is_at_rest():
        return Refused("delivering")
    totals = yield from equal_totals(head)
    if totals is None:
        return Unanswered()
    if not head.is_at_rest():
        return Refused("delivering")
    head.publish()
    head.tell_totals(totals)
    head.totals_wanted = False
    return Done()


def remember(head: Knowledge) -> Script:
    """Which sale the pump shows while nothing runs: an old one that comes again later is then known as old."""
    sale = yield from equal_transactions(head, tries=2)
    if sale is not None and head.is_at_rest():
        head.remembered = sale
    return Done()


def ask_nozzle(head: Knowledge) -> Script:
    """Special function 010: which nozzle is out. A pump that does not know the function is not asked again."""
    for _ in range(s.QUERY_TRIES):
        answer = yield from query(head, SpecialFunction(FUNCTION_WHICH_NOZZLE))
        yield from poll(head)
        if answer is not None:
            if answer.hose:
                head.query_wanted = False
                head.take_nozzle(answer.hose)
                return Done()
        elif (yield from settled(head)) is not Status.CALL:
            return Unanswered()
        yield Pause(s.POLL_MOVING_MS)
    head.query_wanted = head.query_works = False
    return Done()


def close_sale(head: Knowledge) -> Script:
    """Prove a sale that ended: two equal transaction answers, two equal totals after them, and both agreeing."""
    sale = yield from equal_transactions(head)
    if sale is None or head.sale is not Sale.ENDED:
        return Unanswered()
    totals = yield from equal_totals(head)
    if totals is None or head.sale is not Sale.ENDED:
        return Unanswered()
    if sale.pump != head.address and head.options.pump_number == "warn" and sale != head.remembered:
        head.tell(e.Alarm(head.address, "pump_number_differs"))
    evidence = Evidence(sale, totals, head.totals, head.remembered, head.ran, head.options.cross_check)
    _tell_sale(head, judge(evidence, head.setup), sale, totals)
    head.remembered = sale
    head.close_sale()
    head.publish()
    return Done()


def _tell_sale(head: Knowledge, judged: Judged, sale: Transaction, totals: Totals) -> None:
    """What the judgement lets us say; every total that moved beside it is told too."""
    nozzle = sale.grade + 1 if judged is Judged.SALE else head.nozzle
    meters = totals.of(nozzle) if nozzle else None
    if judged is Judged.FORGOTTEN:
        head.tell(e.PowerRestored(head.address))
        head.tell_totals(totals)
    elif nozzle and meters and (judged is Judged.SALE or head.ran):
        volume, money = (sale.volume, sale.money) if judged is Judged.SALE else (0, 0)
        price = sale.price if judged is Judged.SALE else head.price_shown(nozzle) or 0
        head.totals[nozzle] = meters.volume
        head.tell(e.Delivered(head.address, nozzle, volume, money, price, meters.volume))
    if judged is Judged.SALE:
        head.preset_left = False
    head.tell_totals(totals, only_new=True)


def authorise(head: Knowledge, command: AuthoriseHead) -> Script:
    """Level and preset as far as wanted, then `1p`, repeated until the pump itself says that it is authorised."""
    refusal = why_not_authorise(head, command)
    if refusal is not None:
        return Refused(refusal)
    form = head.format
    if form is None:
        return Refused("format_unknown")
    failure = yield from _prepare(head, command, form)
    if failure is not None:
        return failure
    for _ in range(s.AUTHORISE_TRIES):
        head.arm()
        head.limit = command.preset_amount
        yield from say(head, Word.AUTHORISE, s.AFTER_WORD_MS)
        state = yield from settled(head)
        if state is None:
            return Unanswered()
        if state in _PERMITTED:
            return Done()
    return Refused("not_authorised")


def _prepare(head: Knowledge, command: AuthoriseHead, form: Format) -> Part[Verdict | None]:
    """What goes before `1p`; None when all of it was taken."""
    if head.status is Status.STOP:
        return None
    blocks: list[ChooseLevel | Preset] = []
    if head.options.price_level != 1:
        blocks.append(ChooseLevel(head.options.price_level))
    preset = presets.wanted(head, command, form)
    if preset is None and head.preset_left and head.options.cancel_preset:
        blocks.append(presets.cancelling(head, form))
    elif preset is not None:
        blocks.append(preset)
    for block in blocks:
        head.preset_left = head.preset_left or block is preset
        failure = yield from send(head, block)
        if failure is not None:
            return failure
    if blocks:
        head.preset_left = preset is not None
        yield Pause(head.options.authorise_pause_ms)
    return None


def why_not_authorise(head: Knowledge, command: AuthoriseHead) -> str | None:
    """The reason an authorisation is refused before a word is sent, or None."""
    for_sale = {nozzle for nozzle, price in enumerate(head.prices, start=1) if price > 0}
    if not for_sale or not set(command.nozzles) <= for_sale:
        return "nozzle_not_for_sale"
    wrong_preset = presets.why_not(head, command)
    if wrong_preset is not None:
        return wrong_preset
    if head.status is Status.STOP and head.options.resume:
        return None if command.preset_amount is command.preset_volume is None else "delivering"
    if head.status is Status.AUTH:
        return "already_authorised"
    if not head.is_at_rest() or head.status not in s.RESTING:
        return "delivering"
    if head.totals_wanted:
        return "totals_unread"
    if head.is_without_prices():
        return "not_programmed"
    if head.price_differs():
        return "price_differs"
    return presets.why_not_these_nozzles(head, command)


def stop(head: Knowledge, said_already: bool = False) -> Script:
    """`3p` until the pump says that nothing flows. Also sent when it seems to stand: what we know may be old.

    `said_already`: the word to all pumps went out just now.
    """
    for _ in range(s.STOP_TRIES):
        if said_already:
            yield Pause(head.options.stop_wait_ms)
        else:
            yield from say(head, Word.STOP, head.options.stop_wait_ms)
        said_already = False
        state = yield from settled(head)
        if state is None:
            return Unanswered()
        if state in s.READABLE:
            head.overrun = False
            return Done()
    return Refused("not_stopped")


def set_prices(head: Knowledge, prices: tuple[int, ...]) -> Script:
    """New prices for all nozzles, unless a sale is permitted or runs."""
    if not head.is_at_rest() or head.status is not Status.OFF:
        return Refused("delivering")
    form = head.format
    if form is None:
        return Refused("format_unknown")
    if len(prices) != len(head.prices) or any(not 0 < price < 10 ** _price_digits(head, form) for price in prices):
        return Refused("price_out_of_range")
    head.prices = prices
    return (yield from send_prices(head))


def send_prices(head: Knowledge) -> Script:
    """One block per nozzle and level that differs; a second later the totals answer shows whether they were taken."""
    form = head.format
    if form is None:
        return Unanswered()
    for _ in range(s.PRICE_TRIES):
        for level, nozzle, price in head.wrong_prices():
            failure = yield from send(head, SetPrice(level, nozzle - 1, price, _price_digits(head, form)))
            if isinstance(failure, Unanswered):
                return failure
        yield Pause(head.options.readback_ms)
        if (yield from equal_totals(head)) is None:
            return Unanswered()
        if not head.price_differs():
            head.price_complained = False
            head.publish()
            return Done()
    if not head.price_complained:
        head.price_complained = True
        head.tell(e.Alarm(head.address, "price_not_taken"))
    return Refused("price_not_taken")


def _price_digits(head: Knowledge, form: Format) -> int:
    return form.price if head.options.price_digits == "auto" else int(head.options.price_digits)


def read_money(head: Knowledge) -> Script:
    """Running money, for the display; whether it came or not is all the same."""
    answer = yield Ask(word(head, Word.MONEY), Expect.MONEY)
    if isinstance(answer, int) and head.sale is Sale.RUNNING:
        head.take_money(answer)
    return Done()
