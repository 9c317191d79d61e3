"""Looks at everything a terminal needs; each finding says its cause and what to do. It changes nothing, and sends
nothing but one question for the time to head office.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.checkup_central import HeadOffice
from pos_client.bootstrap.checkup_devices import Devices
from pos_client.bootstrap.enrolling import CLOCK_OFF
from pos_client.bootstrap.finding import Finding, Level, found
from pos_client.bootstrap.ground import trouble_of
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.system_libraries import explain_missing
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keeping import Why
from pos_client.domain.release import Judgement
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings, UpdateSettings
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.ui.shell.screens import Screen

WARN_FREE_MB = 500


@dataclass(frozen=True, slots=True)
class Checkup:
    """One look at a site, in one language."""

    site: Site
    words: Catalogue
    settings: Settings | None
    clock: SystemClock
    screens: Callable[[], Sequence[Screen]] | None = None
    """what is plugged in; None: nobody can say from here"""

    def findings(self) -> Iterator[Finding]:
        """Everything, in the order in which a technician would look."""
        yield self._libraries()
        if (trouble := trouble_of(self.site)) is not None:
            notice = f"notice.{trouble.code}"
            says = f"{self.words.say(f'{notice}.what')}: {trouble.detail}"
            yield Finding("folder", Level.FAULT, trouble.code, says, self.words.say(f"{notice}.key"))
        yield self._disk()
        yield from self._books()
        yield from self._settings_file()
        yield self._version()
        yield from self._last_look()
        yield self._key_store()
        if self.settings is not None:
            devices = Devices(self.site, self.words, self.settings)
            yield from devices.lines()
            yield from HeadOffice(self.site, self.words, self.settings, self.clock).findings()
            yield from (devices.printer(), devices.keypad(), devices.speech())
            if self.screens is not None:
                yield devices.customer_screen(self.screens())

    def _found(self, what: str, level: Level, code: str, **params: object) -> Finding:
        return found(self.words, what, level, code, **params)

    def _libraries(self) -> Finding:
        missing = explain_missing()
        if missing:
            return self._found("libraries", Level.FAULT, "libraries_missing", missing=missing)
        return self._found("libraries", Level.OK, "libraries")

    def _disk(self) -> Finding:
        folder = next(p for p in (self.site.folder, *self.site.folder.parents) if os.path.exists(p))
        free_mb = shutil.disk_usage(folder).free // 1_000_000
        if free_mb < WARN_FREE_MB:
            return self._found("disk", Level.WARNING, "disk_full", free_mb=free_mb)
        return self._found("disk", Level.OK, "disk", free_mb=free_mb)

    # ── books and clock ────────────────────────────────────────────────────────────────────────────────────────────

    def _books(self) -> Iterator[Finding]:
        if not os.path.exists(self.site.journal):
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
        if not os.path.exists(file):
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
        """What runs, what waits, what was tried and given up, and where the next one is looked for."""
        from pos_client import __version__
        from pos_client.bootstrap.updating import shelf_of, trust_of

        running = shelf_of(self.site).running()
        if running.given_up:
            newest, why = max(running.given_up), self.words.say(f"doctor.why.{running.why or Why.CRASHED}")
            return self._found(
                "version", Level.WARNING, "version_given_up", version=__version__, given_up=newest, why=why
            )
        if running.ready is not None and running.held_up:
            return self._found("version", Level.WARNING, "version_held_up", version=__version__, ready=running.ready)
        if running.ready is not None:
            return self._found("version", Level.OK, "version_waits", version=__version__, ready=running.ready)
        told = trust_of(self.settings.updates if self.settings is not None else UpdateSettings())
        if not told.wanted:
            return self._found("version", Level.OK, "version_alone", version=__version__)
        return self._found("version", Level.OK, "version", version=__version__, url=told.url)

    def _last_look(self) -> Iterator[Finding]:
        """What came of the last look for a new version; a till that stays old for weeks has to say why."""
        from pos_client.bootstrap.updating import shelf_of

        look = shelf_of(self.site).last_look()
        if look is None:
            return
        code = f"look_{look.outcome}"
        level = Level.OK if look.outcome in {Judgement.TAKE, Judgement.HAVE_IT, Judgement.LATER} else Level.WARNING
        if not self.words.knows(f"doctor.{code}.says"):
            code = "look_failed"
        yield self._found("updates", level, code, at=_minute(look.at), detail=look.detail)

    def _key_store(self) -> Finding:
        from pos_client.adapters.secrets.keyring_store import open_keyring

        try:
            open_keyring()
        except Unavailable as error:
            notice = f"notice.{error.code}"
            says, do = self.words.say(f"{notice}.what"), self.words.say(f"{notice}.key")
            return Finding("keys", Level.WARNING, error.code, says, do)
        return self._found("keys", Level.OK, "keys")


def _minute(at: datetime) -> str:
    return f"{at:%d/%m/%Y %H:%M}"
