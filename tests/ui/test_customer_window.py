"""The customer's window: real touches, languages, and an attack on what it might remember of a secret."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from pos_client.domain.identifiers import PointId
from pos_client.services.messages import KeypadKey, KeypadPressed
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.customer.keypad import ROWS, KeyName
from pos_client.ui.customer.qr_code import matrix
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.gallery import CUSTOMER

LEFT = Qt.MouseButton.LeftButton
D = DialogueState
SECRET = "739164"
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


def _touch(till: Till, key: KeyName) -> None:
    pad = till.customer.keypad
    QTest.mouseClick(pad, LEFT, Qt.KeyboardModifier.NoModifier, pad.key_rect(key).center().toPoint())


def _secret(length: int) -> TerminalSnapshot:
    return x.selling(
        dialogue=x.dialogue(D.SECRET, point=PointId(1), secret_length=length), points_panel=x.PANELS["waiting"]
    )


def _keys(till: Till) -> list[KeyName]:
    return [command.key for command in till.sent if isinstance(command, KeypadPressed)]


def test_every_key_sends_itself_and_only_itself(till: Till) -> None:
    till.show(x.terminal())
    wanted = [key for row in ROWS for key in row]
    for key in wanted:
        _touch(till, key)
    assert _keys(till) == wanted
    assert len(till.sent) == len(wanted)


@pytest.mark.parametrize("size", [(1024, 600), (600, 1024)], ids=["lying", "upright"])
def test_keys_do_not_overlap_and_are_large_enough(till: Till, size: tuple[int, int]) -> None:
    till.customer.resize(*size)
    QApplication.processEvents()
    pad = till.customer.keypad
    rects = [pad.key_rect(key) for row in ROWS for key in row]
    least = 56 * till.customer.look.scale_percent // 100
    for index, rect in enumerate(rects):
        assert rect.height() >= least
        assert rect.width() >= least
        assert not any(rect.intersects(other) for other in rects[index + 1 :])
    with pytest.raises(KeyError):
        pad.key_rect(10)


def test_two_quick_presses_are_two(till: Till) -> None:
    till.show(x.terminal())
    pad = till.customer.keypad
    point = pad.key_rect(4).center().toPoint()
    QTest.mouseClick(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)
    QTest.mouseDClick(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert _keys(till) == [4, 4, 4] or _keys(till) == [4, 4]
    assert len(_keys(till)) >= 2


def test_between_keys_nothing_is_pressed(till: Till) -> None:
    till.show(x.terminal())
    pad = till.customer.keypad
    gap = (pad.key_rect(1).bottomRight() + pad.key_rect(5).topLeft()) / 2
    QTest.mouseClick(pad, LEFT, Qt.KeyboardModifier.NoModifier, gap.toPoint())
    QTest.mouseClick(
        pad, Qt.MouseButton.RightButton, Qt.KeyboardModifier.NoModifier, pad.key_rect(5).center().toPoint()
    )
    assert till.sent == []


def test_the_cashiers_keyboard_never_feeds_the_keypad(till: Till) -> None:
    till.show(_secret(0))
    for char in SECRET:
        QTest.keyClicks(till.customer, char)
        QTest.keyClicks(till.customer.keypad, char)
    QTest.keyClick(till.customer, Qt.Key.Key_Return)
    assert till.sent == []
    assert till.customer.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus


def _objects(root: QObject) -> Iterator[QObject]:
    yield root
    yield from root.findChildren(QObject)


def _property(widget: QObject, name: str) -> str:
    try:
        return str(widget.property(name))
    except RuntimeError:  # a property of a type the binding cannot hand over, hence no text
        return ""


def _everything_said(widget: QObject) -> str:
    """All a curious program could read from an object: Qt properties, dynamic properties, Python attributes."""
    meta = widget.metaObject()
    values = [_property(widget, str(meta.property(i).name())) for i in range(meta.propertyCount())]
    values += [_property(widget, bytes(name.data()).decode()) for name in widget.dynamicPropertyNames()]
    values += [repr(value) for value in vars(widget).values() if not isinstance(value, QObject)]
    if isinstance(widget, QWidget):
        values += [widget.accessibleName(), widget.accessibleDescription(), widget.toolTip()]
    return ADDRESS.sub("", "\n".join(values))


def test_i10_no_widget_knows_a_typed_secret(till: Till, qtbot: QtBot) -> None:
    """Digits leave as messages; neither any property nor any attribute of any widget shows one after another."""
    with qtbot.waitSignal(till.cashier.prepared, timeout=60_000):  # a page that is made meanwhile has digits by chance
        till.cashier.prepare()
    till.sent = forgetful = _Forgetful()
    till.bridge._post = till.sent.append
    till.show(_secret(0))
    before = {id(obj): _everything_said(obj) for obj in (*_objects(till.customer), *_objects(till.cashier))}
    for count, digit in enumerate(SECRET, start=1):
        _touch(till, int(digit))
        till.show(_secret(count))
        for obj in (*_objects(till.customer), *_objects(till.cashier)):
            said = _everything_said(obj)
            known = set(before.get(id(obj), "").splitlines())  # handles and sizes: any digits may be in there by chance
            new = "\n".join(line for line in said.splitlines() if line not in known)
            assert SECRET[: max(count, 3)] not in new
            if obj is till.customer.keypad:
                assert said == before[id(obj)]
    assert forgetful.kept == len(SECRET)
    assert till.customer.page.view.dots == (6, 6)


class _Forgetful(list[object]):
    """Counts and forgets."""

    kept = 0

    def append(self, item: object) -> None:
        assert repr(item) == "KeypadPressed(•)"
        self.kept += 1


def test_while_a_secret_is_typed_no_key_lights_up(till: Till) -> None:
    pad = till.customer.keypad
    till.show(_secret(2))
    dark = pad.grab().toImage()
    point = pad.key_rect(7).center().toPoint()
    QTest.mousePress(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert pad.grab().toImage() == dark
    QTest.mouseRelease(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)
    till.show(x.terminal(dialogue=x.dialogue(D.IDENTIFY, entered="0")))
    QTest.mousePress(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert pad.grab().toImage() != dark
    QTest.mouseRelease(pad, LEFT, Qt.KeyboardModifier.NoModifier, point)


def test_there_is_no_text_field_at_all(till: Till) -> None:
    assert till.customer.findChildren(QLineEdit) == []


def test_a_touched_answer_is_its_key(till: Till) -> None:
    snapshot = CUSTOMER["amount"]
    assert snapshot is not None
    till.show(snapshot)
    till.customer.page.grab()
    page = till.customer.page
    for key in (3, 1):
        point = page.choice_rect(key).center().toPoint()
        QTest.mouseClick(page, LEFT, Qt.KeyboardModifier.NoModifier, point)
    assert _keys(till) == [3, 1]
    till.show(x.terminal())
    page.grab()
    QTest.mouseClick(page, LEFT, Qt.KeyboardModifier.NoModifier, QPoint(100, 200))
    assert _keys(till) == [3, 1]


def test_no_is_zero_and_yes_is_ok_on_the_confirm_page(till: Till) -> None:
    snapshot = CUSTOMER["confirm"]
    assert snapshot is not None
    till.show(snapshot)
    keys = [choice.key for choice in till.customer.page.view.choices]
    assert keys == [KeypadKey.OK, 0]
    _touch(till, 0)
    assert _keys(till) == [0]


def test_the_language_returns_with_the_next_customer(till: Till) -> None:
    till.show(x.selling(dialogue=x.dialogue(D.IDENTIFY)))
    header = till.customer.findChild(QWidget, "customer-header")
    assert header is not None
    header.grab()
    QTest.mouseClick(header, LEFT, Qt.KeyboardModifier.NoModifier, header.language_rect("en").center().toPoint())  # type: ignore[attr-defined]
    assert till.customer.page.view.title == "Phone number or Petrolimex ID"
    till.show(x.terminal(dialogue=x.dialogue(D.WELCOME)))
    assert till.customer.page.view.title == "Kính chào quý khách"


def test_seconds_count_from_the_moment_the_question_appeared(till: Till) -> None:
    till.show(x.selling(dialogue=x.dialogue(D.IDENTIFY)))
    till.now += 5000
    till.show(x.selling(dialogue=x.dialogue(D.LOOKING_UP)))
    till.now += 3000
    till.customer.refresh()
    assert till.customer.page.view.side_figure == "3 giây"


def test_the_qr_library_is_loaded_only_when_a_code_is_shown() -> None:
    modules = matrix("CHXD018-T1-000231")
    size = len(modules)
    assert size == len(modules[0])
    assert (size - 17) % 4 == 0
    finder = [row[:7] for row in modules[:7]]
    assert finder[0] == (True,) * 7
    assert finder[1] == (True, False, False, False, False, False, True)


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1280, 800), (1920, 1080)])
def test_pages_draw_at_every_size(till: Till, size: tuple[int, int]) -> None:
    till.customer.resize(*size)
    for snapshot in CUSTOMER.values():
        if snapshot is not None:
            till.show(snapshot)
            till.customer.grab()
    QApplication.processEvents()
    assert till.customer.look.scale_percent == min(220, max(70, min(size[0] * 100 // 1024, size[1] * 100 // 600)))
