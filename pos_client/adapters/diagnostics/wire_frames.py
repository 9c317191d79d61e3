"""What went over a wire, in frames: recorded bytes joined where one frame came in several reads, and put into words.

For the monitor and for `pos-client`: whoever calls says how each line's protocol describes bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import field

from pos_client.domain.wire import Direction, WireFrame, WireRecord
from pos_client.value import dataclass

GAP_MS = 200
"""Within a frame no wire pauses for so long; bytes after that begin something new."""
BABBLE_BYTES = 4096
"""No frame is that long, nor what one side says without being interrupted."""
DAMAGED = "error"
UNKNOWN = "bytes"
"""`WireFrame.kind` of bytes on a line whose protocol nobody named."""

Describe = Callable[[bytes, str | None], list[dict[str, object]]]
"""`DispenserProtocol.describe`"""

_SENDER = {Direction.SENT: "controller", Direction.RECEIVED: "dispenser"}


@dataclass(slots=True)
class _Run:
    """Records of one line and direction that follow each other without anybody else speaking between."""

    records: list[WireRecord] = field(default_factory=list)

    def continues(self, record: WireRecord) -> bool:
        last = self.records[-1]
        return record.direction is last.direction and record.at_ms - last.at_ms <= GAP_MS

    @property
    def raw(self) -> bytes:
        return b"".join(record.raw for record in self.records)

    def record_at(self, offset: int) -> WireRecord:
        for record in self.records:
            if offset < len(record.raw):
                return record
            offset -= len(record.raw)
        return self.records[-1]


def frames_of(
    records: Iterable[WireRecord], describe: Mapping[str, Describe], now_ms: int | None = None
) -> list[WireFrame]:
    """All frames in order of their first byte, damaged ones too. `describe`: by line.

    `now_ms`: while a wire is being watched, what is still coming in on it is left out until it is whole.
    """
    found: list[WireFrame] = []
    for run in _runs(records):
        first = run.records[0]
        frames = [_frame(record, about) for record, about in _described(run, describe.get(first.line))]
        still_coming = now_ms is not None and now_ms - run.records[-1].at_ms <= GAP_MS
        if still_coming and frames and not frames[-1].ok:
            frames.pop()
        found += frames
    return sorted(found, key=lambda frame: frame.number)


def settled(records: Iterable[WireRecord], now_ms: int) -> tuple[list[WireRecord], list[WireRecord]]:
    """While a wire is being watched: the records whose frames are whole, and those something may still come to.

    The second are to be given again together with what follows them; on a wire that babbles they are let go in time.
    """
    runs = list(_runs(records))
    newest = {run.records[0].line: run for run in runs}
    waiting = [r for r in newest.values() if now_ms - r.records[-1].at_ms <= GAP_MS and len(r.raw) < BABBLE_BYTES]
    later = {id(run) for run in waiting}
    done = [record for run in runs if id(run) not in later for record in run.records]
    return _in_order(done), _in_order(record for run in waiting for record in run.records)


def _in_order(records: Iterable[WireRecord]) -> list[WireRecord]:
    return sorted(records, key=lambda record: record.number)


def described(records: Iterable[WireRecord], describe: Describe) -> list[tuple[WireRecord, Mapping[str, object]]]:
    """One line's frames as its protocol describes them, each with the record its first byte is in."""
    found = [each for run in _runs(records) for each in _described(run, describe)]
    return sorted(found, key=lambda each: each[0].number)


def _runs(records: Iterable[WireRecord]) -> Iterator[_Run]:
    open_runs: dict[str, _Run] = {}
    for record in records:
        run = open_runs.get(record.line)
        if run is not None and not run.continues(record):
            yield run
            run = None
        if run is None:
            run = open_runs[record.line] = _Run()
        run.records.append(record)
    yield from open_runs.values()


def _described(run: _Run, describe: Describe | None) -> Iterator[tuple[WireRecord, Mapping[str, object]]]:
    raw, first = run.raw, run.records[0]
    if describe is None:
        yield first, {"ok": True, "kind": UNKNOWN, "bytes": raw.hex(" ").upper()}
        return
    at = 0
    for about in describe(raw, _SENDER[first.direction]):
        spoken = bytes.fromhex(str(about.get("bytes", "")))
        start = raw.find(spoken, at)
        if start >= 0:
            at = start + len(spoken)
        yield run.record_at(max(start, 0)), about


def _frame(record: WireRecord, about: Mapping[str, object]) -> WireFrame:
    ok = "error" not in about
    head = about.get("address", about.get("pump"))
    return WireFrame(
        number=record.number,
        line=record.line,
        at_ms=record.at_ms,
        direction=record.direction,
        ok=ok,
        kind=str(about.get("kind", "")) if ok else DAMAGED,
        head=head if isinstance(head, int) else None,
        meaning=str(about.get("meaning") or about.get("detail") or about.get("error") or ""),
        bytes_hex=str(about.get("bytes", "")),
    )
