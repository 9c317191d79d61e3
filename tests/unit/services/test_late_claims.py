"""Points claimed with a receipt's code: once, in time, for whoever is named; and every other code worth nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import INDIVIDUAL, ORGANISATION, PHONE, SETTINGS, Rig
from pos_client.domain import claim_code
from pos_client.domain import facts as f
from pos_client.domain.paper import Style
from pos_client.domain.receipt import Receipt
from pos_client.domain.receipt_layout import layout
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.late_claims import PATIENCE_MS
from pos_client.settings.model import LoyaltySettings
from tests.words import words

HOUR_MS = 3_600_000


def printed(rig: Rig) -> str:
    """The code on the last paper."""
    receipt = rig.printer.printed[-1]
    assert isinstance(receipt, Receipt)
    return receipt.claim_code


def anonymous(rig: Rig, kind: TenderKind = TenderKind.QR) -> str:
    rig.fuel()
    rig.select(1)
    rig.pay(kind)
    return printed(rig)


def told(rig: Rig) -> str:
    notice = rig.look().notice
    assert notice is not None
    return notice.code


def claim(rig: Rig, code: str, who: str = INDIVIDUAL) -> None:
    rig.tell(m.Scan(code), m.Scan(who))


def close(rig: Rig) -> None:
    rig.settle(60)
    rig.check_ledgers()


@pytest.mark.parametrize(("kind", "points"), [(TenderKind.QR, 1350), (TenderKind.CASH, 650)])
def test_the_code_and_then_the_customer_bring_what_the_sale_was_worth(kind: TenderKind, points: int):
    rig = Rig()
    code = anonymous(rig, kind)
    rig.tell(m.Scan(code))
    assert (told(rig), rig.credits()) == ("claim_read", [])
    rig.tell(m.Scan(INDIVIDUAL))
    assert (told(rig), rig.credits()) == ("claim_made", [points])
    assert rig.look().customer is None, "whoever came for one receipt is not the next sale's customer"
    assert rig.only(f.ClaimUsed).masked_identifier == INDIVIDUAL
    close(rig)


def test_the_customer_and_then_the_code_too():
    rig = Rig()
    code = anonymous(rig)
    rig.tell(m.Scan(INDIVIDUAL), m.Scan(code))
    assert (told(rig), rig.credits()) == ("claim_made", [1350])
    close(rig)


def test_he_may_type_his_phone_on_his_own_keypad():
    rig = Rig()
    code = anonymous(rig)
    rig.tell(m.Scan(code))
    rig.keys(PHONE, m.KeypadKey.OK)
    assert rig.credits() == [1350]


def test_a_code_is_good_once_and_a_copy_has_none():
    rig = Rig()
    code = anonymous(rig)
    rig.tell(m.ReprintLast())
    assert printed(rig) == ""
    claim(rig, code)
    rig.advance(5_000)
    rig.tell(m.Scan(code))
    assert (told(rig), len(rig.facts(f.ClaimUsed))) == ("claim_used", 1)
    close(rig)


def test_after_a_restart_it_is_still_good_and_still_good_once():
    rig = Rig()
    code = anonymous(rig)
    rig.restart()
    claim(rig, code)
    assert rig.credits() == [1350]
    rig.restart()
    claim(rig, code, ORGANISATION)
    assert (rig.credits(), len(rig.facts(f.ClaimUsed))) == ([1350], 1)
    close(rig)


def test_killed_between_code_and_customer_nothing_is_used_up():
    rig = Rig()
    code = anonymous(rig)
    rig.tell(m.Scan(code))
    rig.restart()
    rig.tell(m.Scan(INDIVIDUAL))
    assert rig.credits() == []
    rig.tell(m.ReleaseSale())
    claim(rig, code)
    assert rig.credits() == [1350]


def test_after_its_hours_it_is_over():
    rig = Rig()
    code = anonymous(rig)
    rig.advance(24 * HOUR_MS + 60_000, step_ms=HOUR_MS)
    rig.tell(m.Scan(code))
    assert told(rig) == "claim_too_late"


def test_one_account_claims_so_many_a_day_and_the_next_code_stays_good():
    rig = Rig()
    codes = [anonymous(rig) for _ in range(4)]
    for code in codes[:3]:
        claim(rig, code)
    claim(rig, codes[3])
    assert (told(rig), len(rig.credits())) == ("claim_too_many", 3)
    claim(rig, codes[3], ORGANISATION)
    assert len(rig.credits()) == 4
    close(rig)


def test_while_central_is_away_it_is_queued():
    rig = Rig()
    code = anonymous(rig)
    rig.central.down = True
    rig.advance(10_000)
    claim(rig, code)
    assert (told(rig), rig.credits()) == ("claim_made", [])
    rig.central.down = False
    rig.settle(120)
    assert rig.credits() == [1350]
    rig.check_ledgers()


def test_nobody_comes_and_the_code_keeps():
    rig = Rig()
    code = anonymous(rig)
    rig.tell(m.Scan(code))
    rig.advance(PATIENCE_MS)
    rig.tell(m.Scan(INDIVIDUAL))
    assert rig.credits() == []
    rig.tell(m.ReleaseSale())
    claim(rig, code)
    assert rig.credits() == [1350]


def test_over_an_open_sale_it_waits():
    rig = Rig()
    code = anonymous(rig)
    rig.fuel()
    rig.select(1)
    rig.tell(m.Scan(code))
    assert told(rig) == "claim_over_sale"
    assert rig.look().customer is None


@pytest.mark.parametrize("text", ["TD-0000-0000-00", "TD-ZZZZ-ZZZZ-ZZ"])
def test_a_code_nobody_printed_is_worth_nothing(text: str):
    rig = Rig()
    anonymous(rig)
    claim(rig, text)
    assert rig.credits() == []
    assert "claim_unknown" in rig.notices


def test_a_sale_with_a_customer_has_no_code_nor_one_where_they_are_switched_off():
    rig = Rig()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.pay()
    assert printed(rig) == ""
    without = Rig(replace(SETTINGS, loyalty=LoyaltySettings(late_claim_h=0)))
    assert anonymous(without) == ""


def test_a_code_reads_back_however_it_is_typed_and_its_digest_alone_is_in_the_books():
    rig = Rig()
    code = anonymous(rig)
    assert claim_code.read(code.lower().replace("-", " ")) == code
    assert claim_code.read(code.replace("0", "O")) == code
    assert claim_code.read("29A12345") is None
    assert claim_code.read(f"{code}1") is None
    at_rest = rig.evidence().at_rest
    assert code.encode() not in at_rest
    assert claim_code.digest(code).encode() in at_rest


@pytest.mark.parametrize(("language", "says"), [("vi", "Chưa tích điểm?"), ("en", "No points yet?")])
def test_the_code_stands_on_the_paper_as_words_and_as_its_one_picture(language: str, says: str):
    rig = Rig()
    code = anonymous(rig)
    receipt = rig.printer.printed[-1]
    assert isinstance(receipt, Receipt)
    lines = layout(receipt, words(language), 32)
    said = " ".join(line.left for line in lines)
    assert says in said
    assert code in said
    assert [line.left for line in lines if line.style is Style.QR] == [code]
