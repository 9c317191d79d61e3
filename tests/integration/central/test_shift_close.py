"""A closed shift at central: kept once, held to the journal and the ledger, compared again when rows come."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import msgspec
import pytest

from pos_client.adapters.sqlite import chain
from pos_client.bootstrap.simulate.world import Rig
from pos_client.domain import facts as f
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.identifiers import FuellingId, SaleId, ShiftId
from pos_client.domain.journal import encode
from pos_client.domain.tender import TenderClass, TenderKind
from pos_client.ports import central as port
from pos_client.services import messages as m
from tests.central import RunningCentral, Till

_NAMES = itertools.count(1)
_NUMBERS: dict[Rig, int] = {}  # holds each rig, so that no address in memory can stand for two of them


@pytest.fixture
def till(central: RunningCentral) -> Iterator[Till]:
    """A till of its own for each test: journals are for ever."""
    one = Till(central.addresses, terminal=f"CHXD018-S{next(_NAMES)}")
    yield one
    one.close()


@pytest.fixture
def rig() -> Rig:
    """Two shifts of a counter: the second begins with a fuelling that was not paid in the first."""
    rig = Rig()
    rig.tell(m.OpenShift("Nguyễn Thị Lan"))
    rig.fuel(1, 10_000)
    rig.select(1)
    rig.pay(TenderKind.CASH)
    rig.fuel(2, 7_000)
    _closed(rig)
    rig.tell(m.OpenShift("Trần Bình"))
    rig.select(2)
    rig.pay(TenderKind.CARD)
    rig.fuel(1, 3_000)
    rig.select(1)
    rig.pay(TenderKind.CASH)
    _closed(rig)
    rig.advance(20_000)
    return rig


def _closed(rig: Rig) -> None:
    rig.tell(m.CloseShift())
    assert rig.picture.shift is not None
    rig.tell(m.CountCash(rig.picture.shift.cash_expected_vnd))


def _own(rig: Rig, text: bytes) -> bytes:
    """Ids of this counter's own: all rigs throw the same dice, and central keeps what every earlier one said."""
    number = _NUMBERS.setdefault(rig, len(_NUMBERS) + 1)
    return text.replace(b"01939000-", f"{number:08d}-".encode())


def statements(rig: Rig) -> list[port.StateShift]:
    """What the till has said of its shifts, as the bytes it froze say it."""
    told = _own(rig, msgspec.json.encode(list(rig.central.ledger.shifts.values())))
    return msgspec.json.decode(told, type=list[port.StateShift])


def rows(rig: Rig, put: Callable[[JournalRow], tuple[str, bytes] | None] = lambda row: None) -> tuple[JournalRow, ...]:
    """The journal, other kinds and bodies in the place of some, its chain made anew."""
    made, before = [], chain.START
    for row in rig.store.rows_from(1, len(rig.store.journal)):
        kind, body = put(row) or (row.kind, row.body)
        body = _own(rig, body)
        before = chain.mac_of(b"", before, row.seq, row.at, kind, body)
        made.append(replace(row, kind=kind, body=body, mac=before))
    return tuple(made)


def append(till: Till, sent: tuple[JournalRow, ...], before: bytes = chain.START) -> None:
    call = till.wire.encode(port.AppendJournal(before, sent))
    till.central.stream(call)
    assert isinstance(till.inbox.result_of(call.key), port.JournalAcknowledged)


def compared(central: RunningCentral, till: Till) -> list[dict[str, Any]]:
    return list(central.control("GET", f"/control/shifts?terminal={till.terminal}"))


def test_what_agrees_with_the_journal_is_matched(central, till, rig):
    append(till, rows(rig))
    for stated in statements(rig):
        assert till.call(stated) == port.ShiftStated("matched")


def test_the_cashier_is_not_named(rig):
    for stated in statements(rig):
        assert stated.masked_cashier in ("Nguyễn T***", "Trần B***")


def test_before_its_rows_a_shift_waits_for_them_and_is_compared_when_they_come(central, till, rig):
    first, second = statements(rig)
    assert till.call(first) == port.ShiftStated("records-awaited")
    assert till.call(replace(second, sales=second.sales + 1)) == port.ShiftStated("records-awaited")
    all_of_them = rows(rig)
    end = 1 + next(row.seq for row in all_of_them if row.kind == "ShiftClosed")
    append(till, all_of_them[:end])
    assert [each["result"] for each in compared(central, till)] == ["matched", "records-awaited"]
    append(till, all_of_them[end:], all_of_them[end - 1].mac)
    assert [each["result"] for each in compared(central, till)] == ["matched", "mismatch"]
    assert [len(each["comparisons"]) for each in compared(central, till)] == [2, 2]


