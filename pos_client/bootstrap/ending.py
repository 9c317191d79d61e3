"""How a program is told to end from outside: signals where the system has them, a word of its keeper everywhere."""

from __future__ import annotations

import signal

SIGNALS = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK") if hasattr(signal, name))
"""The computer is switched off, a service is stopped, a session or console is closed (SIGBREAK on Windows)."""
END = b"end\n"
"""What the keeper says on the program's standard input: Windows has no signal that asks a program without a console."""
