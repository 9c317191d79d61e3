"""An inline entry in place of the customer chip: caption, field, hint. Nothing modal: the forecourt stays."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.style import Style


class Entry(QFrame):
    """`field` holds what is typed; the shell decides what Enter and Esc mean."""

    def __init__(
        self,
        style: Style,
        name: str,
        caption: str,
        hint: str,
        validator: QValidator | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = style
        self.setProperty("panel", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        title, help_line = QLabel(caption, self), QLabel(hint, self)
        title.setProperty("role", "strong")
        help_line.setProperty("role", "help")
        self.field = QLineEdit(self)
        self.field.setObjectName(name)
        self.field.setAccessibleName(caption)
        if validator is not None:
            self.field.setValidator(validator)
        self.enter, self.close_key = KeyButton(style, "Enter", "", self), KeyButton(style, "Esc", "", self)
        words = QHBoxLayout()
        words.addWidget(title)
        words.addStretch(1)
        words.addWidget(help_line)
        keys = QHBoxLayout()
        style.lay(keys, "near")
        keys.addWidget(self.field, 1)
        keys.addWidget(self.enter)
        keys.addWidget(self.close_key)
        column = QVBoxLayout(self)
        style.lay(column, "tight", ("wide", "near", "apart", "near"))
        column.addLayout(words)
        column.addLayout(keys)

    def open(self) -> None:
        """Empty, with the cursor in it."""
        self.field.clear()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
