"""Mistakes of head office: what the protocol promises the terminal and a hasty central forgets."""

from __future__ import annotations

from typing import Any

from pos_client.bootstrap.simulate.central import FakeCentral, no_such
from pos_client.bootstrap.simulate.central_ledger import Entry, HoldRecord
from pos_client.bootstrap.simulate.envelopes import opened
from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.ports import central as c


def _forgetting(verb: str) -> Any:
    """Head office without a memory for one verb's answers."""
    handle = FakeCentral._handle

    def again(self: FakeCentral, call: c.EncodedCall) -> Any:
        if opened(call.body)["verb"] == verb:
            self.ledger.answers.pop(call.key, None)
        return handle(self, call)

    return again


@mutant("capture-not-idempotent", "a capture sent twice debits twice")
def _(replace: Replace) -> None:
    capture = FakeCentral._capture

    def twice(self: FakeCentral, redemption_id: str, amount_vnd: int, **rest: Any) -> Any:
        hold = self.ledger.holds.get(redemption_id)
        if hold is not None and hold.state == "CAPTURED":
            hold.state = "AUTHORISED"
        return capture(self, redemption_id, amount_vnd, **rest)

    replace(FakeCentral, "_handle", _forgetting("Capture"))
    replace(FakeCentral, "_capture", twice)


@mutant("accrual-not-idempotent", "an accrual sent twice credits twice")
def _(replace: Replace) -> None:
    accrue = FakeCentral._accrue

    def again(self: FakeCentral, **sale: Any) -> Any:
        self.ledger.sales.clear()
        return accrue(self, **sale)

    replace(FakeCentral, "_handle", _forgetting("Accrue"))
    replace(FakeCentral, "_accrue", again)


@mutant("no-tombstone", "a void of an unknown hold leaves nothing behind, and the late hold lives")
def _(replace: Replace) -> None:
    void = FakeCentral._void

    def forgetful(self: FakeCentral, redemption_id: str, **rest: Any) -> Any:
        known = redemption_id in self.ledger.holds
        answer = void(self, redemption_id, **rest)
        if not known:
            del self.ledger.holds[redemption_id]
        return answer

    replace(FakeCentral, "_void", forgetful)


@mutant("hold-released-by-timer", "a firm hold runs out like a soft one, while the fuel flows")
def _(replace: Replace) -> None:
    def expire(self: FakeCentral) -> None:
        for hold in self.ledger.holds.values():
            if hold.state in ("HELD", "AUTHORISED") and self.now().ticks_ms >= hold.expires_ms:
                hold.state = "EXPIRED"

    replace(FakeCentral, "_expire", expire)


@mutant("capture-above-hold", "what was dispensed is debited, even above the consent")
def _(replace: Replace) -> None:
    def capture(self: FakeCentral, redemption_id: str, amount_vnd: int, **_: Any) -> Any:
        hold = self.ledger.holds[redemption_id]
        hold.state = "CAPTURED"
        self.ledger.entries.append(Entry("debit", hold.account, -amount_vnd, redemption_id))
        return c.RedemptionCaptured(amount_vnd, 0, self.ledger.balance(hold.account))

    replace(FakeCentral, "_capture", capture)


@mutant("capture-takes-the-hold", "the whole hold is debited, whatever was dispensed")
def _(replace: Replace) -> None:
    capture = FakeCentral._capture

    def whole(self: FakeCentral, redemption_id: str, amount_vnd: int, **rest: Any) -> Any:
        hold = self.ledger.holds.get(redemption_id)
        return capture(self, redemption_id, hold.points if hold else amount_vnd, **rest)

    replace(FakeCentral, "_capture", whole)


@mutant("rest-not-released", "the unused part of a hold stays held after the capture")
def _(replace: Replace) -> None:
    capture = FakeCentral._capture

    def keeping(self: FakeCentral, redemption_id: str, **rest: Any) -> Any:
        answer = capture(self, redemption_id, **rest)
        hold = self.ledger.holds.get(redemption_id)
        if hold is not None and hold.captured_vnd is not None and hold.captured_vnd < hold.points:
            hold.state = "HELD"
            hold.expires_ms = self.now().ticks_ms + 10**12
        return answer

    replace(FakeCentral, "_capture", keeping)


@mutant("verify-after-void", "a consent that comes after the void revives the hold")
def _(replace: Replace) -> None:
    verify = FakeCentral._verify

    def reviving(self: FakeCentral, redemption_id: str, **rest: Any) -> Any:
        hold = self.ledger.holds.get(redemption_id)
        if hold is not None and hold.state == "VOIDED" and hold.challenge:
            hold.state = "HELD"
        return verify(self, redemption_id, **rest)

    replace(FakeCentral, "_verify", reviving)


@mutant("hold-overbooks", "two holds may set the same points aside")
def _(replace: Replace) -> None:
    replace(FakeCentral, "available", lambda self, number: self.ledger.balance(number))


@mutant("void-gives-back-twice", "a void credits the points that were only set aside")
def _(replace: Replace) -> None:
    void = FakeCentral._void

    def generous(self: FakeCentral, redemption_id: str, **rest: Any) -> Any:
        hold: HoldRecord | None = self.ledger.holds.get(redemption_id)
        if hold is not None and hold.state in ("HELD", "AUTHORISED"):
            self.ledger.entries.append(Entry("credit", hold.account, hold.points, redemption_id))
        return void(self, redemption_id, **rest)

    replace(FakeCentral, "_void", generous)


@mutant("accrual-per-submission", "one sale earns as often as it is submitted")
def _(replace: Replace) -> None:
    handle = FakeCentral._handle

    def counting(self: FakeCentral, call: c.EncodedCall) -> Any:
        answer = handle(self, call)
        if isinstance(answer, c.AccrualBooked):
            booked = next(reversed(self.ledger.accruals))
            account = self.ledger.accruals[booked]["account"]
            if self.handled.count("Accrue") > len(self.ledger.accruals):
                self.ledger.entries.append(Entry("credit", account, answer.points, booked))
        return answer

    replace(FakeCentral, "_handle", counting)


@mutant("void-refused-before-hold", "a void that overtakes its hold is answered with 404, never to be repeated")
def _(replace: Replace) -> None:
    void = FakeCentral._void

    def refusing(self: FakeCentral, redemption_id: str, **rest: Any) -> Any:
        if redemption_id not in self.ledger.holds:
            return no_such("unknown-redemption")
        return void(self, redemption_id, **rest)

    replace(FakeCentral, "_void", refusing)


@mutant("nobody-is-fenced", "head office goes on with a session although a later one has begun")
def _(replace: Replace) -> None:
    replace(FakeCentral, "_is_fenced", lambda self, session: False)
