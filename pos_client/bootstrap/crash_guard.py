"""The last resort: a fault of ours is logged, told to the operator, and ends the program; pumps are never touched.

What was under way is in the books: the next start recovers it. So dying is safe, and going on with a broken state
is not.
"""

from __future__ import annotations

import logging
import sys
import threading
from types import TracebackType

from pos_client.bootstrap.no_dumps import forbid_dumps

log = logging.getLogger(__name__)


def install() -> None:
    """Log whatever nobody caught, on any thread; and leave no picture of the memory."""
    forbid_dumps()
    sys.excepthook = _uncaught
    threading.excepthook = _uncaught_in_thread


def _uncaught(kind: type[BaseException], value: BaseException, trace: TracebackType | None) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    log.critical("uncaught: %s", kind.__name__, exc_info=(kind, value, trace))


def _uncaught_in_thread(caught: threading.ExceptHookArgs) -> None:
    if caught.exc_value is not None:
        _uncaught(caught.exc_type, caught.exc_value, caught.exc_traceback)
