"""Points become fuel: quote, hold, consent, then capture (paying for a fuelling) or a permit (gift fuel first).

What a person waits for is sent on the interactive lane with the same bytes until an answer comes or the operation's
time is up. When it is up, nobody guesses: the hold is voided, for as long as it takes, and the customer is told that
nothing was taken. A void of an id central never saw leaves a tombstone there, so a late hold loses (F09-F11).
"""

from __future__ import annotations

import hashlib

from pos_client.domain import facts as f
from pos_client.domain.customer import ConsentMethod, Customer
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import IdempotencyKey, RedemptionId, VoucherId
from pos_client.domain.quantities import Points, Vnd
from pos_client.domain.redemption import BEFORE_FUEL, Flow, Redemption, RedemptionState
from pos_client.domain.secret import SecretDigits
from pos_client.ports import central as c
from pos_client.ports.errors import Unavailable
from pos_client.services import outgoing, paying
from pos_client.services.attempt import BUSY, PHASE_OF, Attempt, attempt_of
from pos_client.services.checkout import Checkout
from pos_client.services.conversation import Conversation
from pos_client.services.desk import Desk
from pos_client.services.gift import LIFT_WITHIN_MS, Gift
from pos_client.services.points_wanted import amount_wanted, check_consent, customer_at_counter, known_customer
from pos_client.services.prices import Prices
from pos_client.services.refusals import refusal_of
from pos_client.services.snapshots import Notice, PointsPhase, Severity
from pos_client.services.voucher_spending import VoucherSpending
from pos_client.value import dataclass

_S = RedemptionState

SHORTEST_PIN, CODE_DIGITS = 4, 6
PRICES = "prices"
"""The bundle that tells what a litre costs."""
RESEND_AFTER_MS = 30_000
"""A08: another code may be asked for after 30 s."""


