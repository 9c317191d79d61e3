"""How a tile is drawn: the large layout for the usual forecourt, the small one when up to 32 points share the room.

Both scale with the tile itself, not with the window, so that six tiles fill what they have.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from pos_client.ui import figures
from pos_client.ui.forecourt.view_model import TileView
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.painted import box
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Tone

DESIGN_W, DESIGN_H = 252, 188
"""The room the large layout was drawn for; a tile's own unit is its share of it."""
LEFT, RIGHT = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight
BOTTOM = Qt.AlignmentFlag.AlignBottom


class LargeTile:
    """Number and state on top, grade below, the money at the foot."""

    def __init__(self, painter: QPainter, look: Style, view: TileView, area: QRectF, percent: float) -> None:
        self.p, self.look, self.view = painter, look, view
        self.percent = percent
        aside, above = self._space("wide"), self._space("apart")
        self.area = area.adjusted(aside, above, -aside, -above)

    def _u(self, pixels: int) -> int:
        return round(pixels * self.percent / 100)

    def _space(self, step: str) -> int:
        """Distances shrink and grow with the tile too."""
        return self._u(self.look.theme.space_px[step])

    def _type(self, pixels: int) -> int:
        """Size of words: they shrink with the tile, but never below what can be read."""
        return max(self._u(pixels), self.look.size("small"))

    def _row(self, bottom: float, height: int) -> QRectF:
        return QRectF(self.area.left(), bottom - height, self.area.width(), height)

    def draw(self) -> None:
        """Top rows from the top, the rest from the foot."""
        look, view = self.look, self.view
        top = QRectF(self.area.left(), self.area.top(), self.area.width(), self._u(36))
        number = look.font_px(self._u(31), BOLD)
        used = figures.draw(self.p, top, str(view.number), number, look.colour("ink"))
        self._pill(top, used + self._u(10))
        grade = QRectF(self.area.left(), top.bottom() + self._u(2), self.area.width(), self._u(28))
        size = self._u(24)  # read at arm's length: as large as the tile is wide
        while size > self._type(17) and figures.line_width(view.grade, look.font_px(size, BOLD)) > grade.width():
            size -= 1
        figures.line(self.p, grade, view.grade, look.font_px(size, BOLD), look.colour("ink"))
        below = grade.bottom()
        if view.mark:
            below = self._mark(QRectF(grade.left(), below + self._u(2), grade.width(), self._u(22)))
        self._rest(below)

    def _pill(self, row: QRectF, taken: float) -> None:
        look, view = self.look, self.view
        font = look.font_px(self._type(14), SEMIBOLD)
        sign, gap, pad = self._u(12), self._space("tight"), self._space("near")
        room = row.width() - taken - sign - gap - 2 * pad
        says = (view.pill, view.pill.split(" · ")[0], view.short)
        pill = next((text for text in says if figures.width(text, font) <= room), view.pill)
        wide = min(figures.width(pill, font), room)
        rect = QRectF(0, 0, wide + sign + gap + 2 * pad, self._u(25))
        rect.moveTopRight(row.topRight())
        rect.translate(0, (row.height() - rect.height()) / 2)
        box(self.p, rect, look.tone(view.tone, "solid"), None, rect.height() / 2)
        ink = look.tone(view.tone, "on_solid")
        mark = QRectF(rect.left() + pad, rect.center().y() - sign / 2, sign, sign)
        shapes.draw(self.p, mark, view.shape, ink)
        text = QRectF(mark.right() + gap, rect.top(), wide + 1, rect.height())
        figures.draw(self.p, text, pill, font, ink)

    def _mark(self, row: QRectF) -> float:
        look, sign = self.look, self._u(16)
        ink = look.tone(Tone.PROGRESS, "ink")
        shapes.draw(self.p, QRectF(row.left(), row.center().y() - sign / 2, sign, sign), self.view.mark_shape, ink)
        row.setLeft(row.left() + sign + self._u(6))
        figures.line(self.p, row, self.view.mark, look.font_px(self._type(15), SEMIBOLD), ink)
        return row.bottom()

    def _rest(self, below: float) -> None:
        """What is below the head. Foot and progress stand at the bottom; the money keeps to the middle of what is left,
        so that a tall tile has no hole."""
        view, bottom = self.view, self.area.bottom()
        if view.progress_permille is not None:
            bottom = self._progress(bottom)
        if view.foot or view.key:
            self._foot(self._row(bottom, self._u(24)))
            bottom -= self._u(25)
        if view.explanation:
            self._explanation(below, bottom)
            return
        aside_below = bool(view.aside) and not self._fits_beside()
        if aside_below:
            self._aside(self._row(bottom, self._u(24)), LEFT)
            bottom -= self._u(25)
        row = self._row(bottom, self._u(28))
        if view.litres or view.past or (view.aside and not aside_below):
            block = self._u(26) + (self._u(48) if view.amount else 0)
            row.translate(0, -max(0.0, (bottom - below - block) * 0.36))
            used = self._aside(row, RIGHT) if view.aside and not aside_below else 0
            rest = QRectF(row.left(), row.top(), row.width() - used, row.height())
            self._quiet(rest)
        if view.amount:
            self._amount(row.top() + self._u(2), below)

    def _fits_beside(self) -> bool:
        if not self.view.litres:
            return False
        both = figures.width(self.view.litres, self._litres_font()) + figures.width(self.view.aside, self._aside_font())
        return both + self._u(10) <= self.area.width()

    def _litres_font(self) -> QFont:
        return self.look.font_px(self._type(18), MEDIUM)

    def _aside_font(self) -> QFont:
        return self.look.font_px(self._type(15), SEMIBOLD if self.view.aside_tone is not Tone.NEUTRAL else REGULAR)

    def _aside(self, row: QRectF, align: Qt.AlignmentFlag) -> float:
        return figures.draw(self.p, row, self.view.aside, self._aside_font(), self._ink(self.view.aside_tone), align)

    def _quiet(self, row: QRectF) -> None:
        """Litres of this delivery, or the amount of the last one."""
        if self.view.litres:
            figures.draw(self.p, row, self.view.litres, self._litres_font(), self.look.colour("ink"))
        else:
            figures.draw(self.p, row, self.view.past, self.look.font_px(self._u(22), MEDIUM), self.look.colour("soft"))

    def _foot(self, row: QRectF) -> None:
        view, look = self.view, self.look
        if view.key:
            key = look.font_px(self._type(16), BOLD)
            row.setRight(row.right() - figures.line(self.p, row, view.key, key, look.colour("accent"), RIGHT))
        weight = MEDIUM if view.foot_tone is not Tone.NEUTRAL else REGULAR
        figures.draw(self.p, row, view.foot, look.font_px(self._type(16), weight), self._ink(view.foot_tone))

    def _explanation(self, below: float, bottom: float) -> None:
        view, look = self.view, self.look
        room = QRectF(self.area.left(), below + self._u(4), self.area.width(), bottom - below - self._u(4))
        if view.aside:
            self._aside(self._row(bottom, self._u(22)), LEFT)
            room.setBottom(bottom - self._u(24))
        ink = self._ink(view.tone) if view.tone is not Tone.NEUTRAL else look.colour("soft")
        prose.draw(self.p, room, view.explanation, look.font_px(self._type(15), MEDIUM), ink, BOTTOM)

    def _amount(self, bottom: float, below: float) -> None:
        look = self.look
        size = self._u(40)
        while size > self._u(22) and (
            figures.width(self.view.amount, look.font_px(size, BOLD)) > self.area.width() or size * 1.2 > bottom - below
        ):
            size -= 1
        row = self._row(bottom, round(size * 1.22))
        figures.draw(self.p, row, self.view.amount, look.font_px(size, BOLD), look.colour("ink"))

    def _progress(self, bottom: float) -> float:
        look, high = self.look, self._u(8)
        track = QRectF(self.area.left(), bottom - high, self.area.width(), high)
        box(self.p, track, look.tone(Tone.PROGRESS, "solid"), None, high / 2)
        done = QRectF(track)
        done.setWidth(max(high, track.width() * (self.view.progress_permille or 0) / 1000))
        box(self.p, done, look.tone(Tone.PROGRESS, "line"), None, high / 2)
        return bottom - high - self._u(7)

    def _ink(self, tone: Tone) -> QColor:
        return self.look.colour("soft") if tone is Tone.NEUTRAL else self.look.tone(tone, "ink")


