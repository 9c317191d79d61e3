"""What a receiver makes of bytes when its speed or parity is not the sender's: bit by bit, as the chip does it.

A start bit, eight bits from the least significant on, perhaps a parity bit, a stop bit. The receiver finds an edge,
looks at the middle of each bit of *its* length, and starts anew after the stop bit.
"""

from __future__ import annotations

from dataclasses import dataclass

SAMPLES_PER_BIT = 16


@dataclass(frozen=True)
class Setting:
    """Bits a second and N, E or O."""

    baud: int
    parity: str


@dataclass(frozen=True)
class Received:
    """A byte as it was taken; `sound`: stop bit and parity were right."""

    byte: int
    sound: bool


def wave(raw: bytes, parity: str) -> list[int]:
    """The level of each bit time."""
    bits: list[int] = []
    for byte in raw:
        data = [byte >> n & 1 for n in range(8)]
        check = {"N": [], "E": [sum(data) % 2], "O": [1 - sum(data) % 2]}[parity]
        bits += [0, *data, *check, 1]
    return bits


def heard(raw: bytes, sent: Setting, taken: Setting, phase: float = 0.5) -> list[Received]:
    """What comes of it; `phase`: where in a bit this receiver looks (0.5: the middle)."""
    bits = wave(raw, sent.parity)
    bit_s = 1 / taken.baud

    def level(at: float) -> int:
        n = int(at * sent.baud)
        return bits[n] if 0 <= n < len(bits) else 1

    count = 8 + (taken.parity != "N")
    found: list[Received] = []
    at, before, end = 0.0, 1, len(bits) / sent.baud
    while at < end:
        now = level(at)
        if before == 0 or now == 1 or level(at + phase * bit_s) == 1:
            before, at = now, at + bit_s / SAMPLES_PER_BIT
            continue
        values = [level(at + (n + phase) * bit_s) for n in range(1, count + 2)]
        byte = sum(value << n for n, value in enumerate(values[:8]))
        expected = {"N": None, "E": 0, "O": 1}[taken.parity]
        parity_right = expected is None or sum(values[:9]) % 2 == expected
        found.append(Received(byte, values[-1] == 1 and parity_right))
        at += (count + 1 + phase) * bit_s
        before = level(at)
    return found


def scrambled(raw: bytes, sent: Setting, taken: Setting) -> bytes:
    """What a port hands over: every byte, sound or not, as drivers do unless told otherwise."""
    return raw if sent == taken else bytes(each.byte for each in heard(raw, sent, taken))
