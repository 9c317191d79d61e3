"""The hands of the first start's assistant: what its steps do to this till, on a thread that no window waits for.

How far it is stands in the settings themselves; `first-start.json` holds what no setting says: which steps somebody did
by trying (a language taken, paper that came out) or left for later.
"""

from __future__ import annotations

import json
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.adapters.peripherals.printer_trial import page_of, print_test_page
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.enrolling import as_enrolled, enrol_till, open_secrets
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.paths import Site, command_prefix, resources
from pos_client.bootstrap.saving import saver
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.ticks import TICKS, read_ticks
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad import KeypadKind
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.ports.central import Problem
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings
from pos_client.settings.writing import as_tree
from pos_client.ui.assistant.view_model import Progress, Step, Told, enrolment

FILE = "first-start.json"
DONE, LEFT = "done", "left"
PRACTISED = "cash"
"""The exercise of training that is the rehearsal."""


class FirstStart:
    """`ui.assistant.view_model.AssistantHands` of one site. `open_side` brings a side of the technician's page to the
    front, `changed` is told the settings' tree whenever they were written."""

    def __init__(
        self, site: Site, words: Catalogue, open_side: Callable[[str], None], changed: Callable[[object], None]
    ) -> None:
        self._site, self._words, self._open, self._changed = site, words, open_side, changed
        self._errands = Errands()

    def run(self, stop: threading.Event) -> None:
        """Its thread."""
        self._errands.run(stop)

    def speak(self, words: Catalogue) -> None:
        """What is told from now on is said in this language."""
        self._words = words

    def progress(self) -> Progress:
        """From the files."""
        kept, settings = self._kept(), self._settings()
        done = {Step(name) for name in kept[DONE] if name in set(Step)}
        if settings.central.epoch:
            done.add(Step.ENROL)
        if settings.lines:
            done.add(Step.LINES)
        if settings.keypad.kind != KeypadKind.SCREEN.value:
            done.add(Step.KEYPAD)
        if PRACTISED in read_ticks(self._site.training / TICKS):
            done.add(Step.REHEARSAL)
        return Progress(frozenset(done), frozenset(Step(name) for name in kept[LEFT] if name in set(Step)))

    def leave(self, step: Step) -> None:
        """For later."""
        kept = self._kept()
        self._keep(kept[DONE], {*kept[LEFT], step.value})

    def do(self, step: Step, name: str, fields: dict[str, str], tell: Callable[[Told], None]) -> None:
        """A key of a step."""
        self._errands.post(lambda: tell(self._did(step, name, fields)))

    def _did(self, step: Step, name: str, fields: dict[str, str]) -> Told:
        match step, name:
            case Step.LANGUAGE, ("vi" | "en"):
                return self._save(step, lambda s: replace(s, screen=replace(s.screen, language=name)))
            case Step.ENROL, _:
                return self._enrol(fields)
            case ((Step.LINES | Step.KEYPAD), "open"):
                self._open("ports" if step is Step.LINES else "devices")
                return self._told(step, "opened", well=True)
            case Step.PRINTER, "print":
                return self._print(fields["target"])
            case Step.SCREEN, "":
                return self._save(step, lambda s: replace(s, screen=replace(s.screen, customer_preview=True)))
            case Step.SCREEN, _:
                return self._save(step, lambda s: replace(s, screen=replace(s.screen, customer_screen=name)))
            case Step.REHEARSAL, _:
                language = self._words.language
                subprocess.Popen([*command_prefix(), "training", "--data", str(self._site.folder), "--lang", language])
                return self._told(step, "begun", well=True)
        self._tick(step)
        return self._told(step, "done", well=True)

    def _enrol(self, fields: dict[str, str]) -> Told:
        settings = self._settings()
        code, url = enrolment(fields["code"], fields["url"] or settings.central.url)
        if not code:
            return self._told(Step.ENROL, "no_code", well=False)
        try:
            told = enrol_till(url, code, open_secrets(settings, self._site), self._enrolled)
        except Unavailable as trouble:
            known = self._words.knows(f"notice.{trouble.code}.what")
            reason = self._words.say(f"notice.{trouble.code}.what") if known else str(trouble)
            return Told(self._words.say("enrol.no_place", reason=reason), well=False)
        if isinstance(told, Enrolled):
            self._changed(as_tree(self._settings()))
            return self._told(Step.ENROL, "done", well=True, till=f"{told.station}-{told.till}")
        if isinstance(told, Problem):
            known = self._words.knows(f"enrol.{told.code}")
            return Told(self._words.say(f"enrol.{told.code}" if known else "enrol.refused", code=told.code), well=False)
        return Told(self._words.say("enrol.no_answer", reason=told.reason), well=False)

    def _enrolled(self, enrolled: Enrolled) -> None:
        faults = saver(self._site)(as_tree(as_enrolled(self._settings(), enrolled)))
        if faults:
            raise Unavailable("settings_not_saved", sentence(self._words, faults[0]))

    def _print(self, target: str) -> Told:
        saved = self._save(Step.PRINTER, lambda s: replace(s, printer=replace(s.printer, target=target)), tick=False)
        if not saved.well:
            return saved
        if not target:
            return self._told(Step.PRINTER, "no_target", well=False)
        settings, at = self._settings(), SystemClock().now().wall.isoformat(timespec="seconds")
        page = page_of(settings.station, settings.printer, at)
        trouble, _ = print_test_page(page, settings.printer, self._words, resources() / "fonts" / "be-vietnam-pro")
        if trouble is not None and trouble is not PrinterTrouble.PAPER_LOW:
            says, remedy = (self._words.say(f"printing.{trouble.value}.{part}") for part in ("says", "do"))
            return Told(f"{says}. {remedy}", well=False)
        self._tick(Step.PRINTER)
        return self._told(Step.PRINTER, "done", well=True)

    # ── files ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _settings(self) -> Settings:
        return read_settings(self._site.settings).settings or Settings()

    def _save(self, step: Step, change: Callable[[Settings], Settings], *, tick: bool = True) -> Told:
        tree = as_tree(change(self._settings()))
        faults = saver(self._site)(tree)
        if faults:
            return Told(sentence(self._words, faults[0]), well=False)
        self._changed(tree)
        if tick:
            self._tick(step)
        return self._told(step, "done", well=True)

    def _told(self, step: Step, name: str, *, well: bool, **places: object) -> Told:
        return Told(self._words.say(f"first_start.{step.value}.told_{name}", **places), well)

    def _tick(self, step: Step) -> None:
        kept = self._kept()
        self._keep({*kept[DONE], step.value}, kept[LEFT] - {step.value})

    @property
    def _file(self) -> Path:
        return self._site.folder / FILE

    def _kept(self) -> dict[str, set[str]]:
        """A file that cannot be read is none: steps are offered once more, nothing else is lost."""
        try:
            kept = json.loads(self._file.read_text("utf-8"))
            return {name: {str(step) for step in kept[name]} for name in (DONE, LEFT)}
        except (OSError, ValueError, TypeError, KeyError):
            return {DONE: set(), LEFT: set()}

    def _keep(self, done: set[str], left: set[str]) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(json.dumps({DONE: sorted(done), LEFT: sorted(left)}), "utf-8")
