"""Calls become frozen bytes: method, path, canonical body, and the idempotency key that names the one intended effect.

Everything that has to survive a retry is decided here, once: the same call sealed twice would be two bodies, so the
bytes are made once and sent unchanged for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar
from urllib.parse import quote

from pos_client.adapters.central_http import signed
from pos_client.adapters.central_http.seals import Sealer
from pos_client.domain.bundle import Bundle
from pos_client.domain.customer import Identifier
from pos_client.domain.facts.shift import MeterLine
from pos_client.domain.identifiers import IdempotencyKey, operation_key
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports import central as calls
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.journal_messages import JournalAppendRequest, JournalRowPart
from pos_client.protocols.central.reversal_messages import ReversalRequest
from pos_client.protocols.central.sealing import secret_info
from pos_client.protocols.central.shift_messages import NozzlePart, ShiftCloseRequest, TenderSumPart
from pos_client.protocols.central.voucher_messages import OfflineSpendRequest

Call = TypeVar("Call", bound=calls.CentralCall)


class HttpWire:
    """`ports.central.Wire`: calls as HTTP requests of the contract.

    `terminal` is this till's full name, the same text `HttpCentral` sends as `X-Terminal`: a secret is sealed to it.
    `central_key_b64` is the key central's bundles are signed with.
    Raises `ports.errors.Unavailable("seal_key_missing")` where something must be sealed and no key is set.
    """

    def __init__(self, seal_key_b64: str, terminal: str, station: str, central_key_b64: str = "") -> None:
        self._central_key = central_key_b64
        self._sealer = Sealer(seal_key_b64)
        self._terminal = terminal
        self._station = station
        self._table: dict[type[Any], Callable[[Any], calls.EncodedCall]] = {
            calls.OpenSession: self._open_session,
            calls.AskTime: self._ask_time,
            calls.StateCondition: self._state_condition,
            calls.LookUpCustomer: self._look_up,
            calls.Quote: self._quote,
            calls.Hold: self._hold,
            calls.ResendChallenge: self._resend,
            calls.Verify: self._verify,
            calls.Capture: self._capture,
            calls.Void: self._void,
            calls.Accrue: self._accrue,
            calls.Reverse: self._reverse,
            calls.SpendOffline: self._spend_offline,
            calls.StateShift: self._state_shift,
            calls.AskShift: self._ask_shift,
            calls.FetchBundle: self._fetch_bundle,
            calls.AppendJournal: self._append,
        }

    def encode(self, call: calls.CentralCall) -> calls.EncodedCall:
        """The bytes of a call. Seals the secret of a `Verify`; the caller wipes its buffer afterwards."""
        return self._table[type(call)](call)

    def seal_identifier(self, identifier: Identifier) -> str:
        """An identifier as text only central can open (I19); random, so equal identifiers give unequal texts."""
        return self._sealer.identifier(identifier)

    def read_bundle(self, text: str) -> Bundle:
        """A bundle out of the books. Raises `Refused` (`bundle_untrusted`)."""
        return signed.bundle(text, self._central_key)

    def read_voucher(self, text: str, keys: Mapping[str, str]) -> SignedVoucher:
        """A signed voucher. Raises `Refused`: `voucher_unreadable`, `voucher_key_unknown`, `voucher_forged`."""
        return signed.voucher(text, keys)

    def _open_session(self, call: calls.OpenSession) -> calls.EncodedCall:
        body = m.SessionRequest(
            station=self._station,
            terminal=self._terminal,
            version=call.version,
            last_seq=call.last_seq,
            last_mac=call.last_mac.hex(),
        )
        return _post(IdempotencyKey(call.request_id), "/v1/sessions", body)

    def _ask_time(self, call: calls.AskTime) -> calls.EncodedCall:
        return calls.EncodedCall(IdempotencyKey(call.request_id), "GET", "/v1/time", b"")

    @staticmethod
    def _state_condition(call: calls.StateCondition) -> calls.EncodedCall:
        told = call.condition
        offer = told.offer
        body = m.ConditionRequest(
            version=told.version,
            ready=told.ready,
            offer=None
            if offer is None
            else m.OfferPart(
                number=offer.number, version=offer.version, percent=offer.percent, judgement=offer.judgement.value
            ),
            waiting_records=told.waiting,
            in_doubt=told.in_doubt,
            parked=told.parked,
            oldest_waiting_s=told.oldest_waiting_s,
            unacknowledged=told.unacknowledged,
            clock=told.clock.value,
            wall_at=told.wall,
            disk_free_mb=told.disk_free_mb,
            certificate_ends=told.certificate_ends,
            troubles=told.troubles,
        )
        return _post(IdempotencyKey(call.request_id), "/v1/conditions", body)

    def _look_up(self, call: calls.LookUpCustomer) -> calls.EncodedCall:
        named = m.IdentifierText(kind=call.identifier.kind.value, text=call.identifier.text)
        return _post(IdempotencyKey(call.request_id), "/v1/customers:lookup", m.LookupRequest(identifier=named))

    def _quote(self, call: calls.Quote) -> calls.EncodedCall:
        body = m.QuoteRequest(
            customer_ref=call.customer_reference,
            amount_vnd=call.amount_vnd,
            grade_code=call.grade_code,
            price_version=call.price_version,
        )
        return _post(IdempotencyKey(call.request_id), "/v1/quotes", body)

    def _hold(self, call: calls.Hold) -> calls.EncodedCall:
        body = m.HoldRequest(
            station=self._station, customer_ref=call.customer_reference, points=call.points, flow=call.flow
        )
        key = operation_key(call.redemption_id, "hold")
        return calls.EncodedCall(key, "PUT", _redemption(call.redemption_id), codec.encode(body))

    def _resend(self, call: calls.ResendChallenge) -> calls.EncodedCall:
        key = operation_key(call.redemption_id, "chal", call.n)
        return _post(key, _redemption(call.redemption_id, "challenges"), m.ChallengeRequest(n=call.n))

    def _verify(self, call: calls.Verify) -> calls.EncodedCall:
        info = secret_info(call.redemption_id, call.challenge_id, self._terminal, call.points)
        body = m.VerifyRequest(challenge_id=call.challenge_id, sealed=self._sealer.secret(call.secret, info))
        key = operation_key(call.redemption_id, "verify", call.n)
        return _post(key, _redemption(call.redemption_id, "verify"), body)

    def _capture(self, call: calls.Capture) -> calls.EncodedCall:
        body = m.CaptureRequest(
            station=self._station,
            point=call.point,
            nozzle=call.nozzle,
            grade_code=call.grade_code,
            volume_ml=call.volume_ml,
            amount_vnd=call.amount_vnd,
            start_totalizer_ml=call.start_totalizer_ml,
            end_totalizer_ml=call.end_totalizer_ml,
            fuelled_at=call.fuelled_at,
            derived=call.derived,
        )
        return _post(operation_key(call.redemption_id, "capture"), _redemption(call.redemption_id, "capture"), body)

    def _void(self, call: calls.Void) -> calls.EncodedCall:
        key = operation_key(call.redemption_id, "void")
        return _post(key, _redemption(call.redemption_id, "void"), m.VoidRequest(reason=call.reason))

    def _accrue(self, call: calls.Accrue) -> calls.EncodedCall:
        body = m.AccrualRequest(
            station=self._station,
            terminal=self._terminal,
            sealed_identifier=call.sealed_identifier,
            receipt_number=call.receipt_number,
            point=call.point,
            nozzle=call.nozzle,
            grade_code=call.grade_code,
            unit_price=call.unit_price,
            volume_ml=call.volume_ml,
            amount_vnd=call.amount_vnd,
            end_totalizer_ml=call.end_totalizer_ml,
            fuelled_at=call.fuelled_at,
            tenders=tuple(m.TenderPart(tender=kind.value, amount_vnd=amount) for kind, amount in call.tenders),
            time_quality=call.time_quality,
        )
        path = f"/v1/accruals/{quote(call.accrual_id, safe='')}"
        return calls.EncodedCall(operation_key(call.accrual_id, "accrue"), "PUT", path, codec.encode(body))

    def _reverse(self, call: calls.Reverse) -> calls.EncodedCall:
        body = ReversalRequest(
            station=self._station,
            operation=call.operation.value,
            operation_id=call.operation_id,
            reason=call.reason,
            approved_by=call.approved_by,
            decided_at=call.decided_at,
        )
        path = f"/v1/reversals/{quote(call.reversal_id, safe='')}"
        return calls.EncodedCall(operation_key(call.reversal_id, "reverse"), "PUT", path, codec.encode(body))

    def _spend_offline(self, call: calls.SpendOffline) -> calls.EncodedCall:
        body = OfflineSpendRequest(
            voucher_id=call.voucher_id,
            station=self._station,
            points=call.points,
            amount_vnd=call.amount_vnd,
            spent_at=call.spent_at,
            time_quality=call.time_quality,
            revocations=call.revocations,
            point=call.point or 0,
            nozzle=call.nozzle or 0,
            grade_code=call.grade_code,
            volume_ml=call.volume_ml,
            start_totalizer_ml=call.start_totalizer_ml,
            end_totalizer_ml=call.end_totalizer_ml,
            fuelled_at=call.fuelled_at,
            derived=call.derived,
            reason=call.reason,
        )
        path = f"/v1/offline-redemptions/{quote(call.redemption_id, safe='')}"
        return calls.EncodedCall(operation_key(call.redemption_id, "offline"), "PUT", path, codec.encode(body))

    def _state_shift(self, call: calls.StateShift) -> calls.EncodedCall:
        body = ShiftCloseRequest(
            station=self._station,
            terminal=self._terminal,
            cashier=call.masked_cashier,
            opened_at=call.opened_at,
            closed_at=call.closed_at,
            nozzles=tuple(_nozzle(line) for line in call.nozzles),
            tenders=tuple(TenderSumPart(tender=kind, count=n, amount_vnd=sum_) for kind, n, sum_ in call.tenders),
            sales=call.sales,
            volume_ml=call.volume_ml,
            amount_vnd=call.amount_vnd,
            cash_expected_vnd=call.cash_expected_vnd,
            cash_counted_vnd=call.cash_counted_vnd,
            waiting_records=call.waiting_records,
            previous=call.previous,
        )
        return _post(operation_key(call.shift_id, "close"), f"/v1/shifts/{quote(call.shift_id, safe='')}/close", body)

    @staticmethod
    def _ask_shift(call: calls.AskShift) -> calls.EncodedCall:
        return calls.EncodedCall(
            IdempotencyKey(call.request_id), "GET", f"/v1/shifts/{quote(call.shift_id, safe='')}", b""
        )

    @staticmethod
    def _fetch_bundle(call: calls.FetchBundle) -> calls.EncodedCall:
        known = "" if call.known is None else f'"{call.name}-{call.known}"'
        return calls.EncodedCall(IdempotencyKey(call.request_id), "GET", f"/v1/bundles/{call.name}", b"", known)

    def _append(self, call: calls.AppendJournal) -> calls.EncodedCall:
        rows = tuple(
            JournalRowPart(
                seq=row.seq, at=row.at, kind=row.kind, body=row.body.decode(), mac=row.mac.hex(), key=row.key
            )
            for row in call.rows
        )
        body = JournalAppendRequest(before_mac=call.before_mac.hex(), rows=rows, told=tuple(call.told))
        return _post(calls.append_key(call), "/v1/journal:append", body)


def _post(key: IdempotencyKey, path: str, body: m.Message) -> calls.EncodedCall:
    return calls.EncodedCall(key, "POST", path, codec.encode(body))


def _nozzle(line: MeterLine) -> NozzlePart:
    point, nozzle, _, opening, last, metered, told, _, tested, _, amount, fuellings, state = line
    return NozzlePart(
        point=point,
        nozzle=nozzle,
        opening_ml=opening,
        closing_ml=last,
        metered_ml=metered,
        told_ml=told,
        test_ml=tested,
        amount_vnd=amount,
        fuellings=fuellings,
        state=state,
    )


def _redemption(redemption_id: str, verb: str = "") -> str:
    path = f"/v1/redemptions/{quote(redemption_id, safe='')}"
    return f"{path}/{verb}" if verb else path
