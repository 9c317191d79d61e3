"""Who was at the till, by the tills' journals; prices that were not the list's; customers nobody is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, select

from pos_client.adapters.central_http.seals import Sealer
from pos_client.domain.customer import parse_identifier
from pos_client.domain.errors import RuleViolation
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import accruals as accrual_ledger
from pos_client.sandbox.central.ledger import cashiers, customers, review_desk, signals, traps
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.ledger.outcome import Answer
from pos_client.sandbox.central.ledger.signals import Sign
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.sandbox.central.storage.offline_tables import zone_prices
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import accruals, incidents
from tests.central import STATION, TestClock, a_service, the_scenario

TILL, GRADE, LISTED = "CHXD018-T1", "E10-95-III", 27_080
NOW = TestClock().now()


@pytest.fixture
def book():
    service = a_service(TestClock())
    with service.book() as book:
        set_up(book, the_scenario())
        zone = str(book.db.scalar(select(station_places.c.zone).where(station_places.c.station == STATION)))
        book.db.execute(delete(zone_prices))
        since = to_ms(NOW - timedelta(days=30))
        book.db.execute(insert(zone_prices).values(zone=zone, grade=GRADE, from_ms=since, unit_price=LISTED))
        yield book
    service.engine.dispose()


def tell(book, *rows, terminal=TILL, epoch=1, first=1):
    """Rows of a journal, one after the other."""
    for seq, (kind, body) in enumerate(rows, start=first):
        book.db.execute(
            insert(journal_rows).values(
                terminal=terminal, epoch=epoch, seq=seq, at=NOW.isoformat(), kind=kind, body=json.dumps(body), mac="",
                key=0, received_ms=to_ms(NOW),
            )
        )  # fmt: skip
    end = journal_watermarks.c
    book.db.execute(delete(journal_watermarks).where(end.terminal == terminal, end.epoch == epoch))
    book.db.execute(
        insert(journal_watermarks).values(
            terminal=terminal, epoch=epoch, seq=first + len(rows), mac="", at_ms=to_ms(NOW)
        )
    )


def shift(cashier):
    return ("ShiftOpened", {"shift_id": cashier, "cashier": cashier, "opened_at": NOW.isoformat()})


def stated(book, number, account):
    """An accrual as the till told it, and as central took it."""
    book.db.execute(
        insert(accruals).values(
            id=f"a-{number}", account=account, station=STATION, point=1, nozzle=1, end_totalizer_ml=number,
            terminal=TILL, receipt_number="r", grade_code=GRADE, amount_vnd=1, fuelled_at=NOW.isoformat(), points=0,
            rules="", answer=b"", at_ms=to_ms(NOW),
        )
    )  # fmt: skip
    return ("AccrualStated", {"accrual_id": f"a-{number}"})


def fuelled(number, price, minutes=0, **how):
    at = (NOW + timedelta(minutes=minutes)).isoformat()
    body = {"fuelling_id": f"f-{number}", "point": 1, "grade_code": GRADE, "unit_price": price, "volume_ml": 2_000}
    return ("FuellingCompleted", {**body, "finished_at": at, **how})


def looked_at(book):
    return cashiers.of_period(book, to_ms(NOW) - 86_400_000, to_ms(NOW) + 1)


def seen(book):
    return {(each.sign, each.who, each.value) for each in signals.of_week(book, to_ms(NOW - timedelta(hours=1)))}


def test_each_deed_is_the_cashiers_who_was_at_work(book):
    tell(
        book,
        stated(book, 1, "000100001"),
        shift("Lan"),
        stated(book, 2, "000100001"),
        stated(book, 3, "000100001"),
        ("HoldIntended", {"redemption_id": "r-1"}),
        ("VoidIntended", {"redemption_id": "r-1"}),
        shift("Minh"),
        stated(book, 4, "000100002"),
        ("SignNoted", {"sign_id": "x", "cashier": "Minh"}),
        ("ReceiptReprinted", {"reprint_id": "p"}),
        ("AccrualStated", {"accrual_id": "not taken"}),
    )
    book.db.execute(
        insert(journal_rows).values(
            terminal=TILL, epoch=1, seq=99, at="", kind="SignNoted", body="{", mac="", key=0, received_ms=to_ms(NOW)
        )
    )
    rows = {row.name: row for row in looked_at(book)[0]}
    assert {name: len(row.accruals) for name, row in rows.items()} == {"": 1, "Lan": 2, "Minh": 2}
    assert rows["Lan"].most_of_one == 2
    assert rows["Lan"].one_id_percent is None, "of two nobody tells a share"
    assert (len(rows["Lan"].holds), len(rows["Lan"].voids)) == (1, 1)
    assert (len(rows["Minh"].signs), len(rows["Minh"].reprints)) == (1, 1)


def test_a_shift_that_began_before_the_time_looked_at_still_has_its_cashier(book):
    tell(book, shift("Lan"), ("SignNoted", {"sign_id": "x"}))
    book.db.execute(journal_rows.update().where(journal_rows.c.kind == "ShiftOpened").values(received_ms=0))
    assert [row.name for row in looked_at(book)[0]] == ["Lan"]


def test_a_journal_sent_twice_counts_once(book):
    rows = (shift("Lan"), ("SignNoted", {"sign_id": "x"}), fuelled(1, LISTED + 1))
    tell(book, *rows)
    tell(book, *rows, epoch=2)
    found, wrong = looked_at(book)
    assert [(row.name, len(row.signs), row.mismatches) for row in found] == [("Lan", 1, 1)]
    assert len(wrong) == 1


@pytest.mark.parametrize(("own", "told"), [(3, False), (4, True)])
def test_one_id_at_one_cashier(book, own, told):
    accounts = ["000100001"] * own + [f"00010000{2 + number}" for number in range(3)] * 3
    accounts = [*accounts[:own], *(["000100002", "000100003", "000100004"] * 3)][:10]
    tell(book, shift("Lan"), *(stated(book, number, account) for number, account in enumerate(accounts)))
    assert ((Sign.CASHIER_ONE_ID, "Lan", own * 10) in seen(book)) is told


@pytest.mark.parametrize(("voids", "told"), [(3, False), (4, True)])
def test_a_cashier_who_gives_holds_back(book, voids, told):
    holds = [("HoldIntended", {"redemption_id": f"r-{number}"}) for number in range(10)]
    tell(book, shift("Lan"), *holds, *(("VoidIntended", {"redemption_id": f"r-{number}"}) for number in range(voids)))
    assert ((Sign.CASHIER_VOIDED, "Lan", voids * 10) in seen(book)) is told


def test_another_price_than_the_lists_is_told_with_what_it_comes_to(book):
    tell(
        book,
        shift("Lan"),
        fuelled(1, LISTED),
        fuelled(2, LISTED + 100),
        fuelled(3, LISTED - 100, sale_type="pump_test"),
        fuelled(4, LISTED - 100, grade_code="nobody lists it"),
        fuelled(5, LISTED - 100, finished_at="yesterday"),
        fuelled(6, 0),
    )
    found, wrong = looked_at(book)
    assert [(each.asked, each.listed, each.difference_vnd, each.cashier) for each in wrong] == [
        (LISTED + 100, LISTED, 200, "Lan")
    ]
    assert [row.mismatches for row in found] == [1]
    assert (Sign.PRICE, TILL, 1) in seen(book)


@pytest.mark.parametrize(("minutes", "told"), [(-16, True), (-14, False), (14, False), (16, True)])
def test_around_a_new_price_either_is_right(book, minutes, told):
    """What was right before is asked a while after, and the new one a while before."""
    zone = str(book.db.scalar(select(station_places.c.zone).where(station_places.c.station == STATION)))
    new = LISTED + 500
    book.db.execute(insert(zone_prices).values(zone=zone, grade=GRADE, from_ms=to_ms(NOW), unit_price=new))
    tell(book, fuelled(1, new if minutes < 0 else LISTED, minutes))
    assert bool(looked_at(book)[1]) is told


def test_points_of_one_id_in_a_day(book):
    for number, points in enumerate((20_000, 1)):
        stated(book, number, "000100001")
        book.db.execute(accruals.update().where(accruals.c.id == f"a-{number}").values(points=points))
    assert (Sign.EARNED, "000100001", 20_001) in seen(book)
    book.db.execute(accruals.update().where(accruals.c.id == "a-1").values(points=0))
    assert not any(sign is Sign.EARNED for sign, *_ in seen(book))


def test_a_customer_nobody_is_answers_like_any_other_and_raises_an_alarm(book):
    traps.place(book, "000100077")
    answers = []
    for number in ("000100077", "000100001"):
        asked = m.LookupRequest(identifier=m.IdentifierText(kind="id", text=number))
        found = customers.look_up(book, asked, STATION, TILL)
        assert isinstance(found, Answer)
        assert isinstance(found.message, m.CustomerAnswer)
        answers.append(found.message)
    trap, real = answers
    assert {name for name in trap.__struct_fields__} == {name for name in real.__struct_fields__}
    assert (trap.kind, trap.status) == (real.kind, real.status)
    assert trap.masked_phone[-3:].isdigit()
    sealed = Sealer(book.keys.seals.public_b64).identifier(parse_identifier("000100077"))
    sale = m.AccrualRequest(
        station=STATION, terminal=TILL, sealed_identifier=sealed, receipt_number="r", point=1, nozzle=1,
        grade_code=GRADE, unit_price=LISTED, volume_ml=1_000, amount_vnd=27_080, end_totalizer_ml=9,
        fuelled_at=NOW.isoformat(), tenders=(m.TenderPart(tender="cash", amount_vnd=27_080),),
    )  # fmt: skip
    assert isinstance(accrual_ledger.post(book, "a-trap", sale), Answer)
    noted = book.db.execute(select(incidents).where(incidents.c.kind.startswith("trap:"))).all()
    assert [(row.kind, row.redemption_id, row.station) for row in noted] == [
        ("trap:look_up", f"000100077 {TILL}", STATION),
        ("trap:accrual", f"000100077 {TILL}", STATION),
    ]
    assert {case.kind for case in review_desk.cases(book)} == {review_desk.CaseKind.TRAP}
    assert (Sign.TRAP, f"000100077 {TILL}", 2) in seen(book)


@pytest.mark.parametrize("number", ["000100001", "12345678", "12345678x", "", "1234567890", "١٢٣٤٥٦٧٨٩"])
def test_a_number_that_is_somebodys_or_none_is_no_trap(book, number):
    with pytest.raises(RuleViolation, match="trap_number"):
        traps.place(book, number)
