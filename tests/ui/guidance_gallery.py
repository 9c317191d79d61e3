"""Every state of help, of the first start and of the exercises that a person should have looked at, by name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLayout, QWidget

from pos_client.bootstrap.training.exercise_panel import ExercisePanel
from pos_client.domain.catalogue import Catalogue
from pos_client.settings.faults import Fault
from pos_client.ui.assistant.view_model import Progress, Step, Told
from pos_client.ui.assistant.window import AssistantWindow
from pos_client.ui.help.topics import Topic
from pos_client.ui.more.steps import Ask
from pos_client.ui.more.steps import Step as Question
from pos_client.ui.refusal import RefusalWindow
from pos_client.ui.shell.main_window import CashierWindow
from pos_client.ui.shift.keys import Tab
from pos_client.ui.style import Style
from tests.ui import sample as x
from tests.words import RESOURCES

Scene = Callable[[CashierWindow], None]


def _help(window: CashierWindow, typed: str = "") -> None:
    QTest.keyClick(window, Qt.Key.Key_F1)
    for char in typed:
        window.help.character(char, x.NOW)
        window.help.waited(x.NOW + 10_000)


def _home(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window)


def _points(window: CashierWindow) -> None:
    window.show_snapshot(x.selling(points_panel=x.PANELS["waiting"]))
    _help(window)


def _more(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.ask(Question(Ask.MENU))
    _help(window)


def _shift(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.open_shift(Tab.QUEUE)
    _help(window)


def _found(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window, "may in")


def _guide(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window)
    window.help.page.chosen.emit(Topic.GUIDE_DRIVER)


def _nothing(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    _help(window, "xyzzy")


def _technician(window: CashierWindow) -> None:
    window.show_snapshot(x.terminal())
    window.toggle_technician()
    _help(window)


HELP: dict[str, Scene] = {
    "home": _home,
    "points": _points,
    "more": _more,
    "queue": _shift,
    "found": _found,
    "guide": _guide,
    "nothing": _nothing,
    "technician": _technician,
}


@dataclass
class FakeHands:
    """`AssistantHands` that answers at once."""

    done: set[Step] = field(default_factory=set)
    left: set[Step] = field(default_factory=set)
    asked: list[tuple[Step, str, dict[str, str]]] = field(default_factory=list)
    restarts: list[Told | None] = field(default_factory=list)
    """what each wish to start anew is answered"""
    saved: dict[Step, dict[str, str]] = field(default_factory=dict)
    counts_later: bool = False
    answer: Told = field(default_factory=lambda: Told("Xong", well=True))

    def progress(self) -> Progress:
        return Progress(frozenset(self.done), frozenset(self.left), self.counts_later)

    def present(self, step: Step) -> dict[str, str]:
        return self.saved.get(step, {})

    def restart(self) -> Told | None:
        return self.restarts.pop()

    def leave(self, step: Step) -> None:
        self.left.add(step)

    def do(self, step: Step, name: str, fields: dict[str, str], tell: Callable[[Told], None]) -> None:
        self.asked.append((step, name, fields))
        if self.answer.well:
            self.done.add(step)
        tell(self.answer)


Alone = Callable[[Catalogue, Style], QWidget]
"""A window that stands by itself, in a language and a look."""


def _first_start(step: Step, failed: str = "", *, helped: bool = False) -> Alone:
    def scene(words: Catalogue, style: Style) -> QWidget:
        before = list(Step)[: list(Step).index(step)]
        hands = FakeHands({*before[:2], *before[3:]}, set(before[2:3]))
        window = AssistantWindow(style, words, hands, RESOURCES / "help")
        window.show_step(step, Told(words.say(failed), well=False) if failed else None)
        if helped:
            QTest.keyClick(window, Qt.Key.Key_F1)
        return window

    return scene


def _gone_on(*done: Step) -> Alone:
    """The last of them is done and the next is offered; something was saved that counts after a start."""

    def scene(words: Catalogue, style: Style) -> QWidget:
        window = AssistantWindow(style, words, FakeHands(set(done), counts_later=True), RESOURCES / "help")
        told = words.say("first_start.screen.told_done")
        window.show_step(done[-1], Told(told, well=True) if len(done) == 1 else None)
        return window

    return scene


def _exercises(*done: str, doing: str = "") -> Alone:
    def scene(words: Catalogue, style: Style) -> QWidget:
        panel = ExercisePanel(style, words, set(done), lambda _: None, lambda: None, lambda _: None)
        panel.setWindowFlags(Qt.WindowType.Window)  # no tool without its till
        layout = panel.layout()
        assert layout is not None
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)  # the screens of tests take no hints
        panel.show_snapshot(x.terminal())
        if doing:
            panel.practise(doing)
        return panel

    return scene


def _refusal(code: str, *faults: Fault, offer: str = "", helped: bool = False) -> Alone:
    def scene(words: Catalogue, style: Style) -> QWidget:
        window = RefusalWindow(style, words, code, faults, words.say(offer) if offer else "", RESOURCES / "help")
        window.setMinimumWidth(0)
        layout = window.layout()
        assert layout is not None
        layout.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        if helped:
            QTest.keyClick(window, Qt.Key.Key_F1)
        return window

    return scene


DAMAGED = (Fault("lines[0].port", "missing"), Fault("central.url", "missing"))

ALONE: dict[str, Alone] = {
    **{f"first-start-{step.value}": _first_start(step) for step in Step},
    "first-start-enrol-failed": _first_start(Step.ENROL, "notice.central_enrolment-code-invalid.what"),
    "first-start-done": _gone_on(Step.ENROL),
    "first-start-over": _gone_on(*Step),
    "first-start-help": _first_start(Step.LANGUAGE, helped=True),
    "refusal": _refusal("settings_damaged", *DAMAGED, offer="refusal.previous"),
    "refusal-help": _refusal("settings_damaged", *DAMAGED, offer="refusal.previous", helped=True),
    "refusal-running": _refusal("already_running"),
    "exercises": _exercises(),
    "exercises-doing": _exercises("cash", "drive_off", doing="offline"),
}
