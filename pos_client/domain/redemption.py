"""Redemption: points become fuel by hold, consent, (arm,) capture, release. One table, two flows.

*Pay with points* (`Flow.PAY`): the fuelling is already there; consent is followed by the capture at once.
*Gift fuel first* (`Flow.GIFT`): consent gives a signed permit, the pump is armed with a preset, what was really
dispensed is captured and the rest released.

A redemption is the fold of its journal facts over `TRANSITIONS`. What has to be *done* follows from the state alone
(`services/redemption.py`), so a restart goes on where the journal ends: that is the recovery table.

    requested ──granted──► held ──secret typed──► verifying ──yes──► authorised
        │no                  │▲─────────no, tries left──┘                │
        ▼                    ▼                             PAY: finished │ GIFT: arming ► armed ► started
     declined             voiding ──► voided                             ▼                         │
                                                  captured ◄────── finished ◄──────────────────────┘

A signed voucher spent while central is away (`begin_offline`) takes the same way from *authorised* on: its consent was
given online beforehand, and instead of a capture or a void central is told what flowed, 0 included.

"Where is the hold released?" `VOIDING` until central has confirmed `VOIDED`; the unused rest of a hold is released by
central with the capture. States are stored by name; a rename is a migration.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from pos_client.domain import facts as f
from pos_client.domain.customer import ConsentMethod
from pos_client.domain.errors import IllegalTransition
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId, VoucherId
from pos_client.domain.quantities import Millilitres, Points, Vnd
from pos_client.value import dataclass


class Flow(StrEnum):
    """What the points are for."""

    PAY = "pay"
    GIFT = "gift"


class RedemptionState(StrEnum):
    """Where a redemption stands, by its last durable fact."""

    REQUESTED = "requested"
    HELD = "held"
    VERIFYING = "verifying"
    AUTHORISED = "authorised"
    ARMING = "arming"
    ARMED = "armed"
    STARTED = "started"
    FINISHED = "finished"
    CAPTURED = "captured"
    SHORTFALL = "shortfall"
    VOIDING = "voiding"
    VOIDED = "voided"
    DECLINED = "declined"
    NEEDS_REVIEW = "needs_review"


_S = RedemptionState

FINAL = frozenset({_S.CAPTURED, _S.SHORTFALL, _S.VOIDED, _S.DECLINED, _S.NEEDS_REVIEW})
"""Nothing is owed any more between us and central."""

BEFORE_FUEL = frozenset({_S.REQUESTED, _S.HELD, _S.VERIFYING, _S.AUTHORISED})
"""States a restart gives back (voids): no fuel can have flowed for them, and the customer may be gone."""

MAY_HAVE_FUEL = frozenset({_S.ARMING, _S.ARMED, _S.STARTED})
"""States in which only the pump can say what happened."""

TRANSITIONS: dict[tuple[RedemptionState, type[f.Fact]], RedemptionState] = {
    (_S.REQUESTED, f.HoldGranted): _S.HELD,
    (_S.REQUESTED, f.HoldDeclined): _S.DECLINED,
    (_S.REQUESTED, f.VoidIntended): _S.VOIDING,
    (_S.HELD, f.ChallengeResent): _S.HELD,
    (_S.HELD, f.VerifyIntended): _S.VERIFYING,
    (_S.HELD, f.VoidIntended): _S.VOIDING,
    (_S.VERIFYING, f.VerifyRefused): _S.HELD,
    (_S.VERIFYING, f.ConsentGiven): _S.AUTHORISED,
    (_S.VERIFYING, f.VoidIntended): _S.VOIDING,
    (_S.AUTHORISED, f.ArmIntended): _S.ARMING,
    (_S.AUTHORISED, f.DispenseFinished): _S.FINISHED,
    (_S.AUTHORISED, f.VoidIntended): _S.VOIDING,
    (_S.ARMING, f.Armed): _S.ARMED,
    (_S.ARMING, f.DispenseStarted): _S.STARTED,
    (_S.ARMING, f.DispenseFinished): _S.FINISHED,
    (_S.ARMING, f.VoidIntended): _S.VOIDING,
    (_S.ARMED, f.DispenseStarted): _S.STARTED,
    (_S.ARMED, f.DispenseFinished): _S.FINISHED,
    (_S.ARMED, f.VoidIntended): _S.VOIDING,
    (_S.STARTED, f.DispenseFinished): _S.FINISHED,
    (_S.STARTED, f.VoidIntended): _S.VOIDING,
    (_S.FINISHED, f.Captured): _S.CAPTURED,
    (_S.FINISHED, f.ShortfallRecorded): _S.SHORTFALL,
    (_S.VOIDING, f.Voided): _S.VOIDED,
} | {(state, f.ReviewNeeded): _S.NEEDS_REVIEW for state in _S if state not in FINAL}
"""What is absent is illegal. `STARTED` + `VoidIntended` is the zero sale: lifted, hung up, nothing flowed (I3)."""


@dataclass(frozen=True, slots=True)
class Redemption:
    """One intent to spend points, folded from its facts. Amounts: 1 point = 1 đồng."""

    redemption_id: RedemptionId
    state: RedemptionState
    flow: Flow
    points: Points
    method: ConsentMethod
    customer_reference: str
    masked_name: str
    sale_id: SaleId | None = None
    voucher_code: str | None = None
    voucher_id: VoucherId | None = None
    """a signed voucher taken while central was away: there is no hold of ours, what flowed is stated"""
    spent_at: str = ""
    time_quality: str = ""
    revocations: int = 0
    challenge_id: str | None = None
    tries: int = 0
    resends: int = 0
    attempts_left: int | None = None
    point: PointId | None = None
    nozzle_totals: tuple[tuple[NozzleId, Millilitres], ...] = ()
    fuelling_id: FuellingId | None = None
    dispensed_vnd: Vnd = 0
    dispensed_ml: Millilitres = 0
    points_debited: Points = 0
    reason: str | None = None

    @property
    def is_final(self) -> bool:
        """Nothing is owed any more between us and central."""
        return self.state in FINAL

    def apply(self, fact: f.Fact) -> Redemption:
        """The redemption after one more fact. Raises `IllegalTransition` for a fact the table does not hold."""
        after = TRANSITIONS.get((self.state, type(fact)))
        if after is None:
            raise IllegalTransition("redemption", self.state, type(fact).__name__)
        return _learn(replace(self, state=after), fact)


def begin(fact: f.HoldIntended) -> Redemption:
    """A redemption exists from the moment its intent is durable."""
    return Redemption(
        redemption_id=fact.redemption_id,
        state=_S.REQUESTED,
        flow=Flow(fact.flow),
        points=fact.points,
        method=ConsentMethod(fact.method),
        customer_reference=fact.customer_reference,
        masked_name=fact.masked_name,
        sale_id=fact.sale_id,
        voucher_code=fact.voucher_code,
    )


def begin_offline(fact: f.OfflineSpendIntended) -> Redemption:
    """A signed voucher was taken: the consent was given beforehand, so it begins where others are authorised."""
    return Redemption(
        redemption_id=fact.redemption_id,
        state=_S.AUTHORISED,
        flow=Flow(fact.flow),
        points=fact.points,
        method=ConsentMethod.SIGNED_VOUCHER,
        customer_reference="",
        masked_name=fact.masked_name,
        sale_id=fact.sale_id,
        voucher_code=fact.voucher_code,
        voucher_id=fact.voucher_id,
        spent_at=fact.spent_at,
        time_quality=fact.time_quality,
        revocations=fact.revocations,
    )


def _learn(redemption: Redemption, fact: f.Fact) -> Redemption:
    """The fields a fact brings along."""
    match fact:
        case f.HoldGranted():
            return replace(
                redemption, challenge_id=fact.challenge_id, attempts_left=fact.attempts_left, points=fact.points
            )
        case f.ChallengeResent():
            return replace(
                redemption,
                challenge_id=fact.challenge_id,
                resends=redemption.resends + 1,
                attempts_left=fact.attempts_left,
            )
        case f.VerifyIntended():
            return replace(redemption, tries=fact.n)
        case f.VerifyRefused():
            return replace(redemption, attempts_left=fact.attempts_left, reason=fact.code)
        case f.ArmIntended():
            return replace(redemption, point=fact.point, nozzle_totals=fact.nozzle_totals)
        case f.DispenseFinished():
            return replace(
                redemption,
                fuelling_id=fact.fuelling_id,
                dispensed_vnd=fact.amount_vnd,
                dispensed_ml=fact.volume_ml,
            )
        case f.Captured():
            return replace(redemption, points_debited=fact.points_debited)
        case f.HoldDeclined() | f.ShortfallRecorded():
            return replace(redemption, reason=fact.code)
        case f.VoidIntended() | f.ReviewNeeded():
            return replace(redemption, reason=fact.reason)
        case _:
            return redemption
