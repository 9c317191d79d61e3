"""`pos-client`: the terminal with the saved settings."""

from __future__ import annotations

import gc
import logging
import os
import sys
from dataclasses import replace

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.paths import command_prefix
from pos_client.domain.keeping import EXIT_AGAIN, EXIT_REFUSED

log = logging.getLogger(__name__)

SAID_WITH_DETAIL = frozenset({"store_failed"})
"""Troubles of the books whose own words help a technician on the telephone."""


def run(arguments: Arguments) -> int:
    """The program's exit code; with a sentence on the screen and the console when it cannot start: `EXIT_REFUSED` for a
    keeper, 1 for people and scripts."""
    gc.disable()  # what a start makes stays: looking through it for rubbish again and again only makes it longer
    try:
        code = _run(arguments)
    finally:
        gc.enable()
    if code == EXIT_AGAIN and not arguments.kept:
        _start_anew()
    return 1 if code == EXIT_REFUSED and not arguments.kept else code


def _run(arguments: Arguments) -> int:
    from pos_client.bootstrap.system_libraries import explain_missing, explain_no_display

    if (missing := explain_missing() or explain_no_display()) is not None:
        print(missing, file=sys.stderr)
        return EXIT_REFUSED
    from PySide6.QtCore import Qt

    from pos_client.adapters.diagnostics.log_setup import set_up_logging
    from pos_client.adapters.settings_file.toml_file import read_settings, take_previous
    from pos_client.bootstrap import crash_guard, loading
    from pos_client.bootstrap.door import open_door
    from pos_client.bootstrap.ground import stand_on
    from pos_client.bootstrap.kept import watched
    from pos_client.bootstrap.paths import Site, default_site, resources
    from pos_client.bootstrap.windowed import Windowed
    from pos_client.ports.errors import Unavailable
    from pos_client.settings.model import Settings

    door = open_door(on_trial=arguments.kept == "trial")
    try:
        site = Site(arguments.data) if arguments.data else default_site()
        stand_on(site)
    except Unavailable as trouble:
        return door.refuse_for(trouble)
    set_up_logging(site.logs)
    crash_guard.install()
    loaded = read_settings(site.settings)
    if loaded.settings is None and os.path.exists(site.settings):
        offered = loaded.previous is not None
        if not door.refuse_settings(loaded.faults, offered):
            return EXIT_REFUSED
        try:
            take_previous(site.settings)
        except Unavailable as trouble:
            return door.refuse_for(trouble)
        loaded = read_settings(site.settings)
    settings = loaded.settings or Settings()
    app, door = door.app, replace(door, words=loading.catalogue(resources(), settings.screen.language))
    windowed = Windowed(app, settings, site)
    try:
        windowed.start()
    except Unavailable as trouble:
        log.error("cannot start: %s", trouble)
        windowed.stop()
        return door.refuse_for(trouble) if trouble.code in SAID_WITH_DETAIL else door.refuse(trouble.code)
    try:
        windowed.show()
        windowed.windows.cashier.prepared.connect(_settle, Qt.ConnectionType.SingleShotConnection)
        windowed.assist()
        watched(app, windowed, arguments.kept)
        return app.exec()
    finally:
        windowed.stop()


def _start_anew() -> None:
    """This program in its own place, where no keeper would do it; does not come back."""
    command = [*command_prefix(), *sys.argv[1:]]
    os.execv(command[0], command)


def _settle() -> None:
    """Once the start is over, its last page made, rubbish is looked for, but never among what was there then: shorter
    pauses while selling."""
    gc.collect()
    gc.freeze()
    gc.enable()
