"""Examples of the contract: what was really said between a till and the reference service, kept beside the code.

They are recorded (`pos-client contract --write`), because a seal is made with fresh randomness each time: what is kept
opens under the keys of the same seed, and a test replays every exchange and demands the same answer, byte for byte.
"""

from __future__ import annotations

from importlib import resources
from pathlib import Path
from typing import Any

import msgspec

from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.rendering import render

FILE = "examples.json"


class Exchange(msgspec.Struct, frozen=True, omit_defaults=True):
    """A request and its answer. `later_s`: how much later than the one before."""

    name: str
    about: str
    operation: str
    method: str
    path: str
    status: int
    answer: Any
    key: str = ""
    session: int = 0
    later_s: int = 0
    request: Any = None


def recorded() -> tuple[Exchange, ...]:
    """The examples as they were recorded; none before the first recording."""
    file = resources.files(__package__).joinpath(FILE)
    return tuple(msgspec.json.decode(file.read_bytes(), type=list[Exchange])) if file.is_file() else ()


def keep(exchanges: list[Exchange]) -> bool:
    """Write the examples beside the code, in a source tree; whether that changed anything."""
    file = Path(str(resources.files(__package__).joinpath(FILE)))
    text = msgspec.json.format(msgspec.json.encode(exchanges), indent=1) + b"\n"
    if file.is_file() and file.read_bytes() == text:
        return False
    file.write_bytes(text)
    return True


def problem_example(code: str) -> dict[str, Any]:
    """A refusal as the service words it."""
    answer: dict[str, Any] = msgspec.json.decode(render(Refusal(code))[1])
    return answer
