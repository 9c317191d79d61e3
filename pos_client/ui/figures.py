"""Text whose digits all have one width, so that a running amount does not dance and columns line up.

Be Vietnam Pro has proportional digits and no `tnum` feature (tried: `QFont.setFeature` changes nothing), so we place
digits ourselves: each stands in a cell as wide as the zero. "4" is a hair wider than that; its side bearings absorb it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

SEPARATOR = " · "
_DIGIT = re.compile(r"(\d)")


def width(text: str, font: QFont) -> float:
    """Width of `text` in pixels as `draw` will set it."""
    metrics = QFontMetricsF(font)
    return sum(advance for _, advance, _ in _runs(text, metrics))


def draw(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Draw one line with equal-width digits, centred in height, elided at its end if too long; returns its width."""
    box = QRectF(rect)
    metrics = QFontMetricsF(font)
    text = elided(text, metrics, box.width())
    runs = list(_runs(text, metrics))
    total = sum(advance for _, advance, _ in runs)
    left = box.left()
    if align & Qt.AlignmentFlag.AlignRight:
        left = box.right() - total
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = box.left() + (box.width() - total) / 2
    elif runs:
        left -= runs[0][2]  # a leading 1 begins where other lines begin
    baseline = _baseline(box, metrics)
    painter.setFont(font)
    painter.setPen(colour)
    for run, advance, inset in runs:
        painter.drawText(QPointF(left + inset, baseline), run)
        left += advance
    return total


def line(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
) -> float:
    """Draw one line of words (names, captions) as the font sets it; elided at its end. Returns its width."""
    box = QRectF(rect)
    metrics = QFontMetricsF(font)
    text = metrics.elidedText(text, Qt.TextElideMode.ElideRight, box.width() + 0.5)
    total = metrics.horizontalAdvance(text)
    left = box.left()
    if align & Qt.AlignmentFlag.AlignRight:
        left = box.right() - total
    elif align & Qt.AlignmentFlag.AlignHCenter:
        left = box.left() + (box.width() - total) / 2
    painter.setFont(font)
    painter.setPen(colour)
    painter.drawText(QPointF(left, _baseline(box, metrics)), text)
    return total


def line_width(text: str, font: QFont) -> float:
    """Width of `text` as `line` sets it."""
    return QFontMetricsF(font).horizontalAdvance(text)


def _baseline(box: QRectF, metrics: QFontMetricsF) -> float:
    return box.top() + (box.height() - metrics.height()) / 2 + metrics.ascent()


def elided(text: str, metrics: QFontMetricsF, room: float) -> str:
    """`text`, or as much of it as fits with an ellipsis."""
    if sum(advance for _, advance, _ in _runs(text, metrics)) <= room + 0.5:
        return text
    for length in range(len(text) - 1, 0, -1):
        shorter = text[:length].rstrip() + "…"
        if sum(advance for _, advance, _ in _runs(shorter, metrics)) <= room:
            return shorter
    return "…"


def _runs(text: str, metrics: QFontMetricsF) -> Iterator[tuple[str, float, float]]:
    """(run, advance, inset): digits alone in their cells, the rest as it is."""
    cell = metrics.horizontalAdvance("0")
    for run in _DIGIT.split(text):
        if not run:
            continue
        own = metrics.horizontalAdvance(run)
        if run.isdigit() and len(run) == 1:
            yield run, cell, (cell - own) / 2
        else:
            yield run, own, 0.0


def whole_parts(text: str, font: QFont, room: float) -> str:
    """`text` without the last of its parts that have no room: what stands first says most."""
    parts = text.split(SEPARATOR)
    while len(parts) > 1 and width(SEPARATOR.join(parts), font) > room:
        parts.pop()
    return SEPARATOR.join(parts)
