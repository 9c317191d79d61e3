"""When the terminal cannot start: one window that says what happened, what it means, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import Notice, Severity
from pos_client.settings.validation import Fault
from pos_client.ui.technician.view_model import fault_text
from pos_client.ui.wording import notice_text

MOST_FAULTS = 8


class RefusalWindow(QWidget):
    """Object name "refusal". Text can be selected, for the telephone or a photograph."""

    def __init__(self, words: Catalogue, code: str, faults: Sequence[Fault] = ()) -> None:
        super().__init__()
        self.setObjectName("refusal")
        self.setWindowTitle(words.say("refusal.title"))
        said = notice_text(words, Notice(code, Severity.ERROR))
        column = QVBoxLayout(self)
        column.setContentsMargins(32, 28, 32, 24)
        column.setSpacing(12)
        lines = [f"{fault.place}: {fault_text(words, fault)}".removeprefix(": ") for fault in faults]
        if len(lines) > MOST_FAULTS:
            lines = [*lines[:MOST_FAULTS], f"+{len(lines) - MOST_FAULTS}"]
        for text, size in (
            (said.what, 20),
            (said.means, 15),
            ("\n".join(lines), 15),
            (said.key, 15),
            (words.say("refusal.hotline"), 13),
        ):
            if text:
                column.addWidget(_label(text, size))
        close = QPushButton(words.say("refusal.close"), self)
        close.setMinimumHeight(44)
        close.clicked.connect(self.close)
        column.addWidget(close, 0, Qt.AlignmentFlag.AlignRight)
        self.setMinimumWidth(560)


def _label(text: str, size: int) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    font.setPixelSize(size)
    font.setBold(size >= 20)
    label.setFont(font)
    return label


def show_refusal(application: QApplication, words: Catalogue, code: str, faults: Sequence[Fault]) -> int:
    """Show why we cannot start, until it is closed. The exit code: 1, "the answer is no"."""
    window = RefusalWindow(words, code, faults)
    window.show()
    application.exec()
    return 1
