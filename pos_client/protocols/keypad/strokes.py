"""Key codes of a keyboard in, keys of the customer's keypad out. Codes are Linux's (`input-event-codes.h`), which for
the keys of a PC of 1984 are its scan codes; Windows' are brought to them by `raw_input.py`.

A press counts once, when a key goes down that was not down: what repeats while a key is held, and what comes up that
never went down (it was held when we began to listen), is nothing. Which lamp a keypad believes to be on does not
matter: digits are digits, and so is what a keypad with its NumLock off makes of them (7 is Home, 4 is Left). A NumLock
pressed by the keypad itself around each digit, as some do, is no key of ours; neither are letters.
"""

from __future__ import annotations

from pos_client.protocols.keypad.keys import Key, OtherKey

EV_SYN, EV_KEY = 0, 1
SYN_DROPPED = 3
"""The system threw events away because nobody fetched them: a key may be missing."""
UP, DOWN = 0, 1
"""Values of a key event; 2 is the repeat of one that is held."""

_ROW = {2: 1, 3: 2, 4: 3, 5: 4, 6: 5, 7: 6, 8: 7, 9: 8, 10: 9, 11: 0}
_PAD = {79: 1, 80: 2, 81: 3, 75: 4, 76: 5, 77: 6, 71: 7, 72: 8, 73: 9, 82: 0}
_PAD_WITHOUT_NUMLOCK = {107: 1, 108: 2, 109: 3, 105: 4, 106: 6, 102: 7, 103: 8, 104: 9, 110: 0}
"""End, Down, PageDown, Left, Right, Home, Up, PageUp, Insert; 5 keeps its own code."""
_OTHERS = {
    **dict.fromkeys((28, 96), OtherKey.OK),  # both Enter keys
    **dict.fromkeys((14, 83, 111), OtherKey.CLEAR),  # Backspace, the point on the pad, Delete
    **dict.fromkeys((1, 74), OtherKey.CANCEL),  # Esc, minus on the pad
}
KEYS: dict[int, Key] = {**_ROW, **_PAD, **_PAD_WITHOUT_NUMLOCK, **_OTHERS}
DIGIT_CODES = frozenset((*_ROW, *_PAD))
"""A device without any of these is no keypad."""


class Strokes:
    """The keys of one device that are down now, and what their going down means."""

    def __init__(self) -> None:
        self._down: set[int] = set()

    def take(self, code: int, value: int) -> Key | None:
        """A key of the customer's keypad that was pressed just now, or nothing."""
        if value == UP:
            self._down.discard(code)
            return None
        if value != DOWN or code in self._down:
            return None
        self._down.add(code)
        return KEYS.get(code)

    def forget(self) -> None:
        """Nobody knows what is down: events were lost, or the device was."""
        self._down.clear()
