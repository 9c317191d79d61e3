"""The review desk one by one: what a case is decided by, the next one by key, two people for much."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import insert, update

from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.sandbox.central.ledger import evidence, passwords, redemption_timers, review_desk
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.central.storage.journal_tables import journal_rows
from pos_client.sandbox.central.storage.tables import accruals
from pos_client.sandbox.portal.app import build_portal
from tests.browser import chromium, log_in, window
from tests.central import RESOURCES, TERMINAL, RunningCentral, Till, real_time, running_central
from tests.portal import PASSWORDS, Visitor

CASH = (TenderClass.CASH, 100_000)
INDIVIDUAL = "0912000001"


@pytest.fixture(scope="module")
def desk() -> Iterator[tuple[RunningCentral, CentralService]]:
    made: list[CentralService] = []

    def pages(service: CentralService):
        made.append(service)
        return build_portal(service, RESOURCES)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "COST", passwords.COST_OF_SANDBOX)
        with running_central(pages=pages, seed=7) as running:
            yield running, made[0]


@pytest.fixture(scope="module")
def till(desk: tuple[RunningCentral, CentralService]) -> Iterator[Till]:
    one = Till(desk[0].addresses)
    one.start()
    yield one
    one.close()


@pytest.fixture
def people(desk: tuple[RunningCentral, CentralService]) -> Iterator[tuple[Visitor, Visitor]]:
    """Two of head office."""
    both = (Visitor(desk[0].addresses.portal), Visitor(desk[0].addresses.portal))
    for who, one in zip(("HO-01", "HO-02"), both, strict=True):
        assert one.log_in(who).status_code == 200
    yield both
    for one in both:
        one.close()


def late(till: Till, end: int) -> str:
    """A sale that has to be looked at; its accrual."""
    stated = till.accrual(INDIVIDUAL, CASH, end=end, fuelled_at=(real_time() - timedelta(days=8)).isoformat())
    assert till.call(stated) == port.AccrualUnderReview("late")
    return stated.accrual_id


def written(service: CentralService, *rows: tuple[str, dict[str, Any]]) -> None:
    """Rows of the till's journal, as it would have sent them."""

    def work(book):
        book.db.execute(
            insert(journal_rows),
            [
                {
                    "terminal": TERMINAL,
                    "epoch": 1,
                    "seq": seq,
                    "at": "2026-11-15T10:00:00+07:00",
                    "kind": kind,
                    "body": msgspec.json.encode(body).decode(),
                    "mac": "",
                    "key": 0,
                    "received_ms": book.now_ms,
                }
                for seq, (kind, body) in enumerate(rows, start=1)
            ],
        )

    service.transact(work)


def test_a_case_shows_pump_price_cashier_customer_and_the_tills_own_rows(desk, till, people):
    _, service = desk
    accrual, office = late(till, 184_900_000), people[0]
    fuelled = (real_time() + timedelta(minutes=1)).isoformat()
    written(
        service,
        ("ShiftOpened", {"shift_id": "s1", "cashier": "Lan <b>", "opened_at": "2026-11-15T06:00:00+07:00"}),
        ("FuellingCompleted", {"fuelling_id": "f1", "point": 3, "nozzle": 2, "grade_code": "E10-95-III",
                               "grade_name": "E10", "unit_price": 27_081, "volume_ml": 3_692, "amount_vnd": 100_000,
                               "start_totalizer_ml": 184_896_300, "end_totalizer_ml": 184_900_000,
                               "finished_at": fuelled}),
        ("SaleOpened", {"sale_id": "q1", "fuelling_id": "f1", "receipt_number": "T1-000009"}),
        ("FuellingCompleted", {"fuelling_id": "f2", "point": 1, "nozzle": 1, "amount_vnd": 7}),
        ("AccrualStated", {"accrual_id": accrual, "sale_id": "q1", "fuelling_id": "f1"}),
        ("AccrualUnderReview", {"accrual_id": accrual, "code": "late"}),
    )  # fmt: skip
    office.get(f"/office/review/accrual:{accrual}")
    for words in (
        *("point 3, nozzle 2", "3,69", "100.000 đ", "184.896,30", "counter turned 3,70", "27.081 đ", "differs"),
        *("Lan <b>", "1 sales earned in this shift", "The till's own record: 4 rows", "AccrualStated"),
    ):
        assert words in office.text
    assert "Lan <b>" not in office.page.text


def test_what_central_does_not_hold_is_said_to_be_missing(desk, till, people):
    accrual, office = late(till, 184_900_001), people[0]
    office.get(f"/office/review/accrual:{accrual}")
    assert "Central does not hold the till's record of it." in office.text
    assert f"Of {TERMINAL} no row about this is held." in office.text
    assert "No shift known for it." in office.text


