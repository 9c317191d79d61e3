"""Looks for a new version now and then, fetches it beside the running one, and leaves it ready for the keeper.

It never exchanges anything: that happens between two runs (`keeper.py`), and the screens say when (`kept.py`).
"""

from __future__ import annotations

import logging
import shutil
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from pos_client import __version__
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.adapters.sqlite.migrate import SCHEMA_VERSION
from pos_client.adapters.system_clock import SystemClock
from pos_client.adapters.updates.download import DownloadStopped, Source
from pos_client.adapters.updates.manifest import open_manifest
from pos_client.adapters.updates.shelf import Shelf, disk_reasons
from pos_client.adapters.updates.trust import Trust, packaged_trust
from pos_client.bootstrap.paths import Site, platform_name, resources
from pos_client.domain.condition import Offer
from pos_client.domain.release import Judgement, Release, Till, Version, judge
from pos_client.ports.errors import Refused, Unavailable
from pos_client.ports.reports import OfferJudged, Sink, UpdateReported
from pos_client.settings.model import Settings, UpdateSettings
from pos_client.value import dataclass

log = logging.getLogger(__name__)

FIRST_S = 60.0
"""A start is busy enough."""
AGAIN_S = 3600.0
TELLING = {"update_no_room": "no_room", "disk_full": "no_room", "manifest_untrusted": "untrusted"}
"""Troubles the people at the till should hear of; the others are logged and said by the check-up, and the next look may
find them gone."""
NO_WORD = frozenset({Judgement.OLD_MANIFEST, Judgement.CLOCK, Judgement.EXPIRED})
"""Judgements of a manifest that says nothing about what is ready: it is not the newest, or nobody can tell."""


def shelf_of(site: Site) -> Shelf:
    """Where versions lie beside a terminal's books."""
    return Shelf(site.updates, write_whole)


def trust_of(settings: UpdateSettings) -> Trust:
    """What the package brings; a technician's own address or key stands in its place."""
    packaged = packaged_trust(resources())
    keys = (settings.release_key,) if settings.release_key else packaged.keys
    return Trust(settings.url or packaged.url, keys)


def updater_of(settings: Settings, site: Site, clock: SystemClock, sink: Sink) -> Updater:
    """The one of this terminal."""
    shelf = shelf_of(site)

    def till() -> Till:
        running = shelf.running()
        return Till(
            settings.station.station,
            platform_name(),
            Version.parse(__version__),
            SCHEMA_VERSION,
            running.number,
            running.given_up,
        )

    return Updater(trust_of(settings.updates), shelf, till, lambda: clock.now().wall, sink.post, sink.post)


@dataclass(slots=True)
class Updater:
    """One thread's. `till` is this till with the version that runs."""

    trust: Trust
    shelf: Shelf
    till: Callable[[], Till]
    now: Callable[[], datetime]
    post: Callable[[UpdateReported], None]
    announce: Callable[[OfferJudged], None] = lambda _: None
    """what head office is told of every look"""
    first_s: float = FIRST_S
    again_s: float = AGAIN_S
    _told: str = ""

    def run(self, stop: threading.Event) -> None:
        """Until told to stop."""
        self._tell_of_the_keeper()
        wait = self.first_s
        while not stop.wait(wait):
            wait = self.again_s
            try:
                ready = self.look(stop.is_set)
            except (Unavailable, Refused) as trouble:
                log.warning("no new version: %s", trouble)
                self.shelf.note_look(self.now(), trouble.code, trouble.detail)
                if outcome := TELLING.get(trouble.code):
                    self._tell(UpdateReported(outcome))
            except DownloadStopped:
                return
            else:
                if ready is not None:
                    self._tell(UpdateReported("ready", str(ready)))

    def look(self, stopped: Callable[[], bool] = lambda: False) -> Version | None:
        """Ask, judge, fetch, unpack, compare; the version that is ready to be started, if there is one.

        Raises `Unavailable`, `Refused`, `DownloadStopped`.
        """
        source = Source(self.trust.url)
        release = open_manifest(source.manifest(), *self.trust.keys)
        judged = judge(release, self.till(), self.now())
        running = self.shelf.running()
        if judged not in {Judgement.OLD_MANIFEST, Judgement.CLOCK} and release.number > running.number:
            running = self.shelf.change(number=release.number)
        self.shelf.note_look(self.now(), judged, str(release.version))
        if judged is not Judgement.TAKE:
            log.info("release %s (%d): %s", release.version, release.number, judged)
            if running.ready is not None and judged not in NO_WORD:
                log.warning("version %s is withdrawn before it was started", running.ready)
                running = self.shelf.change(ready=None, held_up=False)
            self._announce(release, judged, running.ready)
            return None
        self._announce(release, judged, running.ready)
        if running.ready != release.version or self.shelf.program(release.version) is None:
            self._fetch(source, release, stopped)
            self.shelf.change(ready=release.version, held_up=False)
            self.shelf.tidy()
            self._announce(release, judged, release.version)
        return release.version

    def _announce(self, release: Release, judged: Judgement, ready: Version | None) -> None:
        offer = Offer(release.number, str(release.version), release.percent(self.now()), judged)
        waits = ready is not None and ready != self.till().running and self.shelf.program(ready) is not None
        self.announce(OfferJudged(offer, str(ready) if waits else ""))

    def _fetch(self, source: Source, release: Release, stopped: Callable[[], bool]) -> None:
        package = release.packages[self.till().platform]
        archive = self._downloads / f"{release.version}-{package.sha256[:16]}"
        with disk_reasons():
            for other in self._downloads.glob("*"):
                if other.is_dir() and not other.is_symlink():
                    shutil.rmtree(other)
                elif other != archive:
                    other.unlink()
        source.package(package, archive, stopped)
        self.shelf.put(release.version, archive, package)
        with disk_reasons():
            archive.unlink(missing_ok=True)

    @property
    def _downloads(self) -> Path:
        return self.shelf.folder / "downloads"

    def _tell_of_the_keeper(self) -> None:
        """What it did, or could not do, before this run: it has no window of its own."""
        running = self.shelf.running()
        if running.held_up:
            self._tell(UpdateReported("no_room"))
        untold = running.untold
        if untold is not None:
            self._tell(UpdateReported("given_up", str(untold)))
            try:
                self.shelf.change(untold=None)
            except Unavailable as trouble:
                log.warning("that version %s was given up will be said again: %s", untold, trouble)

    def _tell(self, report: UpdateReported) -> None:
        """Once a run each."""
        said = f"{report.outcome} {report.version}"
        if said != self._told:
            self._told = said
            self.post(report)
