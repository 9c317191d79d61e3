"""The voice: behind a stand-in that remembers, and Qt's own mock engine where Qt's speech is installed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication

from pos_client.domain.catalogue import Catalogue
from pos_client.settings.model import SpeechSettings
from pos_client.ui.speech import voice
from pos_client.ui.speech.voice import Speaker, open_engine
from tests.unit.ui.test_speech_view import IDLE, PAID
from tests.words import words

ON = SpeechSettings(spoken=True, voice="Mai", volume_percent=35)
STARTS = """
import sys
from PySide6.QtWidgets import QApplication
from tests.ui.station import open_station
from pos_client.ui.application import create_application
from tests.words import RESOURCES
app = create_application([], RESOURCES, "day")
with open_station() as station:
    app.processEvents()
print("PySide6.QtTextToSpeech" in sys.modules)
"""


@dataclass(frozen=True)
class Voice:
    """One of an engine's voices."""

    called: str

    def name(self) -> str:
        return self.called


@dataclass
class Remembering:
    """Speaks what it is said to speak, and remembers."""

    languages: tuple[str, ...] = ("en", "vi")
    spoken: list[tuple[str, str]] = field(default_factory=list)
    volume: float = 0.0
    locale: str = ""
    voice: str = ""

    def availableLocales(self) -> list[QLocale]:
        return [QLocale(language) for language in self.languages]

    def availableVoices(self) -> list[Voice]:
        return [Voice("Bob"), Voice("Mai")]

    def setLocale(self, locale: QLocale) -> None:
        self.locale = locale.name()

    def setVoice(self, chosen: Voice) -> None:
        self.voice = chosen.name()

    def setVolume(self, volume: float) -> None:
        self.volume = volume

    def say(self, text: str) -> None:
        self.spoken.append((self.locale[:2], text))


def speaker(engine: Remembering | None, settings: SpeechSettings, language: Callable[[], Catalogue]) -> Speaker:
    made = Speaker(settings, language, make=lambda name: engine)
    made.load()
    made.show_snapshot(IDLE)
    return made


def test_it_speaks_the_customers_language_with_the_chosen_voice(qapp: QApplication) -> None:
    del qapp
    engine, chosen = Remembering(), ["vi"]
    made = speaker(engine, ON, lambda: words(chosen[0]))
    made.show_snapshot(PAID)
    made.show_snapshot(IDLE)
    chosen[0] = "en"
    made.show_snapshot(PAID)
    assert [language for language, _ in engine.spoken] == ["vi", "en"]
    assert engine.spoken[0][1].startswith("Cột ba, chín mươi lăm nghìn bốn trăm đồng")
    assert (engine.voice, engine.volume) == ("Mai", 0.35)


def test_a_voice_of_another_language_reads_nothing(qapp: QApplication) -> None:
    del qapp
    engine = Remembering(languages=("en", "nb"))
    speaker(engine, ON, lambda: words("vi")).show_snapshot(PAID)
    assert engine.spoken == []


def test_switched_off_or_without_an_engine_there_is_silence(qapp: QApplication) -> None:
    del qapp
    engine = Remembering()
    speaker(engine, SpeechSettings(), lambda: words("vi")).show_snapshot(PAID)
    speaker(None, ON, lambda: words("vi")).show_snapshot(PAID)
    assert engine.spoken == []


@pytest.mark.log_expected("what is not installed cannot speak, and the log says so")
def test_a_till_without_qts_speech_is_silent(qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> None:
    del qapp
    monkeypatch.setattr(voice, "MODULE", "PySide6.QtNothingOfTheKind")
    assert open_engine("") is None


@pytest.mark.log_expected("an engine nobody has is said in the log")
@pytest.mark.qt_log_ignore("pipewire")
def test_qts_own_mock_engine_speaks(qapp: QApplication) -> None:
    del qapp
    module = pytest.importorskip("PySide6.QtTextToSpeech")
    assert open_engine("no such engine") is None
    engine = open_engine("mock")
    assert isinstance(engine, module.QTextToSpeech)
    made = Speaker(ON, lambda: words("en"), make=lambda name: engine)
    made.load()
    made.show_snapshot(IDLE)
    made.show_snapshot(PAID)
    assert engine.locale().language() == QLocale.Language.English
    assert engine.state() is module.QTextToSpeech.State.Speaking
    assert round(engine.volume() * 100) == 35
    engine.stop()


def test_nothing_of_it_is_loaded_before_the_first_paint() -> None:
    done = subprocess.run(
        [sys.executable, "-c", STARTS],
        cwd=Path(__file__).parents[2],
        env=None,
        capture_output=True,
        text=True,
        timeout=50,
        check=False,
    )
    assert done.stdout.split() == ["False"], done.stderr
