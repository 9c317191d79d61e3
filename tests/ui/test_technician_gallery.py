"""Every picture of the technician's page: said in full in both languages, nothing wider than its window."""

from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel

from pos_client.ui.technician.page import TechnicianPage
from tests.ui.finding import destroy, found
from tests.ui.pictures import windows
from tests.ui.technician_gallery import TECHNICIAN
from tests.ui.workshop import FakeWorkshop

UNSAID = re.compile(r"\b(tech|option|section|probe|fault|state|wire_word)\.[a-z_]+")
PLACE = re.compile(r"\{[a-z_]*\}")


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("name", sorted(TECHNICIAN))
def test_every_state_is_said_in_full_and_fits_the_smallest_window(qapp: QApplication, language: str, name: str) -> None:
    workshop = FakeWorkshop()
    shown = windows(language, workshop=workshop)
    cashier = shown.cashier
    cashier.resize(1024, 600)
    cashier.show()
    cashier.toggle_technician()
    page = found(cashier, TechnicianPage)
    TECHNICIAN[name](page, workshop)
    qapp.processEvents()
    assert (cashier.width(), cashier.height()) == (1024, 600)
    shown_words: list[QLabel | QAbstractButton] = [*page.findChildren(QLabel), *page.findChildren(QAbstractButton)]
    for widget in shown_words:
        if not widget.isVisible():
            continue
        text = widget.text() or widget.accessibleName()
        assert not UNSAID.search(text), text
        assert not PLACE.search(text), text
        right = widget.mapTo(page, widget.rect().topRight()).x()
        assert right <= page.width(), (widget.objectName(), text)
        if isinstance(widget, QAbstractButton):
            assert widget.width() >= widget.minimumSizeHint().width(), text
    shown.close()
    for window in (cashier, shown.customer):
        destroy(window)
