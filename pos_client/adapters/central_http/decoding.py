"""Answers become values of the port. Which answer belongs to a request is read off its method and path.

The bytes of a request may be older than this run of the program (the outbox), so nothing but them is needed here.
A permit whose signature does not hold is no answer at all (I9): raises `PermitUnverifiable`. One that central signed
for another redemption, terminal, station, challenge or sum, and a state that cannot follow from the request, raise
`ImpossibleAnswer`. Anything else that is not what the contract says raises `MalformedMessage`.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable, Collection
from datetime import date
from urllib.parse import unquote

from pos_client.adapters.central_http import signed
from pos_client.domain.customer import ConsentMethod, Customer, CustomerKind, VoucherView
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.ports import central as port
from pos_client.ports.errors import Refused
from pos_client.protocols.central import messages as m
from pos_client.protocols.central import permit
from pos_client.protocols.central.bundles import BundleAnswer
from pos_client.protocols.central.codec import decode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.journal_messages import JournalAppendAnswer
from pos_client.protocols.central.reversal_messages import ReversalAnswer
from pos_client.protocols.central.shift_messages import ShiftCloseAnswer
from pos_client.protocols.central.voucher_messages import OfflineSpendAnswer
from pos_client.value import dataclass


class PermitUnverifiable(Exception):
    """Central's permit does not verify: nobody may arm a pump, or capture, on it."""


class ImpossibleAnswer(Exception):
    """Well formed, and not about what was asked. `why` in one word; `numbers`: what it said."""

    def __init__(self, why: str, **numbers: int) -> None:
        super().__init__(why)
        self.why, self.numbers = why, tuple(numbers.items())


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a permit must say: whose request it answers, and the key that signs. `redemption`: the path's name."""

    permit_key_b64: str
    terminal: str
    redemption: str = ""
    challenge: str | None = None
    """the one whose answer was sent; None: the request names none"""


def decode_answer(call: port.EncodedCall, raw: bytes, permit_key_b64: str, terminal: str) -> port.CentralAnswer:
    """The answer to `call`. Raises `MalformedMessage`, `PermitUnverifiable` or `ImpossibleAnswer`."""
    for method, pattern, reader in ANSWERS:
        match = pattern.fullmatch(call.path)
        if method == call.method and match is not None:
            redemption = unquote(match.groupdict().get("id", ""))
            return reader(raw, Expectation(permit_key_b64, terminal, redemption, _challenge_of(call)))
    raise MalformedMessage(f"{call.method} {call.path}", "no such call in the contract")


def _session(raw: bytes, expected: Expectation) -> port.SessionStarted:
    """A session is a session whatever it says of the journal; what does not verify is not said."""
    answer = decode(raw, m.SessionAnswer)
    try:
        given = signed.acknowledgement(answer.acknowledgement, expected.permit_key_b64, expected.terminal)
    except Refused:
        given = None
    return port.SessionStarted(answer.session, answer.server_time, given)


def _appended(raw: bytes, expected: Expectation) -> port.JournalAcknowledged:
    answer = decode(raw, JournalAppendAnswer)
    given = signed.acknowledgement(answer.acknowledgement, expected.permit_key_b64, expected.terminal)
    if (given.seq, given.mac.hex()) != (answer.ack_seq, answer.ack_mac):
        raise Refused("acknowledgement_unverifiable", "it says something else than the answer around it")
    return port.JournalAcknowledged(given, tuple(IdempotencyKey(key) for key in answer.missing))


def _time(raw: bytes, _: Expectation) -> port.TimeTold:
    return port.TimeTold(decode(raw, m.TimeAnswer).server_time)


