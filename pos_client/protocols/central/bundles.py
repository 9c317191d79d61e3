"""Signed bundles: what a terminal must know while nobody answers it. `GET /v1/bundles/{name}`, with ETag and 304.

A bundle is a signed text (`signed_text`) whose payload says its name, its number, when it was issued, and its content;
the age of a bundle is counted from the time that is signed, never from when somebody fetched it. Signed with the key
that terminals are set up with (the permit's), under a context of its own; the bundle `keys` then names all others.

`CONTENTS` is the table: a new bundle is a line here, one at central that makes it, one at the terminal that uses it.
"""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

from pos_client.protocols.central import signed_text
from pos_client.protocols.central.codec import decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import Amount, Message, Name

CONTEXT = b"plx-bundle-v1|"
"""What stands before the payload when it is signed."""

Seconds = Annotated[int, Meta(ge=0, le=10_000_000)]


class PolicyContent(Message, frozen=True):
    """`policy`: how much may be spent while central is away, and for how long (reliability 3.10)."""

    voucher_most_vnd: Amount
    voucher_lives_s: Seconds
    outstanding_most_vnd: Amount
    outstanding_most_vouchers: Annotated[int, Meta(ge=0, le=10_000)]
    contact_age_s: Seconds
    revocations_age_s: Seconds
    wall_age_s: Seconds


class RevocationsContent(Message, frozen=True):
    """`revocations`: ids of activated vouchers that may not be spent any more."""

    voucher_ids: Annotated[tuple[Name, ...], Meta(max_length=10_000)]


class PricePart(Message, frozen=True):
    """From a time on, a litre of a grade costs so much in a zone. `from` is ISO 8601 with offset."""

    zone: Name
    grade_code: Name
    unit_price: Amount
    since: Name = msgspec.field(name="from")


class PricesContent(Message, frozen=True):
    """`prices`: the list of every zone, the price in force and those already announced."""

    prices: Annotated[tuple[PricePart, ...], Meta(max_length=2_000)]


class KeyPart(Message, frozen=True):
    """A public key of central's: raw bytes in base64, and the one thing it is for."""

    kid: Name
    purpose: Name
    algorithm: Name
    public_key: Name


class KeysContent(Message, frozen=True):
    """`keys`: what else central signs and opens with."""

    keys: Annotated[tuple[KeyPart, ...], Meta(max_length=50)]


Content = PolicyContent | RevocationsContent | PricesContent | KeysContent

CONTENTS: dict[str, type[Content]] = {
    "policy": PolicyContent,
    "revocations": RevocationsContent,
    "prices": PricesContent,
    "keys": KeysContent,
}
"""Bundle -> what is in it."""


class BundleBody(Message, frozen=True):
    """What is signed. `number` grows with every issue; `issued_at` is ISO 8601 with offset, central's clock."""

    name: Name
    number: Amount
    issued_at: Name
    content: msgspec.Raw


class BundleAnswer(Message, frozen=True):
    """`GET /v1/bundles/{name}`: the signed text, and its name and number for the eye."""

    name: Name
    number: Amount
    signed: Annotated[str, Meta(min_length=1, max_length=900_000)]


def payload_of(name: str, number: int, issued_at: str, content: Content) -> bytes:
    """The payload's bytes."""
    return encode(BundleBody(name=name, number=number, issued_at=issued_at, content=msgspec.Raw(encode(content))))


def signed_bytes(payload: bytes) -> bytes:
    """The bytes the signature is over."""
    return CONTEXT + payload


def split(text: str) -> tuple[bytes, bytes]:
    """(payload, signature). Raises `MalformedMessage`; says nothing about validity."""
    return signed_text.split(text, "bundle")


def body_of(payload: bytes) -> tuple[BundleBody, Content]:
    """What the payload says. Raises `MalformedMessage`; also for a bundle this program has no line for."""
    body = decode(payload, BundleBody)
    kind = CONTENTS.get(body.name)
    if kind is None:
        raise MalformedMessage("bundle", "a name this program does not know")
    return body, decode(bytes(body.content), kind)
