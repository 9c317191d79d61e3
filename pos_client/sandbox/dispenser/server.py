"""Serves simulated dispensers: one line each with its endpoint and its control address, until told to stop."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable

import uvicorn

from pos_client.sandbox.dispenser.config import DispenserConfig
from pos_client.sandbox.dispenser.control import control_app
from pos_client.sandbox.dispenser.line import SimulatedLine

JOIN_S = 5.0
Ready = Callable[[dict[str, str]], None]


def serve(config: DispenserConfig, stop: threading.Event, ready: Ready) -> None:
    """Serve one line until `stop` is set. `ready` is told once: name, protocol, port (what a terminal opens), control.

    Raises `OSError` when an address is taken, `LocalProtocolError` for an unknown protocol.
    """
    line = SimulatedLine(config)
    host, _, port = config.control.rpartition(":")
    listener = socket.create_server((host, int(port)))
    web = uvicorn.Server(
        uvicorn.Config(control_app(line), log_level="warning", lifespan="off", ws="none", access_log=False)
    )
    threads = [
        threading.Thread(target=line.run, args=(stop,), name=f"{config.name}-wire"),
        threading.Thread(target=web.run, args=([listener],), name=f"{config.name}-control"),
    ]
    for thread in threads:
        thread.start()
    control = "http://{}:{}".format(*listener.getsockname()[:2])
    try:
        ready({"name": config.name, "protocol": config.protocol, "port": line.url, "control": control})
        stop.wait()
    finally:
        stop.set()
        web.should_exit = True
        for thread in threads:
            thread.join(JOIN_S)
        listener.close()
