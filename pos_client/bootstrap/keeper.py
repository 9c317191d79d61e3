"""Keeps the terminal running: starts it, hears its signs of life, starts it again, and exchanges its version between
two runs. It never touches a pump, a line or the books of a version that runs.

A new version is rehearsed with a copy of the books first. Then it is on trial until its first sign of life; one that
ends before that twice, or refuses to start, is given up, and the version before it runs again. One whose files were
damaged later, so that it does not start any more, is left as well, and fetched anew.
"""

from __future__ import annotations

import logging
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import field, replace
from time import monotonic

from pos_client.adapters.sqlite.trial import put_back
from pos_client.adapters.updates.shelf import Running, Shelf
from pos_client.bootstrap.ending import END
from pos_client.bootstrap.paths import Site
from pos_client.domain.keeping import EXIT_CLOSED, EXIT_EXCHANGE, EXIT_NOT_NOW, EXIT_REFUSED, Next, Why, after_end
from pos_client.domain.release import Version
from pos_client.ports.errors import Unavailable
from pos_client.value import dataclass

log = logging.getLogger(__name__)

NO_CONSOLE = getattr(subprocess, "CREATE_NO_WINDOW", 0)
"""On Windows a keeper without a console starts programs that would open one."""


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
    _unwritten: dict[str, object] = field(default_factory=dict)
    """changes of what runs that the disk did not take"""

    def run(self) -> int:
        """Until the program is closed or the keeper told to stop; the exit code."""
        pause = self.patience.again_first
        while not self._stop.is_set():
            running = self._whole(self._running())
            if running.trial:
                running = self._change(starts=running.starts + 1)
            began = monotonic()
            ended = self._watch(running)
            code = ended.code
            if self._stop.is_set():
                return EXIT_CLOSED
            if ended.was_ready and running.trial:
                running = self._change(trial=False, starts=0)
            if not ended.was_ready and self._is_damaged(running, code):
                self._leave_damaged(running)
                continue
            wanted = self._running().ready is not None
            step = after_end(code, trial=running.trial, starts=running.starts, exchange_wanted=wanted)
            log.warning("version %s ended with %d: %s", running.version or "as installed", code, step)
            match step:
                case Next.END:
                    return code
                case Next.EXCHANGE:
                    self._exchange(running)
                case Next.GO_BACK:
                    self._go_back(running, ended.why)
                case Next.PUT_OFF:
                    self._put_off(running)
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
            _tell_to_end(self._process)

    # ── one run ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _watch(self, running: Running) -> _Ended:
        """Start it and stay until it has ended."""
        kept = "trial" if running.trial else "only" if self._postponed else "exchange"
        process = self.start_process(
            [*self._command(running), "--data", str(self.site.folder), "--kept", kept],
            stdout=subprocess.PIPE,
            stdin=subprocess.PIPE,
            stderr=None if sys.__stderr__ else subprocess.DEVNULL,  # a windowed keeper's own handle may be void
            creationflags=NO_CONSOLE,
        )
        self._process = process
        if self._stop.is_set():  # told between the two
            _tell_to_end(process)
        signs = _Signs(process)
        began, silent = monotonic(), False
        while not signs.ended.wait(min(1.0, self.patience.end / 4)):
            now = monotonic()
            if self._stop.is_set():
                break
            if now - (signs.last or began) > (self.patience.silence if signs.last else self.patience.first_sign):
                log.error("no sign of life for %d s: it is started anew", now - (signs.last or began))
                _tell_to_end(process)
                silent = True
                break
        try:
            code = process.wait(self.patience.end)
        except subprocess.TimeoutExpired:
            process.kill()
            code = process.wait()
        signs.close()
        if process.stdin is not None:
            with suppress(OSError):
                process.stdin.close()
        return _Ended(code, signs.last > 0, silent)

    def _command(self, running: Running) -> Sequence[str]:
        program = self.shelf.program(running.version) if running.version is not None else None
        return self.installed if program is None else [str(program)]

    def _whole(self, running: Running) -> Running:
        """Of a version whose folder is gone there is nothing to start: the installed one is."""
        if running.version is not None and self.shelf.program(running.version) is None:
            log.error("version %s is not on the shelf any more", running.version)
            return self._change(version=None, before=None, trial=False, starts=0)
        return running

    # ── what runs ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _running(self) -> Running:
        return replace(self.shelf.running(), **self._unwritten)  # type: ignore[arg-type]

    def _change(self, **changes: object) -> Running:
        """On the disk if it can be; a full disk must not keep a till from being started again."""
        self._unwritten |= changes
        try:
            running = self.shelf.change(**self._unwritten)
        except Unavailable as trouble:
            log.error("which version runs cannot be written down: %s", trouble)
            return self._running()
        self._unwritten.clear()
        return running

    # ── versions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _exchange(self, running: Running) -> None:
        """Put the version that is ready in the place of the running one, if it passes its rehearsal."""
        new = self._running().ready
        if new is None or not self.shelf.is_whole(new):
            self._change(ready=None)
            return
        verdict = self._rehearse(new)
        if verdict == EXIT_NOT_NOW:
            self._postponed = True
            self._change(held_up=True)
        elif verdict != 0:
            self._give_up(new, Why.REHEARSAL, ready=None)
        else:
            log.warning("version %s takes the place of %s", new, running.version or "the installed one")
            self._change(version=new, before=running.version, trial=True, starts=0, ready=None, held_up=False)

    def _rehearse(self, version: Version) -> int:
        program = self.shelf.program(version)
        if program is None:
            return 1
        command = [str(program), "rehearse", "--data", str(self.site.folder)]
        try:
            done = subprocess.run(
                command,
                timeout=self.patience.rehearsal,
                check=False,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                creationflags=NO_CONSOLE,
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            log.error("rehearsal of version %s: %s", version, error)
            return 1
        if done.returncode != 0:
            log.error("rehearsal of version %s: %s", version, done.stderr.decode(errors="replace")[-2000:])
        return done.returncode

    def _go_back(self, running: Running, why: Why) -> None:
        """The version before, with the books it can read; else this one once more, because the books are its own."""
        if running.version is None:
            return
        if self._books_are_put_back(running.version):
            self._give_up(running.version, why, version=running.before, before=None)
        else:
            self._change(trial=False, starts=0)

    def _put_off(self, running: Running) -> None:
        """As going back, but nothing is held against the version: it waits for the keeper's next start."""
        tried = running.version
        if tried is None or not self._books_are_put_back(tried):
            self._change(trial=False, starts=0)
            return
        log.warning("version %s is put off", tried)
        self._postponed = True
        self._change(version=running.before, before=None, trial=False, starts=0, ready=tried, held_up=True)

    def _books_are_put_back(self, tried: Version) -> bool:
        try:
            return put_back(self.site.journal)
        except Unavailable as trouble:
            log.error("the books of version %s: %s", tried, trouble)
            return False

    def _is_damaged(self, running: Running, code: int) -> bool:
        """Whether the files of a version that ran before are why it does not start any more."""
        if running.version is None or running.trial or code in {EXIT_CLOSED, EXIT_EXCHANGE}:
            return False
        return not self.shelf.is_whole(running.version)

    def _leave_damaged(self, running: Running) -> None:
        """It is no fault of the version's: the next look for a new one brings it again, whole."""
        damaged, before = running.version, running.before
        assert damaged is not None  # the installed program is no concern of the shelf's
        back = before if before is not None and self.shelf.is_whole(before) else None
        log.error("version %s is damaged on the disk: %s runs", damaged, back or "the installed one")
        self._books_are_put_back(damaged)
        self._change(
            version=back, before=None, trial=False, starts=0, ready=None, untold=damaged, why=Why.DAMAGED.value
        )

    def _give_up(self, tried: Version, why: Why, **changes: Version | None) -> None:
        log.error("version %s is given up: %s", tried, why)
        given_up = self._running().given_up | {tried}
        self._change(given_up=given_up, untold=tried, why=why.value, trial=False, starts=0, **changes)


@dataclass(frozen=True, slots=True)
class _Ended:
    """How a run ended. `silent`: by us, because it gave no sign of life."""

    code: int
    was_ready: bool
    silent: bool

    @property
    def why(self) -> Why:
        """What kept it from becoming ready."""
        if self.silent:
            return Why.SILENT
        return Why.REFUSED if self.code == EXIT_REFUSED else Why.CRASHED


def _tell_to_end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, as the system lets us ask. What stands still does not hear it, and is killed when `Patience.end`
    is over; a pipe that is full or closed says nothing more than that."""
    if process.stdin is not None:
        with suppress(OSError, ValueError):
            os.write(process.stdin.fileno(), END)
    if sys.platform != "win32":  # there it would be the end at once
        process.terminate()


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
