"""The cashier's window: owns the keyboard, draws snapshots, sends commands. It knows no rule of the trade.

No button takes the focus, so every key reaches this window wherever the finger was last. A field that is open takes
printed characters; its Enter and Esc come here first.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QStackedWidget, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.domain.identifiers import PointId
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.bridge import Bridge
from pos_client.ui.loyalty.view_model import PanelVerb, gift_in_hand
from pos_client.ui.shell.key_bar import KeyBar
from pos_client.ui.shell.keyboard import Action, Key, Keyboard, OpenAmount, Wish
from pos_client.ui.shell.sales_page import SalesPage, Slot
from pos_client.ui.shell.status_strip import StatusStrip
from pos_client.ui.shell.view_model import bar_view, strip_view
from pos_client.ui.style import Style
from pos_client.ui.technician.page import TechnicianPage

BASE_WIDTH, BASE_HEIGHT = 1366, 768
SMALLEST_PERCENT, LARGEST_PERCENT = 92, 160
REFRESH_MS = 250
"""How often ages and countdowns are looked at; only words that changed are drawn again."""

QT_KEYS: dict[int, Key] = {
    Qt.Key.Key_Space: Key.SPACE,
    Qt.Key.Key_Return: Key.ENTER,
    Qt.Key.Key_Enter: Key.ENTER,
    Qt.Key.Key_Escape: Key.ESCAPE,
    Qt.Key.Key_Delete: Key.DELETE,
    Qt.Key.Key_Pause: Key.PAUSE,
    Qt.Key.Key_F2: Key.F2,
    Qt.Key.Key_F3: Key.F3,
    Qt.Key.Key_F4: Key.F4,
    Qt.Key.Key_F5: Key.F5,
    Qt.Key.Key_F6: Key.F6,
    Qt.Key.Key_F8: Key.F8,
    Qt.Key.Key_F9: Key.F9,
    Qt.Key.Key_F10: Key.F10,
    Qt.Key.Key_F11: Key.F11,
    Qt.Key.Key_F12: Key.F12,
}


class CashierWindow(QWidget):
    """Object name "cashier". `technician` is a page of this window, shown by F12 or Ctrl+T.

    `refreshed` is emitted with each timed redraw, for the other window to keep step.
    """

    refreshed = Signal()

    def __init__(
        self,
        bridge: Bridge,
        words: Catalogue,
        clock_ticks: Callable[[], int],
        style: Style,
        technician: TechnicianPage | None = None,
    ) -> None:
        super().__init__()
        self.look, self._words, self._clock, self._bridge = style, words, clock_ticks, bridge
        self._keyboard = Keyboard()
        self._snapshot: TerminalSnapshot | None = None
        self._technician = technician
        self.setObjectName("cashier")
        self.setWindowTitle(words.say("window.cashier"))
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.strip = StatusStrip(style, self)
        self.sales = SalesPage(style, words, self)
        self.keys = KeyBar(style, words.say("bar.stop_all"), words.say("bar.stop_all_key"), self)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.sales)
        if technician is not None:
            self._pages.addWidget(technician)
            technician.left.connect(self.toggle_technician)
            bridge.snapshot_changed.connect(technician.show_snapshot)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self.strip)
        column.addWidget(self._pages, 1)
        column.addWidget(self.keys)
        self._key_timer = QTimer(self)
        self._key_timer.setSingleShot(True)
        self._key_timer.timeout.connect(self.keys_waited)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.timeout.connect(self.refresh)
        self._refresh_timer.timeout.connect(self.refreshed)
        self._connect()
        self.setStyleSheet(style.sheet())
        self.resize(BASE_WIDTH, BASE_HEIGHT)
        self.refresh()
        self._refresh_timer.start(REFRESH_MS)

    def _connect(self) -> None:
        page = self.sales
        self._bridge.snapshot_changed.connect(self.show_snapshot)
        page.point_touched.connect(self._point_touched)
        page.chip_key.connect(self._chip_key)
        page.message_read.connect(lambda: self._key(Key.ENTER))
        page.tender_chosen.connect(self._tender)
        page.part_wanted.connect(lambda: self._key(Key.F4))
        page.points_acted.connect(self._points_acted)
        page.identify.enter.clicked.connect(lambda: self._field_enter(page.identify.field))
        page.preset.enter.clicked.connect(lambda: self._field_enter(page.preset.field))
        for entry in (page.identify, page.preset, page.part):
            entry.close_key.clicked.connect(self._close_entries)
        self.keys.pressed.connect(lambda name: self._key(Key(name)) if name else None)
        self.keys.stop_all.connect(lambda: self._bridge.send(m.StopAll()))
        for field in page.fields:
            field.installEventFilter(self)

    # ── drawing ────────────────────────────────────────────────────────────────────────────────────────────────

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Draw a newer snapshot."""
        self._snapshot = snapshot
        self.refresh()

    def refresh(self) -> None:
        """Draw the snapshot at hand as it reads now."""
        now = self._clock()
        self.strip.show_view(strip_view(self._words, self._snapshot, now))
        self.sales.show_snapshot(self._snapshot, now)
        self.keys.show_keys(bar_view(self._words, self._snapshot, self._keyboard.waiting_digit))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale type with the window."""
        super().resizeEvent(event)
        percent = min(self.width() * 100 // BASE_WIDTH, self.height() * 100 // BASE_HEIGHT)
        if self.look.rescale(max(SMALLEST_PERCENT, min(LARGEST_PERCENT, percent))):
            self.setStyleSheet(self.look.sheet())

    # ── keyboard ───────────────────────────────────────────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the cashier, unless a field has taken it."""
        event.accept()
        if event.isAutoRepeat():
            return
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            if event.key() == Qt.Key.Key_T:
                self.toggle_technician()
            return
        key = QT_KEYS.get(event.key())
        if self._pages.currentIndex() and key not in (Key.PAUSE, Key.F12, Key.ESCAPE):
            return
        if key is not None:
            self._key(key)
        elif len(event.text()) == 1 and event.text().isprintable():
            self._do(self._keyboard.character(event.text(), self._clock(), self._snapshot))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves between fields of the technician's page only."""
        return super().focusNextPrevChild(forward) if self._pages.currentIndex() else False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter and Esc of an open field; its characters only teach the scan detector."""
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QLineEdit):
            key = QT_KEYS.get(event.key())
            if key is Key.ENTER:
                self._field_enter(watched)
                return True
            if key is Key.ESCAPE:
                self._close_entries()
                return True
            if len(event.text()) == 1 and event.text().isprintable():
                self._keyboard.field_character(event.text(), self._clock())
        return super().eventFilter(watched, event)

    def _key(self, key: Key) -> None:
        if self._pages.currentIndex() and key is not Key.PAUSE:
            if key in (Key.ESCAPE, Key.F12):
                self.toggle_technician()
            return
        if key is Key.ESCAPE and self.sales.close_entries():
            self.setFocus()
            return
        self._do(self._keyboard.press(key, self._clock(), self._snapshot))

    def keys_waited(self) -> None:
        """A key waited for another one and its time is over."""
        self._do(self._keyboard.expire(self._clock(), self._snapshot))

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Wish.IDENTIFY_FIELD:
                    self.sales.open_entry(Slot.IDENTIFY)
                case Wish.PRESET_FIELD:
                    self.sales.open_entry(Slot.PRESET)
                case Wish.PART_FIELD:
                    self.sales.open_entry(Slot.PART)
                case Wish.TECHNICIAN:
                    self.toggle_technician()
                case m.TakeTender(kind=kind) if self.sales.part_open:
                    if (part := self.sales.part_amount()) is not None:  # nothing typed: nothing taken, least of all all
                        self._bridge.send(m.TakeTender(kind, part))
                        self._close_entries()
                case OpenAmount():
                    self.sales.sale.points.open_amount(action.digit)
                case _:
                    self._bridge.send(action)
        deadline = self._keyboard.deadline_ms()
        if deadline is None:
            self._key_timer.stop()
        else:
            self._key_timer.start(max(1, deadline - self._clock()))
        self.keys.show_keys(bar_view(self._words, self._snapshot, self._keyboard.waiting_digit))

    def _field_enter(self, field: QLineEdit) -> None:
        scan = self._keyboard.field_enter(self._clock())
        text = field.text().strip()
        if scan is not None and (field is self.sales.identify.field or not scan.isdigit() or len(scan) > 8):
            self._bridge.send(m.Identify(scan))
        elif field is self.sales.part.field:
            return  # the tender key that follows takes it
        elif text and field is self.sales.identify.field:
            self._bridge.send(m.Identify(text))
        elif text.isdigit() and field is self.sales.preset.field:
            self._bridge.send(m.AuthorisePoint(None, int(text)))
        elif text.isdigit() and int(text) > 0:
            self._bridge.send(m.CancelRedemption())
            self._bridge.send(m.StartRedemption(int(text)))
        self._close_entries()

    def _close_entries(self) -> None:
        self.sales.close_entries()
        self.setFocus()

    # ── touch ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _point_touched(self, number: int) -> None:
        """A touched tile is its digit, except that a calling point without sales is permitted at once."""
        snapshot = self._snapshot
        if snapshot is None or not snapshot.ready:
            return
        point = next((p for p in snapshot.points if p.point == number), None)
        calls = (
            point is not None
            and point.state is FuellingPointState.CALLING
            and point.link is not LinkState.DOWN
            and not point.unpaid
            and not point.claimed
        )
        if calls and not gift_in_hand(snapshot):
            self._bridge.send(m.AuthorisePoint(PointId(number)))
        else:
            self._bridge.send(m.SelectPoint(PointId(number)))

    def _chip_key(self) -> None:
        self._key(Key.DELETE if self._snapshot is not None and self._snapshot.customer is not None else Key.F2)

    def _tender(self, kind: TenderKind) -> None:
        self._key({TenderKind.CASH: Key.F9, TenderKind.QR: Key.F10, TenderKind.CARD: Key.F11}[kind])

    def _points_acted(self, verb: PanelVerb) -> None:
        if verb is PanelVerb.CANCEL:
            self._bridge.send(m.CancelRedemption())
        else:
            self._key(Key.F2 if verb is PanelVerb.IDENTIFY else Key.F6)

    def toggle_technician(self) -> None:
        """Between sales and the technician's page, if there is one."""
        if self._technician is None:
            return
        self._close_entries()
        self._pages.setCurrentIndex(0 if self._pages.currentIndex() else 1)
        if self._pages.currentIndex() == 0:
            self.setFocus()
