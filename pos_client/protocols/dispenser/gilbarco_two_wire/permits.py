"""Permitting a delivery, and letting a stopped one go on (sections 5 and 7)."""

from __future__ import annotations

from pos_client.protocols.dispenser.commands import AuthoriseHead
from pos_client.protocols.dispenser.gilbarco_two_wire import presets, scripts
from pos_client.protocols.dispenser.gilbarco_two_wire import states as s
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import ChooseLevel, Preset
from pos_client.protocols.dispenser.gilbarco_two_wire.dialogue import Pause, Script
from pos_client.protocols.dispenser.gilbarco_two_wire.exchanges import Part, say, send, settled
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import Format
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status, Word
from pos_client.protocols.dispenser.suspicion import Sign
from pos_client.protocols.dispenser.verdicts import Done, Refused, Unanswered, Verdict

_PERMITTED = (Status.AUTH, Status.BUSY, *s.ENDED)


def authorise(head: Knowledge, command: AuthoriseHead) -> Script:
    """Level and preset as far as wanted, then `1p`, repeated until the pump itself says that it is authorised."""
    refusal = why_not(head, command)
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


def why_not(head: Knowledge, command: AuthoriseHead) -> str | None:
    """The reason an authorisation is refused before a word is sent, or None."""
    for_sale = {nozzle for nozzle, price in enumerate(head.prices, start=1) if price > 0}
    if not for_sale or not set(command.nozzles) <= for_sale:
        return "nozzle_not_for_sale"
    wrong_preset = presets.why_not(head, command)
    if wrong_preset is not None:
        return wrong_preset
    if head.status is Status.AUTH:
        return "already_authorised"
    if not head.is_at_rest() or head.status not in s.RESTING:
        return "delivering"
    if head.suspicion.believes(Sign.CONFLICT):
        return str(Sign.CONFLICT)
    if head.totals_wanted:
        return "totals_unread"
    if head.is_without_prices():
        return "not_programmed"
    if head.price_differs():
        return "price_differs"
    return presets.why_not_these_nozzles(head, command)


def resume(head: Knowledge) -> Script:
    """`1p` in STOP, said once: at rest the same word would permit a new sale. Done when fuel may flow again.

    A sale that has reached its preset, or passed it, is not let go on.
    """
    reached = head.limit is not None and head.money >= head.limit
    if not head.options.resume or reached or (yield from settled(head)) is not Status.STOP:
        return Refused("cannot_resume")
    head.permitted = True
    yield from say(head, Word.AUTHORISE, s.AFTER_WORD_MS)
    match (yield from settled(head)):
        case None:
            return Unanswered()
        case Status.BUSY:
            return Done()
        case Status.AUTH:
            yield from scripts.stop(head)
    return Refused("cannot_resume")
