"""Logs on disk: one file for the program, one a link, each rotating, none with personal numbers in it.

A family of files of the program or its keeper takes 50 MB at the most, one of a link 10 MB: a station of eight lines
has under 200 MB of logs, whatever floods them, for a terminal must not fill the disk its books are on.
"""

from __future__ import annotations

import logging
import os
import sys
import zlib
from logging.handlers import RotatingFileHandler
from pathlib import Path

from pos_client.adapters.diagnostics.redaction import redact

FILE_BYTES, FILES_KEPT = 5_000_000, 9
LINK_FILE_BYTES, LINK_FILES_KEPT = 2_000_000, 4
_FORMAT = "%(asctime)s.%(msecs)03d %(levelname)-8s %(threadName)s %(name)s: %(message)s"
_TALKATIVE = ("urllib3", "PIL", "keyring", "escpos", "asyncio", "serial")
"""Libraries whose own stories stay out below WARNING."""


class RedactingFormatter(logging.Formatter):
    """Masks the finished line, so that arguments, tracebacks and whatever a library says are covered alike."""

    def format(self, record: logging.LogRecord) -> str:
        """The line as it may be written."""
        return redact(super().format(record))


class _LogFile(RotatingFileHandler):
    """Rotates; what a full disk does not take is lost, not told: the operator hears of the disk from the books."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: logging would print a traceback a record, on a console nobody reads."""


def set_up_logging(folder: Path, level: int = logging.INFO, file: str = "pos-client") -> logging.Handler:
    """Log to `folder`/`file`.log from now on; the handler, for whoever takes it away again.

    A folder that takes no file sends the log to standard error instead: no terminal stays closed for want of a log.
    """
    handler = _handler(folder, file)
    handler.setLevel(level)
    root = logging.getLogger()
    root.addHandler(handler)
    root.setLevel(min(level, root.level))
    logging.captureWarnings(True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    return handler


def link_logger(folder: Path, link: str) -> logging.Logger:
    """The logger of one link (a serial line, central), with a file of its own down to DEBUG: when it came and went.

    From WARNING on its records are in the program's log too. The bytes themselves are the recorder's.
    """
    logger = _link(folder, link)
    if not any(isinstance(handler, _Upwards) for handler in logger.handlers):  # others may listen too
        logger.setLevel(logging.DEBUG)
        logger.propagate = False
        logger.addHandler(_handler(folder, f"link-{link}", LINK_FILE_BYTES, LINK_FILES_KEPT))
        logger.addHandler(_Upwards(logging.WARNING))
    return logger


def _link(folder: Path, link: str) -> logging.Logger:
    """Two terminals of one process, each in its folder, may have a line of the same name."""
    place = zlib.crc32(os.path.abspath(folder).encode())
    return logging.getLogger(f"pos_client.link.{link}.{place:08x}")


def close_link(folder: Path, link: str) -> None:
    """The link is not used any more; its file is closed."""
    logger = _link(folder, link)
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
        handler.close()


class _Upwards(logging.Handler):
    """Passes what matters on to the program's log, and raw bytes to nobody else."""

    def emit(self, record: logging.LogRecord) -> None:
        """To the root logger, whoever listens there."""
        logging.getLogger().handle(record)


def _handler(folder: Path, name: str, file_bytes: int = FILE_BYTES, files_kept: int = FILES_KEPT) -> logging.Handler:
    handler: logging.Handler
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / f"{name}.log"
        handler = _LogFile(path, maxBytes=file_bytes, backupCount=files_kept, encoding="utf-8")
        os.chmod(path, 0o600)
    except OSError:
        handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(_FORMAT, "%Y-%m-%dT%H:%M:%S"))
    return handler
