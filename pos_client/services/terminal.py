"""The terminal: takes one message, lets one service decide, publishes one snapshot.

One thread, one message at a time, no clock of its own: the moment comes with every message. All that a rule or the
disk refuses becomes a notice here; anything else is a fault of ours and goes up to the crash guard.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial

from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import Moment
from pos_client.domain.shift_sums import ShiftSums
from pos_client.domain.staff import Deed, Staff
from pos_client.ports import reports as r
from pos_client.ports.central import CentralAnswered
from pos_client.ports.errors import Unavailable
from pos_client.services import messages as m
from pos_client.services import receipts
from pos_client.services.attachment import Attachment
from pos_client.services.bundle_keeper import BundleKeeper
from pos_client.services.certificates import Certificates
from pos_client.services.checkout import Checkout
from pos_client.services.claiming import Claiming
from pos_client.services.clock_keeper import ClockKeeper
from pos_client.services.conditions import Conditions
from pos_client.services.conversation import Conversation
from pos_client.services.customer_dialogue import CustomerDialogue
from pos_client.services.customers import Customers
from pos_client.services.desk import Desk
from pos_client.services.doubts import Doubts
from pos_client.services.drive_offs import DriveOffs
from pos_client.services.forecourt_side import ForecourtSide
from pos_client.services.gift import Gift
from pos_client.services.hand_over import HandOver
from pos_client.services.health import Health
from pos_client.services.journal_stream import JournalStream
from pos_client.services.late_claims import LateClaims
from pos_client.services.leases import Leases
from pos_client.services.offline import OfflineSpending
from pos_client.services.picture import Picture
from pos_client.services.price_watch import PriceWatch
from pos_client.services.prices import Prices
from pos_client.services.queue_desk import QueueDesk
from pos_client.services.radar import RadarWatch
from pos_client.services.recovery import Recovery
from pos_client.services.redemption import Redemptions
from pos_client.services.reversals import Reversals
from pos_client.services.shift_verdicts import ShiftVerdicts
from pos_client.services.shifts import Shifts
from pos_client.services.snapshots import Notice, Severity, TerminalSnapshot
from pos_client.services.staffing import Staffing
from pos_client.services.store_and_forward import CentralLink, StoreAndForward
from pos_client.services.tiles import Tiles
from pos_client.services.tracks import PointTrack
from pos_client.services.voucher_spending import VoucherSpending
from pos_client.services.vouching import Vouching

log = logging.getLogger(__name__)


_STEPS = frozenset(
    {
        *(m.SelectPoint, m.SelectFuelling, m.SelectOldest, m.TakeTender, m.StartRedemption, m.AuthorisePoint),
        *(m.OpenShift, m.LogIn, m.Reverse, m.StaffPressed, m.CloseShift, m.CountCash, m.KeepShift),
    }
)
"""Commands that carry the work at the counter on."""

_ON_THE_SALE = frozenset(
    {
        *(m.SelectPoint, m.SelectFuelling, m.SelectOldest, m.TakeTender, m.Identify, m.Scan, r.CodeScanned),
        *(m.DetachCustomer, m.KeypadPressed, r.KeypadKeyed),
        *(m.StartRedemption, m.ConfirmPlate, m.CancelRedemption, m.ResendCode),
    }
)
"""What people do with the open sale: it keeps the claim for another lease."""


class Terminal:
    """Everything that decides, behind one method: `handle(message, moment)`."""

    def __init__(self, desk: Desk, version: str, storage: str) -> None:
        self._desk = desk
        leases = Leases(desk)
        self._attachment = Attachment(desk)
        self._claiming = Claiming(desk, self._attachment, leases)
        self._hand_over = HandOver(desk, self._claiming, leases)
        self._drive_offs = DriveOffs(desk, self._claiming, leases)
        self._checkout = Checkout(desk, self._attachment, self._claiming)
        self._clock = ClockKeeper(desk)
        self._bundles = BundleKeeper(desk)
        offline = OfflineSpending(desk, self._clock, self._bundles)
        self._late_claims = LateClaims(desk, self._attachment, self._checkout)
        self._customers = Customers(desk, self._attachment, offline)
        self._prices = Prices(desk, desk.settings.price_list())
        self._health = Health(desk)
        self._gift = Gift(desk, self._checkout, self._prices)
        self._forecourt = ForecourtSide(desk, self._gift, self._claiming, leases, self._prices)
        talk = Conversation(desk)
        self._vouchers = VoucherSpending(desk, self._checkout, self._gift, self._prices, offline, talk)
        self._redemptions = Redemptions(desk, self._checkout, self._gift, self._prices, self._vouchers, talk)
        self._doubts = Doubts(desk, self._redemptions)
        self._dialogue = CustomerDialogue(desk, self._attachment, self._customers, self._redemptions)
        self._forward = StoreAndForward(desk)
        self._stream = JournalStream(desk, self._forward.is_idle)
        self._queue = QueueDesk(desk, self._forward)
        conditions = Conditions(desk, self._stream, self._clock, version)
        self._link = CentralLink(desk, self._forward, self._stream, self._clock, conditions)
        self._shifts = Shifts(desk, self._forecourt.meter_round)
        self._staffing = Staffing(desk)
        self._reversals = Reversals(desk, self._staffing)
        self._verdicts = ShiftVerdicts(desk)
        self._certificates = Certificates(desk)
        self._radar = RadarWatch(desk, self._staffing)
        self._picture = Picture(
            desk,
            Tiles(desk, leases, self._prices),
            self._checkout,
            self._redemptions,
            self._dialogue,
            self._forecourt.tester,
            self._prices,
            self._shifts,
            self._verdicts,
            self._stream,
            self._queue,
            self._certificates,
            self._reversals,
            self._staffing,
            self._radar,
        )
        self._recovery = Recovery(
            desk,
            self._redemptions,
            self._hand_over,
            self._prices,
            self._stream,
            self._clock,
            self._bundles,
            version,
            storage,
        )
        self._shown_sale = desk.state.last_sale
        self._answer: Notice | None = None
        """what the cashier's last step was answered with"""
        self._routes: dict[type, Callable[..., None]] = {
            **self._forecourt.routes(),
            **self._reversals.routes(),
            m.ShowRadar: lambda c: self._radar.show(shown=c.shown),
            m.LogIn: self._log_in,
            m.EnterSettings: lambda c: self._staffing.enter_settings(),
            m.CloseTill: lambda c: self._staffing.close_till(),
            m.StaffPressed: lambda c: self._staffing.press(c.key),
            r.PrinterReported: self._health.on_printer,
            r.KeyStoreReported: self._health.on_key_store,
            r.DiskReported: self._health.on_disk,
            r.BooksReported: self._health.on_books,
            r.UpdateReported: self._health.on_update,
            r.OfferJudged: self._health.on_offer,
            r.CertificateSeen: self._health.on_certificate,
            r.CertificateMade: self._certificates.on_made,
            r.CertificateFailed: self._certificates.on_failed,
            CentralAnswered: self._central_answered,
            m.SelectPoint: self._select_point,
            m.SelectFuelling: lambda c: self._claiming.select_fuelling(c.fuelling_id),
            m.SelectOldest: lambda c: self._claiming.select_oldest(),
            m.ReleaseSale: lambda c: self._claiming.release(),
            m.Identify: self._identify,
            m.Scan: self._scanned,
            r.CodeScanned: self._scanned,
            m.DetachCustomer: lambda c: self._attachment.detach("cashier"),
            m.StartRedemption: lambda c: self._redemptions.start(c.amount_vnd),
            m.ConfirmPlate: lambda c: self._vouchers.confirm_plate(),
            m.CancelRedemption: lambda c: self._redemptions.cancel(),
            m.ResendCode: lambda c: self._redemptions.resend_code(),
            m.TakeTender: lambda c: self._checkout.take_tender(c.kind, c.amount_vnd),
            m.HandOver: lambda c: self._hand_over.to(c.till),
            m.DriveOff: lambda c: self._drive_offs.note(c.plate, c.fuelling_id),
            m.ReturnDriveOff: lambda c: self._drive_offs.take_back(c.fuelling_id),
            m.OpenShift: self._open_shift,
            m.CloseShift: lambda c: self._shifts.close(),
            m.CountCash: lambda c: self._shifts.count(c.amount_vnd),
            m.KeepShift: lambda c: self._shifts.keep(),
            m.ShowNozzle: lambda c: self._shifts.show(c.point, c.nozzle),
            m.ShowQueue: lambda c: self._queue.show(c.offset),
            m.ShowCertificate: lambda c: self._certificates.show(c.day),
            m.PrintCertificate: lambda c: self._certificates.print(),
            m.TryQueueNow: lambda c: self._queue.try_now(),
            m.NoteParked: lambda c: self._queue.note(c.key, c.note),
            m.ResendParked: lambda c: self._queue.resend(c.key),
            m.ReprintLast: lambda c: self._checkout.reprint(),
            m.PrintBill: lambda c: self._checkout.print_bill(),
            m.DismissMessage: self._dismiss,
            m.KeypadPressed: lambda c: self._dialogue.touch(c.key),
            r.KeypadKeyed: lambda c: self._dialogue.press(c.key),
            r.KeypadReported: self._keypad_reported,
            m.CustomerScreenSeen: self._dialogue.on_screen,
            m.Tick: lambda c: None,
        }
        self._routes |= Vouching(desk, self._staffing, self._claiming, dict(self._routes)).routes()
        self._due: tuple[Callable[[], None], ...] = (
            desk.write_backlog,
            self._link.on_tick,
            self._customers.on_tick,
            self._claim_late,
            self._redemptions.on_tick,
            *self._forecourt.due(),
            self._shifts.on_tick,
            self._gift.on_tick,
            self._redemptions.follow,
            self._claiming.on_tick,
            self._hand_over.on_tick,
            self._forward.on_tick,
            self._bundles.on_tick,
            PriceWatch(desk, self._bundles, desk.settings.price_list()).on_tick,
            self._clock.on_tick,
            self._stream.on_tick,
            self._verdicts.on_tick,
            self._dialogue.on_tick,
            self._health.on_tick,
            self._staffing.on_tick,
            self._reversals.on_tick,
            self._radar.on_tick,
        )
        """what looks at the time after every message, in order"""
        desk.state.sums = ShiftSums({point.point: point.meter for point in desk.forecourt.points})
        for configured in desk.forecourt.points:
            desk.state.points[configured.point] = PointTrack(configured.point, since_ms=desk.now.ticks_ms)

    def start(self, now: Moment) -> TerminalSnapshot:
        """Recover what earlier runs left open. Raises `Unavailable` when the store cannot be read."""
        self._desk.now = now
        self._recovery.run()
        self._prices.start()
        return self._picture.take()

    def snapshot(self) -> TerminalSnapshot:
        """The picture of the moment the last message left."""
        return self._picture.take()

    def take(self, message: object, now: Moment) -> None:
        """One message in, and all that follows from it here; who has more messages waiting draws the picture once."""
        self._desk.now = now
        kind = type(message)
        route = self._routes.get(kind)
        if route is None:
            raise TypeError(f"no service takes a {kind.__name__}")
        self._prices.keep_up()
        if kind in _STEPS:
            self._take_step(route, message)
        else:
            self._guarded(partial(route, message))
        if kind in _ON_THE_SALE:
            self._guarded(self._claiming.renew)
        self._guarded(*self._due)
        self._thank_when_done()

    def _take_step(self, route: Callable[..., None], command: object) -> None:
        """The cashier goes on: what his last step was answered no longer holds. What pumps, printer and disk have
        said stays until it is read."""
        state = self._desk.state
        if state.notice is self._answer:
            self._desk.next_notice()
        before = state.notice
        self._guarded(partial(route, command))
        self._answer = state.notice if state.notice is not before else None

    def _guarded(self, *steps: Callable[[], None]) -> None:
        for step in steps:
            try:
                step()
            except RuleViolation as violation:
                self._desk.refuse(violation)
            except Unavailable as error:
                self._desk.trouble_with_store(error)

    # ── routes that touch more than one service ────────────────────────────────────────────────────────────────

    def _select_point(self, command: m.SelectPoint) -> None:
        permit, armed = self._gift.permit_in_hand(), self._desk.state.gift_at(command.point)
        if permit is None and self._vouchers.arm(command.point):
            return
        if permit is not None:
            self._gift.arm(permit, command.point)
        elif armed is not None:
            self._redemptions.show(armed)
        else:
            self._redemptions.clear_finished()
            self._claiming.select_point(command.point)

    def _identify(self, command: m.Identify) -> None:
        self._redemptions.clear_finished()
        if not self._late_claims.read(command.text):
            self._customers.identify(command.text)

    def _scanned(self, command: m.Scan | r.CodeScanned) -> None:
        if self._staffing.asked() is not None:
            return  # in the middle of a PIN: whoever types it is not to be disturbed
        self._identify(m.Identify(command.text))
        if self._late_claims.waiting is None and self._gift.permit_in_hand() is None:
            self._claiming.open_the_only_one()

    def _open_shift(self, command: m.OpenShift) -> None:
        """By his name alone, where nobody has a PIN."""
        if self._staffing.required:
            raise RuleViolation("shift_needs_login")
        self._shifts.open(command.cashier)

    def _log_in(self, command: m.LogIn) -> None:
        """A shift for whoever proves himself."""
        self._shifts.check_none_open()
        self._staffing.ask(Deed.OPEN_SHIFT, self._open_shift_of)

    def _open_shift_of(self, who: Staff) -> None:
        self._shifts.open(who.name, self._staffing.proof(who, Deed.OPEN_SHIFT, who.signature))

    def _claim_late(self) -> None:
        """Whoever claimed with a receipt's code is told on his own screen too."""
        told = self._late_claims.on_tick()
        if told is not None:
            self._dialogue.show_result(told)

    def _keypad_reported(self, report: r.KeypadReported) -> None:
        """What was typed so far of a code is gone with the keypad: on its return it is begun anew."""
        self._dialogue.on_keypad(report.trouble is None)
        self._health.on_keypad(report)

    def _dismiss(self, command: m.DismissMessage) -> None:
        self._desk.next_notice()
        self._redemptions.clear_finished()

    def _central_answered(self, heard: CentralAnswered) -> None:
        answer = self._doubts.judge(heard)
        for takes in (
            self._link.on_any_answer,
            self._redemptions.on_answer,
            self._customers.on_answer,
            self._forward.on_answer,
            self._stream.on_answer,
            self._verdicts.on_answer,
            self._bundles.on_answer,
        ):
            if takes(answer):
                return
        log.info("an answer nobody waits for any more: %s", answer.key)

    def _thank_when_done(self) -> None:
        """A sale has just been finished: tell the customer once."""
        last = self._desk.state.last_sale
        if last is None or last == self._shown_sale:
            return
        self._shown_sale = last
        self._redemptions.forget_refusal()
        receipt = receipts.last(self._desk)
        if receipt is not None:
            self._answer = self._desk.notify(
                "sale_done", Severity.DONE, receipt=receipt.receipt_number, amount=receipt.amount_vnd
            )
            self._dialogue.show_result(self._answer)
