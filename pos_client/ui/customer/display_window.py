"""The customer's window: a head, one page, and a side that is a keypad, a QR code or a counter of seconds.

It never takes the keyboard: what the cashier types cannot land here, and what the customer presses leaves as one
message a key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QStackedLayout, QVBoxLayout, QWidget

from pos_client.domain.catalogue import Catalogue
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.bridge import Bridge
from pos_client.ui.customer.counter import Counter
from pos_client.ui.customer.guide_picture import Picture
from pos_client.ui.customer.guide_reader import Reader
from pos_client.ui.customer.header import Header
from pos_client.ui.customer.keypad import Keypad, Shuffle
from pos_client.ui.customer.page import Page
from pos_client.ui.customer.qr_code import QrCode
from pos_client.ui.customer.view import CustomerView, Side
from pos_client.ui.customer.view_model import customer_view
from pos_client.ui.style import Style

BASE_WIDTH, BASE_HEIGHT = 1024, 600
UPRIGHT = (600, 1024)
SMALLEST_PERCENT, LARGEST_PERCENT = 70, 220


class CustomerWindow(QWidget):
    """Object name "customer". `catalogues` by language code; `language` is the station's own, to which it returns."""

    def __init__(
        self,
        bridge: Bridge,
        catalogues: Mapping[str, Catalogue],
        language: str,
        clock_ticks: Callable[[], int],
        style: Style,
        guides: Path,
        shuffle: Shuffle | None = None,
    ) -> None:
        super().__init__(None, Qt.WindowType.Window | Qt.WindowType.WindowDoesNotAcceptFocus)
        self.look, self._catalogues, self._clock = style, catalogues, clock_ticks
        self._home, self._language = language, language
        self._snapshot: TerminalSnapshot | None = None
        self._since = clock_ticks()
        self.setObjectName("customer")
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWindowTitle(self.words.say("window.customer"))
        names = tuple((code, self.words.say(f"customer.language_{code}")) for code in self._catalogues)
        self._header = Header(style, names if len(names) > 1 else (), self)
        self._header.language_chosen.connect(self.choose_language)
        self.page = Page(style, self)
        self.keypad = Keypad(style, bridge.send, self._legends(), self, shuffle)
        self.keypad.setAccessibleName(self.words.say("customer.keypad"))
        self.page.chosen.connect(self._chosen)
        self._reader = Reader(guides, clock_ticks)
        self._header.guides_wanted.connect(self._open_guides)
        self.picture = Picture(style, guides / "pictures", self)
        self._qr, self._counter = QrCode(style, self), Counter(style, self)
        self._side = QStackedLayout()
        for widget in (self.keypad, self._qr, self._counter, self.picture):
            self._side.addWidget(widget)
        side = QFrame(self)
        side.setLayout(self._side)
        self._body = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        style.lay(self._body, "none")
        self._body.addWidget(self.page, 59)
        self._body.addWidget(side, 41)
        column = QVBoxLayout(self)
        style.lay(column, "none", "none")
        column.setSizeConstraint(QVBoxLayout.SizeConstraint.SetNoConstraint)
        column.addWidget(self._header)
        column.addLayout(self._body, 1)
        bridge.snapshot_changed.connect(self.show_snapshot)
        self.setStyleSheet(style.sheet())
        self.resize(BASE_WIDTH, BASE_HEIGHT)

    @property
    def words(self) -> Catalogue:
        """Of the language the customer reads."""
        return self._catalogues[self._language]

    def _legends(self) -> dict[KeypadKey, str]:
        return {key: self.words.say(f"customer.{key.value}") for key in KeypadKey}

    def choose_language(self, code: str) -> None:
        """The customer's language, until the conversation is over."""
        if code in self._catalogues:
            self._language = code
            self.keypad.set_legends(self._legends())
            self.refresh()

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Draw a newer snapshot; back at the welcome page the station's language returns."""
        before = self._snapshot.dialogue.state if self._snapshot is not None else None
        after = snapshot.dialogue.state
        if before is not after:
            self._since = self._clock()
            if after is DialogueState.WELCOME:
                self._language = self._home
                self.keypad.set_legends(self._legends())
        self._snapshot = snapshot
        self.refresh()

    def refresh(self) -> None:
        """Draw the snapshot at hand as it reads now (countdowns, clock)."""
        view = customer_view(self.words, self._snapshot, self._clock(), self._since)
        guide = self._reader.view(self.words, self._snapshot)
        if guide is not None:
            view = replace(guide, place=view.place, place_detail=view.place_detail, clock=view.clock)
        self._show(view)

    def _open_guides(self) -> None:
        self._reader.open(self.words)
        self.refresh()

    def _chosen(self, key: int | KeypadKey) -> None:
        """A touched answer: of a guide, or to what the terminal asks."""
        if self._reader.reading is None:
            self.keypad.press(key)
            return
        self._reader.touch(key, self.words, self._snapshot)
        self.refresh()

    def _show(self, view: CustomerView) -> None:
        self._header.show_view((view.place, view.place_detail, view.clock, self._language, view.guides))
        self.page.show_view(view)
        self.keypad.set_discreet(view.state is DialogueState.SECRET)
        self._qr.show_view((view.qr_text, view.side_figure, view.side_note))
        self._counter.show_view((view.side_label, view.side_figure, view.side_note))
        self.picture.show_view(f"{self._language}-{view.picture}" if view.picture else "")
        sides: dict[Side, QWidget] = {Side.QR: self._qr, Side.COUNTER: self._counter, Side.PICTURE: self.picture}
        widget = sides.get(view.side, self.keypad)
        if self._side.currentWidget() is not widget:
            self._side.setCurrentWidget(widget)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Scale type and keys with the window; on a screen that stands upright the side comes below the page."""
        super().resizeEvent(event)
        upright = self.height() > self.width()
        wide, high = UPRIGHT if upright else (BASE_WIDTH, BASE_HEIGHT)
        self._body.setDirection(QBoxLayout.Direction.TopToBottom if upright else QBoxLayout.Direction.LeftToRight)
        for place, share in enumerate((56, 44) if upright else (59, 41)):
            self._body.setStretch(place, share)
        self._header.set_upright(upright)
        percent = min(self.width() * 100 // wide, self.height() * 100 // high)
        smallest = int(SMALLEST_PERCENT / max(1.0, self.devicePixelRatioF()))
        if self.look.rescale(max(smallest, min(LARGEST_PERCENT, percent))):
            self.setStyleSheet(self.look.sheet())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keys are the cashier's; none is taken here, whatever the window system thinks of focus."""
        event.accept()
