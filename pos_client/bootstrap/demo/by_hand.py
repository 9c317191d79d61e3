"""`pos-client demo`: the terminal's two windows and the control panel, on a sandbox that ends with them."""

from __future__ import annotations

import signal
from collections.abc import Callable
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from pos_client.bootstrap import crash_guard, loading
from pos_client.bootstrap.demo.control_panel import ControlPanel, PanelBridge
from pos_client.bootstrap.demo.demo_site import enrolled_settings, make_folder
from pos_client.bootstrap.demo.panel_worker import PanelWorker
from pos_client.bootstrap.demo.sandbox_process import Addresses, SandboxProcess
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import resources
from pos_client.bootstrap.windowed import Windowed
from pos_client.domain.catalogue import Catalogue
from pos_client.sandbox.station_file import read_tables
from pos_client.settings.model import Settings
from pos_client.ui.application import create_application

Beside = Callable[[Windowed, PanelWorker, Catalogue], QWidget]
"""One more window, made when the terminal is there."""


def as_enrolled(settings: Settings) -> Settings:
    """Settings as head office left them."""
    return settings


def play(
    folder: Path,
    language: str,
    seed: int,
    prepare: Callable[[Settings], Settings] = as_enrolled,
    beside: Beside | None = None,
) -> int:
    """Until the cashier window is closed. `prepare`: what is set besides; `beside`: a window besides."""
    crash_guard.install()
    site = make_folder(folder, "till")
    sandbox = SandboxProcess(["--seed", str(seed), "--db", f"sqlite:///{folder / 'central.db'}"])
    try:
        settings = prepare(enrolled_settings(sandbox.addresses, site, language))
        app = create_application([], resources(), settings.screen.theme)
        windowed = Windowed(app, settings, site)
        bridge = PanelBridge()
        worker = PanelWorker(sandbox.addresses, bridge.show)
        words = loading.catalogue(resources(), language)
        told = (words.say("demo.portal", address=sandbox.addresses.portal), *people(sandbox.addresses))
        panel = ControlPanel(worker, bridge, settings, words, told)
        print(told[0], flush=True)
        extra = beside(windowed, worker, words) if beside is not None else None
        lifecycle = Lifecycle(lambda fault: app.exit(1))
        _end_on_signals(app)
        windowed.start()
        lifecycle.start("control-panel", worker.run)
        try:
            windowed.show()
            panel.show()
            spread(windowed, panel)
            if extra is not None:
                extra.show()
            return app.exec()
        finally:
            panel.close()
            if extra is not None:
                extra.close()
            lifecycle.stop()
            windowed.stop()
    finally:
        sandbox.stop()


def _end_on_signals(app: QApplication) -> None:
    """Who is told to end leaves in order; what the panel draws twice a second lets the interpreter hear it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: app.exit())


def people(addresses: Addresses) -> tuple[str, ...]:
    """Whom the sandbox invented: number, phone, name, password of the portal; then their people and head office's."""
    station = read_tables(addresses.station)
    accounts = station.get("accounts", ())
    customers = [(a["number"], a["phone"], a["name"], a.get("password")) for a in accounts]
    others = [each for a in accounts for key in ("drivers", "members") for each in a.get(key, ())]
    others += station.get("staff", ())
    staff = [(each["id"], each["name"], each["password"]) for each in others if each.get("password")]
    return tuple(" · ".join(filter(None, line)) for line in (*customers, *staff))


def spread(windowed: Windowed, panel: ControlPanel) -> None:
    """One screen for three windows: the cashier's top left, the panel below it, the customer's bottom right."""
    cashier, customer = windowed.windows.cashier, windowed.windows.customer
    room = cashier.screen().availableGeometry()
    cashier.move(room.topLeft())
    panel.move(room.left(), max(room.top(), min(cashier.geometry().bottom(), room.bottom() - panel.height())))
    if not customer.isFullScreen():
        customer.move(room.right() - customer.width(), room.bottom() - customer.height())
