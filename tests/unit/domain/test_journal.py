"""Rows this program cannot read say so; rows it can are golden bytes."""

from __future__ import annotations

import pytest

from pos_client.bootstrap.simulate.clock import START
from pos_client.domain import facts as f
from pos_client.domain.identifiers import FuellingId, NozzleId, PointId, RedemptionId, SaleId
from pos_client.domain.journal import JournalEntry, UnreadableFact, decode, encode

GOLDEN = [
    (
        f.SaleOpened(SaleId("s1"), FuellingId("CHXD018-1-1-184273650"), "CHXD018-T1-261123-00001"),
        b'{"fuelling_id":"CHXD018-1-1-184273650","receipt_number":"CHXD018-T1-261123-00001","sale_id":"s1"}',
    ),
    (
        f.ArmIntended(RedemptionId("r1"), PointId(1), ((NozzleId(1), 184_273_650), (NozzleId(2), 97_518_330)), 100_000),
        b'{"nozzle_totals":[[1,184273650],[2,97518330]],"point":1,"preset_vnd":100000,"redemption_id":"r1"}',
    ),
    (
        f.CustomerAttached(SaleId("s1"), "sealed", "000 *** 821", "Trần ***", "individual", True),
        '{"customer_kind":"individual","masked_identifier":"000 *** 821","masked_name":"Trần ***","sale_id":"s1",'
        '"sealed_identifier":"sealed","verified":true}'.encode(),
    ),
    (
        f.TenderTaken(SaleId("s1"), "cash", 95_400),
        b'{"amount_vnd":95400,"kind":"cash","redemption_id":null,"sale_id":"s1"}',
    ),
]


@pytest.mark.parametrize(("fact", "body"), GOLDEN, ids=lambda value: type(value).__name__)
def test_golden_rows(fact: f.Fact, body: bytes):
    assert encode(fact) == (type(fact).__name__, body)
    assert decode(type(fact).__name__, body) == fact


def test_a_row_of_an_older_program_gets_todays_defaults():
    old = b'{"amount_vnd":95400,"kind":"cash","sale_id":"s1"}'
    assert decode("TenderTaken", old) == f.TenderTaken(SaleId("s1"), "cash", 95_400, None)


def test_a_fuelling_of_an_older_program_was_a_sale():
    old = (
        b'{"amount_vnd":27080,"end_totalizer_ml":1000,"finished_at":"2026-11-23T08:30:00+07:00","fuelling_id":"f",'
        b'"grade_code":"E10","grade_name":"E10","nozzle":1,"point":1,"recovered":false,"redemption_id":null,'
        b'"start_totalizer_ml":0,"unit_price":27080,"volume_ml":1000}'
    )
    fact = decode("FuellingCompleted", old)
    assert isinstance(fact, f.FuellingCompleted)
    assert fact.sale_type == "sale"


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("Unheard", b"{}"),
        ("Fact", b"{}"),
        ("Voided", b"{}"),
        ("Voided", b""),
        ("Voided", b"not json"),
        ("Voided", b"\xff\xfe"),
        ("Voided", b"null"),
        ("Voided", b"5"),
        ("Voided", b"[]"),
        ("Voided", b'["redemption_id"]'),
        ("Voided", b'"redemption_id"'),
        ("Voided", b'{"redemption_id":"r","more":1}'),
        ("Voided", b'{"redemption_id":"r"'),
        ("SaleReleased", b'{"sale_id":"s"}'),
        ("Voided", b"[" * 200_000),
    ],
    ids=lambda value: str(value)[:30],
)
def test_a_row_that_cannot_be_read_says_so(kind: str, body: bytes):
    with pytest.raises(UnreadableFact):
        decode(kind, body)


def test_an_entry_belongs_to_the_story_of_its_first_field():
    assert JournalEntry(1, START, f.Voided(RedemptionId("r1"))).subject == "r1"
    assert JournalEntry(2, START, f.TenderTaken(SaleId("s1"), "cash", 1, RedemptionId("r1"))).subject == "s1"
