"""What the terminal asked of a line and what it was told: it outlives the protocol object that was to do it."""

from __future__ import annotations

from pos_client.adapters.dispensers.translation import Translation
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.identifiers import PointId
from pos_client.ports import reports as r
from pos_client.ports.dispensers import DispenserCommand
from pos_client.ports.reports import Sink
from pos_client.protocols.dispenser.interface import ControllerEnd


class LineBooks:
    """Belongs to the line's thread."""

    def __init__(self, translation: Translation, sink: Sink) -> None:
        self._translation = translation
        self._sink = sink
        self._asked: dict[str, PointId] = {}
        self._heard: set[PointId] = set()

    def hand_over(self, command: DispenserCommand, controller: ControllerEnd, now_ms: int) -> None:
        """Give a command to the protocol object; one that its wire cannot carry is refused here."""
        wanted = self._translation.to_wire(command)
        if isinstance(wanted, r.CommandFinished):
            self._sink.post(wanted)
        else:
            self._asked[command.command_id] = command.point
            controller.submit(wanted, now_ms)

    def pass_on(self, controller: ControllerEnd) -> None:
        """Tell the terminal all that happened."""
        while (event := controller.next_event()) is not None:
            report = self._translation.report(event)
            if report is None:
                continue
            if isinstance(report, r.CommandFinished):
                self._asked.pop(report.command_id, None)
            elif isinstance(report, r.PointLinkChanged):
                (self._heard.add if report.state is LinkState.UP else self._heard.discard)(report.point)
            self._sink.post(report)

    def unanswered(self, command: DispenserCommand, why: str) -> None:
        """A command that reached nobody."""
        self._sink.post(r.CommandFinished(command.command_id, command.point, r.CommandOutcome.NO_ANSWER, why))

    def close(self) -> None:
        """The protocol object is gone: what became of its commands nobody knows, and its points are not heard."""
        for command_id, point in self._asked.items():
            self._sink.post(r.CommandFinished(command_id, point, r.CommandOutcome.NO_ANSWER, "line_restarted"))
        for point in sorted(self._heard):
            self._sink.post(r.PointLinkChanged(point, LinkState.DOWN))
        self._asked.clear()
        self._heard.clear()
