"""The fuel permit as text (`signed_text`): canonical JSON and its signature."""

from __future__ import annotations

from pos_client.protocols.central import signed_text
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.messages import PermitBody
from pos_client.protocols.central.signed_text import SIGNATURE_BYTES, join

__all__ = ["SIGNATURE_BYTES", "body_of", "join", "payload_of", "split"]


def payload_of(body: PermitBody) -> bytes:
    """The bytes to sign."""
    return encode(body)


def split(permit: str) -> tuple[bytes, bytes]:
    """(payload, signature) of a permit's text. Raises `MalformedMessage`; says nothing about validity."""
    return signed_text.split(permit, "permit")


def body_of(payload: bytes) -> PermitBody:
    """What the signed bytes say. Raises `MalformedMessage`."""
    return decode(payload, PermitBody)
