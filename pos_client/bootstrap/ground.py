"""The folder a till stands on, looked at before anything in it is opened: whether it is one, whose it is, whether it
takes a file. Left to the books, each of these would be said to be a failing disk.
"""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from pathlib import Path

from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable

PRIVATE = 0o700
"""Of a folder that is made: books name customers by sealed words, but whose they are is nobody else's business."""
_DENIED = frozenset({errno.EACCES, errno.EPERM})


def stand_on(site: Site) -> None:
    """Make the folder if there is none; see that its books can be read and written.

    Raises `Unavailable`, its detail the path and what the system says of it: `no_folder` (a file, a link that leads
    nowhere, a name too long, no right to make one), `folder_read_only`, `folder_of_another` (another user's, or one in
    which another user, an administrator perhaps, has left a file of ours).
    """
    try:
        with suppress(FileExistsError):  # also a file, or a link in a circle: the look says which
            site.folder.mkdir(PRIVATE, parents=True)
        _look(site)
    except OSError as error:
        raise _trouble(Path(error.filename or site.folder), error) from error


def trouble_of(site: Site) -> Unavailable | None:
    """What `stand_on` would say of a folder that is there; makes nothing."""
    try:
        if os.path.lexists(site.folder) or not os.access(site.folder.parent, os.X_OK):
            _look(site)
    except FileNotFoundError:
        return None
    except OSError as error:
        return _trouble(Path(error.filename or site.folder), error)
    return None


def _look(site: Site) -> None:
    """Raises `OSError`."""
    with os.scandir(site.folder):
        pass
    for path in (site.folder, *_needed(site)):
        _look_at(path)


def _needed(site: Site) -> list[Path]:
    """What a till cannot work without: its books with what lies beside them, their mirror, its settings."""
    mirror = site.journal.with_name("mirror")
    candidates = [
        site.settings,
        *(site.journal.with_name(f"{site.journal.name}{end}") for end in ("", "-wal", "-shm", ".lock")),
        mirror,
        *(sorted(mirror.iterdir()) if mirror.is_dir() else ()),
    ]
    return [path for path in candidates if os.path.lexists(path)]


def _look_at(path: Path) -> None:
    """Raises `OSError`."""
    if not os.access(path, os.R_OK | os.W_OK | (os.X_OK if path.is_dir() else 0)):
        number = errno.EROFS if _is_read_only(path) else errno.EACCES
        raise OSError(number, os.strerror(number), str(path))


def _is_read_only(path: Path) -> bool:
    return sys.platform != "win32" and bool(os.statvfs(path).f_flag & os.ST_RDONLY)


def _trouble(path: Path, error: OSError) -> Unavailable:
    if error.errno == errno.EROFS:
        return Unavailable("folder_read_only", f"{path}: {error.strerror}")
    owner = _another(path) if error.errno in _DENIED else None
    if owner is None:
        return Unavailable("no_folder", f"{path}: {error.strerror}")
    return Unavailable("folder_of_another", f"{path}: {error.strerror} ({owner})")


def _another(path: Path) -> str | None:
    """Whose a path is that denies us something; None when it is our own, or nobody can say."""
    if sys.platform == "win32":
        return None
    import pwd

    missing = False
    while not os.path.lexists(path) and path != path.parent:
        path, missing = path.parent, True
    owner = path.lstat().st_uid
    if owner == os.getuid() or (missing and os.access(path, os.X_OK)):  # nobody's: it could not be made
        return None
    try:
        return pwd.getpwuid(owner).pw_name
    except KeyError:
        return str(owner)
