"""What a protocol offers to whoever looks for it on an unknown line: harmless questions, and a judge of the answers.

A question changes nothing at any device that understands it. That is not enough: at another speed the same bytes are
other bytes. A poll of DART, heard by a Two-Wire pump at its own speed, can be the word "authorise" with its parity
right. So a protocol whose devices obey words without a check says so, and is looked for before anything else is said.
"""

from __future__ import annotations

from collections.abc import Callable

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Evidence:
    """What some bytes come to, read as one protocol.

    `good`: frames that make sense; `proved`: those of them whose check leaves no room for chance; `damaged`: frames (or
    stretches about as long as one) that make no sense; `addresses`: of the devices that spoke, ascending.
    """

    good: int = 0
    proved: int = 0
    damaged: int = 0
    addresses: tuple[int, ...] = ()

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(
            self.good + other.good,
            self.proved + other.proved,
            self.damaged + other.damaged,
            tuple(sorted({*self.addresses, *other.addresses})),
        )


@dataclass(frozen=True, slots=True)
class ProbeSpec:
    """How to look for a protocol.

    `settings`: speeds and parities its lines are known to have, the likeliest first. `question(address)`: a poll.
    `proof(address, answer)`: a further question that changes nothing either, given what the device said to the poll;
    None where there is none, or not in this state. It goes only to a device that has answered a poll.
    `score(raw, sent)`: what `raw` comes to; `sent` is the question it answers, or empty for what was overheard. An echo
    of `sent` counts as nothing.

    `unproved_most`: how sure (0..100) one may be at the most of answers none of which was proved. `obeys_unchecked`:
    its devices act on words that carry no check.
    """

    settings: tuple[tuple[int, str], ...]
    question: Callable[[int], bytes]
    proof: Callable[[int, bytes], bytes | None]
    score: Callable[[bytes, bytes], Evidence]
    unproved_most: int
    obeys_unchecked: bool = False


def without_echo(raw: bytes, sent: bytes) -> bytes:
    """What was received, less our own bytes where an adapter returned all of them first."""
    return raw[len(sent) :] if sent and raw.startswith(sent) else raw


def pieces(size: int, frame: int) -> int:
    """How many frames a stretch of rubbish counts as, if a usual one has `frame` bytes; at least one."""
    return -(-size // frame) if size else 0
