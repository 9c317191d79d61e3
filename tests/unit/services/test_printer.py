"""What the printer says, on the strip and in the message bar; a sale never waits for it."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.ports.reports import PrinterReported, PrinterState
from tests.words import words

VI, EN = words("vi"), words("en")


@pytest.mark.parametrize("trouble", [each for each in PrinterTrouble if each is not PrinterTrouble.PAPER_LOW])
@pytest.mark.log_expected("a printer that does not print is written down")
def test_each_cause_is_said_in_both_languages_and_taken_back_when_it_prints(trouble: PrinterTrouble):
    rig = Rig()
    rig.tell(PrinterReported(PrinterState.FAILED, "T1-1", "what the system said", trouble))
    snapshot = rig.look()
    assert snapshot.status.printer_trouble is trouble
    assert snapshot.notice is not None
    for language in (VI, EN):
        for part in ("what", "means", "key"):
            assert language.knows(f"notice.{snapshot.notice.code}.{part}")
    rig.tell(PrinterReported(PrinterState.READY, "T1-1"))
    assert rig.look().notice is None
    assert rig.look().status.printer_trouble is None


def test_low_paper_is_a_light_and_no_message():
    rig = Rig()
    rig.tell(PrinterReported(PrinterState.READY, "T1-1", trouble=PrinterTrouble.PAPER_LOW))
    assert rig.look().notice is None
    assert rig.look().status.printer_trouble is PrinterTrouble.PAPER_LOW


@pytest.mark.parametrize("trouble", PrinterTrouble)
def test_the_strip_and_the_check_up_have_words_for_each(trouble: PrinterTrouble):
    for language in (VI, EN):
        assert language.knows(f"strip.printer.{trouble.value}")
        assert language.knows(f"printing.{trouble.value}.says")
        assert language.knows(f"printing.{trouble.value}.do")
