"""The strip as a table: which question stands open, and what a key answers. No Qt, no clock.

One `Step` is one question. A step offers `Choice`s, each with its key; keyboard and finger take the same ones. Steps
that name a pump take its digits from the keyboard as the forecourt does. A step that speaks of the open sale holds
that sale's name, and ends when another one is open: what is marked as driven off is what was looked at.
"""

from __future__ import annotations

import re
from dataclasses import replace
from enum import StrEnum

from pos_client.domain.identifiers import PointId, SaleId, TerminalId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.domain.sale_type import SaleType
from pos_client.services import messages as m
from pos_client.services.operation_snapshots import OperationRow
from pos_client.services.shift_snapshots import ShiftPhase
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.keys import Action, TypeInto, Wish
from pos_client.ui.more import availability as may
from pos_client.ui.more.availability import Counter
from pos_client.value import dataclass

_LITRES = re.compile(r"(\d{1,4})(?:[.,](\d{0,2}))?")


class Ask(StrEnum):
    """The question that stands open."""

    MENU = "menu"
    PLATE = "plate"
    TEST_SALE = "test_sale"
    TEST_POINT = "test_point"
    TILL = "till"
    REASON = "reason"
    STOP_POINT = "stop_point"
    UNDO = "undo"
    """why a use or credit of points is to be undone"""
    STAFF = "staff"
    """number and PIN of whoever may do what was asked for"""
    CLOSE_TILL = "close_till"
    """whether the program shall really end; asked when somebody closes a window"""
    PRESET = "preset"
    PRESET_POINT = "preset_point"


WANTS_POINT = frozenset({Ask.TEST_POINT, Ask.STOP_POINT, Ask.PRESET_POINT})
"""Digits and touched tiles answer these."""
OF_THE_SALE = frozenset({Ask.PLATE, Ask.TEST_SALE, Ask.TILL})


@dataclass(frozen=True, slots=True)
class Step:
    """Where the strip stands. `before`: where Esc leads."""

    ask: Ask
    sale: SaleId | None = None
    point: PointId | None = None
    litres: bool = False
    preset_vnd: Vnd | None = None
    preset_ml: Millilitres | None = None
    operation: OperationRow | None = None
    before: Step | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer. `says` is its word under `more`, `why` the reason it cannot be given now."""

    key: str
    says: str
    places: tuple[tuple[str, object], ...] = ()
    why: str = ""
    actions: tuple[Action, ...] = ()
    then: Step | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What an answer leads to: the next question (None: the strip closes), and what is to be done."""

    step: Step | None
    actions: tuple[Action, ...] = ()


def choices(step: Step, snapshot: TerminalSnapshot | None, counter: Counter) -> tuple[Choice, ...]:
    """The answers of a step, in their places."""
    if snapshot is None or not snapshot.ready:
        return _menu_starting(counter) if step.ask is Ask.MENU else ()
    match step.ask:
        case Ask.MENU:
            return _menu(step, snapshot, counter)
        case Ask.TILL:
            keys = till_keys(counter.tills)
            return tuple(
                Choice(key, "till", (("till", till),), actions=(m.HandOver(TerminalId(till)),))
                for key, till in zip(keys, counter.tills, strict=True)
            )
        case Ask.REASON:
            return tuple(
                Choice(str(number), f"reason_{reason.value}", actions=(m.RestartFuelling(reason, step.point),))
                for number, reason in enumerate(m.RestartReason, start=1)
            )
        case Ask.PRESET:
            return _preset(step, counter)
        case Ask.UNDO if step.operation is not None:
            undone = step.operation
            return tuple(
                Choice(
                    str(number),
                    f"undo_{reason.value}",
                    actions=(m.Reverse(undone.operation, undone.operation_id, reason),),
                )
                for number, reason in enumerate(m.ReversalReason, start=1)
            )
        case Ask.CLOSE_TILL:
            return (Choice("X", "close_till", actions=(m.CloseTill(),)),)
        case Ask.STAFF:
            return _pin_pad(step)
    return ()


def _pin_pad(step: Step) -> tuple[Choice, ...]:
    """The digits, for fingers that have no keyboard, and the one that takes the last back."""
    digits = tuple(Choice(str(d), "", actions=(m.StaffPressed(d),), then=step) for d in (*range(1, 10), 0))
    return (*digits, Choice("←", "pin_back", actions=(m.StaffPressed(m.KeypadKey.CLEAR),), then=step))


def _menu(step: Step, snapshot: TerminalSnapshot, counter: Counter) -> tuple[Choice, ...]:
    sale = snapshot.sale.sale_id if snapshot.sale is not None else None
    untouched = may.sale_untouched(snapshot)
    calling, stopped = sum(map(may.calls, snapshot.points)), len(may.stopped(snapshot))
    drive_offs = len(snapshot.drive_offs)
    test = Step(Ask.TEST_POINT if untouched else Ask.TEST_SALE, None if untouched else sale, before=step)
    return (
        Choice("D", "drive_off", why=untouched, then=Step(Ask.PLATE, sale, before=step)),
        Choice("T", "pump_test", why=may.pump_test(snapshot), then=test),
        Choice("H", "hand_over", why=may.hand_over(snapshot, counter), then=Step(Ask.TILL, sale, before=step)),
        Choice("A", "authorise_all", _count(calling), may.authorise_all(snapshot), (m.AuthoriseAll(),)),
        Choice("P", "stop_one", why=may.stop_one(snapshot), then=Step(Ask.STOP_POINT, before=step)),
        Choice("R", "restart", _count(stopped), may.restart(snapshot), then=Step(Ask.REASON, before=step)),
        Choice("B", "drive_offs", _count(drive_offs), may.drive_offs(snapshot), (Wish.DRIVE_OFFS,)),
        _shift_key(snapshot),
        Choice("S", "shift", actions=(Wish.SHIFT,)),
        Choice("V", "prices", actions=(Wish.PRICES,)),
        Choice("L", "operations", actions=(m.ShowOperations(), Wish.OPERATIONS)),
        Choice("G", "radar", actions=(m.ShowRadar(),)),
        Choice("Q", "queue", actions=(m.ShowQueue(0), Wish.QUEUE)),
        Choice("F", "records", actions=(Wish.RECORDS,)),
        _technician(counter),
        _LANGUAGE,
    )


