"""Who works at the till, what each may do, and how somebody proves who he is.

A member of staff types his number and his PIN, one after the other, on the cashier's own keyboard. Only a salted scrypt
hash of the PIN is kept (RFC 7914), in this till's settings. A sale needs nobody's PIN, whatever it is, and in whoever's
shift (I16); what does is in `MAY`.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
from collections.abc import Iterable
from enum import StrEnum

from pos_client.domain.customer import mask_name
from pos_client.value import dataclass

NUMBER_DIGITS, PIN_DIGITS = 2, 6
CODE_DIGITS = NUMBER_DIGITS + PIN_DIGITS
"""What is typed: the number, then the PIN; complete without an Enter."""
WORK, BLOCK, LANES = 2**14, 8, 1
"""scrypt's cost: 16 MB and some 50 ms a try, so that a stolen settings file costs a night for each PIN."""
SALT_BYTES = 16
_STORED = re.compile(r"scrypt\$(?P<salt>[A-Za-z0-9+/=]+)\$(?P<hash>[A-Za-z0-9+/=]+)")


class Role(StrEnum):
    """What somebody is here. Stored by name."""

    CASHIER = "cashier"
    SHIFT_LEADER = "shift_leader"
    MANAGER = "manager"
    TECHNICIAN = "technician"


class Deed(StrEnum):
    """What not everybody may do. Stored by name."""

    OPEN_SHIFT = "open_shift"
    REVERSE = "reverse"
    """undo a finished use or credit of points (flow 17)"""
    PUMP_TEST = "pump_test"
    """authorise a pump test, or mark litres as one: they are not paid for"""
    DRIVE_OFF = "drive_off"
    """take an unpaid fuelling off the list of what can be sold (flow 14)"""
    RETURN_DRIVE_OFF = "return_drive_off"
    """put it back: he came back to pay"""
    SEE_RADAR = "see_radar"
    """read the week's signs (flows idea 10)"""
    SETTINGS = "settings"
    """open the technician's page, where it can be closed at all: somebody who may has a PIN"""
    CLOSE_TILL = "close_till"
    """end the program of a till that runs alone on its computer"""


MAY: dict[Deed, frozenset[Role]] = {
    Deed.OPEN_SHIFT: frozenset({Role.CASHIER, Role.SHIFT_LEADER, Role.MANAGER}),
    Deed.REVERSE: frozenset({Role.MANAGER}),
    Deed.PUMP_TEST: frozenset({Role.SHIFT_LEADER, Role.MANAGER, Role.TECHNICIAN}),
    Deed.DRIVE_OFF: frozenset({Role.SHIFT_LEADER, Role.MANAGER}),
    Deed.RETURN_DRIVE_OFF: frozenset({Role.SHIFT_LEADER, Role.MANAGER}),
    Deed.SEE_RADAR: frozenset({Role.SHIFT_LEADER, Role.MANAGER}),
    Deed.SETTINGS: frozenset({Role.TECHNICIAN, Role.MANAGER}),
    Deed.CLOSE_TILL: frozenset({Role.TECHNICIAN, Role.MANAGER}),
}


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who works here. `pin` is the stored hash; empty: he has none yet and cannot prove himself."""

    number: int
    name: str
    role: Role
    pin: str = ""

    @property
    def signature(self) -> str:
        """How he is named to head office: his number, and his name masked."""
        return f"{self.number:0{NUMBER_DIGITS}d} {mask_name(self.name)}"


def hash_of(pin: bytes | bytearray, salt: bytes) -> str:
    """What is kept of a PIN. `salt`: `SALT_BYTES` of chance, each time other ones."""
    return f"scrypt${base64.b64encode(salt).decode()}${base64.b64encode(_scrypt(pin, salt)).decode()}"


def fits(pin: bytes | bytearray, stored: str) -> bool:
    """Whether a PIN is the one a hash was made of; compared in constant time."""
    parts = _parts(stored)
    return parts is not None and hmac.compare_digest(_scrypt(pin, parts[0]), parts[1])


def is_hash(stored: str) -> bool:
    """Whether a text in the settings is a hash as `hash_of` makes them."""
    return _parts(stored) is not None


def member(staff: Iterable[Staff], number: int) -> Staff | None:
    """Who has this number."""
    return next((each for each in staff if each.number == number), None)


def _scrypt(pin: bytes | bytearray, salt: bytes) -> bytes:
    return hashlib.scrypt(pin, salt=salt, n=WORK, r=BLOCK, p=LANES, dklen=32)


def _parts(stored: str) -> tuple[bytes, bytes] | None:
    found = _STORED.fullmatch(stored)
    if found is None:
        return None
    try:
        salt, digest = (base64.b64decode(found[name], validate=True) for name in ("salt", "hash"))
    except (binascii.Error, ValueError):
        return None
    return (salt, digest) if len(salt) == SALT_BYTES and len(digest) == 32 else None
