"""Looks at a picture as a person would who has a ruler: what is cut, small, pale, covered, out of its place or in the
wrong language.

Painters say all their words through `figures` and `prose`; while a picture is taken these are listened to. What labels
and fields say is read from the widgets. Ground is measured in the picture itself, not believed from the tokens.
"""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import combinations
from typing import Any
from unittest.mock import patch

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPixmap
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QBoxLayout,
    QComboBox,
    QGridLayout,
    QLabel,
    QLayout,
    QLineEdit,
    QWidget,
)

from pos_client.domain.catalogue import flatten
from pos_client.ui import figures
from pos_client.ui.customer.display_window import CustomerWindow
from pos_client.ui.help.page import HelpPage
from pos_client.ui.more.strip import MoreStrip
from pos_client.ui.parts import prose
from pos_client.ui.parts.fade import Fade
from pos_client.ui.parts.table import Table
from pos_client.ui.parts.training_mark import TrainingMark
from pos_client.ui.style import Style
from pos_client.ui.theme import TEXT_CONTRAST, contrast
from tests.words import RESOURCES

TOUCH_PX, SMALLEST_PX = 44, 13
CUSTOMER_TOUCH_PX, CUSTOMER_SMALLEST_PX = 34, 18
"""A customer stands further off: 18 px of type. Their 9 mm for a finger are 34 px at 96 dpi; tills ask for more."""
COVERING = MoreStrip, HelpPage
"""What opens over a page and is closed again."""
OPENED = *COVERING, TrainingMark, Fade
"""And the mark a training till bears over everything, and where what scrolls goes on."""
TOUCHED = (QAbstractButton, QLineEdit, QComboBox)
BARE = 6
"""Pixels by which two lines of words may share their boxes: boxes are higher than letters."""


@dataclass(frozen=True, slots=True)
class Said:
    """Words in a picture: as meant and as they fit, in which font and ink, where, and by which widget."""

    text: str
    fits: bool
    px: int
    ink: QColor
    place: QRect
    by: QWidget


