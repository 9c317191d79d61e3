"""The dialogues of sections 5 and 7 as scripts (see `dialogue.py`): each reads from top to bottom."""

from __future__ import annotations

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import (
    FUNCTION_WHICH_NOZZLE,
    SpecialFunction,
    Totals,
    Transaction,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Ask, Expect, Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import (
    equal_totals,
    equal_transactions,
    poll,
    query,
    say,
    settled,
    word,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import Evidence, is_explained, judge
from pos_client.protocols.dispenser.gilbarco_two_wire.judgement import Verdict as Judged
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import TOTAL_DECIMALS
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Sale, Status, Word
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered


def read_totals(head: Knowledge) -> Script:
    """All totals, read often enough alike. `5p` is silent while fuel may flow: an answer is a proof that none does."""
    if not head.is_at_rest():
        return Refused("delivering")
    totals = yield from equal_totals(head)
    if totals is None:
        return Unanswered()
    if not head.is_at_rest():
        return Refused("delivering")
    head.publish()
    head.tell_totals(totals)
    head.tell_prices()
    head.totals_wanted = False
    return Done()


def remember(head: Knowledge) -> Script:
    """Which sale the pump shows while nothing runs: an old one that comes again later is then known as old."""
    sale = yield from equal_transactions(head, tries=2)
    if sale is not None and head.is_at_rest():
        head.remembered = sale
    return Done()


def ask_nozzle(head: Knowledge) -> Script:
    """Special function 010: which nozzle is out. A pump that refuses it again and again, or never says a word to it,
    does not know the function and is not asked any more."""
    refusals = 0
    for _ in range(s.QUERY_TRIES):
        answer = yield from query(head, SpecialFunction(FUNCTION_WHICH_NOZZLE))
        said = yield from poll(head)
        if answer is not None and answer.hose:
            head.take_nozzle(answer.hose)
            _compare_decimals(head, TOTAL_DECIMALS.get(answer.details[0]))
            return Done()
        refusals += said is Status.DATA_ERROR
        if answer is None and (yield from settled(head)) is not Status.CALL:
            return Unanswered()
        yield Pause(s.QUERY_PAUSE_MS)
    head.queries_failed += 1
    if refusals == s.QUERY_TRIES or head.queries_failed >= s.QUERY_ROUNDS:
        head.query_works = False
    return Unanswered()


def _compare_decimals(head: Knowledge, said: int | None) -> None:
    """What the pump says of its totals' decimals against the settings: wrong ones make litres ten times as many."""
    differ = said is not None and said != head.setup.total_decimals
    if differ and head.options.total_digit == "warn" and not head.decimals_complained:
        head.decimals_complained = True
        head.tell(e.Alarm(head.address, "total_decimals_differ"))


def close_sale(head: Knowledge) -> Script:
    """Prove a sale that ended: two equal transaction answers, two equal totals after them, and both agreeing.

    Where they do not agree, another sale may have come between them: then the pump shows that one by now.
    """
    sale = yield from equal_transactions(head)
    if sale is None or head.sale is not Sale.ENDED:
        return Unanswered()
    totals = yield from equal_totals(head, sale)
    if totals is None or head.sale is not Sale.ENDED:
        return Unanswered()
    if not is_explained(head.totals, totals, sale, head.setup) and (yield from equal_transactions(head)) != sale:
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
    if judged in (Judged.FORGOTTEN, Judged.UNPROVED):
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
    head.tell_prices(only_new=True)


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


def read_money(head: Knowledge) -> Script:
    """Running money, for the display; whether it came or not is all the same."""
    answer = yield Ask(word(head, Word.MONEY), Expect.MONEY)
    if isinstance(answer, int) and head.sale is Sale.RUNNING:
        head.take_money(answer)
    return Done()
