"""The technician's form: generated, faults all at once at their fields, lines with their light."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QPushButton

from pos_client.settings.options import SECTIONS
from pos_client.ui.technician.field import OptionField
from pos_client.ui.technician.line_key import LineKey
from pos_client.ui.technician.page import TechnicianPage
from pos_client.ui.technician.sides import Side
from pos_client.ui.technician.view_model import IN_FIELDS, LISTED, PAGES
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.finding import found

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def page(till: Till) -> TechnicianPage:
    till.show(x.terminal(status=x.status(lines=x.LINES)))
    QTest.keyClick(till.cashier, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    found = till.cashier.findChild(TechnicianPage)
    assert found is not None
    assert found.isVisible()
    return found


def _open(page: TechnicianPage, section: str) -> None:
    side = Side.LINES if section == "lines" else Side.SETTINGS
    QTest.mouseClick(found(page, QPushButton, f"side-{side.value}"), LEFT)
    if side is Side.LINES:
        _unfold(page, "lines[0]")
    else:
        QTest.mouseClick(found(page, QPushButton, f"section-{section}"), LEFT)


def _unfold(page: TechnicianPage, place: str) -> None:
    QTest.mouseClick(found(page.form, QPushButton, f"fold-{place}"), LEFT)


def _type(page: TechnicianPage, place: str, text: str) -> None:
    field = page.form.field(place)
    assert field is not None
    assert isinstance(field.editor, QLineEdit)
    field.editor.clear()
    if text.isascii():
        QTest.keyClicks(field.editor, text)
    else:  # QTest aborts on letters it has no key for
        field.editor.setText(text)
    field.editor.textEdited.emit(field.editor.text())


def _fault(page: TechnicianPage, place: str) -> str:
    field = page.form.field(place)
    assert field is not None
    return " ".join(
        label.text() for label in field.findChildren(QLabel) if label.property("role") == "fault" and label.isVisible()
    )


@pytest.mark.parametrize("section", ["lines", *PAGES])
def test_every_declared_option_has_its_field_with_words(page: TechnicianPage, section: str) -> None:
    _open(page, section)
    prefix = f"{section}[0]." if section in LISTED else f"{section}."
    for option in (each for each in SECTIONS[section] if (section, each.key) not in IN_FIELDS):
        field = page.form.field(prefix + option.key)
        assert isinstance(field, OptionField), option.key
        assert field.view.label
        assert not field.view.label.startswith("option.")
        assert field.editor.accessibleName() == field.view.label


def test_a_changed_value_is_saved_and_an_unchanged_form_saves_as_it_was(page: TechnicianPage, till: Till) -> None:
    _open(page, "station")
    _type(page, "station.cashier", "Lê Thị Bưởi")
    assert page.status.text() == "Có thay đổi chưa lưu"
    page.save()
    (tree,) = till.workshop.saved
    assert isinstance(tree, dict)
    assert tree["station"]["cashier"] == "Lê Thị Bưởi"
    assert tree["lines"][0]["points"][0]["nozzles"] == ["E10-95", "E5-92"]


def test_all_faults_are_shown_at_once_each_at_its_field(page: TechnicianPage) -> None:
    _type(page, "lines[0].port", "")
    _type(page, "lines[0].points[1].address", "12")
    _type(page, "lines[0].points[1].nozzles", "DO, KEROSENE")
    _unfold(page, "lines[0]")
    _type(page, "lines[0].answer_timeout_ms", "soon")
    _unfold(page, "lines[0]")
    page.save()
    for place in (
        "lines[0].port",
        "lines[0].points[1].address",
        "lines[0].points[1].nozzles",
        "lines[0].answer_timeout_ms",
    ):
        assert _fault(page, place), place
    assert "KEROSENE" in _fault(page, "lines[0].points[1].nozzles")
    assert "Chưa lưu gì" in page.status.text()
    assert _fault(page, "lines[0].name") == ""


def test_a_fault_on_another_page_opens_that_page(page: TechnicianPage) -> None:
    _open(page, "central")
    _type(page, "central.url", "ftp://nowhere")
    _open(page, "printer")
    page.save()
    assert page.form.field("central.url") is not None
    assert _fault(page, "central.url")


def test_lines_and_points_are_added_and_removed(page: TechnicianPage) -> None:
    QTest.mouseClick(found(page.form, QPushButton, "add-points"), LEFT)
    assert page.form.field("lines[0].points[2].address") is not None
    QTest.mouseClick(found(page.form, QPushButton, "remove-lines[0].points[0]"), LEFT)
    field = page.form.field("lines[0].points[0].point")
    assert field is not None
    assert isinstance(field.editor, QLineEdit)
    assert field.editor.text() == "2"
    for _ in range(2):
        QTest.mouseClick(found(page.form, QPushButton, "remove-lines[0]"), LEFT)
    assert page.form.field("lines[0].name") is None
    QTest.mouseClick(found(page, QPushButton, "add-lines"), LEFT)
    assert page.form.field("lines[0].name") is not None


def test_lines_show_their_live_light(page: TechnicianPage, till: Till) -> None:
    keys = page.findChildren(LineKey)
    assert [key.accessibleName() for key in keys] == [
        "dart-1: Đang trả lời",
        "gilbarco-1: Không trả lời · COM4: không mở được",
    ]
    till.show(x.terminal(status=x.status(lines=())))
    assert {key.light.state for key in page.findChildren(LineKey)} == {"Chưa chạy"}


def test_choices_are_chosen_by_word_and_kept_by_value(page: TechnicianPage) -> None:
    _open(page, "screen")
    field = page.form.field("screen.theme")
    assert field is not None
    assert isinstance(field.editor, QComboBox)
    assert field.editor.currentText() == "Ban ngày"
    field.editor.activated.emit(1)
    assert page.draft.get("screen.theme") == "night"


def test_sales_keys_do_nothing_here_and_escape_goes_back(page: TechnicianPage, till: Till) -> None:
    for key in (Qt.Key.Key_F5, Qt.Key.Key_F9, Qt.Key.Key_Space, Qt.Key.Key_1):
        QTest.keyClick(till.cashier, key)
    till.now += 1000
    till.cashier.keys_waited()
    assert till.sent == []
    QTest.keyClick(till.cashier, Qt.Key.Key_Escape)
    assert not page.isVisible()
    assert till.cashier.sales.isVisible()
