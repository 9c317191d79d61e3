"""A simulated dispenser line as data: read from the station file, or made by a test."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from pos_client.domain.quantities import Millilitres
from pos_client.protocols.dispenser.interface import DeviceHeadSetup
from pos_client.value import dataclass

PTY = "pty"
TCP = "tcp://127.0.0.1:0"
DEFAULT_LISTEN = PTY if hasattr(os, "openpty") else TCP
FLOW_ML_PER_S = 600
"""36 litres a minute, an ordinary car nozzle."""
RECORDED_DELAY_MS = (10, 50)
DEMO_DELAY_MS = (2, 4)


@dataclass(frozen=True, slots=True)
class PointConfig:
    """One pump head. `totals_ml[i]` is what the totalizer of nozzle i+1 stands at when the simulator starts.

    `options`: what this device does where its protocol's sources disagree.
    """

    point: int
    address: int
    totals_ml: tuple[Millilitres, ...]
    volume_decimals: int = 2
    amount_decimals: int = 0
    price_decimals: int = 0
    total_decimals: int = 2
    options: str = ""

    @property
    def unit_ml(self) -> int:
        """Millilitres of one unit of the meter."""
        return int(10 ** (3 - self.total_decimals))

    def setup(self) -> DeviceHeadSetup:
        """The head as its protocol wants it."""
        return DeviceHeadSetup(
            address=self.address,
            totals=tuple(total // self.unit_ml for total in self.totals_ml),
            volume_decimals=self.volume_decimals,
            amount_decimals=self.amount_decimals,
            price_decimals=self.price_decimals,
            total_decimals=self.total_decimals,
            options=self.options,
        )


@dataclass(frozen=True, slots=True)
class DispenserConfig:
    """One line of heads. Prices are not in it: they reach a dispenser over the wire only.

    `listen`: `pty` (POSIX) or `tcp://127.0.0.1:PORT`, port 0 for a free one. `answer_delay_ms`: least and most time
    before an answer begins; recorded pumps take 10..50 ms. `paced_at`: bits a second at which bytes travel, ours and
    theirs (0: at once, as nothing between processes has a speed). `seed` makes delays and noise repeatable.
    """

    name: str
    points: tuple[PointConfig, ...]
    protocol: str = "dart"
    listen: str = DEFAULT_LISTEN
    control: str = "127.0.0.1:0"
    flow_ml_per_s: int = FLOW_ML_PER_S
    answer_delay_ms: tuple[int, int] = RECORDED_DELAY_MS
    paced_at: int = 0
    seed: int = 0


DECIMALS = ("volume_decimals", "amount_decimals", "price_decimals", "total_decimals")


def _point(point: Mapping[str, Any]) -> PointConfig:
    return PointConfig(
        point["point"],
        point["address"],
        tuple(nozzle["total_ml"] for nozzle in point["nozzles"]),
        options=point.get("device", ""),
        **{name: point[name] for name in DECIMALS if name in point},
    )


def from_station(station: Mapping[str, Any], **changes: Any) -> list[DispenserConfig]:
    """The lines of a station file (`[[dispensers]]`), in order; `changes` replace fields of each `DispenserConfig`.

    A line of the file may say `answer_delay_ms = [least, most]`, `flow_ml_per_s` and `paced_at`. Unless it does, its
    pumps answer quicker than real ones, because somebody is watching.
    """
    return [
        replace(
            DispenserConfig(
                name=line["name"],
                protocol=line["protocol"],
                flow_ml_per_s=line.get("flow_ml_per_s", FLOW_ML_PER_S),
                answer_delay_ms=tuple(line.get("answer_delay_ms", DEMO_DELAY_MS)),
                paced_at=line.get("paced_at", 0),
                points=tuple(_point(p) for p in line["points"]),
            ),
            **changes,
        )
        for line in station.get("dispensers", ())
    ]
