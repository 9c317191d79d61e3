"""What the keeper of the program does when the program ends: the table behind the watchdog and the way back."""

from __future__ import annotations

from enum import StrEnum

EXIT_CLOSED = 0
EXIT_REFUSED = 78
"""It could not start and has said why, on the screen. Not 1: that is what a program killed from outside ends with on
Windows, and what an interpreter that broke down ends with anywhere."""
EXIT_USAGE = 2
EXIT_NOT_NOW = 3
"""Of a rehearsal or a trial: the disk or another program stood in the way, which says nothing about the version."""
EXIT_EXCHANGE = 75
"""It ended so that the version that is ready can be started."""
EXIT_AGAIN = 76
"""It ended to be started again: somebody saved what counts from the next start on."""
TRIALS = 2
"""So often a new version may end before it was ready."""


class Next(StrEnum):
    """What comes now."""

    END = "end"
    AGAIN = "again"
    EXCHANGE = "exchange"
    GO_BACK = "go_back"
    PUT_OFF = "put_off"
    """the version before for now, this one another time"""


class Why(StrEnum):
    """Why a version was given up, or left."""

    REHEARSAL = "rehearsal"
    """it could not open a copy of the books"""
    REFUSED = "refused"
    """it did not start, and knew why: its log says it"""
    CRASHED = "crashed"
    SILENT = "silent"
    """it gave no sign of life"""
    DAMAGED = "damaged"
    """its files are not what they were, and it does not start any more: it is fetched anew"""


def after_end(code: int, *, trial: bool, starts: int, exchange_wanted: bool) -> Next:
    """`code`: of the process, negative for a signal. `trial`: this version has never been ready here, and this was its
    `starts`-th try. A hang that was ended from outside counts as a crash.

    A version that runs is started again for ever, whatever ends it: a till that stands still sells nothing, and what
    was under way is in the books.
    """
    if code == EXIT_CLOSED:
        return Next.END
    if code == EXIT_EXCHANGE and exchange_wanted:
        return Next.EXCHANGE
    if trial and code == EXIT_NOT_NOW:
        return Next.PUT_OFF
    if code == EXIT_AGAIN:
        return Next.AGAIN
    if trial:
        return Next.GO_BACK if code == EXIT_REFUSED or starts >= TRIALS else Next.AGAIN
    if code in {EXIT_REFUSED, EXIT_USAGE}:
        return Next.END
    return Next.AGAIN