@contextmanager
def listening(said: list[Said]) -> Iterator[None]:
    """What painters say from now on, in pixels of the picture that is being taken."""
    kept = figures.draw, figures.line, prose.draw

    def hear(painter: QPainter, rect: QRect | QRectF, text: str, font: QFont, ink: QColor, *, fits: bool) -> None:
        by = painter.device()
        if text and isinstance(by, QWidget):
            place = painter.combinedTransform().mapRect(QRectF(rect))
            place.translate(painter.deviceTransform().dx(), painter.deviceTransform().dy())
            said.append(Said(text, fits, font.pixelSize(), QColor(ink), place.toAlignedRect(), by))

    def one(original: Callable[..., float], measure: Callable[[str, QFont], float]) -> Callable[..., float]:
        def drawn(painter: QPainter, rect: QRect | QRectF, text: str, font: QFont, ink: QColor, *more: Any) -> float:
            box, wide = QRectF(rect), measure(text, font)
            fits, wide = wide <= box.width() + 0.5, min(wide, box.width())
            align = more[0] if more else Qt.AlignmentFlag.AlignLeft
            left = box.left()
            if align & Qt.AlignmentFlag.AlignRight:
                left = box.right() - wide
            elif align & Qt.AlignmentFlag.AlignHCenter:
                left += (box.width() - wide) / 2
            high = font.pixelSize() * 0.8
            hear(painter, QRectF(left, box.center().y() - high / 2, wide, high), text, font, ink, fits=fits)
            return original(painter, rect, text, font, ink, *more)

        return drawn

    def wrapped(painter: QPainter, rect: QRect | QRectF, text: str, font: QFont, ink: QColor, *more: Any) -> float:
        box = QRectF(rect)
        step = prose.line_height(font)
        room = max(1, int((box.height() + step * 0.2) // step))
        rows = prose.lines_of(text, font, box.width())
        high, count = min(len(rows), room) * step, len(rows)
        wide = min(box.width(), max((figures.line_width(row, font) for row in rows), default=0.0))
        top = box.bottom() - high if more and more[0] & Qt.AlignmentFlag.AlignBottom else box.top()
        hear(painter, QRectF(box.left(), top, wide, high), text, font, ink, fits=count <= room)
        return kept[2](painter, rect, text, font, ink, *more)

    with (
        patch.object(figures, "draw", one(kept[0], figures.width)),
        patch.object(figures, "line", one(kept[1], figures.line_width)),
        patch.object(prose, "draw", wrapped),
    ):
        yield


def photograph(window: QWidget) -> tuple[QPixmap, list[Said]]:
    """A picture and all its words."""
    said: list[Said] = []
    with listening(said):
        picture = window.grab()
    for kind in (QLabel, QLineEdit, QAbstractButton, QComboBox):
        said += [heard for widget in window.findChildren(kind) if (heard := _widget_says(window, widget)) is not None]
    return picture, said


def faults(window: QWidget, picture: QPixmap, said: list[Said], language: str) -> list[str]:
    """Everything that is not as it should be, a line each."""
    image = picture.toImage()
    seen = [each for each in said if _in_front(window, each)]
    customers = isinstance(window, CustomerWindow)
    smallest = CUSTOMER_SMALLEST_PX if customers else SMALLEST_PX
    touch = CUSTOMER_TOUCH_PX if customers else TOUCH_PX
    found = [f"cut: {s.text!r} ({s.by.objectName() or type(s.by).__name__})" for s in seen if _cut(s)]
    found += [f"small: {s.px} px {s.text!r}" for s in seen if s.px < smallest]
    found += [f"pale: {ratio:.1f} {s.text!r}" for s in seen if (ratio := legibility(image, s)) < TEXT_CONTRAST]
    found += [f"low: {widget_name(w)} {w.width()}x{w.height()}" for w in targets(window) if w.height() < touch]
    found += [f"outside: {widget_name(w)}" for w in window.findChildren(QWidget) if _outside(w)]
    found += [f"over each other: {a.text!r}, {b.text!r}" for a, b in combinations(seen, 2) if _collide(a, b)]
    found += [f"over each other: {widget_name(a)}, {widget_name(b)}" for a, b in _overlapping(window)]
    found += [
        f"spaced by itself: {layout_name(each)}" for each in window.findChildren(QLayout) if not laid(window, each)
    ]
    found += [f"foreign: {word!r} in {s.text!r}" for s in seen for word in foreign(s.text, language)]
    return found


def targets(window: QWidget) -> list[QWidget]:
    """What a finger is meant to hit."""
    return [
        w
        for w in window.findChildren(QWidget)
        if isinstance(w, TOUCHED) and w.isVisible() and w.isEnabled() and not isinstance(w.parent(), QComboBox)
    ]


def laid(window: QWidget, layout: QLayout) -> bool:
    """Whether its distances are steps of the window's scale."""
    look = getattr(window, "look", None)
    if not isinstance(look, Style) or not isinstance(layout, QBoxLayout | QGridLayout):
        return True
    margins = layout.contentsMargins()
    own = {margins.left(), margins.right(), margins.bottom()}
    own |= (
        {layout.horizontalSpacing(), layout.verticalSpacing()}
        if isinstance(layout, QGridLayout)
        else {layout.spacing()}
    )
    return own <= {look.space(step) for step in look.theme.space_px}


def layout_name(layout: QLayout) -> str:
    """Whose it is, as far as is known."""
    inside = layout.parentWidget()
    return f"{type(layout).__name__} in {widget_name(inside) if inside is not None else 'nothing'}"


def widget_name(widget: QWidget) -> str:
    """How a fault calls it."""
    return f"{type(widget).__name__} {widget.objectName() or widget.accessibleName()}".strip()


def legibility(image: QImage, said: Said) -> float:
    """Contrast of the words with the commonest colour around them, as drawn."""
    place = said.place.adjusted(-3, -2, 3, 2).intersected(image.rect())
    if place.width() < 2 or place.height() < 2:
        return TEXT_CONTRAST
    grid = ((x, y) for x in _steps(place.left(), place.right(), 24) for y in _steps(place.top(), place.bottom(), 9))
    ground, _ = Counter(image.pixel(x, y) & 0xFFFFFF for x, y in grid).most_common(1)[0]
    return contrast(said.ink.name(), f"#{ground:06x}")


def _steps(first: int, last: int, count: int) -> range:
    return range(first, last + 1, max(1, (last - first) // count))


def _widget_says(window: QWidget, widget: QWidget) -> Said | None:
    if not widget.isVisible() or not widget.visibleRegion().boundingRect().isValid():
        return None
    hint = False
    if isinstance(widget, QLineEdit):
        text, hint = widget.text() or widget.placeholderText(), not widget.text()
        if widget.echoMode() is not QLineEdit.EchoMode.Normal and not hint:
            return None
    elif isinstance(widget, QComboBox):
        text = widget.currentText()
    elif isinstance(widget, QLabel | QAbstractButton):
        text = widget.text()
    else:
        return None
    if not text.strip():
        return None
    metrics, room = QFontMetricsF(widget.font()), widget.contentsRect()
    if isinstance(widget, QLabel) and widget.wordWrap():
        fits = widget.heightForWidth(widget.width()) <= widget.height() + 1
    else:
        inset = 24 if isinstance(widget, QLineEdit | QComboBox) else 0
        fits = max(metrics.horizontalAdvance(line) for line in text.split("\n")) <= room.width() - inset + 1
    palette = widget.palette()
    ink = palette.color(palette.ColorRole.PlaceholderText if hint else widget.foregroundRole())
    place = QRect(widget.mapTo(window, room.topLeft()), room.size())
    shown = widget.visibleRegion().boundingRect()
    if shown.height() < widget.height():
        place = QRect(widget.mapTo(window, shown.topLeft()), shown.size())
    return Said(text, fits or hint, widget.font().pixelSize(), ink, place, widget)


def _in_front(window: QWidget, said: Said) -> bool:
    """Whether nothing lies over the words: what questions and help cover, or half cover, is covered on purpose."""
    for over in (widget for kind in COVERING for widget in window.findChildren(kind) if widget.isVisible()):
        covered = QRect(over.mapTo(window, over.rect().topLeft()), over.size())
        if covered.intersects(said.place) and over is not said.by and not over.isAncestorOf(said.by):
            return False
    top = window.childAt(said.place.center())
    return top is None or top is said.by or said.by.isAncestorOf(top) or top.isAncestorOf(said.by)


def _cut(said: Said) -> bool:
    if said.fits or said.text in said.by.toolTip():
        return False
    table = said.by.parent()
    return not (isinstance(table, Table) and said.by is table.viewport())  # each cell is whole in its tooltip


def _outside(widget: QWidget) -> bool:
    parent = widget.parentWidget()
    if parent is None or not widget.isVisible() or widget.isWindow() or isinstance(parent, QComboBox | QLineEdit):
        return False
    if isinstance(parent.parentWidget(), QAbstractScrollArea) or isinstance(parent, QAbstractScrollArea):
        return widget.width() > parent.width()
    return not parent.rect().contains(widget.geometry())


def _overlapping(window: QWidget) -> Iterator[tuple[QWidget, QWidget]]:
    """Neighbours that share pixels; only what is opened over the page may lie on it."""
    for parent in (window, *window.findChildren(QWidget)):
        children = [w for w in parent.children() if isinstance(w, QWidget) and w.isVisible() and not w.isWindow()]
        for one, other in combinations([w for w in children if not isinstance(w, OPENED)], 2):
            if one.geometry().intersects(other.geometry()):
                yield one, other


def _collide(one: Said, other: Said) -> bool:
    shared = one.place.intersected(other.place)
    related = one.by is not other.by and (one.by.isAncestorOf(other.by) or other.by.isAncestorOf(one.by))
    return shared.width() > BARE and shared.height() > BARE and not related and one.text != other.text


# ── languages ──────────────────────────────────────────────────────────────────────────────────────────────────

WORD = re.compile(r"[^\W\d_]{3,}")
VIETNAMESE = re.compile(r"[ăâđêôơưàáảãạằắẳẵặầấẩẫậèéẻẽẹềếểễệìíỉĩịòóỏõọồốổỗộờớởỡợùúủũụừứửữựỳýỷỹỵ]", re.IGNORECASE)

NAMES = frozenset(
    word.casefold()
    for word in WORD.findall(
        # people, places and goods of the samples; what the languages call themselves
        "Nguyễn Trãi Thị Ánh Trần Văn Minh Bình Hợp tác xã Công ty Cổ phần Vận tải và Thương mại Cửa hàng số "
        "Phạm Xăng RON Dầu hỏa XANG DAU KHU VUC CTY tiếng Việt English xăng hôm kia đã bơm "
        "accrual support Permission denied Device or resource busy No space left on device Errno"
    )
)
"""Words that are the same in both languages."""


@cache
def _vocabulary(language: str) -> frozenset[str]:
    files = (RESOURCES / "translations" / language).glob("*.toml")
    texts = (text for file in files for text in flatten(tomllib.loads(file.read_text(encoding="utf-8"))).values())
    return frozenset(word.casefold() for text in texts for word in WORD.findall(text))


def foreign(text: str, language: str) -> list[str]:
    """Words that only the other language has; names are nobody's."""
    own = _vocabulary(language) | NAMES
    other = _vocabulary("en" if language == "vi" else "vi")
    found = (word for word in WORD.findall(text) if word.casefold() not in own)
    return [w for w in found if w.casefold() in other or (language != "vi" and VIETNAMESE.search(w))]
