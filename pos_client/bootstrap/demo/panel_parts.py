"""Rows of the demonstration's control panel: a driver at a pump, a cable with its faults, a hand at a pump's keys."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QCheckBox, QComboBox, QGridLayout, QLabel, QPushButton, QSpinBox, QWidget

from pos_client.bootstrap.demo.panel_worker import PanelWorker
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import FuellingPoint
from pos_client.domain.formatting import litres, money
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.faults import FOREVER, WIRE_FAULTS

AMOUNT_VND, PRICE_VND = 100_000, 20_000
TIMES_MOST = 99


class PumpRow:
    """A driver at one pump: which nozzle, how much, lift, squeeze, hang up; and the pump's fuse."""

    def __init__(self, worker: PanelWorker, words: Catalogue, point: FuellingPoint, grid: QGridLayout) -> None:
        self._words, number, row = words, int(point.point), grid.rowCount()
        nozzles = nozzle_choice(words, point)
        nozzles.setObjectName(f"nozzle-{number}")
        amount = money_field(AMOUNT_VND, 10_000)
        self.power = QCheckBox(words.say("demo.power"))
        self.power.setObjectName(f"power-{number}")
        self.power.setChecked(True)
        self.power.clicked.connect(lambda on: worker.pump(number, "restore_power" if on else "cut_power"))
        self._figures = QLabel("")
        self._figures.setObjectName(f"figures-{number}")
        lift = button(words, "lift", f"lift-{number}")
        lift.clicked.connect(lambda: worker.pump(number, "lift", nozzle=nozzles.currentData()))
        flow = button(words, "flow", f"flow-{number}")
        flow.clicked.connect(lambda: worker.pump(number, "flow", amount_vnd=amount.value()))
        hang = button(words, "hang", f"hang-{number}")
        hang.clicked.connect(lambda: worker.pump(number, "hang"))
        title = QLabel(words.say("demo.pump", point=number))
        put(grid, row, (title, nozzles, lift, amount, flow, hang, self.power, self._figures))

    def draw(self, pump: dict[str, Any]) -> None:
        """What stands on the display."""
        self.power.setChecked(pump["powered"])
        shown = self._words.say("demo.figures", litres=litres(pump["volume_ml"]), money=money(pump["amount_vnd"]))
        self._figures.setText(shown if pump["powered"] else "")


class LineRow:
    """A line: its cable, and a fault for one of its pumps or for all."""

    def __init__(
        self, worker: PanelWorker, words: Catalogue, line: str, spoken: str, points: Iterable[int], grid: QGridLayout
    ) -> None:
        row = grid.rowCount()
        self.cable = QCheckBox(words.say("demo.cable", line=line))
        self.cable.setObjectName(f"cable-{line}")
        self.cable.setChecked(True)
        self.cable.clicked.connect(lambda on: worker.cable(line, on))
        faults = QComboBox()
        faults.setObjectName(f"fault-{line}")
        for name in (*WIRE_FAULTS, *protocol(spoken).device_faults):
            faults.addItem(words.say(f"demo.fault.{name}"), name)
        where = QComboBox()
        where.setObjectName(f"fault-where-{line}")
        where.addItem(words.say("demo.any_pump"), None)
        for point in points:
            where.addItem(words.say("demo.pump", point=point), point)
        times = QSpinBox()
        times.setRange(FOREVER, TIMES_MOST)
        times.setValue(1)
        times.setSpecialValueText(words.say("demo.until_cleared"))
        times.setPrefix(words.say("demo.times"))
        cause = button(words, "cause", f"cause-{line}")
        cause.clicked.connect(lambda: worker.fault(line, faults.currentData(), times.value(), where.currentData()))
        put(grid, row, (self.cable, faults, where, times, cause))


class PriceRow:
    """Somebody with a key sets a price at a pump itself."""

    def __init__(
        self, worker: PanelWorker, words: Catalogue, points: Iterable[FuellingPoint], grid: QGridLayout
    ) -> None:
        which = QComboBox()
        which.setObjectName("price-where")
        for point in points:
            for nozzle in point.nozzles:
                name = words.say("demo.nozzle", nozzle=nozzle.nozzle, grade=nozzle.grade.name)
                which.addItem(
                    f"{words.say('demo.pump', point=point.point)} · {name}", (int(point.point), int(nozzle.nozzle))
                )
        price = money_field(PRICE_VND, 10)
        price.setObjectName("price")
        set_price = button(words, "set_price", "set-price")

        def press() -> None:
            number, nozzle = which.currentData()
            worker.pump(number, "price", nozzle=nozzle, price_vnd=price.value())

        set_price.clicked.connect(press)
        row = grid.rowCount()
        grid.addWidget(QLabel(words.say("demo.price")), row, 0)
        grid.addWidget(which, row, 1, 1, 2)
        grid.addWidget(price, row, 3)
        grid.addWidget(set_price, row, 4)


def nozzle_choice(words: Catalogue, point: FuellingPoint) -> QComboBox:
    """The nozzles of a pump and what they deliver."""
    choice = QComboBox()
    for nozzle in point.nozzles:
        choice.addItem(words.say("demo.nozzle", nozzle=nozzle.nozzle, grade=nozzle.grade.name), int(nozzle.nozzle))
    return choice


def money_field(value: int, step: int) -> QSpinBox:
    """An amount in đồng."""
    field = QSpinBox()
    field.setRange(1, 5_000_000)
    field.setSingleStep(step)
    field.setLocale(QLocale(QLocale.Language.Vietnamese))
    field.setGroupSeparatorShown(True)
    field.setValue(value)
    field.setSuffix(" đ")
    return field


def button(words: Catalogue, key: str, name: str) -> QPushButton:
    """A button of the panel."""
    made = QPushButton(words.say(f"demo.{key}"))
    made.setObjectName(name)
    return made


def put(grid: QGridLayout, row: int, widgets: Iterable[QWidget]) -> None:
    """A row of widgets."""
    for column, widget in enumerate(widgets):
        grid.addWidget(widget, row, column)