class SmallTile:
    """Number and sign, state in a word, amount: readable with 32 points on one screen."""

    def __init__(self, painter: QPainter, look: Style, view: TileView, area: QRectF) -> None:
        self.p, self.look, self.view = painter, look, view
        pad = look.space("hair")
        self.area = area.adjusted(pad + 1, look.space("tight"), -pad, -look.space("near"))

    def draw(self) -> None:
        """Three rows that share the height."""
        look, view, area = self.look, self.view, self.area
        third = area.height() / 3
        top = QRectF(area.left(), area.top(), area.width(), third)
        size = round(min(third * 0.86, look.px(26)))
        figures.draw(self.p, top, str(view.number), look.font_px(size, BOLD), look.colour("ink"))
        sign = round(min(third * 0.7, look.px(18)))
        ink = look.colour("soft") if view.tone is Tone.NEUTRAL else look.tone(view.tone, "ink")
        mark = QRectF(area.right() - sign, top.center().y() - sign / 2, sign, sign)
        shapes.draw(self.p, mark, view.shape, ink)
        if view.mark:
            shapes.draw(self.p, mark.translated(-sign * 1.5, 0), view.mark_shape, look.tone(Tone.PROGRESS, "ink"))
        word = QRectF(area.left(), top.bottom(), area.width(), third)
        figures.line(self.p, word, view.short, look.font_px(look.px(13), SEMIBOLD), ink)
        text = view.amount or view.key or (view.foot if view.foot_tone is not Tone.NEUTRAL else "")
        smallest = look.font_px(look.px(13), BOLD)
        if figures.width(text, smallest) > area.width():
            text = text.removesuffix(" đ")  # every digit before the sign
        foot = QRectF(area.left(), word.bottom(), area.width(), third)
        size = round(min(third * 0.72, look.px(20)))
        while size > look.px(13) and figures.width(text, look.font_px(size, BOLD)) > area.width():
            size -= 1
        font = look.font_px(size, BOLD)
        narrow = figures.width(text, font) > area.width()  # then each digit as wide as it is: it stands in no column
        (figures.line if narrow else figures.draw)(self.p, foot, text, font, look.colour("ink"))
        if view.progress_permille is not None:
            track = QRectF(area.left(), area.bottom() + look.px(1), area.width(), look.px(3))
            box(self.p, track, look.tone(Tone.PROGRESS, "solid"), None, 1.5)
            track.setWidth(track.width() * view.progress_permille / 1000)
            box(self.p, track, look.tone(Tone.PROGRESS, "line"), None, 1.5)
