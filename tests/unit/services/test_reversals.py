"""Undoing points: a manager's PIN, written down before it is sent, once; and PINs that are wrong (flow 17)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.reversal_slip import layout
from pos_client.domain.staff import SALT_BYTES, hash_of
from pos_client.ports.central import Undone
from pos_client.services import messages as m
from pos_client.services.messages import KeypadKey, ReversalReason
from pos_client.services.operation_snapshots import OperationRow, OperationState
from pos_client.services.staffing import LOCKED_MS, PATIENCE_MS
from pos_client.settings.model import StaffSettings
from tests.words import words

SALT = bytes(SALT_BYTES)
MANAGER, CASHIER = "09246810", "01135791"
"""Number and PIN, as they are typed."""
STAFFED = replace(
    SETTINGS,
    staff=(
        StaffSettings(1, "Nguyễn Thị Hoa", "cashier", hash_of(b"135791", SALT)),
        StaffSettings(9, "Trần Văn Minh", "manager", hash_of(b"246810", SALT)),
    ),
)


def type_pin(rig: Rig, digits: str) -> None:
    rig.tell(*(m.StaffPressed(int(digit)) for digit in digits))


def earned() -> Rig:
    rig = Rig(STAFFED)
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.credits() == [650]
    return rig


def spent() -> Rig:
    rig = Rig(STAFFED)
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption())
    rig.keys(rig.code(), OK)
    rig.pay()
    assert rig.debits() == [186_400]
    return rig


def row(rig: Rig, operation: Undone) -> OperationRow:
    rig.tell(m.ShowOperations())
    (found,) = (each for each in rig.picture.operations or () if each.operation is operation)
    return found


def reverse(rig: Rig, operation: Undone, pin: str = MANAGER) -> None:
    rig.tell(m.Reverse(operation, row(rig, operation).operation_id, ReversalReason.WRONG_CUSTOMER))
    type_pin(rig, pin)


def code(rig: Rig) -> str:
    notice = rig.look().notice
    assert notice is not None
    return notice.code


def balance(rig: Rig) -> int:
    return rig.central.ledger.balance(INDIVIDUAL)


def test_points_that_were_earned_are_taken_back():
    rig = earned()
    before = balance(rig)
    shown = row(rig, Undone.ACCRUAL)
    assert (shown.points, shown.state, shown.masked_customer) == (650, OperationState.DONE, "P***")
    assert shown.receipt_number
    reverse(rig, Undone.ACCRUAL)
    assert balance(rig) == before - 650
    assert rig.only(f.ReversalPosted).points_taken_back == 650
    assert code(rig) == "reversal_done"
    proof = rig.only(f.StaffProved)
    assert (proof.staff, proof.role, proof.what) == (9, "manager", rig.only(f.ReversalIntended).reversal_id)
    assert row(rig, Undone.ACCRUAL).state is OperationState.REVERSED


def test_the_customer_takes_home_what_was_undone():
    rig = spent()
    reverse(rig, Undone.REDEMPTION)
    rig.advance(1_000)
    (slip,) = rig.printer.slips
    said = "\n".join(f"{line.left} {line.right}" for line in layout(slip, words("vi"), 32))
    for part in ("HOÀN ĐIỂM", "-186.400 điểm", "+186.400 điểm", "Sai khách", "Trần Văn Minh", "P***"):
        assert part in said
    assert row(rig, Undone.REDEMPTION).receipt_number in said


def test_paper_waits_for_the_answer_and_for_a_restart_and_comes_once():
    rig = earned()
    rig.central.down = True
    reverse(rig, Undone.ACCRUAL)
    rig.restart()
    assert rig.printer.slips == []
    rig.central.down = False
    rig.settle(120)
    assert [slip.points_taken_back for slip in rig.printer.slips] == [650]
    rig.restart()
    rig.settle(60)
    assert len(rig.printer.slips) == 1


def test_points_that_were_spent_come_back():
    rig = spent()
    before = balance(rig)
    reverse(rig, Undone.REDEMPTION)
    assert balance(rig) == before + 186_400
    assert rig.only(f.ReversalPosted).points_returned == 186_400


def test_the_second_time_it_is_refused_before_a_pin_is_asked_for():
    rig = earned()
    reverse(rig, Undone.ACCRUAL)
    rig.tell(m.Reverse(Undone.ACCRUAL, row(rig, Undone.ACCRUAL).operation_id, ReversalReason.OTHER))
    assert (rig.look().staff_ask, code(rig)) == (None, "reversal_reversed")
    assert len(rig.facts(f.ReversalIntended)) == 1


def test_a_cashier_may_not_and_it_is_written_down():
    rig = earned()
    reverse(rig, Undone.ACCRUAL, CASHIER)
    assert code(rig) == "staff_may_not"
    assert rig.only(f.StaffRefused).why == "may_not"
    assert rig.look().staff_ask is not None, "a manager may still come"
    type_pin(rig, MANAGER)
    assert rig.facts(f.ReversalPosted)


def test_a_wrong_pin_does_nothing_and_five_lock_the_number():
    rig = earned()
    reverse(rig, Undone.ACCRUAL, "09000000")
    assert code(rig) == "staff_wrong"
    for _ in range(4):
        type_pin(rig, "09000000")
    assert code(rig) == "staff_locked"
    type_pin(rig, MANAGER)
    assert (code(rig), rig.facts(f.ReversalIntended)) == ("staff_locked", [])
    rig.advance(LOCKED_MS, step_ms=30_000)
    reverse(rig, Undone.ACCRUAL)
    assert rig.facts(f.ReversalPosted)


def test_a_question_nobody_answers_is_withdrawn_and_forgets_what_was_typed():
    rig = earned()
    reverse(rig, Undone.ACCRUAL, MANAGER[:5])
    asked = rig.look().staff_ask
    assert asked is not None
    assert asked.typed == 5
    rig.advance(PATIENCE_MS)
    assert rig.look().staff_ask is None
    reverse(rig, Undone.ACCRUAL, MANAGER[5:])
    assert not rig.facts(f.ReversalIntended)


def test_left_by_escape_nothing_is_done():
    rig = earned()
    reverse(rig, Undone.ACCRUAL, MANAGER[:7])
    rig.tell(m.StaffPressed(KeypadKey.CANCEL), m.StaffPressed(int(MANAGER[7])))
    assert (rig.look().staff_ask, rig.facts(f.StaffProved), rig.facts(f.StaffRefused)) == (None, [], [])


def test_a_sale_goes_on_while_a_pin_is_asked_for():
    rig = earned()
    rig.fuel(2)
    reverse(rig, Undone.ACCRUAL, MANAGER[:3])
    rig.select(2)
    rig.pay()
    assert len(rig.facts(f.SalePaid)) == 2


@pytest.mark.parametrize("fault", ["cut", "lost", "problem:unavailable"])
def test_an_answer_that_is_lost_undoes_it_once(fault: str):
    rig = earned()
    before = balance(rig)
    rig.central.fail("Reverse", fault, fault)
    reverse(rig, Undone.ACCRUAL)
    rig.advance(120_000, step_ms=5_000)
    assert balance(rig) == before - 650
    assert len(rig.facts(f.ReversalPosted)) == 1


def test_killed_after_the_pin_it_is_undone_after_the_restart():
    rig = earned()
    before = balance(rig)
    rig.central.down = True
    reverse(rig, Undone.ACCRUAL)
    assert code(rig) == "reversal_queued"
    rig.restart()
    rig.central.down = False
    rig.settle(120)
    assert balance(rig) == before - 650
    assert row(rig, Undone.ACCRUAL).state is OperationState.REVERSED


def test_a_claim_still_on_its_way_is_undone_behind_it():
    rig = Rig(STAFFED)
    rig.central.down = True
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert row(rig, Undone.ACCRUAL).state is OperationState.WAITING
    before = balance(rig)
    reverse(rig, Undone.ACCRUAL)
    rig.central.down = False
    rig.settle(120)
    assert rig.credits() == [650]
    assert balance(rig) == before
    assert [verb for verb in rig.central.handled if verb in ("Accrue", "Reverse")] == ["Accrue", "Reverse"]


def test_what_head_office_will_not_undo_stands_as_it_did():
    rig = earned()
    before = balance(rig)
    rig.central.fail("Reverse", "refused:already-reversed")
    reverse(rig, Undone.ACCRUAL)
    assert rig.only(f.ReversalRefused).code == "already-reversed"
    assert (code(rig), balance(rig)) == ("parked_reversal", before)
    assert row(rig, Undone.ACCRUAL).state is OperationState.DONE


def test_where_nobody_may_it_says_so():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    rig.tell(m.Reverse(Undone.ACCRUAL, row(rig, Undone.ACCRUAL).operation_id, ReversalReason.OTHER))
    assert code(rig) == "staff_none"


def test_a_shift_belongs_to_whoever_typed_his_pin():
    rig = Rig(STAFFED)
    rig.tell(m.OpenShift("Somebody"))
    assert (code(rig), rig.facts(f.ShiftOpened)) == ("shift_needs_login", [])
    rig.tell(m.LogIn())
    type_pin(rig, CASHIER)
    assert rig.only(f.ShiftOpened).cashier == "Nguyễn Thị Hoa"
    assert rig.only(f.StaffProved).deed == "open_shift"
    rig.tell(m.LogIn())
    assert (code(rig), rig.look().staff_ask) == ("shift_already_open", None)


def test_no_pin_is_in_a_repr_or_in_the_books():
    rig = earned()
    assert "7" not in repr(m.StaffPressed(7))
    reverse(rig, Undone.ACCRUAL)
    at_rest = rig.evidence().at_rest
    assert MANAGER.encode() not in at_rest
    assert MANAGER[2:].encode() not in at_rest


def test_the_list_is_read_anew_while_it_is_looked_at_also_before_the_first_shift():
    rig = earned()
    rig.tell(m.ShowOperations())
    assert len(rig.look().operations or ()) == 1
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    rig.advance(3_000)
    assert len(rig.look().operations or ()) == 2
