"""The program dies after every commit and after every message around a price change; the judge of random days judges.

Whatever was durable: the pumps come to show the price in force, no fuelling says of its price what is not so, and the
ledgers agree.
"""

from __future__ import annotations

from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import OK, SETTINGS, Crash, Rig
from pos_client.domain.identifiers import PointId
from pos_client.services import messages as m
from tests.properties.test_price_histories import LISTED, at_the_end_every_pump_is_right, judge
from tests.unit.services.plays import Play, fuel, hands, tell, wait

PERMIT_1, PERMIT_2 = (tell(m.AuthorisePoint(PointId(point))) for point in (1, 2))
GIFT: Play = (tell(m.Identify("000100001")), tell(m.StartRedemption(100_000)), lambda rig: rig.keys(rig.code(), OK))

AROUND_A_CHANGE: dict[str, Play] = {
    "one fuels, one rests": (
        hands("lift", 1), PERMIT_1, hands("flow", 1, 2_000), wait(10), hands("flow", 1, 1_000), hands("hang", 1),
        fuel(1, 1_000), fuel(2, 1_000),
    ),
    "permitted, not lifted": (
        PERMIT_1, PERMIT_2, wait(10), hands("lift", 1), PERMIT_1, hands("flow", 1, 900), hands("hang", 1),
    ),
    "calling": (hands("lift", 2), wait(10), PERMIT_2, hands("flow", 2, 900), hands("hang", 2)),
    "silent": (
        hands("lift", 2), PERMIT_2, hands("flow", 2, 900), hands("unplug", 2), wait(10), hands("flow", 2, 900),
        hands("hang", 2), hands("plug", 2), wait(6),
    ),
    "gift armed": (*GIFT, tell(m.SelectPoint(PointId(1))), wait(20), fuel(1, 1_000)),
    "gift flowing": (
        *GIFT, tell(m.SelectPoint(PointId(1))), hands("lift", 1), hands("flow", 1, 1_000), wait(10),
        hands("flow", 1, 1_000), hands("hang", 1),
    ),
}  # fmt: skip
"""The first change is due seven seconds after the start."""


def station() -> Rig:
    return Rig(replace(SETTINGS, prices=LISTED))


def played(play: Play) -> Rig:
    rig = station()
    for step in play:
        step(rig)
    return rig


def interrupted(play: Play, rig: Rig, *, people_go_on: bool) -> None:
    for step in play:
        try:
            step(rig)
        except Crash:
            rig.restart()
            rig.run()
            if not people_go_on:
                break
    rig.settle(60)
    rig.sell_everything()
    rig.settle(30)
    rig.check_ledgers()
    judge(rig, blind=True)
    at_the_end_every_pump_is_right(rig)


@pytest.mark.parametrize("name", AROUND_A_CHANGE)
def test_died_after_every_commit_around_a_change(name: str):
    play = AROUND_A_CHANGE[name]
    for commit in range(3, played(play).store.commits + 1):
        for people_go_on in (True, False):
            rig = station()
            rig.store.crash_after = commit
            interrupted(play, rig, people_go_on=people_go_on)


@pytest.mark.parametrize("name", AROUND_A_CHANGE)
def test_died_after_every_message_around_a_change(name: str):
    play = AROUND_A_CHANGE[name]
    for message in range(2, played(play).messages + 1):
        rig = station()
        rig.crash_after_message = message
        interrupted(play, rig, people_go_on=message % 2 == 0)
