"""Which screens the two windows belong on: what is plugged in goes in, where each window goes comes out. No Qt.

The customer's window is never put over the cashier's: a covered till cannot stop a pump. It goes to the screen the
settings name; without a name, or while that screen is away, to one that is not the cashier's. A screen that shows the
same part of the desktop (a mirrored one) is the cashier's too, whatever it is called.

Screens come and go in any order, the cashier's as well: he is then moved to what is left, and the customer has none.
Which side was whose is remembered, so that a plug that falls out and is put back changes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Screen:
    """A screen as the system describes it; `left` and `top` on the desktop of all screens. `key` tells it from the
    others here, where two may bear one name."""

    key: str
    left: int
    top: int
    width: int
    height: int
    name: str = ""
    serial: str = ""
    model: str = ""
    maker: str = ""
    primary: bool = False

    def overlaps(self, other: Screen) -> bool:
        """Whether what is drawn on one is seen on the other."""
        across = self.left < other.left + other.width and other.left < self.left + self.width
        return across and self.top < other.top + other.height and other.top < self.top + self.height

    def is_called(self, wanted: str) -> bool:
        """Whether the settings' word names it: its serial number, its name, its model, or maker and model."""
        names = (self.serial, self.name, self.model, f"{self.maker} {self.model}".strip())
        return bool(wanted) and wanted.casefold() in {name.casefold() for name in names if name}


@dataclass(frozen=True, slots=True)
class Places:
    """Keys of the screens the windows are on; None: on none. `home`: theirs when both last had one, cashier's first."""

    cashier: str | None = None
    customer: str | None = None
    home: tuple[str, str] | None = None


def place(screens: Sequence[Screen], before: Places, wanted: str) -> Places:
    """Where both windows go now. `before.cashier` is where that window is, be it moved by hand; `wanted` names the
    customer's screen (a name two screens bear names none).

    The cashier stays where he is unless that is the customer's own screen and there is another; he is without a screen
    only when there is none at all.
    """
    if not screens:
        return Places(home=before.home)
    own = _own(screens, before, wanted)
    cashier = _cashier(screens, before, own)
    free = [screen for screen in screens if not screen.overlaps(cashier)]
    customer = own if own in free else _first(free, before.customer)
    if customer is None:
        return Places(cashier.key, None, before.home)
    return Places(cashier.key, customer.key, (cashier.key, customer.key))


def _own(screens: Sequence[Screen], before: Places, wanted: str) -> Screen | None:
    """The customer's own screen, if it is there: the named one, else the one that was his."""
    named = [screen for screen in screens if screen.is_called(wanted)]
    if len(named) == 1:
        return named[0]
    home = before.home[1] if before.home is not None else None
    return next((screen for screen in screens if screen.key == home), None)


def _cashier(screens: Sequence[Screen], before: Places, own: Screen | None) -> Screen:
    left = [screen for screen in screens if own is None or not screen.overlaps(own)]
    left = left or [screen for screen in screens if screen is not own] or list(screens)
    here = next((screen for screen in left if screen.key == before.cashier), None)
    primary = next((screen for screen in left if screen.primary), left[0])
    return here or primary


def _first(screens: Sequence[Screen], kept: str | None) -> Screen | None:
    """The one the customer has, else the first."""
    return next((screen for screen in screens if screen.key == kept), screens[0] if screens else None)
