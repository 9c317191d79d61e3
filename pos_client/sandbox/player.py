"""Plays the events of a scenario through the control addresses, which are the same for people, scripts and tests."""

from __future__ import annotations

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from dataclasses import field
from typing import Any

from pos_client.sandbox.events import NETWORK, Event
from pos_client.value import dataclass

LOOK_S = 0.05
"""Between two looks at what is due; somebody who waits for litres sees them so late at the most."""
CALL_S = 10.0
Call = Callable[[str, str, Mapping[str, Any]], Any]
"""Method, address with path, body; returns what was answered. Raises `OSError` with the reason when that is a no."""


@dataclass(slots=True)
class _Place:
    """What is still to happen there; `late_s`: by how much it has fallen behind; `busy`: a driver has not hung up;
    `meter_ml`: what the counters of the watched point stood at when they were first looked at."""

    waiting: list[Event] = field(default_factory=list)
    late_s: float = 0.0
    busy: bool = False
    meter_ml: int | None = None


class Player:
    """`lines`: the control address of each line; `central`: that of central. `speed`: how many times faster than the
    file says. `say`: is told each event as it happens, and what came of it when that was a no. `when_priced`: nothing
    happens before every nozzle has a price, which only a till can give it."""

    def __init__(
        self,
        events: Iterable[Event],
        lines: Mapping[str, str],
        central: str,
        speed: int = 1,
        say: Callable[[str], None] = print,
        call: Call | None = None,
        when_priced: bool = False,
    ) -> None:
        self._when_priced = when_priced
        self._lines, self._central, self._speed, self._say = lines, central, speed, say
        self._call = call or over_http
        self._places: dict[str, _Place] = {}
        for event in sorted(events, key=lambda event: event.at_ms):
            self._places.setdefault(event.place, _Place()).waiting.append(event)

    @property
    def over(self) -> bool:
        """Whether everything has happened and every driver hung up."""
        return not any(place.waiting or place.busy for place in self._places.values())

    def run(self, stop: threading.Event) -> None:
        """Play until all is over, or until told to stop."""
        while self._when_priced and not self.priced() and not stop.is_set():
            stop.wait(LOOK_S)
        started = time.monotonic()
        while not self.over and not stop.is_set():
            self.play(time.monotonic() - started)
            stop.wait(LOOK_S)

    def priced(self) -> bool:
        """Whether every nozzle has a price."""
        looks = [self._look(line) for line in self._lines]
        return all(look and all(price for pump in look for price in pump["prices"].values()) for look in looks)

    def play(self, now_s: float) -> None:
        """Do what is due, so many seconds after the start."""
        looks: dict[str, list[dict[str, Any]]] = {}

        def pump(event: Event, point: int) -> dict[str, Any]:
            for line in (event.line, *self._lines):
                if line and line not in looks:
                    looks[line] = self._look(line)
                for seen in looks.get(line, ()):
                    if seen["point"] == point:
                        return seen
            return {"nozzle_out": None, "totals": {}}

        for place in self._places.values():
            self._play_at(place, now_s, pump)

    def _play_at(self, place: _Place, now_s: float, pump: Callable[[Event, int], dict[str, Any]]) -> None:
        if place.busy:
            event = place.waiting[0]
            assert event.point is not None  # who fuels does so at a point
            if pump(event, event.point)["nozzle_out"] is not None:
                return
            place.busy = False
            place.waiting.pop(0)
        while place.waiting and not place.busy:
            event = place.waiting[0]
            due = event.at_ms / 1000 / self._speed
            if now_s < due + place.late_s:
                return
            place.late_s = max(place.late_s, now_s - due)
            if event.watch is not None:
                point, volume_ml = event.watch
                meter_ml = sum(pump(event, point)["totals"].values())
                if place.meter_ml is None or meter_ml < place.meter_ml:
                    place.meter_ml = meter_ml
                if meter_ml - place.meter_ml < volume_ml:
                    return
                place.meter_ml = None
            self._do(event)
            if event.do == "fuel":
                place.busy = True
            else:
                place.waiting.pop(0)

    def _look(self, line: str) -> list[dict[str, Any]]:
        try:
            seen: list[dict[str, Any]] = self._call("GET", f"{self._lines[line]}/control/points", {})
        except OSError as error:
            self._say(f"{line}: {error}")
            return []
        return seen

    def _do(self, event: Event) -> None:
        method, address, body = self._request(event)
        self._say(str(event))
        try:
            self._call(method, address, body)
        except OSError as error:
            self._say(f"{event}: {error}")

    def _request(self, event: Event) -> tuple[str, str, Mapping[str, Any]]:
        body = dict(event.body)
        if event.place == NETWORK:
            faults = f"{self._central}/control/faults"
            down = event.do == "network_down"
            return ("POST", faults, {"name": "down", "times": 0}) if down else ("DELETE", faults, {})
        control = f"{self._lines[event.line]}/control"
        if "litres_a_minute" in body:
            body["litres_a_minute"] *= self._speed
        match event.do:
            case "fault":
                return "POST", f"{control}/faults", body | ({} if event.point is None else {"point": event.point})
            case "no_faults":
                return "DELETE", f"{control}/faults", {}
            case "unplug" | "replug":
                return "POST", f"{control}/line/{event.do}", body
        return "POST", f"{control}/points/{event.point}/{event.do}", body


def over_http(method: str, address: str, body: Mapping[str, Any]) -> Any:
    """Ask a control address. Raises `OSError` when it cannot be reached or says no."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    raw = json.dumps(body).encode() if body else None
    request = urllib.request.Request(address, data=raw, method=method, headers={"Content-Type": "application/json"})
    try:
        with opener.open(request, timeout=CALL_S) as answer:
            return json.loads(answer.read() or b"null")
    except urllib.error.HTTPError as no:
        with no:
            raise OSError(no.read().decode("utf-8", "replace")) from no
