"""What a clipboard brings into a field: one line of letters people can see, and no more of it than a field holds.

Qt keeps line breaks, control characters and marks of direction in a field's text and merely does not draw them; what
is drawn has to be what is meant. A trailing line break, as a copied number mostly has one, must not cost the number.
"""

from __future__ import annotations

import unicodedata

from PySide6.QtWidgets import QLineEdit

LONGEST = 400
"""Characters: a signed voucher can be typed in, if it must be."""


def visible(text: str) -> str:
    """Line breaks and tabs as blanks, other characters without a picture of their own left out."""
    spaced = "".join(" " if letter.isspace() else letter for letter in text)
    return "".join(letter for letter in spaced if not unicodedata.category(letter).startswith("C"))


def one_line(field: QLineEdit) -> None:
    """Hold a field to it from now on."""
    field.setMaxLength(min(field.maxLength(), LONGEST))

    def clean(text: str) -> None:
        if (shown := visible(text)) != text:
            at = field.cursorPosition()
            field.setText(shown)
            field.setCursorPosition(min(at, len(shown)))

    field.textChanged.connect(clean)
