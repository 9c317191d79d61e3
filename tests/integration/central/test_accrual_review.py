"""Sales that do not earn before a person at head office has looked at them; prices a till does not know; who may
approve; and words about a hold that is another till's."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select

from pos_client.adapters.central_http.seals import Sealer
from pos_client.domain.customer import parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.reversal_messages import ReversalRequest
from pos_client.sandbox.central.ledger import (
    accrual_review,
    accruals,
    bundles,
    customers,
    managers,
    redemptions,
    reversals,
    review_desk,
)
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.ledger.outcome import Answer, Refusal
from pos_client.sandbox.central.ledger.review_desk import CaseKind, Decision
from pos_client.sandbox.central.overview import overview
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.tables import sms_outbox
from tests.central import STATION, TERMINAL, TestClock, a_service, the_scenario

WHO = "000100001"
OTHER_TILL = f"{STATION}-T2"


class Central:
    """A ledger with the sandbox's people, decided by hand."""

    def __init__(self, database):
        self.clock = TestClock()
        self.service = a_service(self.clock, database)
        self.ends = iter(range(184_300_000, 185_000_000))
        self.decide(lambda book: set_up(book, the_scenario()))

    def decide(self, decide):
        with self.service.book() as book:
            return decide(book)

    def accrue(self, name, fuelled_at, **how):
        """A card sale of 100,000 đồng, fuelled then."""
        sealed = Sealer(self.service.keys.seals.public_b64).identifier(parse_identifier(WHO))
        sale = m.AccrualRequest(
            **{
                "station": STATION,
                "terminal": TERMINAL,
                "sealed_identifier": sealed,
                "receipt_number": "T1-1",
                "point": 1,
                "nozzle": 1,
                "grade_code": "E10-95-III",
                "unit_price": 27_080,
                "volume_ml": 3_692,
                "amount_vnd": 100_000,
                "end_totalizer_ml": next(self.ends),
                "fuelled_at": fuelled_at.isoformat(),
                "tenders": (m.TenderPart(tender="electronic", amount_vnd=100_000),),
                **how,
            }
        )
        return self.decide(lambda book: accruals.post(book, name, sale))

    def points(self):
        found = self.decide(overview)
        assert all(fund["balanced"] for kind in ("accounts", "vouchers", "pools") for fund in found[kind])
        return next(row["available"] for row in found["accounts"] if row["number"] == WHO)

    def cases(self, kind):
        return self.decide(lambda book: review_desk.cases(book, kind))

    def decide_case(self, kind, decision, note="đã xem"):
        (case,) = self.cases(kind)
        self.decide(lambda book: review_desk.decide(book, case, decision, note, "HO-01"))

    def texts(self):
        return self.decide(lambda book: [row.text for row in book.db.execute(select(sms_outbox))])


BOTH_DATABASES = pytest.mark.parametrize("central", ["sqlite", "postgresql"], indirect=True)


@pytest.fixture
def central(request):
    database = "sqlite:///:memory:"
    if getattr(request, "param", "") == "postgresql":
        database = request.getfixturevalue("postgres").empty_database()
    made = Central(database)
    yield made
    made.service.engine.dispose()


def said(outcome) -> Any:
    assert isinstance(outcome, Answer)
    return outcome.message


def review_of(outcome):
    told = said(outcome)
    assert outcome.status == 202
    assert (told.state, told.points) == ("REVIEW", 0)
    assert told.balance_before == told.balance_after
    return told.review_code


@BOTH_DATABASES
def test_a_sale_that_comes_after_a_week_waits_for_a_person_and_earns_when_he_says_so(central):
    before, now = central.points(), central.clock.at
    assert isinstance(central.accrue("in-time", now - timedelta(days=7)), Answer)
    assert central.points() == before + 500
    assert review_of(central.accrue("late", now - timedelta(days=7, seconds=1))) == "late"
    assert central.points() == before + 500
    central.decide_case(CaseKind.ACCRUAL, Decision.CREDITED)
    assert central.points() == before + 1_000
    assert "đã cộng 500 điểm" in central.texts()[-1]
    with pytest.raises(RuleViolation, match="case_closed"):
        central.decide_case(CaseKind.ACCRUAL, Decision.REFUSED)
    assert central.points() == before + 1_000


def test_a_sale_that_is_refused_stays_taken_and_nobody_else_earns_on_it(central):
    before, late = central.points(), central.clock.at - timedelta(days=9)
    assert review_of(central.accrue("late", late, end_totalizer_ml=1)) == "late"
    again = central.accrue("other", late, end_totalizer_ml=1)
    assert isinstance(again, Refusal)
    assert again.code == "sale-already-accrued"
    central.decide_case(CaseKind.ACCRUAL, Decision.REFUSED)
    assert central.points() == before
    assert "không được cộng điểm" in central.texts()[-1]
    assert review_of(central.accrue("late", late, end_totalizer_ml=1)) == "late", "what was said is said again"
    shown = central.decide(lambda book: reversals.show_accrual(book, "late"))
    assert said(shown).state == "REFUSED"


