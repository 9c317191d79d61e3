"""The cashier's window: owns the keyboard, draws snapshots, sends commands. It knows no rule of the trade.

What keys, touches and fields mean is in plain tables behind `hands`, which `fingers` look up; here their answers are
carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.bridge import Bridge
from pos_client.ui.keys import Action, AskUndo, BarKey, Export, Key, MoveRow, OpenAmount, TypeInto, Wish
from pos_client.ui.more.availability import Counter
from pos_client.ui.more.steps import Ask, Step
from pos_client.ui.more.view_model import more_view
from pos_client.ui.shell.carrying import put, taken
from pos_client.ui.shell.fingers import Fingers
from pos_client.ui.shell.hands import Front, Hands
from pos_client.ui.shell.helping import Helping
from pos_client.ui.shell.key_bar import KeyBar
from pos_client.ui.shell.keyboard import Keyboard
from pos_client.ui.shell.looking import Looking
from pos_client.ui.shell.making import Makers
from pos_client.ui.shell.pages import Pages
from pos_client.ui.shell.qt_keys import QT_KEYS, REPEATING
from pos_client.ui.shell.sales_page import SalesPage, Slot
from pos_client.ui.shell.status_strip import StatusStrip
from pos_client.ui.shell.view_model import bar_view, stop_view, strip_view
from pos_client.ui.shift import keys as shift_keys
from pos_client.ui.shift.keys import Tab
from pos_client.ui.style import Style

if TYPE_CHECKING:
    from pos_client.ui.records.desk import RecordsDesk
    from pos_client.ui.technician.desk import TechnicianDesk

BASE_WIDTH, BASE_HEIGHT = 1366, 768
SMALLEST_PERCENT, LARGEST_PERCENT = 92, 160
LOW_HEIGHT = 680
"""Below this the sale card's parts give up some of their height, so that none is cut."""
REFRESH_MS = 250
"""How often ages and countdowns are looked at; only words that changed are drawn again."""
PREPARE_MS = 100
"""After each page that is made ahead of its first opening, so long for the keys."""

HELP_KEY = BarKey(Key.F1.value, "F1", "?")
"""On every page, in every language."""


