"""The Qt application and its two windows. Folders, catalogues and clock come as arguments, none is looked up."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QApplication

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.forecourt import Forecourt
from pos_client.services.messages import CustomerScreenSeen
from pos_client.settings.model import CounterSettings, KeypadSettings, ScreenSettings, SpeechSettings
from pos_client.ui.assets import FAMILY, load_fonts, load_theme
from pos_client.ui.bridge import Bridge
from pos_client.ui.customer.display_window import CustomerWindow
from pos_client.ui.customer.keypad import unforeseen
from pos_client.ui.more.availability import Counter
from pos_client.ui.parts.training_mark import TrainingMark
from pos_client.ui.shell.closing import ClosingGuard
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.shell.two_screens import TwoScreens
from pos_client.ui.speech.voice import Speaker
from pos_client.ui.style import Style
from pos_client.ui.theme import Theme

if TYPE_CHECKING:
    from pos_client.ui.records.desk import RecordsDesk
    from pos_client.ui.technician.desk import TechnicianDesk

NARROWEST = 1024
"""Pixels across, of a screen a till fits on."""


def create_application(argv: Sequence[str], resources: Path, theme: str) -> QApplication:
    """Fusion, the bundled fonts and the theme's palette. Raises `AssetMissing` for a broken installation.

    `resources` is the folder with `fonts` and `styles`; `theme` is day or night.

    Call it once a process, before any widget. The windows set their own sheets, at their own scale.
    """
    application = QApplication(list(argv))
    application.setStyle("Fusion")
    load_fonts(resources / "fonts")
    tokens = load_theme(resources / "styles", theme)
    font = QFont(FAMILY)
    font.setPixelSize(tokens.type_px["body"])
    application.setFont(font)
    application.setPalette(palette(tokens))
    return application


def palette(theme: Theme) -> QPalette:
    """The palette for what the sheets leave to Fusion."""
    colours = QPalette()
    for role, name in (
        (QPalette.ColorRole.Window, "paper"),
        (QPalette.ColorRole.WindowText, "ink"),
        (QPalette.ColorRole.Base, "panel"),
        (QPalette.ColorRole.AlternateBase, "sunken"),
        (QPalette.ColorRole.Text, "ink"),
        (QPalette.ColorRole.Button, "sunken"),
        (QPalette.ColorRole.ButtonText, "ink"),
        (QPalette.ColorRole.PlaceholderText, "soft"),
        (QPalette.ColorRole.Highlight, "accent"),
        (QPalette.ColorRole.HighlightedText, "on_accent"),
        (QPalette.ColorRole.ToolTipBase, "panel"),
        (QPalette.ColorRole.ToolTipText, "ink"),
    ):
        colours.setColor(role, QColor(theme.colour(name)))
    return colours


class TerminalWindows:
    """Both windows on one bridge. `show()` places them, and from then on follows the screens.

    `customer_catalogues` (by language code) lets customer and cashier choose a language, each his own; without it there
    is only the station's. `technician` fills the page behind F12 K, `counter` the quick presets and the other tills,
    `forecourt` says which grade each nozzle delivers, `records` reads the list of sales, `keypad` whether digits are
    shuffled, `speech` what is said aloud. `training` marks both windows as worth nothing.
    Without a screen of its own the customer's window is hidden, or shown small where the settings want a preview.
    """

    def __init__(
        self,
        bridge: Bridge,
        catalogue: Catalogue,
        clock_ticks: Callable[[], int],
        settings: ScreenSettings,
        *,
        resources: Path,
        customer_catalogues: Mapping[str, Catalogue] | None = None,
        technician: TechnicianDesk | None = None,
        counter: CounterSettings | None = None,
        forecourt: Forecourt | None = None,
        records: RecordsDesk | None = None,
        keypad: KeypadSettings | None = None,
        speech: SpeechSettings | None = None,
        training: bool = False,
    ) -> None:
        theme = load_theme(resources / "styles", settings.theme)
        self._settings = settings
        languages: Mapping[str, Catalogue] = customer_catalogues or {}
        if catalogue.language not in languages:
            languages = {**languages, catalogue.language: catalogue}
        style = Style(theme)
        desk = counter or CounterSettings()
        keys = Counter(desk.quick_presets, desk.tills, technician=technician is not None)

        self.cashier = CashierWindow(
            bridge,
            catalogue,
            clock_ticks,
            style,
            resources / "help",
            technician,
            keys,
            forecourt,
            records,
            languages,
        )
        shuffle = unforeseen() if keypad is not None and keypad.shuffled else None
        self.customer = CustomerWindow(
            bridge, languages, catalogue.language, clock_ticks, Style(theme), resources / "guides", shuffle
        )
        self.cashier.refreshed.connect(self.customer.refresh)
        self.speaker = Speaker(speech or SpeechSettings(), lambda: self.customer.words, self.customer)
        bridge.snapshot_changed.connect(self.speaker.show_snapshot)
        if training:
            marks = [TrainingMark(w, w.look, catalogue.say("training.mark")) for w in (self.cashier, self.customer)]
            self.cashier.spoken.connect(lambda words: marks[0].say(words.say("training.mark")))
        self.screens = TwoScreens(
            self.cashier,
            self.customer,
            settings.customer_screen,
            lambda seen: bridge.send(CustomerScreenSeen(seen)),
            preview=settings.customer_preview,
        )
        self.guard = ClosingGuard(self.cashier, self.customer, bridge, clock_ticks)

    def show(self) -> None:
        """Open both windows and follow the screens from now on."""
        self.screens.settle()  # first, so that a preview comes to lie under the cashier's window
        self._open_cashier()
        self.screens.settle()
        self.screens.follow()
        self.speaker.start()
        self.cashier.activateWindow()
        self.cashier.setFocus()
        self.cashier.prepare()

    def _open_cashier(self) -> None:
        """Over all the room the desktop leaves, so that no key lies below its edge. Its own size beside the customer's
        preview, where that fits, and on a screen that is too small for a till in any case."""
        window, room = self.cashier, self.cashier.screen().availableSize()
        beside = self._settings.customer_preview and room.width() > window.width() and room.height() > window.height()
        if self._settings.covers_all:
            window.showFullScreen()
        elif beside or room.width() < NARROWEST:
            window.show()
        else:
            window.showMaximized()

    def close(self) -> None:
        """Close both windows, without a question."""
        self.guard.open()
        self.customer.close()
        self.cashier.close()
