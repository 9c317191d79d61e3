"""Whoever may, says so with his number and PIN: asked for here, judged here, written down, forgotten.

One question stands open at the most, in the strip of the cashier's window; it stands in the way of nothing. A sale is
never asked about. Digits go into one buffer that is wiped when it is full, cancelled or left alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field

from pos_client.domain import facts as f
from pos_client.domain import staff
from pos_client.domain.errors import RuleViolation
from pos_client.domain.secret import SecretDigits
from pos_client.domain.staff import CODE_DIGITS, MAY, NUMBER_DIGITS, Deed, Staff
from pos_client.services.desk import Desk
from pos_client.services.messages import KeypadKey
from pos_client.services.operation_snapshots import StaffAsk
from pos_client.value import dataclass

PATIENCE_MS = 60_000
"""A question nobody answers is withdrawn after so long without a key."""
TRIES = 5
LOCKED_MS = 300_000
"""A number whose PIN was wrong so often is locked for so long; other numbers are not."""

Approved = Callable[[Staff], None]
"""What is done once somebody has proved himself."""


@dataclass(slots=True)
class Staffing:
    """Asks who answers for a deed."""

    desk: Desk
    let_in: int = 0
    """how often somebody was let into the technician's page"""
    let_out: bool = False
    """the program may end"""
    _deed: Deed | None = None
    _then: Approved | None = None
    _until_ms: int = 0
    _typed: SecretDigits = field(default_factory=SecretDigits)
    _wrong: dict[int, int] = field(default_factory=dict)
    _locked_until_ms: dict[int, int] = field(default_factory=dict)

    @property
    def required(self) -> bool:
        """Whether this till knows its people: then a shift belongs to whoever has proved himself."""
        return bool(self.desk.settings.staff)

    def somebody_may(self, deed: Deed) -> bool:
        """Whether there is anybody who can prove that he may do this."""
        return any(each.role in MAY[deed] and each.pin for each in self.desk.settings.people())

    def enter_settings(self) -> None:
        """The technician's page, for whoever may open it; where nobody can prove that, it is open, as the till is."""
        self.vouched(Deed.SETTINGS, "", self._enter)

    def _enter(self) -> None:
        self.let_in += 1

    def close_till(self) -> None:
        """The end of the program: anybody's to say, unless the till has its computer to itself (`Deed.CLOSE_TILL`)."""
        if self.desk.settings.screen.kiosk:
            self.vouched(Deed.CLOSE_TILL, "", self._let_out)
        else:
            self._let_out()

    def _let_out(self) -> None:
        self.let_out = True

    def ask(self, deed: Deed, then: Approved) -> None:
        """Ask for a PIN. Raises `RuleViolation("staff_none")` where nobody may do this at all."""
        if not self.somebody_may(deed):
            raise RuleViolation("staff_none")
        self._typed.wipe()
        self._deed, self._then = deed, then
        self._wait()

    def vouched(self, deed: Deed, what: str, then: Callable[[], None]) -> None:
        """Do it once somebody who may has vouched for it; where nobody can prove that he may, at once.

        `what` it is done to; empty: whoever it is answers for himself. The proof is in the journal before the deed: it
        says who let it be done, and stands even if it could then not be done any more.
        """
        if not self.somebody_may(deed):
            then()
            return

        def vouch(who: Staff) -> None:
            proof = self.proof(who, deed, what or who.signature)
            self.desk.record(proof, closed=(proof.proof_id,))
            then()

        self.ask(deed, vouch)

    def press(self, key: int | KeypadKey) -> None:
        """A key of the number and PIN; complete, it is judged. Raises `RuleViolation` with what is wrong with it."""
        if self._deed is None:
            return
        self._wait()
        match key:
            case KeypadKey.CANCEL:
                self._end()
            case KeypadKey.CLEAR:
                self._typed.drop_last()
            case int():
                self._typed.push(key)
                if len(self._typed) == CODE_DIGITS:
                    self._judge()
            case _:
                pass

    def on_tick(self) -> None:
        """Withdraw what nobody answers."""
        if self._deed is not None and self.desk.now.ticks_ms >= self._until_ms:
            self._end()

    def asked(self) -> StaffAsk | None:
        """What the screens show."""
        return None if self._deed is None else StaffAsk(self._deed, len(self._typed))

    def proof(self, who: Staff, deed: Deed, what: str) -> f.StaffProved:
        """The fact that somebody answers for something; the caller writes it with what was done."""
        return f.StaffProved(
            proof_id=self.desk.dice.new_id(),
            deed=deed.value,
            what=what,
            staff=who.number,
            approved_by=who.name,
            role=who.role.value,
            cashier=self.desk.cashier(),
            proved_at=self.desk.now.wall.isoformat(),
        )

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _wait(self) -> None:
        self._until_ms = self.desk.now.ticks_ms + PATIENCE_MS

    def _end(self) -> None:
        self._typed.wipe()
        self._deed = self._then = None

    def _judge(self) -> None:
        deed, then = self._deed, self._then
        assert deed is not None
        assert then is not None
        digits = self._typed.reveal()
        self._typed.wipe()
        number = int(digits[:NUMBER_DIGITS])
        try:
            who, why = self._found(number, digits[NUMBER_DIGITS:], deed)
        finally:
            digits[:] = bytes(len(digits))
        if who is None:
            self._refuse(deed, number, why)
        else:
            self._wrong.pop(number, None)
            self._end()
            then(who)

    def _found(self, number: int, pin: bytearray, deed: Deed) -> tuple[Staff | None, str]:
        """Who it is, or in one word why not. The PIN is wiped."""
        if self.desk.now.ticks_ms < self._locked_until_ms.get(number, 0):
            return None, "locked"
        who = staff.member(self.desk.settings.people(), number)
        fits = who is not None and staff.fits(pin, who.pin)
        pin[:] = bytes(len(pin))
        if who is None or not fits:
            return None, "wrong"
        return (who, "") if who.role in MAY[deed] else (None, "may_not")

    def _refuse(self, deed: Deed, number: int, why: str) -> None:
        """Written down, then told; five wrong ones in a row lock a number for a while."""
        if why != "locked":  # else a stuck key would fill the books
            refused = f.StaffRefused(self.desk.dice.new_id(), deed.value, number, why, self.desk.now.wall.isoformat())
            self.desk.record(refused, closed=(refused.refusal_id,))
        if why == "wrong":
            self._wrong[number] = self._wrong.get(number, 0) + 1
            if self._wrong[number] >= TRIES:
                self._wrong.pop(number)
                self._locked_until_ms[number] = self.desk.now.ticks_ms + LOCKED_MS
                why = "locked"
        left_ms = self._locked_until_ms.get(number, 0) - self.desk.now.ticks_ms
        raise RuleViolation(
            f"staff_{why}", minutes=max(1, -(-left_ms // 60_000)), left=TRIES - self._wrong.get(number, 0)
        )
