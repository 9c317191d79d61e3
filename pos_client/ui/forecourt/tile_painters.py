"""How a tile is drawn: the large layout for the usual forecourt, the small one when up to 32 points share the room.

Both scale with the tile itself, not with the window, so that six tiles fill what they have.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter

from pos_client.ui import figures
from pos_client.ui.forecourt.view_model import TileView
from pos_client.ui.parts import prose, shapes
from pos_client.ui.parts.painted import box
from pos_client.ui.style import BOLD, MEDIUM, REGULAR, SEMIBOLD, Style
from pos_client.ui.tone import Shape, Tone

DESIGN_W, DESIGN_H = 252, 188
"""The room the large layout was drawn for; a tile's own unit is its share of it."""
RIGHT = Qt.AlignmentFlag.AlignRight
BOTTOM = Qt.AlignmentFlag.AlignBottom


class LargeTile:
    """Number and state on top, grade below, the money at the foot."""

    def __init__(self, painter: QPainter, look: Style, view: TileView, area: QRectF, percent: float) -> None:
        self.p, self.look, self.view = painter, look, view
        self.percent = percent
        pad = self._u(15)
        self.area = area.adjusted(pad, self._u(11), -pad, -self._u(12))

    def _u(self, pixels: int) -> int:
        return round(pixels * self.percent / 100)

    def _row(self, bottom: float, height: int) -> QRectF:
        return QRectF(self.area.left(), bottom - height, self.area.width(), height)

    def draw(self) -> None:
        """Top rows from the top, the rest from the foot."""
        look, view = self.look, self.view
        top = QRectF(self.area.left(), self.area.top(), self.area.width(), self._u(36))
        number = look.font_px(self._u(31), BOLD)
        used = figures.draw(self.p, top, str(view.number), number, look.colour("ink"))
        self._pill(top, used + self._u(10))
        grade = QRectF(self.area.left(), top.bottom() + self._u(2), self.area.width(), self._u(24))
        name = look.font_px(self._u(18), SEMIBOLD)
        if view.gift:
            used = self._gift(grade)
            grade.setRight(grade.right() - used - self._u(8))
        figures.draw(self.p, grade, view.grade, name, look.colour("ink"))
        self._foot(grade.bottom())

    def _pill(self, row: QRectF, taken: float) -> None:
        look, view = self.look, self.view
        font = look.font_px(self._u(14), SEMIBOLD)
        sign, gap, pad = self._u(12), self._u(6), self._u(9)
        room = row.width() - taken - sign - gap - 2 * pad
        wide = min(figures.width(view.pill, font), room)
        rect = QRectF(0, 0, wide + sign + gap + 2 * pad, self._u(25))
        rect.moveTopRight(row.topRight())
        rect.translate(0, (row.height() - rect.height()) / 2)
        box(self.p, rect, look.tone(view.tone, "solid"), None, rect.height() / 2)
        ink = look.tone(view.tone, "on_solid")
        mark = QRectF(rect.left() + pad, rect.center().y() - sign / 2, sign, sign)
        shapes.draw(self.p, mark, view.shape, ink)
        text = QRectF(mark.right() + gap, rect.top(), wide + 1, rect.height())
        figures.draw(self.p, text, view.pill, font, ink)

    def _gift(self, row: QRectF) -> float:
        look = self.look
        font = look.font_px(self._u(14), SEMIBOLD)
        ink = look.tone(Tone.PROGRESS, "ink")
        used = figures.draw(self.p, row, self.view.gift, font, ink, RIGHT)
        sign = self._u(15)
        mark = QRectF(row.right() - used - sign - self._u(5), row.center().y() - sign / 2, sign, sign)
        shapes.draw(self.p, mark, Shape.GIFT, ink)
        return used + sign + self._u(5)

    def _foot(self, below: float) -> None:
        look, view, bottom = self.look, self.view, self.area.bottom()
        body = look.font_px(self._u(16), REGULAR)
        strong = look.font_px(self._u(15), SEMIBOLD)
        if view.progress_permille is not None:
            bottom = self._progress(bottom)
        if view.explanation:
            room = QRectF(self.area.left(), below + self._u(4), self.area.width(), bottom - below - self._u(4))
            if view.aside:
                figures.draw(self.p, self._row(bottom, self._u(22)), view.aside, strong, self._ink(view.aside_tone))
                room.setBottom(bottom - self._u(24))
            ink = self._ink(view.tone) if view.tone is not Tone.NEUTRAL else look.colour("soft")
            prose.draw(self.p, room, view.explanation, look.font_px(self._u(15), MEDIUM), ink, BOTTOM)
            return
        lone = not view.litres
        if view.foot or view.key:
            row = self._row(bottom, self._u(22))
            right = view.key or (view.aside if lone else "")
            ink = look.colour("accent") if view.key else self._ink(view.aside_tone)
            used = figures.draw(self.p, row, right, strong if view.key else body, ink, RIGHT) if right else 0
            row.setRight(row.right() - used - self._u(8))
            figures.draw(self.p, row, view.foot, body, self._ink(view.foot_tone))
            bottom -= self._u(23)
        if view.litres or (view.aside and (view.key or not view.foot)):
            row = self._row(bottom, self._u(24))
            aside = strong if view.aside_tone is not Tone.NEUTRAL else body
            used = figures.draw(self.p, row, view.aside, aside, self._ink(view.aside_tone), RIGHT) if view.aside else 0
            row.setRight(row.right() - used - self._u(8))
            figures.draw(self.p, row, view.litres, look.font_px(self._u(18), MEDIUM), look.colour("ink"))
            bottom -= self._u(25)
        if view.amount:
            self._amount(bottom, below)

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
        pad = look.px(9)
        self.area = area.adjusted(pad, look.px(5), -pad, -look.px(6))

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
        if view.gift:
            shapes.draw(self.p, mark.translated(-sign * 1.5, 0), Shape.GIFT, look.tone(Tone.PROGRESS, "ink"))
        word = QRectF(area.left(), top.bottom(), area.width(), third)
        figures.draw(self.p, word, view.state, look.font_px(look.px(13), SEMIBOLD), ink)
        text = view.amount or view.key or (view.foot if view.foot_tone is not Tone.NEUTRAL else "")
        foot = QRectF(area.left(), word.bottom(), area.width(), third)
        size = round(min(third * 0.72, look.px(20)))
        while size > look.px(13) and figures.width(text, look.font_px(size, BOLD)) > area.width():
            size -= 1
        figures.draw(self.p, foot, text, look.font_px(size, BOLD), look.colour("ink"))
        if view.progress_permille is not None:
            track = QRectF(area.left(), area.bottom() + look.px(1), area.width(), look.px(3))
            box(self.p, track, look.tone(Tone.PROGRESS, "solid"), None, 1.5)
            track.setWidth(track.width() * view.progress_permille / 1000)
            box(self.p, track, look.tone(Tone.PROGRESS, "line"), None, 1.5)
