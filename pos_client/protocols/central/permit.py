"""The fuel permit as text: canonical JSON and its Ed25519 signature, both base64url, joined by a dot.

Compact enough for a journal row or a QR code, and what was signed is in it byte for byte, so nobody has to encode the
same value in the same way to check it. Who signs and who checks is not decided here; this module cuts and joins.
"""

from __future__ import annotations

import base64
import binascii

from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import PermitBody

SIGNATURE_BYTES = 64


def payload_of(body: PermitBody) -> bytes:
    """The bytes to sign."""
    return encode(body)


def join(payload: bytes, signature: bytes) -> str:
    """The permit's text."""
    return f"{_text(payload)}.{_text(signature)}"


def split(permit: str) -> tuple[bytes, bytes]:
    """(payload, signature) of a permit's text. Raises `MalformedMessage`; says nothing about validity."""
    parts = permit.split(".")
    if len(parts) != 2:
        raise MalformedMessage("permit", "two parts are expected")
    try:
        payload, signature = (base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in parts)
    except (binascii.Error, ValueError) as error:
        raise MalformedMessage("permit", "not base64url") from error
    if len(signature) != SIGNATURE_BYTES:
        raise MalformedMessage("permit", "the signature has another length")
    return payload, signature


def body_of(payload: bytes) -> PermitBody:
    """What the signed bytes say. Raises `MalformedMessage`."""
    return decode(payload, PermitBody)


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
