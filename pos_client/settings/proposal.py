"""From what was found on a port to a line of the settings: everything the wire tells is filled in, the rest is marked.

A wire tells speed, parity and addresses. It does not tell which number is painted on a pump and what flows from its
nozzles: the next free number is proposed, for the technician to correct. A grade is not, where a station has several:
one that was overlooked would sell petrol at the price of diesel, and tell the pump so. Left open, it cannot be saved.
"""

from __future__ import annotations

from typing import Any

from pos_client.domain.port_finding import PortFinding
from pos_client.settings.model import LineSettings, PointSettings, Settings
from pos_client.settings.writing import line_table

LINES_MAX = 100


def proposed_line(finding: PortFinding, port: str, identity: str, settings: Settings) -> dict[str, Any]:
    """A line of the settings as the file holds it. A line that has this port already keeps its name and its points."""
    present = next((line for line in settings.lines if _is_same(line, port, identity)), None)
    known = {point.address: point for point in present.points} if present is not None else {}
    taken = {point.point for line in settings.lines for point in line.points}
    numbers = iter(number for number in range(1, 100) if number not in taken)
    only = tuple(grade.code for grade in settings.grades) if len(settings.grades) == 1 else ()
    points = [known.get(address) or PointSettings(next(numbers, 99), address, only) for address in finding.addresses]
    line = line_table(
        LineSettings(
            name=present.name if present is not None else _free_name(finding.protocol, settings),
            protocol=finding.protocol,
            port=port,
            baud_rate=finding.baud_rate,
            parity=finding.parity,
            points=tuple(points),
            options=present.options if present is not None and present.protocol == finding.protocol else "",
            identity=identity,
        )
    )
    named = ("name", "protocol", "port", "identity", "baud_rate", "parity", "options")
    return {
        **{key: line[key] for key in named if line[key] != ""},
        "points": [{key: point[key] for key in point if _is_said(key, point[key])} for point in line["points"]],
    }


def _is_said(key: str, value: object) -> bool:
    """What a reader has to see, and what differs from the default."""
    return key in ("point", "address", "nozzles") or value != getattr(PointSettings(0, 0, ()), key)


def _is_same(line: LineSettings, port: str, identity: str) -> bool:
    return line.port == port or (identity != "" and line.identity == identity)


def _free_name(protocol: str, settings: Settings) -> str:
    names = {line.name for line in settings.lines}
    maker = protocol.split("-", maxsplit=1)[0]
    return next(name for n in range(1, LINES_MAX) if (name := f"{maker}-{n}") not in names)
