"""The journal behind everything else: what is acknowledged, what is sent again, and what blocks points."""

from __future__ import annotations

from copy import deepcopy

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.tender import TenderKind
from pos_client.services import journal_stream
from pos_client.services import messages as m


def held(rig: Rig) -> int:
    return len(rig.central.ledger.journal)


def written(rig: Rig) -> int:
    return len(rig.store.journal)


def acknowledged(rig: Rig) -> int:
    kept = rig.store.open_books().acknowledged
    return kept.seq if kept else 0


def sold(rig: Rig) -> None:
    rig.fuel()
    rig.select(1)
    rig.pay(TenderKind.CASH)


def test_all_that_is_written_is_held_a_while_later_and_the_book_knows():
    rig = Rig()
    sold(rig)
    assert rig.picture.status.queue.tail.records > 0
    rig.advance(20_000)
    assert held(rig) == written(rig)
    assert rig.picture.status.queue.tail.records == 0
    assert acknowledged(rig) == written(rig)
    rig.check_ledgers()


def test_an_acknowledgement_is_no_fact_so_it_ends():
    rig = Rig()
    rig.advance(20_000)
    before, batches = written(rig), rig.central.handled.count("AppendJournal")
    rig.advance(600_000)
    since = {type(entry.fact) for entry in rig.store.journal[before:]}
    assert since <= {f.TimeNoted, f.BundleAdopted}  # what ten minutes bring by themselves
    assert rig.central.handled.count("AppendJournal") - batches <= written(rig) - before
    rig.advance(20_000)
    assert held(rig) == written(rig)


def test_the_tail_says_how_many_and_since_when():
    rig = Rig()
    rig.advance(20_000)
    rig.central.down = True
    rig.advance(60_000)
    at = rig.clock.now().wall
    rig.act(rig.forecourt.lift, 1, 1)
    sold(rig)
    rig.advance(240_000)
    tail = rig.picture.status.queue.tail
    assert tail.records == written(rig) - held(rig) > 0
    assert tail.oldest == at
    rig.central.down = False
    rig.advance(120_000)
    assert rig.picture.status.queue.tail.records == 0


def test_nothing_of_it_leaves_while_a_record_is_due():
    rig = Rig()
    rig.advance(20_000)
    rig.central.down = True
    rig.identify()
    sold(rig)
    rig.central.down = False
    rig.central.handled.clear()
    rig.advance(60_000)
    assert "Accrue" in rig.central.handled
    assert rig.central.handled.index("Accrue") < rig.central.handled.index("AppendJournal")


def test_lost_answers_cost_nothing_but_time():
    rig = Rig()
    rig.central.fail("AppendJournal", "cut", "lost", "silent", "problem:unavailable", "later:3", "cut")
    sold(rig)
    rig.advance(400_000, step_ms=2_000)
    assert held(rig) == written(rig)
    rig.check_ledgers()


def test_a_restart_goes_on_behind_what_is_held():
    rig = Rig()
    sold(rig)
    rig.advance(20_000)
    rig.central.handled.clear()
    rig.restart()
    rig.advance(20_000)
    assert held(rig) == written(rig)
    assert rig.central.handled.count("AppendJournal") == 1


def test_a_long_book_goes_in_batches(monkeypatch):
    monkeypatch.setattr(journal_stream, "ROWS", 3)
    monkeypatch.setattr(journal_stream, "BYTES", 400)
    rig = Rig()
    for _ in range(3):
        sold(rig)
    rig.advance(120_000)
    assert held(rig) == written(rig)
    assert rig.central.handled.count("AppendJournal") > written(rig) // 3


def test_a_central_restored_from_a_backup_is_sent_again_what_it_lost():
    """F38, noticed at the next session and in the middle of one."""
    for restart in (True, False):
        rig = Rig()
        sold(rig)
        rig.advance(20_000)
        del rig.central.ledger.journal[4:]
        if restart:
            rig.restart()
        else:
            sold(rig)
        rig.advance(60_000)
        assert held(rig) == written(rig)
        assert not rig.desk.state.blockers
        rig.check_ledgers()


@pytest.mark.log_expected("head office holds more than the book, and that is logged")
def test_an_old_copy_of_the_book_spends_no_points_and_sells_on():
    """F34: the terminal was restored from an old copy."""
    rig = Rig()
    sold(rig)
    rig.advance(20_000)
    old = deepcopy(rig.store)
    sold(rig)
    rig.advance(20_000)
    before = held(rig)
    rig.store = old
    rig.restart()
    assert "central_sequence-rollback" in rig.desk.state.blockers
    assert "central_sequence-rollback" in rig.notices
    sold(rig)
    assert len(rig.facts(f.SalePaid)) == 2
    rig.identify()
    rig.tell(m.StartRedemption())
    assert rig.facts(f.HoldIntended) == []
    rig.advance(60_000)
    assert held(rig) == before


@pytest.mark.log_expected("head office holds another row, and that is logged")
def test_an_old_copy_that_wrote_on_is_a_fork_and_central_hears_of_it():
    rig = Rig()
    sold(rig)
    rig.advance(20_000)
    old = deepcopy(rig.store)
    sold(rig)
    rig.advance(20_000)
    rig.store = old
    rig.central.down = True
    rig.restart()
    for _ in range(3):
        sold(rig)
    assert written(rig) > held(rig)
    before = list(rig.central.ledger.journal)
    rig.central.handled.clear()
    rig.central.down = False
    rig.advance(120_000)
    assert "central_chain-fork" in rig.desk.state.blockers
    assert "AppendJournal" in rig.central.handled
    assert rig.central.ledger.journal == before


@pytest.mark.log_expected("a disk that refuses is logged")
def test_an_acknowledgement_the_disk_refuses_is_asked_for_again():
    rig = Rig()
    rig.advance(20_000)
    sold(rig)
    rig.store.fault = "disk_full"
    rig.advance(30_000)
    assert acknowledged(rig) < written(rig)
    rig.store.fault = None
    rig.advance(120_000)
    assert acknowledged(rig) == written(rig)
