"""Training touches nothing that is real: not the books, not the key store, not head office; and says on everything that
it is worth nothing."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pos_client.adapters.peripherals.receipt_printer import EscposPrinter, Pace
from pos_client.adapters.settings_file.toml_file import read_settings, write_settings
from pos_client.bootstrap.books import open_books
from pos_client.bootstrap.enrolling import open_secrets
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.ticks import keep_ticks, read_ticks
from pos_client.bootstrap.training.exercises import EXERCISES, FAULTS, Drill
from pos_client.bootstrap.training.paper import PaperPrinter
from pos_client.bootstrap.training.session import as_training
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.ports.errors import Unavailable
from pos_client.ports.reports import PrinterReported, PrinterState
from pos_client.services.snapshots import PointsPhase
from pos_client.settings.model import CentralSettings, PrinterSettings, Settings
from pos_client.settings.options import SANDBOX_SECRETS
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree
from tests.ui import sample as x
from tests.waiting import eventually
from tests.words import FONTS, words

TRAINING = replace(as_training(Settings(), "tcp://127.0.0.1:9"), secrets_backend=SANDBOX_SECRETS)


def _faults(settings: Settings) -> set[str]:
    return {fault.place for fault in check(as_tree(settings)).faults if fault.code == "training_is_the_sandboxs"}


@pytest.mark.parametrize("training", [False, True])
def test_neither_opens_the_others_books_and_leaves_them_as_they_are(tmp_path: Path, training: bool) -> None:
    site = Site(tmp_path)
    open_books(site, "", training=training).store.close()
    before = site.journal.read_bytes()
    with pytest.raises(Unavailable) as refused:
        open_books(site, "", training=not training)
    assert refused.value.code == ("store_of_training" if training else "store_of_a_till")
    assert site.journal.read_bytes() == before
    open_books(site, "", training=training).store.close()


def test_a_book_of_training_that_was_copied_is_still_none_of_a_tills(tmp_path: Path) -> None:
    """The mark is in the book, not in the name of its folder."""
    one, other = Site(tmp_path / "training"), Site(tmp_path / "till")
    for site in (one, other):
        site.folder.mkdir()
    open_books(one, "", training=True).store.close()
    other.journal.write_bytes(one.journal.read_bytes())
    with pytest.raises(Unavailable, match="store_of_training"):
        open_books(other, "")


def test_a_till_with_real_keys_is_not_made_to_train_nor_training_real(tmp_path: Path) -> None:
    assert _faults(TRAINING) == set()
    assert _faults(replace(TRAINING, secrets_backend="os")) == {"station.training"}
    mirrored = replace(TRAINING, books=replace(TRAINING.books, mirror_folder="/real"))
    assert _faults(mirrored) == {"books.mirror_folder"}
    site = Site(tmp_path)
    write_settings(site.settings, TRAINING)
    assert read_settings(site.settings).settings is None, "what a real start reads refuses the sandbox's secrets"


def test_training_has_no_way_to_a_real_head_office(tmp_path: Path) -> None:
    """Its key store is a file that serves a central on this machine alone, so it has no key to sign with elsewhere."""
    far = replace(TRAINING, central=CentralSettings(url="https://loyalty.example.vn"))
    with pytest.raises(Unavailable, match="secrets_sandbox_only"):
        open_secrets(far, Site(tmp_path))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_paper_says_so_at_its_head_and_its_foot(tmp_path: Path, language: str) -> None:
    mark = words(language).say("training.mark")
    printer = EscposPrinter(PrinterSettings(), words(language), FONTS, _Reports(), mark=mark)
    lines = [line.left for line in printer.lines_of(x.RECEIPT)]
    assert mark.split()[0] in lines[0]
    assert mark.split()[-1] in lines[-1]
    plain = EscposPrinter(PrinterSettings(), words(language), FONTS, _Reports()).lines_of(x.RECEIPT)
    assert not any(mark.split()[0] in line.left for line in plain)


class _Reports:
    def __init__(self) -> None:
        self.heard: list[PrinterReported] = []

    def post(self, report: object) -> None:
        assert isinstance(report, PrinterReported)
        self.heard.append(report)


def test_the_roll_can_be_taken_out_and_put_back() -> None:
    """The till's own printer adapter over a real socket: it says what is wrong, waits, and prints."""
    paper, stop, reports = PaperPrinter(), threading.Event(), _Reports()
    printer = EscposPrinter(
        PrinterSettings(target=paper.target), words("vi"), FONTS, reports, Pace(retry_s=0.05, look_s=0.05, turn_s=0.02)
    )
    threads = [threading.Thread(target=each.run, args=(stop,)) for each in (paper, printer)]
    for thread in threads:
        thread.start()
    try:
        eventually(lambda: any(r.state is PrinterState.READY for r in reports.heard), 30)
        paper.paper(there=False)
        printer.print(x.RECEIPT)
        eventually(lambda: any(r.trouble is PrinterTrouble.PAPER_OUT for r in reports.heard), 30)
        printed = len(reports.heard)
        paper.paper(there=True)
        eventually(
            lambda: any(
                r.receipt_number == x.RECEIPT.receipt_number and r.state is PrinterState.READY
                for r in reports.heard[printed:]
            )
        )
    finally:
        stop.set()
        for thread in threads:
            thread.join(10)


