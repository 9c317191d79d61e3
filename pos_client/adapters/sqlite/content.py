"""What records of a mirror come to, and how they are written into a book."""

from __future__ import annotations

from dataclasses import field
from typing import Any

import apsw

from pos_client.adapters.sqlite.mirror import Record
from pos_client.adapters.sqlite.queries import queries
from pos_client.adapters.sqlite.rows import as_delivered, columns_of
from pos_client.domain.acknowledgement import Acknowledgement
from pos_client.value import dataclass


@dataclass(slots=True)
class Content:
    """Records of a mirror, folded."""

    rows: dict[int, list[Any]] = field(default_factory=dict)
    items: dict[str, dict[str, Any]] = field(default_factory=dict)
    delivered: dict[str, dict[str, Any]] = field(default_factory=dict)
    """records central has heard, with the row and the time that say so"""
    totalizers: dict[tuple[int, int], tuple[int, int | None]] = field(default_factory=dict)
    """reading, and what was counted before; None where an older program wrote the record"""
    closed: set[str] = field(default_factory=set)
    acknowledged: list[Acknowledgement] = field(default_factory=list)

    def take(self, record: Record) -> None:
        """Fold one more record."""
        if record.get("everything"):
            self.items.clear()
            self.delivered.clear()
            self.totalizers.clear()
            self.closed.clear()
        for row in record.get("rows", ()):
            self.rows[row[0]] = row
        for item in record.get("items", ()):
            known = {name: value for name, value in item.items() if name != "delivered"}
            if item["delivered"]:
                self.items.pop(item["key"], None)
                self._heard(known, *_row_and_time(record, max(self.rows, default=0)))
            else:
                self.items[item["key"]] = known
        for item in record.get("delivered", ()):
            self._heard(item, item["seq"], item["at"])
        for point, nozzle, total, *turned in record.get("totalizers", ()):
            self.totalizers[point, nozzle] = (total, turned[0] if turned else None)
        self.closed |= set(record.get("closed", ()))
        for given in record.get("acknowledged", ()):
            self.acknowledged.append(Acknowledgement(**given | {"mac": bytes.fromhex(given["mac"])}))

    def _heard(self, item: dict[str, Any], seq: int, at: str) -> None:
        self.delivered[item["key"]] = as_delivered(item | {"body": bytes.fromhex(item["body"])}, seq, at)

    def rows_after(self, last: int) -> list[list[Any]]:
        """The rows behind a number without a gap: what stands behind one cannot be chained to anything."""
        rows: list[list[Any]] = []
        while (row := self.rows.get(last + len(rows) + 1)) is not None:
            rows.append(row)
        return rows

    def write(self, connection: apsw.Connection, last: int) -> int:
        """Write all of it into a book that ends at `last`, in one transaction; how many rows it gained."""
        sql = queries()
        rows = self.rows_after(last)
        with connection:
            for seq, at, kind, subject, body, mac, key in rows:
                values = {"seq": seq, "at": at, "kind": kind, "subject": subject, "key": key}
                connection.execute(sql["append_entry"], values | {"body": body.encode(), "mac": bytes.fromhex(mac)})
                connection.execute(sql["open_subject"], {"subject": subject})
            for subject in sorted(self.closed):
                connection.execute(sql["close_subject"], {"subject": subject})
            for key, heard in self.delivered.items():
                if key not in self.items:
                    connection.execute(sql["remove_item"], {"key": key})
                connection.execute(sql["put_delivered"], heard)
            for item in self.items.values():
                connection.execute(sql["put_item"], item | {"body": bytes.fromhex(item["body"])})
            for (point, nozzle), (total, turned) in self.totalizers.items():
                values = {"point": point, "nozzle": nozzle, "totalizer_ml": total, "turned_ml": turned}
                connection.execute(sql["put_totalizer"], values)
            for each in self.acknowledged:
                connection.execute(sql["put_acknowledgement"], columns_of(each))
        return len(rows)


def _row_and_time(record: Record, last: int) -> tuple[int, str]:
    """Which row of a record says that something was heard, and when; without one, the next row there will be."""
    rows = record.get("rows")
    return (rows[-1][0], rows[-1][1]) if rows else (last + 1, record["items"][0]["created_at"])
