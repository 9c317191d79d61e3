"""Activating a points voucher for one station, and stating that it was spent there while central was away."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central.messages import (
    Amount,
    CaptureAnswer,
    Message,
    Moment,
    Name,
    Sealed,
    Station,
    Words,
    one_of,
)

ACTIVATION = "activation"
"""Stands where a redemption's challenge would, in the context the driver's PIN is sealed to."""

VoucherId = Annotated[str, Meta(min_length=1, max_length=40)]


class ActivationRequest(Message, frozen=True):
    """`POST /v1/vouchers/{code}/activations`: the driver's PIN, sealed for this activation, terminal and points.

    The id is chosen by who asks and becomes the signed voucher's id.
    """

    activation_id: VoucherId
    station: Station
    points: Amount
    sealed: Sealed


class ActivationAnswer(Message, frozen=True):
    """The points are held; `voucher` is the signed text (`voucher.py`), to be shown as a QR code."""

    voucher_id: Name
    voucher: Annotated[str, Meta(min_length=1, max_length=400)]
    points: Amount
    not_after: Moment


class OfflineSpendRequest(Message, frozen=True):
    """`PUT /v1/offline-redemptions/{id}`: fuel for a signed voucher; a statement of fact.

    `points`: the most that may be debited, what the till took the voucher for. `amount_vnd` 0: nothing flowed, and
    nothing will. `spent_at` is the terminal's best time and `time_quality` how good that is (synced, holdover, wall);
    `revocations` the number of the list it looked into.
    """

    voucher_id: VoucherId
    station: Station
    points: Amount
    amount_vnd: Amount
    spent_at: Moment
    time_quality: Annotated[Name, one_of("synced", "holdover", "wall", "untrusted")]
    revocations: Amount
    point: Annotated[int, Meta(ge=0, le=99)] = 0
    nozzle: Annotated[int, Meta(ge=0, le=15)] = 0
    grade_code: Words = ""
    volume_ml: Amount = 0
    end_totalizer_ml: Amount = 0
    fuelled_at: Words = ""
    start_totalizer_ml: Amount | None = None
    derived: bool = False
    reason: Words = ""


class OfflineSpendAnswer(CaptureAnswer, frozen=True):
    """As for a capture: CAPTURED, or SHORTFALL with the reason why the customer was not debited for it."""
