"""Keeps the terminal running: starts it, hears its signs of life, starts it again, and exchanges its version between
two runs. It never touches a pump, a line or the books of a version that runs.

A new version is rehearsed with a copy of the books first. Then it is on trial until its first sign of life; one that
ends before that twice, or refuses to start, is given up, and the version before it runs again.
"""

from __future__ import annotations

import logging
import subprocess
import threading
from collections.abc import Callable, Sequence
from dataclasses import field
from time import monotonic

from pos_client.adapters.sqlite.trial import put_back
from pos_client.adapters.updates.shelf import Running, Shelf
from pos_client.bootstrap.paths import Site
from pos_client.domain.keeping import EXIT_CLOSED, EXIT_NOT_NOW, Next, after_end
from pos_client.domain.release import Version
from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the keeper waits, seconds."""

    first_sign: float = 600.0
    """migrating the books of ten years takes its time"""
    silence: float = 60.0
    end: float = 20.0
    """after being told to end, before it is killed"""
    rehearsal: float = 900.0
    again_first: float = 1.0
    again_last: float = 30.0
    healthy: float = 300.0
    """what ran for so long before it died is started again at once"""


@dataclass(slots=True)
class Keeper:
    """`installed`: how the installed program is started; versions on the shelf are started by their own."""

    site: Site
    shelf: Shelf
    installed: Sequence[str]
    patience: Patience = Patience()
    start_process: Callable[..., subprocess.Popen[bytes]] = subprocess.Popen
    _stop: threading.Event = field(default_factory=threading.Event)
    _process: subprocess.Popen[bytes] | None = None
    _postponed: bool = False

    def run(self) -> int:
        """Until the program is closed or the keeper told to stop; the exit code."""
        pause = self.patience.again_first
        while not self._stop.is_set():
            running = self._whole(self.shelf.running())
            if running.trial:
                running = self.shelf.change(starts=running.starts + 1)
            began = monotonic()
            code, was_ready = self._watch(self._command(running))
            if self._stop.is_set():
                return EXIT_CLOSED
            if was_ready and running.trial:
                running = self.shelf.change(trial=False, starts=0)
            wanted = self.shelf.running().ready is not None
            step = after_end(code, trial=running.trial, starts=running.starts, exchange_wanted=wanted)
            log.warning("version %s ended with %d: %s", running.version or "as installed", code, step)
            match step:
                case Next.END:
                    return code
                case Next.EXCHANGE:
                    self._exchange(running)
                case Next.GO_BACK:
                    self._go_back(running)
                case Next.AGAIN:
                    if monotonic() - began > self.patience.healthy:
                        pause = self.patience.again_first
                    self._stop.wait(pause)
                    pause = min(pause * 2, self.patience.again_last)
        return EXIT_CLOSED

    def stop(self) -> None:
        """End the program gracefully, then the keeper. Callable from a signal handler."""
        self._stop.set()
        if self._process is not None:
            self._process.terminate()

    # ── one run ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self, command: Sequence[str]) -> tuple[int, bool]:
        """Start it and stay until it has ended: its exit code, and whether it ever was ready."""
        kept = "only" if self._postponed else "exchange"
        process = self.start_process(
            [*command, "--data", str(self.site.folder), "--kept", kept],
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
        )
        self._process = process
        if self._stop.is_set():  # told between the two
            process.terminate()
        signs = _Signs(process)
        began = monotonic()
        while not signs.ended.wait(min(1.0, self.patience.end / 4)):
            now = monotonic()
            if self._stop.is_set():
                break
            if now - (signs.last or began) > (self.patience.silence if signs.last else self.patience.first_sign):
                log.error("no sign of life for %d s: it is started anew", now - (signs.last or began))
                process.terminate()
                break
        try:
            code = process.wait(self.patience.end)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        signs.close()
        return code, signs.last > 0

    def _command(self, running: Running) -> Sequence[str]:
        program = self.shelf.program(running.version) if running.version is not None else None
        return self.installed if program is None else [str(program)]

    def _whole(self, running: Running) -> Running:
        """Of a version whose folder is gone there is nothing to start: the installed one is."""
        if running.version is not None and self.shelf.program(running.version) is None:
            log.error("version %s is not on the shelf any more", running.version)
            return self.shelf.change(version=None, before=None, trial=False, starts=0)
        return running

    # ── versions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _exchange(self, running: Running) -> None:
        """Put the version that is ready in the place of the running one, if it passes its rehearsal."""
        new = self.shelf.running().ready
        if new is None or not self.shelf.is_whole(new):
            self.shelf.change(ready=None)
            return
        verdict = self._rehearse(new)
        if verdict == EXIT_NOT_NOW:
            self._postponed = True
        elif verdict != 0:
            self._give_up(new, ready=None)
        else:
            log.warning("version %s takes the place of %s", new, running.version or "the installed one")
            self.shelf.change(version=new, before=running.version, trial=True, starts=0, ready=None)

    def _rehearse(self, version: Version) -> int:
        program = self.shelf.program(version)
        if program is None:
            return 1
        command = [str(program), "rehearse", "--data", str(self.site.folder)]
        try:
            done = subprocess.run(command, timeout=self.patience.rehearsal, check=False, capture_output=True)
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("rehearsal of version %s: %s", version, error)
            return 1
        if done.returncode != 0:
            log.error("rehearsal of version %s: %s", version, done.stderr.decode(errors="replace")[-2000:])
        return done.returncode

    def _go_back(self, running: Running) -> None:
        """The version before, with the books it can read; else this one once more, because the books are its own."""
        if running.version is None:
            return
        try:
            can = put_back(self.site.journal)
        except Unavailable as trouble:
            log.error("the books of version %s: %s", running.version, trouble)
            can = False
        if can:
            self._give_up(running.version, version=running.before, before=None)
        else:
            self.shelf.change(trial=False, starts=0)

    def _give_up(self, tried: Version, **changes: Version | None) -> None:
        log.error("version %s is given up", tried)
        given_up = self.shelf.running().given_up | {tried}
        self.shelf.change(given_up=given_up, untold=tried, trial=False, starts=0, **changes)


class _Signs:
    """Reads what the program says on its standard output: every byte is a sign of life. `last`: when, 0 for never."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self.last = 0.0
        self.ended = threading.Event()
        self._process = process
        self._thread = threading.Thread(target=self._read, name="signs-of-life", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """After the process has ended. A grandchild that holds the pipe open does not hold us."""
        self._thread.join(1.0)
        if self._process.stdout is not None and not self._thread.is_alive():
            self._process.stdout.close()

    def _read(self) -> None:
        assert self._process.stdout is not None  # it is a pipe
        while self._process.stdout.read1(1024):  # type: ignore[attr-defined]  # a BufferedReader
            self.last = monotonic()
        self.ended.set()
