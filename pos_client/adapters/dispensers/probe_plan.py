"""In which order the port doctor tries protocols, speeds and parities, and how sure it may be of what came of it. Pure.

Protocols whose devices obey words without a check come first, at all their settings: once every one of their addresses
has stayed silent, there is nobody left who could mistake another protocol's polls for commands. Then the likeliest
settings of the others, each protocol's first before any protocol's second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import field

from pos_client.domain.port_finding import PortFinding
from pos_client.protocols.dispenser.interface import DispenserProtocol
from pos_client.protocols.dispenser.probing import Evidence, ProbeSpec
from pos_client.settings.model import LineSettings
from pos_client.value import dataclass

PROVED_MOST = 98
"""Nothing that was only heard for seconds is certain."""
ENOUGH = 6
"""Good frames from which on their number adds nothing."""
MENTIONED = 10
"""What is less sure than that is noise, and not told."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to read a port, and whom to ask in it."""

    protocol: DispenserProtocol
    spec: ProbeSpec
    baud_rate: int
    parity: str
    addresses: tuple[int, ...]

    @property
    def setting(self) -> tuple[int, str]:
        """Speed and parity."""
        return self.baud_rate, self.parity

    def __str__(self) -> str:
        return f"{self.protocol.name} {self.baud_rate} 8{self.parity}1"


def plan(protocols: Iterable[DispenserProtocol], speed_matters: bool = True) -> tuple[Candidate, ...]:
    """What to try, in order. Where speed and parity do not reach the wire, one setting a protocol is all there is."""
    ranked = [
        (not spec.obeys_unchecked, rank if not spec.obeys_unchecked else 0, turn, rank, offered, spec)
        for turn, (offered, spec) in enumerate(_probed(protocols))
        for rank in range(len(spec.settings) if speed_matters else 1)
    ]
    return tuple(
        Candidate(offered, spec, *spec.settings[rank], _range(offered))
        for *_, rank, offered, spec in sorted(ranked, key=lambda each: each[:4])
    )


def as_set(protocols: Iterable[DispenserProtocol], line: LineSettings) -> tuple[Candidate, ...]:
    """A line as it is set, and nothing else."""
    return tuple(
        Candidate(offered, spec, line.baud_rate, line.parity, tuple(sorted(p.address for p in line.points)))
        for offered, spec in _probed(protocols)
        if offered.name == line.protocol
    )


def _probed(protocols: Iterable[DispenserProtocol]) -> list[tuple[DispenserProtocol, ProbeSpec]]:
    """Those that can be looked for, and how."""
    return [(offered, offered.probe()) for offered in protocols if offered.probe is not None]


def _range(offered: DispenserProtocol) -> tuple[int, ...]:
    first, last = offered.addresses
    return tuple(range(first, last + 1))


@dataclass(slots=True)
class Account:
    """What came of one candidate: per address how often it was asked and answered, and all evidence together."""

    evidence: Evidence = field(default_factory=Evidence)
    asked: dict[int, int] = field(default_factory=dict)
    answered: dict[int, int] = field(default_factory=dict)

    def heard(self, evidence: Evidence) -> None:
        """Something overheard."""
        self.evidence += evidence

    def asked_one(self, address: int, evidence: Evidence) -> None:
        """What a question to an address brought."""
        self.asked[address] = self.asked.get(address, 0) + 1
        self.answered_late(address, evidence)

    def answered_late(self, address: int, evidence: Evidence) -> None:
        """The answer to a question that had been given up."""
        self.evidence += evidence
        self.answered[address] = self.answered.get(address, 0) + (address in evidence.addresses)

    @property
    def found(self) -> tuple[int, ...]:
        """Addresses that speak: overheard, or answering at least every other question. Once in a while is noise."""
        return tuple(a for a in self.evidence.addresses if 2 * self.answered.get(a, 0) >= self.asked.get(a, 0))

    def steadiness(self) -> tuple[int, int]:
        """Answers and questions of the addresses that speak; (1, 1) where nobody was asked."""
        asked = sum(self.asked.get(a, 0) for a in self.found)
        return (sum(self.answered.get(a, 0) for a in self.found), asked) if asked else (1, 1)


def confidence(account: Account, unproved_most: int) -> int:
    """How sure (0..100) a reading is by itself.

    At the most what the kind of evidence allows; less for few frames, for damaged ones (which count double: one wrong
    check in three is no working line), and for devices that answer now and then.
    """
    evidence = account.evidence
    if not evidence.good or not account.found:
        return 0
    most = PROVED_MOST if evidence.proved else unproved_most
    answered, asked = account.steadiness()
    share = most * evidence.good * answered * min(evidence.good, ENOUGH)
    return share // ((evidence.good + 2 * evidence.damaged) * asked * ENOUGH)


def findings(accounts: Mapping[Candidate, Account], listened_only: bool) -> tuple[PortFinding, ...]:
    """What is worth telling, surest first. A line has one protocol, one speed, one parity: readings that contradict
    each other take their share of certainty from each other."""
    alone = {each: confidence(account, each.spec.unproved_most) for each, account in accounts.items()}
    together = sum(alone.values())
    told = [
        PortFinding(
            protocol=each.protocol.name,
            baud_rate=each.baud_rate,
            parity=each.parity,
            addresses=accounts[each].found,
            confidence=sure * sure // together,
            good=accounts[each].evidence.good,
            damaged=accounts[each].evidence.damaged,
            listened_only=listened_only,
        )
        for each, sure in alone.items()
        if sure * sure >= MENTIONED * together > 0
    ]
    return tuple(sorted(told, key=lambda finding: -finding.confidence))
