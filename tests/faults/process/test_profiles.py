"""A till's folder put back from yesterday, or copied to a second machine: found at first contact (F23, F34; I11, I12).

The headless terminal is the real one, central is the real sandbox, the till is enrolled. What is blocked are points,
with words; a sale for money goes on and is written.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from pos_client.domain import facts as f
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.services import journal_stream
from pos_client.services import messages as m
from pos_client.services.snapshots import CustomerState, PointsPhase
from tests.central import TERMINAL, RunningCentral, running_central
from tests.central import Till as Adapter
from tests.fakes.dispenser_site import POINT
from tests.fakes.selling_till import SellingTill, enrol, selling_till, settings_for
from tests.fakes.till import Till, running_till

ORGANISATION, PIN = "000200001", "246813"
INDIVIDUAL = "000100004"

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32" or not hasattr(os, "openpty"), reason="no pseudo-terminals"),
    pytest.mark.log_expected("a journal head office holds otherwise is said in the log"),
    pytest.mark.timeout(180),
]


@pytest.fixture
def central(tmp_path: Path) -> Iterator[RunningCentral]:
    with running_central(seed=13, database=f"sqlite:///{tmp_path / 'central.db'}") as running:
        yield running


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal_stream, "GATHER_MS", 100)


@pytest.fixture
def folder(tmp_path: Path, central: RunningCentral) -> Path:
    """A till that has worked for a day, and is closed."""
    made = tmp_path / "till"
    made.mkdir()
    enrol(made, central.addresses)
    a_day(made, central)
    return made


def a_day(folder: Path, central: RunningCentral) -> None:
    """Open, be heard, have everything acknowledged, close."""
    with running_till(folder, central=settings_for(central.addresses)) as till:
        all_is_acknowledged(till)


def all_is_acknowledged(till: Till) -> None:
    till.until(
        lambda: (
            till.shown
            and till.seen.status.central is LinkState.UP
            and till.facts(f.SessionOpened)
            and till.seen.status.queue.tail.records == 0
        ),
        "head office holds all of it",
    )


def state_of(central: RunningCentral) -> str:
    return next(str(row["state"]) for row in central.ledger()["terminals"] if row["name"] == TERMINAL)


def sales_go_on(till: SellingTill) -> None:
    before = len(till.till.facts(f.SalePaid))
    till.sell()
    assert len(till.till.facts(f.SalePaid)) == before + 1


def test_a_profile_put_back_from_yesterday_is_found_at_first_contact(folder: Path, central: RunningCentral):
    yesterday = shutil.copytree(folder, folder.with_name("yesterday"))
    a_day(folder, central)
    shutil.rmtree(folder)
    shutil.copytree(yesterday, folder)
    with selling_till(folder, settings_for(central.addresses)) as till:
        till.till.until_said("central_sequence-rollback")
        till.till.refuses_points("central_sequence-rollback")
        sales_go_on(till)
    assert state_of(central) == "quarantined"
    with running_till(folder, central=settings_for(central.addresses)) as again:  # starting again helps nobody
        again.until_said("central_terminal-quarantined")
        again.refuses_points("central_terminal-quarantined")


def test_of_two_copies_at_one_central_neither_spends_points_and_both_sell(folder: Path, central: RunningCentral):
    copy = shutil.copytree(folder, folder.with_name("copy"))
    with selling_till(folder, settings_for(central.addresses)) as first:
        all_is_acknowledged(first.till)
        with selling_till(copy, settings_for(central.addresses)) as second:
            second.till.until(
                lambda: second.till.said() & {"central_sequence-rollback", "central_chain-fork"}, "it is found"
            )
            (code,) = second.till.said() & {"central_sequence-rollback", "central_chain-fork"}
            second.till.refuses_points(code)
            assert state_of(central) == "quarantined"
            first.sell()  # its next records are refused: it hears of it with them
            first.till.until_said("central_terminal-quarantined")
            first.till.refuses_points("central_terminal-quarantined")
            sales_go_on(first)
            sales_go_on(second)


def test_a_copy_of_what_head_office_holds_goes_on_where_the_first_was_closed(folder: Path, central: RunningCentral):
    """Both books are as central holds them when the second one begins: its session is another, and all is taken."""
    with running_till(folder, central=settings_for(central.addresses)) as first:
        all_is_acknowledged(first)
        before = len(first.facts(f.SessionOpened))
    copy = shutil.copytree(folder, folder.with_name("copy"))
    with running_till(copy, central=settings_for(central.addresses)) as second:
        second.until(lambda: len(second.facts(f.SessionOpened)) == before + 1, "it began")
        numbers = [fact.session for fact in second.facts(f.SessionOpened)]
        assert numbers == sorted(set(numbers))
        all_is_acknowledged(second)


def test_a_central_put_back_from_its_backup_is_sent_again_what_it_had_acknowledged(tmp_path: Path):
    """F38: it holds less than it signed for; the till sends from there, and no row is lost or there twice."""
    database, backup, site = tmp_path / "central.db", tmp_path / "backup.db", tmp_path / "till"
    site.mkdir()
    with running_central(seed=14, database=f"sqlite:///{database}") as central:
        enrol(site, central.addresses)
        a_day(site, central)
    shutil.copyfile(database, backup)
    with running_central(seed=14, database=f"sqlite:///{database}") as central:
        a_day(site, central)
        held = len(central.control("GET", f"/control/journal?terminal={TERMINAL}"))
    for left in tmp_path.glob("central.db*"):
        left.unlink()
    shutil.copyfile(backup, database)
    with running_central(seed=14, database=f"sqlite:///{database}") as central:
        assert len(central.control("GET", f"/control/journal?terminal={TERMINAL}")) < held
        a_day(site, central)
        kept = [row["seq"] for row in central.control("GET", f"/control/journal?terminal={TERMINAL}")]
        assert kept == list(range(1, len(kept) + 1))
        assert len(kept) > held
        assert state_of(central) == "enrolled"


def test_a_capture_and_an_accrual_central_lost_are_booked_again_once(tmp_path: Path):
    """F38: both were delivered and acknowledged; the backup knows the consent, and neither the fuel nor the sale."""
    database, backup, site = tmp_path / "central.db", tmp_path / "backup.db", tmp_path / "till"
    site.mkdir()
    with running_central(seed=16, database=f"sqlite:///{database}") as central:
        enrol(site, central.addresses)
        with selling_till(site, settings_for(central.addresses)) as till:
            all_is_acknowledged(till.till)
            consent_to_a_gift(till)
            with closing(sqlite3.connect(database)) as live, closing(sqlite3.connect(backup)) as kept:
                live.backup(kept)
            till.post(m.SelectPoint(POINT))
            till.till.until(lambda: till.till.facts(f.Armed), "the pump is armed")
            till.pump.do("lift", nozzle=1)
            till.till.until(lambda: till.till.facts(f.DispenseStarted), "it delivers")
            till.pump.flow(volume_ml=2_000)
            till.pump.do("hang")
            till.till.until(lambda: till.till.facts(f.Captured), "it is debited")
            earn(till)
            all_is_acknowledged(till.till)
        (captured,), (posted,) = till.till.facts(f.Captured), till.till.facts(f.AccrualPosted)
        spent, earned = central.account(ORGANISATION)["debits"], central.account(INDIVIDUAL)["credits"]
    for left in tmp_path.glob("central.db*"):
        left.unlink()
    shutil.copyfile(backup, database)
    with running_central(seed=16, database=f"sqlite:///{database}") as central:
        assert central.account(ORGANISATION)["debits"] == spent - captured.points_debited
        assert central.account(INDIVIDUAL)["credits"] == earned - posted.points
        for _ in range(2):  # the second time there is nothing left to tell
            with running_till(site, central=settings_for(central.addresses)) as again:
                all_is_acknowledged(again)
                again.until(lambda: again.seen.status.queue.waiting == 0, "nothing waits")
                assert (again.facts(f.Captured), again.facts(f.AccrualPosted)) == ([captured], [posted])
            assert central.account(ORGANISATION)["debits"] == spent
            assert central.account(ORGANISATION)["held"] == 0
            assert central.account(INDIVIDUAL)["credits"] == earned


def test_a_till_enrolled_anew_over_its_old_book_is_held_from_the_first_row_and_nothing_counts_twice(
    folder: Path, central: RunningCentral
):
    """4.5: its key was lost. Records of the old epoch go under the new key as they were frozen; the book begins anew at
    central, whole, beside what central held of the old epoch."""
    with selling_till(folder, settings_for(central.addresses)) as till:
        earn(till)
        all_is_acknowledged(till.till)
        central.fault("down", times=0)
        till.till.until(lambda: till.till.seen.status.central is LinkState.DOWN, "nobody answers")
        till.sell_to(INDIVIDUAL)
        assert till.till.seen.status.queue.waiting == 1
    central.clear_faults()
    earned = central.account(INDIVIDUAL)["credits"]
    first = journal_by_epoch(central)[1]
    enrol(folder, central.addresses)  # another key, another epoch
    for _ in range(2):  # and once more: nothing is left to be told again
        with running_till(folder, central=replace(settings_for(central.addresses), epoch=2)) as anew:
            all_is_acknowledged(anew)
            anew.until(lambda: anew.seen.status.queue.waiting == 0, "nothing waits")
    held = journal_by_epoch(central)
    assert held[1] == first
    assert [row["seq"] for row in held[2]] == list(range(1, len(held[2]) + 1))
    assert [(row["body"], row["mac"]) for row in held[2][: len(first)]] == [(row["body"], row["mac"]) for row in first]
    posted = [fact.points for fact in anew.facts(f.AccrualPosted)]
    assert len(posted) == 2
    assert central.account(INDIVIDUAL)["credits"] == earned + posted[1]
    assert state_of(central) == "enrolled"


def test_a_quarantined_till_is_taken_back_by_enrolling_it_anew(folder: Path, central: RunningCentral):
    """F34's end: the copy is gone, what is left of its book is head office's again from the first row."""
    yesterday = shutil.copytree(folder, folder.with_name("yesterday"))
    a_day(folder, central)
    with running_till(yesterday, central=settings_for(central.addresses)) as rolled_back:
        rolled_back.until_said("central_sequence-rollback")
    assert state_of(central) == "quarantined"
    enrol(yesterday, central.addresses)
    with selling_till(yesterday, replace(settings_for(central.addresses), epoch=2)) as till:
        all_is_acknowledged(till.till)
        consent_to_a_gift(till)
    assert state_of(central) == "enrolled"


def journal_by_epoch(central: RunningCentral) -> dict[int, list[dict[str, Any]]]:
    found: dict[int, list[dict[str, Any]]] = {}
    for row in central.control("GET", f"/control/journal?terminal={TERMINAL}"):
        found.setdefault(row["epoch"], []).append(row)
    return found


def consent_to_a_gift(till: SellingTill) -> None:
    """An organisation agrees to free fuel; the permit is in hand."""
    seen = till.till
    till.post(m.Identify(ORGANISATION))
    seen.until(lambda: seen.seen.customer is not None and seen.seen.customer.state is CustomerState.KNOWN, "known")
    till.post(m.StartRedemption(200_000))
    seen.until(lambda: phase(seen) is PointsPhase.WAITING_SECRET, "the PIN is asked for")
    for digit in PIN:
        till.post(m.KeypadPressed(int(digit)))
    till.post(m.KeypadPressed(m.KeypadKey.OK))
    seen.until(lambda: seen.facts(f.ConsentGiven), "central agrees")


def earn(till: SellingTill) -> None:
    """A sale for cash of somebody who collects points."""
    till.fuel()
    till.open_sale()
    seen = till.till
    till.post(m.Identify(INDIVIDUAL))
    seen.until(lambda: seen.seen.customer is not None and seen.seen.customer.state is CustomerState.KNOWN, "known")
    till.pay_cash()
    seen.until(lambda: seen.facts(f.AccrualPosted), "it is credited")


def phase(till: Till) -> PointsPhase | None:
    panel = till.seen.points_panel
    return panel.phase if panel else None


def test_what_was_under_way_when_central_went_back_is_refused_or_kept_and_never_invented(tmp_path: Path):
    """F38: a hold nobody knows any more is no consent and leaves nothing held; fuel that was stated is for a person;
    a statement sent again under its key counts once."""
    database, backup = tmp_path / "central.db", tmp_path / "backup.db"
    with running_central(seed=15, database=f"sqlite:///{database}") as central:
        till = Adapter(central.addresses)
        till.start()
        till.close()
    shutil.copyfile(database, backup)
    with running_central(seed=15, database=f"sqlite:///{database}") as central:
        before = Adapter(central.addresses, device=till.device)
        confirmed, placed = before.hold(ORGANISATION, 500)
        assert isinstance(before.verify(confirmed, 1, placed, PIN), port.ConsentVerified)
        asked, placed = before.hold(ORGANISATION, 500)
        accrual = before.wire.encode(before.accrual("000100004", (TenderClass.ELECTRONIC, 10_000)))
        assert isinstance(before.forward(accrual), port.AccrualBooked)
        before.close()
    for left in tmp_path.glob("central.db*"):
        left.unlink()
    shutil.copyfile(backup, database)
    with running_central(seed=15, database=f"sqlite:///{database}") as central:
        after = Adapter(central.addresses, device=till.device)
        refused = after.verify(asked, 1, placed, PIN)
        assert isinstance(refused, port.Problem)
        assert refused.code == "unknown-redemption"
        assert isinstance(after.call(port.Void(asked, "unknown")), port.RedemptionVoided)
        stated = after.call(after.capture(confirmed, 300))
        assert isinstance(stated, port.Problem)
        assert stated.code == "unknown-redemption"
        earned = central.account("000100004")["credits"]
        assert [type(after.forward(accrual)) for _ in range(2)] == [port.AccrualBooked] * 2
        assert central.account("000100004")["credits"] == earned + 50
        assert central.account(ORGANISATION)["held"] == 0
        after.close()
