"""How a decision of the ledger comes back: an answer or a refusal, both values, both committed.

A refusal is not an exception here, because what led to it (a counted try, a sticky decline) has to be in the same
transaction as the answer that is stored for the key.
"""

from __future__ import annotations

from pos_client.protocols.central.messages import Message
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Answer:
    """Done. `status` 200, 201 or 202."""

    message: Message
    status: int = 200


@dataclass(frozen=True, slots=True)
class Refusal:
    """Central's no, by its code in `protocols.central.problems`; the rest are members of the problem document."""

    code: str
    state: str | None = None
    attempts_left: int | None = None
    locked_for_s: int | None = None
    limit: int | None = None
    expected_seq: int | None = None
    retry: str | None = None
    retry_after_s: int | None = None
    detail: str = ""
    server_time: str | None = None
    sticky: bool = True
    """Stored for the key and answered again for ever (a retry must not succeed because the balance changed)."""


Outcome = Answer | Refusal
