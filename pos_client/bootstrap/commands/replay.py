"""`pos-client replay FILE`: a recording of wires in words, or played again, one JSON object a line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from pos_client.adapters.diagnostics import wire_frames
from pos_client.adapters.diagnostics.wire_file import Recording, load
from pos_client.bootstrap.arguments import Arguments
from pos_client.domain.wire import WireRecord
from pos_client.protocols.dispenser.interface import DispenserProtocol

Told = dict[str, Any]


def run(arguments: Arguments) -> int:
    """0 when all of it was understood (and, into a dispenser, answered as then), 1 when not, 2 for wrong usage."""
    try:
        recording = load(arguments.recording)
    except OSError as error:
        print(f"pos-client replay: {arguments.recording}: {error.strerror}", file=sys.stderr)
        return 2
    lines = [arguments.line] if arguments.line else list(recording.wires)
    unknown = [line for line in lines if line not in recording.wires]
    if unknown:
        there = ", ".join(recording.wires) or "none"
        print(f"pos-client replay: no line {unknown[0]!r}; there are: {there}", file=sys.stderr)
        return 2
    whole = True
    for told in (*_faults(recording), *_play(recording, lines, arguments.into)):
        print(json.dumps(told, ensure_ascii=False, default=str))
        whole = whole and "error" not in told and told.get("same", True)
    return 0 if whole else 1


def _faults(recording: Recording) -> Iterator[Told]:
    for number, detail in recording.faults:
        yield {"ok": False, "error": "no_record", "file_line": number, "detail": detail}


def _play(recording: Recording, lines: list[str], into: str | None) -> Iterator[Told]:
    from pos_client.protocols.dispenser.registry import PROTOCOLS

    for line in lines:
        records = [record for record in recording.records if record.line == line]
        named = recording.wires[line].protocol
        spoken = PROTOCOLS.get(named)
        if spoken is None:
            yield {"ok": False, "error": "unknown_protocol", "line": line, "detail": named}
        elif into is None:
            yield from _in_words(records, spoken)
        else:
            yield from _again(records, spoken, recording.wires[line].setup, into)


def _in_words(records: list[WireRecord], spoken: DispenserProtocol) -> Iterator[Told]:
    for record, about in wire_frames.described(records, spoken.describe):
        yield {"at_ms": record.at_ms, "line": record.line, **about}


def _again(
    records: list[WireRecord], spoken: DispenserProtocol, setup: Mapping[str, object], into: str
) -> Iterator[Told]:
    from pos_client.adapters.dispensers import replaying
    from pos_client.protocols.dispenser.errors import LocalProtocolError

    if not records:
        return
    line = records[0].line
    talks = replaying.exchanges(records)
    try:
        line_setup = replaying.setup_of(setup, talks, spoken)
        if into == "controller":
            for at_ms, event in replaying.into_controller(spoken, line_setup, talks):
                yield {"at_ms": at_ms, "line": line, "event": type(event).__name__, **asdict(event)}
        else:
            for compared in replaying.into_dispenser(spoken, line_setup, talks):
                yield {
                    "at_ms": compared.exchange.at_ms,
                    "line": line,
                    "asked": compared.exchange.question.hex(" "),
                    "recorded": compared.exchange.answer.hex(" "),
                    "answered": compared.answered.hex(" "),
                    "same": compared.same,
                }
    except (ValueError, LocalProtocolError) as error:
        yield {"ok": False, "error": "wrong_setup", "line": line, "detail": str(error)}
