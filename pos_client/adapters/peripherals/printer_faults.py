"""What the system says is wrong, as a person would call it (STYLE 7: foreign errors are translated once)."""

from __future__ import annotations

import errno
import socket

from pos_client.adapters.peripherals.printer_talk import Troubled
from pos_client.adapters.peripherals.printer_target import FileTarget, NetworkTarget, Target
from pos_client.domain.printer_trouble import PrinterTrouble as T

FAILURES = (OSError, ValueError, ImportError, Troubled)
"""Every way a job fails. ValueError: settings nobody understands; pyserial's and pyusb's errors are OSErrors."""

_BY_NUMBER = {
    errno.EACCES: T.NOT_ALLOWED,
    errno.EPERM: T.NOT_ALLOWED,
    errno.ENOSPC: T.DISK,
    errno.EROFS: T.DISK,
    errno.EISDIR: T.SETTINGS,
    errno.ENOTDIR: T.SETTINGS,
    errno.EBUSY: T.NOT_ALLOWED,
}


def trouble_of(error: Exception, target: Target | None) -> T:
    """The cause. `target` None: the settings name none."""
    match error:
        case Troubled():
            return error.trouble
        case ImportError():
            return T.PROGRAM
        case OSError() if target is None:
            return T.PROGRAM
        case OSError() if error.errno in _BY_NUMBER:
            return _BY_NUMBER[error.errno]
        case socket.gaierror() | OSError() if isinstance(target, NetworkTarget):
            return T.UNREACHABLE
        case FileNotFoundError() if isinstance(target, FileTarget) and not target.path.is_relative_to("/dev"):
            return T.DISK
        case OSError():
            return T.CABLE
        case _:
            return T.SETTINGS


def detail_of(error: Exception) -> str:
    """The cause in the words of the system, without its numbers."""
    return error.strerror if isinstance(error, OSError) and error.strerror else str(error) or type(error).__name__
