"""Histories in which the disk refuses thousands of commits on purpose: their log is no finding."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

WRITERS = ("desk", "journal_stream")


@contextmanager
def disk_trouble_is_meant() -> Iterator[None]:
    """Services that write say nothing of it for as long as the block."""
    loggers = [logging.getLogger(f"pos_client.services.{name}") for name in WRITERS]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, was in zip(loggers, before, strict=True):
            logger.disabled = was
