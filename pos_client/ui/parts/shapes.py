"""The small signs beside words, drawn on a grid of 16 so that they stay sharp at any scale."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from pos_client.ui.tone import Shape

Draw = Callable[[QPainter], None]


def draw(painter: QPainter, rect: QRectF, shape: Shape, colour: QColor) -> None:
    """Draw a sign in the square `rect`."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(rect.topLeft())
    painter.scale(rect.width() / 16, rect.height() / 16)
    pen = QPen(colour, 2.2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin)
    painter.setPen(pen)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    _SHAPES[shape](painter)
    painter.restore()


def _fill(painter: QPainter) -> None:
    painter.setBrush(painter.pen().color())


def _polyline(painter: QPainter, *points: tuple[float, float], closed: bool = False) -> None:
    path = QPainterPath(QPointF(*points[0]))
    for point in points[1:]:
        path.lineTo(QPointF(*point))
    if closed:
        path.closeSubpath()
    painter.drawPath(path)


def _ring(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(3, 3, 10, 10))


def _bell(painter: QPainter) -> None:
    _fill(painter)
    _polyline(painter, (8, 2.5), (14, 13), (2, 13), closed=True)


def _arrow(painter: QPainter) -> None:
    _fill(painter)
    _polyline(painter, (4.5, 3), (13, 8), (4.5, 13), closed=True)


def _keyhole(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(3, 3, 10, 10))
    _fill(painter)
    painter.drawEllipse(QRectF(7, 7, 2, 2))


def _pause(painter: QPainter) -> None:
    painter.drawLine(QPointF(5.5, 4), QPointF(5.5, 12))
    painter.drawLine(QPointF(10.5, 4), QPointF(10.5, 12))


def _coin(painter: QPainter) -> None:
    _fill(painter)
    painter.drawRect(QRectF(3, 4.5, 10, 7))


def _cross(painter: QPainter) -> None:
    painter.drawLine(QPointF(4, 4), QPointF(12, 12))
    painter.drawLine(QPointF(12, 4), QPointF(4, 12))


def _bar(painter: QPainter) -> None:
    painter.drawEllipse(QRectF(2.5, 2.5, 11, 11))
    painter.drawLine(QPointF(5, 8), QPointF(11, 8))


def _bang(painter: QPainter) -> None:
    painter.drawLine(QPointF(8, 3), QPointF(8, 9))
    _fill(painter)
    painter.drawEllipse(QRectF(7.2, 12, 1.6, 1.6))


def _tick(painter: QPainter) -> None:
    _polyline(painter, (3, 8.5), (6.5, 12), (13, 4.5))


def _question(painter: QPainter) -> None:
    path = QPainterPath(QPointF(5, 5.5))
    path.cubicTo(QPointF(5, 1.5), QPointF(11.5, 1.5), QPointF(11.5, 5.5))
    path.cubicTo(QPointF(11.5, 7.5), QPointF(8, 7.5), QPointF(8, 10))
    painter.drawPath(path)
    _fill(painter)
    painter.drawEllipse(QRectF(7.2, 13, 1.6, 1.6))


def _gift(painter: QPainter) -> None:
    painter.drawRect(QRectF(3, 7, 10, 6.5))
    painter.drawLine(QPointF(2, 7), QPointF(14, 7))
    painter.drawLine(QPointF(8, 7), QPointF(8, 13.5))
    _polyline(painter, (8, 7), (5, 3.5), (8, 4.5), (11, 3.5), (8, 7))


def _loop(painter: QPainter) -> None:
    painter.drawArc(QRectF(3, 3, 10, 10), 60 * 16, 270 * 16)
    _fill(painter)
    _polyline(painter, (8.2, 1.2), (12.6, 3.6), (8.6, 6.2), closed=True)


def _lock(painter: QPainter) -> None:
    painter.drawArc(QRectF(5, 2.5, 6, 8), 0, 180 * 16)
    _fill(painter)
    painter.drawRect(QRectF(3.5, 7.5, 9, 5.5))


def _dots(painter: QPainter) -> None:
    _fill(painter)
    for x in (3, 8, 13):
        painter.drawEllipse(QPointF(x, 8), 0.9, 0.9)


_SHAPES: dict[Shape, Draw] = {
    Shape.RING: _ring,
    Shape.BELL: _bell,
    Shape.ARROW: _arrow,
    Shape.KEYHOLE: _keyhole,
    Shape.PAUSE: _pause,
    Shape.COIN: _coin,
    Shape.CROSS: _cross,
    Shape.BAR: _bar,
    Shape.BANG: _bang,
    Shape.TICK: _tick,
    Shape.QUESTION: _question,
    Shape.GIFT: _gift,
    Shape.LOOP: _loop,
    Shape.LOCK: _lock,
    Shape.DOTS: _dots,
}
