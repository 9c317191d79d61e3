"""`pos-client ports`: the serial ports of this machine, and the identity that finds each again under another name."""

from __future__ import annotations

import json
from dataclasses import asdict

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Always 0; a machine without ports has none."""
    from pos_client.adapters.dispensers.port_identity import describe_ports

    ports = describe_ports()
    if arguments.json:
        print(json.dumps([asdict(port) for port in ports], ensure_ascii=False))
    elif not ports:
        print("no serial ports")
    else:
        for port in ports:
            print(f"{port.device:16} {port.identity or '-':32} {port.description}")
    return 0
