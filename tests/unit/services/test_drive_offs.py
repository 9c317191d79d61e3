"""A customer who left without paying: noted, listed, taken back, and never forgotten by the books."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.envelopes import FakeWire
from pos_client.bootstrap.simulate.world import OK, Rig
from pos_client.domain import facts as f
from pos_client.domain.customer import Identifier, IdentifierKind
from pos_client.domain.identifiers import FuellingId
from pos_client.domain.tender import TenderKind
from pos_client.ports.errors import Unavailable
from pos_client.services import messages as m
from pos_client.services.state import KEPT_DRIVE_OFFS

PLATE = "51F-123.45"


def close(rig: Rig) -> None:
    rig.settle()
    rig.sell_everything()
    rig.settle(60)
    rig.check_ledgers()


def test_the_open_sale_drove_off():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.DriveOff(PLATE))
    assert (rig.look().sale, rig.picture.customer, rig.picture.points[0].unpaid) == (None, None, ())
    (gone,) = rig.picture.drive_offs
    assert (gone.point, gone.volume_ml, gone.amount_vnd, gone.masked_plate) == (1, 10_000, 270_800, "51F *** 45")
    assert [fact.reason for fact in rig.facts(f.SaleReleased)] == ["drive_off"]
    assert rig.notices[-1] == "drive_off_noted"
    close(rig)


def test_the_plate_is_on_the_books_for_head_office_alone():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.DriveOff(PLATE))
    fact = rig.only(f.DroveOff)
    assert rig.envelopes.identifiers[fact.sealed_plate] == Identifier(IdentifierKind.PLATE, "51F12345")
    assert "51F12345" not in repr(rig.store.journal)


def test_one_that_waits_drove_off_and_another_sale_stays_at_the_counter():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.fuel(2, 2_000)
    rig.select(2)
    (waiting,) = rig.picture.points[0].unpaid
    rig.tell(m.DriveOff("", waiting.fuelling_id))
    assert rig.picture.sale is not None
    assert [gone.masked_plate for gone in rig.picture.drive_offs] == [""]
    close(rig)


def test_he_came_back_and_pays():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.DriveOff(PLATE))
    (gone,) = rig.picture.drive_offs
    rig.advance(400_000, step_ms=10_000)
    rig.restart()
    assert [each.fuelling_id for each in rig.picture.drive_offs] == [gone.fuelling_id]
    rig.tell(m.ReturnDriveOff(gone.fuelling_id))
    assert rig.notices[-1] == "drive_off_returned"
    assert rig.look().drive_offs == ()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert rig.credits() == [650]
    close(rig)


def test_one_who_came_back_is_the_oldest_again():
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.fuel(1, 2_000)
    first, _ = rig.picture.points[0].unpaid
    rig.tell(m.DriveOff("", first.fuelling_id), m.ReturnDriveOff(first.fuelling_id))
    assert [each.volume_ml for each in rig.picture.points[0].unpaid] == [1_000, 2_000]
    close(rig)


@pytest.mark.parametrize("begun", [m.TakeTender(TenderKind.CASH, 10_000), m.StartRedemption(50_000)])
def test_a_sale_with_money_or_points_on_it_is_no_drive_off(begun: object):
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(begun, m.DriveOff(PLATE), m.MarkPumpTest())
    assert rig.notices[-1] == "sale_has_payments"
    assert rig.facts(f.DroveOff) == []
    close(rig)


def test_a_paid_one_and_a_gift_are_never_a_drive_off():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.pay()
    rig.identify()
    rig.tell(m.StartRedemption(100_000))
    rig.keys(rig.code(), OK)
    rig.select(2)
    rig.act(rig.forecourt.lift, 2)
    rig.act(rig.forecourt.flow, 2, 99_000)
    rig.act(rig.forecourt.hang, 2)
    for fact in rig.facts(f.FuellingCompleted):
        rig.tell(m.DriveOff(PLATE, fact.fuelling_id), m.MarkPumpTest(fact.fuelling_id))
        assert rig.notices[-1] == "fuelling_not_waiting"
    rig.tell(m.DriveOff(PLATE))
    assert rig.notices[-1] == "no_open_sale"
    assert rig.facts(f.DroveOff) == []
    assert rig.facts(f.PumpTestMarked) == []
    close(rig)


def test_only_a_drive_off_comes_back():
    rig = Rig()
    rig.fuel()
    (waiting,) = rig.picture.points[0].unpaid
    for wrong in (waiting.fuelling_id, FuellingId("nobody")):
        rig.tell(m.ReturnDriveOff(wrong))
        assert rig.notices[-1] == "not_a_drive_off"
    close(rig)


def test_what_is_no_plate_notes_nothing():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.DriveOff("??"))
    assert rig.notices[-1] == "plate_unreadable"
    assert rig.look().sale is not None
    close(rig)


def test_without_head_offices_key_it_is_noted_without_the_plate_and_says_so(monkeypatch: pytest.MonkeyPatch):
    def no_key(self: FakeWire, identifier: Identifier) -> str:
        raise Unavailable("seal_key_missing", "")

    monkeypatch.setattr(FakeWire, "seal_identifier", no_key)
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.tell(m.DriveOff(PLATE))
    fact = rig.only(f.DroveOff)
    assert (fact.sealed_plate, fact.masked_plate) == ("", "")
    assert rig.notices[-1] == "drive_off_without_plate"
    close(rig)


@pytest.mark.log_expected("a disk that refuses is said in the log")
@pytest.mark.parametrize("command", [m.DriveOff(PLATE), m.MarkPumpTest()])
def test_what_cannot_be_written_does_not_happen(command: object):
    rig = Rig()
    rig.fuel(1, 1_000)
    rig.fuel(2, 1_000)
    rig.select(1)
    rig.store.fault = "disk_full"
    rig.tell(command)
    (waiting,) = rig.picture.points[1].unpaid
    rig.tell(m.DriveOff("", waiting.fuelling_id))
    sale = rig.look().sale
    assert sale is not None
    assert sale.claim_until_ticks_ms is not None
    assert len(rig.picture.points[1].unpaid) == 1
    rig.store.fault = None
    rig.pay()
    rig.select(2)
    rig.pay()
    close(rig)


def test_drive_offs_of_long_ago_leave_the_memory_and_not_the_journal():
    rig = Rig()
    for _ in range(KEPT_DRIVE_OFFS + 3):
        rig.fuel(millilitres=1_000)
        rig.select(1)
        rig.tell(m.DriveOff(PLATE))
    assert len(rig.picture.drive_offs) == KEPT_DRIVE_OFFS
    assert len(rig.desk.state.fuellings) == KEPT_DRIVE_OFFS
    first = rig.facts(f.DroveOff)[0].fuelling_id
    rig.tell(m.ReturnDriveOff(first))
    assert rig.notices[-1] == "not_a_drive_off"
    rig.restart()
    assert len(rig.picture.drive_offs) == KEPT_DRIVE_OFFS
    assert len(rig.facts(f.DroveOff)) == KEPT_DRIVE_OFFS + 3
    close(rig)
