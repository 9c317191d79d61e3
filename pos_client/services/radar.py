"""The radar at work: follows the journal a few rows at a time, says calmly what rose above its limit, lists the week.

It reads what the till has written, whoever wrote it and whenever: after a start it begins a week back and catches up
between messages, a bounded number of rows at a time, so that books of any length stall nobody. Each sign is noted in
the journal once a day, and so reaches head office and is not said again after a restart.

It never stands in front of anything else: a sign waits until the message bar is free, or holds only what was done.
"""

from __future__ import annotations

from dataclasses import field
from datetime import date, datetime, timedelta

from pos_client.domain import facts as f
from pos_client.domain.customer import mask_shown
from pos_client.domain.journal import JournalEntry, decode
from pos_client.domain.moment import business_day
from pos_client.domain.radar import DAYS, HEARD, Radar, Seen
from pos_client.domain.staff import Deed
from pos_client.services.desk import Desk
from pos_client.services.radar_snapshots import RadarPage, RadarRow
from pos_client.services.snapshots import Severity
from pos_client.services.staffing import Staffing
from pos_client.value import dataclass

ROWS_AT_ONCE = 400
"""Rows of the journal that are read at a time: a few milliseconds."""
BEHIND_MS, LEVEL_MS = 40, 250
"""So often it reads while it is behind, and while it is not."""
SAID_MS = 4_000
"""So long what was done stands alone in the message bar."""
ROWS_SHOWN = 500


@dataclass(slots=True)
class RadarWatch:
    """One till's radar. Only the terminal's thread touches it."""

    desk: Desk
    staffing: Staffing
    _radar: Radar = field(init=False)
    _read_to: int | None = None
    """the last row that was read; None: not begun"""
    _again_ms: int = 0
    _behind: bool = True
    _to_say: list[Seen] = field(default_factory=list)
    _page: RadarPage | None = None

    def __post_init__(self) -> None:
        settings = self.desk.settings
        self._radar = Radar(settings.radar.limits(), settings.station.cashier)

    def show(self, *, shown: bool) -> None:
        """Open the list, or close it. Raises `RuleViolation("staff_none")` where nobody may read it."""
        if not shown:
            self._page = None
        elif self.staffing.required:
            self.staffing.ask(Deed.SEE_RADAR, lambda who: self._open())
        else:
            self._open()

    def page(self) -> RadarPage | None:
        """The list; None while nobody looks."""
        return self._page

    def on_tick(self) -> None:
        """Read on; note and say what is new. Raises `Unavailable` when the books cannot be read or written now."""
        if self.desk.state.ready and self.desk.now.ticks_ms >= self._again_ms:
            self._again_ms = self.desk.now.ticks_ms + LEVEL_MS
            read = self._read()
            self._again_ms = self.desk.now.ticks_ms + (BEHIND_MS if self._behind else LEVEL_MS)
            if not self._behind:
                self._note()
            if self._page is not None and read:
                self._open()
        self._say()

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self) -> int:
        if self._read_to is None:
            self._read_to = self._before_the_week()
        rows = self.desk.store.rows_from(self._read_to + 1, ROWS_AT_ONCE)
        for row in rows:
            if row.kind in HEARD:
                fact = decode(row.kind, row.body)
                self._radar.take(JournalEntry(row.seq, datetime.fromisoformat(row.at), fact))
            self._read_to = row.seq
        self._behind = len(rows) == ROWS_AT_ONCE
        return len(rows)

    def _before_the_week(self) -> int:
        """The last row before the week and a day, in which whoever is at work came to work. By halves: a handful of
        rows are looked at, however many there are."""
        begins = business_day(self.desk.now.wall) - timedelta(days=DAYS + 1)
        low, high = 0, self.desk.store.journal_end().seq
        while low < high:
            middle = (low + high + 1) // 2
            rows = self.desk.store.rows_from(middle, 1)
            if rows and business_day(datetime.fromisoformat(rows[0].at)) <= begins:
                low = middle
            else:
                high = middle - 1
        return low

    def _today(self) -> date:
        return business_day(self.desk.now.wall)

    def _note(self) -> None:
        today = self._today()
        for seen in list(self._radar.unshown(today)):
            line = seen.line
            noted = f.SignNoted(
                sign_id=self.desk.dice.new_id(),
                sign=line.sign.value,
                masked_identifier=line.customer,
                cashier=line.cashier,
                count=seen.count,
                most=seen.most,
                day=today.isoformat(),
            )
            self.desk.record(noted, closed=(noted.sign_id,))
            self._radar.note(noted)
            self._to_say.append(seen)

    def _say(self) -> None:
        """The oldest one that waits, once nothing else has to be read."""
        notice, now_ms = self.desk.state.notice, self.desk.now.ticks_ms
        done = notice is not None and notice.severity is Severity.DONE and now_ms - notice.since_ticks_ms >= SAID_MS
        if not self._to_say or (notice is not None and not done):
            return
        seen = self._to_say.pop(0)
        self.desk.notify(
            f"radar_{seen.line.sign.value}",
            Severity.WARNING,
            customer=mask_shown(seen.line.customer),
            cashier=seen.line.cashier,
            count=seen.count,
            most=seen.most,
        )

    def _open(self) -> None:
        rows: list[RadarRow] = []
        for seen in self._radar.seen():
            line = seen.line
            customer = mask_shown(line.customer)
            rows.append(RadarRow(line.sign, seen.day, customer, line.cashier, seen.count, seen.most, seen.last_at))
            if len(rows) == ROWS_SHOWN:
                break
        self._page = RadarPage(tuple(rows), self._behind)
