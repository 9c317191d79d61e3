"""Whose releases a till believes: what the package brings, both keys during a change, a pilot's settings before it."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from pos_client.adapters.updates.manifest import open_manifest
from pos_client.adapters.updates.trust import FILE, Trust, packaged_trust, read_trust
from pos_client.bootstrap import updating
from pos_client.ports.errors import Refused
from pos_client.settings.model import UpdateSettings
from tests.releases import KEY, PUBLIC_KEY, manifest, sealed
from tests.words import RESOURCES

URL = "https://updates.example.vn/manifest"
NEXT = bytes(range(32, 64))
NEXT_PUBLIC = base64.b64encode(Ed25519PrivateKey.from_private_bytes(NEXT).public_key().public_bytes_raw()).decode()


def text(*keys: str, url: str = URL) -> str:
    return f"url = {json.dumps(url)}\nkeys = {json.dumps(keys)}\n"


def test_the_checkout_believes_nobody():
    assert packaged_trust(RESOURCES) == Trust()
    assert not Trust().wanted


def test_what_the_package_brings_is_believed(tmp_path: Path):
    (tmp_path / FILE).write_text(text(PUBLIC_KEY), "utf-8")
    assert packaged_trust(tmp_path) == Trust(URL, (PUBLIC_KEY,))


@pytest.mark.parametrize(
    "told",
    [
        "",
        "url = 1",
        text(),
        text(PUBLIC_KEY, PUBLIC_KEY),
        text(PUBLIC_KEY, NEXT_PUBLIC, base64.b64encode(bytes(32)).decode()),
        text(PUBLIC_KEY[:-4]),
        text("x" * 44),
        text(PUBLIC_KEY, url="http://updates.example.vn/manifest"),
        text(PUBLIC_KEY, url="https://"),
        text(PUBLIC_KEY) + "fallback = true\n",
    ],
)
def test_a_file_that_is_wrong_is_refused_by_packagers_and_is_nobodys_word_at_a_till(told: str, tmp_path: Path):
    with pytest.raises(ValueError):  # noqa: PT011 - which words, is for a packager to read
        read_trust(told)
    (tmp_path / FILE).write_text(told, "utf-8")
    assert packaged_trust(tmp_path) == Trust()


def test_both_keys_are_believed_during_a_change_and_the_old_one_announces_nothing_after_it():
    by_old, by_next = sealed(manifest(), KEY), sealed(manifest(number=8), NEXT)
    during, after = (PUBLIC_KEY, NEXT_PUBLIC), (NEXT_PUBLIC,)
    assert open_manifest(by_old, *during).number == 7
    assert open_manifest(by_next, *during).number == 8
    assert open_manifest(by_next, *after).number == 8
    with pytest.raises(Refused, match="manifest_untrusted"):
        open_manifest(by_old, *after)
    with pytest.raises(Refused, match="manifest_untrusted"):
        open_manifest(by_old)


def test_a_pilots_settings_stand_before_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    (tmp_path / FILE).write_text(text(PUBLIC_KEY, NEXT_PUBLIC), "utf-8")
    monkeypatch.setattr(updating, "resources", lambda: tmp_path)
    assert updating.trust_of(UpdateSettings()) == Trust(URL, (PUBLIC_KEY, NEXT_PUBLIC))
    assert updating.trust_of(UpdateSettings("http://127.0.0.1:9/m")).keys == (PUBLIC_KEY, NEXT_PUBLIC)
    pilot = UpdateSettings("http://127.0.0.1:9/m", NEXT_PUBLIC)
    assert updating.trust_of(pilot) == Trust("http://127.0.0.1:9/m", (NEXT_PUBLIC,))
