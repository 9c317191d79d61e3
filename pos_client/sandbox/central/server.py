"""Runs the reference central service on loopback: the contract's port behind the relay, and the control port."""

from __future__ import annotations

import asyncio
import random
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial

from starlette.types import ASGIApp

from pos_client.domain.programme import Profile
from pos_client.sandbox.central.app import contract_of
from pos_client.sandbox.central.authority import named
from pos_client.sandbox.central.clock import MovableClock
from pos_client.sandbox.central.control import build_control
from pos_client.sandbox.central.faults import Faults, FaultyNetwork
from pos_client.sandbox.central.relay import Relay
from pos_client.sandbox.central.scenario import Scenario, set_up
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.serving import FINISH_WITHIN_S, LOOPBACK, bind, serve_all
from pos_client.sandbox.central.storage.engine import IN_MEMORY, open_database
from pos_client.sandbox.central.timers import keep_running
from pos_client.sandbox.central.workers import NoFaults, NoRelay, shared_clock, workers
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class CentralConfig:
    """What central needs to run. `port` 0: a free one. `seed`: codes and keys that are the same on every run."""

    scenario: Scenario
    profile: Profile
    database: str = IN_MEMORY
    host: str = LOOPBACK
    port: int = 0
    seed: int | None = None
    workers: int = 1
    """processes that serve the contract; more than one need a PostgreSQL"""
    logs: bool = False
    """workers write JSON lines too"""
    pages: Callable[[CentralService], ASGIApp] | None = None
    """makes the portal over this ledger; without it there is none"""
    portal_port: int = 0
    proxies: tuple[str, ...] = ()
    """addresses in front of us that TLS ends at (`serving.serve_all`)"""


@dataclass(frozen=True, slots=True)
class CentralAddresses:
    """Where central listens, and the public keys terminals know it by (raw 32 bytes, base64)."""

    url: str
    control: str
    seal_key: str
    permit_key: str
    answer_key: str
    portal: str | None = None


def serve(config: CentralConfig, ready: Callable[[CentralAddresses], None], stop: threading.Event) -> None:
    """Serve until `stop`; `ready` is called once, from this thread, when both ports answer."""
    asyncio.run(_serve(config, ready, stop))


async def _serve(config: CentralConfig, ready: Callable[[CentralAddresses], None], stop: threading.Event) -> None:
    is_shared = config.workers > 1
    if is_shared and not config.database.startswith("postgresql"):
        raise OSError("several workers need a PostgreSQL (--db postgresql+psycopg://...): SQLite has one writer")
    dice: random.Random = random.SystemRandom() if config.seed is None else random.Random(config.seed)
    clock = shared_clock() if is_shared else MovableClock()
    engine = open_database(config.database)
    with ExitStack() as stack:
        stack.callback(engine.dispose)
        keys = load_keys(engine, dice)
        service = CentralService(engine, clock.now, config.profile, dice, keys)
        if not service.transact(lambda book: set_up(book, config.scenario)):
            # a seed begins again with every start, and would give out names this database has already
            service = replace(service, dice=random.SystemRandom())
        stack.enter_context(keep_running(service))
        public = bind(config.host, config.port) if is_shared else bind(LOOPBACK)
        stack.callback(public.close)
        faults: Faults = NoFaults() if is_shared else Faults()
        relay: Relay = NoRelay(public.getsockname()[1]) if is_shared else _relay(config, public)
        control = bind(LOOPBACK)
        served: list[tuple[ASGIApp, socket.socket]] = [
            (build_control(service, config.scenario, faults, relay, clock), control)
        ]
        wait: Callable[[], object] = stop.wait
        if is_shared:
            crew = stack.enter_context(
                workers(
                    config.workers,
                    config.database,
                    config.profile,
                    public,
                    clock,
                    config.logs,
                    bool(config.proxies),
                )
            )
            wait = partial(crew.wait_for, stop)
        else:
            is_ours = named(config.host, lambda: relay.port, behind_proxy=bool(config.proxies))
            served.append((FaultyNetwork(contract_of(service, is_ours), faults, relay.cut), public))
        portal = None if config.pages is None else bind(config.host, config.portal_port)
        if config.pages is not None and portal is not None:
            served.append((config.pages(service), portal))

        async def all_answer() -> None:
            await relay.listen()
            if not config.proxies:
                service.reached_at["contract"] = f"http://{config.host}:{relay.port}"
            ready(
                CentralAddresses(
                    url=f"http://{config.host}:{relay.port}",
                    control=f"http://{LOOPBACK}:{control.getsockname()[1]}",
                    seal_key=keys.seals.public_b64,
                    permit_key=keys.permits.public_b64,
                    answer_key=keys.answers.public_b64,
                    portal=None if portal is None else f"http://{config.host}:{portal.getsockname()[1]}",
                )
            )

        await serve_all(served, all_answer, wait, (lambda: None) if is_shared else relay.close, config.proxies)
        await relay.drained(FINISH_WITHIN_S)


def _relay(config: CentralConfig, inner: socket.socket) -> Relay:
    return Relay(config.host, config.port, inner.getsockname()[1])
