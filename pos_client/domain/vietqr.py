"""A dynamic VietQR: the text of a QR code that any bank's app in Vietnam pays, with the bill's number inside.

EMVCo's merchant-presented mode as NAPAS uses it (domain/vietnam.md, VietQR): fields of a two-digit tag, a two-digit
length and a value, the last of them a CRC over all before it. ASCII only, so Vietnamese marks are taken off. The bill
number (62-01) and the loyalty number (62-04) come back with the bank's notice, and close the sale. Pure.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from pos_client.domain.quantities import Vnd
from pos_client.value import dataclass

MOST_VND = 10**13 - 1
"""Thirteen digits."""
FIELD_MOST, ADDITIONAL_MOST = 25, 99
BIN_DIGITS, ACCOUNT_MOST = 6, 19
_NAPAS = "A000000727"
_TO_ACCOUNT = "QRIBFTTA"
_DYNAMIC, _DONG, _COUNTRY = "12", "704", "VN"
_POLYNOMIAL, _START = 0x1021, 0xFFFF


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where the money goes. Raises `ValueError` for what no bank can be.

    `bank_bin`: the bank's six digits at NAPAS; `account`: at most 19 letters and digits.
    """

    bank_bin: str
    account: str

    def __post_init__(self) -> None:
        if not is_bank_bin(self.bank_bin):
            raise ValueError("a bank is six digits")
        if not is_account(self.account):
            raise ValueError(f"an account is 1 to {ACCOUNT_MOST} letters and digits")


def is_bank_bin(text: str) -> bool:
    """Six digits."""
    return len(text) == BIN_DIGITS and text.isascii() and text.isdecimal()


def is_account(text: str) -> bool:
    """1 to 19 letters and digits without marks."""
    return 1 <= len(text) <= ACCOUNT_MOST and text.isascii() and text.isalnum()


def vietqr(
    to: BankAccount, amount_vnd: Vnd, *, bill: str, loyalty: str = "", terminal: str = "", purpose: str = ""
) -> str:
    """The text of the code for one amount of one bill.

    The bill number is whole or, longer than 25 characters, its last 25, which tell bills apart; of the others what is
    too long is cut, and what has no room beside the bill number is left out, the purpose first. Raises `ValueError`
    for an amount that is none.
    """
    if not 0 < amount_vnd <= MOST_VND:
        raise ValueError("nothing to pay, or more than thirteen digits")
    beneficiary = _field("00", to.bank_bin) + _field("01", to.account)
    merchant = _field("00", _NAPAS) + _field("01", beneficiary) + _field("02", _TO_ACCOUNT)
    text = "".join(
        (
            _field("00", "01"),
            _field("01", _DYNAMIC),
            _field("38", merchant),
            _field("53", _DONG),
            _field("54", str(amount_vnd)),
            _field("58", _COUNTRY),
            _field("62", _additional(plain(bill)[-FIELD_MOST:], plain(loyalty), plain(terminal), plain(purpose))),
            "6304",
        )
    )
    return text + f"{crc16(text.encode('ascii')):04X}"


def plain(text: str) -> str:
    """Without Vietnamese marks, đ as d; what is still no printable ASCII is a space; blanks at the ends taken off."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    letters = (letter for letter in bare if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else " " for letter in letters).strip()


def crc16(raw: bytes) -> int:
    """CRC-16/CCITT-FALSE: width 16, polynomial 1021, begins with FFFF, nothing reflected; "123456789" gives 29B1."""
    crc = _START
    for byte in raw:
        crc ^= byte << 8
        for _ in range(8):
            crc = (crc << 1) ^ _POLYNOMIAL if crc & 0x8000 else crc << 1
        crc &= 0xFFFF
    return crc


def _field(tag: str, value: str) -> str:
    return f"{tag}{len(value):02d}{value}"


def _additional(bill: str, loyalty: str, terminal: str, purpose: str) -> str:
    wanted = list(_filled((("01", bill), ("04", loyalty), ("07", terminal), ("08", purpose))))
    while sum(map(len, wanted)) > ADDITIONAL_MOST:
        wanted.pop()
    return "".join(wanted)


def _filled(fields: tuple[tuple[str, str], ...]) -> Iterator[str]:
    for tag, value in fields:
        if short := value[:FIELD_MOST].strip():
            yield _field(tag, short)
