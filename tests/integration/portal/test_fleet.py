"""All tills on one page: from what a till says over HTTP to what head office reads; none, and a thousand of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import event, insert

from pos_client.domain.condition import Condition, Offer
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.release import Judgement
from pos_client.ports import central as port
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import conditions, passwords
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.central.storage.device_tables import terminal_conditions, terminals
from pos_client.sandbox.portal.app import build_portal
from tests.central import RESOURCES, STATION, RunningCentral, Till, real_time, running_central
from tests.portal import Visitor

MANY = 1_000
NO_DAY = "0001-01-01T00:00:00+14:00"
"""Before the first day of any calendar here: no till may spoil the page of all the others."""


def a_condition() -> Condition:
    return Condition(
        version="1.4.0",
        ready="1.5.0",
        offer=Offer(12, "1.5.0", 20, Judgement.TAKE),
        waiting=3,
        in_doubt=0,
        parked=0,
        oldest_waiting_s=125,
        unacknowledged=4,
        clock=TimeQuality.SYNCED,
        wall=real_time().isoformat(timespec="seconds"),
        disk_free_mb=48_211,
        certificate_ends="2099-03-01T00:00:00+00:00",
        troubles=(),
    )


@pytest.fixture(scope="module")
def fleet() -> Iterator[tuple[RunningCentral, CentralService]]:
    """A central of its own, and its ledger."""
    made: list[CentralService] = []

    def pages(service: CentralService):
        made.append(service)
        return build_portal(service, RESOURCES)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.COST_OF_SANDBOX)
        with running_central(pages=pages, seed=7) as running:
            yield running, made[0]


@pytest.fixture
def office(fleet: tuple[RunningCentral, CentralService]) -> Iterator[Visitor]:
    one = Visitor(fleet[0].addresses.portal)
    assert one.log_in("HO-01").status_code == 200
    yield one
    one.close()


def test_where_no_till_is_enrolled_the_page_says_what_to_do(office):
    office.get("/office/fleet")
    assert "No till is enrolled yet." in office.text


def test_what_a_till_says_is_on_the_page(fleet, office):
    central, _ = fleet
    till = Till(central.addresses)
    try:
        till.start()
        office.get("/office/fleet")
        assert "Has not told how it is yet." in office.text
        assert isinstance(till.call(port.StateCondition("c-1", a_condition())), port.TimeTold)
        office.get("/office/fleet")
        for words in (
            *("CHXD018-T1", "1.4.0", "1.5.0 is ready", "3 records", "oldest 2 min", "4 rows not held here"),
            *("Exact", "48.211 MB", "01/03/2099", "20 %", "1 / 1"),
        ):
            assert words in office.text
        ill = replace(a_condition(), parked=1, clock=TimeQuality.UNTRUSTED, troubles=("printer_paper_out", "new_word"))
        ill = replace(ill, offer=Offer(13, "1.6.0", 5, Judgement.GIVEN_UP), certificate_ends=NO_DAY, disk_free_mb=None)
        till.call(port.StateCondition("c-2", ill))
        central.control("POST", "/control/terminals/CHXD018-T1", {"do": "suspend", "reason": "to be looked at"})
        till.call(port.StateCondition("c-3", ill))  # one that is out of points is heard all the same
        office.get("/office/fleet")
        for words in ("Suspended or quarantined", "Records need a person", "Not trusted", "Update given up"):
            assert words in office.text
        assert "printer has no paper · new_word" in office.text
        assert "1 / 1" not in office.text
    finally:
        till.close()


def test_a_word_for_the_clock_that_is_none_is_refused(fleet):
    body = codec.encode(m.ConditionRequest(version="1", wall_at=real_time().isoformat(), clock="sundial"))
    assert fleet[0].post("POST", "/v1/conditions", body, **{"Idempotency-Key": "c-sundial"}).status_code == 400


@pytest.mark.parametrize("wall", ["yesterday", "2026-11-23T08:00:00"])
def test_a_condition_without_a_time_is_refused(fleet, wall):
    till = Till(fleet[0].addresses)
    try:
        refused = till.call(port.StateCondition(f"c-{wall}", replace(a_condition(), wall=wall)))
        assert isinstance(refused, port.Problem)
        assert refused.code == "malformed-request"
    finally:
        till.close()


def fill(service: CentralService) -> None:
    """A thousand more tills: every fifth silent for days, the tenth of them with a full disk, of three versions."""

    def work(book):
        now_ms = book.now_ms
        names = [f"{STATION}-Z{number:03d}" for number in range(MANY)]
        book.db.execute(
            insert(terminals),
            [
                {"name": name, "station": STATION, "till": name[-4:], "state": "enrolled", "epoch": 1, "since_ms": 0}
                for name in names
            ],
        )
        rows = [
            {
                "terminal": name,
                "version": f"1.{9 + number % 3}.0",
                "ready": "1.12.0" if number % 4 == 0 else "",
                "offered_number": 20 + number % 2,
                "offered": "1.12.0",
                "offered_percent": 10 * (1 + number % 2),
                "judgement": "later" if number % 4 else "take",
                "waiting": number,
                "in_doubt": 0,
                "parked": 0,
                "oldest_ms": now_ms - number * 1000,
                "unacknowledged": 0,
                "clock": "synced",
                "clock_off_s": 0,
                "disk_free_mb": 100 if number % 10 == 0 else 10_000 + number,
                "certificate_ends_ms": None,
                "troubles": "",
                "at_ms": now_ms - (3 * 86_400_000 if number % 5 == 0 else 1_000),
            }
            for number, name in enumerate(names)
        ]
        book.db.execute(insert(terminal_conditions), rows)

    service.transact(work)


def test_a_thousand_tills_are_counted_sorted_searched_and_paged(fleet, office):
    _, service = fleet
    fill(service)
    office.get("/office/fleet")
    assert "Page 1 of 21" in office.text or "1.001" in office.text
    tills = service.transact(conditions.fleet)
    counted = conditions.counts(tills)
    assert counted[conditions.Worry.SILENT] == MANY // 5
    assert counted[conditions.Worry.DISK] == MANY // 10
    newest = next(each for each in conditions.rollouts(tills) if each.version == "1.12.0")
    assert (newest.percent, newest.ready, newest.running) == (20, MANY // 4, 0)
    assert newest.later == MANY - MANY // 4

    def first(**query: str) -> str:
        office.get("/office/fleet", **query)
        return str(office.page.text).split('<th scope="row">')[-50].split("<")[0]

    assert first(sort="waiting") == f"{STATION}-Z999"
    assert first(sort="oldest") == f"{STATION}-Z999"
    assert first(sort="seen").startswith(f"{STATION}-Z")
    assert first(sort="version", find="1.10.0").endswith("Z001")
    assert first(only="disk", sort="name") == f"{STATION}-Z000"
    office.get("/office/fleet", find="z042")
    assert "Z042" in office.text
    assert "Z043" not in office.text
    office.get("/office/fleet", find="%")
    assert "No till like that." in office.text
    for sort in ("worries", "name", "clock", "certificate", "disk", "nonsense"):
        assert office.get("/office/fleet", sort=sort, page="21").status_code == 200


def test_a_thousand_tills_are_looked_through_with_a_handful_of_questions(fleet):
    _, service = fleet
    seen: list[str] = []

    def count(_conn, _cursor, statement, *_rest) -> None:
        seen.append(statement)

    event.listen(service.engine, "before_cursor_execute", count)
    try:
        assert service.transact(conditions.fleet)
    finally:
        event.remove(service.engine, "before_cursor_execute", count)
    assert len([each for each in seen if each.lstrip().upper().startswith("SELECT")]) <= 8
