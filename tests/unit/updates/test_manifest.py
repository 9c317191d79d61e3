"""A manifest is believed when the key's owner signed it as one, and not otherwise."""

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_client.adapters.updates.manifest import MANIFEST_BYTES_MAX, open_manifest
from pos_client.ports.errors import Refused
from tests.releases import KEY, PUBLIC_KEY, manifest, sealed


def refusal(text: bytes, key: str = PUBLIC_KEY) -> str:
    with pytest.raises(Refused) as refused:
        open_manifest(text, key)
    return refused.value.code


def test_what_was_signed_is_read():
    assert str(open_manifest(sealed(manifest()), PUBLIC_KEY).version) == "1.5.0"


def test_another_key_is_not_believed():
    assert refusal(sealed(manifest(), bytes(32))) == "manifest_untrusted"
    assert refusal(sealed(manifest()), "") == "manifest_untrusted"


def test_no_byte_of_it_can_be_changed():
    good = sealed(manifest()).strip()
    for at in range(len(good)):
        changed = good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :]
        try:
            told = open_manifest(changed, PUBLIC_KEY)
        except Refused:
            continue
        assert told == open_manifest(good, PUBLIC_KEY)  # base64 has bits that mean nothing


@pytest.mark.parametrize(
    "text", [b"", b"<html>Log in. Please.</html>", b"a.b", b"\xff.\xff", b"x" * (MANIFEST_BYTES_MAX + 1), b"a.b.c"]
)
def test_what_is_no_manifest_is_not_believed(text):
    assert refusal(text) == "no_manifest"


def test_a_signature_over_the_bare_payload_is_none_over_a_release():
    """The same key might sign something else one day."""
    payload = base64.b64decode(sealed(manifest()).split(b".")[0])
    bare = Ed25519PrivateKey.from_private_bytes(KEY).sign(payload)
    assert refusal(base64.b64encode(payload) + b"." + base64.b64encode(bare)) == "manifest_untrusted"


def test_signed_nonsense_is_said_to_be_nonsense():
    assert refusal(sealed({"format": 1})) == "manifest_unreadable"
