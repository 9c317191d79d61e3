"""What operators collect: requests, latencies, what waits and what is overdue, in the text format of Prometheus.

Counted in each process; several of them write into one folder, and whoever asks is told the sum. What the ledger itself
knows is read when somebody asks.
"""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from pos_client.sandbox.central.counters import OURS, REQUESTS, SECONDS
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.redemption_states import LIVE
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.central.storage.journal_tables import journal_watermarks
from pos_client.sandbox.central.storage.tables import redemptions, sms_outbox

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Read by the library when it is imported: set before a worker starts."""
_LOG = logging.getLogger("pos_client.central.requests")


class Observed:
    """ASGI: counts requests, and logs each by its address in the contract: no id, no key, nobody's name."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """One request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        status, began = 0, time.perf_counter()

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, note)
        finally:
            seconds = time.perf_counter() - began
            route = scope.get("route")
            endpoint = f"{scope['method']} {route.path}" if route is not None else "elsewhere"
            REQUESTS.labels(endpoint, str(status)).inc()
            SECONDS.labels(endpoint).observe(seconds)
            _LOG.info("answered", extra={"endpoint": endpoint, "status": status, "ms": round(seconds * 1000, 1)})


def exposition(service: CentralService) -> bytes:
    """Everything, as text."""
    registry = CollectorRegistry()
    if SHARED_FOLDER in os.environ:
        MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    registry.register(_Ledger(service))
    text = generate_latest(registry)
    return text if SHARED_FOLDER in os.environ else generate_latest(OURS) + text


class _Ledger(Collector):
    """What the database knows at this moment."""

    def __init__(self, service: CentralService) -> None:
        self._service = service

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Read it."""
        yield from self._service.transact(lambda book: list(_gauges(book)))
        pool = self._service.engine.pool
        in_use = getattr(pool, "checkedout", lambda: 0)()
        yield GaugeMetricFamily("central_connections_in_use", "Of this process to the database", value=in_use)


def _gauges(book: Book) -> Iterator[GaugeMetricFamily]:
    holds = GaugeMetricFamily("central_holds_live", "Redemptions whose points are set aside", labels=["state"])
    counted = select(redemptions.c.state, func.count()).where(redemptions.c.state.in_(sorted(LIVE)))
    found = {str(state): int(number) for state, number in book.db.execute(counted.group_by(redemptions.c.state))}
    for state in sorted(LIVE):
        holds.add_metric([state], found.get(state, 0))
    yield holds
    oldest = select(func.min(redemptions.c.expires_ms)).where(redemptions.c.state.in_(sorted(LIVE)))
    until = book.db.scalar(oldest)
    overdue = 0 if until is None else max(0, book.now_ms - until) / 1000
    yield GaugeMetricFamily("central_timers_overdue_seconds", "The oldest timer nobody has run", value=overdue)
    waiting = int(book.db.scalar(select(func.count()).select_from(sms_outbox)) or 0)
    yield GaugeMetricFamily("central_sms_outbox", "Text messages handed out so far", value=waiting)
    last = book.db.scalar(select(func.min(journal_watermarks.c.at_ms)))
    behind = 0 if last is None else max(0, book.now_ms - last) / 1000
    yield GaugeMetricFamily("central_journal_behind_seconds", "The terminal longest without a record", value=behind)
