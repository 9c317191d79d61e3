"""`pos-client sandbox backup FILE` and `restore FILE`: central's database into one file, and back."""

from __future__ import annotations

import json
import sys

from pos_client.bootstrap.arguments import Arguments

EXIT_DONE, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


def run(arguments: Arguments) -> int:
    """Prints how many rows of each table went, as one JSON line; 1 when it could not be done, and why."""
    from pos_client.sandbox.central.storage.backup import back_up, restore

    if arguments.db is None:
        print(f"pos-client sandbox {arguments.action}: say which database, --db URL", file=sys.stderr)
        return EXIT_USAGE
    try:
        if arguments.action == "backup":
            rows = back_up(arguments.db, arguments.file)
        else:
            rows = restore(arguments.file, arguments.db)
    except OSError as error:
        print(f"pos-client sandbox {arguments.action}: {error}", file=sys.stderr)
        return EXIT_FAILED
    print(json.dumps({"rows": sum(rows.values()), "tables": rows}))
    return EXIT_DONE
