"""Head office as a small honest ledger behind a network that is not.

Shares no code with the terminal's services: what it decides, it decides from the bytes it was sent. Every entry is
appended; balances are sums. `incidents` lists what must never reach a real central: a key used for two bodies, a
capture of something that was given back, a debit without consent.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from pos_client.bootstrap.simulate.central_ledger import TRIES, Account, Entry, HoldRecord, Ledger, Result
from pos_client.bootstrap.simulate.central_offline import PLATE, OfflineOffice
from pos_client.bootstrap.simulate.envelopes import Envelopes, consent_context, opened
from pos_client.bootstrap.simulate.lies import lie
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind, Identifier, IdentifierKind, VoucherView
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.known_time import ms_of
from pos_client.domain.moment import Moment
from pos_client.ports import central as c

HOLD_S = 300
ARM_WITHIN_S = 120
READ_TIMEOUT_MS = 8_000
READS = frozenset(
    {
        *("OpenSession", "AskTime", "StateCondition", "LookUpCustomer", "Quote"),
        *("AppendJournal", "FetchBundle", "AskShift"),
    }
)
"""Verbs whose answers are not kept under their key."""
FENCED = frozenset({"Hold", "ResendChallenge", "Verify"})
"""What a person waits for; statements of fact are taken from anybody who can make them."""
ASKED_BY_PEOPLE = frozenset({"LookUpCustomer", "Quote"})
"""A person asks again when he likes; each time it is another question."""
_HANDLERS = {
    "OpenSession": "_session",
    "AskTime": "_time",
    "StateCondition": "_time",
    "LookUpCustomer": "_look_up",
    "Quote": "_quote",
    "Hold": "_hold",
    "ResendChallenge": "_resend",
    "Verify": "_verify",
    "Capture": "_capture",
    "Void": "_void",
    "Accrue": "_accrue",
    "AppendJournal": "_append",
    "SpendOffline": "_spent_offline",
    "FetchBundle": "_bundle",
    "StateShift": "_shift_stated",
    "Reverse": "_reverse",
    "AskShift": "_shift_asked",
}
_SAME = c.Retry.SAME_KEY
_STATUS = {"unknown-customer": 404, "credential-locked": 423, "credential-wrong": 422, "idempotency-key-reused": 422}
_NEW = {"insufficient-points", "below-minimum", "customer-blocked", "credential-wrong", "challenge-expired"}


def no_such(code: str, **extra: Any) -> c.Problem:
    """A refusal with the retry word it has in the contract."""
    retry = c.Retry.NEW_OPERATION if code in _NEW else c.Retry.NEVER
    return c.Problem(code, _STATUS.get(code, 409), retry, **extra)


@dataclass
class _Letter:
    call: c.EncodedCall
    arrives_ms: int
    fault: str
    gives_up_ms: int
    session: int
    """the fencing number it carries"""


@dataclass(repr=False)
class FakeCentral:
    """`ports.central.Central`, the network and the ledger behind it.

    `faults[verb]` holds what happens to the next calls of a verb (`*`: of any): `ok`, `not_sent`, `lost` (never
    arrives), `cut` (arrives, the answer does not), `silent` (arrives, and the terminal hears nothing at all: its
    lane died), `late:MS` (arrives after so long; the caller has given up by then if that is longer than its patience),
    `problem:CODE` (refused before anything is done, to be repeated), `refused:CODE` (refused before anything is done,
    for good), `later:S` (asked to come back in so many seconds), `lie:N` (done, and answered with what cannot be true).
    """

    envelopes: Envelopes
    accounts: list[Account]
    post: Callable[[object], None]
    now: Callable[[], Moment]
    true: Callable[[], datetime] | None = None
    """the real time; None: the till's clock is right"""
    station: str = "CHXD018"
    down: bool = False
    faults: dict[str, deque[str]] = field(default_factory=dict)
    watch: Callable[[c.EncodedCall], None] = lambda call: None
    """looks at every call as it leaves the terminal"""
    handled: list[str] = field(default_factory=list)
    differs: tuple[tuple[str, int, int], ...] = ()
    """what it finds otherwise in every shift from now on"""
    poison_next: str = ""
    """the next record of this verb can never be taken"""
    poisoned: set[str] = field(default_factory=set)
    """keys of such records"""
    session: int = 0
    """the fencing number the terminal was told last, and sends with what a person waits for; 0: none yet"""
    its_place_was_taken: bool = False
    """it was told so since it began"""
    _letters: list[_Letter] = field(default_factory=list)
    _comes_from: int = 0
    """the session of the letter that is being read"""
    _holds_asked_for: set[str] = field(default_factory=set)
    _asked_to_wait: dict[str, int] = field(default_factory=dict)
    """address -> until when it was asked not to come again (ticks)"""
    ledger: Ledger = field(init=False)
    offline: OfflineOffice = field(init=False)

    def __post_init__(self) -> None:
        self.ledger = Ledger({a.number: a for a in self.accounts})
        self.offline = OfflineOffice(self.ledger, self.true or (lambda: self.now().wall))

    # ── the terminal's side ────────────────────────────────────────────────────────────────────────────────────

    def send(self, call: c.EncodedCall) -> None:
        """A letter on its way."""
        self.watch(call)
        verb = str(opened(call.body)["verb"])
        fault = self._fault(verb)
        now = self.now().ticks_ms
        self._look_at_manners(call, verb, now)
        late = int(fault.partition(":")[2]) if fault.startswith("late:") else 0
        if self.down or fault == "not_sent":
            fault = "not_sent"
        elif self.poison_next == verb:
            self.poison_next = ""
            self.poisoned.add(call.key)
        if call.key in self.poisoned and fault != "not_sent":
            fault = "poison"
        self._letters.append(_Letter(call, now + late, fault, now + READ_TIMEOUT_MS, self.session))

    forward = send
    stream = send

    def forward_batch(self, calls: tuple[c.EncodedCall, ...]) -> None:
        """Letters that travel together; each has its own fate."""
        for call in calls:
            self.send(call)

    def _look_at_manners(self, call: c.EncodedCall, verb: str, now: int) -> None:
        """Whoever was asked to wait waits (F14); whose place was taken begins nothing new (I12)."""
        if now < self._asked_to_wait.get(call.path, 0) and verb not in ASKED_BY_PEOPLE:
            self.ledger.incidents.append(f"came again before it was to: {call.path}")
        if verb == "Hold":
            if self.its_place_was_taken and call.key not in self._holds_asked_for:
                self.ledger.incidents.append(f"a hold by one whose place was taken: {call.key}")
            self._holds_asked_for.add(call.key)

    def take_its_place(self) -> None:
        """Another program has begun under this terminal's name: a clone, or a profile that was restored."""
        self.ledger.sessions += 1

    def fail(self, verb: str, *faults: str) -> None:
        """What happens to the next calls of a verb."""
        self.faults.setdefault(verb, deque()).extend(faults)

    @property
    def under_way(self) -> bool:
        """Whether a letter or its answer is still on its way."""
        return bool(self._letters)

    def work(self) -> bool:
        """Let due letters arrive and late callers give up; False when nothing happened."""
        now = self.now().ticks_ms
        for letter in tuple(self._letters):
            unheard = letter.gives_up_ms < 0
            answer = self._travel(letter, now)
            if answer is not None and not unheard:
                self._heard(letter, answer)
                self.post(c.CentralAnswered(letter.call.key, answer))
                return True
        return False

    def _heard(self, letter: _Letter, answer: Result) -> None:
        """What an answer means for the terminal's manners from now on."""
        if isinstance(answer, c.SessionStarted) and answer.session == self.ledger.sessions:
            self.session = answer.session
        elif isinstance(answer, c.Problem) and answer.code == "stale-session":
            self.its_place_was_taken = True
        elif isinstance(answer, c.Problem) and answer.retry_after_s:
            self._asked_to_wait[letter.call.path] = self.now().ticks_ms + answer.retry_after_s * 1000

    def caller_died(self, *, requests_arrive: bool = True) -> None:
        """The program is gone: nobody hears answers; what is under way still arrives in its own time, or never."""
        self.session, self.its_place_was_taken = 0, False
        self._asked_to_wait.clear()
        for letter in self._letters:
            letter.gives_up_ms = -1
        if not requests_arrive:
            self._letters.clear()

    def _travel(self, letter: _Letter, now: int) -> Result | None:
        """The caller's answer, once there is one for him."""
        self._comes_from = letter.session
        match letter.fault.partition(":")[0]:
            case "not_sent":
                self._letters.remove(letter)
                return c.NoAnswer("no connection", sent=False)
            case "lost":
                self._letters.remove(letter)
                return c.NoAnswer("timeout")
            case "silent":
                self._letters.remove(letter)
                self._handle(letter.call)
                return None
            case "poison":
                self._letters.remove(letter)
                return c.Problem("unavailable", 503, _SAME)
            case "cut":
                self._letters.remove(letter)
                self._handle(letter.call)
                return c.NoAnswer("connection cut")
            case "problem":
                self._letters.remove(letter)
                return c.Problem(letter.fault.partition(":")[2], 503, _SAME)
            case "later":
                self._letters.remove(letter)
                return c.Problem("rate-limited", 429, _SAME, retry_after_s=int(letter.fault.partition(":")[2]))
            case "lie":
                self._letters.remove(letter)
                return lie(self._handle(letter.call), int(letter.fault.partition(":")[2]))
            case "refused":
                self._letters.remove(letter)
                return no_such(letter.fault.partition(":")[2])
            case _:
                return self._slowly(letter, now)

    def _slowly(self, letter: _Letter, now: int) -> Result | None:
        if letter.arrives_ms <= now:
            self._letters.remove(letter)
            return self._handle(letter.call)
        if 0 <= letter.gives_up_ms <= now:
            letter.gives_up_ms = -1
            return c.NoAnswer(c.READ_TIMEOUT)
        return None

    def _fault(self, verb: str) -> str:
        for name in (verb, "*"):
            if self.faults.get(name):
                return self.faults[name].popleft()
        return "ok"

    # ── head office ────────────────────────────────────────────────────────────────────────────────────────────

    def _handle(self, call: c.EncodedCall) -> Result:
        body = dict(opened(call.body))
        verb = str(body.pop("verb"))
        self.handled.append(verb)
        self._expire()
        known = self.ledger.answers.get(call.key)
        if known is not None:
            if known[0] != hashlib.sha256(call.body).hexdigest():
                self.ledger.incidents.append(f"key reused with another body: {call.key}")
                return no_such("idempotency-key-reused")
            return known[1]
        session = self._comes_from
        if verb in FENCED and self._is_fenced(session):
            return no_such("stale-session")
        answer: Result = getattr(self, _HANDLERS[verb])(**body)
        if verb in FENCED and 0 < session < self.ledger.sessions:
            self.ledger.incidents.append(f"{verb} taken from a session that is over: {call.key}")
        if isinstance(answer, c.RedemptionVoided):
            self.ledger.given_back.add(body["redemption_id"])
        if verb not in READS:
            self.ledger.answers[call.key] = (hashlib.sha256(call.body).hexdigest(), answer)
        return answer

    def _is_fenced(self, session: int) -> bool:
        """A later session has begun. Without a number there is nothing to fence."""
        return 0 < session < self.ledger.sessions

    def _session(self, last_seq: int | None, last_mac: str, **_: Any) -> Result:
        kept = self.ledger.journal
        if last_seq is None:
            last_seq, last_mac = len(kept), kept[-1]["mac"] if kept else ""
        if last_seq < len(kept):
            return no_such("sequence-rollback", expected_seq=len(kept) + 1)
        if kept and last_seq == len(kept) and last_mac != kept[-1]["mac"]:
            return no_such("chain-fork")
        self.ledger.sessions += 1
        return c.SessionStarted(self.ledger.sessions, self._clock(), self._kept_so_far())

    def _append(self, before_mac: str, rows: list[dict[str, Any]], told: list[str]) -> Result:
        kept = self.ledger.journal
        first = rows[0]["seq"]
        if first > len(kept) + 1:
            return no_such("sequence-gap", expected_seq=len(kept) + 1)
        before = kept[first - 2]["mac"] if first > 1 else bytes(32).hex()
        again = kept[first - 1 : first - 1 + len(rows)]
        if before != before_mac or again != rows[: len(again)]:
            return no_such("chain-fork")
        kept.extend(rows[len(again) :])
        missing = tuple(IdempotencyKey(key) for key in told if key not in self.ledger.answers)
        return c.JournalAcknowledged(self._kept_so_far(), missing)

    def _kept_so_far(self) -> Acknowledgement:
        kept, at = self.ledger.journal, self.now().wall.isoformat()
        mac = bytes.fromhex(kept[-1]["mac"]) if kept else bytes(32)
        return Acknowledgement(1, len(kept), mac, at, f"acknowledged {len(kept)}")

    def _time(self, **_: Any) -> Result:
        return c.TimeTold(self._clock())

    def _clock(self) -> str:
        self.offline.told_ms = ms_of(self.offline.true())
        return self.offline.true().isoformat()

    def _spent_offline(self, redemption_id: str, voucher_id: str, points: int, amount_vnd: int, **_: Any) -> Result:
        return self.offline.spent(redemption_id, voucher_id, self.station, points, amount_vnd)

    def _shift_stated(self, **stated: Any) -> Result:
        """Kept; the journal comes behind it, so what it says is awaited."""
        self.ledger.shifts[stated["shift_id"]] = stated
        return c.ShiftStated("records-awaited")

    def _shift_asked(self, shift_id: str, **_: Any) -> Result:
        """Compared as soon as its closing row is here; `differs` says what is found otherwise."""
        if shift_id not in self.ledger.shifts:
            return no_such("unknown-shift")
        here = any(row["kind"] == "ShiftClosed" and shift_id in row["body"] for row in self.ledger.journal)
        if not here:
            return c.ShiftStated("records-awaited")
        return c.ShiftStated("mismatch" if self.differs else "matched", self.differs)

    def _bundle(self, name: str, known: int | None, **_: Any) -> Result:
        return self.offline.bundle(name, known)

    def _look_up(self, sealed: str, **_: Any) -> Result:
        account = self._owner(self.envelopes.identifiers[sealed])
        if account is None:
            return no_such("unknown-customer")
        method = {
            CustomerKind.INDIVIDUAL: ConsentMethod.OTP,
            CustomerKind.ORGANISATION: ConsentMethod.ORGANISATION_PIN,
            CustomerKind.VOUCHER: ConsentMethod.DRIVER_PIN,
        }[account.kind]
        available = self.available(account.number)
        methods = (method,) if account.status == "active" else ()
        masked = f"{account.name[:1]}***"
        return c.CustomerFound(
            Customer(account.number, account.kind, masked, account.number, "***", available, methods,
                     voucher=self._voucher(account, available), status=account.status)
        )  # fmt: skip

    def _voucher(self, account: Account, points: int) -> VoucherView | None:
        if account.voucher is None:
            return None
        return VoucherView(account.voucher, PLATE, points, self.offline.true().date())

    def available(self, number: str) -> int:
        """What may still be held."""
        return self.ledger.balance(number) - self.ledger.held(number)

    def _owner(self, identifier: Identifier) -> Account | None:
        for account in self.ledger.accounts.values():
            known = {
                IdentifierKind.ID: account.number,
                IdentifierKind.PHONE: account.phone,
                IdentifierKind.VOUCHER: account.voucher,
            }
            if known.get(identifier.kind) == identifier.text:
                return account
        return None

    def _quote(self, customer_reference: str, amount_vnd: int | None, **_: Any) -> Result:
        available = self.available(customer_reference)
        most = available if amount_vnd is None else min(available, amount_vnd)
        if most < 100:
            return no_such("below-minimum", limit=100)
        return c.QuoteGiven(most, HOLD_S)

    def _hold(self, redemption_id: str, customer_reference: str, points: int, **_: Any) -> Result:
        known = self.ledger.holds.get(redemption_id)
        if known is not None:
            return no_such("hold-voided", state=known.state)
        if redemption_id in self.ledger.given_back:
            self.ledger.incidents.append(f"a hold after its void was confirmed: {redemption_id}")
        account = self.ledger.accounts[customer_reference]
        hold = HoldRecord(redemption_id, account.number, points, "HELD")
        self.ledger.holds[redemption_id] = hold
        if self.available(account.number) < 0:
            hold.state = "DECLINED"
            return no_such("insufficient-points", limit=self.available(account.number))
        hold.expires_ms = self.now().ticks_ms + HOLD_S * 1000
        self._challenge(hold)
        return self._placed(hold)

    def _challenge(self, hold: HoldRecord) -> None:
        account = self.ledger.accounts[hold.account]
        hold.challenge += 1
        hold.tries_left = TRIES
        hold.code = account.pin if account.pin is not None else self.ledger.next_code(account.number)

    def _placed(self, hold: HoldRecord) -> c.HoldPlaced:
        seconds = max(0, hold.expires_ms - self.now().ticks_ms) // 1000
        challenge_id = f"{hold.redemption_id}-c{hold.challenge}"
        return c.HoldPlaced(hold.points, challenge_id, seconds, hold.tries_left, "***", hold.resends_left)

    def _resend(self, redemption_id: str, **_: Any) -> Result:
        hold = self.ledger.holds.get(redemption_id)
        if hold is None or hold.state != "HELD":
            return no_such("hold-expired", state=hold.state if hold else None)
        if hold.resends_left == 0:
            return no_such("credential-locked", locked_for_s=900)
        hold.resends_left -= 1
        self._challenge(hold)
        return self._placed(hold)

    def _verify(self, redemption_id: str, challenge_id: str, points: int, sealed: str, **_: Any) -> Result:
        hold = self.ledger.holds.get(redemption_id)
        if hold is None:
            return no_such("unknown-redemption")
        if hold.state != "HELD":
            return no_such("challenge-consumed" if hold.state == "AUTHORISED" else "hold-expired", state=hold.state)
        if challenge_id != f"{redemption_id}-c{hold.challenge}":
            return no_such("challenge-expired")
        if hold.tries_left == 0:
            return no_such("credential-locked", locked_for_s=900)
        context = consent_context(redemption_id, challenge_id, points)
        if points != hold.points or not self.envelopes.opens_to(sealed, context, hold.code):
            hold.tries_left -= 1
            if hold.tries_left == 0:
                return no_such("credential-locked", locked_for_s=900)
            return no_such("credential-wrong", attempts_left=hold.tries_left)
        hold.state = "AUTHORISED"
        hold.consents += 1
        return c.ConsentVerified(hold.points, f"permit {redemption_id} {hold.points}", ARM_WITHIN_S)

    def _capture(self, redemption_id: str, amount_vnd: int, **_: Any) -> Result:
        hold = self.ledger.holds.get(redemption_id)
        if hold is None:
            return c.Problem("unknown-redemption", 404, _SAME)
        if hold.state != "AUTHORISED":
            self.ledger.incidents.append(f"capture of a redemption that is {hold.state}: {redemption_id}")
            return c.RedemptionCaptured(0, 0, self.ledger.balance(hold.account), shortfall_code="hold-released")
        debited = min(amount_vnd, hold.points)
        hold.state, hold.captured_vnd = "CAPTURED", amount_vnd
        self.ledger.entries.append(Entry("debit", hold.account, -debited, redemption_id))
        return c.RedemptionCaptured(debited, hold.points - debited, self.ledger.balance(hold.account))

    def _void(self, redemption_id: str, **_: Any) -> Result:
        hold = self.ledger.holds.get(redemption_id)
        if hold is None:
            self.ledger.holds[redemption_id] = HoldRecord(redemption_id, "", 0, "VOIDED")
            return c.RedemptionVoided()
        if hold.state == "CAPTURED":
            self.ledger.incidents.append(f"void of a captured redemption: {redemption_id}")
            return no_such("redemption-state-conflict", state=hold.state)
        if hold.state in ("HELD", "AUTHORISED"):
            hold.state = "VOIDED"
        return c.RedemptionVoided()

    def _accrue(self, **sale: Any) -> Result:
        account = self._owner(self.envelopes.identifiers[sale["sealed_identifier"]])
        if account is None:
            return no_such("unknown-customer")
        if account.status == "blocked":
            return no_such("customer-blocked")
        identity = f"{sale['point']}-{sale['nozzle']}-{sale['end_totalizer_ml']}"
        if identity in self.ledger.sales:
            return no_such("sale-already-accrued")
        blocks = {"electronic": 10_000, "cash": 20_000}
        points = sum(amount // blocks[kind] * 50 for kind, amount in sale["tenders"] if kind in blocks)
        before = self.ledger.balance(account.number)
        self.ledger.sales[identity] = sale["accrual_id"]
        self.ledger.accruals[sale["accrual_id"]] = sale | {"account": account.number, "points": points}
        self.ledger.entries.append(Entry("credit", account.number, points, sale["accrual_id"]))
        return c.AccrualBooked(points, before, before + points, "công thức", "formula")

    def _reverse(self, reversal_id: str, operation: str, operation_id: str, **_: Any) -> Result:
        """By another entry, once; of an accrual no more than there is."""
        ledger = self.ledger
        if operation_id in ledger.reversed_by:
            return no_such("already-reversed", state="REVERSED")
        entry = next((each for each in ledger.entries if each.operation == operation_id), None)
        if entry is None:
            return no_such(f"unknown-{operation}")
        ledger.reversed_by[operation_id] = reversal_id
        back = -entry.points if entry.points < 0 else -min(entry.points, ledger.balance(entry.account))
        ledger.entries.append(Entry("reversal", entry.account, back, reversal_id))
        balance, uncovered = ledger.balance(entry.account), max(0, entry.points + back)
        return c.OperationReversed(max(0, back), max(0, -back), uncovered, balance)

    def _expire(self) -> None:
        for hold in self.ledger.holds.values():
            if hold.state == "HELD" and self.now().ticks_ms >= hold.expires_ms:
                hold.state = "EXPIRED"

    def settle_time(self) -> None:
        """Central's own clockwork has run."""
        self._expire()
