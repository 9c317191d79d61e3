"""`pos-client sandbox`: central and dispensers, each a process of its own, known to the client by address alone.

Prints one JSON line when everything answers, and runs until it is ended. A part ends when its standard input ends, so
a killed parent leaves no orphans on the machine; the parent does the same when its own standard input is a pipe.
"""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from pos_client.sandbox.children import END_S, children, first_line
from pos_client.sandbox.events import PRICED, read_events
from pos_client.sandbox.player import Player
from pos_client.sandbox.station_file import WrongStation, read_station
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.sandbox.dispenser.config import DispenserConfig

CENTRAL, DISPENSERS = "central", "dispensers"
PARTS = (CENTRAL, DISPENSERS)
_POLL_S = 0.5
REAL_FLOW_ML_PER_S, REAL_ANSWER_MS = 600, 50
EXIT_DONE, EXIT_FAILED, EXIT_USAGE = 0, 1, 2


class WrongArguments(ValueError):
    """An option that cannot be understood; the message names it."""


@dataclass(frozen=True, slots=True)
class SandboxArguments:
    """What was asked for. `station` and `programme` are files, `resources` the folder of words, colours and fonts;
    `dispensers` are `NAME=PROTOCOL@ADDRESS`.

    `db`: database URL of central (default: a file that is gone afterwards). `central_address`: `HOST:PORT` (default: a
    free port on loopback). `seed`: keys and codes that are the same on every run. `speed`: how many times faster than a
    real pump fuel flows and heads answer. `only`: one part, in this process.
    """

    station: Path
    programme: Path
    resources: Path
    db: str | None = None
    central_address: str | None = None
    dispensers: tuple[str, ...] = ()
    seed: int | None = None
    speed: int = 1
    only: str | None = None
    workers: int = 1
    """processes that serve the contract (default: one)"""
    portal_port: int = 0
    """0: a free one"""
    proxies: tuple[str, ...] = ()
    """addresses in front of contract and portal that TLS ends at"""
    logs: bool = False
    """central writes a JSON line on standard error for every request and every trouble"""


def run(arguments: SandboxArguments, command_prefix: list[str]) -> int:
    """Run the sandbox until ended; the exit code. `command_prefix` starts this program again, as one of the parts."""
    try:
        station = _station(arguments)
        _host_and_port(arguments.central_address)
        _database(arguments.db)
    except (WrongArguments, WrongStation, OSError) as error:
        print(f"pos-client sandbox: {error}", file=sys.stderr)
        return EXIT_USAGE
    stop = threading.Event()
    _stop_on_signals(stop)
    if arguments.only is not None:
        _stop_at_end_of(sys.stdin.fileno(), stop)
        return serve_part(arguments, station, stop)
    if _somebody_holds_our_input():
        _stop_at_end_of(sys.stdin.fileno(), stop)
    with tempfile.TemporaryDirectory(prefix="pos-client-sandbox-", ignore_cleanup_errors=True) as folder:
        database = arguments.db or f"sqlite:///{Path(folder) / 'central.db'}"
        options = _options(arguments, database)
        with children([[*command_prefix, "sandbox", "--only", part, *options] for part in PARTS]) as started:
            return _supervise(arguments, station, started, stop)


def serve_part(arguments: SandboxArguments, station: dict[str, Any], stop: threading.Event) -> int:
    """One part in this process: prints its addresses as one JSON line when ready, serves until `stop`."""
    try:
        if arguments.only == CENTRAL:
            _serve_central(arguments, station, stop)
        else:
            _serve_dispensers(arguments, station, stop)
    except OSError as error:  # an address that is taken, a disk that is full, a database not there
        print(f"pos-client sandbox, {arguments.only}: {error}", file=sys.stderr)
        return EXIT_FAILED
    return EXIT_DONE


def _serve_central(arguments: SandboxArguments, station: dict[str, Any], stop: threading.Event) -> None:
    from pos_client.domain.programme import load_profile
    from pos_client.sandbox.central import log_lines
    from pos_client.sandbox.central.scenario import read_scenario
    from pos_client.sandbox.central.server import CentralAddresses, CentralConfig, serve
    from pos_client.sandbox.central.storage.engine import IN_MEMORY
    from pos_client.sandbox.portal.app import build_portal

    def ready(at: CentralAddresses) -> None:
        _say(asdict(at))

    if arguments.logs:
        log_lines.install()
    host, port = _host_and_port(arguments.central_address)
    config = CentralConfig(
        scenario=read_scenario(station),
        profile=load_profile(tomllib.loads(arguments.programme.read_text(encoding="utf-8"))),
        database=arguments.db or IN_MEMORY,
        host=host,
        port=port,
        seed=arguments.seed,
        workers=arguments.workers,
        logs=arguments.logs,
        portal_port=arguments.portal_port,
        proxies=arguments.proxies,
        pages=lambda service: build_portal(service, arguments.resources),
    )
    serve(config, ready, stop)


def _serve_dispensers(arguments: SandboxArguments, station: dict[str, Any], stop: threading.Event) -> None:
    from pos_client.sandbox.dispenser.config import from_station
    from pos_client.sandbox.dispenser.server import serve

    asked = {where.name: where for where in map(_dispenser, arguments.dispensers)}
    lines = [
        replace(line, protocol=asked[line.name].protocol, listen=asked[line.name].listen)
        if line.name in asked
        else line
        for line in from_station(station, seed=arguments.seed or 0, **_pace(arguments.speed))
    ]
    told: SimpleQueue[dict[str, str] | None] = SimpleQueue()

    def serve_one(line: DispenserConfig) -> None:
        try:
            serve(line, stop, told.put)
        finally:
            stop.set()
            told.put(None)

    threads = [threading.Thread(target=serve_one, args=(line,), name=line.name) for line in lines]
    for thread in threads:
        thread.start()
    ready = {at["name"]: at for at in (told.get() for _ in lines) if at is not None}
    if len(ready) == len(lines):
        _say([ready[line.name] for line in lines])
    for thread in threads:
        thread.join()


