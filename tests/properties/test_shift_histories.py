"""Random histories with shifts in them: every litre and every đồng is in exactly one, whatever breaks on the way."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.bootstrap.simulate.histories import ACTIONS, DIE_SIDES, TEMPERS, Action, revive
from pos_client.bootstrap.simulate.shift_checker import check_shifts
from pos_client.bootstrap.simulate.world import SETTINGS, Crash, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import NozzleId, PointId
from pos_client.domain.shift import ShiftPhase
from pos_client.domain.shift_sums import ShiftSums
from pos_client.domain.tender import TenderKind
from pos_client.ports.central import StateShift
from pos_client.protocols.central import codec
from pos_client.protocols.central.shift_messages import ShiftCloseRequest
from pos_client.sandbox.central.ledger.shift_recount import differences, recount
from pos_client.services import messages as m
from tests.properties.disk_trouble import disk_trouble_is_meant

WIRE = HttpWire("", "CHXD018-T1", "CHXD018")
SMALL = 1_000_000
"""A counter that begins anew after a thousand litres."""
SMALL_COUNTERS = replace(
    SETTINGS,
    lines=tuple(
        replace(line, points=tuple(replace(point, total_digits=5) for point in line.points)) for line in SETTINGS.lines
    ),
)


@pytest.fixture(autouse=True, scope="module")
def _disk_trouble_is_logged() -> Iterator[None]:
    """Thousands of refused commits are meant here."""
    with disk_trouble_is_meant():
        yield


def last_fuelling(rig: Rig, die: int):
    done = rig.facts(f.FuellingCompleted)
    return done[-1 - die % len(done)].fuelling_id if done else None


def count(rig: Rig, die: int) -> None:
    shift = rig.picture.shift
    rig.tell(m.CountCash(0 if shift is None else shift.cash_expected_vnd + (0, 0, 5_000, -5_000)[die % 4]))


def whole_close(rig: Rig, die: int) -> None:
    rig.tell(m.CloseShift())
    rig.advance(25_000, step_ms=5_000)
    count(rig, die)


def sell(rig: Rig, die: int, amount_vnd: int | None = None) -> None:
    rig.fuel(1 + die % 2, 400 + die)
    rig.select(1 + die % 2)
    rig.pay(tuple(TenderKind)[die // 2 % 3], amount_vnd)


SHIFT_ACTIONS: dict[str, Action] = {
    "open shift": lambda rig, die: rig.tell(m.OpenShift(f"Thu ngân {die % 3}")),
    "close shift": lambda rig, die: rig.tell(m.CloseShift()),
    "keep shift": lambda rig, die: rig.tell(m.KeepShift()),
    "count": count,
    "whole close": whole_close,
    "fuel more": lambda rig, die: rig.fuel(1 + die % 2, 500 + die),
    "sell": sell,
    "sell a part": lambda rig, die: sell(rig, die, 10_000),
    "drill": lambda rig, die: rig.tell(m.ShowNozzle(PointId(1 + die % 2), NozzleId(1))),
    "test": lambda rig, die: rig.tell(m.MarkPumpTest(last_fuelling(rig, die))),
    "drive off": lambda rig, die: rig.tell(m.DriveOff("", last_fuelling(rig, die))),
    "back": lambda rig, die: rig.tell(m.ReturnDriveOff(last_fuelling(rig, die) or "")),  # type: ignore[arg-type]
}
ALL = {**{name: act for name, act in ACTIONS.items() if name not in ("greedy", "hasty", "poison")}, **SHIFT_ACTIONS}
STEPS = st.tuples(
    st.sampled_from(sorted(ACTIONS.keys() & ALL.keys())) | st.sampled_from(sorted(SHIFT_ACTIONS)),
    st.integers(0, DIE_SIDES - 1),
)


def evening(rig: Rig) -> None:
    """Everything is well again, everybody pays, the last shift is closed over a forecourt that answers."""
    rig.store.crash_after = rig.crash_after_message = None
    rig.settle()
    for away in rig.picture.drive_offs:
        rig.tell(m.ReturnDriveOff(away.fuelling_id))
    rig.sell_everything()
    rig.settle(60)
    if rig.picture.shift is None or rig.look().shift.phase is ShiftPhase.CLOSED:  # type: ignore[union-attr]
        rig.tell(m.OpenShift("Lan"))
    rig.advance(25_000, step_ms=5_000)
    rig.tell(m.KeepShift(), m.CloseShift())
    rig.advance(25_000, step_ms=5_000)
    count(rig, 0)


def played(history: list[tuple[str, int]], temper: int, small: bool) -> Rig:
    meters = {(1, 1): SMALL - 7_000, (1, 2): SMALL - 60_000, (2, 1): 3_000} if small else None
    rig = Rig(SMALL_COUNTERS if small else SETTINGS, totals=meters)
    hall = rig.forecourt
    hall.ended_before_idle, hall.repeats_last = bool(temper & 1), bool(temper & 2)
    hall.remembers, hall.tells_totals = bool(temper & 4), not temper & 16
    rig.tell(m.OpenShift("Lan"))
    for name, die in history:
        try:
            ALL[name](rig, die)
            _ = rig.picture
            assert_resumable(rig)
        except Crash:
            revive(rig, arrive=bool(die % 2))
    evening(rig)
    return rig


def assert_resumable(rig: Rig) -> None:
    """What a restart would read now is what is known now."""
    if not rig.alive or rig.desk.unwritten:
        return
    written = [entry for entry in rig.store.open_books().entries if isinstance(entry.fact, f.ShiftSummed)]
    assert len(written) == 1
    sums = ShiftSums(rig.desk.state.sums.meters).apply(written[0].fact)
    for entry in rig.store.entries_after(written[0].seq):
        sums = sums.apply(entry.fact)
    assert sums == rig.desk.state.sums


def assert_central_counts_alike(rig: Rig) -> None:
    """Head office's own recount of the rows finds nothing else than the till states of each shift."""
    rows = [(row.kind, json.loads(row.body)) for row in rig.store.rows_from(1, len(rig.store.journal))]
    begin = 0
    for closed in rig.facts(f.ShiftClosed):
        first = next(at for at in range(begin, len(rows)) if rows[at][0] == "ShiftSummed")
        end = next(at for at in range(first, len(rows)) if rows[at][0] == "ShiftClosed")
        said = {name: getattr(closed, name) for name in StateShift.__slots__ if name in f.ShiftClosed.__slots__}
        call = StateShift(previous=None, masked_cashier="L***", opened_at="x", nozzles=closed.meters, **said)
        stated = codec.decode(WIRE.encode(call).body, ShiftCloseRequest)
        assert list(differences(stated, recount(rows[first : end + 1]))) == []
        begin = end


