"""The conversation on the customer's screen and keypad.

What the screen asks follows from where the sale stands (`view`); what a key does follows from what the screen asks
(`press`). Only three things are the dialogue's own: what is being typed, the secret being typed, and a result that
stays on screen for a while. The secret lives in one buffer, is counted but never shown, and is wiped when it is
sealed, cleared, cancelled or left, or when the keypad goes (I10). Where a keypad is a device of its own, a secret comes
from that alone: touches on the screen answer questions, and nothing steps in for a keypad that is gone.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.domain.fuelling_point import DELIVERING, LinkState
from pos_client.domain.identifiers import SaleId
from pos_client.domain.keypad import Key, KeypadKind
from pos_client.domain.quantities import Vnd
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.secret import SecretDigits
from pos_client.services.attachment import Attachment
from pos_client.services.bank_code import pay_code
from pos_client.services.customers import Customers
from pos_client.services.desk import Desk
from pos_client.services.messages import CustomerScreen, CustomerScreenSeen, KeypadKey
from pos_client.services.redemption import Redemptions
from pos_client.services.snapshots import (
    CustomerState,
    DialogueSnapshot,
    DialogueState,
    Notice,
    PointsPhase,
    Severity,
)
from pos_client.services.tracks import PresentCustomer
from pos_client.value import dataclass

RESULT_MS = 20_000
TOLD_MS = 10_000
"""How long the customer's screen says that what was typed does not fit; the next key ends it."""
TYPED_AT_MOST = 13
TYPING_MS = 60_000
"""What was half typed is forgotten after so long without a key: the customer went away, or the keypad is dead (F37)."""
QUICK_AMOUNT_VND = 50_000

_D = DialogueState
_SECRET_PHASES: dict[PointsPhase, DialogueState] = {
    PointsPhase.HOLDING: _D.WAIT,
    PointsPhase.WAITING_SECRET: _D.SECRET,
    PointsPhase.VERIFYING: _D.WAIT,
    PointsPhase.UNKNOWN: _D.UNKNOWN,
    PointsPhase.CONFIRM_PLATE: _D.WAIT,
    PointsPhase.PERMIT: _D.CHOOSE_PUMP,
    PointsPhase.ARMING: _D.CHOOSE_PUMP,
    PointsPhase.ARMED: _D.CHOOSE_PUMP,
    PointsPhase.FUELLING: _D.MIRROR,
    PointsPhase.REFUSED: _D.REFUSED,
}
"""What a redemption under way puts on the customer's screen."""


