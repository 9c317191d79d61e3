"""Reads one table of a programme file into a frozen value, and reports every fault of it at once.

The value's class is the only declaration: its fields say what must be there, of which type, within which bounds, in
which unit. So the check, the engine and the printed table of rules cannot disagree. Sentences of faults are English:
they are for whoever edits the file, and name the place in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, Field, field, fields, is_dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from types import NoneType, UnionType
from typing import Annotated, Any, TypeVar, Union, get_args, get_origin, get_type_hints

from pos_client.domain.programme.words import Sentence
from pos_client.value import dataclass

T = TypeVar("T")
_RATE = re.compile(r"^(\d{1,6})(?:[.,](\d{1,12}))?\s*%$", re.ASCII)


class ProfileError(ValueError):
    """A programme file that contradicts itself or leaves something out. `faults` holds every one, with its place."""

    def __init__(self, *faults: Fault) -> None:
        super().__init__("; ".join(f"{fault.place}: {fault.says}" for fault in faults))
        self.faults = faults


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong, and where: `rules[3] A20 · parameters.block_vnd`."""

    place: str
    says: str


@dataclass(frozen=True, slots=True)
class Within:
    """Bounds of a whole number, inclusive, and its unit."""

    least: int
    most: int = 10**12
    unit: str = ""


@dataclass(frozen=True, slots=True)
class SourceMayLeaveOut:
    """A number the source may not state (B21, B25, B26): without it the rule is loaded, inactive, and says why."""

    what: Sentence


@dataclass(slots=True)
class Reader:
    """Collects what was wrong while values are read. `absent` are the numbers the source leaves out."""

    faults: list[Fault] = field(default_factory=list)
    absent: list[Sentence] = field(default_factory=list)

    def fault(self, place: str, says: str) -> None:
        """Remember a fault and go on."""
        self.faults.append(Fault(place, says))

    def value(self, kind: type[T], table: Mapping[str, object], place: str) -> T | None:
        """A `kind` read from `table`; None when something was wrong or a number the source leaves out is absent."""
        before = len(self.faults), len(self.absent)
        hints = get_type_hints(kind, include_extras=True)
        declared: list[Field[Any]] = [f for f in fields(kind) if f.init]  # type: ignore[arg-type]
        known = {f.name for f in declared}
        for name in table:
            if name not in known:
                self.fault(f"{place}.{name}", f"unknown; known are {', '.join(sorted(known)) or 'none'}")
        read: dict[str, Any] = {}
        for one in declared:
            where = f"{place}.{one.name}"
            left_out = _extra(hints[one.name], SourceMayLeaveOut)
            if left_out is not None and table.get(one.name) in (None, [], {}):
                self.absent.append(left_out.what)
            elif one.name in table:
                read[one.name] = self._read(hints[one.name], table[one.name], where)
            elif one.default is MISSING and one.default_factory is MISSING:
                self.fault(where, "is missing")
        if (len(self.faults), len(self.absent)) != before:
            return None
        made = kind(**read)
        check = getattr(made, "contradictions", None)
        if check is not None:
            for where, says in check():
                self.fault(f"{place}.{where}" if where else place, says)
        return made if (len(self.faults), len(self.absent)) == before else None

    def _read(self, hint: Any, raw: object, place: str) -> Any:
        if get_origin(hint) is Annotated:
            inner, *extras = get_args(hint)
            within = next((extra for extra in extras if isinstance(extra, Within)), None)
            return self._whole(raw, within, place) if within else self._read(inner, raw, place)
        if get_origin(hint) in (Union, UnionType):
            return self._read(next(a for a in get_args(hint) if a is not NoneType), raw, place)
        if get_origin(hint) is tuple:
            return self._several(get_args(hint)[0], raw, place)
        if get_origin(hint) is Mapping:
            return self._named(get_args(hint)[1], raw, place)
        if is_dataclass(hint) and isinstance(hint, type):
            if isinstance(raw, Mapping):
                return self.value(hint, raw, place)
            return self.fault(place, "must be a table")
        return self._plain(hint, raw, place)

    def _several(self, hint: Any, raw: object, place: str) -> tuple[Any, ...]:
        if not isinstance(raw, Sequence) or isinstance(raw, str):
            self.fault(place, "must be a list")
            return ()
        return tuple(self._read(hint, one, f"{place}[{number}]") for number, one in enumerate(raw))

    def _named(self, hint: Any, raw: object, place: str) -> dict[str, Any]:
        if not isinstance(raw, Mapping):
            self.fault(place, "must be a table")
            return {}
        return {str(name): self._read(hint, one, f"{place}.{name}") for name, one in raw.items()}

    def _whole(self, raw: object, within: Within, place: str) -> int:
        if isinstance(raw, int) and not isinstance(raw, bool) and within.least <= raw <= within.most:
            return raw
        unit = f" {within.unit}" if within.unit else ""
        self.fault(place, f"must be a whole number of at least {within.least} and at most {within.most}{unit}")
        return within.least

    def _plain(self, hint: Any, raw: object, place: str) -> Any:
        if hint is Fraction:
            return self._rate(raw, place)
        if hint is date:
            return self._date(raw, place)
        if hint is datetime:
            return self._datetime(raw, place)
        if isinstance(hint, type) and issubclass(hint, StrEnum):
            if isinstance(raw, str) and raw in [member.value for member in hint]:
                return hint(raw)
            return self.fault(place, f"unknown {raw!r}; known are {', '.join(member.value for member in hint)}")
        if isinstance(raw, hint):
            return raw
        return self.fault(place, {str: "must be a text", bool: "must be true or false"}.get(hint, "is of a wrong type"))

    def _rate(self, raw: object, place: str) -> Fraction:
        """'0.025%' exactly; TOML's own decimals are binary and therefore not accepted."""
        match = _RATE.match(raw) if isinstance(raw, str) else None
        if match is None:
            self.fault(place, 'must be a rate in words like "0.5%"')
            return Fraction(0)
        digits = match.group(2) or ""
        return Fraction(int(match.group(1) + digits), 100 * 10 ** len(digits))

    def _date(self, raw: object, place: str) -> date | None:
        if isinstance(raw, date) and not isinstance(raw, datetime):
            return raw
        try:
            return date.fromisoformat(raw if isinstance(raw, str) else "")
        except ValueError:
            self.fault(place, "must be a date like 2021-11-15")
            return None

    def _datetime(self, raw: object, place: str) -> datetime | None:
        try:
            at = raw if isinstance(raw, datetime) else datetime.fromisoformat(raw if isinstance(raw, str) else "")
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            self.fault(place, "must be a time with its offset, like 2021-11-19T00:00:00+07:00")
            return None
        return at


def _extra(hint: Any, kind: type[T]) -> T | None:
    if get_origin(hint) is not Annotated:
        return None
    return next((extra for extra in get_args(hint)[1:] if isinstance(extra, kind)), None)
