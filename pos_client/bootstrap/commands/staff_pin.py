"""`pos-client staff-pin`: asks for a PIN twice and prints what the settings keep of it (`staff`, `pin`)."""

from __future__ import annotations

import getpass
import secrets
import sys

from pos_client.bootstrap.arguments import Arguments
from pos_client.domain.staff import PIN_DIGITS, SALT_BYTES, hash_of


def run(arguments: Arguments) -> int:
    """0 and the text to be put into the settings; 1 for what is no PIN, or two that differ."""
    from pos_client.bootstrap.spoken import spoken

    words = spoken(arguments).words
    typed, again = (_asked(words.say(f"staff_pin.{name}", digits=PIN_DIGITS)) for name in ("first", "again"))
    if len(typed) != PIN_DIGITS or not (typed.isascii() and typed.isdigit()):
        print(words.say("staff_pin.no_pin", digits=PIN_DIGITS), file=sys.stderr)
        return 1
    if typed != again:
        print(words.say("staff_pin.differs"), file=sys.stderr)
        return 1
    print(hash_of(typed.encode(), secrets.token_bytes(SALT_BYTES)))
    return 0


def _asked(prompt: str) -> str:
    """Without showing it; from a pipe, a line."""
    return getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline().strip()
