"""The signs of reliability 4.3, each just below its limit and just above it."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from pos_client.sandbox.central.ledger import signals
from pos_client.sandbox.central.ledger.moment import to_ms
from pos_client.sandbox.central.ledger.signals import LIMITS, Sign
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage.journal_tables import journal_rows, journal_watermarks
from pos_client.sandbox.central.storage.portal_tables import station_places
from pos_client.sandbox.central.storage.tables import accruals, idempotency, redemptions, stations
from tests.central import STATION, TestClock, a_service, the_scenario

FAR_STATION = "CHXD-SG"
TILL = "CHXD018-T1"


@pytest.fixture
def book():
    clock = TestClock()
    service = a_service(clock)
    with service.book() as book:
        set_up(book, the_scenario())
        book.db.execute(insert(stations).values(code=FAR_STATION, name="CHXD Sài Gòn", sms_name="SG"))
        book.db.execute(
            insert(station_places).values(
                station=FAR_STATION, zone=2, province="", latitude_e6=10_776_900, longitude_e6=106_700_900
            )
        )
        yield book
    service.engine.dispose()


def sell(book, number, *, minute=0, account="000100001", station=STATION, amount=50_000, arrives=0):
    """A sale so many minutes after eight, that arrives so many minutes later."""
    at = TestClock().now() + timedelta(minutes=minute)
    book.db.execute(
        insert(accruals).values(
            id=f"a-{number}", account=account, station=station, point=1, nozzle=1, end_totalizer_ml=number,
            terminal=TILL, receipt_number="r", grade_code="E10-95-III", amount_vnd=amount, fuelled_at=at.isoformat(),
            points=0, rules="", answer=b"", at_ms=to_ms(at) + arrives * 60_000,
        )
    )  # fmt: skip


def stored(book, number, *, minute=0, status=200, body=b"{}"):
    at = to_ms(TestClock().now() + timedelta(minutes=minute))
    book.db.execute(
        insert(idempotency).values(terminal=TILL, key=f"k-{number}", digest=b"", status=status, body=body, at_ms=at)
    )


def seen(book):
    begins = to_ms(TestClock().now() - timedelta(hours=1))
    return {(each.sign, each.value) for each in signals.of_week(book, begins)}


@pytest.mark.parametrize(("times", "told"), [(4, False), (5, True)])
def test_one_id_often_at_one_station(book, times, told):
    for number in range(times):
        sell(book, number, minute=number * 60)
    assert ((Sign.OFTEN, times) in seen(book)) is told


@pytest.mark.parametrize(("amount", "told"), [(LIMITS[Sign.MUCH], False), (LIMITS[Sign.MUCH] + 1, True)])
def test_one_id_much_fuel(book, amount, told):
    sell(book, 1, amount=amount - 20_000)
    sell(book, 2, minute=60, amount=20_000)
    assert ((Sign.MUCH, amount) in seen(book)) is told


@pytest.mark.parametrize(("apart", "told"), [(5, False), (4, True)])
def test_two_sales_of_one_id_close_together(book, apart, told):
    sell(book, 1)
    sell(book, 2, minute=apart)
    sell(book, 3, account="000100002")
    assert ((Sign.SOON_AGAIN, apart * 60) in seen(book)) is told


@pytest.mark.parametrize(("hours", "told"), [(10, False), (8, True)])
def test_a_journey_nobody_drives(book, hours, told):
    """Hà Nội to Sài Gòn is 1.140 km as the crow flies."""
    sell(book, 1)
    sell(book, 2, minute=hours * 60, station=FAR_STATION)
    assert any(sign is Sign.FAR for sign, _ in seen(book)) is told


def claim(book, number, *, after_s, epoch=1, terminal=TILL):
    """The code of an anonymous sale, and who claims with it so much later, as a till's journal says it."""
    paid = TestClock().now() + timedelta(minutes=number * 30)
    told = (
        ("ClaimOffered", {"claim_id": f"c-{number}", "sale_id": "s", "offered_at": paid.isoformat()}),
        ("ClaimUsed", {"claim_id": f"c-{number}", "used_at": (paid + timedelta(seconds=after_s)).isoformat()}),
    )
    for seq, (kind, body) in enumerate(told, start=number * 2 + 1):
        book.db.execute(
            insert(journal_rows).values(
                terminal=terminal, epoch=epoch, seq=seq, at=paid.isoformat(), kind=kind, body=json.dumps(body), mac="",
                key=0, received_ms=to_ms(paid),
            )
        )  # fmt: skip
    end = journal_watermarks.c
    book.db.execute(delete(journal_watermarks).where(end.terminal == terminal, end.epoch == epoch))
    book.db.execute(
        insert(journal_watermarks).values(terminal=terminal, epoch=epoch, seq=seq, mac="", at_ms=to_ms(paid))
    )


