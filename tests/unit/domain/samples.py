"""Instances of every fact kind, made from the declarations: a new kind is tested the day it comes."""

from __future__ import annotations

from dataclasses import fields
from typing import Any, get_type_hints

from hypothesis import strategies as st

from pos_client.domain import facts as f

SCALARS: dict[type, st.SearchStrategy[Any]] = {
    str: st.text(max_size=20),
    int: st.integers(-(10**15), 10**15),
    bool: st.booleans(),
}


def facts_of(kind: type[f.Fact]) -> st.SearchStrategy[f.Fact]:
    """Any instance of a kind, every field varied."""
    hints = get_type_hints(kind)
    values = {field.name: _of_hint(hints[field.name]) for field in fields(kind)}
    return st.builds(kind, **values)


def any_fact() -> st.SearchStrategy[f.Fact]:
    return st.one_of(*(facts_of(kind) for kind in f.KINDS.values()))


def sample(kind: type[f.Fact], /, **values: Any) -> Any:
    """One plain instance: what a field's type needs and no more, unless told otherwise."""
    plain: dict[type, Any] = {str: "x", int: 1, bool: False}
    hints = get_type_hints(kind)
    made = {
        field.name: plain.get(_bare(hints[field.name]), () if "tuple" in str(hints[field.name]) else None)
        for field in fields(kind)
    }
    return kind(**(made | values))


def _bare(hint: Any) -> Any:
    return getattr(hint, "__supertype__", hint)


def _of_hint(hint: Any) -> st.SearchStrategy[Any]:
    hint = _bare(hint)
    if hint in SCALARS:
        return SCALARS[hint]
    arguments: tuple[Any, ...] = getattr(hint, "__args__", ())
    if getattr(hint, "__origin__", None) is tuple:
        if arguments[-1] is Ellipsis:
            return st.lists(_of_hint(arguments[0]), max_size=4).map(tuple)
        return st.tuples(*(_of_hint(argument) for argument in arguments))
    if type(None) in arguments:
        return st.none() | st.one_of(*(_of_hint(a) for a in arguments if a is not type(None)))
    raise AssertionError(f"a fact holds whole numbers, text, booleans, None and tuples of them, not {hint}")