@pytest.mark.timeout(300)  # a busy machine plays five a second
@settings(max_examples=400)
@given(st.lists(STEPS, max_size=30), st.integers(0, TEMPERS - 1), st.booleans())
def test_every_litre_and_every_dong_is_in_exactly_one_shift(history: list[tuple[str, int]], temper: int, small: bool):
    rig = played(history, temper, small)
    evidence = rig.evidence()
    check_shifts(evidence.journal, evidence.meters)
    assert_central_counts_alike(rig)
    closed = rig.facts(f.ShiftClosed)
    told: Counter[tuple[PointId, NozzleId]] = Counter()
    for shift in closed:
        for point, nozzle, *_, state in shift.meters:
            assert state in ("agrees", "wrapped", "not_read"), f"{point}/{nozzle}: {state}"
        told.update({(line[0], line[1]): line[6] for line in shift.meters})
    for pump in rig.forecourt.pumps.values():
        for nozzle in pump.totals:
            assert told[pump.point, nozzle] == pump.flowed(nozzle), f"{pump.point}/{nozzle}"
    taken = sum(fact.amount_vnd for fact in rig.facts(f.TenderTaken) if fact.kind == "cash")
    assert sum(shift.cash_expected_vnd for shift in closed) == taken
    assert sum(shift.sales for shift in closed) == len(rig.facts(f.SalePaid))
    assert closed[-1].unpaid == ()
    assert rig.desk.state.sums.stories == {}
    assert all(line[-1] != "not_read" for line in closed[-1].meters)