@pytest.mark.parametrize("decision", [Decision.POINTS_RETURNED, Decision.STATION_PAYS, "nonsense"])
def test_only_whether_it_earns_is_decided_of_a_sale_under_review(central, decision):
    central.accrue("late", central.clock.at - timedelta(days=9))
    with pytest.raises(RuleViolation, match="choice_missing"):
        central.decide_case(CaseKind.ACCRUAL, decision)


def test_what_its_station_has_undone_is_not_credited_afterwards(central):
    before = central.points()
    central.accrue("late", central.clock.at - timedelta(days=9))
    assert isinstance(undo(central, "late", "Ai"), Answer)
    with pytest.raises(RuleViolation, match="case_closed"):
        central.decide_case(CaseKind.ACCRUAL, Decision.CREDITED)
    assert central.points() == before


def test_a_decision_that_comes_after_the_points_would_have_died_costs_the_customer_nothing(central):
    central.clock.at = datetime(2027, 3, 30, 12, tzinfo=VIETNAM)
    before_sale = central.points()
    review_of(central.accrue("late", datetime(2026, 12, 31, 23, tzinfo=VIETNAM)))
    central.clock.at = datetime(2027, 4, 20, 12, tzinfo=VIETNAM)
    died = central.points()
    central.decide_case(CaseKind.ACCRUAL, Decision.CREDITED)
    assert central.points() == died + 500
    assert before_sale >= died


def test_fuel_of_tomorrow_is_looked_at(central):
    now = central.clock.at
    assert isinstance(central.accrue("clocks", now + timedelta(minutes=10)), Answer)
    assert review_of(central.accrue("ahead", now + timedelta(minutes=10, seconds=1))) == "time-ahead"


@pytest.mark.parametrize(
    ("quality", "fuelled_at", "now", "why"),
    [
        ("untrusted", "2026-12-31T12:00:00+07:00", "2027-01-02T00:00:00+07:00", "time-untrusted"),
        ("untrusted", "2027-01-01T12:00:00+07:00", "2027-01-02T00:00:00+07:00", "time-untrusted"),
        ("untrusted", "2027-01-03T12:00:00+07:00", "2027-01-04T00:00:00+07:00", None),
        ("untrusted", "2026-12-29T12:00:00+07:00", "2027-01-02T00:00:00+07:00", "time-untrusted"),  # 2027's, if today's
        ("wall", "2026-12-31T12:00:00+07:00", "2027-01-02T00:00:00+07:00", None),
        ("synced", "2026-12-31T12:00:00+07:00", "2027-01-02T00:00:00+07:00", None),
    ],
)
def test_a_time_nobody_trusts_is_guessed_at_only_where_nothing_hangs_on_it(central, quality, fuelled_at, now, why):
    central.clock.at = datetime.fromisoformat(now)
    outcome = central.accrue("sale", datetime.fromisoformat(fuelled_at), time_quality=quality)
    assert said(outcome).review_code == why


def test_points_that_would_have_died_are_too_late(central):
    central.clock.at = datetime(2027, 3, 31, 12, tzinfo=VIETNAM)
    assert review_of(central.accrue("last-day", datetime(2026, 6, 1, tzinfo=VIETNAM))) == "late"
    central.clock.at += timedelta(days=1)
    outcome = central.accrue("too-late", datetime(2026, 6, 1, tzinfo=VIETNAM))
    assert isinstance(outcome, Refusal)
    assert outcome.code == "too-late"


# ── prices a till does not know ──────────────────────────────────────────────────────────────────────────────────


def announce(book, price, begins, grade="DO-005S"):
    book.db.execute(insert(zone_prices).values(zone="1", grade=grade, from_ms=to_ms(begins), unit_price=price))


def reference(book):
    found = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text=WHO)))
    return said(found).customer_ref


def quote(central, version):
    def ask(book):
        asked = m.QuoteRequest(customer_ref=reference(book), price_version=version)
        return customers.quote(book, asked)

    outcome = central.decide(ask)
    return outcome.code if isinstance(outcome, Refusal) else None


def test_a_till_without_a_price_that_counts_is_told_to_fetch_the_list(central):
    assert quote(central, 0) is None, "no list was ever issued"
    central.decide(lambda book: announce(book, 20_000, central.clock.at - timedelta(days=1)))
    first = central.decide(lambda book: bundles.current(book, "prices")).number
    assert quote(central, first) is None
    central.decide(lambda book: announce(book, 21_000, central.clock.at + timedelta(hours=1)))
    assert quote(central, first) == "price-version-stale"
    assert quote(central, None) is None
    second = central.decide(lambda book: bundles.current(book, "prices")).number
    assert (quote(central, first), quote(central, second)) == ("price-version-stale", None)


