"""Looks at everything a terminal needs; each finding says its cause and what to do. It changes nothing, and sends
nothing but one question for the time to head office.
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from importlib.util import find_spec
from typing import TYPE_CHECKING

from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.loading import receipt_template
from pos_client.bootstrap.paths import Site, resources
from pos_client.bootstrap.port_list import known_ports
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.system_libraries import explain_missing
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.port_finding import KnownPort, PortUse
from pos_client.ports.central import EncodedCall, NoAnswer, Problem, TimeTold
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import CentralSettings, Settings, StationSettings

WARN_FREE_MB = 500
CENTRAL_MS = 5000
SOMEBODY_ELSE = frozenset({"foreign_answer", "damaged_answer", "unsigned_answer"})
"""Why there was no answer, where something did come back."""
CLOCK_OFF = timedelta(seconds=60)
"""More than that between our clock and head office's, and receipts and prices begin to name wrong times."""


if TYPE_CHECKING:
    from pos_client.adapters.central_http.client import Result


class Level(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    FAULT = "fault"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. `code` stays the same in every language; `says` and `do` are for people."""

    what: str
    level: Level
    code: str
    says: str
    do: str = ""


@dataclass(frozen=True, slots=True)
class Checkup:
    """One look at a site, in one language."""

    site: Site
    words: Catalogue
    settings: Settings | None
    clock: SystemClock

    def findings(self) -> Iterator[Finding]:
        """Everything, in the order in which a technician would look."""
        yield self._libraries()
        yield self._disk()
        yield from self._books()
        yield from self._settings_file()
        yield self._version()
        yield self._key_store()
        if self.settings is not None:
            yield from self._lines(self.settings)
            yield from self._central(self.settings.station, self.settings.central)
            yield self._printer(self.settings)
            yield self._speech(self.settings)

    def _found(self, what: str, level: Level, code: str, **params: object) -> Finding:
        key = f"doctor.{code}"
        advice = self.words.say(f"{key}.do", **params) if self.words.knows(f"{key}.do") else ""
        return Finding(what, level, code, self.words.say(f"{key}.says", **params), advice)

    def _libraries(self) -> Finding:
        missing = explain_missing()
        if missing:
            return self._found("libraries", Level.FAULT, "libraries_missing", missing=missing)
        return self._found("libraries", Level.OK, "libraries")

    def _disk(self) -> Finding:
        folder = next(p for p in (self.site.folder, *self.site.folder.parents) if p.exists())
        free_mb = shutil.disk_usage(folder).free // 1_000_000
        if free_mb < WARN_FREE_MB:
            return self._found("disk", Level.WARNING, "disk_full", free_mb=free_mb)
        return self._found("disk", Level.OK, "disk", free_mb=free_mb)

    # ── books and clock ────────────────────────────────────────────────────────────────────────────────────────────

    def _books(self) -> Iterator[Finding]:
        if not self.site.journal.exists():
            yield self._found("books", Level.OK, "no_books")
            return
        from pos_client.adapters.sqlite.reader import open_reader

        try:
            with open_reader(self.site.journal) as reader:
                verdict = reader.verify()
                newest = [entry.at for entry in reader.newest(1)]
        except Unavailable as error:
            yield self._found("books", Level.FAULT, "books_unreadable", reason=error)
            return
        if verdict.broken_at is not None:
            yield self._found("books", Level.FAULT, "books_broken", seq=verdict.broken_at, reason=verdict.reason)
        else:
            yield self._found("books", Level.OK, "books", entries=verdict.entries)
        yield from (self._clock_after(at) for at in newest)

    def _clock_after(self, newest: datetime) -> Finding:
        """A clock that went back behind what is written would sell at yesterday's price."""
        now = self.clock.now().wall
        if newest - now > CLOCK_OFF:
            return self._found("clock", Level.FAULT, "clock_back", now=_minute(now), newest=_minute(newest))
        return self._found("clock", Level.OK, "clock", now=_minute(now))

    # ── settings, keys ─────────────────────────────────────────────────────────────────────────────────────────────

    def _settings_file(self) -> Iterator[Finding]:
        from pos_client.adapters.settings_file.toml_file import read_settings

        file = self.site.settings
        if self.settings is not None:
            points = len(self.settings.forecourt().points)
            yield self._found("settings", Level.OK, "settings", lines=len(self.settings.lines), points=points)
            return
        if not file.exists():
            yield self._found("settings", Level.WARNING, "no_settings", file=file)
            return
        loaded = read_settings(file)
        for fault in loaded.faults:
            says = sentence(self.words, fault)
            if loaded.previous is not None:
                offered = loaded.previous.name
                yield self._found(
                    "settings", Level.FAULT, "settings_wrong_offer", says=says, file=file, offered=offered
                )
            else:
                yield self._found("settings", Level.FAULT, "settings_wrong", says=says, file=file)

    def _version(self) -> Finding:
        """What runs, what waits, and what was tried and given up."""
        from pos_client import __version__
        from pos_client.bootstrap.updating import shelf_of

        running = shelf_of(self.site).running()
        if running.given_up:
            newest = max(running.given_up)
            return self._found("version", Level.WARNING, "version_given_up", version=__version__, given_up=newest)
        if running.ready is not None:
            return self._found("version", Level.OK, "version_waits", version=__version__, ready=running.ready)
        return self._found("version", Level.OK, "version", version=__version__)

    def _key_store(self) -> Finding:
        from pos_client.adapters.secrets.keyring_store import open_keyring

        try:
            open_keyring()
        except Unavailable as error:
            notice = f"notice.{error.code}"
            says, do = self.words.say(f"{notice}.what"), self.words.say(f"{notice}.key")
            return Finding("keys", Level.WARNING, error.code, says, do)
        return self._found("keys", Level.OK, "keys")

    # ── what is connected ──────────────────────────────────────────────────────────────────────────────────────────

    def _lines(self, settings: Settings) -> Iterator[Finding]:
        ports = known_ports(settings, terminal_runs=terminal_runs(self.site))
        for line in settings.lines:
            yield self._line(f"line {line.name}", next(port for port in ports if line.name in port.lines))

    def _line(self, what: str, port: KnownPort) -> Finding:
        if port.use is PortUse.MISSING:
            return self._found(what, Level.FAULT, "line_missing", port=port.identity)
        if port.use is PortUse.FREE:
            return self._found(what, Level.OK, "line", port=port.device)
        if port.use is PortUse.BUSY and not port.detail:
            return self._found(what, Level.OK, "line_served", port=port.device)
        code = "line_busy" if port.use is PortUse.BUSY else "line_unreachable"
        return self._found(what, Level.FAULT, code, port=port.device, reason=port.detail)

    def _central(self, station: StationSettings, central: CentralSettings) -> Iterator[Finding]:
        """Asks for the time the way the terminal does: signed with its key, past the machine's proxies.

        A till without a key asks with one that nobody knows: whoever refuses that is there.
        """
        key, trouble = self._device_key()
        started = time.monotonic()
        answer = _ask_time(station, central, key)
        ms = round((time.monotonic() - started) * 1000)
        match answer:
            case NoAnswer() if answer.reason not in SOMEBODY_ELSE:
                yield self._found("central", Level.FAULT, "central_away", reason=answer.reason)
            case Problem() | NoAnswer() if trouble:
                yield self._found("central", Level.FAULT, trouble)
            case TimeTold() if (told := _time_told(answer.server_time)) is not None:
                yield self._found("central", Level.OK, "central", ms=ms)
                off = abs(told - self.clock.now().wall)
                if off > CLOCK_OFF:
                    yield self._found("clock", Level.WARNING, "clock_off", seconds=round(off.total_seconds()))
            case Problem():
                code = "central_unknown_till" if answer.code == "device-auth-failed" else "central_refuses"
                yield self._found("central", Level.FAULT, code, problem=answer.code)
            case NoAnswer():
                yield self._found("central", Level.FAULT, "central_somebody_else", reason=answer.reason)
            case _:
                yield self._found("central", Level.FAULT, "central_somebody_else", reason="time")

    def _device_key(self) -> tuple[bytes, str]:
        """The key of this till, or another one and why."""
        from pos_client.adapters.central_http.enrolment import new_device_key
        from pos_client.bootstrap.enrolling import DEVICE_KEY, open_secrets

        assert self.settings is not None  # asked only of a till that has settings
        try:
            key = open_secrets(self.settings, self.site).get(DEVICE_KEY)
        except Unavailable:
            return new_device_key(), "central_keys_unread"
        return (new_device_key(), "central_not_enrolled") if key is None else (key, "")

    def _printer(self, settings: Settings) -> Finding:
        if not settings.printer.target:
            return self._found("printer", Level.WARNING, "no_printer")
        from pos_client.adapters.peripherals.printer_look import look_at

        trouble, detail = look_at(settings.printer.target)
        if trouble is not None:
            told = f" ({detail})" if detail else ""
            says, do = (self.words.say(f"printing.{trouble.value}.{part}") for part in ("says", "do"))
            return Finding("printer", Level.WARNING, f"printer_{trouble.value}", f"{says}{told}", do)
        try:
            receipt_template(resources(), self.site.receipt_template)
        except (OSError, ValueError) as error:
            return self._found("printer", Level.WARNING, "receipt_template", detail=str(error))
        return self._found("printer", Level.OK, "printer", target=settings.printer.target)

    def _speech(self, settings: Settings) -> Finding:
        """Looked for by name alone: an engine that is loaded goes looking for sound servers."""
        if not settings.speech.spoken:
            return self._found("speech", Level.OK, "speech_off")
        if find_spec("PySide6.QtTextToSpeech") is None:
            return self._found("speech", Level.WARNING, "speech_missing")
        return self._found("speech", Level.OK, "speech")


def _ask_time(station: StationSettings, central: CentralSettings, key: bytes) -> Result:
    import requests

    from pos_client.adapters.central_http.client import HttpCentral
    from pos_client.adapters.central_http.identity import Identity

    patient = replace(central, read_timeout_ms=CENTRAL_MS, operation_timeout_ms=CENTRAL_MS)
    http = HttpCentral(patient, Identity(station.till, central.answer_key, key), _Nobody())
    with requests.Session() as session:
        session.trust_env = False
        return http.exchange(session, EncodedCall(IdempotencyKey("doctor"), "GET", "/v1/time", b""))


def terminal_runs(site: Site) -> bool:
    """Whether a terminal works on this site now: then its ports are its own."""
    from pos_client.adapters.sqlite.instance_lock import is_held

    return site.journal.exists() and is_held(site.journal)


class _Nobody:
    """A sink for what nobody waits for."""

    def post(self, report: object) -> None:
        """Nothing."""


def _time_told(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return None
    return told if told.tzinfo is not None else None


def _minute(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"
