"""When the terminal cannot start: one window that says what happened, what it means, and whom to call."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import Notice, Severity
from pos_client.settings.faults import Fault
from pos_client.ui.technician.view_model import fault_text
from pos_client.ui.wording import notice_text

MOST_FAULTS = 8


class RefusalWindow(QWidget):
    """Object name "refusal". Text can be selected, for the telephone or a photograph.

    `offer`: a way on that can be taken instead of closing; `taken` says afterwards whether it was.
    """

    def __init__(self, words: Catalogue, code: str, faults: Sequence[Fault] = (), offer: str = "") -> None:
        super().__init__()
        self.taken = False
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
        keys = QHBoxLayout()
        keys.addStretch(1)
        if offer:
            take = QPushButton(offer, self)
            take.setObjectName("refusal-offer")
            take.setMinimumHeight(44)
            take.clicked.connect(self._take)
            keys.addWidget(take)
        keys.addWidget(close)
        column.addLayout(keys)
        self.setMinimumWidth(560)

    def _take(self) -> None:
        self.taken = True
        self.close()


def _label(text: str, size: int) -> QLabel:
    label = QLabel(text)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    font = label.font()
    font.setPixelSize(size)
    font.setBold(size >= 20)
    label.setFont(font)
    return label


def show_refusal(
    application: QApplication, words: Catalogue, code: str, faults: Sequence[Fault], offer: str = ""
) -> bool:
    """Show why we cannot start, until it is closed. Whether the way on that was offered was taken."""
    window = RefusalWindow(words, code, faults, offer)
    window.show()
    application.exec()
    return window.taken
