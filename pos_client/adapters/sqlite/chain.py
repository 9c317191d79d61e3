"""The keyed chain over the journal's rows: each row's mac takes in the one before it.

What it shows: a row that was changed, removed from the middle or put in, and bit rot. What it cannot show by itself:
rows cut off at the end; for that central acknowledges how far it has heard. With an empty key anybody can compute it:
then it guards against damage, not against a person (reliability of a terminal whose keyring is not set up yet).
"""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping

START = bytes(32)
"""What the first row is chained to."""

Link = tuple[int, str, str, bytes, bytes, int]
"""seq, at, kind, body, mac, number of the key"""

NO_KEY = 0
"""The number of the empty key: rows written while nobody could reach the key store."""

Keys = Mapping[int, bytes]
"""Number of a key -> the key, as far as they are at hand."""


def mac_of(key: bytes, before: bytes, seq: int, at: str, kind: str, body: bytes) -> bytes:
    """The mac of a row. Its parts are joined with their lengths known: no two rows give the same bytes."""
    head = f"{seq}\n{at}\n{kind}\n{len(body)}\n".encode()
    return hmac.digest(key, before + head + body, "sha256")


def first_break(keys: Keys, before: bytes, seq_before: int, links: Iterable[Link]) -> int | None:
    """Number of the first row that does not follow from the one before it (or is not there); None: all do.

    A row whose key is not at hand is only checked for its number; the next one is chained to it all the same.
    """
    for seq, at, kind, body, mac, number in links:
        key = b"" if number == NO_KEY else keys.get(number)
        wrong = key is not None and not _follows(key, before, (seq, at, kind, body, mac, number))
        if seq != seq_before + 1 or wrong:
            return seq_before + 1
        before, seq_before = mac, seq
    return None


def _follows(key: bytes, before: bytes, link: Link) -> bool:
    seq, at, kind, body, mac, _ = link
    try:
        return hmac.compare_digest(mac, mac_of(key, before, seq, at, kind, body))
    except TypeError:  # damage can make a number of a text, or a text of bytes
        return False
