"""The signed manifest of a release: one line, `payload.signature`, both in base64; Ed25519 over a name and the payload.

It is signed offline (`packaging/announce.py`); whose signature counts is said in `trust.py`.
"""

from __future__ import annotations

import base64
import binascii

from pos_client.domain.release import Release, read_release
from pos_client.ports.errors import Refused

MANIFEST_BYTES_MAX = 256 * 1024
SIGNED_NAME = b"pos-client release 1\n"
"""Stands before the payload under the signature, so that a signature of anything else is never one of a release."""


def open_manifest(text: bytes, *release_keys: str) -> Release:
    """What it says, if the owner of one of the keys said it. Raises `Refused`: `no_manifest` (the page of a proxy or of
    a hotel's log in, not even of that form), `manifest_untrusted` (signed by nobody we know), `manifest_unreadable`
    (one that is signed and still makes no sense)."""
    if len(text) > MANIFEST_BYTES_MAX:
        raise Refused("no_manifest", "too long")
    try:
        payload, signature = (base64.b64decode(part, validate=True) for part in text.strip().split(b"."))
    except (ValueError, binascii.Error) as error:
        raise Refused("no_manifest", str(error)) from None
    if not any(_signed_by(key, signature, payload) for key in release_keys):
        raise Refused("manifest_untrusted", "the signature does not hold")
    try:
        return read_release(payload)
    except ValueError as error:
        raise Refused("manifest_unreadable", str(error)) from None


def _signed_by(release_key_b64: str, signature: bytes, payload: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(release_key_b64, validate=True))
        key.verify(signature, SIGNED_NAME + payload)
    except (ValueError, binascii.Error, InvalidSignature):
        return False
    return True
