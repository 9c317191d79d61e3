"""The certificate at the running till: the real books, read from outside while they are written."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from pos_client.adapters.system_clock import SystemClock
from pos_client.services import messages as m
from tests.fakes.till import Till, running_till


def shown(till: Till) -> object:
    page = till.seen.certificate_page
    return page is not None and page.certificate


def test_a_running_till_says_what_its_day_is_worth_and_prints_it(tmp_path: Path):
    today = SystemClock().now().wall.date()
    with running_till(tmp_path) as till:
        till.until(lambda: till.shown and till.seen.ready, "it is ready")
        till.system.post(m.ShowCertificate(today))
        till.until(lambda: shown(till), "the books are read")
        page = till.seen.certificate_page
        assert page is not None
        made = page.certificate
        assert made is not None
        assert (made.station, made.terminal, made.day) == ("CHXD018", "T1", today)
        assert made.written >= 1
        assert made.broken_at is None
        till.system.post(m.PrintCertificate())  # there is no printer: said, and nothing stops
        till.until(lambda: till.seen.certificate_page and till.seen.certificate_page.printed, "it is written down")
        till.system.post(m.ShowCertificate(today - timedelta(days=400)))
        till.until(lambda: shown(till) and till.seen.certificate_page.certificate.day != today, "another day")  # type: ignore[union-attr]  # it is shown
        assert till.seen.certificate_page.certificate.written == 0  # type: ignore[union-attr]  # as before


def test_books_that_cannot_be_read_from_outside_are_said(tmp_path: Path, monkeypatch):
    from pos_client.bootstrap import certifying
    from pos_client.ports.errors import Unavailable

    def refused(path: Path) -> None:
        raise Unavailable("store_corrupt", str(path))

    monkeypatch.setattr(certifying, "open_reader", refused)
    with running_till(tmp_path) as till:
        till.until(lambda: till.shown and till.seen.ready, "it is ready")
        till.system.post(m.ShowCertificate(SystemClock().now().wall.date()))
        till.until(lambda: till.seen.certificate_page and till.seen.certificate_page.trouble == "store_corrupt", "said")
