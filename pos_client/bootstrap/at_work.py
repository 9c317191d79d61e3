"""Whether a terminal is at work on a site, asked without disturbing it."""

from __future__ import annotations

import os

from pos_client.bootstrap.paths import Site


def terminal_runs(site: Site) -> bool:
    """Whether a terminal works on this site now: then its ports are its own."""
    from pos_client.adapters.sqlite.instance_lock import is_held

    return os.path.exists(site.journal) and is_held(site.journal)
