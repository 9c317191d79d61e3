"""Lists and pages that are longer than their room: no row is cut, and what goes on fades out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.ui.assets import load_theme
from pos_client.ui.parts.columns import CellText, Column, TableData, TableRow
from pos_client.ui.parts.table import HEADER_PX, ROW_PX
from pos_client.ui.parts.table_card import TableCard
from pos_client.ui.style import Style
from pos_client.ui.technician.pieces import scroll_area
from pos_client.ui.tone import Tone
from tests.ui.finding import destroy
from tests.words import RESOURCES

ROWS = TableData((Column("Số", 80),), tuple(TableRow(n, (CellText(str(n)),)) for n in range(40)))


@pytest.fixture
def style(qapp: QApplication) -> Style:
    del qapp
    return Style(load_theme(RESOURCES / "styles", "day"))


@pytest.fixture
def host(qapp: QApplication) -> Iterator[QWidget]:
    """A window without a layout: what stands in it has whatever size a test gives it."""
    del qapp
    made = QWidget()
    made.resize(400, 500)
    made.show()
    yield made
    made.hide()
    destroy(made)


@pytest.fixture
def card(style: Style, host: QWidget) -> TableCard:
    made = TableCard(style, "rows", host)
    made.show_table("Hàng", "", Tone.NEUTRAL, ROWS)
    made.show()
    return made


@pytest.mark.parametrize("percent", [92, 100, 141])
def test_no_row_is_cut_whatever_the_height_of_the_window(card: TableCard, style: Style, percent: int) -> None:
    style.rescale(percent)
    card.setStyleSheet(style.sheet())
    for high in range(220, 420, 9):
        card.resize(400, high)
        QApplication.processEvents()
        shown = card.table.viewport()
        assert shown.height() % style.px(ROW_PX) == 0
        assert shown.height() >= style.px(ROW_PX)
        assert card.table.height() <= card.height()


def test_the_keys_bring_whole_rows_too(card: TableCard, style: Style) -> None:
    card.resize(400, 333)
    QApplication.processEvents()
    for _ in range(25):
        card.table.move_by(1)
        assert card.table.verticalScrollBar().value() % style.px(ROW_PX) == 0


def test_a_room_too_low_for_a_row_is_used_as_it_is(card: TableCard) -> None:
    assert card.table.whole(HEADER_PX + ROW_PX - 1) == HEADER_PX + ROW_PX - 1
    assert card.table.whole(HEADER_PX + 3 * ROW_PX + 1) == HEADER_PX + 3 * ROW_PX


def test_a_page_fades_out_where_it_goes_on_and_only_there(style: Style, host: QWidget) -> None:
    area = scroll_area(style, host)
    inner = QWidget()
    inner.setMinimumHeight(900)
    inner.setStyleSheet("background: #ff0000")
    area.setWidget(inner)
    area.resize(200, 300)
    area.show()
    QApplication.processEvents()
    ground = QColor(style.theme.colour("paper"))

    def edges() -> tuple[bool, bool]:
        picture = area.grab().toImage()
        return tuple(  # type: ignore[return-value]
            abs(QColor(picture.pixel(60, y)).green() - ground.green()) < 24 for y in (1, picture.height() - 2)
        )

    bar = area.verticalScrollBar()
    assert edges() == (False, True)
    bar.setValue(bar.maximum() // 2)
    assert edges() == (True, True)
    bar.setValue(bar.maximum())
    assert edges() == (True, False)
