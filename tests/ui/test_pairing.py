"""Pairing in the real windows: 5 on a keypad, saved, and typed on by the next customer after the next start."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.keypad import KeypadKind, KeypadTrouble
from pos_client.domain.keypad_pairing import Candidate, PairingProgress, PairingStep
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.settings.faults import Fault
from pos_client.settings.model import KeypadSettings, Settings
from pos_client.ui.technician.devices_page import DevicesPage
from pos_client.ui.technician.page import TechnicianPage
from pos_client.ui.technician.sides import Side
from tests.fakes.keypads import FakeKernel
from tests.ui.conftest import Till
from tests.ui.finding import destroy, found
from tests.ui.test_technician_doctor import SETTINGS, tap, until
from tests.words import words

Start = Callable[[Settings], Windowed]
CHERRY = Candidate(KeypadKind.USB, "usb:046a:0023:A1", "Cherry Keypad")


@pytest.fixture
def kernel(tmp_path: Path) -> Iterator[FakeKernel]:
    """The keypads of this computer."""
    made = FakeKernel(tmp_path / "kernel")
    yield made
    made.close()


@pytest.fixture
def at_work(qapp: QApplication, tmp_path: Path, kernel: FakeKernel) -> Iterator[Start]:
    (tmp_path / "till").mkdir()
    started: list[Windowed] = []

    def start(settings: Settings) -> Windowed:
        windowed = Windowed(qapp, settings, Site(tmp_path / "till"), keypads=kernel.devices())
        started.append(windowed)
        windowed.start()
        windowed.show()
        return windowed

    yield start
    for windowed in started:
        windowed.stop()
        for window in (windowed.windows.cashier, windowed.windows.customer):
            destroy(window)


def seen(windowed: Windowed, so: Callable[[TerminalSnapshot], bool], what: str) -> None:
    until(lambda: windowed.snapshot is not None and so(windowed.snapshot), what=what)


@pytest.mark.skipif(sys.platform != "linux", reason="evdev is Linux's")
@pytest.mark.log_expected("a keypad pulled out is written down")
def test_a_keypad_is_paired_saved_typed_on_and_missed(at_work: Start, kernel: FakeKernel, tmp_path: Path) -> None:
    kernel.plug("event3", serial="A1")
    windowed = at_work(SETTINGS)
    windowed.windows.cashier.toggle_technician()
    page = found(windowed.windows.cashier, TechnicianPage)
    tap(page, "side-devices")
    tap(page, "pair-keypad")
    until(lambda: kernel.plugs["event3"].opened == 1, what="it is listened to")
    kernel.type("event3", "5")
    until(lambda: "Đã ghép: Cherry Keypad" in page.devices.title.text(), what=page.devices.title.text())
    until(lambda: page.devices.saved.text().startswith("Đã lưu"), what="saved")
    windowed.stop()
    loaded = read_settings(tmp_path / "till" / "settings.toml", allow_sandbox_secrets=True)
    assert loaded.settings is not None
    assert loaded.settings.keypad == KeypadSettings("usb", "usb:046a:0023:A1")
    again = at_work(loaded.settings)
    seen(again, lambda s: s.status.keypad, "the keypad is the till's")
    assert kernel.plugs["event3"].grabbed
    kernel.type("event3", "0912")
    seen(again, lambda s: s.dialogue.entered == "0912", "his number on his screen")
    assert again.snapshot is not None
    assert again.snapshot.dialogue.state is DialogueState.IDENTIFY
    kernel.unplug("event3")
    seen(again, lambda s: s.status.keypad_trouble is KeypadTrouble.MISSING, "it is missed")
    kernel.plug("event9", serial="A1")
    seen(again, lambda s: s.status.keypad, "it is back under another name")


def devices(till: Till) -> DevicesPage:
    till.windows.show()
    till.cashier.toggle_technician()
    page = found(till.cashier, TechnicianPage)
    page.open(Side.DEVICES)
    return page.devices


def press(page: DevicesPage, name: str) -> None:
    QTest.mouseClick(found(page, QPushButton, name), Qt.MouseButton.LeftButton)


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("step", PairingStep)
def test_every_end_says_what_happened_and_what_to_do(language: str, step: PairingStep) -> None:
    for key in (f"tech.pairing.{step.value}", f"tech.pairing.{step.value}_do"):
        said = words(language).say(key, left="30 s", name="Cherry", identity="usb:046a:0023:A1")
        assert said
        assert "{" not in said


def test_a_pairing_that_was_not_kept_changes_nothing_and_says_why(till: Till) -> None:
    till.workshop.faults = (Fault("", "settings_not_saved", (("detail", "No space left on device"),)),)
    page = devices(till)
    press(page, "pair-keypad")
    assert till.workshop.tell_pairing is not None
    till.workshop.tell_pairing(PairingProgress(PairingStep.PAIRED, (CHERRY,), CHERRY))
    assert till.workshop.saved == []
    assert "No space left on device" in found(page, QLabel, "keypad-saved").text()


def test_what_is_half_typed_elsewhere_is_neither_saved_nor_lost(till: Till) -> None:
    page = devices(till)
    draft = found(till.cashier, TechnicianPage).draft
    draft.put("station.name", "Half ty")
    press(page, "pair-keypad")
    assert till.workshop.tell_pairing is not None
    till.workshop.tell_pairing(PairingProgress(PairingStep.PAIRED, (CHERRY,), CHERRY))
    (saved,) = till.workshop.saved
    assert saved["station"]["name"] != "Half ty"  # type: ignore[index]
    assert draft.get("station.name") == "Half ty"
    assert draft.get("keypad.identity") == CHERRY.identity
    assert draft.changed


def test_a_rule_can_be_copied_and_leaving_the_side_ends_the_pairing(till: Till) -> None:
    page = devices(till)
    press(page, "pair-keypad")
    assert till.workshop.tell_pairing is not None
    denied = Candidate(KeypadKind.USB, "usb:1:2", "Pad", trouble=KeypadTrouble.DENIED, help='SUBSYSTEM=="input", …')
    till.workshop.tell_pairing(PairingProgress(PairingStep.LISTENING, (CHERRY, denied), None, 28_000))
    rule = found(page, QLabel, "keypad-help")
    assert 'SUBSYSTEM=="input"' in rule.text()
    assert rule.textInteractionFlags() & Qt.TextInteractionFlag.TextSelectableByMouse
    found(till.cashier, TechnicianPage).open(Side.PORTS)
    assert "end_pairing" in till.workshop.asked
