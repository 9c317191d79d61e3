"""What of a log line may leave the station: only words of a shape that no person's name, plate, number or code has.

`redaction.py` masks what looks personal when a line is written. A bundle goes to people outside, so here it is the
other way round: a word is masked unless it is known to be harmless. Vietnamese names have letters no word of our logs
has; written without their marks they are words with a capital, and of those only ours are let through. Whatever has
letters and digits mixed (plates, vouchers, QR codes, keys) goes, except for the forms below.

Words that a site itself uses (its code, its lines, its grades) are let through because the caller says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from pos_client.adapters.diagnostics.redaction import MASK, redact

_WORD = re.compile(r"[^\s\"'`(),;:=<>\[\]{}|/\\…]+")
_NAME = r"_*[a-z]+[0-9]{0,4}(?:[_\-]+(?:[a-z]+[0-9]{0,4}|[0-9]{1,4}))*[_\-]*"
"""Of our code and of others': dart-1, utf8, serialposix, _serve."""
_CLASS = r"_?[A-Z]{0,5}(?:[A-Z][a-z]{2,})+[0-9]?"
"""Behind a dot: exceptions.ReadTimeoutError, serial.Serial."""
_HUMPS = r"_?(?:[A-Z]{2,5}|[A-Z][a-z]{2,})(?:[A-Z][a-z]{2,})+[0-9]?"
"""OSError, SerialException; one hump alone could be a person's name."""
_NUMBER = r"(?:0|[1-9][0-9]{0,2})"
_ALLOWED = re.compile(
    r"pos_client(?:\.[a-z0-9_\-]+)*"  # our loggers
    rf"|{_NAME}(?:\.{_NAME})*(?:\.{_CLASS})?"
    rf"|{_HUMPS}"
    r"|[0-9]{1,5}(?:[.,][0-9]{1,3})?%?"
    r"|[0-9]{1,5}(?:ms|s|kb|mb|KB|MB)"
    rf"|{_NUMBER}(?:\.{_NUMBER}){{2,3}}"  # a version, an address in the network
    r"|20[0-9]{2}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2})?"
    r"|[0-9A-Fa-f]{2}h?"  # a byte of a wire
    r"|0x[0-9A-Fa-f]{1,8}"
    r"|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"  # ids of ours
    r"|T[0-9]{1,2}-[0-9]{6}"  # receipt numbers
    r"|COM[0-9]{1,3}|tty[A-Z]{1,4}[0-9]{1,3}"
    r"|[^\w]+"
)
_AROUND = ".-!?*#+&~^@→·"
_LONGEST = 64
_OURS = frozenset(
    word
    for line in (
        "DEBUG INFO WARNING ERROR CRITICAL NOTSET Traceback File Errno Thread None True False",
        "HTTP HTTPS GET PUT POST DELETE URL TCP USB SQL SQLite WAL JSON TOML UTF OK QR OTP PIN UTC",
        "DART Gilbarco Two-Wire POLL EOT ACK NAK ACKPOLL DATA LRC CRC",
        "Permission No Not Input Output Device Resource Connection Broken Could",
    )
    for word in line.split()
)
_DIGIT_GROUPS = re.compile(r"(?<![0-9A-Za-z.:\-])[0-9]{3,5}(?:[ .\-][0-9]{3,5})+(?![.\-]?[0-9A-Za-z])")
"""A number in groups of three or more: a phone, an account, a code somebody spelt out."""


class AllowList:
    """Masks everything in a text that is not known to be harmless. `also`: words of the site itself."""

    def __init__(self, also: Collection[str] = ()) -> None:
        self._also = frozenset(also) | _OURS
        self._known: dict[str, str] = {}

    def cleaned(self, text: str) -> str:
        """The text as it may leave. Line ends stay where they are."""
        return _WORD.sub(self._word, _DIGIT_GROUPS.sub(MASK, redact(text)))

    def _word(self, found: re.Match[str]) -> str:
        word = found[0]
        shown = self._known.get(word)
        if shown is None:
            shown = self._known[word] = word if self._is_harmless(word) else MASK
        return shown

    def _is_harmless(self, word: str) -> bool:
        bare = word.strip(_AROUND)
        if word in self._also or bare in self._also or not bare:
            return True
        return len(bare) <= _LONGEST and _ALLOWED.fullmatch(bare) is not None
