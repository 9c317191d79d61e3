"""Whose fault a broken wire rule is.

`LocalProtocolError`: we were asked to send what the protocol cannot carry; our bug, or a bad setting.
`RemoteProtocolError`: the other end, or the noise between, sent what is no frame; drop it, resynchronise.
"""

from __future__ import annotations


class ProtocolError(Exception):
    """Base of both; never raised itself."""


class LocalProtocolError(ProtocolError):
    """A value does not fit the wire: a number with too many digits, an address outside the range."""


class RemoteProtocolError(ProtocolError):
    """Received bytes are no valid frame. `kind` is a short stable word (`crc`, `length`, `digits`, ...)."""

    def __init__(self, kind: str, detail: str) -> None:
        super().__init__(f"{kind}: {detail}")
        self.kind = kind
        self.detail = detail
