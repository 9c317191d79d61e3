"""apsw's and the operating system's errors, translated once at the border (STYLE 7).

`CODES` are the world's: the disk, another program, a damaged file. They become `Unavailable`, and the operator is told.
`OURS` are mistakes of this program and stay what they are: they stop it, visibly. A test fails when apsw grows an error
that stands in neither.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

import apsw

from pos_client.ports.errors import Unavailable

CODES: dict[type[apsw.Error], str] = {
    apsw.FullError: "disk_full",
    apsw.BusyError: "store_locked",
    apsw.LockedError: "store_locked",
    apsw.CorruptError: "store_corrupt",
    apsw.NotADBError: "store_corrupt",
    apsw.FormatError: "store_corrupt",
    apsw.IOError: "store_failed",
    apsw.CantOpenError: "store_failed",
    apsw.ReadOnlyError: "store_failed",
    apsw.PermissionsError: "store_failed",
    apsw.ProtocolError: "store_failed",
    apsw.NoMemError: "store_failed",
    apsw.NoLFSError: "store_failed",
    apsw.InterruptError: "store_failed",
}

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})
"""The operating system's numbers for a disk, or one's share of it, that is full; any other refusal is a failure."""

OURS: frozenset[type[apsw.Error]] = frozenset(
    {
        apsw.AbortError,
        apsw.AuthError,
        apsw.BindingsError,
        apsw.ConnectionClosedError,
        apsw.ConnectionNotClosedError,
        apsw.ConstraintError,
        apsw.CursorClosedError,
        apsw.EmptyError,
        apsw.ExecTraceAbort,
        apsw.ExecutionCompleteError,
        apsw.ExtensionLoadingError,
        apsw.ForkingViolationError,
        apsw.IncompleteExecutionError,
        apsw.InternalError,
        apsw.InvalidContextError,
        apsw.MismatchError,
        apsw.MisuseError,
        apsw.NoFTS5Error,
        apsw.NotFoundError,
        apsw.RangeError,
        apsw.SchemaChangeError,
        apsw.SQLError,
        apsw.ThreadingViolationError,
        apsw.TooBigError,
        apsw.VFSFileClosedError,
        apsw.VFSNotImplementedError,
    }
)


@contextmanager
def translated() -> Iterator[None]:
    """Inside, the world's errors become `Unavailable` with the code of the catalogue; ours pass through."""
    try:
        yield
    except tuple(CODES) as error:
        raise Unavailable(CODES[type(error)], f"{type(error).__name__}: {error}") from error
    except apsw.SQLError as error:  # ours, unless it is the schema itself that cannot be read any more
        if "malformed database schema" not in str(error):
            raise
        raise Unavailable("store_corrupt", str(error)) from error
    except UnicodeDecodeError as error:  # a text of a damaged row
        raise Unavailable("store_corrupt", f"{type(error).__name__}: {error}") from error
    except OSError as error:
        raise Unavailable("disk_full" if error.errno in NO_ROOM else "store_failed", str(error)) from error
