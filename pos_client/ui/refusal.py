"""When the terminal cannot start: one window that says what happened, what it means, and whom to call; F1 says more."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import Notice, Severity
from pos_client.settings.faults import Fault
from pos_client.ui.assets import load_theme
from pos_client.ui.help.book import Chapter, read_book
from pos_client.ui.help.topics import Topic
from pos_client.ui.style import Style
from pos_client.ui.technician.view_model import fault_text
from pos_client.ui.wording import notice_text

MOST_FAULTS = 8
WIDE_PX = 640


class RefusalWindow(QWidget):
    """Object name "refusal". Text can be selected, for the telephone or a photograph. Esc closes, F1 opens and closes
    the chapter of help (there is none where its file is damaged too), Enter is the key in the accent's colour.

    `offer`: a way on that can be taken instead of closing; `taken` says afterwards whether it was.
    """

    def __init__(
        self,
        style: Style,
        words: Catalogue,
        code: str,
        faults: Sequence[Fault] = (),
        offer: str = "",
        help_folder: Path | None = None,
    ) -> None:
        super().__init__()
        self.look, self._words, self.taken = style, words, False
        self.setObjectName("refusal")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setStyleSheet(f"QWidget#refusal {{ background: {style.theme.colour('paper')}; }}{style.sheet()}")
        self.setWindowTitle(words.say("refusal.title"))
        said = notice_text(words, Notice(code, Severity.ERROR))
        lines = [f"{fault.place}: {fault_text(words, fault)}".removeprefix(": ") for fault in faults]
        if len(lines) > MOST_FAULTS:
            lines = [*lines[:MOST_FAULTS], f"+{len(lines) - MOST_FAULTS}"]
        parts = (
            (said.what, "title"),
            (said.means, ""),
            ("\n".join(lines), "soft"),
            (said.key, "strong"),
            (words.say("refusal.hotline"), "help"),
        )
        column = QVBoxLayout(self)
        style.lay(column, "apart", "wide")
        column.addWidget(self._card(parts))
        chapter = _chapter(help_folder, words.language)
        self._help = self._card(_told(chapter)) if chapter is not None else None
        if self._help is not None:
            self._help.setObjectName("refusal-help")
            self._help.hide()
            column.addWidget(self._help)
        column.addStretch(1)
        column.addLayout(self._keys(offer))
        self.setMinimumWidth(style.px(WIDE_PX))

    def _card(self, parts: Sequence[tuple[str, str]]) -> QFrame:
        card = QFrame(self)
        card.setProperty("panel", True)
        column = QVBoxLayout(card)
        self.look.lay(column, "near", "wide")
        for text, role in parts:
            if text:
                label = QLabel(text, card)
                label.setWordWrap(True)
                label.setProperty("role", role)
                label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
                column.addWidget(label)
        return card

    def _keys(self, offer: str) -> QHBoxLayout:
        keys = QHBoxLayout()
        self.look.lay(keys, "near")
        if self._help is not None:
            more = QPushButton(f"F1  {self._words.say('refusal.help')}", self)
            more.setObjectName("refusal-more")
            more.clicked.connect(self._toggle_help)
            keys.addWidget(more)
        keys.addStretch(1)
        close = QPushButton(f"Esc  {self._words.say('refusal.close')}", self)
        close.setObjectName("refusal-close")
        close.clicked.connect(self.close)
        keys.addWidget(close)
        if offer:
            take = QPushButton(offer, self)
            take.setObjectName("refusal-offer")
            take.setProperty("kind", "primary")
            take.clicked.connect(self._take)
            keys.addWidget(take)
            take.setFocus()
        return keys

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter is the offer's, and nobody's without one."""
        take = self.findChild(QPushButton, "refusal-offer")
        match event.key():
            case Qt.Key.Key_Escape:
                self.close()
            case Qt.Key.Key_F1 if self._help is not None:
                self._toggle_help()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                focused = self.focusWidget()
                key = focused if isinstance(focused, QPushButton) else take
                if key is not None:
                    key.click()
            case _:
                super().keyPressEvent(event)

    def _toggle_help(self) -> None:
        if self._help is not None:
            self._help.setVisible(self._help.isHidden())
            self.adjustSize()

    def _take(self) -> None:
        self.taken = True
        self.close()


def _chapter(folder: Path | None, language: str) -> Chapter | None:
    """What help says of a terminal that cannot start; None where the installation has lost it."""
    try:
        return read_book(folder / f"{language}.toml")[Topic.START] if folder is not None else None
    except (OSError, ValueError, KeyError):
        return None


def _told(chapter: Chapter) -> list[tuple[str, str]]:
    wrong = [part for seen, do in chapter.wrong for part in ((seen, "tone-attention"), (do, ""))]
    return [(chapter.title, "title"), *((line, "") for line in chapter.what), *wrong]


def show_refusal(
    application: QApplication,
    resources: Path,
    words: Catalogue,
    code: str,
    faults: Sequence[Fault],
    offer: str = "",
) -> bool:
    """Show why we cannot start, until it is closed. Whether the way on that was offered was taken."""
    style = Style(load_theme(resources / "styles", "day"))
    window = RefusalWindow(style, words, code, faults, offer, resources / "help")
    window.show()
    application.exec()
    return window.taken
