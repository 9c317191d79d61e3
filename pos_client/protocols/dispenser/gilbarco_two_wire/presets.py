"""Presets: their digits, and which nozzles they can be tied to (section 5). Nowhere do sources disagree more."""

from __future__ import annotations

from pos_client.protocols.dispenser.commands import AuthoriseHead
from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import Preset
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import EIGHT, Format
from pos_client.protocols.dispenser.gilbarco_two_wire.knowledge import Knowledge
from pos_client.protocols.dispenser.gilbarco_two_wire.states import Status

_SHORT_VOLUME_DIGITS, _SHORT_VOLUME_DECIMALS = 5, 2


def why_not(head: Knowledge, command: AuthoriseHead) -> str | None:
    """What is wrong with the limit of an authorisation, or None."""
    if command.preset_amount is not None and command.preset_volume is not None:
        return "two_presets"
    form = head.format or EIGHT
    if command.preset_amount is not None and not 0 < command.preset_amount < 10 ** _money_digits(head, form):
        return "preset_out_of_range"
    if command.preset_volume is not None:
        value = _in_preset_units(head, form, command.preset_volume)
        if not 0 < value < 10 ** _volume_digits(head, form):
            return "preset_out_of_range"
    return None


def why_not_these_nozzles(head: Knowledge, command: AuthoriseHead) -> str | None:
    """`1p` permits every hose. Some can be shut out by a preset for one of them, or because an allowed one is out."""
    allowed = set(command.nozzles)
    if not _is_limited(head, command):
        return None
    if head.status is Status.CALL and head.nozzle is not None:
        return None if head.nozzle in allowed else "other_nozzle_out"
    has_preset = command.preset_amount is not None or command.preset_volume is not None
    if len(allowed) > 1 or not has_preset or head.options.preset_hose == "never":
        return "nozzles_cannot_be_limited"
    if head.options.hose_needs_volume and command.preset_volume is None:
        return "nozzles_cannot_be_limited"
    return None


def wanted(head: Knowledge, command: AuthoriseHead, form: Format) -> Preset | None:
    """The preset of an authorisation; None without a limit."""
    level, grade = _hose(head, command)
    if command.preset_amount is not None:
        return Preset(True, command.preset_amount, _money_digits(head, form), level, grade)
    if command.preset_volume is not None:
        value = _in_preset_units(head, form, command.preset_volume)
        return Preset(False, value, _volume_digits(head, form), level, grade)
    return None


def cancelling(head: Knowledge, form: Format) -> Preset:
    """A money preset of 0."""
    return Preset(True, 0, _money_digits(head, form))


def _is_limited(head: Knowledge, command: AuthoriseHead) -> bool:
    with_price = {nozzle for nozzle in range(1, len(head.prices) + 1) if head.price_shown(nozzle)}
    return bool(command.nozzles) and not with_price <= set(command.nozzles)


def _hose(head: Knowledge, command: AuthoriseHead) -> tuple[int | None, int | None]:
    """Level and grade to be said."""
    only = command.nozzles[0] if len(command.nozzles) == 1 and len(head.prices) > 1 else None
    tied = only if only is not None and _may_be_tied(head, command) else None
    match head.options.preset_hose:
        case "never":
            return None, None
        case "always":
            hose = tied or head.nozzle
            return head.options.price_level, None if hose is None else hose - 1
        case _:
            return None, None if tied is None else tied - 1


def _may_be_tied(head: Knowledge, command: AuthoriseHead) -> bool:
    return command.preset_volume is not None or not head.options.hose_needs_volume


def _money_digits(head: Knowledge, form: Format) -> int:
    chosen = head.options.preset_money_digits
    return form.preset_money if chosen == "auto" else int(chosen)


def _volume_digits(head: Knowledge, form: Format) -> int:
    chosen = head.options.preset_volume_digits
    return form.preset_volume if chosen == "auto" else int(chosen)


def _in_preset_units(head: Knowledge, form: Format, volume: int) -> int:
    """A sale's volume with the decimals a preset has; cut off, because a preset is a promise not to exceed."""
    chosen = head.options.preset_volume_decimals
    if chosen != "auto":
        decimals = int(chosen)
    elif _volume_digits(head, form) == _SHORT_VOLUME_DIGITS:
        decimals = _SHORT_VOLUME_DECIMALS
    else:
        decimals = head.setup.volume_decimals
    power = decimals - head.setup.volume_decimals
    return volume * int(10**power) if power >= 0 else volume // int(10**-power)
