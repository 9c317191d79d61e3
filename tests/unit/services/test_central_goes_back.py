"""Head office is put back from a backup: what it had confirmed and lost is booked again, each once (F38).

The ledger is put back as a whole: points, answers to keys, and the rows it held. What the till has was acknowledged,
so it is the truth; a central that lost nothing is told nothing twice.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from pos_client.bootstrap.simulate.world import OK, ORGANISATION, ORGANISATION_PIN, Rig
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m

pytestmark = pytest.mark.log_expected("what head office has lost is said in the log")


def earned(rig: Rig) -> None:
    rig.identify()
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)


def consented(rig: Rig) -> None:
    """An organisation's gift is agreed to; the pump is not armed yet."""
    rig.identify(ORGANISATION)
    rig.tell(m.StartRedemption(200_000))
    rig.keys(OK, ORGANISATION_PIN, OK)


def gift(rig: Rig) -> None:
    rig.select(2)
    rig.act(rig.forecourt.lift, 2, 1)
    rig.act(rig.forecourt.flow, 2, 3_000)
    rig.act(rig.forecourt.hang, 2)


def go_back(rig: Rig, backup: object) -> None:
    rig.central.ledger = deepcopy(backup)  # type: ignore[assignment]
    rig.central.offline.ledger = rig.central.ledger


def acknowledged(rig: Rig) -> bool:
    return rig.look().status.queue.tail.records == 0


@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
@pytest.mark.parametrize("acknowledged_first", [True, False], ids=["acknowledged", "not acknowledged yet"])
def test_a_capture_and_an_accrual_that_were_lost_are_booked_again_once(restarted: bool, acknowledged_first: bool):
    """Acknowledged or not: a copy that lags by a second loses just what nobody has acknowledged yet."""
    rig = Rig()
    rig.advance(20_000)
    consented(rig)
    rig.advance(20_000)
    backup = deepcopy(rig.central.ledger)
    gift(rig)
    earned(rig)
    rig.run()
    if acknowledged_first:
        rig.advance(20_000)
        assert acknowledged(rig)
    points, credited = rig.debits(), rig.credits()
    assert (len(points), len(credited)) == (1, 1)
    go_back(rig, backup)
    assert (rig.debits(), rig.credits()) == ([], [])
    ended = len(rig.facts(f.Captured)), len(rig.facts(f.AccrualPosted))
    if restarted:
        rig.restart()
    earned(rig)  # something to write: a till that sleeps has nothing to say
    rig.advance(120_000)
    assert (rig.debits(), len(rig.credits())) == (points, 2)
    assert acknowledged(rig)
    assert rig.desk.state.outbox == {}
    assert "central_lost_records" in rig.notices
    assert ended == (1, 1)
    assert (len(rig.facts(f.Captured)), len(rig.facts(f.AccrualPosted))) == (1, 2)
    rig.check_ledgers()
    handled = rig.central.handled.count("Accrue"), rig.central.handled.count("Capture")
    rig.restart()
    rig.advance(120_000)
    assert handled == (rig.central.handled.count("Accrue"), rig.central.handled.count("Capture"))


def test_the_same_bytes_go_under_the_same_key():
    rig = Rig()
    rig.advance(20_000)
    backup = deepcopy(rig.central.ledger)
    sent: list[tuple[str, bytes]] = []
    rig.central.watch = lambda call: sent.append((call.key, call.body)) if call.key.endswith(":accrue") else None
    earned(rig)
    rig.advance(20_000)
    go_back(rig, backup)
    rig.restart()
    rig.advance(60_000)
    assert len(sent) == 2
    assert sent[0] == sent[1]


def test_central_that_lost_nothing_is_told_nothing_twice():
    rig = Rig()
    earned(rig)
    rig.advance(20_000)
    told = len([key for key in rig.central.ledger.answers if key.endswith(":accrue")])
    for _ in range(3):
        rig.restart()
        rig.advance(30_000)
    assert rig.central.handled.count("Accrue") == told == 1
    assert "central_lost_records" not in rig.notices


