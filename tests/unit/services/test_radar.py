"""The radar at the till: said once and calmly, behind everything else, never in a sale's way, and known again later."""

from __future__ import annotations

from dataclasses import replace

from pos_client.bootstrap.simulate.world import INDIVIDUAL, OK, ORGANISATION, SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.radar import Sign
from pos_client.domain.tender import TenderKind
from pos_client.services import messages as m
from pos_client.services.radar import ROWS_AT_ONCE, SAID_MS
from pos_client.services.radar_snapshots import RadarRow
from pos_client.services.snapshots import Severity
from pos_client.settings.model import RadarSettings
from tests.unit.services.test_late_claims import anonymous, claim
from tests.unit.services.test_reversals import CASHIER, MANAGER, STAFFED, type_pin
from tests.words import words

TIGHT = replace(SETTINGS, radar=RadarSettings(often=1, same_hands=1, late=0, reprint=0, not_me=0, wrong_code=0))


def sell(rig: Rig, who: str = INDIVIDUAL) -> None:
    rig.fuel()
    rig.select(1)
    rig.identify(who)
    rig.pay(TenderKind.QR)


def said(rig: Rig, seconds: int = 20) -> list[str]:
    """Signs that were said meanwhile, each read as soon as it stood there."""
    heard = []
    for _ in range(seconds * 4):
        rig.advance(250, 250)
        notice = rig.look().notice
        if notice is not None and notice.code.startswith("radar_"):
            assert notice.severity is Severity.WARNING
            heard.append(notice.code.removeprefix("radar_"))
            rig.tell(m.DismissMessage())
    return heard


def rows(rig: Rig) -> tuple[RadarRow, ...]:
    rig.tell(m.ShowRadar())
    page = rig.look().radar
    assert page is not None
    rig.tell(m.ShowRadar(shown=False))
    assert rig.look().radar is None
    return page.rows


def test_a_sign_is_said_once_and_kept_for_the_week():
    rig = Rig(TIGHT)
    sell(rig)
    assert said(rig) == []
    sell(rig)
    assert said(rig) == ["often", "same_hands"]
    sell(rig)
    assert said(rig) == []
    assert [(row.sign, row.customer, row.count) for row in rows(rig)] == [
        (Sign.OFTEN, "000 *** 001", 3),
        (Sign.SAME_HANDS, "000 *** 001", 3),
    ]
    assert [(fact.sign, fact.count, fact.most) for fact in rig.facts(f.SignNoted)] == [
        ("often", 2, 1),
        ("same_hands", 2, 1),
    ]


def test_a_restart_forgets_no_sign_and_says_none_twice():
    rig = Rig(TIGHT)
    sell(rig)
    sell(rig)
    assert said(rig) == ["often", "same_hands"]
    before = rows(rig)
    rig.die()
    rig.restart()
    assert said(rig) == []
    assert rows(rig) == before


def test_what_was_not_said_before_the_power_went_is_said_after_it():
    rig = Rig(TIGHT)
    sell(rig)
    said(rig)
    sell(rig)
    rig.die()
    rig.restart()
    assert set(said(rig)) == {"often", "same_hands"}


def test_the_sale_that_is_done_is_read_first_and_an_unread_trouble_stays():
    rig = Rig(TIGHT)
    sell(rig)
    said(rig)
    sell(rig)
    rig.advance(SAID_MS // 2)
    notice = rig.look().notice
    assert notice is not None
    assert notice.code == "sale_done"
    rig.tell(m.PrintBill())  # refused: no sale is open, and that has to be read
    refused = rig.look().notice
    rig.advance(60_000)
    assert rig.look().notice == refused


def test_a_sale_goes_on_whatever_is_seen():
    rig = Rig(TIGHT)
    for _ in range(4):
        sell(rig)
    assert len(rig.credits()) == 4
    rig.settle(60)
    rig.check_ledgers()


def test_other_customers_are_other_signs():
    rig = Rig(TIGHT)
    sell(rig)
    sell(rig, ORGANISATION)
    assert said(rig) == []


def test_a_claim_with_a_reprinted_receipt_is_seen():
    rig = Rig(TIGHT)
    code = anonymous(rig)
    rig.tell(m.ReprintLast())
    assert [fact.sale_id for fact in rig.facts(f.ReceiptReprinted)] == [rig.only(f.SalePaid).sale_id]
    rig.advance(600_000, 60_000)
    claim(rig, code)
    rig.tell(m.DismissMessage())
    assert said(rig) == ["reprint"]


def test_a_claim_at_once_is_seen_as_late():
    rig = Rig(TIGHT)
    claim(rig, anonymous(rig))
    rig.tell(m.DismissMessage())
    assert said(rig) == ["late"]


def test_customers_wrong_codes_and_objections_are_counted():
    rig = Rig(TIGHT)
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.tell(m.StartRedemption())
    wrong = "".join(str((int(digit) + 1) % 10) for digit in rig.code())
    rig.keys(wrong, OK)
    rig.keys(rig.code(), OK)
    rig.pay()
    rig.fuel()
    rig.select(1)
    rig.identify()
    rig.keys(0)
    assert rig.only(f.CustomerDetached).by == "customer"
    rig.pay()
    rig.tell(m.DismissMessage())
    assert set(said(rig)) >= {"wrong_code", "not_me"}


def test_where_people_have_pins_a_senior_reads_the_list():
    rig = Rig(replace(STAFFED, radar=TIGHT.radar))
    rig.tell(m.ShowRadar())
    assert rig.look().radar is None
    type_pin(rig, CASHIER)
    assert rig.look().radar is None
    type_pin(rig, MANAGER)
    assert rig.look().radar is not None


def test_long_books_are_read_a_little_at_a_time():
    rig = Rig(TIGHT)
    sell(rig)
    sell(rig)
    said(rig)
    noise = [f.StaffRefused(f"x{n}", "reverse", 9, "may_not", "") for n in range(3 * ROWS_AT_ONCE)]
    rig.terminal._desk.record(*noise)
    rig.die()
    rig.restart()
    rig.tell(m.ShowRadar())
    begun = rig.look().radar
    assert begun is not None
    assert begun.reading
    rig.advance(2_000, 100)
    page = rig.look().radar
    assert page is not None
    assert not page.reading
    assert [row.sign for row in page.rows] == [Sign.OFTEN, Sign.SAME_HANDS]


def test_every_sign_has_calm_words():
    """No word for a person, and that nothing was taken or stopped."""
    accusing = ("gian lận", "nghi ngờ", "ăn cắp", "fraud", "suspect", "cheat", "steal")
    for language in ("vi", "en"):
        catalogue = words(language, "notices")
        for sign in Sign:
            texts = [catalogue.say(f"notice.radar_{sign.value}.{part}", customer="c", count=3) for part in PARTS]
            assert all(texts)
            assert not [word for word in accusing if word in " ".join(texts).lower()]


PARTS = ("what", "means", "key")
