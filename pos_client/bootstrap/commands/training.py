"""`pos-client training`: the till on an invented station, to practise on."""

from __future__ import annotations

import sys

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Until its window is closed; 1 with a sentence when it cannot start."""
    from pos_client.bootstrap.system_libraries import explain_missing, explain_no_display

    if (missing := explain_missing() or explain_no_display()) is not None:
        print(missing, file=sys.stderr)
        return 1
    from pos_client.bootstrap.paths import Site, default_site
    from pos_client.bootstrap.training.session import train

    site = Site(arguments.data) if arguments.data else default_site()
    return train(site.training, arguments.lang, arguments.seed)
