"""What operators do and see: health, numbers, quiet logs, backups, a door that does not fall in."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, insert, text

from pos_client.sandbox.central.admission import RETRY_AFTER_S, RETRY_AFTER_S_MAX, SEEN_S, Admission
from pos_client.sandbox.central.ledger import funds
from pos_client.sandbox.central.log_lines import JsonLines
from pos_client.sandbox.central.overview import overview
from pos_client.sandbox.central.scenario import set_up
from pos_client.sandbox.central.storage import backup
from pos_client.sandbox.central.storage.all_tables import metadata
from pos_client.sandbox.central.storage.tables import grades
from tests.central import TestClock, a_service, the_scenario

WHO = "000100001"


def asked(central, path):
    return requests.get(central.addresses.control + path, timeout=10)


def test_health_and_numbers(central, till):
    till.authorised(WHO, 1_000, central)
    assert asked(central, "/health/live").json() == {"live": True}
    ready = asked(central, "/health/ready")
    assert (ready.status_code, set(ready.json().values())) == (200, {"ok"})
    lines = asked(central, "/metrics").text.splitlines()
    assert any(
        line.startswith('central_requests_total{endpoint="PUT /v1/redemptions/{name}",status="201"}') for line in lines
    )
    assert any(line.startswith('central_holds_live{state="AUTHORISED"}') for line in lines)
    assert "central_timers_overdue_seconds 0.0" in lines
    till.call(till.capture(next(iter(central.ledger()["live_holds"])), 1_000))


def test_a_database_behind_the_program_is_not_ready(new_database):
    from pos_client.sandbox.central.health import checks

    service = a_service(TestClock(), new_database())
    with service.engine.begin() as db:
        db.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    assert checks(service)["migrations"].startswith("at 0001")
    service.engine.dispose()


@pytest.mark.log_expected("a handler that breaks is logged; how, is what is looked at")
def test_a_busy_log_names_nobody(central, till, caplog):
    caplog.set_level(logging.DEBUG)
    person = central.account(WHO)
    redemption, placed = till.hold(WHO, 1_000)
    code = central.code_for(redemption)
    till.verify(redemption, 1, placed, "000000" if code != "000000" else "000001")
    till.verify(redemption, 2, placed, code)
    till.call(till.capture(redemption, 900))
    try:
        raise ValueError(person["phone"])
    except ValueError:
        logging.getLogger("pos_client.central").exception("%s failed", person["name"])
    lines = [JsonLines().format(record) for record in caplog.records if record.name.startswith("pos_client")]
    assert {"endpoint", "status", "ms"} <= set().union(*(json.loads(line) for line in lines))
    for secret in (person["phone"], person["name"], code, person["phone"].removeprefix("+84")):
        assert [line for line in lines if secret in line] == []


def a_full_ledger(url):
    service = a_service(TestClock(), url)
    with service.book() as book:
        set_up(book, the_scenario())
    return service


def test_a_backup_comes_back_as_it_was_and_goes_on(empty_database, tmp_path):
    source, target = empty_database(), empty_database()
    service = a_full_ledger(source)
    with service.book() as book:
        before: Any = overview(book)
    service.engine.dispose()
    written = backup.back_up(source, tmp_path / "central.backup")
    assert written["accounts"] == len(before["accounts"])
    assert backup.restore(tmp_path / "central.backup", target) == written
    again = a_service(TestClock(), target)
    with again.book() as book:
        assert overview(book) == before
        funds.credit(book, WHO, "accrual", 100, book.today, "a")
    again.engine.dispose()


def test_a_backup_overwrites_nothing_and_is_not_poured_over_anything(empty_database, tmp_path):
    source = empty_database()
    a_full_ledger(source).engine.dispose()
    backup.back_up(source, tmp_path / "b")
    with pytest.raises(FileExistsError, match="never overwrites"):
        backup.back_up(source, tmp_path / "b")
    with pytest.raises(backup.NotEmpty, match="choose an empty database"):
        backup.restore(tmp_path / "b", source)
    with pytest.raises(FileNotFoundError):
        backup.restore(tmp_path / "nowhere", source)


def test_a_backup_that_reads_back_otherwise_is_said(tmp_path):
    url = f"sqlite:///{tmp_path / 'c.db'}"
    a_full_ledger(url).engine.dispose()
    before = {}
    engine = create_engine(url)
    with engine.begin() as db:
        before = {table.name: backup._digest(db, table) for table in metadata.sorted_tables}
        db.execute(insert(grades).values(code="x", name="x", earns=True))
    engine.dispose()
    with pytest.raises(OSError, match="otherwise than written: grades"):
        backup._verified(before, url)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request, tmp_path):
    """Makes URLs of databases with nothing in them."""
    if request.param == "postgresql":
        return request.getfixturevalue("postgres").empty_database
    numbers = iter(range(9))
    return lambda: f"sqlite:///{tmp_path / f'central-{next(numbers)}.db'}"


class Door:
    """An application that lets go when told, behind its door, and what came of each request."""

    def __init__(self, **how: Any) -> None:
        self.gate = asyncio.Semaphore(0)
        self.order: list[str] = []
        self.told: list[int] = []
        self.again_in: list[int] = []
        self.door = Admission(self.app, **how)

    async def app(self, scope, receive, send) -> None:
        self.order.append(scope["headers"][0][1].decode())
        await self.gate.acquire()
        await send({"type": "http.response.start", "status": 200, "headers": []})

    async def ask(self, terminal: str) -> None:
        async def send(message) -> None:
            if message["type"] == "http.response.start":
                self.told.append(message["status"])
                self.again_in += [int(value) for name, value in message["headers"] if name == b"retry-after"]

        async def receive() -> dict[str, Any]:
            return {"type": "http.disconnect"}

        await self.door({"type": "http", "headers": [(b"x-terminal", terminal.encode())]}, receive, send)


async def settle() -> None:
    for _ in range(20):
        await asyncio.sleep(0)


def test_terminals_take_turns_however_long_the_queue_of_one_is():
    async def play() -> Door:
        door = Door(at_once=1, waiting=20, waiting_of_one=10)
        asks = [asyncio.create_task(door.ask("first"))]
        await settle()
        asks += [asyncio.create_task(door.ask(name)) for name in ("long",) * 4 + ("a", "b")]
        await settle()
        for _ in asks:
            door.gate.release()
            await settle()
        await asyncio.gather(*asks)
        return door

    assert asyncio.run(play()).order == ["first", "long", "a", "b", "long", "long", "long"]


def test_who_has_waited_too_long_is_sent_away_and_takes_nobodys_place():
    async def play() -> Door:
        door = Door(at_once=1, waiting=3, waiting_of_one=2, longest_s=0.0)
        asks = [asyncio.create_task(door.ask("first"))]
        await settle()
        await asyncio.gather(*(door.ask(name) for name in ("a", "a", "b")))
        door.gate.release()
        await asyncio.gather(*asks)
        asks = [asyncio.create_task(door.ask("later"))]
        door.gate.release()
        await asyncio.gather(*asks)
        return door

    door = asyncio.run(play())
    assert (door.order, door.told) == (["first", "later"], [429, 429, 429, 200, 200])
    assert (door.door.shed, door.door.waiting) == (3, 0)


def test_who_is_sent_away_is_told_to_come_when_there_may_be_room_and_not_all_at_once():
    async def play() -> Door:
        door = Door(at_once=1, waiting=0)
        asks = [asyncio.create_task(door.ask("first"))]
        await settle()
        for number in range(200):
            await door.ask(f"t{number}")
        door.gate.release()
        await asyncio.gather(*asks)
        return door

    again_in = asyncio.run(play()).again_in
    assert all(RETRY_AFTER_S <= seconds <= RETRY_AFTER_S_MAX for seconds in again_in)
    assert max(again_in[:1]) <= RETRY_AFTER_S + SEEN_S
    assert len(set(again_in[-100:])) > 20


def test_a_full_room_and_a_terminal_that_fills_it_are_sent_away():
    async def play() -> Door:
        door = Door(at_once=1, waiting=3, waiting_of_one=2)
        asks = [asyncio.create_task(door.ask("first"))]
        await settle()
        asks += [asyncio.create_task(door.ask(name)) for name in ("long", "long", "long", "a", "b")]
        await settle()
        asks[1].cancel()
        for _ in asks:
            door.gate.release()
        await asyncio.gather(*asks, return_exceptions=True)
        asks.append(asyncio.create_task(door.ask("later")))
        door.gate.release()
        await asks[-1]
        return door

    door = asyncio.run(play())
    assert sorted(door.told) == [200, 200, 200, 200, 429, 429]
    assert (door.door.shed, door.door.waiting) == (2, 0)
