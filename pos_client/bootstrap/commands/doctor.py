"""`pos-client doctor`: looks at everything a terminal needs; every finding says its cause and what to do.

A first useful form: settings, books, disk, lines, central, printer, secrets, system libraries. It changes nothing and
sends nothing but one question for the time to central.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass

from pos_client.bootstrap.arguments import Arguments
from pos_client.bootstrap.loading import catalogue
from pos_client.bootstrap.paths import Site, default_site, resources
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.system_libraries import explain_missing
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings

WARN_FREE_MB = 500
CENTRAL_S = 5.0


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `level`: ok, warning, fault."""

    what: str
    level: str
    says: str
    do: str = ""


def run(arguments: Arguments) -> int:
    """0 when nothing is at fault, else 1."""
    site = Site(arguments.data) if arguments.data else default_site()
    findings = list(_examine(site))
    if arguments.json:
        print(json.dumps([asdict(finding) for finding in findings], ensure_ascii=False, indent=1))
    else:
        for finding in findings:
            print(f"{finding.level:8} {finding.what:12} {finding.says}" + (f" → {finding.do}" if finding.do else ""))
    return 1 if any(finding.level == "fault" for finding in findings) else 0


def _examine(site: Site) -> Iterator[Finding]:
    yield _libraries()
    yield _disk(site)
    yield _books(site)
    settings = None
    if site.settings.exists():
        from pos_client.adapters.settings_file.toml_file import read_settings

        loaded = read_settings(site.settings)
        settings = loaded.settings
        what_to_do = f"correct {site.settings}"
        if loaded.previous is not None:
            what_to_do += f", or start pos-client and take the last settings that worked ({loaded.previous.name})"
        words = catalogue(resources(), "en")
        for fault in loaded.faults:
            yield Finding("settings", "fault", sentence(words, fault), what_to_do)
        if settings is not None:
            yield Finding("settings", "ok", f"{len(settings.lines)} lines, {len(settings.forecourt().points)} pumps")
    else:
        yield Finding("settings", "warning", f"no {site.settings}", "start pos-client and open the technician's form")
    if settings is not None:
        yield from _links(settings)


def _libraries() -> Finding:
    missing = explain_missing()
    return Finding("libraries", "fault", missing) if missing else Finding("libraries", "ok", "all there")


def _disk(site: Site) -> Finding:
    folder = next(p for p in (site.folder, *site.folder.parents) if p.exists())
    free_mb = shutil.disk_usage(folder).free // 1_000_000
    if free_mb < WARN_FREE_MB:
        return Finding("disk", "warning", f"{free_mb} MB free", "free some space: a full disk blocks points")
    return Finding("disk", "ok", f"{free_mb} MB free")


def _books(site: Site) -> Finding:
    if not site.journal.exists():
        return Finding("books", "ok", "none yet")
    from pos_client.adapters.sqlite.reader import open_reader

    try:
        with open_reader(site.journal) as reader:
            verdict = reader.verify()
    except Unavailable as error:
        return Finding("books", "fault", str(error), "leave the file as it is and call support")
    if verdict.broken_at is not None:
        return Finding("books", "fault", f"broken at entry {verdict.broken_at}: {verdict.reason}", "call support")
    return Finding("books", "ok", f"{verdict.entries} entries, whole")


def _links(settings: Settings) -> Iterator[Finding]:
    import serial

    for line in settings.lines:
        try:
            serial.serial_for_url(line.port, line.baud_rate, parity=line.parity, timeout=0.2).close()
        except (serial.SerialException, OSError, ValueError) as error:
            yield Finding(f"line {line.name}", "fault", str(error), "cable, converter, or another program on the port")
        else:
            yield Finding(f"line {line.name}", "ok", f"{line.port} opens")
    yield _central(settings)
    yield Finding("printer", "ok" if settings.printer.target else "warning", settings.printer.target or "none set")


def _central(settings: Settings) -> Finding:
    """Asks for the time the way the terminal does: by its name, past the machine's proxies."""
    import requests

    started = time.monotonic()
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.get(
                settings.central.url.rstrip("/") + "/v1/time",
                headers={"X-Terminal": f"{settings.station.station}-{settings.station.terminal}"},
                timeout=CENTRAL_S,
                allow_redirects=False,
            )
    except requests.RequestException as error:
        return Finding("central", "fault", type(error).__name__, "network; sales go on, points wait in the queue")
    says = f"answers {answer.status_code} in {(time.monotonic() - started) * 1000:.0f} ms"
    if answer.status_code == requests.codes.unauthorized:
        return Finding("central", "fault", says, "head office does not know this till: enrol it")
    if answer.status_code != requests.codes.ok or "json" not in answer.headers.get("Content-Type", ""):
        return Finding("central", "fault", says, "somebody else answers: the address, a proxy or a log-in page")
    return Finding("central", "ok", says)
