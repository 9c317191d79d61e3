"""`pos-client`: the terminal with the saved settings."""

from __future__ import annotations

import gc
import logging
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pos_client.bootstrap.arguments import Arguments
from pos_client.value import dataclass

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from pos_client.domain.catalogue import Catalogue
    from pos_client.settings.faults import Fault

log = logging.getLogger(__name__)


def run(arguments: Arguments) -> int:
    """The program's exit code; 1 with a sentence on the screen and the console when it cannot start."""
    gc.disable()  # what a start makes stays: looking through it for rubbish again and again only makes it longer
    try:
        return _run(arguments)
    finally:
        gc.enable()


def _run(arguments: Arguments) -> int:
    from pos_client.bootstrap.system_libraries import explain_missing, explain_no_display

    if (missing := explain_missing() or explain_no_display()) is not None:
        print(missing, file=sys.stderr)
        return 1
    from pos_client.adapters.diagnostics.log_setup import set_up_logging
    from pos_client.adapters.settings_file.toml_file import read_settings, take_previous
    from pos_client.bootstrap import crash_guard, loading
    from pos_client.bootstrap.kept import EndsWhenTold, SignsOfLife, never
    from pos_client.bootstrap.paths import Site, default_site, resources
    from pos_client.bootstrap.windowed import EndsWithCashier, Windowed
    from pos_client.ports.errors import Unavailable
    from pos_client.settings.faults import Fault
    from pos_client.settings.model import Settings
    from pos_client.ui.application import create_application

    site = Site(arguments.data) if arguments.data else default_site()
    settings = Settings()
    app = create_application(sys.argv[:1], resources(), settings.screen.theme)
    door = Door(app, loading.catalogue(resources(), settings.screen.language))
    try:
        site.folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        return door.refuse("no_folder", [Fault(str(site.folder), str(error.strerror))])
    set_up_logging(site.logs)
    crash_guard.install()
    loaded = read_settings(site.settings)
    if loaded.settings is None and site.settings.exists():
        offered = loaded.previous is not None
        if not door.refuse_settings(loaded.faults, offered):
            return 1
        try:
            take_previous(site.settings)
        except Unavailable as trouble:
            return door.refuse(trouble.code, [Fault("", trouble.detail)])
        loaded = read_settings(site.settings)
    settings = loaded.settings or settings
    door = Door(app, loading.catalogue(resources(), settings.screen.language))
    windowed = Windowed(app, settings, site)
    try:
        windowed.start()
    except Unavailable as trouble:
        log.error("cannot start: %s", trouble)
        windowed.stop()
        return door.refuse(trouble.code)
    try:
        windowed.show()
        _settle()
        EndsWithCashier(app, windowed.windows)
        if not site.settings.exists():
            windowed.assist()
        EndsWhenTold(app)
        if arguments.kept:
            SignsOfLife(
                app, lambda: windowed.snapshot, windowed.exchange_waits if arguments.kept == "exchange" else never
            )
        return app.exec()
    finally:
        windowed.stop()


def _settle() -> None:
    """From now on rubbish is looked for, but never among what was there at the start: shorter pauses while selling."""
    gc.collect()
    gc.freeze()
    gc.enable()


@dataclass(frozen=True, slots=True)
class Door:
    """Says why the terminal stays closed: in a window for whoever stands there, on the console for whoever looks on."""

    app: QApplication
    words: Catalogue

    def refuse(self, code: str, faults: Sequence[Fault] = ()) -> int:
        """Until the window is closed; the exit code."""
        from pos_client.ui.application import show_refusal

        self._print(code, faults)
        show_refusal(self.app, self.words, code, faults)
        return 1

    def refuse_settings(self, faults: Sequence[Fault], offer_previous: bool) -> bool:
        """Damaged settings; whether the last ones that were right shall be taken."""
        from pos_client.ui.application import show_refusal

        self._print("settings_damaged", faults)
        offer = self.words.say("refusal.previous") if offer_previous else ""
        return show_refusal(self.app, self.words, "settings_damaged", faults, offer)

    def _print(self, code: str, faults: Sequence[Fault]) -> None:
        from pos_client.bootstrap.saying import sentence
        from pos_client.services.notices import say
        from pos_client.services.snapshots import Notice, Severity

        said = say(Notice(code, Severity.ERROR), self.words)
        lines = [f"{said.what}. {said.means} {said.key}.", *(f"  {sentence(self.words, fault)}" for fault in faults)]
        print("\n".join(lines), file=sys.stderr, flush=True)
