"""The code on an anonymous receipt with which its points can still be claimed: once, here, for a day (flow 16).

Forty-eight bits of chance in Crockford's base 32, which nobody misreads: `TD-7KQ2-M0PX-4V`. The books keep a digest
alone, so that whoever reads them cannot print a code; what it is worth stands in the sale's own facts.
"""

from __future__ import annotations

import hashlib
import re

PREFIX = "TD"
"""'Tích điểm'."""
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
_MISREAD = str.maketrans("OIL", "011")
_CODE = re.compile(rf"{PREFIX}([{LETTERS}]{{{LENGTH}}})")


def of_chance(hexadecimal: str) -> str:
    """A code out of at least 48 random bits: the last ones of an id."""
    number = int(hexadecimal.replace("-", "")[-12:], 16)
    drawn = "".join(LETTERS[number >> (5 * place) & 31] for place in reversed(range(LENGTH)))
    return f"{PREFIX}-{drawn[:4]}-{drawn[4:8]}-{drawn[8:]}"


def read(text: str) -> str | None:
    """The code in what was scanned or typed, as `of_chance` writes it; None for anything else."""
    packed = re.sub(r"[\s.\-]", "", text).upper()
    if not packed.startswith(PREFIX):
        return None
    found = _CODE.fullmatch(PREFIX + packed[len(PREFIX) :].translate(_MISREAD))
    return None if found is None else f"{PREFIX}-{found[1][:4]}-{found[1][4:8]}-{found[1][8:]}"


def digest(code: str) -> str:
    """What the books keep of a code, and find its sale by."""
    return hashlib.sha256(f"claim {code}".encode()).hexdigest()[:40]
