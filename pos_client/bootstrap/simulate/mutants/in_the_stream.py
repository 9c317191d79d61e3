"""Mistakes on the journal's way to head office: what is acknowledged, what is skipped, what is not the book's own."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.central import FakeCentral
from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.ports import central as c
from pos_client.services import journal_stream
from pos_client.services.journal_stream import JournalStream


@mutant("acknowledged-and-not-kept", "head office acknowledges rows and throws the last of them away")
def _(replace: Replace) -> None:
    append = FakeCentral._append

    def forgetful(self: FakeCentral, **batch: Any) -> Any:
        answer = append(self, **batch)
        if isinstance(answer, c.JournalAcknowledged) and self.ledger.journal:
            self.ledger.journal.pop()
        return answer

    replace(FakeCentral, "_append", forgetful)


@mutant("row-is-skipped", "every batch leaves out its first row, and the next one begins behind it")
def _(replace: Replace) -> None:
    fitting = journal_stream._fitting
    replace(journal_stream, "_fitting", lambda rows: fitting(rows)[1:] or fitting(rows))


@mutant("row-is-written-anew", "rows are sent in other bytes than the book has")
def _(replace: Replace) -> None:
    fitting = journal_stream._fitting
    replace(journal_stream, "_fitting", lambda rows: tuple(changed(row, body=row.body + b" ") for row in fitting(rows)))


@mutant("acknowledgement-is-forgotten", "what head office acknowledges is believed and not written into the book")
def _(replace: Replace) -> None:
    replace(JournalStream, "_keep", lambda self, given, *rest: True)
