"""Is it alive, and may it be sent requests: for a load balancer and for the eye. On the control address."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from pos_client.sandbox.central import metrics
from pos_client.sandbox.central.ledger.moment import Now
from pos_client.sandbox.central.service import CentralService
from pos_client.sandbox.central.storage.migrations import upgrade

EARLIEST = datetime(2025, 1, 1, tzinfo=UTC)
"""A clock that shows less has lost its battery; points would be credited to a year that is over."""


def operations(service: CentralService) -> list[Route]:
    """`/health/live`, `/health/ready`, `/metrics`."""

    async def live(_: Request) -> Response:
        return Response(b'{"live":true}', media_type="application/json")

    async def ready(_: Request) -> Response:
        found = await run_in_threadpool(checks, service)
        status = 200 if all(each == "ok" for each in found.values()) else 503
        return Response(msgspec.json.encode(found), status, media_type="application/json")

    async def numbers(_: Request) -> Response:
        return Response(await run_in_threadpool(metrics.exposition, service), media_type="text/plain; version=0.0.4")

    return [Route("/health/live", live), Route("/health/ready", ready), Route("/metrics", numbers)]


def checks(service: CentralService) -> dict[str, str]:
    """What has to be well, each `ok` or what is wrong with it."""
    return {"database": "ok", "migrations": "ok", "clock": clock_check(service.now)} | _database_checks(service)


def clock_check(now: Now) -> str:
    """Whether the time can be true."""
    return "ok" if now() >= EARLIEST else f"shows {now().isoformat(timespec='seconds')}"


def _database_checks(service: CentralService) -> dict[str, str]:
    try:
        with service.engine.connect() as db:
            db.execute(text("SELECT 1"))
            here = upgrade.revision(db)
    except SQLAlchemyError as error:
        return {"database": type(error).__name__, "migrations": "unknown"}
    return {} if here == upgrade.newest() else {"migrations": f"at {here}, the program needs {upgrade.newest()}"}
