"""The first start: by keys alone and by finger, left and taken up again, each failure in words, in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from pos_client.adapters.settings_file import toml_file
from pos_client.adapters.settings_file.toml_file import read_settings, write_settings
from pos_client.adapters.settings_file.whole_file import write_whole
from pos_client.bootstrap import first_steps
from pos_client.bootstrap.first_start import FirstStart
from pos_client.bootstrap.first_steps import FILE
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


def test_enter_leads_from_step_to_step(window: AssistantWindow, hands: FakeHands) -> None:
    hands.answer = Told("Xong", well=True)
    for step in Step:
        assert window.step is step
        if window.fields:
            QTest.keyClicks(next(iter(window.fields.values())), "x")
        _key(window, K.Key_Return)
        assert step in hands.done
        if step is not Step.REHEARSAL:
            _key(window, K.Key_Return)
    assert not any(key.isVisible() for key in window.findChildren(QPushButton, "onward")), "nothing comes after it"


def test_what_was_typed_stays_when_it_went_wrong_and_is_typed_over(window: AssistantWindow, hands: FakeHands) -> None:
    hands.answer = Told("Chưa gửi gì", well=False)
    window.show_step(Step.ENROL)
    QTest.keyClicks(window.focusWidget(), "AB12")
    _key(window, K.Key_Return)
    assert window.fields["code"].text() == "AB12"
    QTest.keyClicks(window.focusWidget(), "CD34")
    _key(window, K.Key_Return)
    assert hands.asked[-1][2]["code"] == "CD34"


def test_what_the_settings_have_stands_in_the_field(window: AssistantWindow, hands: FakeHands) -> None:
    hands.saved[Step.PRINTER] = {"target": "tcp://10.0.0.9:9100"}
    window.show_step(Step.PRINTER)
    assert window.fields["target"].text() == "tcp://10.0.0.9:9100"


def test_what_was_saved_counts_after_a_start_and_the_key_for_it_is_there(
    window: AssistantWindow, hands: FakeHands
) -> None:
    assert not window.findChildren(QPushButton, "assistant-restart")
    hands.counts_later = True
    hands.restarts = [None, Told("Chưa khởi động lại được", well=False)]
    window.show_step(Step.SCREEN)
    _tap(window, "assistant-restart")
    assert window.told.text() == "Chưa khởi động lại được"
    assert window.told.property("role") == "fault"
    _tap(window, "assistant-restart")
    assert hands.restarts == []
    assert "Khởi động lại" in owed(words("vi"), Progress(frozenset(Step), restart=True))


# ── its hands ───────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def _first_start(site: Site, opened: list[str] | None = None) -> FirstStart:
    runs = read_settings(site.settings).settings or Settings()
    opens = (opened if opened is not None else []).append
    return FirstStart(site, words("vi"), runs, opens, lambda tree: None, lambda: True)


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


# ── left and taken up again ─────────────────────────────────────────────────────────────────────────────────────────


def test_it_comes_up_at_every_start_until_each_step_is_done_or_left(site: Site) -> None:
    assert _first_start(site).begin()
    assert _does(_first_start(site), Step.LANGUAGE, "vi").well
    assert _first_start(site).begin(), "killed after the first step: there are settings now, and it goes on"
    start = _first_start(site)
    for step in Step:
        start.leave(step)
    assert not _first_start(site).begin()


def test_a_station_that_was_set_up_another_way_is_left_alone(site: Site) -> None:
    write_settings(site.settings, SETTINGS)
    start = _first_start(site)
    assert not start.begin()
    start.leave(Step.SCREEN)
    assert not _first_start(site).begin(), "somebody looked in from the technician's page"


def test_what_was_saved_counts_later_but_the_language(site: Site) -> None:
    start = _first_start(site)
    assert _does(start, Step.LANGUAGE, "en").well
    assert not start.progress().restart
    assert _does(start, Step.SCREEN, "").well
    assert start.progress().restart
    assert not _first_start(site).progress().restart


def test_a_restart_that_cannot_be_now_says_why(site: Site) -> None:
    settings, busy = Settings(), [True]
    start = FirstStart(site, words("vi"), settings, lambda side: None, lambda tree: None, lambda: not busy[0])
    told = start.restart()
    assert told is not None
    assert not told.well
    busy[0] = False
    assert start.restart() is None


class Killed(BaseException):
    """The process is gone."""


DEEDS: tuple[tuple[Step, str, dict[str, str]], ...] = (
    (Step.LANGUAGE, "en", {}),
    (Step.KEYPAD, "on_screen", {}),
    (Step.PRINTER, "print", {"target": "file:{folder}/paper"}),
    (Step.SCREEN, "", {}),
)


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed[0].value)
def test_a_kill_at_any_write_leaves_the_step_owed_or_done_and_nothing_half(
    deed: tuple[Step, str, dict[str, str]], after: bool, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    step, name, fields = deed
    given = {key: text.format(folder=site.folder) for key, text in fields.items()}
    for touch in range(1, 10):
        for kept in (site.settings, site.folder / FILE):
            kept.unlink(missing_ok=True)
        assert _first_start(site).begin()
        with monkeypatch.context() as patch:
            _dies(patch, touch, after=after)
            try:
                _does(_first_start(site), step, name, **given)
            except Killed:
                killed = True
            else:
                killed = False
        again = _first_start(site)
        assert again.progress().first_owed in {step, Step.LANGUAGE, Step.ENROL}
        assert _does(again, step, name, **given).well
        assert step in again.progress().done
        if not killed:
            return
    pytest.fail("it never came to an end")


def _dies(patch: pytest.MonkeyPatch, touch: int, *, after: bool) -> None:
    """At the so-manieth file that is written."""
    left = [touch]

    def dying(path: Path, content: bytes) -> None:
        left[0] -= 1
        if left[0] == 0 and not after:
            raise Killed
        write_whole(path, content)
        if left[0] == 0:
            raise Killed

    for module in (first_steps, toml_file):
        patch.setattr(module, "write_whole", dying)
