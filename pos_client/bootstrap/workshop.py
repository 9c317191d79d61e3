"""The technician's page at work: ports, wires, files and checks, each on a thread that is neither the windows' nor the
terminal's. A fault here is written down and the thread begins anew; selling goes on. What an errand alone needs is
imported by it: most tills never have one.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from pos_client.adapters.diagnostics.recordings import Recordings
from pos_client.adapters.dispensers.bell import monotonic_ms
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.folders import folders
from pos_client.bootstrap.keypad_pairing import KeypadPairer
from pos_client.bootstrap.keypads import keypad_devices, keypad_pairer
from pos_client.bootstrap.lifecycle import Lifecycle
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.port_list import known_ports
from pos_client.bootstrap.saving import export_settings, import_settings, look_into, saver, take_previous_back
from pos_client.bootstrap.wire_watch import WireWatch
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad_pairing import PairingProgress
from pos_client.domain.port_finding import KnownPort, ProbeProgress
from pos_client.domain.wire import WireFrame
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings.faults import Fault
from pos_client.settings.model import LineSettings, Settings
from pos_client.settings.writing import as_tree
from pos_client.ui.technician.desk import Incoming, Kept, Looked

if TYPE_CHECKING:
    from pos_client.bootstrap.port_examiner import PortExaminer

FILES_MAX = 50


def nobody() -> None:
    """There is no assistant."""


class SiteWorkshop:
    """`ui.technician.desk.Workshop` of one site. `start` and `stop` with the windows."""

    def __init__(
        self,
        settings: Settings,
        site: Site,
        words: Catalogue,
        recordings: Recordings,
        clock: SystemClock,
        pairer: KeypadPairer | None = None,
    ) -> None:
        self._settings, self._site, self._words, self._clock = settings, site, words, clock
        self._recordings, self._save = recordings, saver(site)
        self.assist: Callable[[], None] = nobody
        """opens the assistant of the first start"""
        self._lifecycle = Lifecycle(lambda fault: None)
        self._desk, self._doctor = Errands(), Errands()
        self._examiner: PortExaminer | None = None
        self._pairer = pairer or keypad_pairer(settings, keypad_devices(), None)
        describe = {line.name: PROTOCOLS[line.protocol].describe for line in settings.lines}
        self._wires = WireWatch(recordings.recorder, describe, monotonic_ms)

    def open_assistant(self) -> None:
        """Beside the till."""
        self.assist()

    def speak(self, words: Catalogue) -> None:
        """What is told from now on is said in this language."""
        self._words = words

    def start(self) -> None:
        """Begin to listen to the page."""
        self._lifecycle.start_again_and_again("technician-desk", self._desk.run)
        self._lifecycle.start_again_and_again("technician-doctor", self._run_doctor)
        self._lifecycle.start_again_and_again("technician-wires", self._wires.run)

    def stop(self) -> None:
        """End every thread; an examination or a pairing that is under way is ended first."""
        self._pairer.end()
        self._lifecycle.stop()

    def _run_doctor(self, stop: threading.Event) -> None:
        try:
            self._doctor.run(stop)
        finally:
            self._end_examination()

    # ── settings ───────────────────────────────────────────────────────────────────────────────────────────────────

    def save(self, tree: Mapping[str, object], tell: Callable[[tuple[Fault, ...]], None]) -> None:
        """Check and keep."""
        self._desk.post(lambda: tell(self._save(tree)))

    def export_settings(self, folder: str, tell: Callable[[Kept], None]) -> None:
        """The saved settings less secrets."""
        station = self._settings.station

        def errand() -> None:
            file = Path(folder) / f"pos-client-{station.station}-{station.terminal}.toml"
            faults = export_settings(self._site, file)
            tell(Kept(faults=faults) if faults else _kept(file))

        self._desk.post(errand)

    def list_settings(self, folder: str, tell: Callable[[tuple[str, ...]], None]) -> None:
        """Files a technician may mean."""

        def errand() -> None:
            try:
                found = sorted(path for path in Path(folder).glob("*.toml") if path.is_file())
            except OSError:
                found = []
            tell(tuple(map(str, found[:FILES_MAX])))

        self._desk.post(errand)

    def look_into(self, file: str, tell: Callable[[Incoming], None]) -> None:
        """Read and check, change nothing."""

        def errand() -> None:
            loaded = look_into(self._site, Path(file) if file else None)
            tree = None if loaded.settings is None else as_tree(loaded.settings)
            tell(Incoming(file, tree, loaded.faults))

        self._desk.post(errand)

    def take_in(self, file: str, tell: Callable[[Incoming], None]) -> None:
        """In the place of the saved ones."""

        def errand() -> None:
            loaded = look_into(self._site, Path(file) if file else None)
            faults = import_settings(self._site, Path(file)) if file else take_previous_back(self._site)
            tree = as_tree(loaded.settings) if loaded.settings is not None and not faults else None
            tell(Incoming(file, tree, faults))

        self._desk.post(errand)

    # ── ports ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def list_ports(self, tell: Callable[[tuple[KnownPort, ...]], None]) -> None:
        """Those our own lines serve are not touched."""
        self._desk.post(lambda: tell(tuple(known_ports(self._settings, terminal_runs=True))))

    def examine(self, port: str, line: LineSettings | None, tell: Callable[[ProbeProgress], None]) -> None:
        """One at a time; an earlier one is ended."""

        def errand() -> None:
            from pos_client.bootstrap.port_examiner import PortExaminer

            self._end_examination()
            self._examiner = PortExaminer(tell, lambda fault: None)
            self._examiner.examine(port, line=line)

        self._doctor.post(errand)

    def cancel(self) -> None:
        """End it."""
        self._doctor.post(self._end_examination)

    def _end_examination(self) -> None:
        if self._examiner is not None:
            self._examiner.cancel()
            self._examiner = None

    # ── keypads ────────────────────────────────────────────────────────────────────────────────────────────────────

    def pair_keypad(self, tell: Callable[[PairingProgress], None]) -> None:
        """In a thread of its own."""
        self._desk.post(lambda: self._pairer.pair(tell))

    def end_pairing(self) -> None:
        """End it."""
        self._desk.post(self._pairer.end)

    # ── wires ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def watch(self, tell: Callable[[tuple[WireFrame, ...]], None]) -> None:
        """Frames as they come."""
        self._wires.watch(tell)

    def unwatch(self) -> None:
        """Nobody looks."""
        self._wires.unwatch()

    def keep_recording(self, tell: Callable[[Kept], None]) -> None:
        """The last minutes of every wire."""
        self._desk.post(lambda: tell(_written(self._recordings.save)))

    def keep_text(self, name: str, text: Callable[[], str], tell: Callable[[Kept], None]) -> None:
        """Beside the recordings."""

        def write() -> Path:
            file = self._site.logs / f"{name}-{self._stamp()}.txt"
            write_whole(file, text().encode())
            return file

        self._desk.post(lambda: tell(_written(write)))

    # ── support ────────────────────────────────────────────────────────────────────────────────────────────────────

    def check_up(self, tell: Callable[[tuple[Looked, ...]], None]) -> None:
        """All of it, then told."""

        def errand() -> None:
            from pos_client.bootstrap.checkup import Checkup

            findings = Checkup(self._site, self._words, self._settings, self._clock).findings()
            tell(tuple(Looked(each.what, each.level.value, each.says, each.do) for each in findings))

        self._desk.post(errand)

    def list_folders(self, tell: Callable[[tuple[str, ...]], None]) -> None:
        """Sticks, the user's folders, the site's own."""
        self._desk.post(lambda: tell(tuple(map(str, folders(self._site)))))

    def make_bundle(self, folder: str, tell: Callable[[Kept], None]) -> None:
        """The wires' last minutes are written first, so that they are in it."""
        station = self._settings.station

        def write() -> Path:
            from pos_client.bootstrap.support import support_bundle

            self._recordings.save()
            file = Path(folder) / f"pos-client-support-{station.station}-{station.terminal}-{self._stamp()}.zip"
            write_whole(file, support_bundle(self._site, self._settings, self._words, self._clock))
            return file

        self._desk.post(lambda: tell(_written(write)))

    def _stamp(self) -> str:
        return f"{self._clock.now().wall:%Y%m%d-%H%M%S}"


def _written(write: Callable[[], Path]) -> Kept:
    try:
        return _kept(write())
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        return Kept(faults=(Fault("", "settings_not_saved", (("detail", f"{where}{error.strerror}"),)),))


def _kept(file: Path) -> Kept:
    return Kept(str(file), file.stat().st_size)
