"""Sentences in a box: wrapped at words, and when there are more than fit the last line says so with an ellipsis."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QTextLayout, QTextOption

LEADING_PERCENT = 128
"""Line distance: Vietnamese stacks marks above and below, so lines need air."""


def lines_of(text: str, font: QFont, width: float) -> tuple[str, ...]:
    """`text` broken at words for `width` pixels."""
    layout = QTextLayout(text, font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    broken: list[str] = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        broken.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return tuple(broken)


def line_height(font: QFont) -> float:
    """Distance of two baselines."""
    return font.pixelSize() * LEADING_PERCENT / 100


def height(text: str, font: QFont, width: float) -> float:
    """Room the whole text takes."""
    return len(lines_of(text, font, width)) * line_height(font)


def whole_sentences(text: str, font: QFont, width: float, room: float) -> str:
    """`text` without the last of its sentences that have no room; at least the first, whatever becomes of it."""
    said = text.split(". ")
    while len(said) > 1 and height(_joined(said), font, width) > room + line_height(font) * 0.2:
        said.pop()
    return text if _joined(said).startswith(text) else _joined(said)


def _joined(sentences: list[str]) -> str:
    joined = ". ".join(sentences)
    return joined if joined.endswith((".", "!", "?")) else f"{joined}."


def draw(
    painter: QPainter,
    rect: QRect | QRectF,
    text: str,
    font: QFont,
    colour: QColor,
    align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignTop,
) -> float:
    """Draw wrapped text in `rect`, from the top or (AlignBottom) to its foot; returns the height used."""
    area = QRectF(rect)
    step = line_height(font)
    metrics = QFontMetricsF(font)
    lines = list(lines_of(text, font, area.width()))
    room = max(1, int((area.height() + step * 0.2) // step))
    if len(lines) > room:
        rest = " ".join(lines[room - 1 :])
        lines = [*lines[: room - 1], metrics.elidedText(rest, Qt.TextElideMode.ElideRight, area.width())]
    used = len(lines) * step
    top = area.top() if not align & Qt.AlignmentFlag.AlignBottom else area.bottom() - used
    painter.setFont(font)
    painter.setPen(colour)
    for number, line in enumerate(lines):
        baseline = top + number * step + (step - metrics.height()) / 2 + metrics.ascent()
        painter.drawText(QPointF(area.left(), baseline), line)
    return used