@pytest.mark.parametrize(
    ("change", "what"),
    [
        (lambda stated: {"sales": stated.sales + 1}, {"sales"}),
        (lambda stated: {"amount_vnd": stated.amount_vnd - 1}, {"amount"}),
        (lambda stated: {"volume_ml": stated.volume_ml + 1}, {"volume"}),
        (lambda stated: {"cash_expected_vnd": 0}, {"cash"}),
        (lambda stated: {"tenders": ()}, {"tender:cash:count", "tender:cash:amount"}),
        (lambda stated: {"nozzles": stated.nozzles[1:]}, {f"nozzle:1/1:{x}" for x in ("told", "amount", "fuellings")}),
    ],
)  # fmt: skip
def test_every_number_that_differs_is_a_mismatch_kept_and_on_the_desk(central, till, rig, change, what):
    append(till, rows(rig))
    stated = statements(rig)[0]
    answer = till.call(replace(stated, **change(stated)))
    assert answer.result == "mismatch"
    assert {name for name, *_ in answer.differences} == what
    found = [each for each in central.ledger()["incidents"] if each["redemption_id"] == stated.shift_id]
    assert "shift-mismatch" in {each["kind"] for each in found}


def test_stated_again_it_is_answered_alike_and_other_bytes_are_refused(central, till, rig):
    first, _ = statements(rig)
    answer = till.call(first)
    append(till, rows(rig))
    assert till.call(first) == answer
    assert till.call(replace(first, sales=99)).code == "idempotency-key-reused"
    assert len(compared(central, till)) == 1


def test_a_record_the_journal_names_is_awaited_until_it_is_there(central, till, rig):
    """The till claimed points for the first sale, and central hears of the claim after the shift."""
    claim = till.accrual("000100001", (TenderClass.CASH, 1), end=till_end())
    fuelling = rig.facts(f.FuellingCompleted)[0]
    claim = replace(claim, amount_vnd=fuelling.amount_vnd)
    stated = f.AccrualStated(claim.accrual_id, SaleId("sale"), fuelling.fuelling_id)
    made = rows(rig, lambda row: encode(stated) if row.kind == "ShiftClosing" else None)
    first, _ = statements(rig)
    append(till, made)
    assert till.call(first) == port.ShiftStated("records-awaited")
    booked = till.call(claim)
    assert isinstance(booked, port.AccrualBooked)
    append(till, _one_more(made))
    newest = compared(central, till)[0]
    assert newest["result"] == "matched"
    assert newest["comparisons"][-1]["points_credited"] == booked.points


def test_a_claim_for_another_sum_than_the_journal_says_is_a_mismatch(till, rig):
    claim = till.accrual("000100001", (TenderClass.CASH, 40_000), end=till_end())
    fuelling = rig.facts(f.FuellingCompleted)[0]
    stated = f.AccrualStated(claim.accrual_id, SaleId("sale"), fuelling.fuelling_id)
    append(till, rows(rig, lambda row: encode(stated) if row.kind == "ShiftClosing" else None))
    assert isinstance(till.call(claim), port.AccrualBooked)
    answer = till.call(statements(rig)[0])
    assert answer.differences == ((f"accrual:{claim.accrual_id}", fuelling.amount_vnd, 40_000),)


def ask(till: Till, shift_id: str) -> Any:
    return till.call(port.AskShift(till.new_id("q"), ShiftId(shift_id)))


def test_the_till_may_ask_what_the_comparison_came_to(central, till, rig):
    first, _ = statements(rig)
    assert ask(till, first.shift_id).code == "unknown-shift"
    till.call(first)
    assert ask(till, first.shift_id) == port.ShiftStated("records-awaited")
    append(till, rows(rig))
    assert ask(till, first.shift_id) == port.ShiftStated("matched")
    other = Till(central.addresses, terminal=f"CHXD018-S{next(_NAMES)}")
    assert ask(other, first.shift_id).code == "unknown-shift"
    other.close()


def test_what_arrives_behind_the_last_row_is_found_when_the_till_asks(till, rig):
    claim, made = _claimed(till, rig)
    first, _ = statements(rig)
    append(till, made)
    assert till.call(first) == port.ShiftStated("records-awaited")
    assert ask(till, first.shift_id) == port.ShiftStated("records-awaited")
    booked = till.call(claim)
    assert ask(till, first.shift_id) == port.ShiftStated("matched", points_credited=booked.points)


def _claimed(till: Till, rig: Rig) -> tuple[port.Accrue, tuple[JournalRow, ...]]:
    """A claim for the first sale, and a journal that names it in the first shift."""
    fuelling = rig.facts(f.FuellingCompleted)[0]
    claim = till.accrual("000100001", (TenderClass.CASH, 1), end=till_end())
    claim = replace(claim, amount_vnd=fuelling.amount_vnd)
    stated = f.AccrualStated(claim.accrual_id, SaleId("sale"), fuelling.fuelling_id)
    return claim, rows(rig, lambda row: encode(stated) if row.kind == "ShiftClosing" else None)


