"""The guides on the customer's screen, by real touches: every step fits, none of them reaches the terminal."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import DialogueState
from pos_client.ui.customer.guide_picture import Picture
from pos_client.ui.customer.guide_steps import NEXT, READ_MS
from pos_client.ui.customer.header import Header
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found
from tests.ui.test_customer_pages import SIZES, SMALLEST_PX, Painted, painted, words_of

__all__ = ["painted"]


def touch(widget: QWidget, rect: object) -> None:
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton, pos=rect.center().toPoint())  # type: ignore[attr-defined]


def opened(till: Till) -> Till:
    till.show(x.terminal())
    header = found(till.customer, Header)
    header.grab()
    touch(header, header.guides_rect)
    return till


def answer(till: Till, key: int | KeypadKey) -> None:
    till.customer.page.grab()
    touch(till.customer.page, till.customer.page.choice_rect(key))


@pytest.mark.parametrize("size", SIZES, ids=["lying", "upright"])
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_step_of_every_guide_fits(till: Till, painted: Painted, size: tuple[int, int], language: str) -> None:
    till.customer.resize(*size)
    QApplication.processEvents()
    till.show(x.terminal())
    till.customer.choose_language(language)
    opened(till)
    pages, top = 0, 0.0
    for guide in (1, 2, 3):
        answer(till, guide)
        while "/" in till.customer.page.view.subtitle or " of " in till.customer.page.view.subtitle:
            painted.texts.clear()
            till.customer.grab()
            view = till.customer.page.view
            assert words_of(view) - {text for text, _, _ in painted.texts} == set()
            assert [text for text, _, whole in painted.texts if not whole] == []
            assert [(text, px) for text, px, _ in painted.texts if px < SMALLEST_PX] == []
            assert till.customer.page.choice_rect(NEXT).top() == top or not pages
            top = till.customer.page.choice_rect(NEXT).top()
            if view.picture:
                assert not found(till.customer, Picture).pixmap.isNull()
            pages += 1
            answer(till, NEXT)
    assert pages > 12
    assert till.sent == []


def test_a_customer_who_is_needed_sees_his_sale_at_once(till: Till) -> None:
    answer(opened(till), 1)
    till.show(x.selling(dialogue=x.dialogue(DialogueState.IDENTIFY)))
    assert till.customer.page.view.title == "Số điện thoại hoặc Petrolimex ID"
    till.show(x.terminal())
    assert till.customer.page.view.title == "Kính chào quý khách"


def test_nobody_reads_any_more(till: Till) -> None:
    answer(opened(till), 3)
    assert till.customer.page.view.title == "Lái xe"
    till.now += READ_MS
    till.customer.refresh()
    assert till.customer.page.view.title == "Kính chào quý khách"


@pytest.mark.log_expected("the files are damaged, and the log says so")
def test_damaged_files_offer_nothing_worse_than_no_guides(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    till.customer._reader._folder = till.customer._reader._folder / "gone"
    opened(till)
    assert till.customer.page.view.title == "Kính chào quý khách"
    assert "no guides" in caplog.text
