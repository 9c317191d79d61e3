"""`pos-client decode PROTOCOL`: wire bytes in, one JSON object a frame out; errors are objects too.

Bytes are hexadecimal digits, in arguments or on standard input, with blanks, commas, line ends or nothing between, with
or without `0x`. A word that is none of that is told in its place, and what stands before and after it is decoded.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator

from pos_client.bootstrap.arguments import Arguments

_BETWEEN = re.compile(r"[\s,;:]+")
_DIGITS = re.compile(r"[0-9A-Fa-f]+")
_SHOWN_MAX = 40


def run(arguments: Arguments) -> int:
    """0 when every byte was understood, 1 when not, 2 for an unknown protocol."""
    from pos_client.protocols.dispenser.registry import PROTOCOLS

    protocol = PROTOCOLS.get(arguments.protocol)
    if protocol is None:
        print(f"unknown protocol {arguments.protocol!r}; there are: {', '.join(PROTOCOLS)}", file=sys.stderr)
        return 2
    text = " ".join(arguments.hex) if arguments.hex else sys.stdin.buffer.read().decode("ascii", "replace")
    all_understood = True
    for part in _parts(text):
        found = protocol.describe(part, arguments.sender) if isinstance(part, bytes) else [part]
        all_understood = all_understood and all(frame["ok"] for frame in found)
        for frame in found:
            print(json.dumps(frame))
    return 0 if all_understood else 1


def _parts(text: str) -> Iterator[bytes | dict[str, object]]:
    """The bytes of a text as far as they go without a fault, and an object for every fault, in order."""
    digits = ""
    for word in filter(None, _BETWEEN.split(text)):
        plain = word[2:] if word[:2] in ("0x", "0X") else word
        if _DIGITS.fullmatch(plain) and (plain is word or len(plain) % 2 == 0):
            digits += plain
            continue
        yield from _bytes(digits)
        digits = ""
        is_hex = _DIGITS.fullmatch(plain) is not None
        yield _odd(word) if is_hex else _fault("not_hex", "no hexadecimal digits", word)
    yield from _bytes(digits)


def _bytes(digits: str) -> Iterator[bytes | dict[str, object]]:
    whole = len(digits) // 2 * 2
    if whole:
        yield bytes.fromhex(digits[:whole])
    if digits[whole:]:
        yield _odd(digits[whole:])


def _odd(digits: str) -> dict[str, object]:
    return _fault("odd_digits", "a byte has two digits", digits)


def _fault(error: str, detail: str, word: str) -> dict[str, object]:
    shown = word if len(word) <= _SHOWN_MAX else word[:_SHOWN_MAX] + "…"
    return {"ok": False, "error": error, "detail": detail, "bytes": shown}
