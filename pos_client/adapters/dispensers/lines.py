"""All lines as one: a command goes to the line that serves its point."""

from __future__ import annotations

from collections.abc import Iterable

from pos_client.adapters.dispensers.line import Line
from pos_client.ports.dispensers import DispenserCommand
from pos_client.ports.reports import CommandFinished, CommandOutcome, Sink


class Lines:
    """The `Dispensers` port over serial lines."""

    def __init__(self, lines: Iterable[Line], sink: Sink) -> None:
        self._lines = tuple(lines)
        self._by_point = {point: line for line in self._lines for point in line.points}
        self._sink = sink

    def restart_line(self, line: str) -> None:
        """Close one line's port and open it anew."""
        for each in self._lines:
            if each.name == line:
                each.restart()

    def send(self, command: DispenserCommand) -> None:
        """Hand a command to its line; one for a point nobody serves is refused at once."""
        line = self._by_point.get(command.point)
        if line is None:
            refused = CommandFinished(command.command_id, command.point, CommandOutcome.REFUSED, "unknown_point")
            self._sink.post(refused)
        else:
            line.submit(command)
