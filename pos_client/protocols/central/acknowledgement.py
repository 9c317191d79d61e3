"""Central's acknowledgement of a journal, as text: what it says and its Ed25519 signature, joined by a dot.

It is a value of its own, not only an answer: the terminal keeps it, and years later either side can show what the other
one had. It is signed with the key that signs permits; the purpose in front of what is signed keeps the two apart, so
neither can ever be taken for the other.
"""

from __future__ import annotations

from pos_client.protocols.central import signed_text
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.journal_messages import AcknowledgementBody

PURPOSE = b"plx-journal-acknowledgement-v1\n"
NOTHING_BEFORE = "0" * 64
"""The mac of the row before the first."""


def payload_of(body: AcknowledgementBody) -> bytes:
    """What the text carries."""
    return encode(body)


def signed_bytes(payload: bytes) -> bytes:
    """The bytes the signature is over."""
    return PURPOSE + payload


def join(payload: bytes, signature: bytes) -> str:
    """The acknowledgement's text."""
    return signed_text.join(payload, signature)


def split(text: str) -> tuple[bytes, bytes]:
    """(payload, signature). Raises `MalformedMessage`; says nothing about validity."""
    return signed_text.split(text, "acknowledgement")


def body_of(payload: bytes) -> AcknowledgementBody:
    """What the payload says. Raises `MalformedMessage`."""
    return decode(payload, AcknowledgementBody)
