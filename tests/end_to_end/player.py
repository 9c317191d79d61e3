"""A terminal process that can be killed: plays a scenario on somebody else's sandbox and dies at the n-th commit.

    player.py play ADDRESSES SITE SCENARIO N before|after     SIGKILLs itself around the n-th commit of the books
    player.py settle ADDRESSES SITE                           starts again at that site, settles what is owed, ends

The kill is a real SIGKILL of a real process with real windows (offscreen), serial line and HTTP.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from pos_client.adapters.sqlite.store import SqliteStore
from pos_client.bootstrap.demo.demo_site import enrolled_settings
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.demo.scenarios import SCENARIOS
from pos_client.bootstrap.demo.stage import Stage
from pos_client.bootstrap.paths import Site, resources
from pos_client.domain.journal import JournalEntry
from pos_client.ports.store import Change
from pos_client.ui.application import create_application


class DeadlyStore:
    """The real store; around its n-th commit the process is killed."""

    def __init__(self, store: SqliteStore, n: int, when: str) -> None:
        self._store, self._left, self._when = store, n, when
        self.open_books, self.entries_of = store.open_books, store.entries_of
        self.recent, self.waiting_items = store.recent, store.waiting_items
        self.entries_after, self.stories_at = store.entries_after, store.stories_at
        self.last_of, self.is_spent = store.last_of, store.is_spent
        self.delivered, self.delivered_in = store.delivered, store.delivered_in
        self.journal_end, self.rows_from = store.journal_end, store.rows_from

    def commit(self, change: Change, at: datetime) -> Sequence[JournalEntry]:
        self._left -= 1
        if self._left == 0 and self._when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        entries = self._store.commit(change, at)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return entries


def main(arguments: list[str]) -> int:
    """Play or settle."""
    mode, addresses_file, folder, *rest = arguments
    addresses = Addresses(json.loads(Path(addresses_file).read_text("utf-8")))
    site = Site(Path(folder))
    app = create_application([], resources(), "day")
    stage = Stage(app, addresses, enrolled_settings(addresses, site, "vi"), site)
    if mode == "play":
        scenario, n, when = rest
        stage.around_store = lambda store: DeadlyStore(store, int(n), when)
        stage.open_terminal()
        SCENARIOS[scenario](stage)
    else:
        stage.open_terminal()
        stage.settled()
        stage.until(lambda s: not any(point.gift for point in s.points), "no pump is armed any more", 40.0)
        stage.settled()
    stage.close()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
