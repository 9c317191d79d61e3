"""The certificate of a day at the till: looked at, printed, and printed again as a copy."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.certificate import DayCertificate, DaySums
from pos_client.ports import reports as r
from pos_client.services import messages as m
from pos_client.services.certificate_snapshots import CertificatePage


class Reads:
    """Somebody who reads the books when he is told to."""

    def __init__(self) -> None:
        self.asked: list[date] = []

    def ask(self, day: date) -> None:
        self.asked.append(day)


@pytest.fixture
def rig() -> Rig:
    rig = Rig()
    rig.desk.certifier = Reads()
    return rig


def today(rig: Rig) -> date:
    return rig.clock.now().wall.date()


def made(rig: Rig, day: date) -> DayCertificate:
    return DayCertificate("CHXD018", "T1", day, DaySums(), written=3, last_seq=len(rig.store.journal))


def page(rig: Rig) -> CertificatePage:
    shown = rig.look().certificate_page
    assert shown is not None
    return shown


def looked_at(rig: Rig, day: date) -> None:
    rig.tell(m.ShowCertificate(day), r.CertificateMade(made(rig, day)))


def test_nobody_looks_nothing_is_asked_for(rig: Rig):
    assert rig.look().certificate_page is None
    rig.tell(m.PrintCertificate())
    assert "certificate_not_ready" in rig.notices
    assert rig.printer.certificates == []
    assert rig.desk.certifier.asked == []  # type: ignore[attr-defined]  # it is our reader


def test_a_day_is_asked_for_and_shown_when_it_is_made(rig: Rig):
    day = today(rig)
    rig.tell(m.ShowCertificate(day + timedelta(days=3)))  # nobody has books of tomorrow
    assert page(rig) == CertificatePage(day, day)
    rig.tell(r.CertificateMade(made(rig, day - timedelta(days=1))))  # an answer to an earlier question
    assert page(rig).certificate is None
    rig.tell(r.CertificateMade(made(rig, day)))
    assert page(rig).certificate == made(rig, day)
    rig.tell(m.ShowCertificate())
    assert rig.look().certificate_page is None


def test_the_second_print_of_a_day_is_a_copy_over_restarts_too(rig: Rig):
    day = today(rig)
    looked_at(rig, day)
    rig.tell(m.PrintCertificate())
    assert page(rig).printed
    rig.restart()
    for other in (day, day - timedelta(days=1)):
        looked_at(rig, other)
        rig.tell(m.PrintCertificate())
    assert [(each.shown.day, each.copy) for each in rig.printer.certificates] == [
        (day, False),
        (day, True),
        (day - timedelta(days=1), False),
    ]
    assert [fact.copy for fact in rig.facts(f.CertificatePrinted)] == [False, True, False]
    assert "certificate_copy_sent" in rig.notices


@pytest.mark.log_expected("the disk refused")
def test_nothing_is_printed_that_could_not_be_written_down(rig: Rig):
    looked_at(rig, today(rig))
    rig.store.fault = "disk_full"
    rig.tell(m.PrintCertificate())
    assert rig.printer.certificates == []
    assert "disk_full" in rig.notices
    rig.store.fault = None
    rig.tell(m.PrintCertificate())
    assert [each.copy for each in rig.printer.certificates] == [False]


def test_books_nobody_can_read_are_said_and_stop_no_sale(rig: Rig):
    day = today(rig)
    rig.tell(m.ShowCertificate(day), r.CertificateFailed(day, "store_corrupt"))
    assert (page(rig).trouble, page(rig).certificate) == ("store_corrupt", None)
    rig.fuel()
    rig.select(1)
    rig.tell(m.ReprintLast())
    rig.tell(m.ShowCertificate(day))
    assert page(rig).trouble == ""
