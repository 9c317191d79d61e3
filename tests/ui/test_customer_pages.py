"""Every page of the customer's window, measured as it is painted: no letter too small, nothing cut or left out."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetricsF
from PySide6.QtWidgets import QApplication

from pos_client.services.snapshots import DialogueState
from pos_client.ui import figures
from pos_client.ui.customer.view import CustomerView, Side
from pos_client.ui.parts import prose
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.gallery import CUSTOMER

SMALLEST_PX, AMOUNT_PX = 18, 60
SIZES = [(1024, 600), (600, 1024)]
WAITS = {
    DialogueState.LOOKING_UP: ("looking-up",),
    DialogueState.SECRET: ("otp", "otp-wrong", "otp-anew", "driver-pin"),
    DialogueState.WAIT: ("wait",),
    DialogueState.UNKNOWN: ("unknown",),
    DialogueState.CHOOSE_PUMP: ("choose-pump",),
    DialogueState.RESULT: ("result", "result-pending"),
    DialogueState.IDENTIFY: ("identify-left",),
}
"""States in which the customer waits for something that ends by itself, and their pictures."""


@dataclass
class Painted:
    """What was painted: text, pixels of its font, whether all of it found room."""

    texts: list[tuple[str, int, bool]] = field(default_factory=list)

    def px(self, text: str) -> int:
        """The largest it was painted. Raises `ValueError` when it was not."""
        return max(px for said, px, _ in self.texts if said == text)


@pytest.fixture
def painted(monkeypatch: pytest.MonkeyPatch) -> Painted:
    """Everything that is painted from here on."""
    seen = Painted()
    draw, line, wrapped = figures.draw, figures.line, prose.draw

    def drawn(painter: Any, rect: Any, text: str, font: Any, *more: Any) -> float:
        whole = figures.elided(text, QFontMetricsF(font), QRectF(rect).width()) == text
        seen.texts.append((text, font.pixelSize(), whole))
        return draw(painter, rect, text, font, *more)

    def lined(painter: Any, rect: Any, text: str, font: Any, *more: Any) -> float:
        whole = figures.line_width(text, font) <= QRectF(rect).width() + 0.5
        seen.texts.append((text, font.pixelSize(), whole))
        return line(painter, rect, text, font, *more)

    def broken(painter: Any, rect: Any, text: str, font: Any, *more: Any) -> float:
        area = QRectF(rect)
        step = prose.line_height(font)
        whole = len(prose.lines_of(text, font, area.width())) <= max(1, int((area.height() + step * 0.2) // step))
        seen.texts.append((text, font.pixelSize(), whole))
        return wrapped(painter, rect, text, font, *more)

    monkeypatch.setattr(figures, "draw", drawn)
    monkeypatch.setattr(figures, "line", lined)
    monkeypatch.setattr(prose, "draw", broken)
    return seen


def words_of(view: CustomerView) -> set[str]:
    """All that a page has to say on its left side."""
    said = {view.title, view.subtitle, view.news, view.statement, view.name, view.figure, view.figure_note}
    said |= {view.rows_title, view.rows_note, view.counter, *view.hints}
    said |= {word for row in view.rows for word in (row.label, row.figure)}
    said |= {key.label for key in view.keys}
    said |= {word for choice in view.choices for word in (choice.cap, choice.label, choice.figure)}
    if view.side is Side.COUNTER:
        said |= {view.side_label, view.side_figure, view.side_note}
    return said - {""}


@pytest.mark.parametrize("size", SIZES, ids=["lying", "upright"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_all_is_large_enough_and_nothing_is_cut(
    till: Till, painted: Painted, size: tuple[int, int], language: str
) -> None:
    till.customer.resize(*size)
    QApplication.processEvents()
    assert till.customer.look.scale_percent == 100
    for name, snapshot in CUSTOMER.items():
        if snapshot is None:
            continue
        till.show(snapshot)
        till.customer.choose_language(language)
        painted.texts.clear()
        till.customer.grab()
        view = till.customer.page.view
        assert words_of(view) - {text for text, _, _ in painted.texts} == set(), name
        assert [text for text, _, whole in painted.texts if not whole] == [], name
        assert [(text, px) for text, px, _ in painted.texts if px < SMALLEST_PX] == [], name
        if view.figure:
            assert painted.px(view.figure) >= AMOUNT_PX, name


def test_every_wait_says_how_long_it_can_last(till: Till) -> None:
    for state, names in WAITS.items():
        for name in names:
            snapshot = CUSTOMER[name]
            assert snapshot is not None
            assert snapshot.dialogue.state is state
            till.now = x.NOW
            till.show(snapshot)
            view = till.customer.page.view
            before = f"{view.counter} {view.side_figure}"
            till.now += 2_000
            till.customer.refresh()
            view = till.customer.page.view
            assert f"{view.counter} {view.side_figure}" != before, f"{name} does not count"
            assert any(char.isdigit() for char in f"{view.counter} {view.side_figure}"), name


def test_whom_to_call_stands_on_every_page_where_something_can_go_wrong(till: Till) -> None:
    for name, snapshot in CUSTOMER.items():
        if snapshot is None or snapshot.dialogue.state in (DialogueState.AMOUNT, DialogueState.AMOUNT_OTHER):
            continue
        till.show(snapshot)
        view = till.customer.page.view
        asks = snapshot.dialogue.state in (DialogueState.CONFIRM, DialogueState.IDENTIFY)
        assert asks or "1900 2828" in f"{view.hints} {view.side_note}" or view.side is Side.QR, name