@dataclass(slots=True)
class Redemptions:
    """Drives the one redemption people at the counter are waiting for."""

    desk: Desk
    checkout: Checkout
    gift: Gift
    prices: Prices
    vouchers: VoucherSpending
    talk: Conversation

    @property
    def attempt(self) -> Attempt | None:
        """The conversation that is going on, or was just over."""
        return self.talk.attempt

    @attempt.setter
    def attempt(self, attempt: Attempt | None) -> None:
        self.talk.attempt = attempt

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

    def start(self, amount_vnd: Vnd | None) -> None:
        """F6. Raises `RuleViolation` with the reason when points cannot be used now."""
        if self.attempt is not None and self.attempt.phase in BUSY:
            raise RuleViolation("points_in_progress")
        sale = self.desk.state.sale_in_hand()
        present = customer_at_counter(self.desk)
        if self.vouchers.offline.applies(present):
            self.vouchers.start(present, sale, amount_vnd)
            return
        customer = known_customer(self.desk, present)
        if customer.voucher is not None:
            self.vouchers.offline.check_online(customer.voucher.code)
        check_consent(self.desk, customer)
        paying.check_prices(self.desk, self.prices, sale)
        wanted = amount_wanted(self.desk, customer, sale, amount_vnd, present.chosen_vnd)
        flow = Flow.PAY if sale is not None else Flow.GIFT
        present.amount_asked = True  # whatever is typed from here on is a secret, never an amount on the screen
        self.attempt = Attempt(flow, customer, PointsPhase.HOLDING, self.desk.now.ticks_ms, wanted=wanted)
        self.attempt.sale_id = sale.sale_id if sale is not None else None
        grade = sale.fuelling.grade_code if sale is not None else None
        prices = self.vouchers.offline.bundles.bundle(PRICES)
        version = None if prices is None else prices.number
        quote = c.Quote(self.desk.dice.new_id(), customer.reference, wanted, grade, version)
        self.talk.ask(self.attempt, self.desk.wire.encode(quote), at_once=not self._giving_back(customer.reference))

    def cancel(self, reason: str = "cancelled") -> None:
        """Esc, or the customer's own cancel: give back whatever is held; close the panel when nothing is."""
        attempt = self.attempt
        redemption = self.talk.redemption()
        if redemption is not None and redemption.state in BEFORE_FUEL:
            self._void(redemption, reason)
            self.desk.notify("points_given_back", Severity.INFO, points=redemption.points)
            self.attempt = None
        elif redemption is not None and redemption.state in (_S.ARMING, _S.ARMED):
            self.gift.withdraw(redemption)
        elif attempt is not None and attempt.phase not in (PointsPhase.FUELLING, PointsPhase.CAPTURING):
            self.attempt = None

    def resend_code(self) -> None:
        """Another OTP; central counts and limits."""
        attempt, redemption = self.attempt, self.talk.redemption()
        if attempt is None or redemption is None or redemption.state is not _S.HELD:
            return
        too_early = attempt.resend_from_ms is None or self.desk.now.ticks_ms < attempt.resend_from_ms
        if redemption.method is not ConsentMethod.OTP or attempt.resends_left <= 0 or too_early:
            raise RuleViolation("resend_not_yet")
        call = c.ResendChallenge(redemption.redemption_id, redemption.resends + 1)
        attempt.phase = PointsPhase.HOLDING
        self.talk.ask(attempt, self.desk.wire.encode(call))

    def is_complete(self, secret: SecretDigits) -> bool:
        """Whether so few digits can be the code or PIN at all: sending them would cost the customer a try."""
        redemption = self.talk.redemption()
        is_code = redemption is not None and redemption.method is ConsentMethod.OTP
        return len(secret) >= (CODE_DIGITS if is_code else SHORTEST_PIN)

    def submit_secret(self, secret: SecretDigits) -> None:
        """OK on the customer's keypad: seal, journal the intent, send, forget. The buffer is wiped whatever happens."""
        try:
            attempt, redemption = self.attempt, self.talk.redemption()
            if attempt is None or redemption is None or redemption.state is not _S.HELD:
                return
            if redemption.challenge_id is None or not self.is_complete(secret):
                return
            n = redemption.tries + 1
            call = self.desk.wire.encode(
                c.Verify(redemption.redemption_id, n, redemption.challenge_id, redemption.points, secret)
            )
        finally:
            secret.wipe()
        digest = hashlib.sha256(call.body).hexdigest()
        self.desk.record(f.VerifyIntended(redemption.redemption_id, n, redemption.challenge_id, digest))
        attempt.phase = PointsPhase.VERIFYING
        self.talk.ask(attempt, call)

    # ── answers and time ───────────────────────────────────────────────────────────────────────────────────────

    def on_answer(self, answer: c.CentralAnswered) -> bool:
        """Central's answer on the interactive lane; False when it is not the one waited for."""
        attempt = self.attempt
        if attempt is None or attempt.waiting_for is None or attempt.waiting_for.key != answer.key:
            return False
        call, attempt.waiting_for = attempt.waiting_for, None
        try:
            self._answered(attempt, call, answer.result)
        except Unavailable as error:
            self.desk.trouble_with_store(error)
            self.talk.ask_again(attempt, call)
        return True

    def on_tick(self) -> None:
        """Resend what was not answered; give up when its time is over; give back what nobody came for."""
        attempt = self.attempt
        if attempt is None:
            return
        now = self.desk.now.ticks_ms
        if attempt.waiting_for is not None and now >= attempt.give_up_ms:
            self._give_up(attempt)
        elif attempt.waiting_for is not None and attempt.resend_ms is not None and now >= attempt.resend_ms:
            if attempt.redemption_id is None and self._giving_back(attempt.customer.reference):
                return
            attempt.resend_ms = None
            self.desk.send(attempt.waiting_for)
        elif attempt.deadline_ms is not None and now >= attempt.deadline_ms:
            redemption = self.talk.redemption()
            if redemption is None and attempt.signed is not None:
                self.attempt = None  # nobody looked, or no pump was named: the voucher has not been taken
            elif redemption is not None and redemption.state in (_S.HELD, _S.AUTHORISED):
                self._void(redemption, "customer_gone")
                self.talk.refuse(attempt, "secret_timeout")
            attempt.deadline_ms = None

    def follow(self) -> None:
        """Let the panel follow the redemption's own state (pump and outbox move it too)."""
        attempt, redemption = self.attempt, self.talk.redemption()
        if attempt is None or redemption is None:
            return
        phase = PHASE_OF.get(redemption.state)
        if phase is PointsPhase.CAPTURING and redemption.voucher_id is not None:
            phase = PointsPhase.SPENT_OFFLINE
        if phase is not None and attempt.phase is not phase and attempt.phase is not PointsPhase.REFUSED:
            attempt.phase, attempt.since_ms = phase, self.desk.now.ticks_ms
            attempt.deadline_ms = None
            if phase is PointsPhase.ARMED:
                attempt.deadline_ms = self.desk.now.ticks_ms + LIFT_WITHIN_MS
            elif phase is PointsPhase.DONE:
                attempt.confirmed_at = self.desk.now.wall

    def show(self, redemption: Redemption) -> None:
        """Put a gift that is at the pump on the panel again (after a restart, or when its pump is pressed)."""
        if self.attempt is None or self.attempt.phase not in BUSY:
            self.attempt = attempt_of(redemption, self.desk.now.ticks_ms)

    def clear_finished(self) -> None:
        """Forget a conversation that is over: another customer steps up."""
        if self.attempt is not None and self.attempt.phase not in BUSY:
            self.attempt = None

    def forget_refusal(self) -> None:
        """The sale was paid another way: what could not be done no longer matters to anybody."""
        if self.attempt is not None and self.attempt.phase is PointsPhase.REFUSED:
            self.attempt = None

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _giving_back(self, reference: str) -> bool:
        """Points of this customer are on their way back (another amount was asked for): a quote would lack them."""
        redemptions = self.desk.state.redemptions.values()
        return any(r.state is _S.VOIDING and r.customer_reference == reference for r in redemptions)

    def _answered(self, attempt: Attempt, call: c.EncodedCall, result: object) -> None:
        match result:
            case c.QuoteGiven():
                self._quoted(attempt, result)
            case c.HoldPlaced():
                self._held(attempt, result)
            case c.ConsentVerified():
                self._consented(attempt, result)
            case c.NoAnswer() if not result.sent and attempt.redemption_id is None:
                self.talk.refuse(attempt, "points_need_network")
            case c.NoAnswer():
                attempt.phase = PointsPhase.UNKNOWN if attempt.redemption_id else attempt.phase
                self.talk.ask_again(attempt, call)
            case c.Problem() if result.retry is c.Retry.SAME_KEY and result.code != "credential-wrong":
                self.talk.ask_again(attempt, call, result.retry_after_s * 1000)
            case c.Problem():
                self._problem(attempt, call.key, result)

    def _quoted(self, attempt: Attempt, quote: c.QuoteGiven) -> None:
        """Hold what was asked for, unless the counter has gone on meanwhile: no key waits for a quote, so the sale may
        be paid or put aside by now, and the customer taken off."""
        present, sale = self.desk.state.present, self.desk.state.sale_in_hand()
        left = present is None or present.customer is not attempt.customer
        if left or (attempt.flow is Flow.PAY and (sale is None or sale.sale_id != attempt.sale_id)):
            self.attempt = None
            return
        most = quote.points_max if attempt.wanted is None else min(quote.points_max, attempt.wanted)
        self._hold(attempt, most if sale is None or attempt.flow is Flow.GIFT else min(most, sale.due_vnd))

    def _hold(self, attempt: Attempt, points: Points) -> None:
        redemption_id = RedemptionId(self.desk.dice.new_id())
        customer = attempt.customer
        intent = f.HoldIntended(
            redemption_id=redemption_id,
            flow=attempt.flow.value,
            points=points,
            method=customer.methods[0].value,
            customer_reference=customer.reference,
            masked_name=customer.masked_name,
            sale_id=attempt.sale_id,
            voucher_code=customer.voucher.code if customer.voucher else None,
            activation=self._in_hand(customer),
        )
        self.desk.record(intent)
        attempt.redemption_id, attempt.points = redemption_id, points
        hold = c.Hold(redemption_id, customer.reference, points, attempt.flow.value)
        self.talk.ask(attempt, self.desk.wire.encode(hold))

    def _in_hand(self, customer: Customer) -> VoucherId | None:
        """The signed voucher of this customer: used online from here on."""
        present = self.desk.state.present
        signed = present.signed if present is not None and present.customer is customer else None
        if customer.voucher is not None:
            self.vouchers.offline.bundles.hurry("revocations")
        return signed.voucher_id if signed is not None else None

    def _held(self, attempt: Attempt, placed: c.HoldPlaced) -> None:
        redemption = self.talk.redemption()
        if redemption is None:
            return
        redemption_id, now = redemption.redemption_id, self.desk.now.ticks_ms
        if redemption.state is _S.REQUESTED:
            self.desk.record(
                f.HoldGranted(
                    redemption_id, placed.points, placed.challenge_id, placed.expires_in_s, placed.attempts_left
                )
            )
        else:
            self.desk.record(
                f.ChallengeResent(redemption_id, placed.challenge_id, placed.expires_in_s, placed.attempts_left)
            )
        patience = placed.expires_in_s
        if redemption.method is not ConsentMethod.OTP:
            patience = min(patience, self.desk.settings.loyalty.secret_timeout_s)
        attempt.phase, attempt.since_ms = PointsPhase.WAITING_SECRET, now
        attempt.points, attempt.deadline_ms = placed.points, now + patience * 1000
        attempt.attempts_left, attempt.resends_left = placed.attempts_left, placed.resends_left
        attempt.resend_from_ms, attempt.reason = now + RESEND_AFTER_MS, None

    def _consented(self, attempt: Attempt, verified: c.ConsentVerified) -> None:
        redemption = self.talk.redemption()
        if redemption is None:
            return
        if self.desk.state.present is not None:
            self.desk.state.present.confirmed = True  # nobody else knows his code
        consent = f.ConsentGiven(redemption.redemption_id, verified.points, verified.permit)
        attempt.attempts_left = attempt.reason = None
        if redemption.flow is Flow.GIFT:
            self.desk.record(consent)
            attempt.phase, attempt.since_ms = PointsPhase.PERMIT, self.desk.now.ticks_ms
            attempt.deadline_ms = self.desk.now.ticks_ms + verified.arm_within_s * 1000
            return
        try:
            self.checkout.before_points(redemption)
        except RuleViolation as claimed:  # another till sells these litres: the customer gets his points back
            self._void(redemption, claimed.code)
            self.talk.refuse(attempt, claimed.code, **claimed.params)
            return
        paying.pay(self.desk, self.checkout, redemption, consent)
        attempt.phase, attempt.since_ms = PointsPhase.CAPTURING, self.desk.now.ticks_ms

    def _problem(self, attempt: Attempt, key: IdempotencyKey, problem: c.Problem) -> None:
        redemption, now = self.talk.redemption(), self.desk.now.ticks_ms
        code, params = refusal_of(problem, attempt.customer)
        patience_ms = self.desk.settings.loyalty.secret_timeout_s * 1000
        if problem.code == "price-version-stale":
            self.vouchers.offline.bundles.hurry(PRICES)
        if redemption is None:
            self.talk.refuse(attempt, code, **params)
        elif redemption.state is _S.REQUESTED:
            closed = (redemption.redemption_id,)
            self.desk.record(f.HoldDeclined(redemption.redemption_id, problem.code), closed=closed)
            self.talk.refuse(attempt, code, **params)
        elif redemption.state is _S.VERIFYING and (problem.attempts_left or self._may_resend(attempt, problem)):
            self.desk.record(f.VerifyRefused(redemption.redemption_id, problem.code, problem.attempts_left or 0))
            attempt.phase, attempt.since_ms = PointsPhase.WAITING_SECRET, now
            attempt.attempts_left, attempt.deadline_ms = problem.attempts_left, now + patience_ms
            attempt.reason = Notice(code, Severity.WARNING, tuple(params.items()), now)
        elif redemption.state is _S.HELD and problem.code == "rate-limited":
            attempt.phase, attempt.resends_left = PointsPhase.WAITING_SECRET, 0
            attempt.reason = Notice("resend_not_yet", Severity.WARNING, (), now)
            attempt.deadline_ms = now + patience_ms
        else:
            self._void(redemption, problem.code)
            self.talk.refuse(attempt, code, **params)

    @staticmethod
    def _may_resend(attempt: Attempt, problem: c.Problem) -> bool:
        """An expired code is no wrong code: another one may be asked for (F27)."""
        return problem.code == "challenge-expired" and attempt.resends_left > 0

    def _give_up(self, attempt: Attempt) -> None:
        """Time is over and nobody knows: void what may be held, tell the customer nothing was taken (F08).

        While the void cannot be written the attempt stays as it is, and is given up at the next tick.
        """
        redemption = self.talk.redemption()
        if redemption is None or redemption.state not in BEFORE_FUEL:
            self.talk.refuse(attempt, "points_need_network")
            return
        self._void(redemption, "no_answer")
        self.talk.refuse(attempt, "outcome_given_back", points=redemption.points)

    def _void(self, redemption: Redemption, reason: str) -> None:
        void = outgoing.give_back(self.desk, redemption, reason)
        self.desk.record(f.VoidIntended(redemption.redemption_id, reason), items=(void,))
