"""The voice: Qt's speech, where it is installed and speaks the language; silence otherwise, and why.

QtTextToSpeech is an extra of its own (`pos-client[speech]`). It is looked for by name and loaded a while after the
first paint, never before: its engines look for sound servers, and a till that cannot speak must not start later for it.
A sentence is never read by a voice of another language: that would be noise.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import import_module
from typing import Any, Protocol

from PySide6.QtCore import QLocale, QObject, QTimer

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.settings.model import SpeechSettings
from pos_client.ui.speech.view_model import sentence

log = logging.getLogger(__name__)

MODULE = "PySide6.QtTextToSpeech"
LOAD_AFTER_MS = 3_000
"""After the windows are shown."""


class Engine(Protocol):
    """What is used of `QTextToSpeech`."""

    def availableLocales(self) -> list[QLocale]:
        """What it can speak."""

    def availableVoices(self) -> list[Any]:
        """Of the locale that is set."""

    def setLocale(self, locale: QLocale) -> None:
        """Speak this from now on."""

    def setVoice(self, voice: Any) -> None:
        """With this voice."""

    def setVolume(self, volume: float) -> None:
        """0.0 to 1.0."""

    def say(self, text: str) -> None:
        """Speak; what is being said ends."""


def open_engine(name: str) -> Engine | None:
    """Qt's engine of that name (empty: the system's own); None where there is none, or it does not come up."""
    try:
        module = import_module(MODULE)
    except ImportError as missing:
        log.warning("nothing is spoken: %s", missing)
        return None
    kind = module.QTextToSpeech
    offered = kind.availableEngines()
    if not offered or (name and name not in offered):
        log.warning("nothing is spoken: engines here are %s", ", ".join(offered) or "none")
        return None
    engine = kind(name) if name else kind()
    if engine.state() == kind.State.Error:
        log.warning("nothing is spoken: %s", engine.errorString())
        return None
    made: Engine = engine
    return made


class Speaker(QObject):
    """Says the sentences of snapshots, in the language the customer reads. `language` is asked with each."""

    def __init__(
        self,
        settings: SpeechSettings,
        language: Callable[[], Catalogue],
        parent: QObject | None = None,
        make: Callable[[str], Engine | None] = open_engine,
    ) -> None:
        super().__init__(parent)
        self._settings, self._language, self._make = settings, language, make
        self._engine: Engine | None = None
        self._before: TerminalSnapshot | None = None
        self._spoken = ""
        """the locale that is set"""
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.timeout.connect(self.load)

    def start(self) -> None:
        """The windows are shown: load the voice in a while, if anything is to be spoken."""
        if self._settings.spoken:
            self._later.start(LOAD_AFTER_MS)

    def load(self) -> None:
        """Look for the voice now."""
        self._later.stop()
        self._engine = self._make(self._settings.engine) if self._settings.spoken else None
        if self._engine is not None:
            self._engine.setVolume(self._settings.volume_percent / 100)

    def show_snapshot(self, snapshot: TerminalSnapshot) -> None:
        """Say what is new in it, if it is to be said."""
        before, self._before = self._before, snapshot
        if self._engine is None:
            return
        words = self._language()
        text = sentence(words, before, snapshot)
        if text and self._speaks(self._engine, words.language):
            self._engine.say(text)

    def _speaks(self, engine: Engine, language: str) -> bool:
        """Whether the engine has a voice of the language; it is set."""
        if self._spoken == language:
            return True
        wanted = QLocale(language).language()
        locale = next((each for each in engine.availableLocales() if each.language() == wanted), None)
        if locale is None:
            return False
        engine.setLocale(locale)
        named = [voice for voice in engine.availableVoices() if voice.name() == self._settings.voice]
        if named:
            engine.setVoice(named[0])
        self._spoken = language
        return True
