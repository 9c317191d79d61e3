"""State machines as tables: what is absent is illegal, everything is reachable, and names on disk stay as they are."""

from __future__ import annotations

from dataclasses import fields, replace
from enum import StrEnum
from typing import TypeVar

import pytest

from pos_client.domain import facts as f
from pos_client.domain import fuelling as fuel
from pos_client.domain import redemption as red
from pos_client.domain import sale as sal
from pos_client.domain import shift as shi
from pos_client.domain.customer import ConsentMethod, CustomerKind
from pos_client.domain.errors import IllegalTransition, RuleViolation
from pos_client.domain.fuelling import FuellingState, from_fact
from pos_client.domain.fuelling_point import CAN_AUTHORISE, DELIVERING, EXPECTED, FuellingPointState, LinkState
from pos_client.domain.fuelling_point import is_expected as expected
from pos_client.domain.outbox import DeliveryState, ItemKind
from pos_client.domain.redemption import Redemption, RedemptionState
from pos_client.domain.sale import Sale, SaleState
from pos_client.domain.sale_type import SaleType
from pos_client.domain.shift import MeterState, ShiftPhase
from pos_client.domain.tender import TenderClass, TenderKind
from tests.unit.domain.samples import sample

R = RedemptionState
KINDS = tuple(f.KINDS.values())
FUELLING = from_fact(sample(f.FuellingCompleted, amount_vnd=100_000, sale_type="sale", price_mark="crossed"))


def redemption_in(state: RedemptionState) -> Redemption:
    begun = red.begin(sample(f.HoldIntended, flow="gift", method="otp"))
    return Redemption(begun.redemption_id, state, begun.flow, 1, begun.method, "x", "x")


def fact_for(kind: type[f.Fact]) -> f.Fact:
    values = {f.TenderTaken: {"kind": "cash"}, f.HoldIntended: {"flow": "pay", "method": "otp"}}
    fact: f.Fact = sample(kind, **values.get(kind, {}))
    return fact


@pytest.mark.parametrize("state", R)
def test_a_redemption_takes_exactly_the_facts_of_its_table(state: RedemptionState):
    for kind in KINDS:
        before = redemption_in(state)
        after = red.TRANSITIONS.get((state, kind))
        if after is None:
            with pytest.raises(IllegalTransition) as refused:
                before.apply(fact_for(kind))
            assert refused.value.params == {"machine": "redemption", "state": state, "event": kind.__name__}
        else:
            assert before.apply(fact_for(kind)).state is after


@pytest.mark.parametrize("state", SaleState)
def test_a_sale_takes_exactly_the_facts_of_its_table(state: SaleState):
    for kind in KINDS:
        before = Sale(sample(f.SaleOpened).sale_id, FUELLING, "1", state=state)
        after = sal.TRANSITIONS.get((state, kind))
        if after is None:
            with pytest.raises(IllegalTransition):
                before.apply(fact_for(kind))
        else:
            assert before.apply(fact_for(kind)).state is after


@pytest.mark.parametrize("state", FuellingState)
def test_i7_a_fuelling_takes_exactly_the_facts_of_its_table(state: FuellingState):
    for kind in KINDS:
        before = replace(FUELLING, state=state)
        after = fuel.TRANSITIONS.get((state, kind))
        if after is None:
            with pytest.raises(IllegalTransition):
                before.apply(fact_for(kind))
        else:
            assert before.apply(fact_for(kind)).state is after


@pytest.mark.parametrize("phase", ShiftPhase)
def test_a_shift_takes_exactly_the_facts_of_its_table(phase: ShiftPhase):
    for kind in KINDS:
        before = replace(shi.begin(sample(f.ShiftOpened)), phase=phase)
        after = shi.TRANSITIONS.get((phase, kind))
        if after is None:
            with pytest.raises(IllegalTransition):
                before.apply(fact_for(kind))
        else:
            assert before.apply(fact_for(kind)).phase is after


State = TypeVar("State", bound=StrEnum)


def reachable(table: dict[tuple[State, type[f.Fact]], State], first: State) -> set[State]:
    found, fresh = {first}, {first}
    while fresh:
        fresh = {after for (before, _), after in table.items() if before in fresh} - found
        found |= fresh
    return found


def test_every_state_is_reachable():
    assert reachable(red.TRANSITIONS, R.REQUESTED) == set(R)
    assert reachable(sal.TRANSITIONS, SaleState.OPEN) == set(SaleState)
    assert reachable(fuel.TRANSITIONS, FuellingState.COMPLETED) == set(FuellingState)
    assert reachable(shi.TRANSITIONS, ShiftPhase.OPENING) == set(ShiftPhase)


def test_final_states_end_and_all_others_go_on():
    leaves = {state for state in R if not any(before is state for before, _ in red.TRANSITIONS)}
    assert leaves == red.FINAL


