"""Where the keyboard is, and what a finger or pointer is on, can be seen: measured in the pictures themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QLineEdit, QPushButton, QWidget

from pos_client.ui.assets import load_theme
from pos_client.ui.shell.stop_button import StopAllButton
from pos_client.ui.style import Style
from tests.ui.looks import widget_name
from tests.ui.pictures import shots
from tests.words import RESOURCES

SHOTS = {shot.title: shot for shot in shots()}
FOCUSED = (
    "technician-ports-found",
    "technician-lines",
    "technician-lines-options",
    "technician-wires-frame",
    "technician-settings-grades",
    "technician-support-would-change",
    "technician-devices",
    "records-full",
    "cashier-plate",
    "cashier-shift-counting",
    "first-start-enrol",
    "exercises-doing",
    "refusal",
)
TOUCHED = ("cashier-sale", "cashier-menu", "cashier-points-12", "technician-lines", "exercises-doing", "refusal")
LEAST_PX = 60
"""Pixels that change: two edges of a line around the smallest key. A blinking cursor changes fewer."""


@pytest.fixture(autouse=True)
def _still_cursor(qapp: QApplication) -> Iterator[None]:
    before = qapp.cursorFlashTime()
    qapp.setCursorFlashTime(0)
    yield
    qapp.setCursorFlashTime(before)


def _seen(window: QWidget, widget: QWidget) -> QImage:
    """The widget and a little around it, as the window shows it."""
    place = QRect(widget.mapTo(window, QPoint(0, 0)), widget.size()).adjusted(-4, -4, 4, 4)
    return window.grab(place & window.rect()).toImage().convertToFormat(QImage.Format.Format_RGB32)


def _changed(one: QImage, other: QImage) -> int:
    before, after = (memoryview(picture.constBits()).cast("B").cast("I") for picture in (one, other))
    return sum(a != b for a, b in zip(before, after, strict=True))


def _takes_focus(window: QWidget) -> list[QWidget]:
    return [
        w
        for w in window.findChildren(QWidget)
        if w.focusPolicy() & Qt.FocusPolicy.TabFocus and w.isEnabled() and not w.visibleRegion().isEmpty()
    ]


@pytest.mark.parametrize(
    ("title", "theme"), [*((title, "day") for title in FOCUSED), ("technician-lines", "night"), ("refusal", "night")]
)
def test_what_has_the_focus_can_be_seen(qapp: QApplication, title: str, theme: str) -> None:
    with SHOTS[title].open("vi", theme) as window:
        window.activateWindow()
        qapp.processEvents()
        found = _takes_focus(window)
        assert found
        unseen = []
        for widget in found:
            widget.setFocus(Qt.FocusReason.TabFocusReason)
            qapp.processEvents()
            assert widget.hasFocus(), widget_name(widget)
            if isinstance(widget, QLineEdit):
                widget.deselect()
            has = _seen(window, widget)
            widget.clearFocus()
            qapp.processEvents()
            if _changed(has, _seen(window, widget)) < LEAST_PX:
                unseen.append(widget_name(widget))
        assert unseen == []


def _hold(button: QAbstractButton, on: bool) -> None:
    button.setDown(on)


def _point_at(button: QAbstractButton, on: bool) -> None:
    button.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, on)
    button.update()


def _unseen(window: QWidget, buttons: list[QAbstractButton], do: Callable[[QAbstractButton, bool], None]) -> list[str]:
    found = []
    for button in buttons:
        before = _seen(window, button)
        do(button, True)
        if _changed(before, _seen(window, button)) < LEAST_PX:
            found.append(widget_name(button))
        do(button, False)
    return found


def _buttons(window: QWidget) -> list[QAbstractButton]:
    return [b for b in window.findChildren(QAbstractButton) if b.isEnabled() and not b.visibleRegion().isEmpty()]


@pytest.mark.parametrize("title", TOUCHED)
def test_what_is_pressed_can_be_seen(title: str) -> None:
    with SHOTS[title].open("vi", "day") as window:
        assert (buttons := _buttons(window))
        assert _unseen(window, buttons, _hold) == []


@pytest.mark.parametrize("title", ["cashier-sale", "cashier-menu", "cashier-points-12"])
def test_what_is_pointed_at_can_be_seen(title: str) -> None:
    """Keys that paint themselves; the style sheet's have a rule. The red bar is red as it is."""
    with SHOTS[title].open("vi", "night") as window:
        painted = [b for b in _buttons(window) if not isinstance(b, QPushButton | StopAllButton)]
        assert painted
        assert _unseen(window, painted, _point_at) == []


def test_the_style_sheet_has_a_look_for_each_kind_of_key_that_is_pointed_at(qapp: QApplication) -> None:
    del qapp
    sheet = Style(load_theme(RESOURCES / "styles", "day")).sheet()
    for kind in ("QPushButton", 'QPushButton[kind="primary"]', 'QPushButton[kind="tab"]'):
        assert f"{kind}:hover" in sheet
        assert f"{kind}:pressed" in sheet


@pytest.mark.parametrize("title", ["technician-settings-grades", "technician-lines", "technician-support", "refusal"])
def test_tab_goes_as_one_reads_and_comes_to_everything(qapp: QApplication, title: str) -> None:
    with SHOTS[title].open("vi", "day") as window:
        window.activateWindow()
        qapp.processEvents()
        chain: list[QWidget] = []
        at = window.nextInFocusChain()
        while at is not None and at is not window:
            chain.append(at)
            at = at.nextInFocusChain()
        wanted = _takes_focus(window)
        assert set(wanted) <= set(chain)
        fields = [w for w in chain if isinstance(w, QLineEdit) and w in wanted]
        places = [w.mapTo(window, QPoint(0, 0)) for w in fields]
        assert places == sorted(places, key=lambda place: (place.y(), place.x()))
