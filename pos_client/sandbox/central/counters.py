"""What each process counts of what it does; several of them write into one folder (`metrics` adds them up)."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Histogram

OURS = CollectorRegistry()
REQUESTS = Counter("central_requests", "Requests by address and status", ["endpoint", "status"], registry=OURS)
SECONDS = Histogram("central_request_seconds", "From first byte to answer", ["endpoint"], registry=OURS)
RETRIES = Counter(
    "central_decisions_begun_again",
    "Transactions that another one was in the way of, by how the database isolates them",
    ["isolation"],
    registry=OURS,
)
GIVEN_UP = Counter(
    "central_decisions_given_up", "Decisions others were too often in the way of: refused for now", registry=OURS
)
