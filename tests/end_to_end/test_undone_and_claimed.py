"""Points undone and points claimed late, from the till's own keys, over real HTTP, against the reference central: also
when the answer is lost, when central will not, and when an account has claimed enough for a day (flows 16 and 17)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, insert

from pos_client.bootstrap.demo.stage import Stage
from pos_client.domain.staff import SALT_BYTES, hash_of
from pos_client.sandbox.central.storage.tables import station_managers
from pos_client.services.operation_snapshots import OperationRow, OperationState
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import StaffSettings
from tests.end_to_end.counter import INDIVIDUAL, Counter, Key, open_counter

MANAGER = "09246810"
_CODE = re.compile(rb"TD-[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{2}")
S = OperationState


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Counter, Path]]:
    folder = tmp_path_factory.mktemp("undone")
    paper = folder / "paper.bin"

    def staffed(stage: Stage) -> None:
        printer = replace(stage.settings.printer, target=f"file:{paper}", text_mode="text")
        manager = StaffSettings(9, "Trần Văn Minh", "manager", hash_of(b"246810", bytes(SALT_BYTES)))
        stage.settings = replace(stage.settings, printer=printer, staff=(manager,))

    with open_counter(folder, staffed) as counter:
        yield counter, paper


@pytest.fixture
def counter(shared: tuple[Counter, Path]) -> Iterator[Counter]:
    made, _ = shared
    yield made
    made.stage.central.delete("/control/faults")
    made.stage.settled()
    for _ in range(3):
        made.stage.key(Key.Key_Escape)


@pytest.fixture
def central(shared: tuple[Counter, Path]) -> Iterator[Engine]:
    """Head office's own tables."""
    engine = create_engine(f"sqlite:///{shared[1].parent / 'central.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def paper(shared: tuple[Counter, Path]) -> Path:
    return shared[1]


def points(counter: Counter) -> int:
    """What central says the customer has."""
    accounts = counter.stage.central.get("/control/ledger")["accounts"]
    return next(int(row["available"]) for row in accounts if row["number"] == INDIVIDUAL)


def sell(counter: Counter, who: str = "", tender: Key = Key.Key_F9) -> None:
    counter.open_sale(1, 200_000)
    if who:
        counter.known(who)
    counter.stage.key(tender)
    counter.stage.until(lambda s: s.sale is None and s.receipt is not None, "paid")


def rows(counter: Counter) -> tuple[OperationRow, ...]:
    found = counter.stage.until(lambda s: s.operations is not None, "the list of points")
    assert found.operations is not None
    return found.operations


def undo_newest(counter: Counter) -> None:
    """F12 L, the newest, F7, the first reason, the manager's number and PIN."""
    stage = counter.stage
    stage.more(Key.Key_L)
    assert rows(counter)
    stage.key(Key.Key_F7)
    stage.key(Key.Key_1)
    stage.until(lambda s: s.staff_ask is not None, "a manager is asked for")
    for typed, digit in enumerate(MANAGER, start=1):  # as slowly as a hand: what comes in one burst is a scan
        stage.key(Key(Key.Key_0 + int(digit)))
        stage.until(partial(typed_so_far, digits=typed), "a digit is taken")
    stage.until(lambda s: s.staff_ask is None, "the manager has approved")


def typed_so_far(snapshot: TerminalSnapshot, digits: int) -> bool:
    return snapshot.staff_ask is None or snapshot.staff_ask.typed == digits


def stands(counter: Counter, state: OperationState, problem: str = "") -> OperationRow:
    """How the newest operation ends up on the list."""
    stage = counter.stage
    stage.more(Key.Key_L)
    found = stage.until(
        lambda s: [(row.state, row.problem) for row in (s.operations or ())[:1]] == [(state, problem)],
        f"the newest is {state.value} {problem}",
        60.0,
    )
    stage.key(Key.Key_Escape)
    assert found.operations
    return found.operations[0]


def earned(counter: Counter) -> int:
    """A sale with the customer, and what it has brought him at central."""
    before = points(counter)
    sell(counter, INDIVIDUAL)
    counter.stage.settled()
    return points(counter) - before


def test_a_credit_is_undone_at_central_by_the_managers_hand(counter: Counter) -> None:
    before = points(counter)
    assert earned(counter) == 500
    undo_newest(counter)
    assert stands(counter, S.REVERSED).points == 500
    assert points(counter) == before


@pytest.mark.timeout(240)
def test_a_lost_answer_undoes_once(counter: Counter) -> None:
    before = points(counter)
    earned(counter)
    counter.fault("answer_lost", "/v1/reversals", times=1)
    undo_newest(counter)
    stands(counter, S.REVERSED)
    assert points(counter) == before


# ── late claims ─────────────────────────────────────────────────────────────────────────────────────────────────────


def code_of(counter: Counter, paper: Path) -> str:
    """The code of the newest receipt, as it was printed."""
    already = len(_CODE.findall(paper.read_bytes())) if paper.exists() else 0
    sell(counter)
    counter.stage.until_true(lambda: len(_CODE.findall(paper.read_bytes())) > already, "a code on paper")
    newest: bytes = _CODE.findall(paper.read_bytes())[-1]
    return newest.decode()


def claim(counter: Counter, code: str) -> None:
    counter.scan(code)
    counter.scan(INDIVIDUAL)


def test_a_claim_that_central_answers_and_the_answer_is_lost_counts_once(counter: Counter, paper: Path) -> None:
    before, code = points(counter), code_of(counter, paper)
    counter.fault("answer_lost", "/v1/accruals", times=2)
    claim(counter, code)
    counter.told("claim_made")
    counter.stage.settled()
    assert points(counter) == before + 500
    counter.scan(code)
    counter.told("claim_used")


def test_what_was_claimed_late_can_be_undone(counter: Counter) -> None:
    before = points(counter)
    undo_newest(counter)
    stands(counter, S.REVERSED)
    assert points(counter) == before - 500


def test_an_account_claims_so_often_a_day_and_no_more(counter: Counter, paper: Path) -> None:
    before = points(counter)
    for _ in range(2):
        claim(counter, code_of(counter, paper))
        counter.told("claim_made")
        counter.stage.key(Key.Key_Return)
    code = code_of(counter, paper)
    claim(counter, code)
    counter.told("claim_too_many")
    counter.stage.settled()
    assert points(counter) == before + 2 * 500


def test_central_that_will_not_undo_leaves_it_and_says_why(counter: Counter, central: Engine) -> None:
    """Head office has named others who may approve here: the manager of the till is none of them."""
    earned(counter)
    before = points(counter)
    row = {"station": "CHXD018", "key": "lan", "name": "Lan", "at_ms": 0}
    with central.begin() as db:
        db.execute(insert(station_managers).values(**row))
    undo_newest(counter)
    stands(counter, S.DONE, "cashier-not-permitted")
    assert points(counter) == before