def test_the_three_kinds_of_unfinished_redemptions_share_no_state():
    assert not red.BEFORE_FUEL & red.MAY_HAVE_FUEL
    assert set(R) == red.BEFORE_FUEL | red.MAY_HAVE_FUEL | red.FINAL | {R.FINISHED, R.VOIDING}


def test_a_hold_can_be_given_back_from_every_state_before_fuel_and_from_none_after_it():
    voidable = {state for state, kind in red.TRANSITIONS if kind is f.VoidIntended}
    assert voidable == red.BEFORE_FUEL | red.MAY_HAVE_FUEL


def test_nothing_is_captured_without_consent_before():
    """I8: every way from the first state to CAPTURED goes through ConsentGiven."""
    without = {key: after for key, after in red.TRANSITIONS.items() if key[1] is not f.ConsentGiven}
    assert R.CAPTURED not in reachable(without, R.REQUESTED)


def test_nothing_is_armed_without_intent():
    """I9."""
    without = {key: after for key, after in red.TRANSITIONS.items() if key[1] is not f.ArmIntended}
    assert not reachable(without, R.REQUESTED) & red.MAY_HAVE_FUEL


def test_a_sale_is_only_paid_after_a_tender():
    assert (SaleState.OPEN, f.SalePaid) not in sal.TRANSITIONS


@pytest.mark.parametrize("amount", [0, -1, 100_001])
def test_a_tender_fits_into_what_is_due(amount: int):
    sale = Sale(sample(f.SaleOpened).sale_id, FUELLING, "1")
    with pytest.raises(RuleViolation, match="tender_out_of_range"):
        sale.check_tender(TenderKind.CASH, amount)
    sale.check_tender(TenderKind.CASH, 100_000)


def test_a_finished_sale_takes_no_tender():
    for state in (SaleState.PAID, SaleState.RELEASED):
        sale = Sale(sample(f.SaleOpened).sale_id, FUELLING, "1", state=state)
        with pytest.raises(RuleViolation, match="sale_finished"):
            sale.check_tender(TenderKind.CASH, 1)


def test_what_is_due_is_what_was_not_given():
    sale = Sale(sample(f.SaleOpened).sale_id, FUELLING, "1")
    sale = sale.apply(f.TenderTaken(sale.sale_id, "points", 30_000, sample(f.HoldIntended).redemption_id))
    sale = sale.apply(f.TenderTaken(sale.sale_id, "cash", 50_000))
    assert (sale.due_vnd, sale.paid_by_points, sale.redemptions) == (20_000, 30_000, ("x",))


# ── the fuelling point ─────────────────────────────────────────────────────────────────────────────────────────────


def test_the_fuelling_points_table_is_complete_and_can_always_lose_the_pump():
    assert set(EXPECTED) == set(FuellingPointState)
    for before, afters in EXPECTED.items():
        assert before not in afters
        assert expected(before, before)
        assert before is FuellingPointState.INOPERATIVE or FuellingPointState.INOPERATIVE in afters
    assert not CAN_AUTHORISE & DELIVERING


# ── names on disk ──────────────────────────────────────────────────────────────────────────────────────────────────

STORED_NAMES: dict[type[StrEnum], str] = {
    RedemptionState: "requested held verifying authorised arming armed started finished captured shortfall voiding "
    "voided declined needs_review",
    SaleState: "open tendering paid released",
    FuellingState: "completed claimed settled handed_over driven_off tested taken_over",
    SaleType: "sale pump_test",
    FuellingPointState: "inoperative closed idle calling authorised started suspended_started fuelling "
    "suspended_fuelling",
    LinkState: "probing up degraded down",
    DeliveryState: "pending claimed in_doubt delivered parked",
    ItemKind: "accrual capture void offline shift_close reversal",
    TenderKind: "cash qr card points waived",
    TenderClass: "electronic cash points other",
    ConsentMethod: "otp organisation_pin driver_pin signed_voucher",
    CustomerKind: "individual organisation voucher",
    red.Flow: "pay gift",
    ShiftPhase: "opening open reading counting closed",
    MeterState: "agrees variance went_down wrapped not_read",
}


@pytest.mark.parametrize("enum", STORED_NAMES, ids=lambda enum: enum.__name__)
def test_names_on_disk_and_on_the_wire_stay(enum: type[StrEnum]):
    """A rename is a migration: old journals hold these words."""
    assert [member.value for member in enum] == STORED_NAMES[enum].split()


