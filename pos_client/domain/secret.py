"""A PIN or one-time code while it is being typed: in memory from key press to seal, nowhere else (I10).

The digits live in one bytearray that is overwritten when they have been used. `repr`, `str`, pickling and copying give
nothing away. Python may keep copies of an *immutable* value, so the digits never become `str` or `bytes` here; what a
desktop program cannot promise (a debugger, a hostile administrator) is said in the README.
"""

from __future__ import annotations

from typing import NoReturn

MAX_DIGITS = 12


class SecretDigits:
    """Up to twelve typed digits. `wipe()` overwrites them; after that the buffer is empty and can be used again."""

    __slots__ = ("_digits", "_length")

    def __init__(self) -> None:
        self._digits = bytearray(MAX_DIGITS)  # never grows: a buffer that moves leaves its old place unwiped
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def push(self, digit: int) -> None:
        """Append one digit 0..9; further digits than twelve are ignored."""
        if not 0 <= digit <= 9:
            raise ValueError("a digit is 0..9")
        if self._length < MAX_DIGITS:
            self._digits[self._length] = 0x30 + digit
            self._length += 1

    def drop_last(self) -> None:
        """Take back the last digit, if there is one."""
        if self._length:
            self._length -= 1
            self._digits[self._length] = 0

    def reveal(self) -> bytearray:
        """The digits in ASCII, for the sealer alone. The caller overwrites the copy it gets."""
        return self._digits[: self._length]

    def wipe(self) -> None:
        """Overwrite and empty the buffer."""
        for index in range(MAX_DIGITS):
            self._digits[index] = 0
        self._length = 0

    def __repr__(self) -> str:
        return "SecretDigits(•••)"

    __str__ = __repr__

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is not pickled")

    def __copy__(self) -> NoReturn:
        raise TypeError("a secret is not copied")

    def __deepcopy__(self, memo: object) -> NoReturn:
        raise TypeError("a secret is not copied")
