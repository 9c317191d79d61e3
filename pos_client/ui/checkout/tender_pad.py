"""The tender keys: cash, QR, card, each with the points it would bring, before anybody pays."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from pos_client.domain.tender import TenderKind
from pos_client.ui import figures
from pos_client.ui.checkout.view_model import PadView, TenderView
from pos_client.ui.parts import prose
from pos_client.ui.parts.key_button import KeyButton
from pos_client.ui.parts.painted import Painted, box, key_ground
from pos_client.ui.style import BOLD, MEDIUM, SEMIBOLD, Style
from pos_client.ui.tone import Tone

RIGHT = Qt.AlignmentFlag.AlignRight


class TenderKey(QAbstractButton):
    """One tender."""

    def __init__(self, style: Style, kind: TenderKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.look = style
        self.view = TenderView(kind, "", "")
        self.setObjectName(f"tender-{kind.value}")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """Two lines, well above 44 px."""
        return QSize(self.look.px(120), self.look.room(66, 56))

    def changeEvent(self, event: QEvent) -> None:
        """A new scale."""
        if event.type() == QEvent.Type.StyleChange:
            self.updateGeometry()
        super().changeEvent(event)

    def show_view(self, view: TenderView) -> None:
        """Take a view."""
        if view == self.view:
            return
        self.view = view
        self.setEnabled(view.enabled)
        self.setAccessibleName(f"{view.key} {view.name} {view.earns}".strip())
        self.setToolTip(view.earns)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Name and key above, points below."""
        del event
        look, view, painter = self.look, self.view, QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        live = self.isEnabled()
        box(painter, QRectF(self.rect()), key_ground(self, look), look.colour("edge" if live else "line"), look.corner)
        aside, above = (look.space(step) for step in (("near", "tight") if look.compact else ("apart", "near")))
        area = QRectF(self.rect()).adjusted(aside, above, -aside, -above)
        row = QRectF(area.left(), area.top(), area.width(), look.px(26))
        accent = look.colour("accent" if live else "soft")
        used = figures.line(painter, row, view.key, look.font("body", SEMIBOLD), accent, RIGHT)
        row.setRight(row.right() - used - look.px(6))
        name = look.font("strong", BOLD)
        if figures.line_width(view.name, name) > row.width():
            name = look.font("body", BOLD)
        figures.line(painter, row, view.name, name, look.colour("ink" if live else "soft"))
        row = QRectF(area.left(), area.bottom() - look.px(22), area.width(), look.px(22))
        tone = view.earns_tone if live else Tone.NEUTRAL
        ink = look.colour("soft") if tone is Tone.NEUTRAL else look.tone(tone, "ink")
        weight = MEDIUM if tone is Tone.NEUTRAL else SEMIBOLD
        earns = look.font("body", weight)
        if figures.width(view.earns, earns) > row.width():
            earns = look.font("small", weight)
        figures.draw(painter, row, view.earns, earns, ink)


class PadCaption(Painted[str]):
    """What the keys will take."""

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(style, "", parent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One line, or two small ones: the key beside it is as high."""
        return QSize(200, self.look.px(40))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Soft; in two lines where one is too short."""
        del event
        painter, area = QPainter(self), QRectF(self.rect())
        font, ink = self.look.font("small", MEDIUM), self.look.colour("soft")
        if figures.line_width(self.view, font) <= area.width():
            figures.line(painter, area, self.view, font, ink)
        else:
            prose.draw(painter, area, self.view, font, ink)


class TenderPad(QWidget):
    """`chosen(TenderKind)` when a key is touched; `part_wanted` when only a part is to be taken."""

    chosen = Signal(object)
    part_wanted = Signal()

    def __init__(
        self, style: Style, kinds: tuple[TenderKind, ...], part_label: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        column, above, row = QVBoxLayout(self), QHBoxLayout(), QHBoxLayout()
        style.lay(column, "none", "none")
        for layout in (column, above, row):
            style.lay(layout, "near")
        self._caption = PadCaption(style, self)
        above.addWidget(self._caption, 1)
        self._part = KeyButton(style, "F4", part_label, self)
        self._part.setObjectName("part-key")
        self._part.clicked.connect(self.part_wanted)
        above.addWidget(self._part)
        column.addLayout(above)
        column.addLayout(row)
        self._keys: dict[TenderKind, TenderKey] = {}
        for kind in kinds:
            key = TenderKey(style, kind, self)
            key.clicked.connect(lambda *_, kind=kind: self.chosen.emit(kind))
            row.addWidget(key, 1)
            self._keys[kind] = key
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_view(self, view: PadView) -> None:
        """Take a view."""
        self._caption.show_view(view.caption)
        self._part.setEnabled(any(tender.enabled for tender in view.keys))
        for tender in view.keys:
            self._keys[tender.kind].show_view(tender)
