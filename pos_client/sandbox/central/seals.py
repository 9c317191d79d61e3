"""Opens what terminals seal to central: PINs, codes, identifiers. The private key never leaves this module's object.

In head office this is a hardware module or a service of its own; the reference service keeps a raw key in its table.
"""

from __future__ import annotations

import base64
import binascii

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.sealing import IDENTIFIER_INFO, unpad_identifier, unpad_secret

_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
_SMALLEST = 32 + 16


class SealOpener:
    """One X25519 key pair."""

    def __init__(self, private: bytes) -> None:
        self._key = X25519PrivateKey.from_private_bytes(private)

    @property
    def public_b64(self) -> str:
        """What terminals seal to: raw 32 bytes, base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode("ascii")

    def secret(self, sealed: str, info: bytes) -> bytes:
        """The digits. Raises `MalformedMessage` when the seal was made for anything else than `info`."""
        return unpad_secret(self._open(sealed, info))

    def identifier(self, sealed: str) -> tuple[str, str]:
        """(kind, text). Raises `MalformedMessage`."""
        return unpad_identifier(self._open(sealed, IDENTIFIER_INFO))

    def _open(self, sealed: str, info: bytes) -> bytes:
        try:
            raw = base64.b64decode(sealed, validate=True)
        except (binascii.Error, ValueError) as error:
            raise MalformedMessage("seal", "not base64") from error
        if len(raw) < _SMALLEST:
            raise MalformedMessage("seal", "too short")
        try:
            return _SUITE.decrypt(raw, self._key, info=info)
        except (InvalidTag, ValueError) as error:
            raise MalformedMessage("seal", "does not open here") from error
