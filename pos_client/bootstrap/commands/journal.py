"""`pos-client journal list|show|verify|export DB`: reads a journal without touching it."""

from __future__ import annotations

import json
import sys
from itertools import islice
from typing import Any

from pos_client.adapters.sqlite.reader import JournalReader, as_json, open_reader
from pos_client.bootstrap.arguments import Arguments
from pos_client.ports.errors import Unavailable

LISTED = 40


def run(arguments: Arguments) -> int:
    """0 when it could be read (and, for `verify`, is whole), else 1."""
    try:
        with open_reader(arguments.journal) as reader:
            return _ACTIONS[arguments.action](reader, arguments)
    except Unavailable as error:
        print(f"journal: {arguments.journal}: {error}", file=sys.stderr)
        return 1


def _list(reader: JournalReader, arguments: Arguments) -> int:
    subject = arguments.subject
    entries = reader.entries_of(subject) if subject else list(reversed(reader.newest(LISTED)))
    for entry in entries:
        row = as_json(entry)
        print(json.dumps(row, ensure_ascii=False) if arguments.json else _line(row))
    return 0


def _show(reader: JournalReader, arguments: Arguments) -> int:
    entries = reader.entries_of(arguments.subject) if arguments.subject else islice(reader.everything(), LISTED)
    print(json.dumps([as_json(entry) for entry in entries], ensure_ascii=False, indent=1))
    return 0


def _export(reader: JournalReader, arguments: Arguments) -> int:
    for entry in reader.everything():
        print(json.dumps(as_json(entry), ensure_ascii=False))
    return 0


def _verify(reader: JournalReader, arguments: Arguments) -> int:
    verdict = reader.verify()
    whole = verdict.broken_at is None
    if arguments.json:
        print(
            json.dumps(
                {
                    "entries": verdict.entries,
                    "whole": whole,
                    "broken_at": verdict.broken_at,
                    "reason": verdict.reason,
                    "unchecked": verdict.unchecked,
                    "unkeyed_later": verdict.unkeyed_later,
                }
            )
        )
    else:
        print(
            f"{verdict.entries} entries; " + ("whole" if whole else f"broken at {verdict.broken_at}: {verdict.reason}")
        )
    return 0 if whole else 1


def _line(row: dict[str, Any]) -> str:
    fields = " ".join(f"{name}={value}" for name, value in row["fact"].items() if value not in (None, "", ()))
    return f"{row['seq']:>6} {row['at'][:19]} {row['kind']:18} {fields}"


_ACTIONS = {"list": _list, "show": _show, "verify": _verify, "export": _export}
