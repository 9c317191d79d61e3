"""The port doctor: finds what dispensers speak on a port, and never disturbs anybody on it.

It listens first. While a single byte is heard it says nothing: another master may be at work, and two masters on one
line stop a forecourt. What is overheard is read at every likely speed and parity. Only a line that stayed quiet for a
whole window is asked, with polls that change nothing, in the order of `probe_plan`; a byte nobody was asked for ends
the asking until the line has been quiet again.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import field

from pos_client.adapters.dispensers.bell import Bell, monotonic_ms
from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.dispensers.probe_line import Cancelled, Examination, ProbeLine, SomebodyTalks, TimeOver
from pos_client.adapters.dispensers.probe_plan import Account, Candidate, as_set, confidence, findings, plan
from pos_client.adapters.dispensers.serial_port import Opener, open_port
from pos_client.domain.port_finding import PortFinding, ProbeProgress, ProbeStep
from pos_client.protocols.dispenser.interface import DispenserProtocol
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.value import dataclass

QUIET_MS = 3_000
"""Masters poll a head that is away once a second; a line that says nothing for three has no master."""
QUIET_WINDOWS = 3
STRAY_BYTES = 4
"""An adapter that is opened, or a cable that is touched, gives a few bytes; more in one window is somebody talking."""
LISTEN_MS = 2_000
"""For each speed and parity at which something that is heard is read."""
CALM_MS = 500
"""Without a byte, after a change of speed and after an answer that makes no sense, before the next question."""
REPEATS = 5
"""Questions to each head that answered, to see whether it does so again."""
ROUNDS = 2
"""So often the whole range is asked while nobody answers."""
SURE = 85
"""From here on nothing else is tried."""

SILENT, NOISE, ANOTHER_MASTER, TIME_OVER = "silent", "noise", "another_master", "time_over"
SPEED_UNSEEN, NO_WAY = "speed_unseen", "no_way"
"""`ProbeProgress.detail` of an examination that came to an end; the words are in the catalogue under `probe.detail`.

