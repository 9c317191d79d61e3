"""Keeps a mirror beside a book: what goes into a record, and what to do when the mirror cannot be written.

A mirror that fails never stops the book: it is let go, the operator is told, and at the next start it is brought to
where the book is.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

from pos_client.adapters.sqlite.mirror import Mirror, Record
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.domain.outbox import DeliveryState, OutboxItem
from pos_client.ports.errors import Unavailable
from pos_client.ports.store import Change

Row = tuple[int, str, str, str, bytes, bytes, int]
"""seq, at, kind, subject, body, mac, key"""


class Copying:
    """One book's mirror. `trouble`: why it is not written any more."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self.trouble: str | None = None

    def write(self, rows: Sequence[Row], change: Change) -> bool:
        """Before the book's own commit; whether a record was written."""
        return self._append(
            _of_rows(rows)
            | {
                "items": [_of_item(item) for item in change.items],
                "totalizers": [list(reading) for reading in change.totalizers],
                "closed": list(change.closed),
            }
            | _of_acknowledgements([change.acknowledged] if change.acknowledged else [])
        )

    def write_rows(self, rows: Sequence[Any]) -> None:
        """Rows the mirror lacks."""
        self._append(_of_rows(rows))

    def write_all(
        self,
        items: Iterable[OutboxItem],
        totalizers: Iterable[Sequence[int]],
        closed: Iterable[str],
        acknowledged: Iterable[Acknowledgement],
    ) -> None:
        """All the book holds beside its rows."""
        everything: Record = {"everything": True, "items": [_of_item(item) for item in items]}
        everything |= {"totalizers": [list(reading) for reading in totalizers], "closed": list(closed)}
        self._append(everything | _of_acknowledgements(acknowledged))

    def write_delivered(self, heard: Sequence[tuple[OutboxItem, int, str]]) -> None:
        """Records central has heard behind what is acknowledged, with the row and the time that say so."""
        if heard:
            self._append({"delivered": [_of_item(item) | {"seq": seq, "at": at} for item, seq, at in heard]})

    def take_back(self) -> None:
        """The book refused what was just written here."""
        self._append({"taken_back": True})

    def last_record(self) -> Record | None:
        """The last record with rows; None when there is none, or the mirror cannot be read (`trouble`)."""
        try:
            return self._mirror.last_record()
        except OSError as error:
            self.trouble = f"mirror_failed: {error}"
            return None

    def close(self) -> None:
        """Give the mirror's file back."""
        self._mirror.close()

    def _append(self, record: Record) -> bool:
        if self.trouble is not None:
            return False
        try:
            self._mirror.append(record)
        except Unavailable as trouble:
            self.trouble = str(trouble)
            return False
        return True


def ahead_of(record: Record | None, last: int) -> Record | None:
    """The one record the mirror has and a book that ends at `last` has not: the program was killed between the two, or
    the disk lost a commit it had confirmed. It was meant, so the book takes it. `record`: the mirror's last one.

    Raises `Unavailable("store_behind")` when the mirror is further than that.
    """
    rows = record["rows"] if record else []
    if not rows or rows[-1][0] <= last:
        return None
    if rows[0][0] != last + 1 or last == 0:
        raise Unavailable("store_behind", f"the book ends at {last}, its mirror at {rows[-1][0]}")
    return record


def missing_from(record: Record | None, last: int) -> int | None:
    """The first row that a mirror with this last record lacks of a book that ends at `last`; None: none."""
    end = int(record["rows"][-1][0]) if record else 0
    return None if end == last and last else end + 1


def _of_rows(rows: Sequence[Any]) -> Record:
    """Bodies are JSON text; macs are not text at all."""
    return {"rows": [[*row[:4], bytes(row[4]).decode(), bytes(row[5]).hex(), row[6]] for row in rows]}


def _of_acknowledgements(given: Iterable[Acknowledgement]) -> Record:
    """Left out where there is none: most records have none."""
    listed = [{**asdict(each), "mac": each.mac.hex()} for each in given]
    return {"acknowledged": listed} if listed else {}


def _of_item(item: OutboxItem) -> dict[str, Any]:
    return {
        **asdict(item),
        "body": item.body.hex(),
        "state": item.state.value,
        "kind": item.kind.value,
        "delivered": item.state is DeliveryState.DELIVERED,
    }
