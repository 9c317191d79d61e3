"""Several accruals in one request: what goes out, and what each of them was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.ports.central import EncodedCall
from pos_client.protocols.central import codec
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import BatchAnswer, BatchItem, BatchRequest

PATH = "/v1/accruals:batch"
UNKNOWN_HERE = frozenset({404, 405, 501})
"""Statuses of a central that has no such address."""


def request_of(calls: Sequence[EncodedCall]) -> EncodedCall:
    """One request with the very bytes of each call; it has no key of its own, its items have."""
    items = tuple(BatchItem(call.key, call.path, call.body.decode()) for call in calls)
    return EncodedCall(IdempotencyKey(""), "POST", PATH, codec.encode(BatchRequest(items)))


def results_of(calls: Sequence[EncodedCall], raw: bytes) -> list[tuple[int, Mapping[str, str], bytes]] | None:
    """Status, headers and body for each call, as if it had been sent alone; None when the answer does not fit."""
    try:
        results = codec.decode(raw, BatchAnswer).results
    except MalformedMessage:
        return None
    if [result.key for result in results] != [call.key for call in calls]:
        return None
    return [(result.status, _headers(result.status), result.body.encode()) for result in results]


def _headers(status: int) -> Mapping[str, str]:
    return {"Content-Type": "application/json" if status < 400 else "application/problem+json"}  # HTTP's own line
