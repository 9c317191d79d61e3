"""The order of events at a station, against pumps that are a few numbers."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import Any

import pytest

from pos_client.sandbox.events import read_events
from pos_client.sandbox.player import Player, over_http
from pos_client.sandbox.station_file import read_station
from tests.central import RESOURCES
from tests.fakes.dispenser_site import POINT, simulator

STATION = read_station(RESOURCES / "sandbox" / "station.toml")
LINES = {"dart-1": "http://dart", "gilbarco-1": "http://gilbarco"}


class Pumps:
    """What was asked of the control addresses, and pumps as the test has set them."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, dict[str, Any]]] = []
        self.meter_ml = dict.fromkeys(range(1, 7), 70_000)
        self.out = dict[int, int | None]()
        self.broken = False
        self.prices = {"1": 0, "2": 20_000}

    def __call__(self, method: str, address: str, body: Mapping[str, Any]) -> Any:
        if self.broken:
            raise OSError("nobody there")
        if method == "GET":
            points = (5, 6) if "gilbarco" in address else (1, 2, 3, 4)
            return [
                {
                    "point": p,
                    "totals": {"1": 10, "2": self.meter_ml[p]},
                    "nozzle_out": self.out.get(p),
                    "prices": self.prices,
                }
                for p in points
            ]
        self.asked.append((method, address, dict(body)))
        if address.endswith("/fuel"):
            self.out[int(address.split("/")[-2])] = body.get("nozzle", 1)
        return None

    @property
    def done(self) -> list[str]:
        return [address.rpartition("/control/")[2] for _, address, _ in self.asked]


def player(pumps: Pumps, *events: dict[str, Any], speed: int = 1, said: list[str] | None = None) -> Player:
    heard = [] if said is None else said
    return Player(
        read_events({**STATION, "events": events}, 1), LINES, "http://central", speed, heard.append, call=pumps
    )


def test_each_event_at_its_time_whatever_the_order_of_the_file():
    pumps = Pumps()
    played = player(pumps, {"at": "0:20", "do": "hang", "point": 1}, {"at": "0:10", "do": "lift", "point": 1})
    for now, done in ((9.9, 0), (10.0, 1), (19.9, 1), (20.0, 2)):
        assert not played.over
        played.play(now)
        assert len(pumps.done) == done
    assert pumps.done == ["points/1/lift", "points/1/hang"]
    assert played.over


def test_at_double_speed_everything_comes_in_half_the_time_and_fuel_flows_twice_as_fast():
    pumps = Pumps()
    played = player(pumps, {"at": "0:10", "do": "flow", "point": 5, "volume_ml": 900, "litres_a_minute": 30}, speed=2)
    played.play(4.9)
    assert pumps.asked == []
    played.play(5.0)
    assert pumps.asked == [("POST", "http://gilbarco/control/points/5/flow", {"volume_ml": 900, "litres_a_minute": 60})]


def test_who_comes_next_waits_for_the_driver_and_others_do_not():
    pumps = Pumps()
    played = player(
        pumps,
        {"at": "0:01", "do": "fuel", "point": 1, "volume_ml": 900},
        {"at": "0:02", "do": "fuel", "point": 1, "volume_ml": 800},
        {"at": "0:03", "do": "lift", "point": 2},
        {"at": "0:04", "do": "cut_power", "point": 1},
    )
    played.play(10.0)
    assert pumps.done == ["points/1/fuel", "points/2/lift", "points/1/cut_power"]
    pumps.out[1] = None
    played.play(11.0)
    assert pumps.done[3:] == ["points/1/fuel"]
    played.play(12.0)
    assert not played.over
    pumps.out[1] = None
    played.play(13.0)
    assert played.over


