"""`pos-client journal list|show|verify|export|certificate DB`: reads a journal without touching it."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from itertools import islice
from typing import Any

from pos_client.adapters.sqlite.reader import JournalReader, as_json, open_reader
from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.journal_check import BookVerdict, at_hand, certificate, check
from pos_client.bootstrap.loading import catalogue
from pos_client.bootstrap.paths import resources
from pos_client.domain.certificate_layout import lines_of
from pos_client.domain.paper import as_text, fitted
from pos_client.ports.errors import Unavailable

LISTED = 40
COLUMNS = 48
"""A certificate as it would stand on wide paper."""


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
    verdict = check(reader, at_hand(arguments.journal))
    chain, mirror, acknowledged = verdict.chain, verdict.mirror, verdict.acknowledged
    if arguments.json:
        print(
            json.dumps(
                {
                    "entries": chain.entries,
                    "whole": verdict.is_whole,
                    "broken_at": verdict.broken_at,
                    "reason": verdict.reason,
                    "unchecked": chain.unchecked,
                    "key": verdict.key_trouble,
                    "unkeyed_later": chain.unkeyed_later,
                    "mirror": None if mirror is None else asdict(mirror),
                    "acknowledged": asdict(acknowledged),
                }
            )
        )
    else:
        print("; ".join(_said(verdict)))
    return 0 if verdict.is_whole else 1


def _said(verdict: BookVerdict) -> Iterator[str]:
    chain, mirror, acknowledged = verdict.chain, verdict.mirror, verdict.acknowledged
    yield f"{chain.entries} entries"
    yield "whole" if verdict.is_whole else f"broken at {verdict.broken_at}: {verdict.reason}"
    if chain.unchecked:
        yield f"{chain.unchecked} of them not recomputed, their key is not at hand ({verdict.key_trouble})"
    if mirror is None:
        yield "no mirror compared"
    else:
        yield f"mirror: {mirror.compared} compared, {mirror.missing} missing, {mirror.damaged} places damaged"
        if mirror.beyond:
            yield f"the mirror goes on for {mirror.beyond} rows behind the end: the book is older, or cut"
    signatures = "signatures hold" if acknowledged.signatures_checked else "signatures not checked, no key at hand"
    if acknowledged.broken_at is not None:
        signatures = f"NOT for this book at {acknowledged.broken_at}"
    yield f"head office acknowledged up to {acknowledged.newest}" + (f" ({signatures})" if acknowledged.kept else "")


def _certificate(reader: JournalReader, arguments: Arguments) -> int:
    shown = certificate(reader, at_hand(arguments.journal), arguments.day)
    if arguments.json:
        told = asdict(shown) | {"unacknowledged": shown.unacknowledged, "clean": shown.is_clean}
        print(json.dumps(told, ensure_ascii=False, default=str))
    else:
        lines = fitted(lines_of(shown, catalogue(resources(), arguments.language)), COLUMNS)
        print(as_text(lines, COLUMNS), end="")
    return 0 if shown.broken_at is None else 1


def _line(row: dict[str, Any]) -> str:
    fields = " ".join(f"{name}={value}" for name, value in row["fact"].items() if value not in (None, "", ()))
    return f"{row['seq']:>6} {row['at'][:19]} {row['kind']:18} {fields}"


_ACTIONS = {"list": _list, "show": _show, "verify": _verify, "export": _export, "certificate": _certificate}
