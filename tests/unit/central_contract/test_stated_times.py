"""A time a terminal states is a time, with its offset, or the message is malformed."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.ledger import redemptions
from pos_client.sandbox.central.ledger.moment import read_time
from tests.central import STATION, TERMINAL, TestClock, a_service


@pytest.mark.parametrize("text", ["2024-01-01T12:99:00Z", "2024-02-30T12:00:00Z", "noon", "2024-01-01T12:00:00"])
def test_what_is_no_time_or_has_no_offset_is_refused_by_name(text: str) -> None:
    with pytest.raises(MalformedMessage, match="decided_at"):
        read_time(text, "ReversalRequest", "decided_at")


def test_a_time_is_read_with_its_offset() -> None:
    assert read_time("2026-11-23T08:15:00+07:00", "CaptureRequest", "fuelled_at") == datetime(
        2026, 11, 23, 1, 15, tzinfo=UTC
    )


def test_a_capture_at_no_time_is_malformed() -> None:
    service = a_service(TestClock())
    request = m.CaptureRequest(
        station=STATION,
        point=1,
        nozzle=1,
        grade_code="DO-005S",
        volume_ml=1,
        amount_vnd=1,
        end_totalizer_ml=1,
        fuelled_at="2024-01-01T12:99:00Z",
    )
    with service.book() as book, pytest.raises(MalformedMessage, match="fuelled_at"):
        redemptions.capture(book, "r-1", TERMINAL, request)
    service.engine.dispose()
