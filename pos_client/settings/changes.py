"""What differs between two trees of settings, entry by entry: for whoever is to say yes to other settings. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pos_client.value import dataclass

_NAMED_BY = {
    "lines": ("name",),
    "points": ("point",),
    "grades": ("code",),
    "prices": ("grade", "effective_from"),
    "staff": ("number",),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. `section` and `key` as in `options.SECTIONS`; `of`: the entries it is inside, outermost first.

    An entry that is only on one side is one change without a key.
    """

    section: str
    of: tuple[str, ...] = ()
    key: str = ""
    before: object = None
    after: object = None


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """Every difference, in the order of the file. Lines are the same by name, points by number, grades by code."""
    return tuple(_top(before, after))


def _top(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Change]:
    for section in dict.fromkeys((*before, *after)):
        old, new = before.get(section), after.get(section)
        if isinstance(old, list) or isinstance(new, list):
            yield from _entries(section, (), old or [], new or [])
        elif isinstance(old, Mapping) or isinstance(new, Mapping):
            yield from _table(section, (), old or {}, new or {})
        elif old != new and section != "version":
            yield Change("secrets", (), section, old, new)


def _entries(section: str, of: tuple[str, ...], old: list[Any], new: list[Any]) -> Iterator[Change]:
    olds, news = _named(section, old), _named(section, new)
    for name in dict.fromkeys((*olds, *news)):
        if name not in news:
            yield Change(section, (*of, name), before=name)
        elif name not in olds:
            yield Change(section, (*of, name), after=name)
        else:
            yield from _table(section, (*of, name), olds[name], news[name])


def _named(section: str, entries: list[Any]) -> dict[str, Any]:
    return {" ".join(str(each.get(key, "")) for key in _NAMED_BY[section]): each for each in entries}


def _table(section: str, of: tuple[str, ...], old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if key in _NAMED_BY and (isinstance(one, list) or isinstance(other, list)):
            yield from _entries(key, of, one or [], other or [])
        elif one != other:
            yield Change(section, of, key, one, other)
