"""Processes forked from one that has imported the program already: real ones with real ends, each seconds sooner.

    python -m tests.end_to_end.nursery DESCRIPTOR     forks what it is told over the socket with this number

A message is JSON, `["program", WORDS...]` or `["player", WORDS...]` (`player.py`), and brings three descriptors: what
the process reads, what it writes, and where its exit code is told. The nursery has no window, no thread and no book of
its own, so that nothing but imported modules is handed on.
"""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from pathlib import Path
from typing import Any, NoReturn

from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.paths import resources

ROOT = Path(__file__).parents[2]
LONGEST_MESSAGE = 65_536
PATIENCE_S = 120.0
PARTS = ("central", "dispensers")


class Nursery:
    """Where processes come from."""

    def __init__(self) -> None:
        self._socket, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            words = [sys.executable, "-m", "tests.end_to_end.nursery", str(theirs.fileno())]
            self._process = subprocess.Popen(words, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=ROOT)

    def born(self, who: str, *words: object) -> Born:
        """A process of its own: "program" as `pos-client WORDS`, or "player"."""
        (reads, ours), (told, writes), (code, ends) = os.pipe(), os.pipe(), os.pipe()
        socket.send_fds(self._socket, [json.dumps([who, *map(str, words)]).encode()], [reads, writes, ends])
        for descriptor in (reads, writes, ends):
            os.close(descriptor)
        return Born(ours, told, code)

    def close(self) -> None:
        """Nobody is born any more."""
        self._socket.close()
        assert self._process.wait(PATIENCE_S) == 0


class Born:
    """A process, held by its standard input: the program's servers end when that does."""

    def __init__(self, ours: int, told: int, code: int) -> None:
        self._input, self._output, self._code = os.fdopen(ours, "wb"), os.fdopen(told, encoding="utf-8"), code

    def first_line(self) -> Any:
        """What a server says when it answers."""
        ready, _, _ = select.select([self._output], [], [], PATIENCE_S)
        assert ready, "not a word"
        return json.loads(self._output.readline())

    def wait(self) -> int:
        """The exit code, negative for a signal, as `subprocess` tells it; its input and output are closed by then."""
        self._input.close()
        ready, _, _ = select.select([self._code], [], [], PATIENCE_S)
        assert ready, "it does not end"
        with os.fdopen(self._code) as told:
            code = int(told.read())
        self._output.close()
        return code


class BornSandbox:
    """The two parts of `pos-client sandbox`, without the process that starts and watches them."""

    def __init__(self, nursery: Nursery, *options: str) -> None:
        self._parts = [nursery.born("program", "sandbox", "--only", part, *options) for part in PARTS]
        central, dispensers = (part.first_line() for part in self._parts)
        self.addresses = Addresses(
            {
                "portal": central.pop("portal"),
                "central": central,
                "dispensers": dispensers,
                "station": str(resources() / "sandbox" / "station.toml"),
            }
        )

    def stop(self) -> None:
        """End the sandbox."""
        assert [part.wait() for part in self._parts] == [0, 0]


# ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def main(descriptor: int) -> None:
    """Fork until nobody asks any more."""
    from pos_client.bootstrap.arguments import parse
    from pos_client.bootstrap.commands import sandbox as _sandbox
    from pos_client.sandbox.central import server as _central
    from pos_client.sandbox.dispenser import config, server
    from pos_client.sandbox.portal import app
    from tests.end_to_end import player

    def program(words: list[str]) -> int:
        arguments = parse(words)
        return arguments.run(arguments)

    del _sandbox, _central, config, server, app  # what the program imports when it is asked for a sandbox
    bodies = {"program": program, "player": player.main}
    assert threading.active_count() == 1
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # who was born is waited for by his keeper
    with socket.socket(fileno=descriptor) as asked:
        while True:
            message, descriptors, _, _ = socket.recv_fds(asked, LONGEST_MESSAGE, 3)
            if not message:
                return
            who, *words = json.loads(message)
            if os.fork() == 0:
                asked.close()
                _keep(lambda: bodies[who](words), *descriptors)  # noqa: B023  # called before the next turn
            for each in descriptors:
                os.close(each)


def _keep(body: Any, reads: int, writes: int, ends: int) -> NoReturn:
    """Fork once more, wait for that process, and tell its exit code."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    born = os.fork()
    if born == 0:
        os.dup2(reads, 0)
        os.dup2(writes, 1)
        for each in (reads, writes, ends):
            os.close(each)
        _live(body)
    os.close(reads)
    os.close(writes)
    _, status = os.waitpid(born, 0)
    os.write(ends, str(os.waitstatus_to_exitcode(status)).encode())
    os._exit(0)


def _live(body: Any) -> NoReturn:
    code = 1
    try:
        code = body() or 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  # the end of a process: said, and told by its code
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    main(int(sys.argv[1]))