FACTS = {
    "TerminalStarted": "terminal version storage",
    "SessionOpened": "terminal session server_time",
    "FuellingCompleted": "fuelling_id point nozzle grade_code grade_name unit_price volume_ml amount_vnd "
    "start_totalizer_ml end_totalizer_ml finished_at recovered redemption_id sale_type "
    "listed_price price_mark price_set turned_ml time_quality",
    "FuellingPriced": "fuelling_id grade_code grade_name unit_price amount_vnd",
    "FuellingHandedOver": "fuelling_id till",
    "HandOverLapsed": "fuelling_id",
    "FuellingTakenOver": "fuelling_id till",
    "PumpTestMarked": "fuelling_id",
    "DroveOff": "fuelling_id noted_at sealed_plate masked_plate",
    "DriveOffReturned": "fuelling_id",
    "PumpTestIntended": "test point nozzle_totals",
    "PumpTestEnded": "test fuelling_id reason",
    "RestartIntended": "restart points reason",
    "PricesAdopted": "price_set since prices listed",
    "PumpPriced": "price_set point shown",
    "TotalizerNoted": "reading point nozzle totalizer_ml gap_ml",
    "SaleOpened": "sale_id fuelling_id receipt_number",
    "CustomerAttached": "sale_id sealed_identifier masked_identifier masked_name customer_kind verified",
    "CustomerDetached": "sale_id by",
    "TenderTaken": "sale_id kind amount_vnd redemption_id",
    "SaleReleased": "sale_id reason",
    "SalePaid": "sale_id paid_at points_expected formula_vi formula_en",
    "AccrualStated": "accrual_id sale_id fuelling_id",
    "AccrualPosted": "accrual_id points balance_before balance_after formula_vi formula_en",
    "AccrualRefused": "accrual_id code",
    "AccrualUnderReview": "accrual_id code",
    "HoldIntended": "redemption_id flow points method customer_reference masked_name sale_id voucher_code activation",
    "AnswerDoubted": "doubt key asked why numbers sha256",
    "OfflineSpendIntended": "redemption_id voucher_id flow points voucher_code plate masked_name spent_at time_quality "
    "revocations sale_id",
    "BundleAdopted": "bundle number issued_at text",
    "TimeNoted": "clock floor_ms heard_ms central_ms ticks_ms wall_ms boot round_trip_ms",
    "HoldGranted": "redemption_id points challenge_id expires_in_s attempts_left",
    "HoldDeclined": "redemption_id code",
    "ChallengeResent": "redemption_id challenge_id expires_in_s attempts_left",
    "VerifyIntended": "redemption_id n challenge_id sealed_sha256",
    "VerifyRefused": "redemption_id code attempts_left",
    "ConsentGiven": "redemption_id points permit",
    "ArmIntended": "redemption_id point nozzle_totals preset_vnd",
    "Armed": "redemption_id",
    "DispenseStarted": "redemption_id",
    "DispenseFinished": "redemption_id fuelling_id volume_ml amount_vnd",
    "Captured": "redemption_id points_debited points_released balance_after",
    "ShortfallRecorded": "redemption_id code",
    "VoidIntended": "redemption_id reason",
    "Voided": "redemption_id",
    "ReviewNeeded": "redemption_id reason",
    "RecordSetAside": "record deaths",
    "CertificatePrinted": "certificate last_seq copy",
    "ParkedNoted": "record note noted_by noted_at",
    "ClaimOffered": "claim_id sale_id offered_at",
    "ClaimUsed": "claim_id accrual_id masked_identifier masked_name points_expected used_at",
    "ReceiptReprinted": "reprint_id sale_id reprinted_at",
    "SignNoted": "sign_id sign masked_identifier cashier count most day",
    "StaffProved": "proof_id deed what staff approved_by role cashier proved_at",
    "StaffRefused": "refusal_id deed staff why refused_at",
    "ReversalIntended": "reversal_id operation operation_id reason decided_at",
    "ReversalPosted": "reversal_id points_returned points_taken_back points_uncovered balance_after",
    "ReversalRefused": "reversal_id code",
    "ShiftOpened": "shift_id cashier opened_at previous",
    "MetersRead": "shift_id readings unread",
    "ShiftClosing": "shift_id",
    "ShiftCompared": "shift_id result differences points_credited points_debited",
    "ShiftKept": "shift_id",
    "ShiftClosed": "shift_id closed_at meters tenders sales volume_ml amount_vnd unpaid unpaid_vnd drive_offs "
    "drive_offs_vnd waiting_records unread cash_expected_vnd cash_counted_vnd",
    "ShiftSummed": "summed_id last_shift nozzles tenders sales volume_ml amount_vnd drive_offs drive_offs_vnd stories "
    "open_sales",
}


def test_fact_kinds_and_their_fields_stay():
    """A journal of last year is read by this program: a kind or field is added (with a default), never renamed."""
    declared = {name: [field.name for field in fields(kind)] for name, kind in f.KINDS.items()}
    assert declared == {name: names.split() for name, names in FACTS.items()}
