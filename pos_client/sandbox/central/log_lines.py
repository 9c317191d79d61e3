"""What central says while it runs: JSON lines on standard error, where whoever runs it collects them."""

from __future__ import annotations

import json
import logging
import sys
from typing import Any

QUIET = ("sqlalchemy", "uvicorn", "asyncio", "multipart")
"""Libraries that quote what they were given; of them only warnings are heard."""


class JsonLines(logging.Formatter):
    """A log line as one JSON object, `by` the process that wrote it; of a request only what `Observed` says, of an
    error its kind and place."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {"level": record.levelname, "at": round(record.created, 3), "of": record.name}
        line["by"] = record.processName
        line["event"] = record.msg if record.exc_info else record.getMessage()
        line |= {name: getattr(record, name) for name in ("endpoint", "status", "ms") if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            trace = record.exc_info[2]
            while trace is not None and trace.tb_next is not None:
                trace = trace.tb_next
            line["place"] = "" if trace is None else f"{trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}"
        return json.dumps(line, ensure_ascii=False)


def install() -> None:
    """From now on in this process."""
    lines = logging.StreamHandler(sys.stderr)
    lines.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[lines], force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
