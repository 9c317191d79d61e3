"""The customer as the terminal may know him: masked, with an opaque reference, never more than one sale long.

An `Identifier` is what was typed or scanned, before anybody knows whose it is. A `Customer` is central's answer.
"""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum

from pos_client.domain.errors import RuleViolation
from pos_client.domain.quantities import Points
from pos_client.value import dataclass


class IdentifierKind(StrEnum):
    """How a customer was named at the till."""

    ID = "id"
    PHONE = "phone"
    PLATE = "plate"
    VOUCHER = "voucher"
    QR = "qr"


@dataclass(frozen=True, slots=True)
class Identifier:
    """What was typed or scanned, normalised. `text` is personal data: it is sealed before it is stored."""

    kind: IdentifierKind
    text: str

    def __repr__(self) -> str:
        return f"Identifier({self.kind.value}, {mask_identifier(self)})"


class CustomerKind(StrEnum):
    """Who spends how: an individual with an OTP, an organisation with its PIN, a driver with a voucher and his PIN."""

    INDIVIDUAL = "individual"
    ORGANISATION = "organisation"
    VOUCHER = "voucher"


class ConsentMethod(StrEnum):
    """How a redemption is confirmed (A08, A10, A15). Stored by name."""

    OTP = "otp"
    ORGANISATION_PIN = "organisation_pin"
    DRIVER_PIN = "driver_pin"
    SIGNED_VOUCHER = "signed_voucher"
    """confirmed beforehand, online: the driver's PIN was checked when the voucher was activated for this station"""


@dataclass(frozen=True, slots=True)
class VoucherView:
    """A points voucher as the till shows it (A11, A13)."""

    code: str
    plate: str
    points: Points
    expires_on: date
    product: str | None = None


@dataclass(frozen=True, slots=True)
class Customer:
    """Central's answer to a look-up. `reference` is opaque and lives a quarter of an hour.

    `points_available` and `expiring` are indicative; `methods` says how this customer may spend (empty: not at all).
    """

    reference: str
    kind: CustomerKind
    masked_name: str
    display_id: str
    masked_phone: str
    points_available: Points
    methods: tuple[ConsentMethod, ...]
    points_held: Points = 0
    expiring_points: Points = 0
    expiring_on: date | None = None
    voucher: VoucherView | None = None
    status: str = "active"
    """active, waiting_verification (A19), blocked"""


_PHONE = re.compile(r"^(?:\+84|0084|84|0)(3[2-9]|5[25689]|7[06-9]|8[1-9]|9[0-46-9])(\d{7})$", re.ASCII)
_ID = re.compile(r"^\d{9}$", re.ASCII)
_VOUCHER = re.compile(r"^P(\d{5}|\d{8})$", re.ASCII)
_PLATE = re.compile(r"^\d{2}[A-ZĐ][A-Z0-9]?\d{4,5}$", re.ASCII)


@dataclass(frozen=True, slots=True)
class ScanForms:
    """What the codes of a station look like beside bare numbers.

    `url_keys`: a link holds a 9-digit ID behind one of these names (`?id=`, `/plxid/`); `token_prefixes`: what head
    office's own tokens begin with, whatever follows is for it alone to read.
    """

    url_keys: tuple[str, ...] = ("id", "plxid")
    token_prefixes: tuple[str, ...] = ("PLX:",)

    def id_in(self, url: str) -> str | None:
        """The ID in a link."""
        if not self.url_keys:
            return None
        names = "|".join(re.escape(name) for name in self.url_keys)
        found = re.search(rf"[?&/](?:{names})[=/](\d{{9}})(?:\D|$)", url, re.IGNORECASE | re.ASCII)
        return found[1] if found else None

    def token_in(self, text: str) -> str | None:
        """What stands behind a token's prefix; None when it is no token."""
        prefix = next((p for p in self.token_prefixes if text[: len(p)].upper() == p.upper()), None)
        return None if prefix is None else text[len(prefix) :].strip()


USUAL_FORMS = ScanForms()


def parse_identifier(raw: str, forms: ScanForms = USUAL_FORMS) -> Identifier:
    """Read what was typed or scanned: ID, phone, voucher code, plate, or a QR with one of them in it.

    Raises `RuleViolation`: `identifier_empty`, `identifier_short` (1..8 digits: a 9-digit ID with its leading zeros is
    asked for, A29), `identifier_unknown` (fits nothing we know).
    """
    text = raw.strip()
    if not text:
        raise RuleViolation("identifier_empty")
    if "://" in text:
        number = forms.id_in(text)
        if number is None:
            raise RuleViolation("identifier_unknown")
        return Identifier(IdentifierKind.ID, number)
    token = forms.token_in(text)
    if token is not None:
        if not token:
            raise RuleViolation("identifier_empty")
        return Identifier(IdentifierKind.QR, token)
    packed = re.sub(r"[\s.\-]", "", text).upper()
    if match := _PHONE.match(packed):
        return Identifier(IdentifierKind.PHONE, "+84" + match.group(1) + match.group(2))
    if _ID.match(packed):
        return Identifier(IdentifierKind.ID, packed)
    if _VOUCHER.match(packed):
        return Identifier(IdentifierKind.VOUCHER, f"P-{packed[1:]}")
    if _PLATE.match(packed):
        return Identifier(IdentifierKind.PLATE, packed)
    if packed.isascii() and packed.isdigit() and len(packed) < 9:
        raise RuleViolation("identifier_short", padded=packed.zfill(9))
    raise RuleViolation("identifier_unknown")


PLATE_LETTERS = (4, 12)
"""At least and at most so many letters and digits: foreign, military and temporary plates follow no one pattern."""


def read_plate(raw: str) -> Identifier | None:
    """A plate as somebody saw it drive away, capitals and digits only; None when nothing was typed.

    Raises `RuleViolation("plate_unreadable")` for what is no plate of any kind.
    """
    if not raw.strip():
        return None
    packed = re.sub(r"[^0-9A-ZĐ]", "", raw.upper())
    least, most = PLATE_LETTERS
    if not least <= len(packed) <= most or not any(letter.isdigit() for letter in packed):
        raise RuleViolation("plate_unreadable")
    return Identifier(IdentifierKind.PLATE, packed)


def mask_identifier(identifier: Identifier) -> str:
    """How an identifier may be shown before central has answered: '0912 *** 678', '000 *** 821', '29C *** 45'."""
    text = identifier.text
    match identifier.kind:
        case IdentifierKind.PHONE:
            local = "0" + text.removeprefix("+84")
            return f"{local[:4]} *** {local[-3:]}"
        case IdentifierKind.VOUCHER:
            return text
        case IdentifierKind.PLATE if len(text) < 7:
            return f"{text[:2]} ***"
        case IdentifierKind.PLATE:
            return f"{text[:3]} *** {text[-2:]}"
        case _:
            return f"{text[:3]} *** {text[-3:]}" if len(text) >= 9 else "***"


def mask_shown(text: str) -> str:
    """A customer as he stands on a sale, masked: central shows whole IDs to the cashier ('000 100 821')."""
    packed = text.replace(" ", "")
    whole = len(packed) == 9 and packed.isascii() and packed.isdigit()
    return mask_identifier(Identifier(IdentifierKind.ID, packed)) if whole else text


def mask_name(name: str) -> str:
    """'Nguyễn Văn Thông' -> 'Nguyễn V***'."""
    words = name.split()
    return f"{words[0]} {words[1][0]}***" if len(words) > 1 else f"{name[:1]}***"
