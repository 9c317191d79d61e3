"""What is touched and typed anywhere in the cashier's window, handed to the tables of `hands`. Carries nothing out.

No button takes the focus, so every key reaches the window wherever the finger was last. A field that is open takes
printed characters; its Enter and Esc come here first, through the event filter.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.ui.keys import Key
from pos_client.ui.loyalty.view_model import PanelVerb, dying_alone
from pos_client.ui.parts.one_line import one_line
from pos_client.ui.shell.fields import FieldName
from pos_client.ui.shell.hands import PANEL_KEYS, Front, Hands
from pos_client.ui.shell.helping import Helping
from pos_client.ui.shell.keyboard import OPENS
from pos_client.ui.shell.pages import Pages
from pos_client.ui.shell.qt_keys import QT_KEYS

TENDER_KEYS = {TenderKind.CASH: Key.F9, TenderKind.QR: Key.F10, TenderKind.CARD: Key.F11}


class Fingers(QObject):
    """`acted` carries what a touch or a key asks for, a list of actions (as an object: as a list of Qt's an enum would
    arrive as its text); `closing` says that open fields are to be closed and the keyboard given back to the window."""

    acted = Signal(object)
    closing = Signal()

    def __init__(
        self, pages: Pages, hands: Hands, clock_ticks: Callable[[], int], reading: Helping, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._help = reading
        self._pages, self._hands, self._clock = pages, hands, clock_ticks
        page = pages.sales
        page.point_touched.connect(lambda number: self.acted.emit(hands.tile_touched(number)))
        page.chip_key.connect(lambda: self.key(hands.chip_key()))
        page.message_read.connect(lambda: self.key(Key.ENTER))
        page.tender_chosen.connect(lambda kind: self.key(TENDER_KEYS[kind]))
        page.part_wanted.connect(lambda: self.key(Key.F4))
        page.points_acted.connect(self._points_acted)
        page.more.chosen.connect(lambda index: self.acted.emit(hands.answer_touched(index)))
        page.more.key_pressed.connect(self.touched)
        page.identify.enter.clicked.connect(lambda: self._field_enter(page.identify.field, touched=True))
        for entry in (page.identify, page.part):
            entry.close_key.clicked.connect(self.closing)
        self._take(page.fields)
        pages.made.connect(self._attach)

    def _attach(self, front: Front) -> None:
        """To a page that has just been made."""
        pages, hands = self._pages, self._hands
        if front is Front.SHIFT:
            shift = pages.shift
            shift.key_pressed.connect(self.touched)
            shift.row_touched.connect(lambda: self.acted.emit(hands.row_touched(shift.place)))
            self._take(shift.fields)
        elif front is Front.RECORDS and pages.records is not None:
            pages.records.field.installEventFilter(self)

    def _take(self, fields: Sequence[QLineEdit]) -> None:
        for field in fields:
            field.installEventFilter(self)
            one_line(field)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc of an open field; its characters only teach the scan detector."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            key = QT_KEYS.get(event.key())
            if watched is self._searched():
                return self._records_key(key)
            if key is Key.ENTER:
                self._field_enter(watched)
                return True
            if key is Key.ESCAPE:
                self.key(key)
                return True
            answer = self._hands.field_character(watched.objectName(), event.text(), self._clock())
            if answer is not None:
                self.acted.emit(answer)
                return True
        return super().eventFilter(watched, event)

    def _searched(self) -> QLineEdit | None:
        """The field of the list of sales, once there is one."""
        records = self._pages.records if self._pages.is_made(Front.RECORDS) else None
        return None if records is None else records.field

    def _records_key(self, key: Key | None) -> bool:
        """A key in the field of the list: Pause stops all there too; characters are the field's."""
        if key is Key.PAUSE:
            self.key(key)
            return True
        return key is not None and self._pages.records is not None and self._pages.records.press(key)

    def key(self, key: Key) -> None:
        """A key that is no printed character, from the keyboard or from the thing it stands on."""
        if self._help.press(key, self._clock()):
            return
        at_home = self._hands.front is Front.SALES
        if at_home and key is Key.ESCAPE and self._pages.sales.close_entries():
            self.closing.emit()
            return
        if at_home and key in OPENS:
            self.closing.emit()
        self.acted.emit(self._hands.key(key, self._clock(), self._pages.place(self._hands.front)))

    def touched(self, key: Key) -> None:
        """A key was touched; Enter speaks for the field of its question, if there is one."""
        if self._hands.front is Front.RECORDS and self._pages.records is not None and key is not Key.F1:
            self._pages.records.press(key)
            return
        mine = (self._pages.sales.more.field, *self._pages.shift_fields)
        field = next((f for f in mine if f is not None and f.isVisible()), None)
        if key is Key.ENTER and field is not None:
            self._field_enter(field, touched=True)
        else:
            self.key(key)

    def _field_enter(self, field: QLineEdit, *, touched: bool = False) -> None:
        name, text, place = field.objectName(), field.text().strip(), self._pages.place(Front.SHIFT)
        actions = self._hands.field_entered(name, text, self._clock(), place, touched=touched)
        if name == FieldName.PART and not actions:
            return  # the tender key that follows takes it
        if field not in self._pages.shift_fields:
            self.closing.emit()
        self.acted.emit(actions)

    def _points_acted(self, verb: PanelVerb) -> None:
        if verb is PanelVerb.CANCEL:
            self.acted.emit([m.CancelRedemption()])
        elif verb is PanelVerb.DYING:
            self.acted.emit([m.StartRedemption(dying_alone(self._hands.snapshot))])
        else:
            self.key(PANEL_KEYS[verb])
