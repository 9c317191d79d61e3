"""The port doctor: finds what dispensers speak on a port, and never disturbs anybody on it.

It listens first. While a single byte is heard it says nothing: another master may be at work, and two masters on one
line stop a forecourt. What is overheard is read at every likely speed and parity. Only a line that stayed quiet for a
whole window is asked, with polls that change nothing, in the order of `probe_plan`; a byte nobody was asked for ends
the asking until the line has been quiet again.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.port import Port, PortFailed
from pos_client.adapters.dispensers.probe_plan import Account, Candidate, confidence, findings, plan
from pos_client.adapters.dispensers.serial_port import Opener, open_port
from pos_client.domain.port_finding import PortFinding, ProbeProgress, ProbeStep
from pos_client.protocols.dispenser.interface import DispenserProtocol
from pos_client.protocols.dispenser.probing import without_echo
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings.model import LineSettings

QUIET_MS = 3_000
"""Masters poll a head that is away once a second; a line that says nothing for three has no master."""
QUIET_WINDOWS = 3
STRAY_BYTES = 4
"""An adapter that is opened, or a cable that is touched, gives a few bytes; more in one window is somebody talking."""
LISTEN_MS = 2_000
"""For each speed and parity at which something that is heard is read."""
CALM_MS = 500
"""Without a byte, after a change of speed and after an answer that makes no sense, before the next question."""
PATIENCE_MS = 60
"""Beyond a protocol's own answer time: slow heads, and adapters that keep bytes back."""
GAP_MS = 40
"""A pause that ends an answer: USB adapters hand bytes over in lumps 16 ms apart."""
BABBLE_MS = 1_500
"""No answer is that long."""
REPEATS = 5
"""Questions to each head that answered, to see whether it does so again."""
ROUNDS = 2
"""So often the whole range is asked while nobody answers."""
SURE = 85
"""From here on nothing else is tried."""
READ_MS = 10
"""How often it looks whether it shall end, and how finely it tells answers from silence."""
OPEN_TRIES = 4
OPEN_PAUSE_S = 0.05
LIMIT_MS = 90_000

SILENT, NOISE, ANOTHER_MASTER, TIME_OVER, SPEED_UNSEEN = (
    "silent",
    "noise",
    "another_master",
    "time_over",
    "speed_unseen",
)
"""`ProbeProgress.detail` of an examination that came to an end; the words are in the catalogue under `probe.detail`.

With `ProbeStep.FAILED` the detail is what the operating system said."""

Report = Callable[[ProbeProgress], None]


@dataclass(frozen=True, slots=True)
class Examination:
    """What is to be looked at. `listen_only`: not a byte is sent, come what may. `limit_ms`: after that it ends."""

    port: str
    listen_only: bool = False
    limit_ms: int = LIMIT_MS


class PortDoctor:
    """Examines ports, one at a time, in whatever thread calls it."""

    def __init__(
        self,
        opener: Opener = open_port,
        now_ms: Callable[[], int] = monotonic_ms,
        protocols: Iterable[DispenserProtocol] | None = None,
    ) -> None:
        self._open = opener
        self._now_ms = now_ms
        self._protocols = tuple(PROTOCOLS.values() if protocols is None else protocols)

    def examine(self, order: Examination, report: Report, stop: threading.Event) -> ProbeProgress:
        """Look at a port until something sure is found, the time is over, or `stop` is set; the last progress told.

        `report` is called in this thread. The port is closed when this returns. Never raises for a port that fails.
        """
        candidates = plan(self._protocols, speed_matters=not _is_speedless(order.port))
        with Bell() as bell:
            return self._visit(order, candidates, report, stop, bell)

    def _visit(
        self,
        order: Examination,
        candidates: tuple[Candidate, ...],
        report: Report,
        stop: threading.Event,
        bell: Bell,
    ) -> ProbeProgress:
        visit = _Visit(lambda settings: self._open(settings, bell), self._now_ms, order, candidates, report, stop)
        try:
            visit.run()
        except PortFailed as error:
            return visit.tell(ProbeStep.FAILED, detail=error.what or error.code)
        except _Cancelled:
            return visit.tell(ProbeStep.CANCELLED)
        except _TimeOver:
            return visit.tell(ProbeStep.DONE, detail="" if visit.found() else TIME_OVER)
        finally:
            visit.close()
        return visit.tell(ProbeStep.DONE, detail=visit.detail)