@pytest.mark.parametrize(("times", "after_s", "told"), [(4, 299, True), (4, 300, False), (3, 60, False)])
def test_points_claimed_at_once_after_anonymous_sales(book, times, after_s, told):
    for number in range(times):
        claim(book, number, after_s=after_s)
    assert ((Sign.AFTER_ANONYMOUS, times) in seen(book)) is told


def test_a_journal_that_was_sent_twice_and_rows_nobody_can_read_count_for_nothing_more(book):
    for epoch in (1, 2):
        for number in range(3):
            claim(book, number, after_s=60, epoch=epoch)
    book.db.execute(update(journal_rows).where(journal_rows.c.seq == 6).values(body="[]"))
    assert Sign.AFTER_ANONYMOUS not in {sign for sign, _ in seen(book)}
    claim(book, 9, after_s=60, terminal="CHXD018-T2")
    assert Sign.AFTER_ANONYMOUS not in {sign for sign, _ in seen(book)}, "each till by itself"


@pytest.mark.parametrize(
    ("sign", "code", "times", "told"),
    [
        (Sign.ALREADY_ACCRUED, b'"sale-already-accrued"', 1, False),
        (Sign.ALREADY_ACCRUED, b'"sale-already-accrued"', 2, True),
        (Sign.CODE_REUSED, b'"challenge-consumed"', 1, True),
        (Sign.CODE_REUSED, b'"hold-voided"', 9, False),
    ],
)
def test_refusals_of_a_till(book, sign, code, times, told):
    for number in range(times):
        stored(book, number, status=409, body=b'{"code":' + code + b"}")
    assert ((sign, times) in seen(book)) is told


@pytest.mark.parametrize(("holds", "voids", "told"), [(10, 4, True), (10, 3, False), (9, 9, False)])
def test_a_till_that_gives_its_holds_back(book, holds, voids, told):
    for number in range(holds):
        book.db.execute(
            insert(redemptions).values(
                id=f"r-{number}", state="VOIDED" if number < voids else "CAPTURED", created_ms=book.now_ms,
                terminal=TILL, station=STATION, points=500,
            )
        )  # fmt: skip
    assert ((Sign.VOIDED, voids * 100 // holds) in seen(book)) is told


def test_a_quiet_week_has_no_signs_and_another_week_is_another_list(book):
    for number in range(9):
        sell(book, number, minute=number * 60)
    later = to_ms(TestClock().now() + timedelta(days=7))
    assert signals.of_week(book, later) == []


def write(book, rows, *, epoch=1):
    """Rows of the till's journal, as they were received."""
    at = TestClock().now()
    for seq, (kind, body) in enumerate(rows, start=1):
        book.db.execute(
            insert(journal_rows).values(
                terminal=TILL, epoch=epoch, seq=seq, at=at.isoformat(), kind=kind, body=body, mac="", key=0,
                received_ms=to_ms(at),
            )
        )  # fmt: skip
    book.db.execute(
        insert(journal_watermarks).values(terminal=TILL, epoch=epoch, seq=len(rows), mac="", at_ms=to_ms(at))
    )


@pytest.mark.parametrize(("times", "told"), [(4, True), (3, False)])
def test_what_a_till_has_noted_itself_counts_once_however_often_it_was_sent(book, times, told):
    noted = [("SignNoted", json.dumps({"sign_id": f"s-{n}", "sign": "often"})) for n in range(times)]
    for epoch in (1, 2):
        write(book, [*noted, ("SignNoted", "[]"), ("SignNoted", "{}"), ("SalePaid", "{}")], epoch=epoch)
    assert ((Sign.AT_THE_TILL, times) in seen(book)) is told