def test_cases_are_gone_through_in_a_row_and_what_is_decided_leaves_it(desk, till, people):
    office = people[0]
    for end in range(184_910_000, 184_910_003):
        late(till, end)
    office.get("/office/review", kind="accrual")
    assert "Go through them one by one" in office.text
    waiting = [case for case in desk[1].transact(review_desk.cases) if case.is_open]
    here = waiting[0].about
    for left in range(len(waiting), 0, -1):
        office.get(f"/office/review/{here}", kind="accrual")
        assert f"of {left} to decide" in office.text
        office.post(f"/office/review/{here}", decision="refused", note="Không rõ", then="next", kind="accrual")
        if left > 1:
            assert "The decision is recorded." in office.text
            assert office.path.split("?")[0] != f"/office/review/{here}"
            here = office.path.removeprefix("/office/review/").split("?")[0].replace("%3A", ":")
    assert "Nothing is left to decide." in office.text
    assert "HO-01" in office.get("/office/acts", act="decided").text


def test_much_is_given_by_two_people_and_never_by_one_twice(desk, till, people):
    central, service = desk
    first, second = people
    accrual = late(till, 184_920_000)
    much = review_desk.TWO_PEOPLE_FROM
    service.transact(
        lambda book: book.db.execute(update(accruals).where(accruals.c.id == accrual).values(points_due=much))
    )
    before, where = central.account("000100001")["available"], f"/office/review/accrual:{accrual}"
    first.get(where)
    assert "when a second person says the same" in first.text
    first.post(where, decision="credited", note="Đúng")
    assert "A second person has to say the same." in first.text
    assert central.account("000100001")["available"] == before
    assert first.post(where, decision="credited", note="Đúng").status_code == 422
    assert "Another person has to say the same." in first.text
    first.get("/office/review", kind="accrual")
    assert "waits for a second person" in first.text
    second.get(where)
    second.post(where, decision="credited", note="Đã xem lại")
    assert central.account("000100001")["available"] == before + much
    assert second.post(where, decision="credited", note="x").status_code == 422


def test_a_second_person_may_disagree_and_the_proposal_is_gone(desk, till, people):
    central, service = desk
    first, second = people
    accrual = late(till, 184_930_000)
    service.transact(
        lambda book: book.db.execute(update(accruals).where(accruals.c.id == accrual).values(points_due=500_000))
    )
    before, where = central.account("000100001")["available"], f"/office/review/accrual:{accrual}"
    first.get(where)
    first.post(where, decision="credited", note="Đúng")
    second.get(where)
    second.post(where, decision="investigate", note="Xem camera đã")
    first.post(where, decision="credited", note="Đúng")
    assert central.account("000100001")["available"] == before, "after another word the first yes counts anew"
    second.post(where, decision="refused", note="Không phải khách")
    assert central.account("000100001")["available"] == before


def test_a_silent_stations_hold_is_given_back_at_the_desk_once(desk, till, people):
    central, service = desk
    redemption = till.authorised(INDIVIDUAL, 50_000, central)
    before = central.account("000100001")["available"]
    central.later(redemption_timers.SILENCE_S + 60)
    try:
        central.ledger()
        case = next(
            case
            for case in service.transact(lambda book: review_desk.cases(book, review_desk.CaseKind.SUSPENSE))
            if case.who == redemption
        )
        office = Visitor(central.addresses.portal)
        office.log_in("HO-01")
        office.get(f"/office/review/{case.about}")
        assert "SUSPENSE" in office.text
        assert "50.000 held" in office.text
        office.post(f"/office/review/{case.about}", decision="points_returned", note="Trụ không chạy, đã xem số đếm")
        assert central.account("000100001")["available"] == before + 50_000
        assert office.post(f"/office/review/{case.about}", decision="points_returned", note="x").status_code == 422
        shown = service.transact(lambda book: evidence.of(book, case))
        assert shown.redemption is not None
        assert shown.redemption.state == "RELEASED"
        office.close()
    finally:
        central.later(0)


def test_the_next_case_is_a_key_away_in_a_real_browser(desk, till):
    for end in (184_940_000, 184_940_001):
        late(till, end)
    with chromium() as browser, window(browser, str(desk[0].addresses.portal)) as page:
        log_in(page, "HO-01", PASSWORDS["HO-01"])
        page.goto("/office/review?kind=accrual")
        keys = page.context.new_cdp_session(page)

        def alt(letter: str) -> None:
            """As the keyboard sends it: the automation's own key presses carry no letter beside Alt."""
            told = {
                "modifiers": 1,
                "key": letter,
                "code": f"Key{letter.upper()}",
                "unmodifiedText": letter,
                "text": letter,
            }
            code = {"windowsVirtualKeyCode": ord(letter.upper())}
            keys.send("Input.dispatchKeyEvent", {"type": "keyDown", **told, **code})
            keys.send("Input.dispatchKeyEvent", {"type": "keyUp", **told, **code})

        alt("n")
        page.wait_for_url("**/office/review/accrual*")
        first = page.url
        alt("n")
        page.wait_for_function("before => location.href !== before", arg=first)
        second = page.url
        page.fill("#note", "Xem rồi")
        page.select_option("#decision", "investigate")
        alt("s")
        page.wait_for_function("before => location.href !== before", arg=second)
        assert "done=decided" in page.url
