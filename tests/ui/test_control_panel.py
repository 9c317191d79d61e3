"""The demonstration's control panel: every press reaches the sandbox, every fault has its word, and it stays small."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QSpinBox
from pytestqt.qtbot import QtBot

from pos_client.bootstrap import loading
from pos_client.bootstrap.demo.control_panel import ControlPanel, PanelBridge
from pos_client.bootstrap.demo.demo_site import demo_settings
from pos_client.bootstrap.demo.panel_worker import PanelView, PanelWorker
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.paths import Site, resources
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.sandbox.dispenser.faults import WIRE_FAULTS
from tests.central import STATION_FILE

KEYS = {"seal_key": "", "permit_key": "", "answer_key": ""}
CENTRAL = {"url": "http://127.0.0.1:1", "control": "http://127.0.0.1:2", **KEYS}
LINES = [{"name": name, "protocol": "", "port": name, "control": ""} for name in ("dart-1", "gilbarco-1")]
ADDRESSES = Addresses({"central": CENTRAL, "dispensers": LINES, "station": str(STATION_FILE)})
SMALL_WIDTH, SMALL_HEIGHT = 1000, 400
MESSAGE = {
    "phone": "0912000001",
    "text": "Ma xac thuc 123456 de dung 15000 diem tai CHXD 18. Khong doc cho nguoi la <b>.",
}


class Hands(PanelWorker):
    """Notes what was pressed."""

    def __init__(self) -> None:
        self.pressed: list[tuple[object, ...]] = []

    def pump(self, point: int, action: str, **body: object) -> None:
        self.pressed.append((point, action, body))

    def network(self, up: bool) -> None:
        self.pressed.append(("network", up))

    def cable(self, line: str, plugged: bool) -> None:
        self.pressed.append((line, plugged))

    def fault(self, line: str, name: str, times: int, point: int | None) -> None:
        self.pressed.append((line, name, times, point))

    def clear_all(self) -> None:
        self.pressed.append(("clear",))


class Panel:
    """A panel somebody presses at."""

    def __init__(self, qtbot: QtBot, tmp_path: Any, language: str) -> None:
        self.hands, self.bridge = Hands(), PanelBridge()
        settings = demo_settings(ADDRESSES, Site(tmp_path), language)
        words = loading.catalogue(resources(), language)
        self.window = ControlPanel(self.hands, self.bridge, settings, words, ("000100001 · +84912000001 · Trần",))
        qtbot.addWidget(self.window)

    def press(self, name: str) -> None:
        found = self.window.findChild(QAbstractButton, name)
        assert found is not None, name
        found.click()

    def choose(self, name: str, value: object) -> None:
        found = self.window.findChild(QComboBox, name)
        assert found is not None
        found.setCurrentIndex([found.itemData(index) for index in range(found.count())].index(value))

    def text(self, name: str) -> str:
        found = self.window.findChild(QLabel, name)
        assert found is not None
        return found.text()


def pump(point: int, **changes: Any) -> dict[str, Any]:
    return {"point": point, "volume_ml": 12_340, "amount_vnd": 334_167, "powered": True, **changes}


@pytest.fixture
def panel(qtbot: QtBot, tmp_path: Any) -> Panel:
    return Panel(qtbot, tmp_path, "vi")


def test_a_driver_lifts_the_nozzle_he_chose_squeezes_and_hangs_up(panel: Panel):
    panel.choose("nozzle-1", 3)
    for name in ("lift-1", "flow-1", "hang-1", "power-1", "power-1"):
        panel.press(name)
    assert panel.hands.pressed == [
        (1, "lift", {"nozzle": 3}),
        (1, "flow", {"amount_vnd": 100_000}),
        (1, "hang", {}),
        (1, "cut_power", {}),
        (1, "restore_power", {}),
    ]


@pytest.mark.parametrize("line", ["dart-1", "gilbarco-1"])
def test_every_fault_of_both_protocols_can_be_caused_by_hand(panel: Panel, line: str):
    spoken = {"dart-1": "dart", "gilbarco-1": "gilbarco-two-wire"}[line]
    known = (*WIRE_FAULTS, *PROTOCOLS[spoken].device_faults)
    for name in known:
        panel.choose(f"fault-{line}", name)
        panel.press(f"cause-{line}")
    assert panel.hands.pressed == [(line, name, 1, None) for name in known]


def test_a_fault_of_one_pump_until_it_is_cleared(panel: Panel):
    panel.choose("fault-where-gilbarco-1", 6)
    times = panel.window.findChild(QComboBox, "fault-gilbarco-1").parentWidget().findChildren(QSpinBox)  # type: ignore[union-attr]
    for field in times:
        field.setValue(field.minimum())
    panel.press("cause-gilbarco-1")
    panel.press("clear-all")
    assert panel.hands.pressed == [("gilbarco-1", "lost_answer", 0, 6), ("clear",)]


def test_cables_the_network_and_a_price_at_a_pump(panel: Panel):
    panel.choose("price-where", (5, 2))
    price = panel.window.findChild(QSpinBox, "price")
    assert price is not None
    price.setValue(26_990)
    for name in ("cable-dart-1", "cable-dart-1", "network", "clear-all", "set-price"):
        panel.press(name)
    assert panel.hands.pressed == [
        *(("dart-1", False), ("dart-1", True), ("network", False), ("clear",)),
        (5, "price", {"nozzle": 2, "price_vnd": 26_990}),
    ]
    network = panel.window.findChild(QAbstractButton, "network")
    assert network is not None
    assert network.isChecked(), "back to normal is back to normal"


def test_it_shows_what_the_sandbox_shows_and_presses_nothing_by_itself(panel: Panel):
    panel.bridge.show(
        PanelView(
            (pump(1), pump(2, powered=False)), (MESSAGE,), ({"who": "1", "name": "A", "pin": "2"},), {"dart-1": False}
        )
    )
    assert panel.text("figures-1") == "12,34 lít · 334.167 đ"
    assert panel.text("figures-2") == ""
    assert "123456" in panel.text("phone")
    assert "&lt;b&gt;" in panel.text("phone")
    assert "1 · A · PIN 2" in panel.text("people")
    checked: Callable[[str], bool] = lambda name: panel.window.findChild(QAbstractButton, name).isChecked()  # type: ignore[union-attr]  # noqa: E731
    assert [checked(name) for name in ("cable-dart-1", "cable-gilbarco-1", "power-1", "power-2")] == [
        *(False, True, True, False)
    ]
    assert panel.hands.pressed == []


def test_what_could_not_be_done_is_said(panel: Panel):
    panel.bridge.show(PanelView(trouble="head 80 is in use"))
    assert "head 80 is in use" in panel.text("phone")


@pytest.mark.parametrize("language", loading.LANGUAGES)
def test_it_is_small_in_both_languages_and_every_word_is_known(qtbot: QtBot, tmp_path: Any, language: str):
    panel = Panel(qtbot, tmp_path, language)
    height = panel.window.sizeHint().height()
    secrets = tuple({"who": str(who), "name": "A", "pin": "2"} for who in range(20))
    panel.bridge.show(
        PanelView(tuple(pump(point, amount_vnd=5_000_000) for point in range(1, 7)), (MESSAGE, MESSAGE), secrets)
    )
    size = panel.window.sizeHint()
    assert size.height() == height, "it stays where it was put"
    assert (size.width() <= SMALL_WIDTH, size.height() <= SMALL_HEIGHT) == (True, True), size
    said = [label.text() for label in panel.window.findChildren(QLabel)]
    said += [button.text() for button in panel.window.findChildren(QAbstractButton)]
    for box in panel.window.findChildren(QComboBox):
        said += [box.itemText(index) for index in range(box.count())]
    assert not [text for text in said if "demo." in text]
