"""Central refuses a record for good: it is kept for a person, nothing is deleted, all else goes on (F30, I18)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.redemption import RedemptionState
from pos_client.ports import central as c
from pos_client.services import messages as m
from pos_client.services.inbox import Inbox


def consenting() -> Rig:
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption(50_000))
    return rig


def test_a_refused_capture_is_kept_for_a_person_and_the_sale_is_paid():
    rig = consenting()
    rig.central.fail("Capture", "refused:redemption-state-conflict")
    rig.keys(rig.code(), OK)
    rig.pay()
    assert rig.facts(f.SalePaid)
    assert rig.only(f.ReviewNeeded).reason == "redemption-state-conflict"
    assert rig.picture.status.queue.parked == 1
    rig.restart()
    rig.run()
    assert rig.picture.status.queue.parked == 1
    (redemption,) = rig.desk.state.redemptions.values()
    assert redemption.state is RedemptionState.NEEDS_REVIEW


def test_a_refused_void_is_kept_for_a_person():
    rig = consenting()
    rig.central.fail("Void", "refused:redemption-state-conflict")
    rig.tell(m.CancelRedemption())
    assert rig.only(f.ReviewNeeded).reason == "redemption-state-conflict"
    assert rig.picture.status.queue.parked == 1
    rig.pay()
    assert rig.facts(f.SalePaid)


def test_fuel_central_could_not_debit_is_a_shortfall_and_never_debited_later():
    rig = consenting()
    rig.central.fail("Capture", "problem:unavailable")
    rig.keys(rig.code(), OK)
    next(iter(rig.central.ledger.holds.values())).state = "RELEASED"
    rig.advance(10_000)
    assert rig.only(f.ShortfallRecorded).code == "hold-released"
    assert rig.debits() == []
    assert rig.picture.status.queue.waiting == 0
    assert rig.store.open_books().items == ()


def test_a_sale_somebody_else_has_accrued_is_refused_once_and_for_all():
    """I6: the same litres earn once, whoever sends them."""
    rig = Rig()
    rig.fuel()
    end = rig.only(f.FuellingCompleted).end_totalizer_ml
    rig.central.ledger.sales[f"1-1-{end}"] = "another terminal"
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.only(f.AccrualRefused).code == "sale-already-accrued"
    assert rig.credits() == []


@pytest.mark.parametrize("code", ["stale-session", "device-auth-failed", "station-mismatch"])
def test_a_problem_of_this_terminal_keeps_the_record_in_the_queue(code: str):
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.central.fail("Accrue", *[f"refused:{code}"] * 3)
    rig.pay()
    assert rig.picture.status.queue.waiting == 1
    rig.advance(120_000)
    assert rig.credits() == [650]


@pytest.mark.parametrize("days", [-400, -1, 1, 400])
def test_a_computer_clock_that_jumps_moves_no_deadline(days: int):
    rig = consenting()
    rig.clock.set_wall(rig.clock.now().wall + timedelta(days=days))
    rig.advance(10_000)
    rig.keys(rig.code(), OK)
    assert rig.debits() == [50_000]
    rig.pay()
    rig.settle(60)
    rig.check_ledgers()


def test_an_answer_nobody_waits_for_changes_nothing():
    rig = consenting()
    facts = len(rig.store.journal)
    for result in (c.RedemptionVoided(), c.ConsentVerified(50_000, "permit", 120), c.NoAnswer("late")):
        rig.tell(c.CentralAnswered(IdempotencyKey("somebody:else"), result))
    assert len(rig.store.journal) == facts
    rig.keys(rig.code(), OK)
    assert rig.debits() == [50_000]


def test_an_unheard_of_message_is_a_fault_of_ours():
    rig = Rig()
    with pytest.raises(TypeError, match="no service takes"):
        rig.terminal.take("something", rig.clock.now())


def test_the_inbox_is_first_in_first_out():
    inbox = Inbox()
    assert list(inbox.waiting(5)) == []
    assert inbox.take(0.001) is None
    for number in range(3):
        inbox.post(number)
    assert [*inbox.waiting(1), inbox.take(1.0), *inbox.waiting(5)] == [0, 1, 2]


def test_the_first_answer_to_a_record_parked_by_the_second_settles_it():
    """An answer slower than a lane's patience: the record was sent again and refused meanwhile."""
    rig = consenting()
    rig.central.fail("Capture", "refused:redemption-state-conflict")
    rig.keys(rig.code(), OK)
    (parked,) = rig.desk.state.outbox.values()
    rig.tell(c.CentralAnswered(parked.key, c.RedemptionCaptured(50_000, 0, 136_400)))
    assert rig.picture.status.queue.parked == 0
    assert rig.facts(f.Captured) == []
    assert rig.facts(f.ReviewNeeded)


def test_an_accrual_under_review_is_head_offices_and_owed_by_nobody_here(monkeypatch):
    rig = Rig()
    monkeypatch.setattr(rig.central, "_accrue", lambda **_: c.AccrualUnderReview("late"))
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.only(f.AccrualUnderReview).code == "late"
    assert (rig.picture.status.queue.waiting, rig.picture.status.queue.parked) == (0, 0)
    assert "accrual_under_review" in rig.notices
    rig.restart()
    rig.run()
    assert len(rig.facts(f.AccrualUnderReview)) == 1
    assert not rig.facts(f.AccrualPosted)


@pytest.mark.parametrize("code", ["too-late", "terminal-mismatch"])
def test_what_head_office_will_never_take_is_parked(code):
    rig = Rig()
    rig.central.fail("Accrue", f"refused:{code}")
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.only(f.AccrualRefused).code == code
    assert rig.picture.status.queue.parked == 1


def test_a_stale_price_list_holds_nothing_and_is_fetched_at_once(monkeypatch):
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.run()
    asked: list[str] = []
    monkeypatch.setattr(rig.central, "watch", lambda call: asked.append(call.path))
    rig.central.fail("Quote", "refused:price-version-stale")
    rig.tell(m.StartRedemption(50_000))
    rig.run()
    assert rig.facts(f.HoldIntended) == []
    assert [path for path in asked if "bundles" in path] == ["/v1/bundles/prices"]
    panel = rig.picture.points_panel
    assert panel is not None
    assert panel.reason is not None
    assert panel.reason.code == "central_price-version-stale"
    rig.tell(m.StartRedemption(50_000))
    assert rig.facts(f.HoldIntended)
