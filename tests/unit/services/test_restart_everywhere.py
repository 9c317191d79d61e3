"""The program dies after every commit and after every message of every play; then it starts anew over its books.

Whatever the last durable fact was: the ledgers agree, no hold is left, every redemption is final, nothing is debited
that was not consented to, every litre can be sold (the recovery table, F01, F09, F22). People go on with the play, or
go home; requests under way when it died arrive at central, or do not.
"""

from __future__ import annotations

from collections import deque

import pytest

from pos_client.bootstrap.simulate.world import Crash, Rig
from tests.unit.services.plays import PLAYS, Play

pytestmark = pytest.mark.timeout(240)  # a long play is played a hundred times: five seconds of a processor of one's own


def played(play: Play) -> Rig:
    rig = Rig()
    for step in play:
        step(rig)
    return rig


def interrupted(play: Play, rig: Rig, *, people_go_on: bool, requests_arrive: bool) -> None:
    """One play with one death in it."""
    for step in play:
        try:
            step(rig)
        except Crash:
            rig.restart(requests_arrive=requests_arrive)
            rig.run()
            if not people_go_on:
                break
    rig.settle()
    rig.sell_everything()
    rig.settle(30)
    rig.check_ledgers()


@pytest.mark.parametrize("name", PLAYS)
def test_died_after_every_commit(name: str):
    play = PLAYS[name]
    for commit in range(2, played(play).store.commits + 1):
        for people_go_on in (True, False):
            rig = Rig()
            rig.store.crash_after = commit
            interrupted(play, rig, people_go_on=people_go_on, requests_arrive=(commit % 2 == 0) is people_go_on)


@pytest.mark.parametrize("name", PLAYS)
def test_died_after_every_message(name: str):
    play = PLAYS[name]
    for message in range(2, played(play).messages + 1):
        rig = Rig()
        rig.crash_after_message = message
        interrupted(play, rig, people_go_on=message % 2 == 0, requests_arrive=message % 3 != 0)


@pytest.mark.parametrize("name", [name for name in PLAYS if name.startswith(("gift", "power", "unplugged"))])
def test_died_over_a_pump_that_tells_its_last_delivery_again(name: str):
    play = PLAYS[name]
    for commit in range(2, played(play).store.commits + 1):
        rig = Rig()
        rig.forecourt.repeats_last = True
        rig.store.crash_after = commit
        interrupted(play, rig, people_go_on=commit % 2 == 0, requests_arrive=True)


def test_died_twice_in_a_row():
    """A death during recovery itself changes nothing."""
    play = PLAYS["gift-partial"]
    for commit in range(2, played(play).store.commits + 1):
        rig = Rig()
        rig.store.crash_after = commit
        with pytest.raises(Crash):
            deque((step(rig) for step in play), maxlen=0)
        rig.store.crash_after = rig.store.commits + 1
        with pytest.raises(Crash):
            rig.restart()
        rig.restart()
        interrupted((), rig, people_go_on=False, requests_arrive=True)
