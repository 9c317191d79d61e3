"""What the technician's page needs from outside: the settings as they are, and hands that work beside the windows.

No call here waits: what was asked for is done on another thread and told through the callable that was given, in that
other thread. The page brings it into its own (`crossing.Crossing`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from pos_client.domain.keypad_pairing import PairingProgress
from pos_client.domain.port_finding import KnownPort, ProbeProgress
from pos_client.domain.wire import WireFrame
from pos_client.settings.faults import Fault
from pos_client.settings.model import LineSettings
from pos_client.value import dataclass

Tree = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that was written, or why it was not."""

    file: str = ""
    size: int = 0
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Incoming:
    """Settings that might be taken in: their tree when nothing is wrong with them, else every fault."""

    file: str
    tree: Tree | None = None
    faults: tuple[Fault, ...] = ()


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing the check-up looked at. `level`: "ok", "warning", "fault"; `says` and `do` are words for people."""

    what: str
    level: str
    says: str
    do: str = ""


class Workshop(Protocol):
    """The work itself."""

    def save(self, tree: Tree, tell: Callable[[tuple[Fault, ...]], None]) -> None:
        """Check and keep settings; tells every fault, none when they were saved."""

    def list_ports(self, tell: Callable[[tuple[KnownPort, ...]], None]) -> None:
        """Every serial port there is, and those the settings in force name."""

    def examine(self, port: str, line: LineSettings | None, tell: Callable[[ProbeProgress], None]) -> None:
        """Look at a port step by step; with `line` only that line's points, as it is set. One at a time."""

    def open_assistant(self) -> None:
        """Show the assistant of the first start."""

    def cancel(self) -> None:
        """End the look at a port; its last report says so."""

    def pair_keypad(self, tell: Callable[[PairingProgress], None]) -> None:
        """Listen to every keypad there is until 5 is pressed on one; told step by step."""

    def end_pairing(self) -> None:
        """End it; its last report says so."""

    def watch(self, tell: Callable[[tuple[WireFrame, ...]], None]) -> None:
        """Tell what went over the wires so far, then what goes over them, a few times a second."""

    def unwatch(self) -> None:
        """Nobody looks any more; what goes over the wires is recorded all the same."""

    def keep_recording(self, tell: Callable[[Kept], None]) -> None:
        """Write the last minutes of every wire to a file."""

    def keep_text(self, name: str, text: Callable[[], str], tell: Callable[[Kept], None]) -> None:
        """Write a text beside the recordings; it is made by whoever writes it."""

    def check_up(self, tell: Callable[[tuple[Looked, ...]], None]) -> None:
        """Look at everything a terminal needs."""

    def list_folders(self, tell: Callable[[tuple[str, ...]], None]) -> None:
        """Where files may be carried to and from: memory sticks first."""

    def make_bundle(self, folder: str, tell: Callable[[Kept], None]) -> None:
        """What support needs, in one file that names nobody."""

    def export_settings(self, folder: str, tell: Callable[[Kept], None]) -> None:
        """The saved settings less secrets, for another till."""

    def list_settings(self, folder: str, tell: Callable[[tuple[str, ...]], None]) -> None:
        """Files in a folder that may hold settings."""

    def look_into(self, file: str, tell: Callable[[Incoming], None]) -> None:
        """Read and check a file of settings; nothing is changed. An empty name: the ones before those saved now."""

    def take_in(self, file: str, tell: Callable[[Incoming], None]) -> None:
        """Put a file's settings in the place of the saved ones, which are kept as the previous ones."""


@dataclass(frozen=True, slots=True)
class TechnicianDesk:
    """What the composition root gives the page: the settings as a tree (`settings.writing.as_tree`), and the hands."""

    raw: Tree
    workshop: Workshop
