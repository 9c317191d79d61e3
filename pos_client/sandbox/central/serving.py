"""Web applications on sockets of this process, until somebody says stop; what is in flight then is finished first."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable, Sequence

import uvicorn
from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
FINISH_WITHIN_S = 3
"""Requests in flight at the end have so long; then their connections are cut, and the same key finds out."""
_START_POLL_S = 0.01


def bind(host: str, port: int = 0) -> socket.socket:
    """A bound socket. Raises `OSError` when the address is taken."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError:
        bound.close()
        raise
    return bound


async def serve_all(
    served: Sequence[tuple[ASGIApp, socket.socket]],
    ready: Callable[[], Awaitable[None]],
    wait: Callable[[], object],
    refuse: Callable[[], None] = lambda: None,
    proxies: Sequence[str] = (),
) -> None:
    """Serve all, call `ready` when they answer, run `wait` in a thread; when it returns, `refuse` and end.

    `proxies`: addresses that TLS ends at. What they, and they alone, say in `X-Forwarded-For` and `X-Forwarded-Proto`
    is who asks, and over what.
    """
    servers = [_Server(_settings(app, proxies)) for app, _ in served]
    running = [
        asyncio.create_task(server.serve(sockets=[bound])) for server, (_, bound) in zip(servers, served, strict=True)
    ]
    while not all(server.started for server in servers) and not any(task.done() for task in running):
        await asyncio.sleep(_START_POLL_S)
    await ready()
    await asyncio.to_thread(wait)
    refuse()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*running)


class _Server(uvicorn.Server):
    """Signals belong to whoever runs the process."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def _settings(app: ASGIApp, proxies: Sequence[str]) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=list(proxies),
        timeout_keep_alive=75,
        timeout_graceful_shutdown=FINISH_WITHIN_S,
    )
