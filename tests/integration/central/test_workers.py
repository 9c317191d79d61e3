"""Several processes on one PostgreSQL tell and keep what one would."""

from __future__ import annotations

import threading
from random import Random

import pytest

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from tests.central import Till, running_central

PEOPLE = ("000100001", "000100004")


def play(central, who: str, failed: list[BaseException]) -> None:
    """One customer's day at a till of his own: the same whenever it is played."""
    dice, till = Random(who), Till(central.addresses)
    try:
        for number in range(8):
            what, points = dice.choice(("fuel", "nothing", "sale")), dice.randrange(100, 5_000)
            if what == "sale":
                sale = till.accrual(who, (TenderClass.ELECTRONIC, points * 100), end=int(who) * 100 + number)
                for _ in range(2):
                    assert isinstance(till.call(sale), port.AccrualBooked)
                continue
            redemption = till.authorised(who, points, central)
            end = till.capture(redemption, points // 2) if what == "fuel" else port.Void(redemption, "test")
            assert till.call(end) == till.call(end)
    except BaseException as error:  # noqa: BLE001  # told in the test's own thread
        failed.append(error)
    finally:
        till.close()


def a_day(url: str, workers: int):
    with running_central(database=url, workers=workers) as central:
        failed: list[BaseException] = []
        threads = [threading.Thread(target=play, args=(central, who, failed)) for who in PEOPLE]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert failed == []
        found = central.ledger()
        sums = {row["number"]: (row["credits"], row["debits"], row["held"]) for row in found["accounts"]}
        states = sorted(row["state"] for row in found["redemptions"])
        return sums, states, found["ledger_accounts"]


@pytest.mark.timeout(240)
def test_the_same_day_through_one_process_and_through_three(postgres):
    assert a_day(postgres.fresh_database(), 3) == a_day(postgres.fresh_database(), 1)


@pytest.mark.timeout(120)
def test_sessions_and_the_clock_are_everybodys(postgres):
    with running_central(database=postgres.fresh_database(), workers=2) as central:
        old, new = Till(central.addresses), Till(central.addresses)
        try:
            old.start()
            new.start()
            reference = new.look_up(PEOPLE[0]).reference
            asked = [port.Hold(RedemptionId(old.new_id()), reference, 500, "pay") for _ in range(6)]
            assert {old.call(each).code for each in asked} == {"stale-session"}
            redemption, _ = new.hold(PEOPLE[0], 500)
            central.later(400)
            assert central.account(PEOPLE[0])["held"] == 0
            states = {row["id"]: row["state"] for row in central.ledger()["redemptions"]}
            assert states[redemption] == "EXPIRED"
        finally:
            old.close()
            new.close()


def test_a_file_is_for_one_process(tmp_path):
    from pos_client.sandbox.central.server import CentralConfig, serve
    from tests.central import PROFILE, the_scenario

    config = CentralConfig(the_scenario(), PROFILE, database=f"sqlite:///{tmp_path / 'c.db'}", workers=2)
    with pytest.raises(OSError, match="SQLite has one writer"):
        serve(config, lambda _: None, threading.Event())
