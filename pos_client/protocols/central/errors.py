"""What can be wrong with a message of the loyalty API."""

from __future__ import annotations


class MalformedMessage(ValueError):
    """Not the message it should be. `detail` names the field and what it should be, never its value."""

    def __init__(self, message: str, detail: str) -> None:
        super().__init__(f"{message}: {detail}")
        self.message = message
        self.detail = detail
