"""The journal on its way to central: rows as the terminal's book keeps them, and how far central has them.

A row is never re-encoded: `body` is the text of the very bytes its mac was made over. Central cannot recompute macs
(the key never leaves the terminal's computer); it holds each row to the one before it by the mac it was sent, so a row
that was changed, taken out or put in later shows as another mac under a number it knows.
"""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from pos_client.protocols.central.messages import Amount, Message, Name

MOST_ROWS = 500
"""Of one batch; the terminal sends fewer."""
MOST_TOLD = 1_000
"""Records one batch may name; a row seldom speaks of more than one."""
LONGEST_ROW = 200_000
"""Characters of one body: the sums of a large forecourt are the longest there is."""

Mac = Annotated[str, Meta(min_length=64, max_length=64, pattern="^[0-9a-f]+$")]
"""A row's mac, hexadecimal; of a row before the first: zeros."""
RowNumber = Annotated[int, Meta(ge=1, le=1_000_000_000_000)]
SignedText = Annotated[str, Meta(min_length=1, max_length=2_000)]


class JournalRowPart(Message, frozen=True):
    """One row: its number, when it was written, its kind, its bytes as text, its mac, the number of the mac's key."""

    seq: RowNumber
    at: Name
    kind: Name
    body: Annotated[str, Meta(max_length=LONGEST_ROW)]
    mac: Mac
    key: Amount


class JournalAppendRequest(Message, frozen=True):
    """`POST /v1/journal:append`: rows without a gap. `before_mac` is the mac of the row before the first of them.
    `told`: idempotency keys of the records these rows say central has answered."""

    before_mac: Mac
    rows: Annotated[tuple[JournalRowPart, ...], Meta(min_length=1, max_length=MOST_ROWS)]
    told: Annotated[tuple[Name, ...], Meta(max_length=MOST_TOLD)] = ()


class JournalAppendAnswer(Message, frozen=True):
    """All rows up to `ack_seq` are kept. `acknowledgement` says so under central's signature (`acknowledgement.py`).
    `missing`: keys out of `told` that central holds no answer to: it was put back from a backup, and is told again."""

    ack_seq: Amount
    ack_mac: Mac
    acknowledgement: SignedText
    missing: Annotated[tuple[Name, ...], Meta(max_length=MOST_TOLD)] = ()


class AcknowledgementBody(Message, frozen=True):
    """What central signs: of this terminal, in this epoch, it holds every row up to `seq`, which ends with `mac`."""

    terminal: Name
    epoch: Amount
    seq: Amount
    mac: Mac
    at: Name
