"""A recording of wires as a text file: JSON lines, one a record, readable with any editor and by `pos-client replay`.

    {"line": "dart-1", "protocol": "dart", "saved_at": "2026-11-23T08:15:00+07:00", "at_ms": 900100, "setup": {...}}
    {"line": "dart-1", "protocol": "dart", "at_ms": 900042, "direction": "sent", "hex": "50 20 fa"}

The first kind stands once a line in front of its records: how it is set up, and what its clock (milliseconds since some
past moment) said when the file was written. A file made by hand may leave it out.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import field
from pathlib import Path
from typing import Any

from pos_client.domain.wire import Direction, WireRecord
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class RecordedWire:
    """What a wire is: its protocol, and the line's set-up as plain values."""

    protocol: str
    setup: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recording:
    """What a file holds. `faults`: lines of it that are no records, each with its number and what is wrong."""

    wires: Mapping[str, RecordedWire]
    records: tuple[WireRecord, ...]
    faults: tuple[tuple[int, str], ...] = ()


def save(
    path: Path, wires: Mapping[str, RecordedWire], records: Iterable[WireRecord], saved_at: str, at_ms: int
) -> None:
    """Write a recording, whole or not at all. Raises `OSError`."""
    kept = list(records)
    partial = path.with_name(f"{path.name}.part")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
            for line in dict.fromkeys(record.line for record in kept):
                wire = wires.get(line, RecordedWire(""))
                about = {"line": line, "protocol": wire.protocol, "saved_at": saved_at, "at_ms": at_ms}
                file.write(json.dumps({**about, "setup": wire.setup}, ensure_ascii=False) + "\n")
            for record in kept:
                row = {
                    "line": record.line,
                    "protocol": wires[record.line].protocol if record.line in wires else "",
                    "at_ms": record.at_ms,
                    "direction": record.direction.value,
                    "hex": record.raw.hex(" "),
                }
                file.write(json.dumps(row, ensure_ascii=False) + "\n")
        os.replace(partial, path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise


def load(path: Path) -> Recording:
    """Read a recording; what is no record is told, and the rest read all the same. Raises `OSError`."""
    wires: dict[str, RecordedWire] = {}
    records: list[WireRecord] = []
    faults: list[tuple[int, str]] = []
    with open(path, encoding="utf-8", errors="replace") as file:
        for number, text in enumerate(file, start=1):
            if not text.strip():
                continue
            try:
                row = _row(text)
                if "setup" in row:
                    wires[row["line"]] = RecordedWire(row["protocol"], _table(row["setup"]))
                else:
                    wires.setdefault(row["line"], RecordedWire(row["protocol"]))
                    records.append(_record(len(records) + 1, row))
            except ValueError as error:
                faults.append((number, str(error)))
    return Recording(wires, tuple(records), tuple(faults))


def _row(text: str) -> dict[str, Any]:
    row = _table(json.loads(text))
    for key, kind in (("line", str), ("protocol", str), ("at_ms", int)):
        if type(row.get(key)) is not kind:
            raise ValueError(f"{key} is missing or no {kind.__name__}")
    return row


def _table(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError("not a JSON object")
    return value


def _record(number: int, row: Mapping[str, Any]) -> WireRecord:
    spoken, direction = row.get("hex"), row.get("direction")
    if not isinstance(spoken, str) or not isinstance(direction, str):
        raise ValueError("hex or direction is missing")
    return WireRecord(number, row["line"], row["at_ms"], Direction(direction), bytes.fromhex(spoken))
