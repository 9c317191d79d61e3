"""Runs the reference central service on loopback: the contract's port behind the relay, and the control port."""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn
from starlette.types import ASGIApp

from pos_client.domain.programme import Profile
from pos_client.sandbox.central.app import build_app
from pos_client.sandbox.central.control import MovableClock, build_control
from pos_client.sandbox.central.faults import Faults, FaultyNetwork
from pos_client.sandbox.central.relay import Relay
from pos_client.sandbox.central.scenario import Scenario, set_up
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.storage.engine import IN_MEMORY, open_database

LOOPBACK = "127.0.0.1"
_START_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class CentralConfig:
    """What central needs to run. `port` 0: a free one. `seed`: codes and keys that are the same on every run."""

    scenario: Scenario
    profile: Profile
    database: str = IN_MEMORY
    host: str = LOOPBACK
    port: int = 0
    seed: int | None = None
    pages: Callable[[CentralService], ASGIApp] | None = None
    """makes the portal over this ledger; without it there is none"""


@dataclass(frozen=True, slots=True)
class CentralAddresses:
    """Where central listens, and the public keys terminals know it by (raw 32 bytes, base64)."""

    url: str
    control: str
    seal_key: str
    permit_key: str
    portal: str | None = None


def serve(config: CentralConfig, ready: Callable[[CentralAddresses], None], stop: threading.Event) -> None:
    """Serve until `stop`; `ready` is called once, from this thread, when both ports answer."""
    asyncio.run(_serve(config, ready, stop))


async def _serve(config: CentralConfig, ready: Callable[[CentralAddresses], None], stop: threading.Event) -> None:
    dice = random.SystemRandom() if config.seed is None else random.Random(config.seed)
    clock = MovableClock()
    engine = open_database(config.database)
    try:
        keys = load_keys(engine, dice)
        service = CentralService(engine, clock.now, config.profile, dice, keys)
        with service.book() as book:
            set_up(book, config.scenario)
        inner, control = _bind(LOOPBACK), _bind(LOOPBACK)
        relay = Relay(config.host, config.port, inner.getsockname()[1])
        faults = Faults()
        served: list[tuple[ASGIApp, socket.socket]] = [
            (FaultyNetwork(build_app(service), faults, relay.cut), inner),
            (build_control(service, config.scenario, faults, relay, clock), control),
        ]
        portal = None
        if config.pages is not None:
            portal = _bind(config.host)
            served.append((config.pages(service), portal))
        servers = [_Server(_settings(app)) for app, _ in served]
        running = [
            asyncio.create_task(server.serve(sockets=[bound]))
            for server, (_, bound) in zip(servers, served, strict=True)
        ]
        while not all(server.started for server in servers) and not any(task.done() for task in running):
            await asyncio.sleep(_START_POLL_S)
        await relay.listen()
        ready(
            CentralAddresses(
                url=f"http://{config.host}:{relay.port}",
                control=f"http://{LOOPBACK}:{control.getsockname()[1]}",
                seal_key=keys.seals.public_b64,
                permit_key=keys.permits.public_b64,
                portal=None if portal is None else f"http://{config.host}:{portal.getsockname()[1]}",
            )
        )
        await asyncio.to_thread(stop.wait)
        relay.refuse()
        for server in servers:
            server.should_exit = True
        await asyncio.gather(*running)
    finally:
        engine.dispose()


class _Server(uvicorn.Server):
    """Signals belong to whoever runs the process."""

    def capture_signals(self) -> contextlib.AbstractContextManager[None]:  # type: ignore[override]
        return contextlib.nullcontext()


def _settings(app: ASGIApp) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _bind(host: str) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound.bind((host, 0))
    return bound
