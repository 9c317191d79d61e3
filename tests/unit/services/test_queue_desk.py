"""The queue desk: pages of what head office has not confirmed, and what a person does about it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.outbox import DeliveryState
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.queue_desk import ROWS
from pos_client.services.queue_snapshots import QueuePage, QueueRow


def earned(rig: Rig) -> None:
    rig.identify()
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)


def page(rig: Rig) -> QueuePage:
    shown = rig.look().queue_page
    assert shown is not None
    return shown


def only(rig: Rig) -> QueueRow:
    (row,) = page(rig).rows
    return row


def parked(code: str) -> Rig:
    rig = Rig()
    rig.central.fail("Accrue", f"refused:{code}")
    earned(rig)
    rig.advance(5_000)
    rig.tell(m.ShowQueue(0))
    return rig


def test_nobody_looks_nothing_is_drawn():
    rig = Rig()
    assert rig.look().queue_page is None
    rig.tell(m.ShowQueue(0))
    assert page(rig) == QueuePage(0, 0, ())
    rig.tell(m.ShowQueue())
    assert rig.look().queue_page is None


def test_a_record_says_what_is_at_stake_and_why_it_waits():
    rig = Rig()
    rig.central.down = True
    earned(rig)
    rig.advance(30_000)
    rig.tell(m.ShowQueue(0))
    row, paid = only(rig), rig.only(f.SalePaid)
    assert (row.receipt_number, row.points) == (rig.only(f.SaleOpened).receipt_number, paid.points_expected)
    assert row.amount_vnd == rig.only(f.TenderTaken).amount_vnd
    assert row.attempts > 0
    assert row.problem == "no connection"
    assert row.masked_customer


def test_try_now_sends_what_waits_for_its_next_attempt():
    rig = Rig()
    rig.central.down = True
    earned(rig)
    rig.advance(300_000, step_ms=10_000)
    rig.tell(m.ShowQueue(0))
    assert only(rig).due_ticks_ms > rig.clock.now().ticks_ms
    rig.central.down = False
    rig.tell(m.TryQueueNow())
    assert rig.credits() != []
    assert page(rig).rows == ()


def test_a_note_about_a_parked_record_is_a_fact_and_the_record_stays():
    rig = parked("unknown-customer")
    key = only(rig).key
    rig.tell(m.NoteParked(key, m.ParkedNote.HOTLINE_CALLED))
    assert rig.only(f.ParkedNoted).record == key
    row = only(rig)
    assert (row.state, row.noted) == (DeliveryState.PARKED, "hotline_called")
    rig.restart()
    rig.tell(m.ShowQueue(0))
    assert only(rig).noted == "hotline_called"
    rig.tell(m.NoteParked(key, m.ParkedNote.SETTLED))
    assert only(rig).noted == "settled"


def test_a_kept_refusal_is_not_asked_for_again():
    rig = parked("unknown-customer")
    assert not only(rig).may_resend
    rig.central.handled.clear()
    rig.tell(m.ResendParked(only(rig).key))
    rig.advance(5_000)
    assert "Accrue" not in rig.central.handled
    assert "queue_same_answer" in rig.notices


def test_what_central_did_not_keep_goes_again_under_the_same_key():
    rig = parked("malformed-request")
    row = only(rig)
    assert row.may_resend
    rig.tell(m.ResendParked(row.key))
    rig.advance(5_000)
    assert page(rig).rows == ()
    assert len(rig.credits()) == 1
    (accrual,) = rig.desk.state.accruals.values()
    assert accrual.posted is not None
    assert accrual.refused is None


@pytest.mark.parametrize("command", [m.ResendParked, lambda key: m.NoteParked(key, m.ParkedNote.SETTLED)])
def test_only_a_parked_record_needs_a_person(command):
    rig = Rig()
    rig.central.down = True
    earned(rig)
    rig.tell(m.ShowQueue(0), command(next(iter(rig.desk.state.outbox))), command("nobody"))
    assert "queue_not_parked" in rig.notices
    assert rig.facts(f.ParkedNoted) == []


def test_a_deep_queue_is_paged_and_what_needs_a_person_comes_first():
    rig = Rig()
    rig.central.down = True
    for _ in range(ROWS + 3):
        earned(rig)
    last = list(rig.desk.state.outbox)[-1]
    rig.desk.state.outbox[last] = replace(rig.desk.state.outbox[last], state=DeliveryState.PARKED)
    rig.tell(m.ShowQueue(0))
    first = page(rig)
    assert (first.total, len(first.rows), first.rows[0].key) == (ROWS + 3, ROWS, last)
    rig.tell(m.ShowQueue(ROWS))
    assert len(page(rig).rows) == 3
    rig.tell(m.ShowQueue(10_000))
    assert page(rig).offset == ROWS
    keys = {row.key for row in first.rows} | {row.key for row in page(rig).rows}
    assert len(keys) == ROWS + 3
