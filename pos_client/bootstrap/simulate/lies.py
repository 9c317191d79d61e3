"""Answers that are well formed and cannot be true, made of true ones: what the terminal must never believe."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pos_client.bootstrap.simulate.central_ledger import Result
from pos_client.ports import central as c

_CAPTURED = c.RedemptionCaptured(1_000, 0, 5)


def lies_about(truth: Result) -> tuple[Any, ...]:
    """All the ways in which a true answer is bent; none for refusals, which anybody may give."""
    match truth:
        case c.RedemptionCaptured():
            debited, released = truth.points_debited, truth.points_released
            return (
                replace(truth, points_debited=debited + released + 1_000),
                replace(truth, points_released=released + 1),
                replace(truth, points_debited=debited - 1, points_released=released + 1),
                replace(truth, points_debited=-debited - 1),
                replace(truth, balance_after=-5),
                replace(truth, shortfall_code="hold-released", points_debited=debited + 1),
                c.RedemptionVoided(),
            )
        case c.RedemptionVoided():
            return _CAPTURED, c.AccrualBooked(5, 0, 5, "", "")
        case c.AccrualBooked():
            return (
                replace(truth, points=truth.points + 10**9, balance_after=truth.balance_before + truth.points + 10**9),
                replace(truth, points=-50),
                replace(truth, balance_after=truth.balance_before + truth.points + 1),
                replace(truth, balance_before=-1),
                _CAPTURED,
            )
        case c.HoldPlaced():
            return (
                replace(truth, points=truth.points + 1_000),
                replace(truth, points=truth.points - 1),
                replace(truth, expires_in_s=10**6),
                replace(truth, expires_in_s=-1),
                replace(truth, challenge_id=""),
                replace(truth, attempts_left=-1),
                c.ConsentVerified(truth.points, "permit", 120),
            )
        case c.ConsentVerified():
            return (
                replace(truth, points=truth.points + 1),
                replace(truth, points=truth.points - 1),
                replace(truth, arm_within_s=0),
                replace(truth, arm_within_s=10**6),
                replace(truth, permit=""),
                _CAPTURED,
            )
        case c.QuoteGiven():
            return (
                replace(truth, points_max=-1),
                replace(truth, points_max=10**13),
                replace(truth, expires_in_s=0),
                c.TimeTold("2026-11-23T08:00:00+07:00"),
            )
        case c.CustomerFound():
            who = truth.customer
            return (
                c.CustomerFound(replace(who, points_available=-1)),
                c.CustomerFound(replace(who, points_available=10**13)),
                c.CustomerFound(replace(who, expiring_points=who.points_available + who.points_held + 1)),
                c.CustomerFound(replace(who, reference="")),
                c.RedemptionVoided(),
            )
        case c.SessionStarted():
            return replace(truth, session=0), replace(truth, server_time="1970-01-01T00:00:00+00:00"), _CAPTURED
        case c.TimeTold():
            return c.TimeTold("yesterday"), c.TimeTold("2026-11-23T08:00:00"), c.TimeTold("1999-01-01T00:00:00+07:00")
        case _:
            return ()


def lie(truth: Result, which: int) -> Result:
    """One of the lies about an answer; what nobody can lie about stays as it is."""
    lies = lies_about(truth)
    bent: Result = lies[which % len(lies)] if lies else truth
    return bent
