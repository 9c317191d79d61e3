"""A terminal's site made for the sandbox: the same settings file a technician would write, only with its addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_client.adapters.secrets.throw_away import THROW_AWAY
from pos_client.bootstrap.demo.sandbox_process import Addresses
from pos_client.bootstrap.paths import Site
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.station_file import read_tables
from pos_client.settings.model import (
    CentralSettings,
    GradeSettings,
    LineSettings,
    PointSettings,
    PrinterSettings,
    ScreenSettings,
    Settings,
    StationSettings,
)

_DECIMALS = ("volume_decimals", "amount_decimals", "price_decimals", "total_decimals")


def demo_settings(addresses: Addresses, site: Site, language: str) -> Settings:
    """Settings for a terminal whose dispensers and central are the sandbox's."""
    station: dict[str, Any] = read_tables(addresses.station)
    ports = {dispenser["name"]: dispenser for dispenser in addresses.dispensers}
    about = station["station"]
    return Settings(
        station=StationSettings(about["code"], about["name"], "T1", about.get("cashier", "Nguyễn Thị Ánh")),
        central=CentralSettings(
            url=addresses.central["url"],
            seal_key=addresses.central["seal_key"],
            permit_key=addresses.central["permit_key"],
        ),
        printer=PrinterSettings(target=f"file:{site.folder / 'receipts.escpos'}"),
        screen=ScreenSettings(language=language),
        grades=tuple(GradeSettings(g["code"], g["name"], g["unit_price"]) for g in station["grades"]),
        lines=tuple(_line(line, ports[line["name"]]) for line in station["dispensers"] if line["name"] in ports),
        secrets_backend=THROW_AWAY,
    )


def _line(line: dict[str, Any], where: dict[str, str]) -> LineSettings:
    points = tuple(
        PointSettings(
            p["point"],
            p["address"],
            tuple(nozzle["grade"] for nozzle in p["nozzles"]),
            **{name: p[name] for name in _DECIMALS if name in p},
        )
        for p in line["points"]
    )
    spoken = protocol(line["protocol"])
    return LineSettings(
        name=line["name"],
        protocol=spoken.name,
        port=where["port"],
        baud_rate=spoken.baud_rate,
        parity=spoken.parity,
        points=points,
        answer_timeout_ms=spoken.answer_timeout_ms,
        inter_frame_ms=spoken.inter_frame_ms,
        options=line.get("options", ""),
    )


def make_folder(parent: Path, name: str) -> Site:
    """An empty site."""
    folder = parent / name
    folder.mkdir(parents=True)
    return Site(folder)
