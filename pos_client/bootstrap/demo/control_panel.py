"""The demonstration's control panel: what drivers, phones and cables do. It belongs to the sandbox, not to the till."""

from __future__ import annotations

from html import escape
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QScrollArea,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from pos_client.bootstrap.demo.panel_parts import LineRow, PriceRow, PumpRow, button
from pos_client.bootstrap.demo.panel_worker import PanelView, PanelWorker
from pos_client.domain.catalogue import Catalogue
from pos_client.settings.model import Settings

MESSAGES_SHOWN = 2


class PanelBridge(QObject):
    """From the worker's thread to the window's."""

    looked = Signal(object)

    def show(self, view: PanelView) -> None:
        """Any thread."""
        self.looked.emit(view)


class ControlPanel(QWidget):
    """Pumps, lines with their faults, and the invented customers on three leaves; below them, always in sight, the
    network, the way back to normal, and the customer's phone. It does not grow: it was put where it fits."""

    def __init__(
        self,
        worker: PanelWorker,
        bridge: PanelBridge,
        settings: Settings,
        words: Catalogue,
        people: tuple[str, ...],
    ) -> None:
        super().__init__(None, Qt.WindowType.Tool)
        self._worker, self._words, self._names = worker, words, people
        self._station = settings.station.station
        self._secrets: tuple[dict[str, Any], ...] = ()
        self.setObjectName("control-panel")
        self.setWindowTitle(words.say("demo.title"))
        self._pumps: dict[int, PumpRow] = {}
        self._lines: dict[str, LineRow] = {}
        self._people = _text("people")
        leaves = QTabWidget()
        leaves.setObjectName("panel-leaves")
        leaves.addTab(self._pump_leaf(settings), words.say("demo.pumps"))
        leaves.addTab(self._line_leaf(settings), words.say("demo.lines"))
        leaves.addTab(self._customer_leaf(), words.say("demo.customers"))
        column = QVBoxLayout(self)
        column.addWidget(leaves)
        column.addLayout(self._always())
        self._phone = _text("phone")
        self._phone.setMinimumHeight((1 + MESSAGES_SHOWN) * self._phone.fontMetrics().lineSpacing())
        column.addWidget(self._phone)
        bridge.looked.connect(self._draw)

    def _pump_leaf(self, settings: Settings) -> QWidget:
        leaf, grid = _grid()
        for point in settings.forecourt().points:
            self._pumps[int(point.point)] = PumpRow(self._worker, self._words, point, grid)
        grid.setColumnStretch(grid.columnCount() - 1, 1)
        return leaf

    def _line_leaf(self, settings: Settings) -> QWidget:
        leaf, grid = _grid()
        for line in settings.lines:
            points = [int(point.point) for point in line.points]
            self._lines[line.name] = LineRow(self._worker, self._words, line.name, line.protocol, points, grid)
        PriceRow(self._worker, self._words, settings.forecourt().points, grid)
        grid.setColumnStretch(1, 1)
        grid.setRowStretch(grid.rowCount(), 1)
        return leaf

    def _customer_leaf(self) -> QWidget:
        leaf = QWidget()
        column = QVBoxLayout(leaf)
        activate = button(self._words, "activate", "activate-voucher")
        activate.clicked.connect(self._activate)
        self._voucher = QLineEdit()
        self._voucher.setObjectName("voucher-text")
        self._voucher.setReadOnly(True)
        self._voucher.setPlaceholderText(self._words.say("demo.voucher_text"))
        row = QHBoxLayout()
        row.addWidget(activate)
        row.addWidget(self._voucher, 1)
        column.addLayout(row)
        column.addWidget(self._people, 1)
        return _scrolled(leaf)

    def _activate(self) -> None:
        """The first driver with a voucher activates it for this station; its text can be copied and scanned."""
        driver = next((who for who in self._secrets if who.get("vouchers")), None)
        if driver is not None:
            self._worker.activate(str(driver["vouchers"]).split(",", 1)[0], str(driver["pin"]), self._station)

    def _always(self) -> QHBoxLayout:
        row = QHBoxLayout()
        self._network = QCheckBox(self._words.say("demo.network"))
        self._network.setObjectName("network")
        self._network.setChecked(True)
        self._network.clicked.connect(self._worker.network)
        clear = button(self._words, "clear_all", "clear-all")
        clear.clicked.connect(self._clear)
        row.addWidget(self._network)
        row.addStretch(1)
        row.addWidget(clear)
        return row

    def _clear(self) -> None:
        self._network.setChecked(True)
        self._worker.clear_all()

    def _draw(self, view: PanelView) -> None:
        for pump in view.pumps:
            if row := self._pumps.get(pump["point"]):
                row.draw(pump)
        for line, plugged in view.plugged.items():
            if cable := self._lines.get(line):
                cable.cable.setChecked(plugged)
        said = [escape(f"{m['phone']}: {m['text']}") for m in reversed(view.messages[-MESSAGES_SHOWN:])]
        title = f"<b>{self._words.say('demo.phone')}</b>"
        lines = [title, *said] if said else [f"{title} · {self._words.say('demo.no_message')}"]
        if view.trouble:
            lines = [self._words.say("demo.refused", reason=escape(view.trouble))]
        self._phone.setText("<br>".join(lines))
        told = (self._words.say("demo.people"), *self._names, *_pins(view.secrets))
        self._secrets = view.secrets
        if view.voucher != self._voucher.text():
            self._voucher.setText(view.voucher)
            self._voucher.setCursorPosition(0)
        if view.secrets:
            self._people.setText("<br>".join(told))


def _pins(secrets: tuple[dict[str, Any], ...]) -> list[str]:
    return [
        " · ".join(word for word in (s["who"], s["name"], s.get("vouchers", ""), f"PIN {s['pin']}") if word)
        for s in secrets
    ]


def _grid() -> tuple[QWidget, QGridLayout]:
    leaf = QWidget()
    grid = QGridLayout(leaf)
    grid.setVerticalSpacing(4)
    return leaf, grid


def _scrolled(widget: QWidget) -> QScrollArea:
    """A leaf that is as high as the others, however much stands in it."""
    leaf = QScrollArea()
    leaf.setWidgetResizable(True)
    leaf.setFrameShape(QFrame.Shape.NoFrame)
    leaf.setWidget(widget)
    return leaf


def _text(name: str) -> QLabel:
    label = QLabel("")
    label.setObjectName(name)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.RichText)
    label.setAlignment(Qt.AlignmentFlag.AlignTop)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
