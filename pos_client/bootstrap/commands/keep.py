"""`pos-client keep`: what a station's computer starts by itself; the terminal, kept running."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

from pos_client.bootstrap.arguments import Arguments
from pos_client.domain.keeping import EXIT_REFUSED

if TYPE_CHECKING:
    from pos_client.ports.errors import Unavailable


def run(arguments: Arguments) -> int:
    """The exit code of the last run; `EXIT_REFUSED` with the reason in a window when there is nothing to keep: another
    keeper holds this terminal, or its folder is none."""
    from pos_client.adapters.diagnostics.log_setup import set_up_logging
    from pos_client.adapters.sqlite.instance_lock import InstanceLock
    from pos_client.bootstrap.ending import SIGNALS
    from pos_client.bootstrap.ground import stand_on
    from pos_client.bootstrap.keeper import Keeper
    from pos_client.bootstrap.paths import Site, command_prefix, default_site
    from pos_client.bootstrap.updating import shelf_of
    from pos_client.ports.errors import Unavailable

    try:
        site = Site(arguments.data) if arguments.data else default_site()
        stand_on(site)
        lock = InstanceLock(site.folder / "keeper")
    except Unavailable as trouble:
        return _refuse(trouble)
    set_up_logging(site.logs, file="keeper")
    keeper = Keeper(site, shelf_of(site), command_prefix())
    for number in SIGNALS:
        signal.signal(number, lambda *_: keeper.stop())
    try:
        return keeper.run()
    finally:
        lock.release()


def _refuse(trouble: Unavailable) -> int:
    """It started by itself, with nobody at a console: where there is a screen, the reason stands on it."""
    from pos_client.bootstrap.system_libraries import explain_missing, explain_no_display

    if (missing := explain_missing() or explain_no_display()) is not None:
        print(f"pos-client keep: {trouble}\n{missing}", file=sys.stderr)
        return EXIT_REFUSED
    from pos_client.bootstrap.door import open_door

    return open_door().refuse_for(trouble)
