"""The signed voucher (phiếu điểm that was activated for one station) as text short enough for a QR code.

    PLXV.<payload>.<signature>      payload: a JSON array, base64url; signature: Ed25519 over CONTEXT and the payload

An array, because names of fields would cost a third of the QR; a later version adds at the end, and what a reader does
not know there it skips. The key is central's key for vouchers alone, named by `kid` and told in the bundle `keys`; the
context in front of the payload keeps a signature made for anything else from passing here (reliability 3.10).
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central import signed_text
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import Amount, Message, Name

PREFIX = "PLXV."
LONGEST = 400
"""Characters of the text, all ASCII: a QR code a counter scanner reads off a phone."""
VERSION = 1
PURPOSE = "fuel-redeem"
CONTEXT = b"plx-voucher-v1|"
"""What stands before the payload when it is signed."""

Words = Annotated[str, Meta(max_length=40)]
Instant = Annotated[int, Meta(ge=0, le=10_000_000_000)]
"""Seconds since 1970, UTC."""


class VoucherBody(Message, frozen=True, array_like=True):
    """What central signs when a driver has proved himself online: these points, this vehicle, this station, once.

    `products` empty: any. `holder` is masked; `max_points` are held at central until long after `not_after`.
    """

    version: Annotated[int, Meta(ge=1, le=999)]
    kid: Annotated[str, Meta(min_length=1, max_length=16)]
    voucher_id: Annotated[str, Meta(min_length=1, max_length=40)]
    purpose: Annotated[str, Meta(min_length=1, max_length=20)]
    code: Name
    org: Name
    driver: Name
    plate: Name
    station: Name
    products: Annotated[tuple[Name, ...], Meta(max_length=8)]
    max_points: Amount
    not_before: Instant
    not_after: Instant
    holder: Words


def payload_of(body: VoucherBody) -> bytes:
    """The payload's bytes."""
    return encode(body)


def signed_bytes(payload: bytes) -> bytes:
    """The bytes the signature is over."""
    return CONTEXT + payload


def join(payload: bytes, signature: bytes) -> str:
    """The text. Raises `ValueError` for one that is too long to be scanned: its names have to be shorter."""
    text = PREFIX + signed_text.join(payload, signature)
    if len(text) > LONGEST:
        raise ValueError(f"{len(text)} characters, a voucher has {LONGEST} at the most")
    return text


def split(text: str) -> tuple[bytes, bytes]:
    """(payload, signature). Raises `MalformedMessage`; says nothing about validity."""
    if not text.startswith(PREFIX) or len(text) > LONGEST:
        raise MalformedMessage("voucher", "not a signed voucher")
    return signed_text.split(text.removeprefix(PREFIX), "voucher")


def body_of(payload: bytes) -> VoucherBody:
    """What the payload says. Raises `MalformedMessage`."""
    return decode(payload, VoucherBody)
