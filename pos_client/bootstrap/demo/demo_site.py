"""A terminal's site made for the sandbox: the same settings file a technician would write, only with its addresses."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.bootstrap.demo.sandbox_process import Addresses, Control, SandboxFailed
from pos_client.bootstrap.enrolling import DEVICE_KEY, as_enrolled, enrol_till, open_secrets
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
from pos_client.settings.options import SANDBOX_SECRETS

_DECIMALS = ("volume_decimals", "amount_decimals", "price_decimals", "total_decimals")


def demo_settings(addresses: Addresses, site: Site, language: str) -> Settings:
    """Settings for a terminal whose dispensers and central are the sandbox's."""
    station: dict[str, Any] = read_tables(addresses.station)
    ports = {dispenser["name"]: dispenser for dispenser in addresses.dispensers}
    about = station["station"]
    return Settings(
        station=StationSettings(about["code"], about["name"], "T1", about.get("cashier", "Nguyễn Thị Ánh"), "1"),
        central=CentralSettings(
            url=addresses.central["url"],
            seal_key=addresses.central["seal_key"],
            permit_key=addresses.central["permit_key"],
            answer_key=addresses.central["answer_key"],
        ),
        printer=PrinterSettings(target=f"file:{site.folder / 'receipts.escpos'}"),
        screen=ScreenSettings(language=language, customer_preview=True),
        grades=tuple(GradeSettings(g["code"], g["name"], g["unit_price"]) for g in station["grades"]),
        lines=tuple(_line(line, ports[line["name"]]) for line in station["dispensers"] if line["name"] in ports),
        secrets_backend=SANDBOX_SECRETS,
    )


def enrolled_settings(addresses: Addresses, site: Site, language: str) -> Settings:
    """The same, for a till that head office has enrolled: with a code of the control address, and a key of its own.

    A site that was enrolled before keeps its key, as it does over every restart. Raises `SandboxFailed`.
    """
    settings = demo_settings(addresses, site, language)
    secrets = open_secrets(settings, site)
    if secrets.get(DEVICE_KEY) is not None:
        return settings
    control = Control(addresses.central["control"])
    about = settings.station
    code = control.post("/control/enrolment-codes", station=about.station, terminal=about.terminal)["code"]
    control.close()
    told = enrol_till(settings.central.url, code, secrets, lambda enrolled: None)
    if not isinstance(told, Enrolled):
        raise SandboxFailed(f"central does not enrol this till: {told}")
    return as_enrolled(settings, told)


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
