"""A terminal with its windows: the system on its threads, the screens on the main one, a bridge between."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import QApplication

from pos_client.adapters.peripherals.keypad_input import KeypadDevices
from pos_client.bootstrap import loading
from pos_client.bootstrap.assisting import Assisting
from pos_client.bootstrap.files_out import FilesOut
from pos_client.bootstrap.keypads import keypad_devices, keypad_pairer
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.sales_list import SalesList
from pos_client.bootstrap.terminal_system import AroundStore, TerminalSystem, as_it_is
from pos_client.bootstrap.updating import shelf_of
from pos_client.bootstrap.workshop import SiteWorkshop
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keeping import EXIT_CLOSED
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.services.standstill import stands_still
from pos_client.settings.model import Settings
from pos_client.settings.writing import as_tree
from pos_client.ui.application import TerminalWindows
from pos_client.ui.bridge import Bridge
from pos_client.ui.technician.desk import TechnicianDesk

if TYPE_CHECKING:
    from pos_client.ui.shell.native_keys import NativeKeys


class Windowed:
    """What a station sees: both windows over one terminal."""

    def __init__(
        self,
        app: QApplication,
        settings: Settings,
        site: Site,
        around_store: AroundStore = as_it_is,
        keypads: KeypadDevices | None = None,
    ) -> None:
        self._app = app
        self.fault: BaseException | None = None
        self.snapshot: TerminalSnapshot | None = None
        self._stopped = False
        self._bridge = Bridge(self._post)
        self._bridge.snapshot_changed.connect(self._remember)
        keypads = keypads or keypad_devices()
        self._system = TerminalSystem(
            settings, site, self._bridge.publish, self._died, around_store, keypad_devices=keypads
        )
        languages = loading.Languages(resources())
        self._workshop = SiteWorkshop(
            settings,
            site,
            languages[settings.screen.language],
            self._system.recordings,
            self._system.clock,
            keypad_pairer(settings, keypads, self._system.keypad),
        )
        self._shelf = shelf_of(site)
        self._sales_list = SalesList(site, FilesOut(site, settings.station, self._system.clock))
        self.windows = TerminalWindows(
            self._bridge,
            languages[settings.screen.language],
            lambda: self._system.clock.now().ticks_ms,
            settings.screen,
            resources=resources(),
            customer_catalogues=languages,
            technician=TechnicianDesk(as_tree(settings), self._workshop),
            counter=settings.counter,
            forecourt=settings.forecourt(),
            records=self._sales_list,
            keypad=settings.keypad,
            speech=settings.speech,
            training=settings.station.training,
        )
        self._native_keys: NativeKeys | None = None
        self.windows.guard.ended.connect(lambda: app.exit(EXIT_CLOSED))
        self.windows.cashier.spoken.connect(self._speak)
        self._first_start = Assisting(
            site, languages[settings.screen.language], self.windows, settings, self._stands_still
        )
        self._workshop.assist = self._first_start.show

    def start(self) -> None:
        """Open the books, recover, bring everything up. Raises `Unavailable`."""
        self._system.start()
        self._workshop.start()
        self._sales_list.start()

    def show(self) -> None:
        """Put the windows on their screens."""
        self.windows.show()
        if sys.platform == "win32":
            self._hear_raw_keys()

    def _hear_raw_keys(self) -> None:
        """On Windows a USB keypad's keys come as messages of a window."""
        from pos_client.adapters.peripherals.windows_input import WindowsKeypads
        from pos_client.ui.shell.native_keys import NativeKeys

        if isinstance(self._system.keypad_devices, WindowsKeypads):
            self._native_keys = NativeKeys(self._system.keypad_devices.message)
            self._app.installNativeEventFilter(self._native_keys)
            self._system.keypad_devices.attach(self.windows.cashier.winId())

    def exchange_waits(self) -> bool:
        """Whether another version is ready to be started in the place of this one."""
        return self._shelf.running().ready is not None

    def stop(self) -> None:
        """Close the windows and end the terminal; said again, nothing."""
        if self._stopped:
            return
        self._stopped = True
        self._first_start.close()
        self.windows.close()
        if self._native_keys is not None:
            self._app.removeNativeEventFilter(self._native_keys)
        self._sales_list.stop()
        self._workshop.stop()
        self._system.stop()

    def _post(self, command: object) -> None:
        self._system.post(command)

    def assist(self) -> None:
        """Bring the assistant of the first start up beside the till, where somebody still has to be led."""
        self._first_start.begin()

    def _stands_still(self) -> bool:
        return self.snapshot is not None and stands_still(self.snapshot)

    def _speak(self, words: Catalogue) -> None:
        self._workshop.speak(words)
        self._first_start.speak(words)

    @property
    def snapshots(self) -> SignalInstance:
        """Each new picture, in the windows' thread."""
        return self._bridge.snapshot_changed

    def _remember(self, snapshot: TerminalSnapshot) -> None:
        self.snapshot = snapshot

    def _died(self, fault: BaseException) -> None:
        self.fault = fault
