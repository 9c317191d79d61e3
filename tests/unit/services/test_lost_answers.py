"""The network at its worst: a timeout is 'unknown', never 'failed'; the same bytes go again, or all comes back."""

from __future__ import annotations

import json
from functools import cache

import pytest

from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.services import messages as m
from pos_client.services.snapshots import DialogueState, PointsPhase
from tests.unit.services.plays import PLAYS

VERBS = ("OpenSession", "LookUpCustomer", "Quote", "Hold", "ResendChallenge", "Verify", "Capture", "Void", "Accrue")
FAULTS = ("not_sent", "lost", "cut", "late:3000", "late:12000", "problem:server-error")


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


@cache
def verbs_of(name: str) -> frozenset[str]:
    """What a play asks of central."""
    rig = Rig()
    for step in PLAYS[name]:
        step(rig)
    return frozenset(rig.central.handled)


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("fault", FAULTS)
def test_one_bad_answer_to_a_verb_in_every_play(verb: str, fault: str):
    for name, play in PLAYS.items():
        if verb not in verbs_of(name):
            continue
        rig = Rig()
        rig.central.fail(verb, fault)
        for step in play:
            step(rig)
        close(rig)


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_but_bad_answers_to_everything_in_every_play(fault: str):
    for play in PLAYS.values():
        rig = Rig()
        rig.central.fail("*", *[fault] * 100)
        for step in play:
            step(rig)
        close(rig)


@pytest.mark.parametrize("name", PLAYS)
def test_central_down_from_every_step_on(name: str):
    play = PLAYS[name]
    for first in range(len(play)):
        rig = Rig()
        for number, step in enumerate(play):
            rig.central.down = number >= first
            step(rig)
        rig.advance(30_000, step_ms=5_000)
        close(rig)


def asking() -> Rig:
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    return rig


def panel(rig: Rig) -> PointsPhase:
    assert rig.picture.points_panel is not None
    return rig.picture.points_panel.phase


@pytest.mark.parametrize("fault", ["lost", "cut"])
def test_a_hold_whose_answer_is_lost_is_unknown_and_then_found(fault: str):
    rig = asking()
    rig.central.fail("Hold", fault)
    rig.tell(m.StartRedemption(50_000))
    assert panel(rig) is PointsPhase.UNKNOWN
    assert rig.picture.dialogue.state is DialogueState.UNKNOWN
    rig.advance(5_000)
    assert panel(rig) is PointsPhase.WAITING_SECRET
    assert len(rig.central.ledger.holds) == 1
    rig.keys(rig.code(), OK)
    rig.pay()
    assert rig.debits() == [50_000]
    close(rig)


@pytest.mark.parametrize("fault", ["lost", "cut"])
def test_a_consent_whose_answer_is_lost_is_given_once(fault: str):
    rig = asking()
    rig.tell(m.StartRedemption(50_000))
    rig.central.fail("Verify", fault)
    rig.keys(rig.code(), OK)
    assert panel(rig) is PointsPhase.UNKNOWN
    rig.advance(5_000)
    assert rig.debits() == [50_000]
    assert len(rig.facts(f.VerifyIntended)) == 1
    rig.pay()
    close(rig)


@pytest.mark.parametrize("verb", ["Hold", "Verify"])
def test_after_twenty_seconds_nobody_guesses_and_the_hold_is_given_back(verb: str):
    rig = asking()
    rig.central.fail(verb, *["cut"] * 30)
    rig.tell(m.StartRedemption(50_000))
    if verb == "Verify":
        rig.keys(rig.code(), OK)
    rig.advance(19_000)
    assert panel(rig) is PointsPhase.UNKNOWN
    rig.advance(2_000)
    assert panel(rig) is PointsPhase.REFUSED
    assert rig.picture.points_panel is not None
    assert rig.picture.points_panel.reason is not None
    assert rig.picture.points_panel.reason.code == "outcome_given_back"
    assert rig.only(f.VoidIntended).reason == "no_answer"
    assert rig.states() == ["VOIDED"]
    rig.pay()
    close(rig)


def test_a_hold_that_arrives_after_its_void_loses_to_the_tombstone():
    rig = asking()
    rig.central.fail("Hold", *["late:60000"] * 30)
    rig.tell(m.StartRedemption(50_000))
    rig.advance(25_000)
    assert rig.states() == ["VOIDED"]
    rig.advance(120_000, step_ms=5_000)
    assert rig.states() == ["VOIDED"]
    rig.pay()
    close(rig)


def test_the_cashier_may_take_other_money_as_soon_as_the_hold_is_being_given_back():
    rig = asking()
    rig.central.fail("Verify", *["lost"] * 30)
    rig.tell(m.StartRedemption(50_000))
    rig.keys(rig.code(), OK)
    rig.pay()
    assert rig.notices[-1] == "points_in_progress"
    rig.tell(m.CancelRedemption())
    rig.central.down = True
    rig.pay()
    assert rig.facts(f.SalePaid)
    close(rig)


def test_a_capture_central_cannot_hear_waits_and_the_receipt_says_so():
    rig = asking()
    rig.tell(m.StartRedemption(50_000))
    rig.central.fail("Capture", *["not_sent"] * 3)
    rig.keys(rig.code(), OK)
    rig.pay()
    (receipt,) = rig.printer.printed
    assert receipt.spent is not None
    assert not receipt.spent.confirmed
    rig.advance(60_000)
    assert rig.debits() == [50_000]
    assert rig.picture.receipt is not None
    assert rig.picture.receipt.spent is not None
    assert rig.picture.receipt.spent.confirmed
    close(rig)


def test_a_retry_is_the_same_bytes_under_the_same_key():
    rig = asking()
    sent: dict[str, set[bytes]] = {}
    rig.central.watch = lambda call: sent.setdefault(call.key, set()).add(call.body)
    rig.central.fail("Accrue", "cut", "lost", "problem:unavailable", "not_sent")
    rig.pay()
    rig.advance(60_000)
    assert rig.credits() == [650]
    assert all(len(bodies) == 1 for bodies in sent.values())
    accruals = [key for key, bodies in sent.items() if json.loads(next(iter(bodies)))["verb"] == "Accrue"]
    assert len(accruals) == 1
    close(rig)


def test_a_hundred_waiting_records_are_each_delivered_once():
    rig = Rig()
    rig.central.down = True
    for number in range(100):
        rig.fuel(1, 1_000 + number)
        rig.select(1)
        rig.identify()
        rig.pay()
        rig.advance(2_000)
    assert rig.picture.status.queue.waiting == 100
    rig.restart()
    rig.central.down = False
    rig.central.fail("Accrue", *(["ok", "cut", "problem:unavailable"] * 50))
    rig.advance(900_000, step_ms=1_000)
    assert rig.picture.status.queue.waiting == 0
    assert len(rig.credits()) == 100
    close(rig)


def test_the_screen_says_within_seconds_whether_central_answers():
    rig = Rig()
    seen = []
    for down in (False, True, False):
        rig.central.down = down
        rig.advance(12_000)
        seen.append(rig.picture.status.central)
    assert seen == [LinkState.UP, LinkState.DOWN, LinkState.UP]
    assert rig.central.ledger.sessions == 1


def test_an_interactive_lane_that_never_answers_is_asked_again():
    rig = Rig()
    rig.central._letters.clear()
    real, rig.central.send = rig.central.send, lambda call: None  # type: ignore[method-assign]
    rig.advance(10_000)
    rig.central.send = real  # type: ignore[method-assign]
    rig.advance(70_000)
    assert rig.central.handled[-1] in ("OpenSession", "AskTime")