def _customer(raw: bytes, _: Expectation) -> port.CustomerFound:
    answer = decode(raw, m.CustomerAnswer)
    known = {method.value for method in ConsentMethod}
    voucher = answer.voucher
    try:
        kind = CustomerKind(answer.kind)
    except ValueError as error:
        raise MalformedMessage("CustomerAnswer", "unknown kind of customer") from error
    return port.CustomerFound(
        Customer(
            reference=answer.customer_ref,
            kind=kind,
            masked_name=answer.masked_name,
            display_id=answer.display_id,
            masked_phone=answer.masked_phone,
            points_available=answer.points_available,
            methods=tuple(ConsentMethod(method) for method in answer.methods if method in known),
            points_held=answer.points_held,
            expiring_points=answer.expiring_points,
            expiring_on=_day(answer.expiring_on),
            voucher=None
            if voucher is None
            else VoucherView(
                voucher.code, voucher.plate, voucher.points, _known_day(voucher.expires_on), voucher.product
            ),
            status=answer.status,
        )
    )


def _quote(raw: bytes, _: Expectation) -> port.QuoteGiven:
    answer = decode(raw, m.QuoteAnswer)
    return port.QuoteGiven(answer.points_max, answer.expires_in_s, answer.expiring_points, _day(answer.expiring_on))


def _hold(raw: bytes, _: Expectation) -> port.HoldPlaced:
    answer = decode(raw, m.HoldAnswer)
    _expect_state(answer.state, {"HELD"}, points=answer.points)
    return port.HoldPlaced(
        points=answer.points,
        challenge_id=answer.challenge_id,
        expires_in_s=answer.expires_in_s,
        attempts_left=answer.attempts_left,
        masked_phone=answer.masked_phone,
        resends_left=answer.resends_left,
    )


def _verified(raw: bytes, expected: Expectation) -> port.ConsentVerified:
    answer = decode(raw, m.VerifyAnswer)
    _expect_state(answer.state, {"AUTHORISED"}, points=answer.points)
    body = _signed_body(answer.permit, expected.permit_key_b64)
    if why := _foreign(body, expected, answer.points):
        raise ImpossibleAnswer(why, points=answer.points, permitted=body.points)
    return port.ConsentVerified(answer.points, answer.permit, answer.arm_within_s)


def _captured(raw: bytes, _: Expectation) -> port.RedemptionCaptured:
    answer = decode(raw, m.CaptureAnswer)
    _expect_state(
        answer.state,
        {"CAPTURED"} if answer.shortfall_code is None else {"SHORTFALL", "RELEASED"},
        debited=answer.points_debited,
        released=answer.points_released,
    )
    return port.RedemptionCaptured(
        answer.points_debited, answer.points_released, answer.balance_after, answer.shortfall_code
    )


def _voided(raw: bytes, _: Expectation) -> port.RedemptionVoided:
    _expect_state(decode(raw, m.VoidAnswer).state, GIVEN_BACK)
    return port.RedemptionVoided()


def _booked(raw: bytes, _: Expectation) -> port.AccrualBooked | port.AccrualUnderReview:
    answer = decode(raw, m.AccrualAnswer)
    _expect_state(answer.state, {"POSTED", "REVIEW"}, points=answer.points)
    if answer.state == "REVIEW":
        if answer.points:
            raise ImpossibleAnswer("review_credits", points=answer.points)
        return port.AccrualUnderReview(answer.review_code or "")
    return port.AccrualBooked(
        answer.points, answer.balance_before, answer.balance_after, answer.formula_vi, answer.formula_en
    )


def _reversed(raw: bytes, _: Expectation) -> port.OperationReversed:
    answer = decode(raw, ReversalAnswer)
    return port.OperationReversed(
        answer.points_returned, answer.points_taken_back, answer.points_uncovered, answer.balance_after
    )


def _spent_offline(raw: bytes, _: Expectation) -> port.OfflineSpendBooked:
    answer = decode(raw, OfflineSpendAnswer)
    return port.OfflineSpendBooked(
        answer.points_debited, answer.points_released, answer.balance_after, answer.shortfall_code
    )


def _shift(raw: bytes, _: Expectation) -> port.ShiftStated:
    answer = decode(raw, ShiftCloseAnswer)
    unlike = tuple((each.what, each.told, each.found) for each in answer.differences)
    return port.ShiftStated(answer.result, unlike, answer.points_credited, answer.points_debited)