def test_who_waits_for_litres_makes_what_follows_there_as_much_later():
    pumps = Pumps()
    played = player(
        pumps,
        {"at": "0:10", "do": "unplug", "line": "dart-1", "mid_frame": True, "watch": 2, "after_ml": 500},
        {"at": "0:30", "do": "replug", "line": "dart-1"},
        {"at": "0:30", "do": "network_down"},
    )
    played.play(10.0)
    for meter_ml in (70_499, 0, 499):
        pumps.meter_ml[2] = meter_ml
        played.play(35.0)
    assert pumps.asked == [("POST", "http://central/control/faults", {"name": "down", "times": 0})]
    pumps.meter_ml[2] = 500
    played.play(40.0)
    assert pumps.asked[1:] == [("POST", "http://dart/control/line/unplug", {"mid_frame": True})]
    played.play(59.9)
    assert len(pumps.asked) == 2
    played.play(60.0)
    assert pumps.done[2:] == ["line/replug"]


@pytest.mark.parametrize(
    ("event", "method", "address", "body"),
    [
        ({"do": "fault", "point": 5, "name": "twin"}, "POST", "gilbarco/control/faults", {"name": "twin", "point": 5}),
        (
            {"do": "fault", "line": "dart-1", "name": "noise", "times": 0},
            *("POST", "dart/control/faults", {"name": "noise", "times": 0}),
        ),
        ({"do": "no_faults", "line": "dart-1"}, "DELETE", "dart/control/faults", {}),
        ({"do": "network_up"}, "DELETE", "central/control/faults", {}),
        ({"do": "price", "point": 4, "price_vnd": 9}, "POST", "dart/control/points/4/price", {"price_vnd": 9}),
    ],
)
def test_where_a_verb_goes(event: dict[str, Any], method: str, address: str, body: dict[str, Any]):
    pumps = Pumps()
    player(pumps, {"at": "0:00", **event}).play(0.0)
    assert pumps.asked == [(method, f"http://{address}", body)]


def test_a_control_that_does_not_answer_is_said_and_the_play_goes_on():
    pumps, said = Pumps(), list[str]()
    pumps.broken = True
    played = player(
        pumps, {"at": "0:00", "do": "lift", "point": 1}, {"at": "1:00:01", "do": "hang", "point": 1}, said=said
    )
    played.play(0.0)
    pumps.broken = False
    played.play(3601.0)
    assert said == ["0:00 pump 1 lift", "0:00 pump 1 lift: nobody there", "1:00:01 pump 1 hang"]
    assert played.over


def test_a_day_may_wait_until_every_nozzle_has_a_price():
    pumps, stop = Pumps(), threading.Event()
    events = read_events({**STATION, "events": [{"at": "0:00", "do": "lift", "point": 1}]}, 1)
    played = Player(events, LINES, "", say=list[str]().append, call=pumps, when_priced=True)
    assert not played.priced()
    waiting = threading.Thread(target=played.run, args=(stop,))
    waiting.start()
    pumps.prices = {"1": 10_000, "2": 20_000}
    waiting.join(10)
    assert pumps.done == ["points/1/lift"]
    pumps.broken = True
    assert not played.priced(), "a line that does not answer has told nobody its prices"


def test_a_story_on_a_real_line_ends_when_it_is_over():
    with simulator("tcp://127.0.0.1:0") as at:
        station = {"dispensers": [{"name": "test", "points": [{"point": int(POINT), "nozzles": [{}]}]}]}
        story = [
            {"at": "0:00", "do": "lift", "point": int(POINT)},
            {"at": "0:01", "do": "hang", "point": int(POINT)},
            {"at": "0:02", "do": "price", "point": int(POINT), "price_vnd": 10**7},
        ]
        said: list[str] = []
        played = Player(
            read_events({**station, "events": story}, 1), {"test": at["control"]}, "", speed=20, say=said.append
        )
        played.run(threading.Event())
        assert played.over
        assert "does not fit" in said[-1]
        with pytest.raises(OSError, match="unknown_point"):
            over_http("POST", f"{at['control']}/control/points/99/lift", {})
