"""A document on paper size A4, by Qt's own PDF writer: a heading, its plots, its tables.

It may be called from any thread: nothing here is a widget, and the bundled fonts are loaded by the application.
"""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPageLayout, QPageSize, QPainter, QPdfWriter

from pos_client.domain.formatting import grouped, litres
from pos_client.domain.plots import Plot
from pos_client.domain.sheets import Cell, Litres, Sheet, as_text
from pos_client.ui.assets import FAMILY
from pos_client.ui.exports.document import Document

DOTS = 100
"""An inch. Figures below are in these dots."""
LEFT, RIGHT, CENTRE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
ROW, GAP, PLOT = 17.0, 12.0, 130.0
INK, SOFT, LINE = QColor("#0f1b2d"), QColor("#4c5a70"), QColor("#d5dce6")
BAR, DOWN = QColor("#0b4ea2"), QColor("#e0650d")


def as_pdf(document: Document) -> bytes:
    """The whole document."""
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setResolution(DOTS)
    writer.setTitle(document.title)
    size, margins = QPageSize(QPageSize.PageSizeId.A4), QMarginsF(12, 12, 12, 12)
    writer.setPageLayout(QPageLayout(size, QPageLayout.Orientation.Landscape, margins, QPageLayout.Unit.Millimeter))
    painter = QPainter(writer)
    page = _Page(writer, painter)
    page.heading(document.title, document.note)
    for plot in document.plots:
        page.plot(plot)
    for sheet in document.sheets:
        page.table(sheet)
    page.foot()
    painter.end()
    return bytes(held.data().data())


class _Page:
    """Where the next line goes; a full page makes way for another."""

    def __init__(self, writer: QPdfWriter, painter: QPainter) -> None:
        self._writer, self._painter = writer, painter
        self._area = QRectF(0, 0, writer.width(), writer.height() - 2 * ROW)
        self._top, self._number = 0.0, 1

    def _font(self, points: float, *, bold: bool = False) -> QFont:
        font = QFont(FAMILY)
        font.setPointSizeF(points)
        font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
        self._painter.setFont(font)
        return font

    def _write(self, area: QRectF, text: str, ink: QColor, align: Qt.AlignmentFlag = LEFT) -> None:
        self._painter.setPen(ink)
        metrics = QFontMetricsF(self._painter.font(), self._writer)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, area.width())
        self._painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, shown)

    def heading(self, title: str, note: str) -> None:
        """What this is, and of which sales."""
        self._font(15, bold=True)
        self._write(QRectF(0, self._top, self._area.width(), 28), title, INK)
        self._font(9)
        self._write(QRectF(0, self._top + 28, self._area.width(), ROW), note, SOFT)
        self._top += 28 + ROW + GAP

    def plot(self, plot: Plot) -> None:
        """Its title and unit, then bars about one line, their figures at their ends."""
        if plot.is_empty:
            return
        self._room(PLOT + ROW + GAP)
        self._font(10, bold=True)
        self._write(QRectF(0, self._top, self._area.width(), ROW), f"{plot.title} ({plot.unit})", INK)
        self._font(6.5)
        up, down = plot.reach
        top, wide = self._top + ROW, min(90.0, self._area.width() / len(plot.bars))
        unit = (PLOT - 3 * ROW) / (up + down)
        zero = top + ROW + unit * up
        for place, bar in enumerate(plot.bars):
            left = place * wide
            high, low = unit * bar.up, unit * bar.down
            self._painter.fillRect(QRectF(left + 2, zero - high, wide - 4, high), BAR)
            self._painter.fillRect(QRectF(left + 2, zero, wide - 4, low), DOWN)
            self._write(QRectF(left, zero - high - ROW, wide, ROW), bar.up_text, INK, CENTRE)
            if bar.down_text:
                self._write(QRectF(left, zero + low, wide, ROW), bar.down_text, INK, CENTRE)
            self._write(QRectF(left, top + PLOT - ROW, wide, ROW), bar.label, SOFT, CENTRE)
        self._painter.fillRect(QRectF(0, zero, wide * len(plot.bars), 0.7), LINE)
        self._top = top + PLOT + GAP

    def table(self, sheet: Sheet) -> None:
        """A table; its headings come again on each page."""
        self._room(4 * ROW)
        self._font(10, bold=True)
        self._write(QRectF(0, self._top, self._area.width(), ROW), sheet.title, INK)
        self._top += ROW
        widths = self._widths(sheet)
        right = [isinstance(cell, int | Litres) for cell in sheet.rows[0]] if sheet.rows else [False] * len(widths)
        self._row(widths, sheet.headings, right, bold=True)
        for row in sheet.rows:
            if self._room(ROW):
                self._row(widths, sheet.headings, right, bold=True)
            self._row(widths, [_text(cell) for cell in row], right)
        self._top += GAP

    def _row(self, widths: list[float], texts: Iterable[str], right: list[bool], *, bold: bool = False) -> None:
        self._font(7.5, bold=bold)
        left = 0.0
        for width, text, to_right in zip(widths, texts, right, strict=False):
            self._write(
                QRectF(left + 3, self._top, width - 6, ROW), text, SOFT if bold else INK, RIGHT if to_right else LEFT
            )
            left += width
        self._painter.fillRect(QRectF(0, self._top + ROW - 0.7, left, 0.7), LINE)
        self._top += ROW

    def _widths(self, sheet: Sheet) -> list[float]:
        """By the longest text of each column among the first rows."""
        metrics = QFontMetricsF(self._font(7.5, bold=True), self._writer)
        looked = [sheet.headings, *([_text(cell) for cell in row] for row in sheet.rows[:200])]
        longest = [max(metrics.horizontalAdvance(line[n]) for line in looked) + 8 for n in range(len(sheet.headings))]
        whole = sum(longest)
        return [width * self._area.width() / whole if whole > self._area.width() else width for width in longest]

    def _room(self, needed: float) -> bool:
        """Room for so much; True when that took a new page."""
        if self._top + needed <= self._area.height():
            return False
        self.foot()
        self._writer.newPage()
        self._top, self._number = 0.0, self._number + 1
        return True

    def foot(self) -> None:
        """The page's number."""
        self._font(7.5)
        self._write(QRectF(0, self._area.height() + ROW, self._area.width(), ROW), str(self._number), SOFT, RIGHT)


def _text(cell: Cell) -> str:
    match cell:
        case Litres():
            return litres(cell.volume_ml)
        case int():
            return grouped(cell)
        case _:
            return as_text(cell)
