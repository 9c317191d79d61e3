"""Draws the snapshot: from the terminal's knowledge to the one immutable picture screens show."""

from __future__ import annotations

from datetime import date, datetime

from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.known_time import ms_of
from pos_client.domain.moment import VIETNAM
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.domain.outbox import DeliveryState
from pos_client.domain.programme.lots import Expiring, dying_part
from pos_client.domain.programme.told import Told, told
from pos_client.domain.redemption import Flow
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.staff import Deed
from pos_client.domain.tender import TenderKind
from pos_client.services import receipts
from pos_client.services import snapshots as s
from pos_client.services.attempt import Attempt
from pos_client.services.bank_code import pay_code
from pos_client.services.certificates import Certificates
from pos_client.services.checkout import Checkout
from pos_client.services.customer_dialogue import CustomerDialogue
from pos_client.services.desk import Desk
from pos_client.services.journal_stream import JournalStream
from pos_client.services.point_tester import PointTester
from pos_client.services.points_wanted import why_not_offline
from pos_client.services.prices import Prices
from pos_client.services.queue_desk import QueueDesk
from pos_client.services.radar import RadarWatch
from pos_client.services.redemption import Redemptions
from pos_client.services.reversals import Reversals
from pos_client.services.shift_verdicts import ShiftVerdicts
from pos_client.services.shifts import Shifts
from pos_client.services.staffing import Staffing
from pos_client.services.tiles import Tiles
from pos_client.value import dataclass

TENDERS_BY_HAND = (TenderKind.CASH, TenderKind.QR, TenderKind.CARD)


