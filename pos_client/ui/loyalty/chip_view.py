"""The customer chip in words: masked, with what he can spend and what expires. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.customer import CustomerKind
from pos_client.domain.formatting import day, plate, points
from pos_client.domain.fuelling_point import LinkState
from pos_client.services.snapshots import CustomerSnapshot, CustomerState, TerminalSnapshot
from pos_client.ui.tone import Tone
from pos_client.ui.wording import said_points
from pos_client.value import dataclass

SEPARATOR = " · "
NO_BREAK = "\u00a0"
"""A number in groups stays on one line."""


@dataclass(frozen=True, slots=True)
class ChipView:
    """The customer chip: left two lines, right two lines, and the key that takes the customer off."""

    initials: str = ""
    tone: Tone = Tone.NEUTRAL
    title: str = ""
    detail: str = ""
    figure: str = ""
    figure_note: str = ""
    note_tone: Tone = Tone.NEUTRAL
    key: str = ""
    key_label: str = ""


@dataclass(frozen=True, slots=True)
class _Off:
    """The key that takes the customer off."""

    key: str
    label: str


def chip_view(words: Catalogue, snapshot: TerminalSnapshot) -> ChipView:
    """Who is at the counter, masked; an empty chip says how to name one."""
    customer = snapshot.customer
    if customer is None:
        return ChipView(
            title=words.say("chip.none"),
            detail=words.say("chip.none_hint"),
            key=words.say("chip.none_key"),
            key_label=words.say("bar.identify"),
        )
    off = _Off(words.say("chip.detach_key"), words.say("chip.detach"))
    if customer.state is CustomerState.LOOKING_UP:
        title = customer.masked_identifier
        return ChipView("…", Tone.PROGRESS, title, words.say("chip.looking_up"), key=off.key, key_label=off.label)
    if customer.state is CustomerState.UNVERIFIED:
        offline = snapshot.status.central is not LinkState.UP
        return ChipView(
            "?",
            Tone.UNKNOWN,
            f"{customer.masked_identifier} · {words.say('chip.unverified')}",
            words.say("chip.unverified_hint" if offline else "chip.unverified_up"),
            words.say("chip.balance_unknown"),
            words.say("chip.balance_unknown_hint"),
            key=off.key,
            key_label=off.label,
        )
    return _known(words, customer, off)


def _known(words: Catalogue, customer: CustomerSnapshot, off: _Off) -> ChipView:
    tone, note_tone, note = Tone.PROGRESS, Tone.NEUTRAL, words.say("chip.no_expiring")
    if customer.expiring_points and customer.expiring_on is not None:
        note_tone = Tone.UNKNOWN
        note = words.say("chip.expiring", points=points(customer.expiring_points), date=day(customer.expiring_on))
    balance = customer.points_available
    if customer.account_status in ("blocked", "waiting_verification"):
        tone = note_tone = Tone.DANGER if customer.account_status == "blocked" else Tone.UNKNOWN
        note = words.say(f"chip.{customer.account_status}")
    parts = [grouped_id(customer.display_id)] if customer.display_id else []
    if customer.voucher is not None and customer.kind is CustomerKind.VOUCHER:
        voucher = customer.voucher
        parts = [voucher.code, plate(voucher.plate), words.say("chip.voucher_until", date=day(voucher.expires_on))]
        if voucher.product:
            parts.append(words.say("chip.voucher_product", product=voucher.product))
        balance, note = voucher.points, ""
    elif customer.masked_phone:
        parts.append(customer.masked_phone)
    if customer.confirmed_by_customer:
        parts.append(words.say("chip.confirmed"))
    if customer.kind is not None and customer.voucher is None:
        parts.append(words.say(f"chip.{customer.kind.value}"))  # last: it goes first where the room is short
    return ChipView(
        initials(customer.masked_name),
        tone,
        customer.masked_name or customer.masked_identifier,
        SEPARATOR.join(part.replace(" ", NO_BREAK) for part in parts),
        said_points(words, balance) if balance is not None else words.say("chip.balance_unknown"),
        note,
        note_tone,
        key=off.key,
        key_label=off.label,
    )


def initials(masked_name: str) -> str:
    """Two letters for the round mark: 'Trần H***' -> 'TH'; leading zeros and stars give nothing."""
    letters = [word[0] for word in masked_name.split() if word[0].isalpha()]
    return "".join(letters[:1] + letters[-1:] if len(letters) > 1 else letters).upper()


def grouped_id(display_id: str) -> str:
    """'000100001' -> '000 100 001': leading zeros stay, eyes find their place (A29)."""
    if len(display_id) == 9 and display_id.isdigit():
        return f"{display_id[:3]} {display_id[3:6]} {display_id[6:]}"
    return display_id
