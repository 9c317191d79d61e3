"""Signed bytes as text: payload and Ed25519 signature, both base64url, joined by a dot.

Compact enough for a journal row or a QR code, and what was signed is in it byte for byte, so nobody has to encode the
same value in the same way to check it. Who signs and who checks is not decided here; this module cuts and joins.
"""

from __future__ import annotations

import base64
import binascii

from pos_client.protocols.central.errors import MalformedMessage

SIGNATURE_BYTES = 64


def join(payload: bytes, signature: bytes) -> str:
    """The text."""
    return f"{_text(payload)}.{_text(signature)}"


def split(text: str, what: str) -> tuple[bytes, bytes]:
    """(payload, signature) of a text. Raises `MalformedMessage`, which names `what`; says nothing about validity."""
    parts = text.split(".")
    if len(parts) != 2:
        raise MalformedMessage(what, "two parts are expected")
    try:
        payload, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessage(what, "not base64url") from error
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedMessage(what, "the signature has another length")
    return payload, signature


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
