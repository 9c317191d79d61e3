"""Keys that sign one thing each (Ed25519), and the names they go by."""

from __future__ import annotations

import base64
import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_client.protocols.central import bundles, signed_text, voucher


class Signer:
    """One Ed25519 key pair. `kid` is the start of the public key's SHA-256: another key has another one."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)
        public = self._key.public_key().public_bytes_raw()
        self.public_b64 = base64.b64encode(public).decode("ascii")
        self.kid = hashlib.sha256(public).hexdigest()[:8]

    def voucher(self, body: voucher.VoucherBody) -> str:
        """A signed voucher's text. Raises `ValueError` when it is too long for a QR code."""
        payload = voucher.payload_of(body)
        return voucher.join(payload, self._key.sign(voucher.signed_bytes(payload)))

    def bundle(self, payload: bytes) -> str:
        """A signed bundle's text."""
        return signed_text.join(payload, self._key.sign(bundles.signed_bytes(payload)))
