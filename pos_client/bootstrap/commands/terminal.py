"""`pos-client`: the terminal with the saved settings."""

from __future__ import annotations

import logging
import sys

from pos_client.bootstrap.arguments import Arguments

log = logging.getLogger(__name__)


def run(arguments: Arguments) -> int:
    """The program's exit code; 1 with a sentence on the screen or the console when it cannot start."""
    from pos_client.bootstrap.system_libraries import explain_missing

    if (missing := explain_missing()) is not None:
        print(missing, file=sys.stderr)
        return 1
    from pos_client.adapters.diagnostics.log_setup import set_up_logging
    from pos_client.adapters.settings_file.toml_file import read_settings
    from pos_client.bootstrap import crash_guard, loading
    from pos_client.bootstrap.paths import Site, default_site, resources
    from pos_client.bootstrap.saving import saver
    from pos_client.bootstrap.windowed import Windowed
    from pos_client.ports.errors import Unavailable
    from pos_client.settings.model import Settings
    from pos_client.ui.application import create_application, show_refusal

    site = Site(arguments.data) if arguments.data else default_site()
    site.folder.mkdir(parents=True, exist_ok=True)
    set_up_logging(site.logs)
    crash_guard.install()
    loaded = read_settings(site.settings)
    settings = loaded.settings or Settings()
    app = create_application(sys.argv[:1], resources(), settings.screen.theme)
    words = loading.catalogue(resources(), settings.screen.language)
    if loaded.settings is None and site.settings.exists():
        return show_refusal(app, words, "settings_damaged", loaded.faults)
    windowed = Windowed(app, settings, site, save_settings=saver(site))
    try:
        windowed.start()
    except Unavailable as trouble:
        log.error("cannot start: %s", trouble)
        return show_refusal(app, words, trouble.code, ())
    try:
        windowed.show()
        return app.exec()
    finally:
        windowed.stop()
