"""The pad on the customer's screen with its digits in another order for each code."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from pos_client.domain.identifiers import PointId
from pos_client.services.messages import KeypadKey, KeypadPressed
from pos_client.services.snapshots import DialogueState, Notice, Severity, TerminalSnapshot
from pos_client.ui.assets import load_theme
from pos_client.ui.customer.keypad import ROWS, Keypad, unforeseen
from pos_client.ui.style import Style
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.words import RESOURCES

NATURAL = [key for row in ROWS for key in row]


@pytest.fixture
def pad(qapp: QApplication) -> Iterator[tuple[Keypad, list[object]]]:
    """A pad that turns its digits by one place further each time."""
    del qapp
    sent, turns = list[object](), [0]

    def turn(digits: list[int]) -> None:
        turns[0] += 1
        digits[:] = digits[turns[0] :] + digits[: turns[0]]

    legends = {key: key.value for key in KeypadKey}
    made = Keypad(Style(load_theme(RESOURCES / "styles", "day")), sent.append, legends, shuffle=turn)
    made.resize(420, 500)
    yield made, sent
    made.deleteLater()


def touch(pad: Keypad, at: tuple[int, int]) -> None:
    QTest.mouseClick(pad, Qt.MouseButton.LeftButton, pos=QPoint(*at))


def places(pad: Keypad) -> dict[object, tuple[int, int]]:
    return {key: pad.key_rect(key).center().toPoint().toTuple() for key in NATURAL}


def test_each_code_has_an_order_of_its_own_and_other_questions_none(pad: tuple[Keypad, list[object]]) -> None:
    keypad, sent = pad
    natural = places(keypad)
    keypad.set_discreet(True)
    first = places(keypad)
    assert first != natural
    assert first[KeypadKey.OK] == natural[KeypadKey.OK]
    touch(keypad, first[7])
    touch(keypad, natural[7])
    assert [command.key for command in sent if isinstance(command, KeypadPressed)] == [7, 8]
    keypad.set_discreet(True)
    assert places(keypad) == first, "while one code is typed the digits stay"
    keypad.set_discreet(False)
    assert places(keypad) == natural
    keypad.set_discreet(True)
    assert places(keypad) not in (natural, first)
    assert sorted(keypad._digits) == list(range(10))


def test_the_order_is_painted_as_it_works(pad: tuple[Keypad, list[object]]) -> None:
    """The picture of the place where 7 is now is the picture of 7 before."""
    keypad, _ = pad

    def picture(key: int) -> object:
        return keypad.grab(keypad.key_rect(key).toRect()).toImage()

    before = picture(7)
    keypad.set_discreet(True)
    assert picture(7) == before
    assert picture(8) != before


def test_nobody_can_foresee_it() -> None:
    shuffle, seen = unforeseen(), set()
    for _ in range(40):
        digits = list(range(10))
        shuffle(digits)
        seen.add(tuple(digits))
        assert sorted(digits) == list(range(10))
    assert len(seen) > 35


def secret(length: int = 0, **more: object) -> TerminalSnapshot:
    asked = x.dialogue(DialogueState.SECRET, point=PointId(1), secret_length=length, **more)
    return x.selling(dialogue=asked, points_panel=x.PANELS["waiting"])


def test_a_code_typed_on_a_device_leaves_nothing_to_touch(till: Till) -> None:
    till.show(secret())
    assert till.customer.keypad.isVisibleTo(till.customer)
    till.show(secret(3, on_device=True))
    assert not till.customer.keypad.isVisibleTo(till.customer)
    assert till.customer.page.view.dots == (3, 6)


def test_a_keypad_that_is_gone_is_said_in_words_on_both_screens_and_no_digit_is_left(till: Till) -> None:
    lost = x.dialogue(DialogueState.KEYPAD_LOST, point=PointId(1), deadline_ticks_ms=x.NOW + 47_000, on_device=True)
    notice = Notice("keypad_missing", Severity.WARNING)
    till.show(x.selling(dialogue=lost, points_panel=x.PANELS["waiting"], notice=notice))
    view = till.customer.page.view
    assert "mất kết nối" in view.title
    assert "Chưa điểm nào" in view.statement
    assert view.dots is None
    assert not till.customer.keypad.isVisibleTo(till.customer)
    bar = till.cashier.findChild(QWidget, "message-bar")
    assert bar is not None
    assert "Chưa điểm nào bị trừ" in bar.accessibleName()