@dataclass(slots=True)
class CustomerDialogue:
    """Keypad in, questions out."""

    desk: Desk
    attachment: Attachment
    customers: Customers
    redemptions: Redemptions
    _typed: str = ""
    _typed_ms: int = 0
    """when its last key came"""
    _secret: SecretDigits = field(default_factory=SecretDigits)
    _stopped: bool = False
    """the screen went while a secret was asked for"""
    _other_amount: bool = False
    _result: Notice | None = None
    _result_until_ms: int = 0
    _pays: SaleId | None = None
    """the sale whose customer collects no points"""
    _told: Notice | None = None
    """what is wrong with what was just typed"""

    # ── keys ───────────────────────────────────────────────────────────────────────────────────────────────────

    def touch(self, key: Key) -> None:
        """A key or an answer touched on the customer's screen. Raises `RuleViolation` for something that does not fit.

        Of a secret that is typed on a device it can only be the end.
        """
        if not (self._on_device and self.view().state is _D.SECRET and key is not KeypadKey.CANCEL):
            self.press(key)

    @property
    def _on_device(self) -> bool:
        return self.desk.settings.keypad.kind != KeypadKind.SCREEN

    def press(self, key: Key) -> None:
        """A key on the customer's keypad. Raises `RuleViolation` for something that does not fit."""
        state = self.view().state
        self._told = self.customers.turned_away = None
        match state:
            case _D.SECRET:
                self._in_secret(key)
            case _D.CONFIRM:
                self._in_confirm(key)
            case _D.AMOUNT:
                self._in_amount(key)
            case _D.AMOUNT_OTHER:
                self._in_other_amount(key)
            case _D.RESULT | _D.REFUSED | _D.OFFLINE:
                self._in_ending(key)
            case _D.WELCOME | _D.IDENTIFY | _D.MIRROR | _D.PAY:
                self._in_identify(key)
            case _D.CHOOSE_PUMP | _D.UNKNOWN | _D.KEYPAD_LOST if key is KeypadKey.CANCEL:
                self.redemptions.cancel("cancelled_by_customer")
            case _:
                pass

    def _in_secret(self, key: Key) -> None:
        match key:
            case _ if self.desk.state.customer_screen is CustomerScreen.MISSING:
                pass  # pressed before the screen went, and heard after it
            case KeypadKey.OK if not self.redemptions.is_complete(self._secret):
                self._secret.wipe()
                self._told = self._notice("secret_short")
            case KeypadKey.OK:
                self.redemptions.submit_secret(self._secret)
            case KeypadKey.CLEAR:
                self._secret.drop_last()
            case KeypadKey.CANCEL:
                self._secret.wipe()
                self.redemptions.cancel("cancelled_by_customer")
            case int():
                self._secret.push(key)

    def _in_confirm(self, key: Key) -> None:
        if key == 0 or key is KeypadKey.CANCEL:
            self.attachment.detach("customer")
            self.desk.notify("customer_said_not_me", Severity.INFO)
        elif key is KeypadKey.OK:
            self.customers.confirm()
        else:
            self._confirm_with_amount(key)

    def _confirm_with_amount(self, key: Key) -> None:
        """Whoever says how many of his points are to be used has said that it is he (flow 8: one key more, not two).

        Not after a code was asked for: who goes on typing it must not read its digits as an amount.
        """
        present = self.desk.state.present
        if present is not None and not present.amount_asked and key in dict(self._offers(present)):
            self.customers.confirm()
            self._in_amount(key)

    def _in_amount(self, key: Key) -> None:
        present = self.desk.state.present
        if present is None:
            return
        offers = dict(self._offers(present))
        if isinstance(key, int) and key in offers:
            if offers[key] == 0:
                self._other_amount = True
            else:
                present.chosen_vnd = offers[key]
                present.amount_asked = True
        elif key is KeypadKey.OK or key is KeypadKey.CANCEL:
            present.amount_asked = True

    def _in_other_amount(self, key: Key) -> None:
        present = self.desk.state.present
        match key:
            case KeypadKey.OK if present is not None and self._typed:
                self._choose(present, int(self._typed))
            case KeypadKey.CLEAR:
                self._typed = self._typed[:-1]
            case KeypadKey.CANCEL:
                self._forget_typing()
            case int():
                self._type(key, 9)

    def _choose(self, present: PresentCustomer, amount: Vnd) -> None:
        """Another amount: what does not fit is said at once, before anything is held."""
        offers, minimum = dict(self._offers(present)), self.desk.profile.minimum_points
        if amount < minimum:
            self._told = self._notice("points_below_minimum", minimum=minimum)
        elif amount > offers.get(1, amount):
            self._told = self._notice("points_above_available", most=offers[1])
        else:
            present.chosen_vnd, present.amount_asked, self._other_amount = amount, True, False
        self._typed = ""

    def _notice(self, code: str, /, **params: int) -> Notice:
        return Notice(code, Severity.WARNING, tuple(params.items()), self.desk.now.ticks_ms)

    def _in_identify(self, key: Key) -> None:
        match key:
            case KeypadKey.OK if self._typed:
                typed, self._typed = self._typed, ""
                self.customers.identify(typed)
            case KeypadKey.CLEAR:
                self._typed = self._typed[:-1]
            case KeypadKey.CANCEL if self._typed:
                self._typed = ""
            case KeypadKey.CANCEL:
                self._collect_or_pay()
            case int():
                self._type(key, TYPED_AT_MOST)

    def _collect_or_pay(self) -> None:
        """No points, thank you: the code to pay with, where there is one; the same key leads back."""
        sale = self.desk.state.sale_in_hand()
        payable = sale is not None and sale.sale_id != self._pays and pay_code(self.desk, sale)
        self._pays = sale.sale_id if sale is not None and payable else None

    def _in_ending(self, key: Key) -> None:
        if key in (KeypadKey.OK, KeypadKey.CANCEL):
            self._result = None
            self.redemptions.clear_finished()
        elif isinstance(key, int) and self.view().state is _D.RESULT:
            self._result = None
            self._type(key, TYPED_AT_MOST)

    def _type(self, digit: int, at_most: int) -> None:
        self._typed_ms = self.desk.now.ticks_ms
        if len(self._typed) < at_most:
            self._typed += str(digit)

    def _forget_typing(self) -> None:
        self._typed, self._other_amount = "", False

    # ── what happens elsewhere ─────────────────────────────────────────────────────────────────────────────────

    def show_result(self, notice: Notice) -> None:
        """The sale is over: thank, tell, forget after a while."""
        self._result, self._result_until_ms = notice, self.desk.now.ticks_ms + RESULT_MS
        self._forget_typing()

    def on_screen(self, seen: CustomerScreenSeen) -> None:
        """The screen with the keypad came or went. Half a code is nothing: typing stops, and begins anew when it is
        back; what is held stays held for as long as the code is asked for, so that a loose plug costs nobody his turn.
        """
        self.desk.state.customer_screen = seen.screen
        if seen.screen is CustomerScreen.MISSING:
            self._forget_typing()
            if self._stop_secret():
                self.desk.notify("secret_stopped_screen", Severity.WARNING)
        elif self._begin_secret_anew("secret_begin_anew"):
            self.desk.notify("secret_goes_on", Severity.INFO)

    def on_keypad(self, usable: bool) -> None:
        """A keypad that is a device of its own came or went, or lost a key: the same holds."""
        if usable:
            self._begin_secret_anew("secret_begin_anew_keypad")
        else:
            self._stop_secret()

    def _stop_secret(self) -> bool:
        """What was typed of a code is wiped; whether one is asked for."""
        self._secret.wipe()
        asked = self._is_asked()
        self._stopped = self._stopped or asked
        return asked

    def _begin_secret_anew(self, why: str) -> bool:
        """Typing may go on, from the beginning; whether it had stopped and somebody is still to type."""
        stopped, self._stopped = self._stopped, False
        if stopped and self._is_asked():
            self._told = self._notice(why)
        return stopped and self._is_asked()

    def _is_asked(self) -> bool:
        attempt = self.redemptions.attempt
        return attempt is not None and attempt.phase is PointsPhase.WAITING_SECRET

    def on_tick(self) -> None:
        """Results fade; a secret nobody asks for any more is wiped."""
        if self._result is not None and self.desk.now.ticks_ms >= self._result_until_ms:
            self._result = None
        attempt = self.redemptions.attempt
        if len(self._secret) and (attempt is None or attempt.phase is not PointsPhase.WAITING_SECRET):
            self._secret.wipe()
        present = self.desk.state.present
        if present is None:
            self._other_amount = False
        told_otherwise = present is not None and not self._other_amount
        if self._typed and (told_otherwise or self.desk.now.ticks_ms >= self._typed_ms + TYPING_MS):
            self._typed = ""  # a number the cashier was told meanwhile, or nobody's

    # ── what the screen asks ───────────────────────────────────────────────────────────────────────────────────

    def view(self) -> DialogueSnapshot:
        """The question or message of this moment."""
        attempt, present, sale = self.redemptions.attempt, self.desk.state.present, self.desk.state.sale_in_hand()
        point = sale.fuelling.point if sale else None
        if attempt is not None and attempt.phase in _SECRET_PHASES:
            redemption = self.redemptions.talk.redemption()
            redemption_point = redemption.point if redemption is not None else None
            asked = _SECRET_PHASES[attempt.phase]
            lost = asked is _D.SECRET and self.desk.state.keypad_trouble is not None
            return DialogueSnapshot(
                _D.KEYPAD_LOST if lost else asked,
                point=redemption_point or point,
                secret_length=len(self._secret),
                deadline_ticks_ms=attempt.give_up_ms if attempt.waiting_for else attempt.deadline_ms,
                notice=self._still_told() or attempt.reason,
                chosen_vnd=attempt.points or None,
                on_device=self._on_device,
            )
        if self._result is not None and present is None and sale is None:
            return DialogueSnapshot(_D.RESULT, deadline_ticks_ms=self._result_until_ms, notice=self._result)
        if present is not None:
            return self._about_customer(present)
        told = self._still_told()
        if sale is not None and not self._typed and told is None and self._shows_code(sale):
            return DialogueSnapshot(_D.PAY, point=point)
        if self._typed or told is not None or (sale is not None and sale.state is SaleState.OPEN):
            kept_ms = self._typed_ms + TYPING_MS if self._typed else None
            return DialogueSnapshot(_D.IDENTIFY, point, self._typed, deadline_ticks_ms=kept_ms, notice=told)
        return self._idle()

    def _shows_code(self, sale: Sale) -> bool:
        """A sale that is partly paid, or whose customer collects no points."""
        chosen = sale.state is SaleState.TENDERING or sale.sale_id == self._pays
        return chosen and bool(pay_code(self.desk, sale))

    def _still_told(self) -> Notice | None:
        """What is wrong with what was typed, while it is news."""
        told = self._told or self.customers.turned_away
        return told if told is not None and self.desk.now.ticks_ms - told.since_ticks_ms < TOLD_MS else None

    def _about_customer(self, present: PresentCustomer) -> DialogueSnapshot:
        sale = self.desk.state.sale_in_hand()
        point = sale.fuelling.point if sale else None
        if present.state is CustomerState.LOOKING_UP:
            until = present.asked_ms + self.desk.settings.central.operation_timeout_ms
            return DialogueSnapshot(_D.LOOKING_UP, point=point, deadline_ticks_ms=until)
        if present.state is CustomerState.UNVERIFIED:
            return DialogueSnapshot(_D.OFFLINE, point=point)
        if not present.confirmed:
            amounts = () if present.amount_asked else self._offers(present)
            return DialogueSnapshot(_D.CONFIRM, point=point, amounts=amounts)
        offers = self._offers(present)
        if self._other_amount:
            told = self._still_told()
            return DialogueSnapshot(_D.AMOUNT_OTHER, point=point, entered=self._typed, amounts=offers, notice=told)
        if offers and not present.amount_asked:
            return DialogueSnapshot(_D.AMOUNT, point=point, amounts=offers)
        return DialogueSnapshot(_D.WAIT, point=point, chosen_vnd=present.chosen_vnd)

    def _offers(self, present: PresentCustomer) -> tuple[tuple[int, Vnd], ...]:
        """Keys 1..4: all that fits, the expiring ones, 50.000 đ, another amount."""
        customer, sale = present.customer, self.desk.state.sale_in_hand()
        minimum = self.desk.profile.minimum_points
        if customer is None or not customer.methods or customer.points_available < minimum:
            return ()
        most = min(customer.points_available, sale.due_vnd) if sale else customer.points_available
        if most < minimum:
            return ()
        offers = [(1, most)]
        if minimum <= customer.expiring_points < most:
            offers.append((2, customer.expiring_points))
        if most > QUICK_AMOUNT_VND:
            offers.append((3, QUICK_AMOUNT_VND))
        return (*offers, (4, 0))

    def _idle(self) -> DialogueSnapshot:
        delivering = [t for t in self.desk.state.points.values() if t.state in DELIVERING and t.link is LinkState.UP]
        if len(delivering) == 1:
            return DialogueSnapshot(_D.MIRROR, point=delivering[0].point)
        return DialogueSnapshot(_D.WELCOME)
