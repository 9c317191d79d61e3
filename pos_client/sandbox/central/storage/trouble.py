"""What a database may say no with, and whose turn it is then: the table."""

from __future__ import annotations

from enum import Enum, auto

from sqlalchemy import exc


class Trouble(Enum):
    """What an error of the database means for the decision it interrupted. In each case nothing of it was kept, except
    that of a connection that broke during a commit nobody knows: the same key finds out."""

    AGAIN = auto()
    """Somebody else changed what was looked at, or waited for it the other way round: decide anew."""
    AWAY = auto()
    """The database cannot be reached, is full, or is too busy to be waited for."""
    UNFIT = auto()
    """A value it cannot hold: whoever sent it is told."""
    OURS = auto()
    """Anything else is our mistake."""


_AGAIN = frozenset({"40001", "40P01", "23505", "23514"})
"""Serialisation failure, deadlock, and two who wrote the same new key at once: the second finds it there next time.
And points that were there when they were counted and not when they were taken: no fund goes below nothing."""
_AWAY_CLASSES = frozenset({"08", "53", "57", "58"})
"""Connection, resources, operator intervention, system: PostgreSQL, appendix A."""
_UNFIT_CLASSES = frozenset({"22"})


def trouble_of(error: exc.SQLAlchemyError) -> Trouble:
    """Which one."""
    if isinstance(error, exc.TimeoutError):
        return Trouble.AWAY
    if not isinstance(error, exc.DBAPIError):
        return Trouble.OURS
    state = getattr(error.orig, "sqlstate", None)
    if state in _AGAIN:
        return Trouble.AGAIN
    if isinstance(error, exc.DataError) or (state or "")[:2] in _UNFIT_CLASSES:
        return Trouble.UNFIT
    if error.connection_invalidated or (state or "")[:2] in _AWAY_CLASSES:
        return Trouble.AWAY
    return Trouble.AWAY if isinstance(error, exc.OperationalError) else Trouble.OURS
