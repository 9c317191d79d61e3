"""What is said aloud: once, at the right moment, and nothing that is not everybody's business."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.receipt import PointsLine, Receipt
from pos_client.domain.tender import Tender, TenderKind
from pos_client.services import snapshots as s
from pos_client.ui.speech.view_model import sentence
from tests.ui import sample as x
from tests.ui.gallery import CUSTOMER
from tests.words import words

VI, EN = words("vi"), words("en")
EARNED = PointsLine(450, "", "", True, 0, 12_345)
RECEIPT = replace(x.RECEIPT, point=3, amount_vnd=95_400, earned=EARNED)
DONE = x.dialogue(s.DialogueState.RESULT, notice=s.Notice("sale_done", s.Severity.DONE))
IDLE, PAID = x.terminal(), x.terminal(receipt=RECEIPT, dialogue=DONE)


@pytest.mark.parametrize(
    ("receipt", "vietnamese", "english"),
    [
        (
            RECEIPT,
            "Cột ba, chín mươi lăm nghìn bốn trăm đồng, cộng bốn trăm năm mươi điểm. Cảm ơn quý khách.",
            "Pump three, ninety-five thousand four hundred dong, four hundred and fifty points added. Thank you.",
        ),
        (
            replace(RECEIPT, earned=replace(EARNED, confirmed=False)),
            "Cột ba, chín mươi lăm nghìn bốn trăm đồng, sẽ cộng bốn trăm năm mươi điểm. Cảm ơn quý khách.",
            "Pump three, ninety-five thousand four hundred dong, four hundred and fifty points will be added."
            " Thank you.",
        ),
        (
            replace(RECEIPT, earned=None),
            "Cột ba, chín mươi lăm nghìn bốn trăm đồng, đã trả đủ. Cảm ơn quý khách.",
            "Pump three, ninety-five thousand four hundred dong, paid in full. Thank you.",
        ),
    ],
    ids=["credited", "to be credited", "nobody earns"],
)
def test_a_sale_that_is_paid(receipt: Receipt, vietnamese: str, english: str) -> None:
    paid = replace(PAID, receipt=receipt)
    assert sentence(VI, IDLE, paid) == vietnamese
    assert sentence(EN, IDLE, paid) == english


def test_what_is_due_is_said_when_the_sale_is_opened_and_not_again_when_a_part_is_paid() -> None:
    opened = x.selling(customer=None, points_panel=None)
    assert sentence(VI, IDLE, opened) == "Cột một, ba trăm năm mươi nghìn đồng."
    part = replace(opened, sale=replace(x.SALE, tenders=(Tender(TenderKind.CASH, 50_000),), due_vnd=300_000))
    assert sentence(VI, opened, part) == ""


def test_each_is_said_once_and_nothing_after_a_start() -> None:
    assert sentence(VI, None, PAID) == ""
    assert sentence(VI, PAID, replace(PAID, ticks_ms=x.NOW + 250)) == ""
    opened = x.selling()
    assert sentence(VI, opened, replace(opened, customer=None)) == ""


def test_a_late_claim_is_no_sale() -> None:
    claimed = replace(PAID, dialogue=replace(DONE, notice=s.Notice("claim_done", s.Severity.DONE)))
    assert sentence(VI, IDLE, claimed) == ""


@given(st.sampled_from(sorted(CUSTOMER)), st.sampled_from([IDLE, PAID]), st.sampled_from([VI, EN]))
def test_nothing_private_is_heard_by_all(name: str, before: s.TerminalSnapshot, catalogue: object) -> None:
    now = CUSTOMER[name] or IDLE
    alone = replace(now, customer=None, points_panel=None, dialogue=replace(now.dialogue, entered="", secret_length=0))
    if now.receipt is not None:
        nobodys = replace(now.receipt, masked_name=None, masked_identifier=None, spent=None)
        if nobodys.earned is not None:
            nobodys = replace(nobodys, earned=replace(nobodys.earned, balance_before=None, balance_after=None))
        alone = replace(alone, receipt=nobodys)
    assert sentence(catalogue, before, now) == sentence(catalogue, before, alone)  # type: ignore[arg-type]
