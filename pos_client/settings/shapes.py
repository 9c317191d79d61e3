"""What a text in the settings has to look like: one function a shape, each answering the code of a fault or None."""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Callable
from urllib.parse import SplitResult, urlsplit

from pos_client.domain.keypad import KeypadIdentity
from pos_client.domain.moment import aware_time
from pos_client.domain.staff import is_hash
from pos_client.domain.vietqr import is_account, is_bank_bin
from pos_client.settings.options import Shape

KEY_BYTES = 32
_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_DEVICE_PRINTER = re.compile(
    r"usb:[0-9a-fA-F]{4}:[0-9a-fA-F]{4}|serial:[^?\s]+(\?(baud=[0-9]{3,6}|flow=(none|rts|xon))(&(baud=[0-9]{3,6}|flow=(none|rts|xon)))?)?"
)
_CUSTOMER_ID = re.compile(r"[0-9]{9}")
_PAD_NUMBER = re.compile(r"[A-Za-z0-9]{1,16}")
_LOOPBACK = frozenset({"localhost", "::1"})


def misshapen(shape: Shape, text: str) -> str | None:
    """The code of what is wrong with a text, or None."""
    if any(unicodedata.category(letter).startswith("C") for letter in text):
        return "bad_text"
    return _CHECKS[shape](text)


def _free(text: str) -> str | None:
    return None


def _code(text: str) -> str | None:
    return None if _CODE.fullmatch(text) else "bad_code"


def _url(text: str) -> str | None:
    if not text:
        return None
    parts = _split(text)
    if parts is None or parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        return "bad_url"
    if parts.username is not None:
        return "bad_url"
    if parts.scheme == "http" and not _on_this_machine(parts.hostname):
        return "insecure_url"
    return None


def _key(text: str) -> str | None:
    if not text:
        return None
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return "bad_key"
    return None if len(raw) == KEY_BYTES else "bad_key"


def _printer(text: str) -> str | None:
    if not text or (text.startswith("file:") and text != "file:") or _DEVICE_PRINTER.fullmatch(text):
        return None
    parts = _split(text)
    return None if parts is not None and parts.scheme == "tcp" and _is_bare_host(parts) else "bad_printer"


def _port(text: str) -> str | None:
    if any(letter.isspace() for letter in text):
        return "bad_port"
    if not text.startswith("socket://"):
        return None
    parts = _split(text)
    return None if parts is not None and _is_bare_host(parts) and parts.port is not None else "bad_port"


def _bank_bin(text: str) -> str | None:
    return None if not text or is_bank_bin(text) else "bad_bank"


def _account(text: str) -> str | None:
    return None if not text or is_account(text) else "bad_account"


def _pin_hash(text: str) -> str | None:
    return None if not text or is_hash(text) else "bad_pin_hash"


def _customer_id(text: str) -> str | None:
    return None if _CUSTOMER_ID.fullmatch(text) else "bad_customer_id"


def _keypad(text: str) -> str | None:
    fits = not text or KeypadIdentity.parse(text) is not None or _PAD_NUMBER.fullmatch(text)
    return None if fits else "bad_keypad"


def _instant(text: str) -> str | None:
    return "bad_instant" if aware_time(text) is None else None


def _split(text: str) -> SplitResult | None:
    """The parts of an address; None for one with a port that is no number, or with brackets out of place."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else None
    except ValueError:
        return None


def _is_bare_host(parts: SplitResult) -> bool:
    return bool(parts.hostname) and parts.path in ("", "/") and not parts.query and parts.username is None


def _on_this_machine(host: str) -> bool:
    return host in _LOOPBACK or re.fullmatch(r"127(\.\d{1,3}){3}", host) is not None


_CHECKS: dict[Shape, Callable[[str], str | None]] = {
    Shape.FREE: _free,
    Shape.CODE: _code,
    Shape.URL: _url,
    Shape.KEY: _key,
    Shape.PRINTER: _printer,
    Shape.PORT: _port,
    Shape.BANK_BIN: _bank_bin,
    Shape.ACCOUNT: _account,
    Shape.PIN_HASH: _pin_hash,
    Shape.CUSTOMER_ID: _customer_id,
    Shape.KEYPAD: _keypad,
    Shape.INSTANT: _instant,
}
