"""A shift that was closed, as the till sums it up, and what central makes of it beside its own books."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central.messages import Amount, Message, Moment, Name, Station, Words, one_of

MATCHED, MISMATCH, AWAITED = "matched", "mismatch", "records-awaited"
SHIFT_MISMATCH = "shift-mismatch"
"""The code of an answer that says `mismatch`: never a refusal, for the shift is over."""
MOST_NOZZLES = 2_000
MOST_TENDERS = 50
MOST_DIFFERENCES = 50

Count = Annotated[int, Meta(ge=0, le=10_000_000)]
Figure = Annotated[int, Meta(ge=-(10**15), le=10**15)]
"""A number of whatever it is named after; what is beyond is stated as the bound."""
MaybeAmount = Amount | None


class NozzlePart(Message, frozen=True):
    """One nozzle of the shift, millilitres and đồng. `opening_ml`, `closing_ml`: its totalizer as it was read, None:
    it was not; `metered_ml`: what the meter moved, None: nobody can say; `told_ml`: what its fuellings add up to.
    `state` is the till's own comparison of the two."""

    point: Annotated[int, Meta(ge=1, le=99)]
    nozzle: Annotated[int, Meta(ge=1, le=15)]
    opening_ml: MaybeAmount
    closing_ml: MaybeAmount
    metered_ml: MaybeAmount
    told_ml: Amount
    test_ml: Amount
    amount_vnd: Amount
    fuellings: Count
    state: Annotated[Name, one_of("agrees", "variance", "went_down", "wrapped", "not_read")]


class TenderSumPart(Message, frozen=True):
    """How often and how much of one tender was taken; of points, what was spent."""

    tender: Name
    count: Count
    amount_vnd: Amount


class ShiftCloseRequest(Message, frozen=True):
    """`POST /v1/shifts/{id}/close`: a statement of fact. The stretch begins where `previous` ended; without one, with
    the first shift of the till's book. `cashier` is masked: who it was, the station knows."""

    station: Station
    terminal: Name
    cashier: Words
    opened_at: Moment
    closed_at: Moment
    nozzles: Annotated[tuple[NozzlePart, ...], Meta(max_length=MOST_NOZZLES)]
    tenders: Annotated[tuple[TenderSumPart, ...], Meta(max_length=MOST_TENDERS)]
    sales: Count
    volume_ml: Amount
    amount_vnd: Amount
    cash_expected_vnd: Amount
    cash_counted_vnd: Amount
    waiting_records: Count
    previous: Name | None = None


class DifferencePart(Message, frozen=True):
    """One number the two do not share. `what` names it: `sales`, `tender:cash:amount`, `nozzle:1/2:told`,
    `accrual:ID`, `redemption:ID`."""

    what: Name
    told: Figure
    found: Figure


class ShiftCloseAnswer(Message, frozen=True):
    """What central found. `records-awaited`: the journal does not reach the close yet, or a record it names has not
    arrived; it is compared again when rows come. `points_credited`, `points_debited`: of the records there are."""

    result: Annotated[Name, one_of(MATCHED, MISMATCH, AWAITED)]
    code: Name | None = None
    differences: Annotated[tuple[DifferencePart, ...], Meta(max_length=MOST_DIFFERENCES)] = ()
    points_credited: Amount = 0
    points_debited: Amount = 0
