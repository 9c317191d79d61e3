from __future__ import annotations

import uuid
from datetime import timedelta

from pos_client.adapters.system_clock import SystemClock, SystemDice


def test_the_wall_clock_is_in_vietnam_and_ticks_only_grow():
    clock = SystemClock()
    readings = [clock.now() for _ in range(1000)]
    assert {reading.wall.utcoffset() for reading in readings} == {timedelta(hours=7)}
    ticks = [reading.ticks_ms for reading in readings]
    assert ticks == sorted(ticks)


def test_ids_are_uuid_version_7_of_this_moment_and_never_the_same():
    dice = SystemDice()
    ids = [dice.new_id() for _ in range(5000)]
    assert len(set(ids)) == len(ids)
    now_ms = int(SystemClock().now().wall.timestamp() * 1000)
    for text in ids:
        read = uuid.UUID(text)
        assert str(read) == text
        assert (read.version, read.variant) == (7, uuid.RFC_4122)
        assert 0 <= now_ms - (read.int >> 80) < 10_000


def test_the_spread_fills_zero_to_one():
    dice = SystemDice()
    rolls = [dice.spread() for _ in range(2000)]
    assert all(0 <= roll < 1 for roll in rolls)
    assert min(rolls) < 0.05
    assert max(rolls) > 0.95
