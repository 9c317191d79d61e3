"""One row of a programme file as a value, and how it is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field
from datetime import date

from pos_client.domain.programme import policies as p
from pos_client.domain.programme.expiry import Life
from pos_client.domain.programme.kinds import KINDS, WAYS
from pos_client.domain.programme.reading import Reader
from pos_client.domain.programme.ways import Way
from pos_client.domain.programme.words import Sentence
from pos_client.value import dataclass

REFERENCES: Mapping[str, type] = {
    "cap": p.Cap,
    "pending": p.Pending,
    "credit_day": p.CreditDay,
    "excluded_by": p.Exclusions,
}
"""Keys of a rule that name another row, and what that row has to be."""
_PLAIN = ("row", "kind", "phrase", "reading", "note", "source", "ambiguous")
_KEYS = frozenset((*_PLAIN, "switches", "parameters", "from", "until", "expiry", "example", *REFERENCES))
_OPEN_START, _OPEN_END = date.min, date.max


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rule table. `phrase` is empty where the source is silent and the reading is our default."""

    row: str
    kind: str
    phrase: str
    reading: str
    parameters: Mapping[str, object]
    note: str = ""
    source: str = ""
    ambiguous: bool = False
    switches: tuple[str, ...] = ()
    terms: object = None
    """the typed value of `parameters`; None exactly when the rule is inactive"""
    absent: tuple[Sentence, ...] = ()
    """numbers the source leaves out: why the rule is inactive"""
    starts: date = _OPEN_START
    ends: date = _OPEN_END
    """first and last day on which the rule holds"""
    life: Life | None = None
    life_row: str = ""
    references: Mapping[str, str] = field(default_factory=dict)
    """`cap`, `pending`, `credit_day`, `excluded_by`: the row each names"""
    example: Mapping[str, object] = field(default_factory=dict)

    @property
    def active(self) -> bool:
        """Whether it can be used."""
        return self.terms is not None

    @property
    def missing(self) -> Sentence:
        """What the source leaves out, in words; empty for an active rule."""
        return Sentence(", ".join(one.vi for one in self.absent), ", ".join(one.en for one in self.absent))

    @property
    def way(self) -> Way | None:
        """The way to earn it describes, if it describes one."""
        return self.terms if self.kind in WAYS else None  # type: ignore[return-value]  # WAYS are Ways, by their test


def read_rule(reader: Reader, entry: object, place: str) -> Rule | None:
    """The rule an entry describes; its faults go to the reader. None: not even a row could be read."""
    if not isinstance(entry, Mapping):
        reader.fault(place, "must be a table")
        return None
    row, kind = entry.get("row"), entry.get("kind")
    if not isinstance(row, str) or not isinstance(kind, str):
        reader.fault(place, "every rule needs a row and a kind")
        return None
    place = f"{place} {row}"
    for name in entry:
        if name not in _KEYS:
            reader.fault(f"{place} · {name}", f"unknown; known are {', '.join(sorted(_KEYS))}")
    parameters, terms = entry.get("parameters", {}), None
    absent = len(reader.absent)
    if kind not in KINDS:
        reader.fault(f"{place} · kind", f"unknown kind {kind!r}")
    elif not isinstance(parameters, Mapping):
        reader.fault(f"{place} · parameters", "must be a table")
    else:
        terms = reader.value(KINDS[kind], parameters, f"{place} · parameters")
    switches = tuple(_texts(reader, entry.get("switches", ()), f"{place} · switches"))
    for name in switches:
        if isinstance(parameters, Mapping) and name not in parameters:
            reader.fault(f"{place} · switches", f"{name} is not among the parameters")
    life, life_row = _life(reader, entry.get("expiry"), f"{place} · expiry")
    example = entry.get("example", {})
    rule = Rule(
        row=row,
        kind=kind,
        phrase=str(entry.get("phrase", "")),
        reading=str(entry.get("reading", "")),
        parameters=dict(parameters) if isinstance(parameters, Mapping) else {},
        note=str(entry.get("note", "")),
        source=str(entry.get("source", "")),
        ambiguous=entry.get("ambiguous") is True,
        switches=switches,
        terms=terms,
        absent=tuple(dict.fromkeys(reader.absent[absent:])),
        starts=_day(reader, entry.get("from"), f"{place} · from") or _OPEN_START,
        ends=_day(reader, entry.get("until"), f"{place} · until") or _OPEN_END,
        life=life,
        life_row=life_row,
        references={name: str(entry[name]) for name in REFERENCES if name in entry},
        example=dict(example) if isinstance(example, Mapping) else {},
    )
    if not rule.reading:
        reader.fault(f"{place} · reading", "is missing")
    if rule.starts > rule.ends:
        reader.fault(f"{place} · from", "minimum above maximum: it starts after it ends")
    return rule


def _life(reader: Reader, raw: object, place: str) -> tuple[Life | None, str]:
    """A life given in place, or the row that gives it; a table may name its row beside its own count."""
    if raw is None:
        return None, ""
    if isinstance(raw, str):
        return None, raw
    if not isinstance(raw, Mapping):
        reader.fault(place, "must be a row or a table")
        return None, ""
    table = {name: value for name, value in raw.items() if name != "row"}
    return reader.value(Life, table, place), str(raw.get("row", ""))


def _day(reader: Reader, raw: object, place: str) -> date | None:
    if raw is None:
        return None
    try:
        return raw if type(raw) is date else date.fromisoformat(raw if isinstance(raw, str) else "")
    except ValueError:
        reader.fault(place, "must be a date like 2021-11-15")
        return None


def _texts(reader: Reader, raw: object, place: str) -> Iterator[str]:
    if isinstance(raw, str) or not isinstance(raw, Sequence):
        reader.fault(place, "must be a list")
        return
    for one in raw:
        yield str(one)
