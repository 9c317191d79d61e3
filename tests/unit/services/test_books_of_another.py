"""Books somebody else worked in (F34): used as they are, and no points on them until somebody has looked."""

from __future__ import annotations

from dataclasses import replace

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.settings.model import Settings, StationSettings


def test_books_of_another_till_are_used_as_they_are_and_spend_no_points():
    rig = Rig()
    rig.fuel()
    before = list(rig.store.journal)
    rig.settings = replace(rig.settings, station=replace(rig.settings.station, terminal="T7"))
    rig.restart()
    assert "books_of_another" in rig.desk.state.blockers
    assert "books_of_another" in rig.notices
    rig.select(1)
    rig.pay()
    assert len(rig.facts(f.SalePaid)) == 1
    assert rig.store.journal[: len(before)] == before
    rig.restart()
    assert "books_of_another" not in rig.desk.state.blockers


def test_that_books_are_anothers_is_not_hidden_by_what_the_key_store_lacks():
    rig = Rig()
    rig.fuel()
    rig.settings = replace(rig.settings, station=replace(rig.settings.station, terminal="T7"))
    rig.restart()
    rig.tell(r.KeyStoreReported("secrets_locked"))
    seen = rig.look()
    assert seen.notice is not None
    assert (seen.notice.code, seen.unread) == ("secrets_locked", 1)
    rig.tell(m.DismissMessage())
    seen = rig.look()
    assert seen.notice is not None
    assert (seen.notice.code, seen.unread) == ("books_of_another", 0)
    assert {"books_of_another", "secrets_locked"} <= set(rig.desk.state.blockers)


def test_new_books_and_ones_own_are_nobody_elses():
    rig = Rig()
    assert not rig.desk.state.blockers
    rig.restart()
    assert not rig.desk.state.blockers


def named(settings: Settings, terminal: str) -> Settings:
    return replace(settings, station=replace(settings.station, station="CHXD018", terminal=terminal))


def test_what_a_till_wrote_before_it_had_a_name_is_its_own_when_it_has_one():
    rig = Rig()
    rig.settings = replace(rig.settings, station=StationSettings())
    rig.store.journal.clear()
    rig.restart()
    rig.fuel()
    rig.settings = named(rig.settings, "T1")
    rig.restart()
    assert "books_of_another" not in rig.desk.state.blockers


def test_books_of_a_till_that_once_had_no_name_are_anothers_all_the_same():
    rig = Rig()
    rig.settings = replace(rig.settings, station=StationSettings())
    rig.restart()
    rig.settings = named(rig.settings, "T1")
    rig.restart()
    rig.settings = named(rig.settings, "T2")
    rig.restart()
    assert "books_of_another" in rig.desk.state.blockers
