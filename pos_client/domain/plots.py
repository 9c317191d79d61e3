"""Plots as values: bars beside each other, up and down from one line; screen and paper draw the same."""

from __future__ import annotations

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar, or two from one place: `up` above the line, `down` below it, neither below 0. The texts say how much,
    as people read it; the label is what the bar is of."""

    label: str
    up: int = 0
    down: int = 0
    up_text: str = ""
    down_text: str = ""


@dataclass(frozen=True, slots=True)
class Plot:
    """`unit`: what the figures at the bars are counted in."""

    title: str
    unit: str
    bars: tuple[Bar, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw."""
        return not any(bar.up or bar.down for bar in self.bars)

    @property
    def reach(self) -> tuple[int, int]:
        """The longest bar upwards and downwards."""
        return max((b.up for b in self.bars), default=0), max((b.down for b in self.bars), default=0)


def signed(label: str, value: int, text: str) -> Bar:
    """A bar of a value that may be below 0."""
    return Bar(label, value, up_text=text) if value >= 0 else Bar(label, down=-value, down_text=text)
