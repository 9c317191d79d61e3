"""A value behaves as the standard library's own would. The ignored types are checked too: an unused one is an error."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import re
from dataclasses import FrozenInstanceError, asdict, field, fields, replace
from pathlib import Path
from typing import Any

import pytest

import pos_client.value
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Empty:
    """No fields."""


@dataclass(frozen=True, slots=True)
class One:
    name: str


@dataclass(frozen=True, slots=True, order=True)
class Point:
    x: int
    y: int = 2
    names: tuple[str, ...] = field(default_factory=tuple)
    code: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, order=True)
class Deeper(Point):
    z: int = 3


@dataclass(slots=True)
class Counted:
    step: int
    seen: list[int] = field(default_factory=list)
    total: int = field(init=False, default=7)
    late: int = field(init=False)

    def __post_init__(self) -> None:
        self.late = self.step * 2


@dataclass(frozen=True, slots=True, repr=False)
class Masked:
    pin: str

    def __repr__(self) -> str:
        return "***"

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = None  # type: ignore[assignment]


class Outer:
    @dataclass(frozen=True, slots=True)
    class Inner:
        value: int = 1


def standard(kind: type, **options: bool) -> Any:
    """The same class as the standard library makes it."""
    parents = tuple(standard(each, **options) for each in kind.__bases__ if dataclasses.is_dataclass(each))
    names = kind.__annotations__
    body: dict[str, Any] = {each.name: each for each in map(copy.copy, fields(kind)) if each.name in names}
    body |= {"__annotations__": names, "__qualname__": kind.__qualname__, "__module__": kind.__module__}
    kept = {name: vars(kind)[name] for name in ("__post_init__",) if name in vars(kind)}
    return dataclasses.dataclass(**options, slots=True)(type(kind.__name__, parents, {**body, **kept}))


MADE: list[tuple[type, dict[str, bool], list[tuple[tuple[Any, ...], dict[str, Any]]]]] = [
    (Empty, {"frozen": True}, [((), {})]),
    (One, {"frozen": True}, [(("a",), {}), ((), {"name": "b"})]),
    (Point, {"frozen": True, "order": True}, [((1,), {}), ((1, 3, ("a",)), {"code": "x"}), ((0,), {"y": 9})]),
    (Deeper, {"frozen": True, "order": True}, [((1,), {}), ((1,), {"z": 4}), ((1, 2, (), "c", 5), {})]),
    (Counted, {}, [((1,), {}), ((2,), {"seen": [1]})]),
    (Outer.Inner, {"frozen": True}, [((), {}), ((2,), {})]),
]


@pytest.mark.parametrize(("kind", "options", "calls"), MADE, ids=lambda each: getattr(each, "__name__", ""))
def test_it_says_compares_and_holds_what_the_standard_librarys_would(
    kind: Any, options: dict[str, bool], calls: list[tuple[tuple[Any, ...], dict[str, Any]]]
):
    twin = standard(kind, **options)
    ours = [kind(*args, **named) for args, named in calls]
    theirs = [twin(*args, **named) for args, named in calls]
    assert [repr(each) for each in ours] == [repr(each) for each in theirs]
    assert [asdict(each) for each in ours] == [asdict(each) for each in theirs]
    assert kind.__match_args__ == twin.__match_args__
    assert kind.__slots__ == twin.__slots__
    for left, right in ((a, b) for a in range(len(calls)) for b in range(len(calls))):
        assert (ours[left] == ours[right]) is (theirs[left] == theirs[right])
        if options.get("order"):
            assert (ours[left] < ours[right]) is (theirs[left] < theirs[right])
            assert (ours[left] >= ours[right]) is (theirs[left] >= theirs[right])
        if options.get("frozen"):
            assert (hash(ours[left]) == hash(ours[right])) is (hash(theirs[left]) == hash(theirs[right]))
    for each in ours:
        assert copy.copy(each) == each
        assert copy.deepcopy(each) == each
        assert pickle.loads(pickle.dumps(each)) == each
        assert not hasattr(each, "__dict__")


@pytest.mark.parametrize("kind", [Point, Deeper, Counted])
@pytest.mark.parametrize(
    ("args", "named"), [((), {}), ((1,), {"none": 1}), ((1,), {"step": 1, "x": 1}), ((1,) * 9, {})]
)
def test_a_wrong_call_is_refused_in_the_same_words(kind: Any, args: tuple[int, ...], named: dict[str, int]):
    twin = standard(kind, frozen=kind is not Counted)
    with pytest.raises(TypeError) as theirs:
        twin(*args, **named)
    for _ in range(2):  # the first call writes the method
        with pytest.raises(TypeError) as ours:
            kind(*args, **named)
        assert str(ours.value) == str(theirs.value)


def test_a_value_cannot_be_changed():
    value = Point(1)
    with pytest.raises(FrozenInstanceError, match="cannot assign to field 'x'"):
        value.x = 2  # type: ignore[misc]
    with pytest.raises(FrozenInstanceError, match="cannot delete field 'x'"):
        del value.x
    with pytest.raises(FrozenInstanceError):
        value.other = 2  # type: ignore[attr-defined]
    assert value == Point(1)


def test_what_holds_values_can_be_changed_and_has_no_hash():
    held = Counted(1)
    held.total = 8
    assert (held.total, held.late) == (8, 2)
    with pytest.raises(TypeError, match="unhashable"):
        hash(held)
    with pytest.raises(AttributeError):
        held.other = 2  # type: ignore[attr-defined]
    assert Counted(1).seen is not Counted(1).seen


def test_a_changed_copy_is_made_by_the_standard_library():
    assert replace(Point(1, code="secret"), y=5) == Point(1, 5, code="secret")
    assert replace(Deeper(1), z=0) == Deeper(1, z=0)
    with pytest.raises(TypeError):
        replace(Point(1), nothing=1)  # type: ignore[call-arg]
    with pytest.raises(ValueError, match="init=False"):
        replace(Counted(1), total=1)


def test_values_of_two_classes_are_never_equal_and_have_no_order():
    assert Point(1) != Deeper(1)
    assert Point(1).__eq__((1, 2, (), "")) is NotImplemented
    with pytest.raises(TypeError):
        assert Point(1) < Deeper(1)


def test_what_a_class_defines_itself_is_left_to_it():
    assert repr(Masked("1234")) == "***"
    assert Masked("1") == Masked("2")
    assert Masked.__hash__ is None


def test_what_a_field_hides_stays_hidden():
    assert "secret" not in repr(Point(1, code="secret"))


def test_a_value_in_itself_can_be_shown():
    held = Counted(1)
    held.seen.append(held)  # type: ignore[arg-type]
    assert repr(held) == "Counted(step=1, seen=[...], total=7, late=2)"


def test_values_are_taken_apart_by_match():
    match Point(4, 5):
        case Point(x, y=5):
            assert x == 4
        case _:
            raise AssertionError


def test_nothing_is_written_before_the_first_object_is_made(monkeypatch: pytest.MonkeyPatch):
    written: list[type] = []
    real = pos_client.value._init

    def noting(cls: type, frozen: bool) -> Any:
        written.append(cls)
        return real(cls, frozen)

    monkeypatch.setattr(pos_client.value, "_init", noting)

    @dataclass(frozen=True, slots=True)
    class Fresh:
        number: int

    assert written == []
    assert (Fresh(1), Fresh(2)) == (Fresh(1), Fresh(2))
    assert written == [Fresh]


def test_without_slots_it_is_the_standard_librarys_affair():
    with pytest.raises(AssertionError):

        @dataclass(slots=False)
        class Loose:
            number: int


def test_the_values_of_the_program_are_made_so_but_for_a_few():
    """Each that is not costs a start 0.7 ms: a few may be overlooked, not a habit."""
    package = Path(pos_client.value.__file__).parent
    others = {
        str(file.relative_to(package))
        for file in package.rglob("*.py")
        if file.name != "value.py" and re.search(r"^@dataclass\(.*slots=True", text := file.read_text("utf-8"), re.M)
        if "from pos_client.value import dataclass" not in text
    }
    assert len(others) < 10, sorted(others)