def _count(count: int) -> tuple[tuple[str, object], ...]:
    return (("count", count),)


def _shift_key(snapshot: TerminalSnapshot) -> Choice:
    """C closes what is open, or goes on closing; O opens the next one."""
    if not may.shift_open(snapshot) or snapshot.shift is None:
        return Choice("O", "open_shift", actions=(m.LogIn(),) if snapshot.staffed else (Wish.OPEN_SHIFT,))
    if snapshot.shift.phase is ShiftPhase.OPEN:
        return Choice("C", "close_shift", actions=(m.CloseShift(), Wish.SHIFT))
    return Choice("C", "close_shift_on", actions=(Wish.SHIFT,))


def _technician(counter: Counter) -> Choice:
    return Choice("K", "technician", why="" if counter.technician else "no_technician", actions=(Wish.TECHNICIAN,))


def _menu_starting(counter: Counter) -> tuple[Choice, ...]:
    return (_technician(counter), _LANGUAGE)


_LANGUAGE = Choice("N", "language", actions=(Wish.LANGUAGE,))


def _preset(step: Step, counter: Counter) -> tuple[Choice, ...]:
    turn = Choice("L", "in_money" if step.litres else "in_litres", then=replace(step, litres=not step.litres))
    if step.litres:
        return (turn,)
    quick = tuple(
        Choice(str(n), "quick", (("amount", amount),), then=_limited(step, amount, None))
        for n, amount in enumerate(counter.quick_presets, start=1)
    )
    return (*quick, turn)


def _limited(step: Step, vnd: Vnd | None, ml: Millilitres | None) -> Step:
    return Step(Ask.PRESET_POINT, litres=step.litres, preset_vnd=vnd, preset_ml=ml, before=step)


def till_keys(tills: tuple[str, ...]) -> tuple[str, ...]:
    """The digit of each till: the last one of its name (T2: 2) if that tells them all apart, else its place in the
    list; tills beyond the ninth have none and are touched."""
    last = tuple(till[-1:] for till in tills)
    if len(set(last)) == len(last) and all(digit in "123456789" for digit in last):
        return last
    return tuple(str(n) if n <= 9 else "" for n in range(1, len(tills) + 1))


def typed(step: Step, char: str, snapshot: TerminalSnapshot | None, counter: Counter) -> Move | None:
    """A printed character; None when this step has no answer of that key."""
    choice = next((c for c in choices(step, snapshot, counter) if c.key and c.key == char.upper()), None)
    if choice is not None:
        return taken(step, choice)
    if step.ask is Ask.PRESET and char.isascii() and char.isdigit():
        return Move(step, (TypeInto(char),))
    return None


def taken(step: Step, choice: Choice) -> Move:
    """An answer was given; one that cannot be given now changes nothing."""
    return Move(step) if choice.why else Move(choice.then, choice.actions)


def point_chosen(step: Step, point: PointId) -> Move:
    """A pump was named by digit or touch. Only for steps in `WANTS_POINT`."""
    match step.ask:
        case Ask.STOP_POINT:
            return Move(None, (m.StopFuelling(point),))
        case Ask.TEST_POINT:
            return Move(None, (m.AuthorisePoint(point, sale_type=SaleType.PUMP_TEST),))
    return Move(None, (m.AuthorisePoint(point, step.preset_vnd, step.preset_ml),))


def entered(step: Step, text: str = "") -> Move:
    """Enter, with what stands in the strip's field."""
    match step.ask:
        case Ask.PLATE:
            return Move(None, (m.DriveOff(plate=text),))
        case Ask.TEST_SALE:
            return Move(None, (m.MarkPumpTest(),))
        case Ask.CLOSE_TILL:
            return Move(None)
        case Ask.PRESET_POINT:
            return Move(None, (m.AuthorisePoint(None, step.preset_vnd, step.preset_ml),))
        case Ask.PRESET if step.litres and (ml := millilitres(text)) is not None:
            return Move(_limited(step, None, ml))
        case Ask.PRESET if not step.litres and text.isascii() and text.isdigit():
            return Move(_limited(step, int(text), None))
    return Move(step)


def millilitres(text: str) -> Millilitres | None:
    """'20', '20,5' and '20.05' in litres; None for anything else."""
    match = _LITRES.fullmatch(text)
    if match is None:
        return None
    return int(match[1]) * 1000 + int((match[2] or "").ljust(2, "0")) * 10


def still(step: Step | None, snapshot: TerminalSnapshot | None) -> Step | None:
    """The step after a newer snapshot: a question whose subject is gone is no longer asked."""
    if step is None or step.ask is Ask.MENU:
        return step
    if snapshot is None or not snapshot.ready:
        return None
    if step.ask is Ask.STAFF:
        return step if snapshot.staff_ask is not None else None
    if step.ask in OF_THE_SALE:
        same = snapshot.sale is not None and snapshot.sale.sale_id == step.sale
        return step if same and not may.sale_untouched(snapshot) else None
    if step.ask is Ask.REASON:
        waits = {p.point for p in may.stopped(snapshot)}
        return step if (step.point in waits if step.point is not None else waits) else None
    return step
