"""HPKE to central's key: what only central may read leaves this terminal sealed.

`cryptography` is imported in the thread that seals, not before first paint. It cannot wipe its own copies and says so;
what we hold ourselves is overwritten (I10). The README says what a desktop program cannot promise here.
"""

from __future__ import annotations

import base64
import binascii
import secrets

from pos_client.domain.customer import Identifier
from pos_client.domain.secret import SecretDigits
from pos_client.ports.errors import Unavailable
from pos_client.protocols.central.sealing import (
    IDENTIFIER_BLOCK_BYTES,
    IDENTIFIER_INFO,
    SECRET_BLOCK_BYTES,
    pad_identifier,
    pad_secret,
)

KEY_BYTES = 32


class Sealer:
    """Seals to one X25519 public key (raw 32 bytes, base64).

    A terminal without a key starts and sells all the same; asking it to seal raises `Unavailable("seal_key_missing")`.
    """

    def __init__(self, key_b64: str) -> None:
        self._key_b64 = key_b64

    def secret(self, digits: SecretDigits, info: bytes) -> str:
        """A PIN or code as text only central opens, and only in this context. Our copies of it are overwritten."""
        revealed = digits.reveal()
        block = bytearray()
        try:
            if not revealed:
                raise Unavailable("secret_empty")
            block = pad_secret(revealed, secrets.token_bytes(SECRET_BLOCK_BYTES))
            return self._seal(block, info)
        finally:
            _wipe(revealed)
            _wipe(block)

    def identifier(self, identifier: Identifier) -> str:
        """An identifier as text only central opens (I19); equal identifiers give unequal texts."""
        fill = secrets.token_bytes(IDENTIFIER_BLOCK_BYTES)
        return self._seal(pad_identifier(identifier.kind.value, identifier.text, fill), IDENTIFIER_INFO)

    def _seal(self, plain: bytes | bytearray, info: bytes) -> str:
        from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
        from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

        try:
            raw = base64.b64decode(self._key_b64, validate=True)
        except (binascii.Error, ValueError) as error:
            raise Unavailable("seal_key_missing", "not base64") from error
        if len(raw) != KEY_BYTES:
            raise Unavailable("seal_key_missing", f"{len(raw)} bytes instead of {KEY_BYTES}")
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
        sealed = suite.encrypt(plain, X25519PublicKey.from_public_bytes(raw), info=info)
        return base64.b64encode(sealed).decode("ascii")


def _wipe(buffer: bytearray) -> None:
    for index in range(len(buffer)):
        buffer[index] = 0
