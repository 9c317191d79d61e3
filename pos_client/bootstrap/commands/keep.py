"""`pos-client keep`: what a station's computer starts by itself; the terminal, kept running."""

from __future__ import annotations

import signal
import sys

from pos_client.bootstrap.arguments import Arguments
from pos_client.domain.keeping import EXIT_REFUSED


def run(arguments: Arguments) -> int:
    """The exit code of the last run; 1 when another keeper holds this terminal."""
    from pos_client.adapters.diagnostics.log_setup import set_up_logging
    from pos_client.adapters.sqlite.instance_lock import InstanceLock
    from pos_client.bootstrap.keeper import Keeper
    from pos_client.bootstrap.paths import Site, command_prefix, default_site
    from pos_client.bootstrap.updating import shelf_of
    from pos_client.ports.errors import Unavailable

    site = Site(arguments.data) if arguments.data else default_site()
    try:
        site.folder.mkdir(parents=True, exist_ok=True)
        lock = InstanceLock(site.folder / "keeper")
    except (OSError, Unavailable) as error:
        print(f"pos-client keep: {error}", file=sys.stderr)
        return EXIT_REFUSED
    set_up_logging(site.logs, file="keeper")
    keeper = Keeper(site, shelf_of(site), command_prefix())
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: keeper.stop())
    try:
        return keeper.run()
    except Unavailable as trouble:
        print(f"pos-client keep: {trouble}", file=sys.stderr)
        return EXIT_REFUSED
    finally:
        lock.release()