With `ProbeStep.FAILED` the detail is what the operating system said, or `NO_WAY`: no protocol can be looked for."""
_OVER = (ProbeStep.DONE, ProbeStep.FAILED, ProbeStep.CANCELLED)

Report = Callable[[ProbeProgress], None]


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
        with Bell() as bell, closing(ProbeLine(self._open, bell, self._now_ms, order, stop)) as line:
            visit = _Visit(line, self._candidates(order), report)
            if not visit.candidates:
                return visit.tell(ProbeStep.FAILED, NO_WAY)
            try:
                detail = visit.run()
            except PortFailed as error:
                return visit.tell(ProbeStep.FAILED, error.what or error.code)
            except Cancelled:
                return visit.tell(ProbeStep.CANCELLED)
            except TimeOver:
                return visit.tell(ProbeStep.DONE, "" if visit.found() else TIME_OVER)
            return visit.tell(ProbeStep.DONE, detail)

    def _candidates(self, order: Examination) -> tuple[Candidate, ...]:
        if order.line is None:
            return plan(self._protocols, speed_matters=not order.is_speedless)
        return as_set(self._protocols, order.line)


@dataclass(slots=True)
class _Visit:
    """One examination."""

    line: ProbeLine
    candidates: tuple[Candidate, ...]
    report: Report
    _listened_only: bool = True
    _accounts: dict[Candidate, Account] = field(default_factory=dict)
    _last: tuple[Candidate, int, bytes] | None = None
    _disturbed: int = 0

    # ── the course of it ───────────────────────────────────────────────────────────────────────────────────────────

    def run(self) -> str:
        """From the first listening to the last question; what there is to say about it as a whole."""
        self.tell(ProbeStep.OPENING)
        self.line.tune(self.candidates[0])
        self.tell(ProbeStep.LISTENING)
        try:
            self._wait_for_silence()
            if not self.line.order.listen_only:
                self._listened_only = False
                self._ask_everybody()
        except SomebodyTalks:
            return self._overhear()
        if not self.found():
            return SILENT
        return SPEED_UNSEEN if self.line.order.is_speedless else ""

    def _wait_for_silence(self) -> None:
        """Returns after a whole window without a byte. Raises `SomebodyTalks`."""
        for _ in range(QUIET_WINDOWS):
            raw = self.line.listen(QUIET_MS)
            if not raw:
                return
            if len(raw) > STRAY_BYTES:
                break
        raise SomebodyTalks

    def _overhear(self) -> str:
        """Read what is going on at every likely setting, without a word of ours, until it makes sense.

        Where it never does, what was found by asking before stands.
        """
        asked, self._accounts = self._accounts, {}
        self._listened_only = True
        self._read_everything()
        if self.found():
            return ANOTHER_MASTER
        self._accounts, self._listened_only = asked, not asked
        return NOISE

    def _read_everything(self) -> None:
        for setting in dict.fromkeys(each.setting for each in self.candidates):
            at_it = [each for each in self.candidates if each.setting == setting]
            self.line.tune(at_it[0])
            self.tell(ProbeStep.LISTENING)
            raw = self.line.listen(LISTEN_MS)
            for candidate in at_it:
                self._account(candidate).heard(candidate.spec.score(raw, b""))
            if self._is_sure():
                return

    def _ask_everybody(self) -> None:
        for _ in range(ROUNDS):
            for candidate in self.candidates:
                self.line.tune(candidate)
                self.tell(ProbeStep.ASKING)
                self._wait_for_calm()
                self._ask_all(candidate)
                if self._is_sure():
                    return
            if self.found():
                return

    def _ask_all(self, candidate: Candidate) -> None:
        account = self._account(candidate)
        for address in candidate.addresses:
            self._ask(candidate, address)
        for address in account.found:
            for _ in range(REPEATS):
                answer = self._ask(candidate, address)
                proof = candidate.spec.proof(address, answer)
                if proof is not None:
                    self._ask(candidate, address, proof)
            self.tell(ProbeStep.ASKING)
        if account.found:
            for address in sorted(set(candidate.addresses) - set(account.found)):
                self._ask(candidate, address)

    # ── questions ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _ask(self, candidate: Candidate, address: int, question: bytes | None = None) -> bytes:
        """Ask a head, and keep what that comes to; returns what was heard."""
        if raw := self.line.read():
            self._heard_unasked(raw)
        question = candidate.spec.question(address) if question is None else question
        answer = self.line.ask(candidate, question)
        evidence = candidate.spec.score(answer, question)
        self._account(candidate).asked_one(address, evidence)
        self._last = (candidate, address, question)
        if evidence.damaged:
            self._wait_for_calm()
        return answer

    def _wait_for_calm(self) -> None:
        if raw := self.line.listen(CALM_MS):
            self._heard_unasked(raw)

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
            raise SomebodyTalks
        self._wait_for_silence()

    # ── what came of it ────────────────────────────────────────────────────────────────────────────────────────────

    def _account(self, candidate: Candidate) -> Account:
        return self._accounts.setdefault(candidate, Account())

    def _is_sure(self) -> bool:
        accounts = self._accounts.items()
        return any(confidence(account, candidate.spec.unproved_most) >= SURE for candidate, account in accounts)

    def found(self) -> tuple[PortFinding, ...]:
        """What was found so far, surest first."""
        return findings(self._accounts, self._listened_only)

    def tell(self, step: ProbeStep, detail: str = "") -> ProbeProgress:
        """Report how far it is."""
        over = step in _OVER
        percent = 100 if over else min(99, self.line.spent_percent)
        trying = "" if over else self.line.trying
        progress = ProbeProgress(self.line.order.port, step, percent, trying, self.found(), detail)
        self.report(progress)
        return progress
