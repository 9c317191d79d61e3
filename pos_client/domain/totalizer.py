"""A nozzle's totalizer: a counter that only grows, shows so many digits, and begins at 0 again when they are full.

Two readings say how far it went, but not by themselves: lower than before is either a counter that passed its end or
another meter. The end is believed when the litres it would mean are plausible, because the pump has just told a
delivery of so many, or because so few may well have passed unseen. Anything else went down: an error for a person,
never litres (I2 asks for all that flowed, not for what a new meter happens to show).

A rise of more than half of the counter's circle is a fall through its end, read backwards: a pump that tells an old
delivery again after the counter began anew.

A full counter shows again what it showed a million litres ago, and so does a meter that was exchanged for a newer one.
So the books keep beside each reading what was counted before that counter stood at 0 (`turned_ml`). The two together
are an odometer: it only grows, and names a fuelling for ever. Turns are not counted and multiplied by the modulus,
because a meter whose modulus nobody knows may be exchanged too, because a setting may be put right between two turns,
and because one such turn of a long counter is more millilitres than the contract with head office can carry.
"""

from __future__ import annotations

from pos_client.domain.quantities import Millilitres
from pos_client.value import dataclass

PLAUSIBLE_ML = 20_000_000
"""What may pass a counter's end unseen: twenty thousand litres, a nozzle's day and night (our choice). Of a small
counter at the most a tenth of its circle."""


@dataclass(frozen=True, slots=True)
class Same:
    """Nothing flowed."""


@dataclass(frozen=True, slots=True)
class Rose:
    """So much flowed."""

    by_ml: Millilitres


@dataclass(frozen=True, slots=True)
class Wrapped:
    """So much flowed, and the counter passed its end on the way."""

    by_ml: Millilitres


@dataclass(frozen=True, slots=True)
class WentDown:
    """The reading does not follow from the last one: a meter exchanged, an old reading, another pump's."""

    by_ml: Millilitres


Step = Same | Rose | Wrapped | WentDown


@dataclass(frozen=True, slots=True)
class Meter:
    """What a point's totalizers can show. `modulus_ml`: what they count up to before they begin at 0; None: not known,
    or so much that no meter lives to see it."""

    resolution_ml: Millilitres = 10
    modulus_ml: Millilitres | None = None

    @property
    def tolerance_ml(self) -> Millilitres:
        """What two readings of a meter at rest may differ by: each is cut off to the resolution."""
        return 2 * self.resolution_ml

    def distance(self, start_ml: Millilitres, end_ml: Millilitres) -> Millilitres:
        """How far it is from one reading on to a later one."""
        modulus = self._modulus(start_ml, end_ml)
        return end_ml - start_ml if modulus is None else (end_ml - start_ml) % modulus

    def on_from(self, start_ml: Millilitres, volume_ml: Millilitres) -> Millilitres:
        """What the meter shows when a volume (negative: backwards) has flowed after a reading."""
        modulus = self._modulus(start_ml)
        return start_ml + volume_ml if modulus is None else (start_ml + volume_ml) % modulus

    def advance(self, last_ml: Millilitres, reading_ml: Millilitres, told_ml: Millilitres = 0) -> Step:
        """What a reading says of the time since the last one. `told_ml`: what the pump told to have flowed since."""
        modulus = self._modulus(last_ml, reading_ml)
        unseen = PLAUSIBLE_ML if modulus is None else min(PLAUSIBLE_ML, modulus // 10)
        return advance(last_ml, reading_ml, modulus, unseen + told_ml)

    def turned(
        self, last_ml: Millilitres, turned_ml: Millilitres, end_ml: Millilitres, volume_ml: Millilitres
    ) -> Millilitres:
        """What was counted before the counter that shows `end_ml` stood at 0, when the books go on to that reading from
        the one they had: more than before where they go to one that is not higher.

        Past its end the counter has come by its modulus; another meter takes up where the last one stood, and the
        volume it has just told comes on top.
        """
        if end_ml > last_ml:
            return turned_ml
        step = self.advance(last_ml, end_ml, volume_ml)
        flowed_ml = step.by_ml if isinstance(step, Wrapped) else volume_ml
        return turned_ml + last_ml + flowed_ml - end_ml

    def _modulus(self, *readings: Millilitres) -> Millilitres | None:
        """None as well when a reading shows that the counter has more digits than somebody thought."""
        return None if self.modulus_ml is None or max(readings) >= self.modulus_ml else self.modulus_ml


def meter(digits: int, decimals: int) -> Meter:
    """The meter of a totalizer that is sent with so many digits, of which `decimals` are after the point of litres."""
    return Meter(max(1, _power(3 - decimals)), _power(digits + 3 - decimals))


def advance(
    last_ml: Millilitres, reading_ml: Millilitres, modulus_ml: Millilitres | None, plausible_ml: Millilitres
) -> Step:
    """What a reading says of the time since the last one. Both are below the modulus.

    A rise of more than half of the circle, and more than is plausible, is a fall: the shorter way is the way back.
    """
    rise = reading_ml - last_ml
    if rise == 0:
        return Same()
    if rise > 0:
        believed = modulus_ml is None or rise <= max(plausible_ml, modulus_ml // 2)
        return Rose(rise) if believed else WentDown((modulus_ml or 0) - rise)
    if modulus_ml is not None and rise + modulus_ml <= plausible_ml:
        return Wrapped(rise + modulus_ml)
    return WentDown(-rise)


def _power(exponent: int) -> int:
    return int(10**exponent) if exponent > 0 else 1
