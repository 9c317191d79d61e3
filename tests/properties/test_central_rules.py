"""Central's ledger follows the programme: reversals, groups, deaths by action, consent numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import insert

from pos_client.domain.errors import RuleViolation
from pos_client.domain.programme import load_profile
from pos_client.protocols.central import messages as m
from pos_client.sandbox.central.ledger import challenges, customers, funds, pools
from pos_client.sandbox.central.overview import fund_sums, overview
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage.tables import redemptions
from tests.central import TestClock, a_service, the_scenario
from tests.programmes import PLX_SOURCE, with_parameters

WHO, OTHER, GROUP = "000300001", "000300002", "VPP-00001"
ALONE = "000100004"


@pytest.fixture
def clock():
    return TestClock()


@pytest.fixture
def service(clock, new_database):
    made = a_service(clock, new_database())
    with made.book() as book:
        set_up(book, the_scenario())
    yield made
    made.engine.dispose()


def sums(book, fund):
    found = fund_sums(book, fund)
    assert found["balanced"]
    return found["available"], found["held"]


def a_hold(book, points, fund=ALONE):
    book.db.execute(
        insert(redemptions).values(
            id="r", state="HELD", created_ms=book.now_ms, terminal="t", station="s", points=points
        )
    )
    funds.hold(book, "r", fund, funds.plan(book, fund, points))


def captured(service, points=10_000, fund=ALONE):
    with service.book() as book:
        a_hold(book, points, fund)
        funds.settle(book, "r", fund, points)


def test_a_reversed_redemption_puts_its_points_back_where_they_were(service):
    with service.book() as book:
        before = funds.lots_of(book, ALONE)
    captured(service, 50_000)
    with service.book() as book:
        assert funds.reverse_redemption(book, "r") == 50_000
        assert funds.lots_of(book, ALONE) == before
        assert sums(book, ALONE) == (51_500, 0)
        with pytest.raises(RuleViolation, match="already_reversed"):
            funds.reverse_redemption(book, "r")
        with pytest.raises(RuleViolation, match="unknown_entry"):
            funds.reverse_redemption(book, "nobody")


def test_a_redemption_reversed_after_the_lots_last_day_lives_on(service, clock):
    captured(service)
    clock.at += timedelta(days=7)
    with service.book() as book:
        funds.reverse_redemption(book, "r")
        lot = next(lot for lot in funds.lots_of(book, ALONE) if lot.points_left == 10_000)
        assert lot.expires_on == book.today + timedelta(days=6), "it had six days left when it was spent"
        assert sums(book, ALONE) == (13_500, 0)


def test_a_reversed_accrual_takes_what_its_lot_still_has_and_says_what_is_missing(service):
    with service.book() as book:
        funds.credit(book, ALONE, "accrual", 500, book.today, "a-1")
        a_hold(book, 200)
        assert funds.reverse_credit(book, "a-1") == (300, 200)
        assert sums(book, ALONE) == (51_500, 200)
        with pytest.raises(RuleViolation, match="already_reversed"):
            funds.reverse_credit(book, "a-1")


def test_b03_members_of_a_group_see_and_spend_one_fund(service):
    with service.book() as book:
        for number in (WHO, OTHER):
            found = customers.look_up(book, m.LookupRequest(identifier=m.IdentifierText(kind="id", text=number)))
            assert found.message.points_available == 61_001  # type: ignore[union-attr]
        assert sums(book, WHO) == (0, 0)
        assert sums(book, GROUP) == (61_001, 0)


def test_b38_a_dissolved_group_shares_equally_and_its_members_are_on_their_own_again(service):
    with service.book() as book:
        a_hold(book, 100, GROUP)
        with pytest.raises(RuleViolation, match="pool_has_holds"):
            pools.dissolve(book, GROUP)
        funds.settle(book, "r", GROUP, 0)
        pools.dissolve(book, GROUP)
        assert [sums(book, fund) for fund in (GROUP, WHO, OTHER)] == [(0, 0), (30_501, 0), (30_500, 0)]
        assert pools.fund_of(book, OTHER) == OTHER
        with pytest.raises(LookupError):
            pools.dissolve(book, "nobody")


def test_b05_dead_points_are_converted_where_the_programme_says_so(service, clock):
    rules = [*PLX_SOURCE["rules"], {"row": "X05", "kind": "on_expiry", "reading": "for this test: convert them"}]
    rules[-1]["parameters"] = {"action": "convert"}
    converting = replace(service, profile=load_profile({**PLX_SOURCE, "rules": rules}))
    clock.at += timedelta(days=7)
    with converting.book() as book:
        entries: Any = overview(book)["entries"]
        kinds = [entry["kind"] for entry in entries if entry["points"] < 0 and entry["fund"] == ALONE]
        assert kinds == ["conversion"]
        assert sums(book, ALONE) == (3_500, 0)


def test_a08_a10_the_numbers_of_consent_are_the_programmes(service):
    source = with_parameters(PLX_SOURCE, "A08", digits=8, sends=1)
    other = replace(service, profile=load_profile(source))
    with service.book() as book:
        assert (challenges.code_rule(book).lives_s, challenges.resends(book)) == (180, 2)
    with other.book() as book:
        assert (challenges.code_rule(book).digits, challenges.resends(book)) == (8, 0)


def test_b02_central_asks_every_rule_on_spending(service):
    with service.book() as book:
        for points, code in ((99, "below_minimum"), (51_501, "insufficient_points")):
            with pytest.raises(RuleViolation, match=code):
                funds.plan(book, ALONE, points)
