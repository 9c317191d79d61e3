"""`pos-client ports`: the serial ports of this machine, the identity that finds each again, whose it is, how it is."""

from __future__ import annotations

import json
from dataclasses import asdict

from pos_client.bootstrap.arguments import Arguments


def run(arguments: Arguments) -> int:
    """Always 0; a machine without ports has none."""
    from pos_client.bootstrap.at_work import terminal_runs
    from pos_client.bootstrap.port_list import known_ports
    from pos_client.bootstrap.spoken import spoken

    said = spoken(arguments)
    ports = known_ports(said.settings, terminal_runs=terminal_runs(said.site))
    if arguments.json:
        print(json.dumps([asdict(port) for port in ports], ensure_ascii=False))
    elif not ports:
        print(said.words.say("ports.none"))
    else:
        print(f"# {said.words.say('ports.title')}")
        for port in ports:
            use = said.words.say(f"ports.{port.use.value}")
            lines = ", ".join(port.lines) or "-"
            about = " · ".join(text for text in (port.description, port.detail) if text)
            print(f"{port.device:16} {port.identity or '-':32} {lines:12} {use:16} {about}".rstrip())
    return 0
