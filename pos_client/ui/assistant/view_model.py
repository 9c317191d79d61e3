"""The first start in words: its steps, what is done and what is owed, and what each offers. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from typing import Protocol

from pos_client.domain.catalogue import Catalogue
from pos_client.value import dataclass


class Step(StrEnum):
    """In the order they are offered; each can be left and taken up again. Stored by name."""

    LANGUAGE = "language"
    ENROL = "enrol"
    LINES = "lines"
    KEYPAD = "keypad"
    PRINTER = "printer"
    SCREEN = "screen"
    REHEARSAL = "rehearsal"


@dataclass(frozen=True, slots=True)
class Progress:
    """What is done, by the settings and by what was tried; what somebody left for later; and whether something was
    saved that counts after the next start of the program."""

    done: frozenset[Step] = frozenset()
    left: frozenset[Step] = frozenset()
    restart: bool = False

    @property
    def first_owed(self) -> Step | None:
        """The step to begin with: the first that is neither done nor left, else the first that was left."""
        owed = [step for step in Step if step not in self.done]
        return next((step for step in owed if step not in self.left), next(iter(owed), None))


@dataclass(frozen=True, slots=True)
class Told:
    """What came of something: a sentence, and whether it is done."""

    text: str
    well: bool


@dataclass(frozen=True, slots=True)
class Offer:
    """A key of a step: its name for `AssistantHands.do`, and its word."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it stands: its line in the list, and the page behind it. `fields`: name and caption. `onward`: the
    step that comes after this one, which is done, and the words of its key."""

    step: Step
    line: str
    title: str
    what: str
    fields: tuple[tuple[str, str], ...] = ()
    offers: tuple[Offer, ...] = ()
    onward: tuple[Step, str] | None = None


class AssistantHands(Protocol):
    """What the assistant needs from outside. Nothing waits: what came of it is told from another thread."""

    def progress(self) -> Progress:
        """How far it is, as the files have it."""

    def leave(self, step: Step) -> None:
        """For later; remembered over a restart."""

    def present(self, step: Step) -> dict[str, str]:
        """What the settings have for a step's fields, before anybody types."""

    def restart(self) -> Told | None:
        """Start the program anew; why not now, or None: it ends."""

    def do(self, step: Step, name: str, fields: dict[str, str], tell: Callable[[Told], None]) -> None:
        """A key of a step."""


_DONE, _LEFT, _OWED = "✓", "…", "○"
_FIELDS: dict[Step, tuple[str, ...]] = {Step.ENROL: ("code", "url"), Step.PRINTER: ("target",)}
_OFFERS: dict[Step, tuple[str, ...]] = {
    Step.LANGUAGE: ("vi", "en"),
    Step.ENROL: ("enrol",),
    Step.LINES: ("open",),
    Step.KEYPAD: ("open", "on_screen"),
    Step.PRINTER: ("print", "none"),
    Step.REHEARSAL: ("train",),
}


def step_view(words: Catalogue, step: Step, progress: Progress, screens: tuple[str, ...]) -> StepView:
    """One step. `screens`: names of the screens there are, the cashier's own first."""
    say = words.say
    mark = _DONE if step in progress.done else _LEFT if step in progress.left else _OWED
    title = say(f"first_start.{step.value}.title")
    offers = tuple(Offer(name, say(f"first_start.{step.value}.{name}")) for name in _OFFERS.get(step, ()))
    if step is Step.SCREEN:
        others = tuple(Offer(name, say("first_start.screen.take", name=name)) for name in screens[1:])
        offers = (*others, Offer("", say("first_start.screen.preview")))
    return StepView(
        step,
        f"{mark}  {title}",
        title,
        say(f"first_start.{step.value}.what"),
        tuple((name, say(f"first_start.{step.value}.{name}")) for name in _FIELDS.get(step, ())),
        offers,
        _onward(words, step, progress),
    )


def _onward(words: Catalogue, step: Step, progress: Progress) -> tuple[Step, str] | None:
    after = progress.first_owed
    if step not in progress.done or after is None:
        return None
    return after, words.say("first_start.onward", step=words.say(f"first_start.{after.value}.title"))


def owed(words: Catalogue, progress: Progress) -> str:
    """What is still to be done, in one line."""
    rest = [words.say(f"first_start.{step.value}.title") for step in Step if step not in progress.done]
    if not rest:
        return words.say("first_start.all_but_restart" if progress.restart else "first_start.all_done")
    return words.say("first_start.owed", steps=", ".join(rest))


def enrolment(text: str, url: str) -> tuple[str, str]:
    """The code and head office's address out of what was typed or scanned: a QR code may hold `address code`."""
    parts = text.split()
    if len(parts) == 2 and parts[0].startswith(("https://", "http://")):
        return parts[1], parts[0]
    return text.strip(), url.strip()
