"""A record the program has died on, at the next start (F33): set aside at the second death, never silently, never for
good, and never in anybody's way."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import OK, ORGANISATION, ORGANISATION_PIN, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.outbox import SET_ASIDE, DeliveryState, ItemKind
from pos_client.domain.tender import TenderKind
from pos_client.ports.central import EncodedCall
from pos_client.services import messages as m
from pos_client.services.queue_snapshots import QueueRow


def earned(rig: Rig) -> None:
    rig.identify()
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)


def waiting(records: int) -> tuple[Rig, list[IdempotencyKey]]:
    """So many claims for points that nobody could be told of yet."""
    rig = Rig()
    rig.central.down = True
    for _ in range(records):
        earned(rig)
    return rig, list(rig.desk.state.outbox)


def row_of(rig: Rig, key: str) -> QueueRow:
    page = rig.look().queue_page
    assert page is not None
    return next(row for row in page.rows if row.key == key)


def test_one_death_sets_nothing_aside_and_the_record_travels_alone(monkeypatch: pytest.MonkeyPatch):
    rig, keys = waiting(4)
    rig.marks.held[keys[1]] = 1
    rig.restart()
    rig.central.down = False
    batches: list[list[str]] = []
    taken = rig.central.forward_batch

    def watched(calls: tuple[EncodedCall, ...]) -> None:
        batches.append([call.key for call in calls])
        taken(calls)

    monkeypatch.setattr(rig.central, "forward_batch", watched)
    rig.advance(60_000)
    assert rig.facts(f.RecordSetAside) == []
    assert len(rig.credits()) == 4
    assert all(keys[1] not in batch for batch in batches)
    assert batches
    assert rig.marks.held == {}


def test_the_second_death_in_a_row_sets_it_aside_and_the_others_go_on():
    rig, keys = waiting(4)
    rig.marks.held[keys[1]] = 2
    rig.restart()
    rig.central.down = False
    rig.advance(60_000)
    assert rig.only(f.RecordSetAside) == f.RecordSetAside(keys[1], 2)
    assert "record_set_aside" in rig.notices
    assert len(rig.credits()) == 3
    rig.tell(m.ShowQueue(0))
    row = row_of(rig, keys[1])
    assert (row.state, row.problem, row.may_resend) == (DeliveryState.PARKED, SET_ASIDE, True)
    assert rig.look().status.queue.parked == 1
    assert rig.marks.held == {}


def test_it_stays_aside_over_restarts_until_somebody_puts_it_back_and_then_counts_once():
    rig, keys = waiting(1)
    rig.marks.held[keys[0]] = 2
    for _ in range(2):
        rig.restart()
        rig.central.down = False
        rig.advance(60_000)
        assert rig.credits() == []
    assert len(rig.facts(f.RecordSetAside)) == 1
    rig.tell(m.ShowQueue(0), m.NoteParked(keys[0], m.ParkedNote.HOTLINE_CALLED))
    assert row_of(rig, keys[0]).noted == "hotline_called"
    rig.tell(m.ResendParked(keys[0]))
    rig.advance(5_000)
    assert len(rig.credits()) == 1
    assert rig.desk.state.outbox == {}


def test_a_capture_that_is_set_aside_leaves_its_hold_alone():
    """Fuel has flowed and its points stay held: nobody gives them back because a program of ours is at fault."""
    rig = Rig()
    rig.central.fail("Capture", *["lost"] * 50)
    rig.identify(ORGANISATION)
    rig.fuel()
    rig.select(1)
    rig.tell(m.StartRedemption())
    rig.keys(OK, ORGANISATION_PIN, OK)
    rig.advance(20_000)
    (key,) = (item.key for item in rig.desk.state.outbox.values() if item.kind is ItemKind.CAPTURE)
    rig.marks.held[key] = 2
    rig.restart()
    rig.advance(60_000)
    assert rig.desk.state.outbox[key].state is DeliveryState.PARKED
    assert rig.facts(f.VoidIntended) == []
    assert rig.facts(f.ReviewNeeded) == []


def test_what_is_not_in_the_queue_any_more_is_not_set_aside():
    rig = Rig()
    rig.marks.held["long-gone"] = 5
    rig.restart()
    assert rig.facts(f.RecordSetAside) == []
