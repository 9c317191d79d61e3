"""JSON both ways. One value has one encoding: keys sorted, no blanks, UTF-8; so a digest or a signature over it holds.

Reading is strict about what is there (a number is a whole number, not a text and not 1.0) and patient about what is
new: fields we do not know are skipped, because central may be ahead of the terminals by a year.
"""

from __future__ import annotations

from typing import TypeVar

import msgspec

from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import Message

LONGEST_MESSAGE = 1 << 20
"""No message of this API comes near one mebibyte; what does is not ours."""

AnyMessage = TypeVar("AnyMessage", bound=Message)

_ENCODER = msgspec.json.Encoder(order="sorted")


def encode(message: Message) -> bytes:
    """The canonical bytes of a message."""
    return _ENCODER.encode(message)


def decode(raw: bytes, kind: type[AnyMessage]) -> AnyMessage:
    """The message in these bytes. Raises `MalformedMessage`, which names the missing or wrong field."""
    if len(raw) > LONGEST_MESSAGE:
        raise MalformedMessage(kind.__name__, "longer than any message of this API")
    try:
        return msgspec.json.decode(raw, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedMessage(kind.__name__, str(error)) from error
