"""What the port doctor found on a serial port, how sure it is, and what it saw."""

from __future__ import annotations

from enum import StrEnum

from pos_client.value import dataclass


class ProbeStep(StrEnum):
    """What the doctor does to a port. `LISTENING` says nothing at all; `ASKING` sends polls that change nothing."""

    OPENING = "opening"
    LISTENING = "listening"
    ASKING = "asking"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class PortFinding:
    """One way of reading a port that made sense. `confidence` 0..100; `good` and `damaged` count frames."""

    protocol: str
    baud_rate: int
    parity: str
    addresses: tuple[int, ...]
    confidence: int
    good: int
    damaged: int
    listened_only: bool
    """found without a word of ours: another master is on this line, and we must not speak there"""


@dataclass(frozen=True, slots=True)
class ProbeProgress:
    """How far the doctor is. `findings` best first; `done_percent` 0..100; `detail` is for the technician."""

    port: str
    step: ProbeStep
    done_percent: int = 0
    trying: str = ""
    """"dart 9600 8O1" """
    findings: tuple[PortFinding, ...] = ()
    detail: str = ""


class PortUse(StrEnum):
    """What a port is doing. `BUSY`: somebody has it, perhaps the terminal itself. `MISSING`: its adapter is away."""

    FREE = "free"
    BUSY = "busy"
    UNREACHABLE = "unreachable"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class KnownPort:
    """A port of this machine, or one that the settings name. `identity`: as a line's setting; `lines`: whose it is."""

    device: str
    description: str
    identity: str
    lines: tuple[str, ...]
    use: PortUse
    detail: str = ""
    """what the operating system said"""
