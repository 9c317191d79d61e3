"""Stories for a DART line in virtual time: a driver fuels, the till permits; steps that Hypothesis can draw."""

from __future__ import annotations

from pos_client.protocols.dispenser import events as e
from pos_client.protocols.dispenser.commands import AuthoriseHead
from tests.fakes.dart_line import ADDRESS, DartLine


def connected(line: DartLine) -> DartLine:
    """The line after its head was found, priced and its totals read."""
    assert line.run_until(lambda: len(line.of(e.TotalRead)) == len(line.setup.heads) * 2)
    return line


def ended(line: DartLine, command_id: str) -> e.CommandEnded | None:
    """What became of a command, once something did."""
    kinds = e.CommandDone | e.CommandRefused | e.CommandUnanswered
    return next((x for x in line.events if isinstance(x, kinds) and x.command_id == command_id), None)


def authorise(line: DartLine, preset: int | None = None, nozzles: tuple[int, ...] = ()) -> e.CommandEnded:
    """Permit the next delivery; what became of it."""
    command_id = line.new_id()
    line.submit(AuthoriseHead(ADDRESS, command_id, preset, nozzles))
    assert line.run_until(lambda: ended(line, command_id) is not None)
    outcome = ended(line, command_id)
    assert outcome is not None
    return outcome


def fuel(line: DartLine, volume: int, nozzle: int = 1, preset: int | None = None) -> e.Delivered:
    """A whole delivery."""
    told = len(line.of(e.Delivered))
    line.device.lift(ADDRESS, nozzle)
    assert isinstance(authorise(line, preset), e.CommandDone)
    while volume > 0:
        line.device.pulse(ADDRESS, min(volume, 40))
        volume -= 40
        line.run(100)
    line.device.hang(ADDRESS)
    assert line.run_until(lambda: len(line.of(e.Delivered)) > told)
    return line.of(e.Delivered)[-1]
