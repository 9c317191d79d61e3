"""A page's way to a file: asks the thread that writes, and says on the page what came of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QLabel, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.ui.exports.document import Document, ExportDesk, Exported, said
from pos_client.ui.formats import Format
from pos_client.ui.parts.roles import give_role
from pos_client.ui.technician.crossing import Crossing
from pos_client.ui.tone import Tone


class Exporter(QLabel):
    """The line that says where the file is; hidden while there is nothing to say. Object name "exported"."""

    def __init__(self, words: Catalogue, desk: ExportDesk | None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._desk = words, desk
        self._crossing = Crossing(self)
        self.setObjectName("exported")
        self.setWordWrap(True)
        self.hide()

    def export(self, make: Callable[[], Document], form: Format) -> None:
        """A document as a file."""
        if (desk := self._desk) is not None:
            self.export_by(lambda tell: desk.write(make, form, tell))

    def export_by(self, ask: Callable[[Callable[[Exported], None]], None]) -> None:
        """Somebody is asked for a file, and given whom to tell."""
        self._say(self._words.say("records.exporting"), Tone.PROGRESS)
        ask(self._crossing.asks("export", self._heard))

    def forget(self) -> None:
        """Say nothing any more."""
        self.hide()

    def _heard(self, done: Exported) -> None:
        self._say(*said(self._words, done))

    def _say(self, text: str, tone: Tone) -> None:
        self.setText(text)
        give_role(self, f"tone-{tone.value}")
        self.show()