@dataclass(slots=True)
class Picture:
    """Builds snapshots; changes nothing."""

    desk: Desk
    tiles: Tiles
    checkout: Checkout
    redemptions: Redemptions
    dialogue: CustomerDialogue
    tester: PointTester
    prices: Prices
    shifts: Shifts
    verdicts: ShiftVerdicts
    stream: JournalStream
    queue: QueueDesk
    certificates: Certificates
    reversals: Reversals
    staffing: Staffing
    radar: RadarWatch
    _told_on: tuple[date, Told] | None = None

    def take(self) -> s.TerminalSnapshot:
        """The picture of this moment."""
        state, now = self.desk.state, self.desk.now
        sale = state.sale_in_hand()
        return s.TerminalSnapshot(
            ticks_ms=now.ticks_ms,
            wall=now.wall,
            status=self._status(),
            points=self.tiles.draw(sale),
            sale=self._sale(sale) if sale else None,
            customer=self._customer(sale),
            points_panel=self._panel(sale),
            dialogue=self.dialogue.view(),
            notice=state.notice,
            unread=len(self.desk.unread),
            receipt=receipts.last(self.desk),
            ready=state.ready,
            shift=self.shifts.snapshot(),
            drive_offs=self.tiles.drive_offs(),
            point_test=self.tester.result,
            prices=self.prices.board(),
            queue_page=self.queue.page(),
            certificate_page=self.certificates.page(),
            operations=self.reversals.rows,
            radar=self.radar.page(),
            staff_ask=self.staffing.asked(),
            staffed=self.staffing.required,
            settings_gated=self.staffing.somebody_may(Deed.SETTINGS),
            let_in=self.staffing.let_in,
            let_out=self.staffing.let_out,
            programme=self._told(),
            stated_shift=self.verdicts.newest(),
        )

    def _status(self) -> s.StatusSnapshot:
        state, station = self.desk.state, self.desk.settings.station
        list_age_ms, list_too_old = self._list_age()
        return s.StatusSnapshot(
            station=station.station,
            station_name=station.name,
            cashier=self.desk.cashier(),
            central=state.central.link,
            central_since_ticks_ms=state.central.since_ms,
            points_up=sum(track.link is LinkState.UP for track in state.points.values()),
            points_total=len(self.desk.forecourt.points),
            printer=state.printer,
            printer_trouble=state.printer_trouble,
            keypad=state.keypad_trouble is None,
            keypad_trouble=state.keypad_trouble,
            customer_screen=state.customer_screen,
            hotline=station.hotline,
            price_zone=station.price_zone,
            store_ok=state.store_ok and not self.desk.unwritten,
            queue=self._queue(),
            vouchers_offline={"keys", "revocations"} <= set(state.bundles),
            list_age_ms=list_age_ms,
            list_too_old=list_too_old,
            lines=tuple(state.lines.values()),
        )

    def _told(self) -> Told:
        """The programme's numbers of this business day; worked out once a day."""
        on = self.desk.now.wall.astimezone(VIETNAM).date()
        if self._told_on is None or self._told_on[0] != on:
            self._told_on = (on, told(self.desk.profile, on))
        return self._told_on[1]

    def _list_age(self) -> tuple[int | None, bool]:
        """Of the list of withdrawn vouchers, while it decides something: central is not heard, and it grows old."""
        state = self.desk.state
        listed, policy = state.bundles.get("revocations"), state.bundles.get("policy")
        if listed is None or state.central.link is LinkState.UP:
            return None, False
        limits = policy.content if policy is not None and isinstance(policy.content, OfflinePolicy) else OfflinePolicy()
        age_ms = max(0, state.time.reading(self.desk.now).at_ms - ms_of(listed.issued_at))
        most_ms = limits.revocations_age_s * 1000
        return (age_ms if 2 * age_ms >= most_ms else None), age_ms > most_ms

    def _queue(self) -> s.QueueSnapshot:
        outbox = self.desk.state.outbox
        oldest = outbox.oldest_waiting()
        return s.QueueSnapshot(
            waiting=outbox.waiting,
            in_doubt=outbox.count(DeliveryState.IN_DOUBT),
            parked=outbox.count(DeliveryState.PARKED),
            oldest_ticks_ms=None if oldest is None else self.desk.state.queued_since_ms[oldest.key],
            tail=self.stream.tail(),
        )

    def _sale(self, sale: Sale) -> s.SaleSnapshot:
        fuelling = sale.fuelling
        previews = []
        for kind in TENDERS_BY_HAND if sale.state in (SaleState.OPEN, SaleState.TENDERING) else ():
            earned = self.checkout.preview(sale, kind)
            previews.append(s.EarnPreview(kind, earned.points, earned.formula_vi, earned.formula_en))
        return s.SaleSnapshot(
            sale_id=sale.sale_id,
            receipt_number=sale.receipt_number,
            point=fuelling.point,
            nozzle=fuelling.nozzle,
            grade_name=fuelling.grade_name,
            unit_price=fuelling.unit_price,
            volume_ml=fuelling.volume_ml,
            amount_vnd=fuelling.amount_vnd,
            due_vnd=sale.due_vnd,
            finished_at=datetime.fromisoformat(fuelling.finished_at),
            tenders=sale.tenders,
            previews=tuple(previews),
            recovered=fuelling.recovered,
            price_mark=fuelling.price_mark,
            gift=fuelling.redemption_id is not None,
            claim_until_ticks_ms=self._claim_until(sale),
            pay_code=pay_code(self.desk, sale),
            paid_to=self.desk.settings.bank.holder,
        )

    def _claim_until(self, sale: Sale) -> int | None:
        """When an untouched sale gives its claim back by itself."""
        if sale.state is not SaleState.OPEN or self.desk.state.live_redemption(sale.sale_id):
            return None
        claim = self.tiles.leases.mine().get(sale.fuelling.fuelling_id)
        return None if claim is None or claim.is_firm else claim.until_ms

    def _customer(self, sale: Sale | None) -> s.CustomerSnapshot | None:
        present = self.desk.state.present
        if present is None:
            return self._attached(sale)
        customer = present.customer
        if customer is None:
            return s.CustomerSnapshot(present.state, present.masked_identifier)
        return s.CustomerSnapshot(
            state=present.state,
            masked_identifier=present.masked_identifier,
            masked_name=customer.masked_name,
            kind=customer.kind,
            display_id=customer.display_id,
            masked_phone=customer.masked_phone,
            points_available=customer.points_available,
            expiring_points=customer.expiring_points,
            expiring_on=customer.expiring_on,
            methods=customer.methods,
            voucher=customer.voucher,
            by_voucher=present.by_voucher,
            account_status=customer.status,
            confirmed_by_customer=present.confirmed,
        )

    @staticmethod
    def _attached(sale: Sale | None) -> s.CustomerSnapshot | None:
        """After a restart only what the journal knows of the customer is left; enough to earn."""
        if sale is None or sale.customer is None:
            return None
        return s.CustomerSnapshot(
            s.CustomerState.UNVERIFIED, sale.customer.masked_identifier, masked_name=sale.customer.masked_name
        )

    def _panel(self, sale: Sale | None) -> s.PointsSnapshot | None:
        attempt = self.redemptions.attempt
        if attempt is not None:
            return self._running(attempt, sale)
        present = self.desk.state.present
        if present is None:
            return None
        if present.state is s.CustomerState.UNVERIFIED:
            reason = s.Notice(why_not_offline(present), s.Severity.WARNING)
            return s.PointsSnapshot(s.PointsPhase.IMPOSSIBLE, reason=reason)
        customer = present.customer
        if customer is None or not customer.methods:
            return None
        most = min(customer.points_available, sale.due_vnd) if sale else customer.points_available
        wanted = min(present.chosen_vnd or most, most)
        return s.PointsSnapshot(
            phase=s.PointsPhase.OFFER,
            flow=Flow.PAY if sale else Flow.GIFT,
            points=wanted,
            method=customer.methods[0],
            rest_due_vnd=sale.due_vnd - wanted if sale else 0,
            dying_points=dying_part(wanted, Expiring(customer.expiring_points, customer.expiring_on)),
            dying_on=customer.expiring_on,
        )

    def _running(self, attempt: Attempt, sale: Sale | None) -> s.PointsSnapshot:
        redemption = self.desk.state.redemptions.get(attempt.redemption_id) if attempt.redemption_id else None
        points = attempt.points
        if redemption is not None and redemption.points_debited:
            points = redemption.points_debited
        owed = sale.due_vnd if sale else 0
        captured = redemption is not None and redemption.dispensed_vnd > 0
        return s.PointsSnapshot(
            phase=attempt.phase,
            flow=attempt.flow,
            redemption_id=attempt.redemption_id,
            points=points,
            method=attempt.customer.methods[0],
            rest_due_vnd=owed if captured else max(0, owed - points),
            point=redemption.point if redemption else None,
            since_ticks_ms=attempt.since_ms,
            deadline_ticks_ms=attempt.give_up_ms if attempt.waiting_for else attempt.deadline_ms,
            attempts_left=attempt.attempts_left,
            resends_left=attempt.resends_left,
            resend_from_ticks_ms=attempt.resend_from_ms,
            balance_after=self.desk.state.balances.get(attempt.redemption_id) if attempt.redemption_id else None,
            confirmed_at=attempt.confirmed_at,
            reason=attempt.reason,
            plate=attempt.signed.plate if attempt.signed else "",
        )