def _pace(speed: int) -> dict[str, Any]:
    """Flow and answer delays of the heads; at 1 they are a real pump's."""
    if speed <= 1:
        return {}
    slowest = max(1, REAL_ANSWER_MS // speed)
    return {"flow_ml_per_s": REAL_FLOW_ML_PER_S * speed, "answer_delay_ms": (1, slowest)}


def _supervise(
    arguments: SandboxArguments,
    station: Mapping[str, Any],
    started: Sequence[subprocess.Popen[str]],
    stop: threading.Event,
) -> int:
    """Wait until both parts answer, say so, play what the file has, and wait until somebody or something ends it."""
    told = dict(zip(PARTS, (first_line(child) for child in started), strict=True))
    if None in told.values():
        return EXIT_DONE if stop.is_set() else EXIT_FAILED
    portal = told[CENTRAL].pop("portal")
    _say({CENTRAL: told[CENTRAL], "portal": portal, DISPENSERS: told[DISPENSERS], "station": str(arguments.station)})
    with _playing(arguments, station, told, stop):
        while not stop.wait(_POLL_S):
            if any(child.poll() is not None for child in started):
                return EXIT_FAILED
    return EXIT_DONE


@contextmanager
def _playing(
    arguments: SandboxArguments, station: Mapping[str, Any], told: Mapping[str, Any], stop: threading.Event
) -> Iterator[None]:
    """The events on a thread of their own: each on standard error as it happens, one line on standard output when all
    is over."""

    events = read_events(station, arguments.seed or 0)
    when_priced = station.get("day", {}).get("opens") == PRICED

    def play() -> None:
        lines = {line["name"]: line["control"] for line in told[DISPENSERS]}
        player = Player(events, lines, told[CENTRAL]["control"], arguments.speed, _remark, when_priced=when_priced)
        player.run(stop)
        if player.over:
            _say({"events": len(events), "over": True})

    thread = threading.Thread(target=play, name="events")
    if events:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        if events:
            thread.join(END_S)


def _options(arguments: SandboxArguments, database: str) -> list[str]:
    options = ["--scenario", str(arguments.station), "--db", database]
    if arguments.central_address is not None:
        options += ["--central-address", arguments.central_address]
    if arguments.seed is not None:
        options += ["--seed", str(arguments.seed)]
    if arguments.speed > 1:
        options += ["--speed", str(arguments.speed)]
    if arguments.workers > 1:
        options += ["--workers", str(arguments.workers)]
    if arguments.portal_port:
        options += ["--portal-port", str(arguments.portal_port)]
    for proxy in arguments.proxies:
        options += ["--proxy", proxy]
    if arguments.logs:
        options += ["--log", "json"]
    for dispenser in arguments.dispensers:
        options += ["--dispenser", dispenser]
    return options


@dataclass(frozen=True, slots=True)
class DispenserAddress:
    """One `--dispenser`: the line's name in the station file, its protocol, and where it listens."""

    name: str
    protocol: str
    listen: str


def _dispenser(asked: str) -> DispenserAddress:
    name, equals, rest = asked.partition("=")
    protocol, at, listen = rest.partition("@")
    if not (equals and at and name and protocol and listen):
        raise WrongArguments(f"--dispenser {asked}: NAME=PROTOCOL@ADDRESS is expected")
    return DispenserAddress(name, protocol, listen)


def _station(arguments: SandboxArguments) -> dict[str, Any]:
    """The station file. Raises `WrongStation`, and `WrongArguments` when it lacks a dispenser that was asked for."""
    station = read_station(arguments.station)
    known = {str(line["name"]) for line in station["dispensers"]}
    for asked in map(_dispenser, arguments.dispensers):
        if asked.name not in known:
            raise WrongArguments(f"--dispenser {asked.name}: the station has {', '.join(sorted(known))}")
    return station


def _database(url: str | None) -> None:
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        make_url(url or "sqlite://")
    except ArgumentError as error:
        raise WrongArguments(f"--db {url}: a database URL is expected, such as sqlite:///central.db") from error


def _host_and_port(address: str | None) -> tuple[str, int]:
    host, colon, port = (address or "127.0.0.1:0").rpartition(":")
    if not (colon and host and port.isascii() and port.isdigit() and int(port) < 65_536):
        raise WrongArguments(f"--central-address {address}: HOST:PORT is expected")
    return host, int(port)


def _stop_on_signals(stop: threading.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def _somebody_holds_our_input() -> bool:
    """A pipe means another program started us; a terminal, a file or nothing at all does not."""
    return sys.stdin is not None and stat.S_ISFIFO(os.fstat(sys.stdin.fileno()).st_mode)


def _stop_at_end_of(descriptor: int, stop: threading.Event) -> None:
    """Whoever started us holds the other end; when he is gone, so are we.

    Read past `sys.stdin`: a thread inside its buffer would make the interpreter's end a crash.
    """

    def watch() -> None:
        while os.read(descriptor, 1024):
            pass
        stop.set()

    threading.Thread(target=watch, name="end-of-input", daemon=True).start()


def _remark(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _say(value: object) -> None:
    print(json.dumps(value, ensure_ascii=False), flush=True)
