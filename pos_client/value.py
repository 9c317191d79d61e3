"""How values are made: `@dataclass(frozen=True, slots=True)` as the standard library means it, far quicker to import.

The standard library writes and compiles up to six methods for each class while its module is imported, some 0.7 ms a
class on Python 3.11. A till knows seven hundred of them, and a third of its way to the first picture was that. Here the
fields are still the standard library's (`fields`, `replace`, `asdict`, `match` and `field(...)` work as ever), but
comparison, hash and `repr` are closures over the names of the fields, and `__init__` is written when the first object
is made.

Types are checked as if it were `dataclasses.dataclass`. It makes only what this program uses: with slots, and without
`InitVar`, `kw_only` and `weakref_slot`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from dataclasses import MISSING, FrozenInstanceError, fields
from dataclasses import dataclass as _with_fields
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar

__all__ = ["dataclass"]

_T = TypeVar("_T")

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(*, slots: bool, frozen: bool = False, repr: bool = True, order: bool = False):
        """A value (`frozen`), or an object that holds some; what the class itself defines is left to it."""
        assert slots, "without slots it is the standard library's"

        def made(cls: type[_T]) -> type[_T]:
            own = frozenset(vars(cls))
            value = _with_fields(init=False, repr=False, eq=False, slots=True)(cls)
            for name, method in _methods(value, frozen, repr, order).items():
                if name not in own:
                    setattr(value, name, method)
            return value

        return made


def _methods(cls: type, frozen: bool, shown: bool, ordered: bool) -> dict[str, Any]:
    """What such a class can do, by name."""
    held = fields(cls)
    compared = _reader([each.name for each in held if each.compare])
    methods: dict[str, Any] = {"__init__": _init_at_first_use(cls, frozen), "__eq__": _compared("eq", compared)}
    if shown:
        methods["__repr__"] = _repr(tuple(each.name for each in held if each.repr))
    if ordered:
        methods |= {f"__{name}__": _compared(name, compared) for name in ("lt", "le", "gt", "ge")}
    if not frozen:
        return methods | {"__hash__": None}
    return methods | {
        "__hash__": lambda self: hash(compared(self)),
        "__setattr__": _set,
        "__delattr__": _delete,
        "__getstate__": _getstate,
        "__setstate__": _setstate,
    }


def _reader(names: list[str]) -> Callable[[object], tuple[object, ...]]:
    """The values of an object's fields."""
    if len(names) > 1:
        return operator.attrgetter(*names)
    return lambda self: tuple(getattr(self, name) for name in names)


def _compared(name: str, values: Callable[[object], tuple[object, ...]]) -> Callable[[object, object], object]:
    """One comparison; only objects of one and the same class can be compared."""
    holds = getattr(operator, name)

    def compare(self: object, other: object) -> object:
        return holds(values(self), values(other)) if other.__class__ is self.__class__ else NotImplemented

    return compare


def _repr(names: tuple[str, ...]) -> Callable[[object], str]:
    @recursive_repr()
    def __repr__(self: object) -> str:
        return f"{type(self).__qualname__}({', '.join(f'{name}={getattr(self, name)!r}' for name in names)})"

    return __repr__


def _set(self: object, name: str, value: object) -> None:
    raise FrozenInstanceError(f"cannot assign to field {name!r}")


def _delete(self: object, name: str) -> None:
    raise FrozenInstanceError(f"cannot delete field {name!r}")


def _getstate(self: Any) -> list[object]:
    return [getattr(self, each.name) for each in fields(self)]


def _setstate(self: Any, state: list[object]) -> None:
    for each, value in zip(fields(self), state, strict=True):
        object.__setattr__(self, each.name, value)


def _init_at_first_use(cls: Any, frozen: bool) -> Callable[..., None]:
    """Writes the real one in its own place. Two threads at once write the same."""

    def __init__(self: object, *args: object, **named: object) -> None:
        cls.__init__ = written = _init(cls, frozen)
        written(self, *args, **named)

    return __init__


def _init(cls: Any, frozen: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_put": object.__setattr__, "_absent": MISSING}
    taken, lines = ["self"], []
    for each in fields(cls):
        value, default, factory = each.name, f"_default_{each.name}", f"_new_{each.name}"
        known[default], known[factory] = each.default, each.default_factory
        if each.default_factory is not MISSING:
            taken += [f"{value}=_absent"] if each.init else []
            value = f"{factory}() if {value} is _absent else {value}" if each.init else f"{factory}()"
        elif each.init:
            taken.append(value if each.default is MISSING else f"{value}={default}")
        elif each.default is MISSING:
            continue  # `__post_init__` fills it
        else:
            value = default
        lines.append(f"_put(self, {each.name!r}, {value})" if frozen else f"self.{each.name} = {value}")
    if hasattr(cls, "__post_init__"):
        lines.append("self.__post_init__()")
    exec(f"def __init__({', '.join(taken)}):\n " + "\n ".join(lines or ["pass"]), known)
    written: Callable[..., None] = known["__init__"]
    written.__module__, written.__qualname__ = cls.__module__, f"{cls.__qualname__}.__init__"
    return written