def test_a_list_that_was_told_beforehand_and_issued_again_is_no_stale_one(central):
    central.decide(lambda book: announce(book, 20_000, central.clock.at - timedelta(days=1)))
    central.decide(lambda book: announce(book, 21_000, central.clock.at + timedelta(hours=1)))
    first = central.decide(lambda book: bundles.current(book, "prices")).number
    central.clock.at += timedelta(hours=2)  # the announced price is in force, the old one out of it
    assert quote(central, first) is None
    later = central.decide(lambda book: bundles.current(book, "prices")).number
    assert later > first
    assert quote(central, first) is None


def test_a_price_that_was_taken_back_makes_the_list_stale(central):
    begins = central.clock.at + timedelta(hours=1)
    central.decide(lambda book: announce(book, 21_000, begins))
    first = central.decide(lambda book: bundles.current(book, "prices")).number
    central.decide(lambda book: book.db.execute(zone_prices.delete()))
    assert quote(central, first) == "price-version-stale"


# ── who may approve ──────────────────────────────────────────────────────────────────────────────────────────────


def undo(central, operation_id, approved_by, name="v"):
    asked = ReversalRequest(
        station=STATION,
        operation="accrual",
        operation_id=operation_id,
        reason="nhầm",
        approved_by=approved_by,
        decided_at=central.clock.at.isoformat(),
    )
    return central.decide(lambda book: reversals.post(book, name, TERMINAL, asked))


@BOTH_DATABASES
def test_once_head_office_has_named_managers_nobody_else_approves(central):
    central.accrue("a", central.clock.at)
    central.decide(lambda book: managers.name(book, STATION, "Nguyễn Văn  Quản"))
    central.decide(lambda book: managers.name(book, STATION, "nguyễn văn quản"))  # the same person
    assert len(central.decide(lambda book: managers.of_station(book, STATION))) == 1
    refused = undo(central, "a", "Trần Thị Thu", "v1")
    assert isinstance(refused, Refusal)
    assert refused.code == "cashier-not-permitted"
    assert isinstance(undo(central, "a", "NGUYỄN VĂN QUẢN", "v2"), Answer)


def test_with_nobody_named_and_with_everybody_withdrawn_the_station_decides(central):
    central.decide(lambda book: managers.name(book, STATION, "Quản"))
    central.decide(lambda book: managers.withdraw(book, STATION, "quản"))
    central.accrue("a", central.clock.at)
    assert isinstance(undo(central, "a", "Trần Thị Thu"), Answer)
    with pytest.raises(RuleViolation, match="name_missing"):
        central.decide(lambda book: managers.name(book, STATION, "  "))


# ── a hold is ended by who holds ─────────────────────────────────────────────────────────────────────────────────


def held(central, name="r"):
    def hold(book):
        asked = m.HoldRequest(station=STATION, customer_ref=reference(book), points=20_000, flow="pay")
        return redemptions.hold(book, name, TERMINAL, asked)

    assert isinstance(central.decide(hold), Answer)
    return name


def fuel():
    return m.CaptureRequest(
        station=STATION,
        point=1,
        nozzle=1,
        grade_code="E10-95-III",
        volume_ml=700,
        amount_vnd=19_000,
        end_totalizer_ml=1_000,
        fuelled_at="2026-11-23T08:15:00+07:00",
    )


@BOTH_DATABASES
@pytest.mark.parametrize("verb", ["capture", "void"])
def test_another_till_ends_no_hold_and_its_word_lies_on_the_desk(central, verb):
    name, left = held(central), central.points()
    say = {
        "capture": lambda book, who: redemptions.capture(book, name, who, fuel()),
        "void": lambda book, who: redemptions.void(book, name, who, m.VoidRequest(reason="mine")),
    }[verb]
    refused = central.decide(lambda book: say(book, OTHER_TILL))
    assert isinstance(refused, Refusal)
    assert refused.code == "terminal-mismatch"
    assert central.points() == left
    (case,) = central.cases(CaseKind.FOREIGN)
    assert (case.words, case.who, case.place) == (f"foreign:{verb}", name, STATION)
    assert said(central.decide(lambda book: redemptions.show(book, name))).state == "HELD"
    assert central.cases(CaseKind.SHORTFALL) == []
    gone = central.decide(lambda book: redemptions.void(book, name, TERMINAL, m.VoidRequest()))
    assert isinstance(gone, Answer)
    assert central.points() == left + 20_000


def test_settling_what_nobody_has_stated_is_no_decision(central):
    with pytest.raises(LookupError):
        central.decide(lambda book: accrual_review.settle(book, "nobody", credit=True))
