"""Undoing a finished use or credit of points: found in the journal, approved by a manager's PIN, written down, sent.

Central undoes by another entry and tells the customer; nothing that was sold is touched. The reversal waits in the lane
of what it undoes, so it never overtakes it (flow 17, C21). What it did is told here when central has said so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from pos_client.domain import facts as f
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import AccrualId, RedemptionId, ReversalId, operation_key
from pos_client.domain.outbox import WAITING, ItemKind
from pos_client.domain.reversal_slip import ReversalSlip
from pos_client.domain.staff import Deed, Staff
from pos_client.ports import central as c
from pos_client.services import messages as m
from pos_client.services import outgoing
from pos_client.services.desk import Desk
from pos_client.services.operation_snapshots import REVERSIBLE, OperationRow
from pos_client.services.operations import told
from pos_client.services.snapshots import Severity
from pos_client.services.staffing import Staffing
from pos_client.value import dataclass

LOOK_BACK = 5_000
"""Rows of the journal a list is made of: some hundred sales. Older ones are head office's to undo."""
REFRESH_MS = 1_000


@dataclass(slots=True)
class Reversals:
    """The list of operations while somebody looks at it, and what is undone from it."""

    desk: Desk
    staffing: Staffing
    _rows: tuple[OperationRow, ...] | None = None
    _read_to: int = 0
    """the last row of the journal when the list was read"""
    _again_ms: int = 0
    _awaited: set[ReversalId] | None = None
    """reversals whose answer is to be put on paper; None: not looked for yet since the start"""

    def routes(self) -> dict[type, Callable[..., None]]:
        """Commands this service takes."""
        return {
            m.ShowOperations: lambda command: self.show(shown=command.shown),
            m.Reverse: lambda command: self.ask(command.operation, command.operation_id, command.reason),
        }

    @property
    def rows(self) -> tuple[OperationRow, ...] | None:
        """What is on the list; None while nobody looks."""
        return self._rows

    def show(self, *, shown: bool) -> None:
        """Read the list, or close it. Raises `Unavailable` when the journal cannot be read."""
        self._rows = self._read() if shown else None

    def ask(self, operation: c.Undone, operation_id: str, reason: m.ReversalReason) -> None:
        """A manager is asked for; then it is undone. Raises `RuleViolation` for what cannot be undone."""
        self._check(operation_id)
        self.staffing.ask(Deed.REVERSE, partial(self._reverse, operation, operation_id, reason))

    def on_tick(self) -> None:
        """Put what head office has undone on paper; read the list anew when something was written since."""
        self._print_answered()
        now_ms = self.desk.now.ticks_ms
        if self._rows is not None and now_ms >= self._again_ms:
            self._again_ms = now_ms + REFRESH_MS
            if self.desk.store.journal_end().seq != self._read_to:
                self._rows = self._read()

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _read(self) -> tuple[OperationRow, ...]:
        self._read_to, self._again_ms = self.desk.store.journal_end().seq, self.desk.now.ticks_ms + REFRESH_MS
        return told(self.desk.store.recent(LOOK_BACK))

    def _waiting(self) -> set[ReversalId]:
        """Also those of before the last start."""
        if self._awaited is None:
            items = self.desk.state.outbox.values()
            mine = (item for item in items if item.kind is ItemKind.REVERSAL and item.state in WAITING)
            self._awaited = {ReversalId(item.subject) for item in mine}
        return self._awaited

    def _print_answered(self) -> None:
        for reversal_id in tuple(self._waiting()):
            item = self.desk.state.outbox.get(operation_key(reversal_id, "reverse"))
            if item is not None and item.state in WAITING:
                continue
            self._waiting().discard(reversal_id)
            slip = self._slip(reversal_id)
            if slip is not None:
                self.desk.printer.print(slip)

    def _slip(self, reversal_id: ReversalId) -> ReversalSlip | None:
        """None: refused, or too long ago to tell of what it was."""
        story = [entry.fact for entry in self.desk.store.entries_of(reversal_id)]
        intended = next((fact for fact in story if isinstance(fact, f.ReversalIntended)), None)
        posted = next((fact for fact in story if isinstance(fact, f.ReversalPosted)), None)
        if intended is None or posted is None:
            return None
        recent = tuple(self.desk.store.recent(LOOK_BACK))
        row = next((each for each in told(recent) if each.operation_id == intended.operation_id), None)
        proofs = (entry.fact for entry in recent if isinstance(entry.fact, f.StaffProved))
        proof = next((each for each in proofs if each.what == reversal_id), None)
        if row is None or proof is None:
            return None
        station = self.desk.settings.station
        return ReversalSlip(
            station=station.station,
            station_name=station.name,
            cashier=proof.cashier,
            approved_by=proof.approved_by,
            at=intended.decided_at,
            operation=intended.operation,
            points=row.points,
            receipt_number=row.receipt_number,
            masked_customer=row.masked_customer,
            reason=intended.reason,
            points_returned=posted.points_returned,
            points_taken_back=posted.points_taken_back,
            points_uncovered=posted.points_uncovered,
            balance_after=posted.balance_after,
        )

    def _check(self, operation_id: str) -> OperationRow:
        row = next((each for each in self._read() if each.operation_id == operation_id), None)
        if row is None:
            raise RuleViolation("reversal_not_here")
        if row.state not in REVERSIBLE:
            raise RuleViolation(f"reversal_{row.state.value}")
        return row

    def _reverse(self, operation: c.Undone, operation_id: str, reason: m.ReversalReason, who: Staff) -> None:
        """Approved: written down and queued in one transaction. Looked at again: time has passed since it was asked."""
        row = self._check(operation_id)
        reversal_id, at = ReversalId(self.desk.dice.new_id()), self.desk.now.wall.isoformat()
        undone = AccrualId(operation_id) if operation is c.Undone.ACCRUAL else RedemptionId(operation_id)
        call = c.Reverse(reversal_id, operation, undone, reason.value, who.signature, at)
        intended = f.ReversalIntended(reversal_id, operation.value, operation_id, reason.value, at)
        proof = self.staffing.proof(who, Deed.REVERSE, reversal_id)
        self.desk.record(intended, proof, items=(outgoing.queue(self.desk, call),), closed=(proof.proof_id,))
        self._waiting().add(reversal_id)
        self.desk.notify("reversal_queued", Severity.INFO, points=abs(row.points))