class CashierWindow(QWidget):
    """Object name "cashier". `technician` is behind the page of F12 K and Ctrl+T, `records` behind that of F12 F.

    Pages but the home screen are made when they are first opened, or ahead of that by `prepare`.

    `refreshed` is emitted with each timed redraw, for the other window to keep step; `spoken` with the words of another
    language, once the window says everything in it; `prepared` when nothing is left to be made.
    """

    refreshed = Signal()
    spoken = Signal(object)
    prepared = Signal()

    def __init__(
        self,
        bridge: Bridge,
        words: Catalogue,
        clock_ticks: Callable[[], int],
        style: Style,
        help_folder: Path,
        technician: TechnicianDesk | None = None,
        counter: Counter | None = None,
        forecourt: Forecourt | None = None,
        records: RecordsDesk | None = None,
        languages: Mapping[str, Catalogue] | None = None,
    ) -> None:
        super().__init__()
        self.look, self._words, self._clock, self._bridge = style, words, clock_ticks, bridge
        self._languages: Mapping[str, Catalogue] = {} if languages is None else languages
        self._forecourt, self._help_folder = forecourt, help_folder
        self._technician, self._records = technician, records
        self._hands = Hands(Keyboard(counter or Counter()))
        self.setObjectName("cashier")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._key_timer = QTimer(self)
        self._key_timer.setSingleShot(True)
        self._key_timer.timeout.connect(self.keys_waited)
        self._refresh_timer = QTimer(self)
        self._refresh_timer.timeout.connect(self.refresh)
        self._refresh_timer.timeout.connect(self.refreshed)
        self._prepare_timer = QTimer(self)
        self._prepare_timer.timeout.connect(self._prepare)
        bridge.snapshot_changed.connect(self.show_snapshot)
        self._column = QVBoxLayout(self)
        style.lay(self._column, "none", "none")
        self._column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        self._said = self._say(words)
        self.setStyleSheet(style.sheet())
        self.resize(BASE_WIDTH, BASE_HEIGHT)
        self.refresh()
        self._refresh_timer.start(REFRESH_MS)

    def _say(self, words: Catalogue) -> QWidget:
        """Everything that has words, in one language; the widget that holds it."""
        said, style, clock = QWidget(self), self.look, self._clock
        self.setWindowTitle(words.say("window.cashier"))
        self.strip = StatusStrip(style, said)
        self.sales = SalesPage(style, words, said)
        self.keys = KeyBar(style, clock, said)
        makers = Makers(style, words, clock, self._forecourt, self._technician, self._records)
        self.pages = Pages(self.sales, makers, said)
        self.pages.made.connect(self._attach)
        self.help = Helping(self.pages, said, style, words, self._help_folder, self._looking)
        self.help.acted.connect(self._do)
        self.help.typed_behind.connect(lambda digit: self._do(self._hands.character(digit, clock())))
        self._fingers = Fingers(self.pages, self._hands, clock, self.help, said)
        self._fingers.acted.connect(self._do)
        self._fingers.closing.connect(self._close_entries)
        self.keys.pressed.connect(lambda name: self._fingers.touched(Key(name)) if name else None)
        self.keys.stop_all.connect(lambda: self._bridge.send(m.StopAll()))
        self.keys.restart.connect(lambda: self.ask(Step(Ask.REASON)))
        column = QVBoxLayout(said)
        style.lay(column, "none", "none")
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self.strip)
        column.addWidget(self.pages, 1)
        column.addWidget(self.keys)
        self._column.addWidget(said)
        return said

    def _attach(self, front: Front) -> None:
        """To a page that has just been made."""
        if front is Front.TECHNICIAN and (technician := self.pages.technician) is not None:
            technician.command.connect(self._bridge.send)
            technician.language_saved.connect(lambda code: QTimer.singleShot(0, self, lambda: self.speak(code)))
            self._bridge.snapshot_changed.connect(technician.show_snapshot)
            if self._hands.snapshot is not None:
                technician.show_snapshot(self._hands.snapshot)
        elif front is Front.RECORDS and (records := self.pages.records) is not None:
            records.left.connect(self.leave)

    def prepare(self) -> None:
        """From now on make what is not made yet, a page at a time, and read the other languages: nobody waits for what
        he opens first."""
        self._prepare_timer.start(PREPARE_MS)

    def _prepare(self) -> None:
        if self.pages.make_next() or self.help.make():
            return
        self._prepare_timer.stop()
        for each in self._languages:
            self._languages[each].keys()  # read by now, also for a customer who asks for it
        self.prepared.emit()

    def speak(self, language: str) -> None:
        """Say everything in another language from now on. What is sold goes on; what is open and typed stays so."""
        if language not in self._languages or language == self._words.language:
            return
        self.help.close()
        carried, before = taken(self.pages, self.focusWidget()), self._said
        self._words = self._languages[language]
        self.setFocus()
        before.hide()
        self._column.removeWidget(before)
        self._said = self._say(self._words)
        self._said.show()
        before.deleteLater()
        self._column.activate()
        self.pages.turn_to(self._hands.front)
        self.refresh()
        put(self.pages, carried)
        self.refresh()  # the side that was open is a side of a page made anew
        if self._hands.front is Front.RECORDS and self.pages.records is not None:
            self.pages.records.open()
        self.prepare()
        self.spoken.emit(self._words)

    def speak_next(self) -> None:
        """The language after this one."""
        known = list(self._languages)
        if self._words.language in known:
            self.speak(known[(known.index(self._words.language) + 1) % len(known)])

    # ── drawing ────────────────────────────────────────────────────────────────────────────────────────────────

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Draw a newer snapshot."""
        before, self._hands.snapshot = self._hands.snapshot, snapshot
        if before is not None and snapshot.let_in > before.let_in and self._hands.front is not Front.TECHNICIAN:
            self._turn_to(Front.TECHNICIAN)  # asked for, and whoever may see it has proved himself
        if snapshot.radar is not None and (before is None or before.radar is None):
            self._turn_to(Front.RADAR)  # asked for with F12, and whoever may see it has proved himself
        else:
            self.refresh()

    def refresh(self) -> None:
        """Draw the snapshot at hand as it reads now; of the pages, the one in front."""
        now, words, snapshot = self._clock(), self._words, self._hands.snapshot
        self._hands.keyboard.settle(snapshot)
        self.strip.show_view(strip_view(words, snapshot, now))
        self.pages.show_snapshot(self._hands.front, snapshot, now)
        self._show_keys()

    def _show_keys(self) -> None:
        """The strip and the bottom bar: what the next key will do."""
        now, words, snapshot, keyboard = self._clock(), self._words, self._hands.snapshot, self._hands.keyboard
        step = keyboard.step
        self.sales.show_more(more_view(words, step, snapshot, keyboard.counter, now) if step is not None else None)
        own = bar_view(words, snapshot, keyboard.waiting_digit)
        self.keys.show_keys((*(own if (bar := self.pages.bar(self._hands.front)) is None else bar), HELP_KEY))
        self.keys.show_stop(stop_view(words, snapshot))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale type with the window; where the system draws all twice as large, half as small is small enough."""
        super().resizeEvent(event)
        percent = min(self.width() * 100 // BASE_WIDTH, self.height() * 100 // BASE_HEIGHT)
        dense = max(1.0, self.devicePixelRatioF())
        scale = max(int(SMALLEST_PERCENT / dense), min(LARGEST_PERCENT, percent))
        if self.look.rescale(scale, compact=self.height() < LOW_HEIGHT, dense=dense):
            self.setStyleSheet(self.look.sheet())
        self.help.place()

    def _looking(self) -> Looking:
        """What help is asked about."""
        keyboard, pages = self._hands.keyboard, self.pages
        technician = pages.technician if pages.is_made(Front.TECHNICIAN) else None
        looking = Looking(self._hands.front, self._hands.snapshot, keyboard.counter, keyboard.step)
        return replace(
            looking,
            identifying=self.sales.slot.currentIndex() == Slot.IDENTIFY,
            tab=pages.place(Front.SHIFT).tab,
            side=technician.side if technician is not None else looking.side,
            now_ms=self._clock(),
        )

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Every key of the cashier, unless a field has taken it."""
        event.accept()
        key = QT_KEYS.get(event.key())
        if event.isAutoRepeat() and key not in REPEATING:
            return
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            if event.key() == Qt.Key.Key_T:
                self.toggle_technician()
            return
        if key is not None:
            self._fingers.key(key)
        elif len(event.text()) == 1 and event.text().isprintable():
            self._character(event.text())

    def _character(self, char: str) -> None:
        if not self.help.character(char, self._clock()):
            self._do(self._hands.character(char, self._clock()))

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab moves between fields of the technician's page only."""
        return super().focusNextPrevChild(forward) if self._hands.front is Front.TECHNICIAN else False

    def keys_waited(self) -> None:
        """A key waited for another one and its time is over."""
        self.help.waited(self._clock())
        self._do(self._hands.waited(self._clock()))

    # ── what comes of them ─────────────────────────────────────────────────────────────────────────────────────

    def _do(self, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Wish():
                    self._wish(action)
                case m.TakeTender(kind=kind) if self.sales.part_open:
                    if (part := self.sales.part_amount()) is not None:  # nothing typed: nothing taken, least of all all
                        self._bridge.send(m.TakeTender(kind, part))
                        self._close_entries()
                case OpenAmount():
                    self.sales.sale.points.open_amount(action.digit)
                case TypeInto():
                    self.sales.more.type_into(action.char)
                case AskUndo():
                    self.ask(Step(Ask.UNDO, operation=action.row))
                case MoveRow() if self._hands.front is Front.OPERATIONS:
                    self.pages.operations.move_rows(action)
                case MoveRow() if self._hands.front is Front.RADAR:
                    self.pages.radar.move_rows(action)
                case MoveRow():
                    self.pages.shift.move_rows(action)
                case Export(form=form):
                    (self.pages.radar if self._hands.front is Front.RADAR else self.pages.shift).export(form)
                case _:
                    self._bridge.send(action)
        deadline = self._hands.keyboard.deadline_ms()
        if deadline is None:
            self._key_timer.stop()
        else:
            self._key_timer.start(max(1, deadline - self._clock()))
        self._show_keys()

    def _wish(self, wish: Wish) -> None:
        match wish:
            case Wish.IDENTIFY_FIELD:
                self.sales.open_entry(Slot.IDENTIFY)
            case Wish.PART_FIELD:
                self.sales.open_entry(Slot.PART)
            case Wish.TECHNICIAN:
                self.toggle_technician()
            case Wish.OPERATIONS:
                self.open_operations()
            case Wish.RECORDS:
                self.open_records()
            case Wish.LANGUAGE:
                self._hands.keyboard.step = None
                QTimer.singleShot(0, self, self.speak_next)  # the widget that was touched is one of those that go
            case Wish.PLOTS:
                self.pages.shift.report.turn_plots()
            case Wish.SALES:
                self.leave()
            case _:
                self.open_shift(shift_keys.side(wish), naming=wish is Wish.OPEN_SHIFT)

    def ask(self, step: Step) -> None:
        """Open the strip at a question, on the home screen."""
        self.leave()
        self._hands.ask(step)
        self._show_keys()

    def open_shift(self, tab: Tab, *, naming: bool = False) -> None:
        """Bring a side of the shift's page to the front; `naming`: with the cursor in the next cashier's name."""
        self.pages.shift.show_tab(tab)
        self._turn_to(Front.SHIFT)
        self.pages.shift.focus_field(asked=naming)

    def open_records(self) -> None:
        """Bring the list of sales to the front, if there is one."""
        records = self.pages.records
        if records is not None:
            self._turn_to(Front.RECORDS)
            records.open()

    def open_operations(self) -> None:
        """Bring the list of points to the front."""
        self._turn_to(Front.OPERATIONS)

    def leave(self) -> None:
        """Back to the home screen, with nothing open."""
        self._turn_to(Front.SALES)

    def toggle_technician(self) -> None:
        """Between sales and the technician's page, if there is one; where it is gated the terminal lets somebody in."""
        snapshot = self._hands.snapshot
        gated = snapshot is not None and snapshot.ready and snapshot.settings_gated
        if gated and self.pages.has(Front.TECHNICIAN) and self._hands.front is not Front.TECHNICIAN:
            self.leave()
            self._bridge.send(m.EnterSettings())
        elif self.pages.has(Front.TECHNICIAN):
            self._turn_to(Front.SALES if self._hands.front is Front.TECHNICIAN else Front.TECHNICIAN)

    def _turn_to(self, front: Front) -> None:
        """Another page in front; help, fields and the strip do not outlive the page they were opened on."""
        self.help.close()
        self._close_entries()
        self._hands.keyboard.step = None
        self._hands.front = front
        self.pages.turn_to(front)
        self.refresh()

    def _close_entries(self) -> None:
        self.sales.close_entries()
        self.setFocus()
