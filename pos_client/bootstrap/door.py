"""Says why the terminal stays closed: in a window for whoever stands there, on the console for whoever looks on.

A version on trial says it on the console alone: nobody may stand there between two shifts, and its keeper has the
version before to start.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keeping import EXIT_NOT_NOW, EXIT_REFUSED
from pos_client.ports.errors import Unavailable
from pos_client.settings.faults import Fault
from pos_client.value import dataclass

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

NOT_ITS_FAULT = frozenset({"disk_full", "store_failed", "store_locked", "already_running", "folder_read_only"})
"""Troubles that say nothing about the version that meets them."""


@dataclass(frozen=True, slots=True)
class Door:
    """Of one start."""

    app: QApplication
    words: Catalogue
    on_trial: bool = False

    def refuse(self, code: str, faults: Sequence[Fault] = ()) -> int:
        """Until the window is closed; the exit code."""
        from pos_client.bootstrap.paths import resources
        from pos_client.ui.refusal import show_refusal

        self._print(code, faults)
        if self.on_trial:
            return EXIT_NOT_NOW if code in NOT_ITS_FAULT else EXIT_REFUSED
        show_refusal(self.app, resources(), self.words, code, faults)
        return EXIT_REFUSED

    def refuse_for(self, trouble: Unavailable) -> int:
        """With what the system said beneath, where it is the disk or a folder that is in the way."""
        return self.refuse(trouble.code, [Fault("", trouble.detail)] if trouble.detail else [])

    def refuse_settings(self, faults: Sequence[Fault], offer_previous: bool) -> bool:
        """Damaged settings; whether the last ones that were right shall be taken."""
        from pos_client.bootstrap.paths import resources
        from pos_client.ui.refusal import show_refusal

        self._print("settings_damaged", faults)
        if self.on_trial:
            return False
        offer = self.words.say("refusal.previous") if offer_previous else ""
        return show_refusal(self.app, resources(), self.words, "settings_damaged", faults, offer)

    def _print(self, code: str, faults: Sequence[Fault]) -> None:
        from pos_client.bootstrap.saying import sentence
        from pos_client.services.notices import say
        from pos_client.services.snapshots import Notice, Severity

        said = say(Notice(code, Severity.ERROR), self.words)
        lines = [f"{said.what}. {said.means} {said.key}.", *(f"  {sentence(self.words, fault)}" for fault in faults)]
        print("\n".join(lines), file=sys.stderr, flush=True)


def open_door(*, on_trial: bool = False) -> Door:
    """With the program's own words, before any settings were read. Makes the application; once a process."""
    from pos_client.bootstrap import loading
    from pos_client.bootstrap.paths import resources
    from pos_client.settings.model import Settings
    from pos_client.ui.application import create_application

    screen = Settings().screen
    app = create_application(sys.argv[:1], resources(), screen.theme)
    return Door(app, loading.catalogue(resources(), screen.language), on_trial)
