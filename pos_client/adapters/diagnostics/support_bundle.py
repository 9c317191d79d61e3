"""What support needs, in one archive that anybody may see: no phone, name, plate, code or key of a person is in it.

Nothing is copied as it is. Values come as values and are written here; log lines go through the allow-list; recordings
of wires are read and written again, field by field. Dispensers know litres and money, no customers.
"""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from pos_client.adapters.diagnostics import wire_file
from pos_client.adapters.diagnostics.allow_list import AllowList
from pos_client.adapters.diagnostics.wire_file import Recording
from pos_client.value import dataclass

LOG_BYTES = 1_000_000
"""Of each log file, its end: what happened last is what is asked about."""
LOG_FILES = 24
WIRE_BYTES = 8_000_000
"""Of all recordings together, the newest first; ten minutes of a busy line are about three million."""


@dataclass(frozen=True, slots=True)
class Part:
    """One file of the archive."""

    name: str
    text: str


def packed(parts: Iterable[Part], made_at: datetime) -> bytes:
    """The archive. The same parts at the same time give the same bytes."""
    archive = BytesIO()
    stamp = made_at.timetuple()[:6]
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        for part in parts:
            entry = zipfile.ZipInfo(part.name, stamp)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            file.writestr(entry, part.text.encode())
    return archive.getvalue()


def as_part(name: str, value: object) -> Part:
    """A value as a file a person can read."""
    return Part(name, json.dumps(value, ensure_ascii=False, indent=1, default=str) + "\n")


def log_parts(folder: Path, allowed: AllowList, places: Mapping[str, str]) -> Iterator[Part]:
    """The ends of the newest logs. `places`: folders of this machine, and what stands for each; they name people."""
    for path in _newest(folder, "*.log*")[:LOG_FILES]:
        yield Part(f"logs/{path.name}", allowed.cleaned(hidden(_end_of(path), places)))


def hidden(text: str, places: Mapping[str, str]) -> str:
    """The text without this machine's folders, the longest first: one may lie in another."""
    for place in sorted(places, key=len, reverse=True):
        text = text.replace(place, places[place])
    return text


def wire_parts(folder: Path, allowed: AllowList) -> Iterator[Part]:
    """The last minutes of the wires, as they were recorded when a line failed or somebody asked."""
    left = WIRE_BYTES
    for path in _newest(folder, "wire-*.jsonl"):
        try:
            size = path.stat().st_size
            if size > left:
                continue
            recording = wire_file.load(path)
        except OSError as error:
            yield Part(f"wires/{path.name}", json.dumps({"error": error.strerror}) + "\n")
            continue
        left -= size
        yield Part(f"wires/{path.name}", "".join(f"{row}\n" for row in _rows(recording, allowed)))


def _rows(recording: Recording, allowed: AllowList) -> Iterator[str]:
    """As `wire_file` writes them, made anew."""
    for line, wire in recording.wires.items():
        at_ms = next((record.at_ms for record in recording.records if record.line == line), 0)
        yield _row(allowed, {"line": line, "protocol": wire.protocol, "at_ms": at_ms, "setup": wire.setup})
    for record in recording.records:
        said = {"at_ms": record.at_ms, "direction": record.direction.value}
        about = {"line": record.line, "protocol": recording.wires[record.line].protocol, **said}
        yield _row(allowed, about, hex=record.raw.hex(" "))


def _row(allowed: AllowList, about: Mapping[str, object], **as_it_is: str) -> str:
    return json.dumps({**_plain(about, allowed), **as_it_is})


def _plain(value: Any, allowed: AllowList) -> Any:
    """Numbers as they are; texts through the allow-list; nothing else."""
    if isinstance(value, Mapping):
        return {str(key): _plain(each, allowed) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each, allowed) for each in value]
    return value if value is None or isinstance(value, (bool, int)) else allowed.cleaned(str(value))


def _newest(folder: Path, pattern: str) -> list[Path]:
    """The newest first; what vanishes while it is looked at was not needed."""
    found: list[tuple[int, str, Path]] = []
    for path in folder.glob(pattern):
        try:
            found.append((path.stat().st_mtime_ns, path.name, path))
        except OSError:
            continue
    return [path for *_, path in sorted(found, reverse=True)]


def _end_of(path: Path) -> str:
    """The last whole lines, at the most `LOG_BYTES`; why not, where a file cannot be read."""
    try:
        with path.open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - LOG_BYTES))
            raw = file.read()
    except OSError as error:
        return f"{error.strerror}\n"
    if size > LOG_BYTES:
        raw = raw.partition(b"\n")[2]
    return raw.decode("utf-8", "replace")
