"""Signs fuel permits (Ed25519): a pump is armed, and points are captured, on nothing else (I9). And acknowledgements of
journals, which a terminal keeps to show them later (I11)."""

from __future__ import annotations

import base64

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_client.protocols.central import acknowledgement, permit
from pos_client.protocols.central.journal_messages import AcknowledgementBody
from pos_client.protocols.central.messages import PermitBody


class PermitSigner:
    """One Ed25519 key pair."""

    def __init__(self, private: bytes) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(private)

    @property
    def public_b64(self) -> str:
        """What terminals verify with: raw 32 bytes, base64."""
        return base64.b64encode(self._key.public_key().public_bytes_raw()).decode("ascii")

    def sign(self, body: PermitBody) -> str:
        """The permit's text."""
        payload = permit.payload_of(body)
        return permit.join(payload, self._key.sign(payload))

    def acknowledge(self, body: AcknowledgementBody) -> str:
        """The acknowledgement's text."""
        payload = acknowledgement.payload_of(body)
        return acknowledgement.join(payload, self._key.sign(acknowledgement.signed_bytes(payload)))
