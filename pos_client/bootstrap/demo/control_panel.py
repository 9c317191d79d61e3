"""The demonstration's control panel: what drivers, phones and cables do. It belongs to the sandbox, not to the till."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from pos_client.bootstrap.demo.panel_worker import PanelView, PanelWorker
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import litres, money
from pos_client.settings.model import Settings

AMOUNT_VND = 100_000


class PanelBridge(QObject):
    """From the worker's thread to the window's."""

    looked = Signal(object)

    def show(self, view: PanelView) -> None:
        """Any thread."""
        self.looked.emit(view)


class ControlPanel(QWidget):
    """One row a pump, the network's switch, the customer's phone, the invented people's PINs."""

    def __init__(
        self,
        worker: PanelWorker,
        bridge: PanelBridge,
        settings: Settings,
        words: Catalogue,
        people: tuple[str, ...],
    ) -> None:
        super().__init__(None, Qt.WindowType.Tool)
        self._worker, self._words = worker, words
        self._rows: dict[int, QLabel] = {}
        self.setObjectName("control-panel")
        self.setWindowTitle(words.say("demo.title"))
        column = QVBoxLayout(self)
        grid = QGridLayout()
        for row, point in enumerate(settings.forecourt().points):
            self._add_pump(grid, row, int(point.point))
        column.addLayout(grid)
        network = QCheckBox(words.say("demo.network"))
        network.setChecked(True)
        network.toggled.connect(worker.network)
        column.addWidget(network)
        for line in worker.lines:
            cable = QCheckBox(words.say("demo.cable", line=line))
            cable.setObjectName(f"cable-{line}")
            cable.setChecked(True)
            cable.toggled.connect(partial(worker.cable, line))
            column.addWidget(cable)
        self._phone = self._text_block(column, words.say("demo.phone"))
        self._people = self._text_block(column, words.say("demo.people"))
        self._names = people
        bridge.looked.connect(self._draw)

    def _add_pump(self, grid: QGridLayout, row: int, point: int) -> None:
        amount = QSpinBox()
        amount.setRange(1_000, 5_000_000)
        amount.setSingleStep(10_000)
        amount.setValue(AMOUNT_VND)
        amount.setSuffix(" đ")
        grid.addWidget(QLabel(self._words.say("demo.pump", point=point)), row, 0)
        actions = (
            ("lift", partial(self._worker.pump, point, "lift", nozzle=1)),
            ("flow", lambda: self._worker.pump(point, "flow", amount_vnd=amount.value())),
            ("hang", partial(self._worker.pump, point, "hang")),
            ("cut_power", partial(self._worker.pump, point, "cut_power")),
            ("restore_power", partial(self._worker.pump, point, "restore_power")),
        )
        grid.addWidget(amount, row, 1)
        for column, (name, action) in enumerate(actions, start=2):
            button = QPushButton(self._words.say(f"demo.{name}"))
            button.setObjectName(f"{name}-{point}")
            button.clicked.connect(lambda _checked=False, act=action: act())
            grid.addWidget(button, row, column)
        self._rows[point] = QLabel("")
        grid.addWidget(self._rows[point], row, len(actions) + 2)

    def _text_block(self, column: QVBoxLayout, title: str) -> QLabel:
        column.addWidget(QLabel(f"<b>{title}</b>"))
        block = QLabel("")
        block.setWordWrap(True)
        block.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column.addWidget(block)
        return block

    def _draw(self, view: PanelView) -> None:
        if view.trouble:
            self._phone.setText(view.trouble)
            return
        for pump in view.pumps:
            if label := self._rows.get(pump["point"]):
                label.setText(f"{litres(pump['volume_ml'])} l · {money(pump['amount_vnd'])}")
        self._phone.setText("\n".join(f"{m['phone']}: {m['text']}" for m in reversed(view.messages)) or "—")
        self._people.setText("\n".join((*self._names, *_pins(view.secrets))))


def _pins(secrets: tuple[dict[str, Any], ...]) -> list[str]:
    return [f"{s['who']} · {s['name']} · {s.get('vouchers', '')} · PIN {s['pin']}" for s in secrets]
