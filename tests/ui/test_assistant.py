"""The first start: by keys alone and by finger, left and taken up again, each failure in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from pos_client.adapters.settings_file.toml_file import read_settings, write_settings
from pos_client.bootstrap.first_start import FILE, FirstStart
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.ticks import TICKS, keep_ticks
from pos_client.settings.model import CentralSettings, Settings
from pos_client.ui.assets import load_theme
from pos_client.ui.assistant.view_model import Progress, Step, Told, enrolment, owed, step_view
from pos_client.ui.assistant.window import AssistantWindow
from pos_client.ui.help.page import HelpPage
from pos_client.ui.style import Style
from tests.ui.finding import destroy, found
from tests.ui.guidance_gallery import FakeHands
from tests.ui.pictures import SETTINGS
from tests.words import RESOURCES, words

K = Qt.Key


@pytest.fixture
def hands() -> FakeHands:
    return FakeHands()


@pytest.fixture
def window(qapp: QApplication, hands: FakeHands) -> Iterator[AssistantWindow]:
    del qapp
    made = AssistantWindow(Style(load_theme(RESOURCES / "styles", "day")), words("vi"), hands, RESOURCES / "help")
    made.show()
    yield made
    made.close()
    destroy(made)


def _key(window: AssistantWindow, *keys: K) -> None:
    for key in keys:
        QTest.keyClick(window.focusWidget() or window, key)
        QApplication.processEvents()


def _tap(window: AssistantWindow, name: str) -> None:
    target = next(b for b in window.findChildren(QPushButton, name) if b.isVisible())
    QTest.mouseClick(target, Qt.MouseButton.LeftButton)
    QApplication.processEvents()


def _title(window: AssistantWindow) -> str:
    return next(label.text() for label in window.findChildren(QLabel, "assistant-title") if label.isVisible())


def test_by_keys_alone(window: AssistantWindow, hands: FakeHands) -> None:
    chosen: list[str] = []
    window.language_chosen.connect(chosen.append)
    assert window.step is Step.LANGUAGE
    _key(window, K.Key_Return)
    assert chosen == ["vi"]
    _key(window, K.Key_Down)
    QTest.keyClicks(window.focusWidget(), "AB12-CD34")
    _key(window, K.Key_Return)
    assert hands.asked[-1] == (Step.ENROL, "enrol", {"code": "AB12-CD34", "url": ""})
    _key(window, K.Key_Down, K.Key_Return)
    assert hands.asked[-1] == (Step.LINES, "open", {})
    _key(window, K.Key_Escape)
    assert not window.isVisible()


def test_by_finger_and_a_step_left_is_taken_up_again(window: AssistantWindow, hands: FakeHands) -> None:
    _tap(window, "do-en")
    _tap(window, "step-enrol")
    _tap(window, "assistant-later")
    assert hands.left == {Step.ENROL}
    assert _title(window) == "Đường dây cột bơm", "the next that is owed"
    _tap(window, "step-enrol")
    assert _title(window) == "Đăng ký với trung tâm"


def test_what_went_wrong_is_said_and_the_step_stays_owed(window: AssistantWindow, hands: FakeHands) -> None:
    hands.answer = Told("Mã sai, đã dùng hoặc hết hạn.", well=False)
    window.show_step(Step.ENROL)
    _tap(window, "do-enrol")
    assert window.told.text() == "Mã sai, đã dùng hoặc hết hạn."
    assert window.told.property("role") == "fault"
    assert window.step is Step.ENROL
    assert Step.ENROL not in hands.done


def test_f1_explains_it_and_goes_away_again(window: AssistantWindow) -> None:
    _key(window, K.Key_F1)
    title = found(window, QLabel, "help-title")
    assert title.isVisible()
    assert title.text() == "Cài đặt lần đầu"
    _key(window, K.Key_Escape)
    assert window.isVisible()


def test_help_covers_the_window_at_whatever_size(window: AssistantWindow) -> None:
    _key(window, K.Key_F1)
    window.resize(1200, 700)
    QApplication.processEvents()
    assert found(window, HelpPage).geometry() == window.rect()


def test_the_language_changes_all_of_it(window: AssistantWindow) -> None:
    for step in Step:
        window.show_step(step)
        window.speak(words("en"))
        QApplication.processEvents()
        english = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
        window.speak(words("vi"))
        QApplication.processEvents()
        vietnamese = {label.text() for label in window.findChildren(QLabel) if label.isVisible()}
        assert english & vietnamese <= {""}, step


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("step", Step)
def test_every_step_is_said_in_full(language: str, step: Step) -> None:
    view = step_view(words(language), step, Progress(), ("HDMI-1", "DP-2"))
    assert view.offers
    for text in (view.title, view.what, *(o.label for o in view.offers), *(caption for _, caption in view.fields)):
        assert "first_start." not in text
        assert text


def test_the_order_of_what_is_owed() -> None:
    assert Progress().first_owed is Step.LANGUAGE
    assert Progress(frozenset({Step.LANGUAGE}), frozenset({Step.ENROL})).first_owed is Step.LINES
    rest = frozenset(Step) - {Step.ENROL}
    assert Progress(rest, frozenset({Step.ENROL})).first_owed is Step.ENROL, "what was left comes back at the end"
    assert Progress(frozenset(Step)).first_owed is None
    assert owed(words("vi"), Progress(frozenset(Step))) == "Đã xong tất cả các bước."
    assert "Máy in" in owed(words("vi"), Progress())


@pytest.mark.parametrize(
    ("typed", "code", "url"),
    [
        ("AB12", "AB12", "https://a.vn"),
        (" AB12 ", "AB12", "https://a.vn"),
        ("https://b.vn AB12", "AB12", "https://b.vn"),
        ("", "", "https://a.vn"),
    ],
)
def test_a_scanned_code_may_bring_its_address(typed: str, code: str, url: str) -> None:
    assert enrolment(typed, "https://a.vn") == (code, url)


# ── its hands ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _first_start(site: Site, opened: list[str] | None = None) -> FirstStart:
    return FirstStart(site, words("vi"), (opened if opened is not None else []).append, lambda tree: None)


def _does(start: FirstStart, step: Step, name: str, **fields: str) -> Told:
    return start._did(step, name, fields)


def test_nothing_is_done_where_there_are_no_settings(site: Site) -> None:
    assert _first_start(site).progress() == Progress()


def test_what_the_settings_hold_is_done(site: Site) -> None:
    write_settings(site.settings, replace(SETTINGS, central=CentralSettings(epoch=1)))
    site.training.mkdir()
    keep_ticks(site.training / TICKS, {"cash"})
    assert _first_start(site).progress().done >= {Step.ENROL, Step.LINES, Step.REHEARSAL}


def test_steps_are_remembered_over_a_restart_and_a_broken_file_costs_only_that(site: Site) -> None:
    start = _first_start(site)
    assert _does(start, Step.LANGUAGE, "en").well
    start.leave(Step.ENROL)
    assert read_settings(site.settings).settings is not None
    again = _first_start(site).progress()
    assert again == Progress(frozenset({Step.LANGUAGE}), frozenset({Step.ENROL}))
    (site.folder / FILE).write_text("{", "utf-8")
    assert _first_start(site).progress() == Progress()


def test_a_test_print_comes_out_and_its_failure_has_words(site: Site, tmp_path: Path) -> None:
    start, paper = _first_start(site), tmp_path / "paper"
    assert _does(start, Step.PRINTER, "print", target=f"file:{paper}").well
    assert paper.stat().st_size > 1000
    assert Step.PRINTER in start.progress().done
    failed = _does(start, Step.PRINTER, "print", target=f"file:{tmp_path / 'no' / 'folder'}")
    assert not failed.well
    assert "strip." not in failed.text
    wrong = _does(start, Step.PRINTER, "print", target="lpt1")
    assert not wrong.well
    assert not _does(start, Step.PRINTER, "print", target="").well


def test_enrolment_without_code_or_head_office_says_so(site: Site) -> None:
    write_settings(site.settings, Settings())
    start = _first_start(site)
    assert _does(start, Step.ENROL, "enrol", code="", url="").text == words("vi").say("first_start.enrol.told_no_code")
    assert start.progress().done == frozenset()


def test_the_technicians_sides_are_opened(site: Site) -> None:
    opened: list[str] = []
    start = _first_start(site, opened)
    assert _does(start, Step.LINES, "open").well
    assert _does(start, Step.KEYPAD, "open").well
    assert opened == ["ports", "devices"]
    assert _does(start, Step.KEYPAD, "on_screen").well
    assert Step.KEYPAD in start.progress().done
