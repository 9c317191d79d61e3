"""`pos-client rehearse`: does with a copy of the books what a start of this version would do with them.

The keeper asks it of a new version before that version touches anything.
"""

from __future__ import annotations

import os
import sys
import tempfile
from pathlib import Path

from pos_client.bootstrap.arguments import Arguments
from pos_client.domain.keeping import EXIT_NOT_NOW


def run(arguments: Arguments) -> int:
    """0: this version reads the settings and the books, and can open a window; 1 with the reason, 3 when the reason is
    none of the version's."""
    from pos_client.adapters.settings_file.toml_file import read_settings
    from pos_client.bootstrap import loading
    from pos_client.bootstrap.door import NOT_ITS_FAULT
    from pos_client.bootstrap.paths import Site, default_site, resources
    from pos_client.bootstrap.system_libraries import explain_missing
    from pos_client.ports.errors import Unavailable

    site = Site(arguments.data) if arguments.data else default_site()
    try:
        if (missing := explain_missing()) is not None:
            raise Unavailable("libraries_missing", missing)
        loaded = read_settings(site.settings)
        if loaded.settings is None and os.path.exists(site.settings):
            raise Unavailable("settings_damaged", "; ".join(f"{each.place}: {each.code}" for each in loaded.faults))
        loading.profile(resources())
        for language in loading.LANGUAGES:
            loading.catalogue(resources(), language)
        _open_a_copy(site.journal)
        _paint()
    except Unavailable as trouble:
        print(f"pos-client rehearse: {trouble}", file=sys.stderr)
        return EXIT_NOT_NOW if trouble.code in NOT_ITS_FAULT else 1
    return 0


def _open_a_copy(book: Path) -> None:
    """Copied, migrated, read through. Raises `Unavailable`."""
    from pos_client.adapters.sqlite.reader import open_reader
    from pos_client.adapters.sqlite.store import open_store
    from pos_client.adapters.sqlite.trial import copy_of
    from pos_client.ports.errors import Unavailable

    if not os.path.exists(book):
        return
    with tempfile.TemporaryDirectory(dir=book.parent, prefix="rehearsal-", ignore_cleanup_errors=True) as folder:
        copy = Path(folder) / book.name
        copy_of(book, copy)
        store = open_store(copy)
        try:
            store.open_books()
        finally:
            store.close()
        with open_reader(copy) as reader:
            verdict = reader.verify()
        if verdict.broken_at is not None:
            raise Unavailable("store_corrupt", f"row {verdict.broken_at}: {verdict.reason}")


def _paint() -> None:
    """A window that nobody sees, painted once."""
    import os

    from PySide6.QtWidgets import QLabel

    from pos_client.bootstrap.paths import resources
    from pos_client.ui.application import create_application

    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    create_application(sys.argv[:1], resources(), "day")
    QLabel("pos_client").grab()
