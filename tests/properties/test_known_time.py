"""What time it is, under clocks that somebody moves: no wrong expiry, no lost accrual (reliability 3.8, 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

import pytest

from pos_client.bootstrap.simulate.clock import START, FakeClock
from pos_client.domain.known_time import JUMP_MS, SYNCED_MS, KnownTime, TimeQuality, ms_of
from pos_client.domain.moment import Moment

JUMPS = 10_000
TRUSTED = (TimeQuality.SYNCED, TimeQuality.HOLDOVER)
HALF_A_WAY_MS = 4_000
"""Half of the longest way to central that is played here."""


@dataclass
class Machine:
    """A computer whose clock people set, and what its till knows of the time."""

    clock: FakeClock = field(default_factory=FakeClock)
    known: KnownTime = field(default_factory=KnownTime)

    def __post_init__(self) -> None:
        self.known = self.known.seen(self.clock.now())

    @property
    def true_ms(self) -> int:
        return ms_of(self.clock.true())

    def hears(self, round_trip_ms: int = 0) -> None:
        told = self.true_ms - round_trip_ms // 2
        self.known = self.known.heard(told, round_trip_ms, self.clock.now())

    def sets_clock(self, seconds: int) -> None:
        self.clock.set_wall(self.clock.true() + timedelta(seconds=seconds))

    def starts_anew(self, off_s: int) -> None:
        """The floor was written down; the rest of the process is gone."""
        written = self.known.risen(self.clock.now())
        self.clock.reboot(off_s * 1000)
        self.known = KnownTime(written.compared, written.floor_ms, written.heard_ms).seen(self.clock.now())

    def reading(self):
        return self.known.reading(self.clock.now())


def test_ten_thousand_jumps_make_no_wrong_expiry_within_a_start_of_the_machine():
    """Whatever is believed by the monotonic clock is right, and a voucher's end is judged as it truly is."""
    dice, machine, believed = Random(7), Machine(), 0
    machine.hears()
    for _ in range(JUMPS):
        machine.sets_clock(dice.choice((-400_000_000, -86_400, -3_600, -400, -120, -1, 1, 120, 400, 3_600, 86_400)))
        machine.clock.advance(dice.choice((0, 1_000, 60_000, 600_000)))
        if dice.random() < 0.3:
            machine.hears(dice.choice((0, 200, 2 * HALF_A_WAY_MS)))
        reading = machine.reading()
        if reading.quality in TRUSTED:
            believed += 1
            assert abs(reading.at_ms - machine.true_ms) <= HALF_A_WAY_MS
            for ends_ms in (machine.true_ms - 10_000, machine.true_ms + 10_000):
                assert (reading.at_ms >= ends_ms) == (machine.true_ms >= ends_ms)
        else:
            assert reading.quality is TimeQuality.UNTRUSTED
    assert believed > JUMPS // 10


def test_ten_thousand_jumps_and_starts_never_go_below_what_was_known_to_have_been():
    """After a new start the machine's clock is believed, but never below the floor; below it nothing is trusted. No
    accrual is ever without a time."""
    dice, machine, told = Random(11), Machine(), 0
    machine.hears()
    for _ in range(JUMPS):
        floor = machine.known.floor_ms
        dice.choice(
            (
                lambda: machine.sets_clock(dice.randrange(-400_000_000, 400_000_000)),
                lambda: machine.sets_clock(dice.randrange(-600, 600)),
                lambda: machine.starts_anew(dice.randrange(3_600)),
                lambda: machine.clock.advance(dice.randrange(600_000)),
                lambda: machine.hears(dice.randrange(2_000)),
            )
        )()
        reading = machine.reading()
        told += bool(reading.at.isoformat())
        if machine.known.floor_ms >= floor:
            assert reading.at_ms >= floor
        if reading.quality is TimeQuality.WALL:
            assert reading.at_ms == ms_of(machine.clock.now().wall) >= machine.known.floor_ms
    assert told == JUMPS


def test_an_honest_clock_is_right_after_any_number_of_starts():
    dice, machine = Random(3), Machine()
    machine.hears()
    for _ in range(500):
        machine.starts_anew(dice.randrange(7_200))
        reading = machine.reading()
        assert (reading.quality, reading.at_ms) == (TimeQuality.WALL, machine.true_ms)


@pytest.mark.parametrize(
    ("after_ms", "quality"),
    [(0, "synced"), (SYNCED_MS - 1, "synced"), (SYNCED_MS, "holdover"), (40 * SYNCED_MS, "holdover")],
)
def test_a_comparison_grows_old(after_ms, quality):
    machine = Machine()
    machine.hears()
    machine.clock.advance(after_ms)
    assert machine.reading().quality == quality


@pytest.mark.parametrize(("seconds", "trusted"), [(300, True), (301, False), (-300, True), (-301, False)])
def test_a_jump_of_more_than_five_minutes_is_not_believed_until_central_is_heard(seconds, trusted):
    assert JUMP_MS == 300_000
    machine = Machine()
    machine.hears()
    machine.sets_clock(seconds)
    assert (machine.reading().quality is TimeQuality.SYNCED) is trusted
    machine.hears()
    assert machine.reading().quality is TimeQuality.SYNCED


def test_a_clock_set_after_a_new_start_is_noticed_against_the_first_look():
    machine = Machine()
    machine.hears()
    machine.starts_anew(60)
    machine.sets_clock(4_000)
    assert machine.reading().quality is TimeQuality.UNTRUSTED


def test_without_ever_having_heard_central_no_time_is_trusted():
    assert Machine().reading().quality is TimeQuality.UNTRUSTED


def test_the_shorter_way_to_central_is_kept_and_central_wins_over_the_floor():
    machine = Machine()
    machine.hears(100)
    kept = machine.known.compared
    machine.clock.advance(60_000)
    machine.hears(3_000)
    assert machine.known.compared == kept
    machine.clock.advance(3_600_000)
    machine.hears(3_000)
    assert machine.known.compared != kept
    ahead = KnownTime(floor_ms=ms_of(START) + 10**9)
    now = Moment(1, START, "boot-1")
    assert ahead.heard(ms_of(START), 0, now).floor_ms == ms_of(START)
