"""What a line tells, whatever the protocol: frozen, past tense, by wire address, in the wire's own units."""

from __future__ import annotations

from enum import StrEnum

from pos_client.value import dataclass


class HeadState(StrEnum):
    """What a head is doing, in neutral words."""

    NOT_PROGRAMMED = "not_programmed"
    """powered up, no price yet"""
    IDLE = "idle"
    CALLING = "calling"
    """a nozzle is out that nobody authorised"""
    AUTHORISED = "authorised"
    STARTED = "started"
    """delivering is allowed, nothing flowed yet"""
    DELIVERING = "delivering"
    ENDING = "ending"
    """delivered, but the nozzle is still out or the final figures are not proved yet"""
    SUSPENDED = "suspended"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class HeadFound:
    """A head answers (again)."""

    address: int


@dataclass(frozen=True, slots=True)
class HeadLost:
    """A head no longer answers. Says nothing about what its hose is doing."""

    address: int


@dataclass(frozen=True, slots=True)
class NozzleLifted:
    """A nozzle left its holster. `price` is the unit price the head shows for it."""

    address: int
    nozzle: int
    price: int


@dataclass(frozen=True, slots=True)
class NozzleReturned:
    """The nozzle hangs again."""

    address: int


@dataclass(frozen=True, slots=True)
class StateChanged:
    """Sent on change only. `nozzle` is the one that is out."""

    address: int
    state: HeadState
    nozzle: int | None = None


@dataclass(frozen=True, slots=True)
class Delivering:
    """Running figures; for the eye only. `nozzle` None: the head has not said which."""

    address: int
    nozzle: int | None
    volume: int
    amount: int


@dataclass(frozen=True, slots=True)
class Delivered:
    """A delivery is over and proved: state completed, nozzle in, two equal readings, total read after them.

    `volume` 0: lifted and hung up again.
    """

    address: int
    nozzle: int
    volume: int
    amount: int
    price: int
    total: int


@dataclass(frozen=True, slots=True)
class TotalRead:
    """The volume total of a nozzle, read while nothing was being delivered."""

    address: int
    nozzle: int
    total: int


@dataclass(frozen=True, slots=True)
class PriceSeen:
    """The unit price a head itself says a nozzle has, in the wire's units."""

    address: int
    nozzle: int
    price: int


@dataclass(frozen=True, slots=True)
class PowerRestored:
    """The head had no power and came back; it forgot what it was delivering, its totals it did not."""

    address: int


@dataclass(frozen=True, slots=True)
class Alarm:
    """The head complains. `code` is the protocol's own word."""

    address: int
    code: str


@dataclass(frozen=True, slots=True)
class CommandDone:
    """The command took effect, and the head's own words show it."""

    address: int
    command_id: str


@dataclass(frozen=True, slots=True)
class CommandRefused:
    """The command cannot be done now, or the head did not do it. `reason` is a short stable word."""

    address: int
    command_id: str
    reason: str


@dataclass(frozen=True, slots=True)
class CommandUnanswered:
    """Nobody knows whether the command took effect. The state that follows will tell."""

    address: int
    command_id: str


CommandEnded = CommandDone | CommandRefused | CommandUnanswered

Event = (
    HeadFound
    | HeadLost
    | NozzleLifted
    | NozzleReturned
    | StateChanged
    | Delivering
    | Delivered
    | TotalRead
    | PriceSeen
    | PowerRestored
    | Alarm
    | CommandDone
    | CommandRefused
    | CommandUnanswered
)
