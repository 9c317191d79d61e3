"""What a line can ask of a head, whatever the protocol: by wire address, in the wire's own units.

A head is one addressed fuelling point (one side of a cabinet). Amounts and prices are digits as the wire carries them;
where the decimal point stands is a setting of the head, known to the adapter alone. Every command comes back exactly
once as `CommandDone`, `CommandRefused` or `CommandUnanswered` with its `command_id`.
"""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class AuthoriseHead:
    """Permit the next delivery, up to an amount or a volume (not both; None: no limit). `nozzles` empty: all.

    Done means seen: the head itself said that it is authorised (or already delivering).
    """

    address: int
    command_id: str
    preset_amount: int | None = None
    nozzles: tuple[int, ...] = ()
    preset_volume: int | None = None


@dataclass(frozen=True, slots=True)
class StopHead:
    """Freeze a delivery or take back an authorisation. Overtakes everything else that waits for this head."""

    address: int
    command_id: str


@dataclass(frozen=True, slots=True)
class ResumeHead:
    """Let a stopped delivery go on. Refused (`cannot_resume`) where the protocol or its options have no such thing."""

    address: int
    command_id: str


@dataclass(frozen=True, slots=True)
class ReadTotals:
    """Read the volume totals of all nozzles. Refused while a delivery runs: such a total would prove nothing."""

    address: int
    command_id: str


@dataclass(frozen=True, slots=True)
class SetPrices:
    """New unit prices, nozzle 1 first, all nozzles. Refused while a delivery is authorised or runs.

    Done means read back (`PriceSeen` tells what the head shows); they stay in force when the head starts anew.
    """

    address: int
    command_id: str
    prices: tuple[int, ...]


Command = AuthoriseHead | StopHead | ResumeHead | ReadTotals | SetPrices