def _bundle(raw: bytes, expected: Expectation) -> port.BundleTold:
    """Raises `Refused` for a bundle that is not central's, or is another than was asked for."""
    answer = decode(raw, BundleAnswer)
    bundle = signed.bundle(answer.signed, expected.permit_key_b64)
    if (bundle.name, bundle.number, bundle.name) != (answer.name, answer.number, expected.redemption):
        raise Refused("bundle_untrusted", "another one than was asked for")
    return port.BundleTold(bundle)


GIVEN_BACK = frozenset({"VOIDED", "EXPIRED", "RELEASED", "DECLINED"})
"""States in which nothing is held and nothing was debited."""


def _expect_state(state: str, possible: Collection[str], **numbers: int) -> None:
    if state not in possible:
        raise ImpossibleAnswer("state", **numbers)


def _foreign(body: m.PermitBody, expected: Expectation, points: int) -> str | None:
    """What a permit is about that is not ours: signed by central, and for somebody else."""
    if body.redemption != expected.redemption:
        return "permit_for_another_redemption"
    if body.terminal != expected.terminal:
        return "permit_for_another_terminal"
    if not expected.terminal.startswith(f"{body.station}-"):
        return "permit_for_another_station"
    if body.points != points:
        return "permit_for_other_points"
    return None if expected.challenge in (None, body.challenge) else "permit_for_another_challenge"


def _challenge_of(call: port.EncodedCall) -> str | None:
    """The challenge a consent was sent for."""
    try:
        return decode(call.body, m.VerifyRequest).challenge_id if call.path.endswith("/verify") else None
    except MalformedMessage:
        return None


_Reader = Callable[[bytes, Expectation], port.CentralAnswer]

ANSWERS: tuple[tuple[str, re.Pattern[str], _Reader], ...] = (
    ("POST", re.compile(r"/v1/sessions"), _session),
    ("GET", re.compile(r"/v1/time"), _time),
    ("POST", re.compile(r"/v1/conditions"), _time),
    ("POST", re.compile(r"/v1/customers:lookup"), _customer),
    ("POST", re.compile(r"/v1/quotes"), _quote),
    ("PUT", re.compile(r"/v1/redemptions/(?P<id>[^/]+)"), _hold),
    ("POST", re.compile(r"/v1/redemptions/(?P<id>[^/]+)/challenges"), _hold),
    ("POST", re.compile(r"/v1/redemptions/(?P<id>[^/]+)/verify"), _verified),
    ("POST", re.compile(r"/v1/redemptions/(?P<id>[^/]+)/capture"), _captured),
    ("POST", re.compile(r"/v1/redemptions/(?P<id>[^/]+)/void"), _voided),
    ("PUT", re.compile(r"/v1/accruals/(?P<id>[^/]+)"), _booked),
    ("POST", re.compile(r"/v1/journal:append"), _appended),
    ("PUT", re.compile(r"/v1/reversals/(?P<id>[^/]+)"), _reversed),
    ("PUT", re.compile(r"/v1/offline-redemptions/(?P<id>[^/]+)"), _spent_offline),
    ("POST", re.compile(r"/v1/shifts/(?P<id>[^/]+)/close"), _shift),
    ("GET", re.compile(r"/v1/shifts/(?P<id>[^/]+)"), _shift),
    ("GET", re.compile(r"/v1/bundles/(?P<id>[^/]+)"), _bundle),
)


def _signed_body(text: str, permit_key_b64: str) -> m.PermitBody:
    """What a permit says, once its signature holds."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(permit_key_b64, validate=True))
        payload, signature = permit.split(text)
        key.verify(signature, payload)
        return permit.body_of(payload)
    except (binascii.Error, ValueError, InvalidSignature) as error:
        raise PermitUnverifiable(type(error).__name__) from error


def _day(text: str | None) -> date | None:
    return None if text is None else _known_day(text)


def _known_day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise MalformedMessage("date", "a day like 2027-03-31 is expected") from error
