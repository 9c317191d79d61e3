"""Outcomes of the ledger as status and body; refusals as RFC 9457 problem documents."""

from __future__ import annotations

from pos_client.protocols.central.codec import encode
from pos_client.protocols.central.messages import ProblemDocument
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.sandbox.central.ledger.outcome import Outcome, Refusal

PROBLEM_TYPE = "application/problem+json"
ANSWER_TYPE = "application/json"


def render(outcome: Outcome) -> tuple[int, bytes]:
    """(status, body)."""
    if not isinstance(outcome, Refusal):
        return outcome.status, encode(outcome.message)
    kind = PROBLEMS[outcome.code]
    return kind.status, encode(
        ProblemDocument(
            type=f"urn:plx:problem:{outcome.code}",
            title=outcome.code.replace("-", " "),
            status=kind.status,
            detail=outcome.detail,
            code=outcome.code,
            retry=outcome.retry or kind.retry,
            retry_after_s=outcome.retry_after_s,
            in_doubt=kind.status >= 500,
            state=outcome.state,
            attempts_left=outcome.attempts_left,
            locked_for_s=outcome.locked_for_s,
            limit=outcome.limit,
            expected_seq=outcome.expected_seq,
            server_time=outcome.server_time,
            message_vi=kind.message_vi,
        )
    )


def media_type(status: int) -> str:
    """What a body of this status is."""
    return PROBLEM_TYPE if status >= 400 else ANSWER_TYPE
