"""What may be written to a log: everything but numbers that could be a person's or a secret.

The last line, not the first: nothing should hand such a number to a logger (values mask themselves). But a traceback
or a library may, and logs leave the station in support bundles. So every run of six digits and every phone number is
masked in the finished line; only forms known to be harmless are let through.
"""

from __future__ import annotations

import re

MASK = "[…]"

_ALLOWED = re.compile(
    r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b"  # ids of ours: redemptions, accruals, requests
    r"|\bT\d{1,2}-\d{6}\b"  # receipt numbers
)
_PERSONAL = re.compile(
    r"(?<![\d])(?:\+84|0084|84|0)[ .\-]?\d{2,3}[ .\-]?\d{3}[ .\-]?\d{3,4}(?!\d)"  # a phone, grouped or not
    r"|\d{6,}"  # ID 9, OTP and PIN 6, card 16
)


def redact(text: str) -> str:
    """The text with every such number masked."""
    kept = 0
    parts = []
    for allowed in _ALLOWED.finditer(text):
        parts += [_PERSONAL.sub(MASK, text[kept : allowed.start()]), allowed.group()]
        kept = allowed.end()
    return "".join((*parts, _PERSONAL.sub(MASK, text[kept:])))