@pytest.mark.parametrize("fate", ["cut", "silent"])
def test_an_answer_that_named_what_is_missing_and_was_lost_is_asked_for_again(fate: str):
    """Also by the next run of the program, to which central says that it holds all rows."""
    rig = Rig()
    rig.advance(20_000)
    backup = deepcopy(rig.central.ledger)
    earned(rig)
    rig.run()
    go_back(rig, backup)
    rig.central.fail("AppendJournal", fate)
    before = rig.central.handled.count("AppendJournal")
    while rig.central.handled.count("AppendJournal") == before:
        rig.advance(1_000)
    rig.restart()
    rig.advance(60_000)
    assert len(rig.credits()) == 1
    rig.check_ledgers()


def test_what_cannot_be_written_down_is_not_counted_as_acknowledged():
    rig = Rig()
    rig.advance(20_000)
    backup = deepcopy(rig.central.ledger)
    earned(rig)
    rig.run()
    go_back(rig, backup)
    rig.store.fault = "store_locked"
    rig.advance(30_000)
    assert rig.credits() == []
    rig.store.fault = None
    rig.advance(60_000)
    assert len(rig.credits()) == 1


def test_a_hold_given_back_that_central_holds_again_is_given_back_again():
    rig = Rig()
    rig.advance(20_000)
    consented(rig)
    rig.advance(20_000)
    backup = deepcopy(rig.central.ledger)
    rig.tell(m.CancelRedemption())
    rig.advance(20_000)
    assert rig.only(f.Voided)
    go_back(rig, backup)
    rig.restart()
    rig.advance(60_000)
    assert "AUTHORISED" not in rig.states()
    assert rig.debits() == []
    rig.check_ledgers()


def lost_for_good(rig: Rig) -> None:
    """The fuel has flowed, and central knows nothing of its hold, nor will anybody send it what it was."""
    consented(rig)
    rig.central.fail("Capture", "not_sent")
    gift(rig)
    rig.central.ledger.holds.clear()


def captures(rig: Rig) -> int:
    return rig.central.handled.count("Capture")


def test_a_capture_whose_hold_is_lost_is_asked_for_three_days_then_a_person_is_told():
    rig = Rig()
    rig.advance(20_000)
    lost_for_good(rig)
    rig.advance(3 * 86_400_000 - 3_600_000, step_ms=900_000)
    assert rig.look().status.queue.waiting == 1, "not yet: a history may still be sent again"
    assert "capture_lost" not in rig.notices
    rig.advance(2 * 3_600_000, step_ms=900_000)
    status = rig.look().status.queue
    assert (status.waiting, status.parked) == (0, 1)
    assert rig.notices.count("capture_lost") == 1
    [needed] = rig.facts(f.ReviewNeeded)
    assert needed.reason == "unknown-redemption"
    asked = captures(rig)
    rig.advance(86_400_000, step_ms=900_000)
    assert captures(rig) == asked, "nobody is asked on and on"


def test_central_that_does_not_answer_at_all_is_asked_for_ever():
    rig = Rig()
    rig.advance(20_000)
    consented(rig)
    rig.central.fail("Capture", *["not_sent"] * 5_000)
    gift(rig)
    rig.advance(4 * 86_400_000, step_ms=900_000)
    assert rig.look().status.queue.waiting == 1
    assert "capture_lost" not in rig.notices


def test_a_restart_makes_the_record_no_younger_and_a_person_can_send_it_again():
    rig = Rig()
    rig.advance(20_000)
    lost_for_good(rig)
    before = deepcopy(rig.central.ledger)
    rig.advance(2 * 86_400_000, step_ms=900_000)
    rig.restart()
    rig.advance(86_400_000 + 3_600_000, step_ms=900_000)
    assert rig.look().status.queue.parked == 1
    rig.tell(m.ShowQueue(0))
    page = rig.look().queue_page
    assert page is not None
    [row] = [row for row in page.rows if row.may_resend]
    asked = captures(rig)
    rig.tell(m.ResendParked(row.key))
    rig.advance(60_000)
    assert captures(rig) > asked
    assert rig.central.ledger.holds == before.holds
