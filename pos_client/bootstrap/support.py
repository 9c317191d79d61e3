"""Puts a support bundle together: everything support asks for first, gathered where it is, nothing of it personal."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pos_client import __version__
from pos_client.adapters.diagnostics.allow_list import AllowList
from pos_client.adapters.diagnostics.support_bundle import Part, as_part, hidden, log_parts, packed, wire_parts
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.adapters.settings_file.toml_text import dumps
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.at_work import terminal_runs
from pos_client.bootstrap.checkup import Checkup
from pos_client.bootstrap.paths import Site, home
from pos_client.bootstrap.port_list import known_ports
from pos_client.domain.catalogue import Catalogue
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings
from pos_client.settings.transfer import for_support

_LIBRARIES = (
    "PySide6-Essentials",
    "apsw",
    "cryptography",
    "keyring",
    "msgspec",
    "pyserial",
    "requests",
    "python-escpos",
)
_PUBLIC_KEYS = ("seal_key", "permit_key", "answer_key")


def support_bundle(site: Site, settings: Settings | None, words: Catalogue, clock: SystemClock) -> bytes:
    """The archive. Reads a great deal and changes nothing; a running terminal goes on beside it."""
    return packed(_parts(site, settings, words, clock), clock.now().wall)


def _parts(site: Site, settings: Settings | None, words: Catalogue, clock: SystemClock) -> Iterator[Part]:
    places = _places(site)
    allowed = AllowList(_words_of(settings))
    yield Part("README.txt", words.say("support.readme").strip() + "\n")
    yield as_part("versions.json", _versions())
    yield as_part("machine.json", _machine(site, clock))
    yield _settings_part(site, settings, places)
    yield as_part("journal.json", _journal(site, places))
    ports = [asdict(port) for port in known_ports(settings, terminal_runs=terminal_runs(site))]
    yield as_part("ports.json", _hidden(ports, places))
    findings = [asdict(finding) for finding in Checkup(site, words, settings, clock).findings()]
    yield as_part("doctor.json", _hidden(findings, places))
    yield from log_parts(site.logs, allowed, places)
    yield from wire_parts(site.logs, allowed)


def _places(site: Site) -> dict[str, str]:
    """Folders whose path may name a person; as they are, and as a traceback on Windows writes them."""
    named = {str(home() or site.folder): "~", str(site.folder): "<data>", os.path.realpath(site.folder): "<data>"}
    return {form: short for place, short in named.items() for form in (place, place.replace("\\", "\\\\"))}


def _words_of(settings: Settings | None) -> set[str]:
    """Words of this site that its logs are full of, and that name nobody."""
    if settings is None:
        return set()
    station = settings.station
    own = {station.station, station.terminal, f"{station.station}-{station.terminal}"}
    lines = {name for line in settings.lines for name in (line.name, f"line-{line.name}", Path(line.port).name)}
    return own | lines | {grade.code for grade in settings.grades}


def _versions() -> dict[str, str]:
    libraries = {}
    for name in _LIBRARIES:
        try:
            libraries[name] = version(name)
        except PackageNotFoundError:
            libraries[name] = "-"
    import apsw

    return {
        "pos-client": __version__,
        "python": platform.python_version(),
        "system": platform.platform(),
        "SQLite": apsw.sqlite_lib_version(),
        **libraries,
    }


def _machine(site: Site, clock: SystemClock) -> dict[str, Any]:
    now = clock.now()
    folder = next(p for p in (site.folder, *site.folder.parents) if os.path.exists(p))
    disk = shutil.disk_usage(folder)
    files = sorted(path for path in site.folder.rglob("*") if path.is_file()) if site.folder.is_dir() else []
    return {
        "made_at": now.wall.isoformat(),
        "ticks_ms": now.ticks_ms,
        "disk_mb": {"total": disk.total // 1_000_000, "free": disk.free // 1_000_000},
        "files": {path.relative_to(site.folder).as_posix(): path.stat().st_size for path in files},
        "terminal_runs": terminal_runs(site),
    }


def _settings_part(site: Site, settings: Settings | None, places: dict[str, str]) -> Part:
    """The settings; of wrong ones only what is wrong, because what stands in them is not known."""
    if settings is None:
        faults = read_settings(site.settings).faults
        return as_part("settings-faults.json", [{"place": fault.place, "code": fault.code} for fault in faults])
    tree = for_support(settings)
    for key in _PUBLIC_KEYS:
        tree["central"][key] = _fingerprint(tree["central"][key])
    return Part("settings.toml", dumps(_hidden(tree, places)))


def _fingerprint(key: str) -> str:
    return f"sha256:{sha256(key.encode()).hexdigest()[:8]}" if key else ""


def _journal(site: Site, places: dict[str, str]) -> dict[str, Any]:
    from pos_client.adapters.sqlite.reader import open_reader

    if not os.path.exists(site.journal):
        return {"there": False}
    try:
        with open_reader(site.journal) as reader:
            return {"there": True, "verdict": asdict(reader.verify()), **asdict(reader.statistics())}
    except Unavailable as error:
        return {"there": True, "error": hidden(str(error), places)}


def _hidden(value: Any, places: dict[str, str]) -> Any:
    """A value with this machine's folders hidden in all its texts."""
    if isinstance(value, dict):
        return {key: _hidden(each, places) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_hidden(each, places) for each in value]
    return hidden(value, places) if isinstance(value, str) else value
