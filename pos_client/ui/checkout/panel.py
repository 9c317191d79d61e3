"""The sale card: head, points panel, story, tender keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.checkout.advice_box import AdviceBox
from pos_client.ui.checkout.paper import Paper
from pos_client.ui.checkout.sale_head import SaleHead
from pos_client.ui.checkout.story import Story
from pos_client.ui.checkout.tender_pad import TenderPad
from pos_client.ui.checkout.view_model import TENDER_KEYS, pad_view, sale_view
from pos_client.ui.loyalty.panel import PointsPanel
from pos_client.ui.loyalty.view_model import panel_view
from pos_client.ui.style import Style


class SalePanel(QFrame):
    """`tender_chosen(TenderKind)` and `points_acted(PanelVerb)`."""

    tender_chosen = Signal(object)
    part_wanted = Signal()
    points_acted = Signal(object)

    def __init__(self, style: Style, words: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.setProperty("panel", True)
        self.setObjectName("sale-panel")
        self.look, self._column = style, QVBoxLayout(self)
        column = self._column
        self._lay_out()
        self._head = SaleHead(style, self)
        self.points = PointsPanel(style, words.say("entry.amount"), words.say("entry.amount_hint"), self)
        self._advice = AdviceBox(style, self)
        self._story = Story(style, self)
        self._paper = Paper(style, self)
        self._pad = TenderPad(style, tuple(kind for kind, _ in TENDER_KEYS), words.say("entry.part_key"), self)
        for widget in (self._head, self.points, self._advice, self._story, self._paper, self._pad):
            column.addWidget(widget)
        self.points.acted.connect(self.points_acted)
        self._pad.chosen.connect(self.tender_chosen)
        self._pad.part_wanted.connect(self.part_wanted)

    def _lay_out(self) -> None:
        low = self.look.compact
        self.look.lay(self._column, "tight" if low else "near", ("wide", "near" if low else "apart"))

    def show_snapshot(self, snapshot: TerminalSnapshot | None, now: int) -> None:
        """Draw what changed; before the first snapshot only that we are starting."""
        view = sale_view(self._words, snapshot, now)
        self._head.show_view(view)
        self._story.show_view(view.rows)
        self._paper.show_view(view.paper)
        self._advice.show_view(view.advice)
        self._advice.setVisible(view.advice is not None)
        self._story.setVisible(not view.paper)
        self._paper.setVisible(bool(view.paper))
        if snapshot is None:
            self.points.hide()
            self._pad.hide()
            return
        wanted = snapshot.ready and (snapshot.points_panel is not None or snapshot.customer is not None)
        if self.points.isHidden() == wanted:
            self.points.setVisible(wanted)
        self.points.show_view(panel_view(self._words, snapshot, now))
        if self._pad.isHidden() == (snapshot.sale is not None):
            self._pad.setVisible(snapshot.sale is not None)
        self._pad.show_view(pad_view(self._words, snapshot))

    def changeEvent(self, event: QEvent) -> None:
        """A new scale: a low window has narrower margins."""
        if event.type() == QEvent.Type.StyleChange:
            self._lay_out()
        super().changeEvent(event)