# ── exercises ───────────────────────────────────────────────────────────────────────────────────────────────────────

OFFLINE = x.terminal(status=x.OFFLINE)
PAID = replace(x.RECEIPT, receipt_number="CHXD018-T1-261123-00099")


def test_every_exercise_has_its_words_and_every_fault_an_exercise() -> None:
    assert set(FAULTS) <= set(EXERCISES)
    for language in ("vi", "en"):
        catalogue = words(language)
        for name in EXERCISES:
            assert catalogue.knows(f"training.exercise.{name}")
            assert catalogue.knows(f"training.how.{name}")


def test_a_sale_offline_counts_only_when_it_was_offline() -> None:
    drill = Drill()
    drill.begin("offline", x.terminal())
    assert not drill.see(x.terminal(receipt=PAID)), "the network was still there"
    assert not drill.see(OFFLINE)
    assert drill.see(x.terminal(status=x.OFFLINE, receipt=PAID))
    assert drill.done == {"offline"}
    assert not drill.see(x.terminal(status=x.OFFLINE, receipt=PAID)), "once"


def test_an_unknown_outcome_has_to_be_seen_before_the_sale() -> None:
    drill = Drill()
    drill.begin("late_answer", x.terminal(receipt=x.RECEIPT))
    assert not drill.see(x.terminal(receipt=PAID))
    assert not drill.see(x.selling(points_panel=replace(x.PANELS["waiting"], phase=PointsPhase.UNKNOWN)))
    assert drill.see(x.terminal(receipt=PAID))


def test_the_receipt_that_was_there_before_is_no_exercise() -> None:
    drill = Drill()
    drill.begin("cash", x.terminal(receipt=x.RECEIPT))
    assert not drill.see(x.terminal(receipt=x.RECEIPT))


def test_stopping_is_done_when_it_goes_on() -> None:
    drill = Drill()
    drill.begin("stop", x.terminal())
    assert not drill.see(x.terminal())
    assert not drill.see(x.terminal(points=(x.point(1, stopped=True),)))
    assert drill.see(x.terminal())


def test_offline_is_what_the_strip_calls_so() -> None:
    assert x.OFFLINE.central is LinkState.DOWN


def test_ticks_are_kept_and_a_broken_file_costs_only_them(tmp_path: Path) -> None:
    file = tmp_path / "exercises.json"
    assert read_ticks(file) == set()
    keep_ticks(file, {"cash", "stop"})
    assert read_ticks(file) == {"cash", "stop"}
    file.write_text("{", "utf-8")
    assert read_ticks(file) == set()
    keep_ticks(tmp_path / "nowhere" / "exercises.json", {"cash"})
