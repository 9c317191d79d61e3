"""A whole terminal without windows, as a process with a fault of its own: head office's answer to one record kills it.

    poisoned_till.py FOLDER CENTRAL [--poison KEY] [--put-back KEY]

FOLDER: its books; CENTRAL: settings of central as JSON. It works until nothing waits any more, says in one line of JSON
what stayed in the queue and what it said to the cashier, and ends.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
import threading
from collections.abc import Mapping
from pathlib import Path

from pos_client.adapters.central_http.client import HttpCentral, Result
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.terminal_system import TerminalSystem
from pos_client.ports.central import EncodedCall
from pos_client.services import messages as m
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import CentralSettings, Settings, StationSettings
from pos_client.settings.options import SANDBOX_SECRETS


def poison(key: str) -> None:
    """From now on whoever reads the answer to this record is killed."""
    understands = HttpCentral._understand

    def dies(self: HttpCentral, call: EncodedCall, status: int, headers: Mapping[str, str], raw: bytes) -> Result:
        if call.key == key:
            os.kill(os.getpid(), signal.SIGKILL)
        return understands(self, call, status, headers, raw)

    HttpCentral._understand = dies  # type: ignore[method-assign]  # this process is made for it


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("central", type=json.loads)
    parser.add_argument("--poison")
    parser.add_argument("--put-back")
    asked = parser.parse_args()
    if asked.poison:
        poison(asked.poison)
    settings = Settings(
        station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"),
        central=CentralSettings(**asked.central),
        secrets_backend=SANDBOX_SECRETS,
    )
    said: list[str] = []
    rest: list[TerminalSnapshot] = []
    over = threading.Event()
    put_back = [asked.put_back] if asked.put_back else []

    def publish(seen: TerminalSnapshot) -> None:
        if seen.notice is not None and seen.notice.code not in said:
            said.append(seen.notice.code)
        if seen.queue_page is None or over.is_set():
            return
        if put_back:
            system.post(m.ResendParked(put_back.pop()))
            system.post(m.Tick())
            return
        if seen.ready and not seen.status.queue.waiting and (not asked.put_back or not seen.status.queue.parked):
            rest.append(seen)
            over.set()

    system = TerminalSystem(settings, Site(asked.folder), publish, lambda fault: os._exit(3))
    system.start()
    system.post(m.ShowQueue(0))
    over.wait()
    system.stop()
    page = rest[0].queue_page
    left = [] if page is None else [(row.key, row.state.value, row.problem, row.may_resend) for row in page.rows]
    sys.stdout.write(json.dumps({"left": left, "said": said}) + "\n")


if __name__ == "__main__":
    main()