def _is_speedless(port: str) -> bool:
    """Whether speed and parity never reach a wire: a socket, a pseudo-terminal."""
    return port.startswith("socket://") or os.path.realpath(port).startswith("/dev/pts/")


class _Cancelled(Exception):
    """Somebody wants it to end."""


class _TimeOver(Exception):
    """The limit is reached."""


class _SomebodyTalks(Exception):
    """Bytes came that nobody was asked for."""


@dataclass(slots=True)
class _Visit:
    """One examination."""

    opener: Callable[[LineSettings], Port]
    now_ms: Callable[[], int]
    order: Examination
    candidates: tuple[Candidate, ...]
    report: Report
    stop: threading.Event
    detail: str = ""
    _port: Port | None = None
    _setting: tuple[int, str] | None = None
    _trying: str = ""
    _listened_only: bool = True
    _accounts: dict[Candidate, Account] = field(default_factory=dict)
    _last: tuple[Candidate, int, bytes] | None = None
    _disturbed: int = 0
    _began_ms: int = 0

    # ── the course of it ───────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> None:
        """From the first listening to the last question."""
        self._began_ms = self.now_ms()
        self.tell(ProbeStep.OPENING)
        self._tune(self.candidates[0])
        self.tell(ProbeStep.LISTENING)
        try:
            self._wait_for_silence()
            if not self.order.listen_only:
                self._listened_only = False
                self._ask_everybody()
        except _SomebodyTalks:
            self._overhear()
            return
        self.detail = SILENT if not self.found() else SPEED_UNSEEN if _is_speedless(self.order.port) else ""

    def _wait_for_silence(self) -> None:
        """Returns after a whole window without a byte. Raises `_SomebodyTalks`."""
        for _ in range(QUIET_WINDOWS):
            raw = self._listen(QUIET_MS)
            if not raw:
                return
            if len(raw) > STRAY_BYTES:
                break
        raise _SomebodyTalks

    def _overhear(self) -> None:
        """Read what is going on at every likely setting, without a word of ours, until it makes sense.

        Where it never does, what was found by asking before stands.
        """
        asked, self._accounts = self._accounts, {}
        self._listened_only = True
        self._read_everything()
        self.detail = ANOTHER_MASTER
        if not self.found():
            self._accounts, self._listened_only, self.detail = asked, not asked, NOISE

    def _read_everything(self) -> None:
        for setting in dict.fromkeys(each.setting for each in self.candidates):
            at_it = [each for each in self.candidates if each.setting == setting]
            self._tune(at_it[0])
            self.tell(ProbeStep.LISTENING)
            raw = self._listen(LISTEN_MS)
            for candidate in at_it:
                self._account(candidate).heard(candidate.spec.score(raw, b""))
            if self._is_sure():
                return

    def _ask_everybody(self) -> None:
        for _ in range(ROUNDS):
            for candidate in self.candidates:
                self._tune(candidate)
                self.tell(ProbeStep.ASKING)
                self._wait_for_calm()
                self._ask_all(candidate)
                if self._is_sure():
                    return
            if self.found():
                return

    def _ask_all(self, candidate: Candidate) -> None:
        first, last = candidate.protocol.addresses
        account = self._account(candidate)
        for address in range(first, last + 1):
            self._ask(candidate, address)
        for address in account.found:
            for _ in range(REPEATS):
                answer = self._ask(candidate, address)
                proof = candidate.spec.proof(address, answer)
                if proof is not None:
                    self._ask(candidate, address, proof)
            self.tell(ProbeStep.ASKING)
        if account.found:
            for address in sorted(set(range(first, last + 1)) - set(account.found)):
                self._ask(candidate, address)

    # ── the port ───────────────────────────────────────────────────────────────────────────────────────────────────

    def _tune(self, candidate: Candidate) -> None:
        """Have the port open at a candidate's speed and parity. Raises `PortFailed`."""
        self._trying = str(candidate)
        if self._port is not None and self._setting == candidate.setting:
            return
        opened_before = self._setting is not None
        self.close()
        settings = LineSettings(
            "doctor", candidate.protocol.name, self.order.port, candidate.baud_rate, candidate.parity
        )
        for attempt in range(1, OPEN_TRIES + 1):
            self._keep_on()
            try:
                self._port = self.opener(settings)
            except PortFailed:
                if attempt == OPEN_TRIES or not opened_before:
                    raise
                self.stop.wait(OPEN_PAUSE_S)
            else:
                self._setting = candidate.setting
                return

    def close(self) -> None:
        """Give the port back."""
        if self._port is not None:
            self._port.close()
            self._port = None

    def _read(self) -> bytes:
        self._keep_on()
        return self._port.read(self.now_ms() + READ_MS) if self._port is not None else b""

    def _keep_on(self) -> None:
        if self.stop.is_set():
            raise _Cancelled
        if self.now_ms() - self._began_ms >= self.order.limit_ms:
            raise _TimeOver

    def _listen(self, ms: int) -> bytes:
        """All that is heard in so much time."""
        heard = b""
        end = self.now_ms() + ms
        while self.now_ms() < end:
            heard += self._read()
        return heard

    # ── questions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _wait_for_calm(self) -> None:
        if raw := self._listen(CALM_MS):
            self._heard_unasked(raw)

    def _ask(self, candidate: Candidate, address: int, question: bytes | None = None) -> bytes:
        """Ask a head, and keep what that comes to; returns what was heard."""
        if late := self._read():
            self._heard_unasked(late)
        question = candidate.spec.question(address) if question is None else question
        raw = self._exchange(candidate, question)
        evidence = candidate.spec.score(raw, question)
        self._account(candidate).asked_one(address, evidence)
        self._last = (candidate, address, question)
        if evidence.damaged:
            self._wait_for_calm()
        return raw

    def _exchange(self, candidate: Candidate, question: bytes) -> bytes:
        if self._port is None:
            return b""
        wire_ms = 2 * 11_000 * len(question) // candidate.baud_rate + 1  # ours, and ours again where it is echoed
        self._port.write(question)
        began = last = self.now_ms()
        silent_from = began + wire_ms + candidate.protocol.answer_timeout_ms + PATIENCE_MS
        heard = b""
        while True:
            raw, now = self._read(), self.now_ms()
            if raw:
                heard, last = heard + raw, now
                if now - began > BABBLE_MS:
                    raise _SomebodyTalks
            elif without_echo(heard, question):
                if now - last >= GAP_MS:
                    return heard
            elif now >= silent_from:
                return heard

    def _heard_unasked(self, raw: bytes) -> None:
        """A late answer counts as one. Anything else: no further word before the line has been quiet."""
        if self._last is not None:
            candidate, address, question = self._last
            evidence = candidate.spec.score(raw, question)
            if evidence.good and not evidence.damaged:
                self._account(candidate).answered_late(address, evidence)
                return
        self._disturbed += 1
        if len(raw) > STRAY_BYTES or self._disturbed > QUIET_WINDOWS:
            raise _SomebodyTalks
        self._wait_for_silence()

    # ── what came of it ────────────────────────────────────────────────────────────────────────────────────────────

    def _account(self, candidate: Candidate) -> Account:
        return self._accounts.setdefault(candidate, Account())

    def _is_sure(self) -> bool:
        return any(
            confidence(account, candidate.spec.unproved_most) >= SURE for candidate, account in self._accounts.items()
        )

    def found(self) -> tuple[PortFinding, ...]:
        """What was found so far, surest first."""
        return findings(self._accounts, self._listened_only)

    def tell(self, step: ProbeStep, detail: str = "") -> ProbeProgress:
        """Report how far it is."""
        over = step in (ProbeStep.DONE, ProbeStep.FAILED, ProbeStep.CANCELLED)
        percent = 100 if over else min(99, (self.now_ms() - self._began_ms) * 100 // max(1, self.order.limit_ms))
        progress = ProbeProgress(self.order.port, step, percent, "" if over else self._trying, self.found(), detail)
        self.report(progress)
        return progress