@pytest.fixture
def clock(central: RunningCentral) -> Iterator[RunningCentral]:
    """Central's time may be moved; it is put back."""
    yield central
    central.later(0)


def test_a_record_no_row_names_is_waited_for_and_then_a_mismatch(clock, till, rig):
    """Nobody but a forged till, or one whose book has lost its end, states what it has not written down."""
    claim = till.accrual("000100001", (TenderClass.CASH, 40_000), end=till_end())
    assert isinstance(till.call(claim), port.AccrualBooked)
    first, second = statements(rig)
    made = rows(rig)
    append(till, made)
    assert till.call(first).result == "records-awaited"
    clock.later(3_700)
    append(till, _one_more(made))
    found = ask(till, first.shift_id)
    assert (found.result, found.differences) == ("mismatch", ((f"accrual:{claim.accrual_id}", 0, 40_000),))
    assert till.call(second) == port.ShiftStated("matched")  # it was counted in the shift it came in


def test_a_record_named_by_a_row_of_the_next_shift_is_no_mismatch(clock, till, rig):
    """The close waited in the queue while the next cashier was selling already."""
    claim = till.accrual("000100001", (TenderClass.CASH, 40_000), end=till_end())
    assert isinstance(till.call(claim), port.AccrualBooked)
    first, _ = statements(rig)
    made = rows(rig)
    append(till, made)
    assert till.call(first).result == "records-awaited"
    named = encode(f.AccrualStated(claim.accrual_id, SaleId("sale"), FuellingId("elsewhere")))
    last = made[-1]
    mac = chain.mac_of(b"", last.mac, last.seq + 1, last.at, *named)
    append(till, (*made, replace(last, seq=last.seq + 1, kind=named[0], body=named[1], mac=mac)))
    clock.later(3_700)
    assert ask(till, first.shift_id).result == "matched"


@pytest.mark.parametrize("ending", ["captured", "shortfall"])
def test_fuel_for_points_inside_the_shift_is_held_to_what_was_debited(central, till, rig, ending):
    till.start()
    fuelling = rig.facts(f.FuellingCompleted)[0]
    redemption = till.authorised("000100001", 40_000, central)
    if ending == "shortfall":
        assert isinstance(till.call(port.Void(redemption, "test")), port.RedemptionVoided)
    spent = f.DispenseFinished(redemption, fuelling.fuelling_id, 1_000, 30_000)
    append(till, rows(rig, lambda row: encode(spent) if row.kind == "ShiftClosing" else None))
    first, _ = statements(rig)
    assert till.call(first) == port.ShiftStated("records-awaited")
    assert till.call(till.capture(redemption, 30_000))
    debited = 30_000 if ending == "captured" else 0
    assert ask(till, first.shift_id) == port.ShiftStated("matched", points_debited=debited)


def test_fuel_for_points_of_another_sum_is_a_mismatch(central, till, rig):
    till.start()
    fuelling = rig.facts(f.FuellingCompleted)[0]
    redemption = till.authorised("000100001", 40_000, central)
    spent = f.DispenseFinished(redemption, fuelling.fuelling_id, 1_000, 25_000)
    append(till, rows(rig, lambda row: encode(spent) if row.kind == "ShiftClosing" else None))
    assert till.call(till.capture(redemption, 30_000))
    assert till.call(statements(rig)[0]).differences == ((f"redemption:{redemption}", 25_000, 30_000),)


def till_end() -> int:
    """A totalizer no other sale of this central has ended at."""
    return 400_000_000 + next(_NAMES)


def _one_more(journal: tuple[JournalRow, ...]) -> tuple[JournalRow, ...]:
    """All of it once more, with a row behind."""
    last = journal[-1]
    mac = chain.mac_of(b"", last.mac, last.seq + 1, last.at, "SessionOpened", b"{}")
    return (*journal, replace(last, seq=last.seq + 1, kind="SessionOpened", body=b"{}", mac=mac))


def test_rows_nobody_can_count_are_a_mismatch_and_still_kept(central, till, rig):
    broken = b'{"sale_id":[],"kind":5}'
    made = rows(rig, lambda row: (row.kind, broken) if row.kind == "TenderTaken" else None)
    first, second = statements(rig)
    assert till.call(first).result == "records-awaited"
    append(till, made)
    assert till.call(second).differences == (("journal", 0, 0),)
    assert [each["result"] for each in compared(central, till)] == ["mismatch", "mismatch"]
