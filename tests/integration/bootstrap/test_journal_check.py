"""What is said of a book from the outside: chain, mirror, acknowledgements, and the certificate of a day."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from pos_client.adapters.sqlite.mirror import open_mirror
from pos_client.adapters.sqlite.reader import open_reader
from pos_client.adapters.sqlite.store import open_store
from pos_client.bootstrap.journal_check import AtHand, BookVerdict, certificate, check
from pos_client.bootstrap.loading import catalogue
from pos_client.bootstrap.paths import resources
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.certificate import DayCertificate
from pos_client.domain.certificate_layout import lines_of
from pos_client.domain.facts import AccrualPosted, Captured, Fact, SalePaid, TenderTaken
from pos_client.domain.identifiers import AccrualId, RedemptionId, SaleId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.outbox import DeliveryState
from pos_client.domain.paper import as_text, fitted
from pos_client.ports.store import Change
from pos_client.protocols.central.journal_messages import AcknowledgementBody
from pos_client.sandbox.central.signatures import PermitSigner
from pos_client.settings.model import CentralSettings, Settings, StationSettings
from tests.contracts.store_contract import fuelled, item, opened

MONDAY = datetime(2026, 11, 23, 23, 59, 30, tzinfo=VIETNAM)
TUESDAY = MONDAY + timedelta(minutes=1)
KEY = b"k" * 32
EDIT = "UPDATE journal SET body = CAST(replace(body, '20000', '10000') AS BLOB) WHERE seq = 4"
SIGNER = PermitSigner(bytes(range(32)))
SETTINGS = Settings(
    station=StationSettings("CHXD018", "CHXD số 18", "T1", "Hoa"), central=CentralSettings(permit_key=SIGNER.public_b64)
)
FUELLED = fuelled(1, 1, 1_000)
FACTS: tuple[Fact, ...] = (
    FUELLED,
    opened(1),
    TenderTaken(SaleId("sale-1"), "cash", 20_000),
    TenderTaken(SaleId("sale-1"), "points", 5_000, RedemptionId("r-1")),
    SalePaid(SaleId("sale-1"), TUESDAY.isoformat(), 50, "", ""),
    AccrualPosted(AccrualId("a-1"), 50, 0, 50, "", ""),
    Captured(RedemptionId("r-1"), 5_000, 0, 100),
)


def acknowledged(seq: int, mac: bytes, /, **other: Any) -> Acknowledgement:
    said: dict[str, Any] = {
        "terminal": SETTINGS.station.till,
        "epoch": 1,
        "seq": seq,
        "mac": mac.hex(),
        "at": TUESDAY.isoformat(),
    }
    return Acknowledgement(1, seq, mac, TUESDAY.isoformat(), SIGNER.acknowledge(AcknowledgementBody(**said | other)))


@pytest.fixture
def book(tmp_path: Path) -> Path:
    """One row on Monday, seven on Tuesday, six of all acknowledged; a waiting and a parked record."""
    path = tmp_path / "journal.db"
    store = open_store(path, chain_key=KEY, mirror=open_mirror(tmp_path / "mirror", path))
    store.commit(Change(facts=(opened(7),)), MONDAY)
    store.commit(Change(facts=FACTS, items=(item(1), replace(item(2), state=DeliveryState.PARKED))), TUESDAY)
    store.commit(Change(acknowledged=acknowledged(6, store.rows_from(6, 1)[0].mac)), TUESDAY)
    store.close()
    return path


def at(book: Path, **how: Any) -> AtHand:
    return AtHand(**{"settings": SETTINGS, "mirror": book.with_name("mirror"), "key": KEY, "key_trouble": None, **how})


def verdict(book: Path, **how: Any) -> BookVerdict:
    with open_reader(book) as reader:
        return check(reader, at(book, **how))


def shown(book: Path, day: date | None = None, **how: Any) -> DayCertificate:
    with open_reader(book) as reader:
        return certificate(reader, at(book, **how), day)


def edited(book: Path, sql: str) -> None:
    with sqlite3.connect(book) as by_hand:
        for trigger in ("journal_is_never_changed", "journal_is_never_removed"):
            by_hand.execute(f"DROP TRIGGER {trigger}")
        by_hand.execute(sql)
    by_hand.close()


def test_a_book_in_order_is_whole_and_says_what_was_checked(book: Path):
    found = verdict(book)
    assert found.is_whole
    assert (found.chain.entries, found.chain.unchecked) == (8, 0)
    assert found.mirror is not None
    assert (found.mirror.compared, found.mirror.missing, found.mirror.beyond) == (8, 0, 0)
    assert (found.acknowledged.newest, found.acknowledged.signatures_checked) == (6, True)


def test_without_keys_it_says_so_and_checks_the_rest(book: Path):
    found = verdict(book, key=None, key_trouble="secrets_locked", settings=None)
    assert found.is_whole
    assert (found.chain.unchecked, found.key_trouble) == (8, "secrets_locked")
    assert found.acknowledged.signatures_checked is False
    assert found.mirror is not None
    assert found.mirror.compared == 8


@pytest.mark.parametrize(
    ("sql", "broken_at"),
    [
        (EDIT, 4),
        ("UPDATE journal SET at = '2026-11-24T00:00:31+07:00' WHERE seq = 5", 5),
        ("DELETE FROM journal WHERE seq = 3", 3),
    ],
)
def test_the_first_row_edited_by_hand_is_named(book: Path, sql: str, broken_at: int):
    edited(book, sql)
    found = verdict(book)
    assert not found.is_whole
    assert found.broken_at == broken_at


def test_a_row_edited_by_hand_shows_against_the_mirror_when_no_key_is_at_hand(book: Path):
    edited(book, EDIT)
    found = verdict(book, key=None, key_trouble="secrets_no_store")
    assert found.broken_at == 4
    assert found.reason == "the mirror holds another row"


def test_a_book_that_lost_its_end_shows_against_mirror_and_acknowledgement(book: Path):
    edited(book, "DELETE FROM journal WHERE seq > 5")
    found = verdict(book)
    assert not found.is_whole
    assert found.mirror is not None
    assert found.mirror.beyond == 3
    assert found.broken_at == 6


@pytest.mark.parametrize("other", [{"mac": "0" * 64}, {"seq": 7}, {"terminal": "CHXD018-T9"}, {"epoch": 2}])
def test_an_acknowledgement_somebody_made_up_is_no_proof(tmp_path: Path, book: Path, other: dict[str, Any]):
    with sqlite3.connect(book) as by_hand:
        (mac,) = by_hand.execute("SELECT mac FROM journal WHERE seq = 6").fetchone()
        by_hand.execute("UPDATE acknowledgement SET signed = ?", (acknowledged(6, mac, **other).signed,))
    by_hand.close()
    found = verdict(book)
    assert found.broken_at == 6
    assert shown(book).signed is not None
    assert shown(book).acknowledged == 0


def test_the_certificate_of_a_day_adds_up_that_day_alone(book: Path):
    day = shown(book)
    assert day.day == date(2026, 11, 24)
    assert (day.written, day.first_seq, day.last_seq, day.acknowledged, day.unacknowledged) == (7, 2, 8, 5, 2)
    assert (day.waiting, day.in_doubt, day.parked) == (1, 0, 1)
    assert (day.sums.volume_ml, day.sums.amount_vnd) == (FUELLED.volume_ml, FUELLED.amount_vnd)
    assert dict(day.sums.tenders) == {"cash": 20_000, "points": 5_000}
    assert (day.sums.sales, day.sums.points_credited, day.sums.points_debited) == (1, 50, 5_000)
    assert day.signed is not None
    assert day.signed.checked is True
    assert not day.is_clean
    monday = shown(book, date(2026, 11, 23))
    assert (monday.written, monday.acknowledged, monday.sums.sales) == (1, 1, 0)
    nothing = shown(book, date(2026, 11, 22))
    assert (nothing.written, nothing.first_mac) == (0, "")


def test_a_day_is_clean_only_when_everything_is_done_and_everything_was_checked(book: Path):
    store = open_store(book, chain_key=KEY, mirror=open_mirror(book.with_name("mirror"), book))
    done = [replace(each, state=DeliveryState.DELIVERED) for each in store.waiting_items()]
    store.commit(Change(items=tuple(done), acknowledged=acknowledged(8, store.journal_end().mac)), TUESDAY)
    store.close()
    assert shown(book).is_clean
    assert not shown(book, key=None, key_trouble="secrets_locked").is_clean
    assert not shown(book, settings=None).is_clean


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize(
    "make", [shown, lambda book: shown(book, settings=None, key=None, key_trouble="secrets_locked")]
)
def test_a_certificate_can_be_said_in_full_on_narrow_paper(
    book: Path, language: str, make: Callable[[Path], DayCertificate]
):
    words = catalogue(resources(), language)
    text = as_text(fitted(lines_of(make(book), words), 32), 32)
    assert "{" not in text
    assert "certificate." not in text
    assert max(map(len, text.splitlines())) <= 32


def test_a_broken_book_is_certified_as_broken(book: Path):
    edited(book, EDIT)
    day = shown(book)
    assert day.broken_at == 4
    text = as_text(fitted(lines_of(day, catalogue(resources(), "vi")), 48), 48)
    assert "KHÔNG NGUYÊN VẸN" in text
    assert "đứt ở bản ghi 4" in text
    assert json.dumps(day.sums.sales) == "0"
