"""Whose releases a till believes, and where it looks for them: `releases.toml`, which travels inside the package.

    url = "https://updates.example.vn/pos-client/manifest"
    keys = ["the public half in base64", "and during a change of keys the next one's"]

Packages are made with it (`packaging/release.py`); a checkout has none, and looks for nothing. Three other ways were
thought through:

* *Enrolment hands it out.* Whoever takes central over would then say which key to believe, and every till would run
  his program: with pumps, keypads and key stores behind it. As it is he can say at most false things about points.
* *The technician types it.* Forty-four letters at 2,700 stations: some would be wrong, some would never be entered,
  and a change of keys would need every one of them again.
* *The address from central, the key from the package.* A false address can only keep releases back, which whoever
  holds the network can do as well; but it would be a second place to look when a till stays old.

Whoever brings the package decides already which program runs, so the key in it gives nobody anything he did not have.
A change of keys is a release: signed by the old key, bringing both; when the floor has passed it, the next one brings
the new key alone, and what the old key signs is nothing from then on. Settings may say otherwise for a pilot.
"""

from __future__ import annotations

import base64
import binascii
import tomllib
from pathlib import Path
from urllib.parse import urlsplit

from pos_client.value import dataclass

FILE = "releases.toml"
KEYS_MAX = 2
"""One, and the next one's during a change."""
_KEY_BYTES = 32


@dataclass(frozen=True, slots=True)
class Trust:
    """The address of the manifest, and the public keys one of which has to have signed it (raw 32 bytes, base64)."""

    url: str = ""
    keys: tuple[str, ...] = ()

    @property
    def wanted(self) -> bool:
        """Whether anybody is asked."""
        return bool(self.url and self.keys)


def packaged_trust(resources: Path) -> Trust:
    """What this package was made with; nothing where it was made with nothing. A file that cannot be read is nobody's
    word, and the till keeps the version it has."""
    try:
        return read_trust((resources / FILE).read_text("utf-8"))
    except (OSError, ValueError):
        return Trust()


def read_trust(text: str) -> Trust:
    """The file. Raises `ValueError`, saying what is wrong: packagers ask before they pack."""
    told = tomllib.loads(text)
    url, keys = told.get("url"), told.get("keys")
    if set(told) != {"url", "keys"} or not isinstance(url, str) or not isinstance(keys, list):
        raise ValueError("it has to name url and keys, and nothing else")
    if urlsplit(url).scheme != "https" or not urlsplit(url).hostname:
        raise ValueError(f"{url!r} is no address that begins with https://")
    if not 0 < len(keys) <= KEYS_MAX or len(set(map(str, keys))) != len(keys):
        raise ValueError(f"one key, or {KEYS_MAX} different ones during a change")
    for key in keys:
        if not isinstance(key, str) or not _is_key(key):
            raise ValueError(f"{key!r} is no public key: 32 bytes in base64")
    return Trust(url, tuple(keys))


def _is_key(text: str) -> bool:
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (ValueError, binascii.Error):
        return False
