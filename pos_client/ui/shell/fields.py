"""Enter in a field of the home screen: what becomes of what was typed, or scanned into it. No Qt."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.customer import IdentifierKind, parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.domain.signed_voucher import is_signed_voucher
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action
from pos_client.ui.shell.keyboard import Keyboard


class FieldName(StrEnum):
    """Object names of the fields."""

    IDENTIFY = "identify-field"
    PART = "part-field"
    AMOUNT = "amount-field"
    PLATE = "plate-field"
    PRESET = "preset-field"


LONGEST_AMOUNT = 8
"""Digits. A scan of more is an identifier wherever the cursor stands, an ID having nine."""


def scanned(name: str, code: str | None) -> list[Action]:
    """The customer a scan into that field means; nothing if it was typed, or may be what the field asks for: an amount,
    or the plate of who drove off (a quick hand types one nearly as fast as a scanner)."""
    if code is None or (name == FieldName.PLATE and _is_plate(code)):
        return []
    if name == FieldName.IDENTIFY or not code.isdigit() or len(code) > LONGEST_AMOUNT:
        return [m.Scan(code)]
    return []


def _is_plate(code: str) -> bool:
    try:
        return parse_identifier(code).kind is IdentifierKind.PLATE
    except RuleViolation:
        return False


def entered(
    name: str, text: str, code: str | None, keyboard: Keyboard, snapshot: TerminalSnapshot | None
) -> list[Action]:
    """What Enter does in the field of that name. A part payment waits for the tender key that follows."""
    if name == FieldName.IDENTIFY and is_signed_voucher(text):
        return [m.Identify(text)]  # so long a text that a scanner stumbles: its head must not be lost with a burst
    if actions := scanned(name, code):
        return actions
    match name:
        case FieldName.PLATE | FieldName.PRESET:
            return keyboard.entered(text, snapshot)
        case FieldName.IDENTIFY if text:
            return [m.Identify(text)]
        case FieldName.AMOUNT if text.isdigit() and int(text) > 0:
            return [m.CancelRedemption(), m.StartRedemption(int(text))]
    return []
