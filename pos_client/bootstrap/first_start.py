"""The hands of the first start's assistant: what its steps do to this till, on a thread that no window waits for.

How far it is stands in the settings themselves; `first-start.json` holds what no setting says: which steps somebody did
by trying (a language taken, paper that came out) or left for later.
"""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from dataclasses import replace

from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.adapters.peripherals.printer_trial import page_of, print_test_page
from pos_client.adapters.settings_file.toml_file import read_settings
from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.enrolling import as_enrolled, enrol_till, enrolment_said, open_secrets
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.first_steps import keep_steps, read_steps
from pos_client.bootstrap.paths import Site, command_prefix, resources
from pos_client.bootstrap.saving import saver
from pos_client.bootstrap.saying import sentence
from pos_client.bootstrap.ticks import TICKS, read_ticks
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.keypad import KeypadKind
from pos_client.domain.printer_trouble import PrinterTrouble
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings
from pos_client.settings.writing import as_tree
from pos_client.ui.assistant.view_model import Progress, Step, Told, enrolment

PRACTISED = "cash"
"""The exercise of training that is the rehearsal."""


class FirstStart:
    """`ui.assistant.view_model.AssistantHands` of one site. `open_side` brings a side of the technician's page to the
    front, `changed` is told the settings' tree whenever they were written. `runs`: what the program was started with;
    `end`: ends it to be started anew, False: not now."""

    def __init__(
        self,
        site: Site,
        words: Catalogue,
        runs: Settings,
        open_side: Callable[[str], None],
        changed: Callable[[object], None],
        end: Callable[[], bool],
    ) -> None:
        self._site, self._words, self._runs = site, words, runs
        self._open, self._changed, self._end = open_side, changed, end
        self._errands = Errands()

    def begin(self) -> bool:
        """At a start: whether somebody still has to be led. It is so where there are no settings, and from then on
        until every step is done or left."""
        kept = read_steps(self._site.folder)
        if not os.path.exists(self._site.settings):
            keep_steps(self._site.folder, replace(kept, begun=True))
            return True
        progress = self.progress()
        if kept.begun and set(Step) - progress.done - progress.left:
            return True
        keep_steps(self._site.folder, replace(kept, begun=False))
        return False

    def run(self, stop: threading.Event) -> None:
        """Its thread."""
        self._errands.run(stop)

    def speak(self, words: Catalogue) -> None:
        """What is told from now on is said in this language."""
        self._words = words

    def progress(self) -> Progress:
        """From the files."""
        kept, settings = read_steps(self._site.folder), self._settings()
        done = {Step(name) for name in kept.done if name in set(Step)}
        if settings.central.epoch:
            done.add(Step.ENROL)
        if settings.lines:
            done.add(Step.LINES)
        if settings.keypad.kind != KeypadKind.SCREEN.value:
            done.add(Step.KEYPAD)
        if PRACTISED in read_ticks(self._site.training / TICKS):
            done.add(Step.REHEARSAL)
        left = frozenset(Step(name) for name in kept.left if name in set(Step))
        return Progress(frozenset(done), left, self._counts_later(settings))

    def present(self, step: Step) -> dict[str, str]:
        """The printer; and head office's address, where somebody has set one."""
        settings = self._settings()
        if step is Step.PRINTER:
            return {"target": settings.printer.target}
        if step is Step.ENROL and settings.central.url != Settings().central.url:
            return {"url": settings.central.url}
        return {}

    def restart(self) -> Told | None:
        """Unless something is under way that people would notice."""
        return None if self._end() else Told(self._words.say("first_start.restart_not_now"), well=False)

    def _counts_later(self, saved: Settings) -> bool:
        """The language counts at once, everything else after a start."""
        language = self._runs.screen.language
        return replace(saved, screen=replace(saved.screen, language=language)) != self._runs

    def leave(self, step: Step) -> None:
        """For later."""
        kept = read_steps(self._site.folder)
        keep_steps(self._site.folder, replace(kept, left=kept.left | {step.value}))

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
            case Step.KEYPAD, _:
                return self._save(step, lambda s: replace(s, keypad=replace(s.keypad, kind=KeypadKind.SCREEN.value)))
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
        done = isinstance(told, Enrolled)
        if done:
            self._changed(as_tree(self._settings()))
        return Told(enrolment_said(self._words, told, SystemClock().now().wall), well=done)

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
        kept = read_steps(self._site.folder)
        keep_steps(self._site.folder, replace(kept, done=kept.done | {step.value}, left=kept.left - {step.value}))
