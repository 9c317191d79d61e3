"""Answers of the support page as rows: what the check-up saw, faults of a file, what it would change. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped
from pos_client.settings.changes import Change, changes
from pos_client.settings.options import SECTIONS
from pos_client.ui.technician.desk import Incoming, Kept, Looked, Tree
from pos_client.ui.technician.draft import shown_text
from pos_client.ui.technician.view_model import fault_text, place_words, sentence
from pos_client.ui.tone import Tone
from pos_client.value import dataclass

ROWS_MAX = 200
_LEVELS = {"ok": Tone.DONE, "warning": Tone.UNKNOWN, "fault": Tone.DANGER}


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One line of an answer, and what to do about it."""

    text: str
    tone: Tone = Tone.NEUTRAL
    more: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a task. `action`: a key that goes on from here."""

    title: str
    tone: Tone = Tone.NEUTRAL
    rows: tuple[AnswerRow, ...] = ()
    action: str = ""


def looked_answer(words: Catalogue, looked: tuple[Looked, ...]) -> Answer:
    """The check-up: what is wrong first, each with its cause and what to do."""
    order = ("fault", "warning", "ok")
    rows = tuple(
        AnswerRow(sentence(each.says), _LEVELS[each.level], sentence(each.do))
        for each in sorted(looked, key=lambda each: order.index(each.level))
    )
    bad = sum(each.level != "ok" for each in looked)
    tone = Tone.DANGER if any(each.level == "fault" for each in looked) else Tone.UNKNOWN if bad else Tone.DONE
    title = words.say("tech.support.looked_bad", count=bad) if bad else words.say("tech.support.looked_well")
    return Answer(title, tone, rows)


def kept_answer(words: Catalogue, kept: Kept, done: str) -> Answer:
    """A file that was written, or why not."""
    if kept.faults:
        rows = tuple(AnswerRow(fault_text(words, fault), Tone.DANGER) for fault in kept.faults)
        return Answer(words.say("tech.support.not_written"), Tone.DANGER, rows)
    said = words.say("tech.kept", file=kept.file, kb=grouped(-(-kept.size // 1000)))
    return Answer(words.say(done), Tone.DONE, (AnswerRow(said),))


def incoming_answer(words: Catalogue, incoming: Incoming, saved: Tree) -> Answer:
    """Before other settings are taken in: every fault of theirs, or everything that would change."""
    if incoming.tree is None:
        rows = tuple(
            AnswerRow(fault_text(words, fault), Tone.DANGER, place_words(words, fault.place))
            for fault in incoming.faults[:ROWS_MAX]
        )
        return Answer(words.say("tech.support.refused", count=len(incoming.faults)), Tone.DANGER, rows)
    found = changes(saved, incoming.tree)
    if not found:
        return Answer(words.say("tech.support.same"), Tone.NEUTRAL)
    rows = tuple(_row(words, change) for change in found[:ROWS_MAX])
    if len(found) > ROWS_MAX:
        rows += (AnswerRow(words.say("tech.support.further", count=len(found) - ROWS_MAX)),)
    title = words.say("tech.support.would_change", count=len(found))
    return Answer(title, Tone.ATTENTION, rows, words.say("tech.support.take_in"))


def taken_answer(words: Catalogue, incoming: Incoming) -> Answer:
    """After they were taken in."""
    if incoming.faults:
        rows = tuple(AnswerRow(fault_text(words, fault), Tone.DANGER) for fault in incoming.faults)
        return Answer(words.say("tech.support.not_written"), Tone.DANGER, rows)
    return Answer(words.say("tech.support.taken"), Tone.DONE, (AnswerRow(words.say("tech.support.taken_means")),))


def _row(words: Catalogue, change: Change) -> AnswerRow:
    names = [*change.of]
    if change.section == "points":
        names[-1] = words.say("tech.point", point=names[-1])
    where = " · ".join((words.say(f"section.{_page(change.section)}"), *names))
    if not change.key:
        key = "tech.support.goes" if change.after is None else "tech.support.comes"
        return AnswerRow(where, Tone.DANGER if change.after is None else Tone.DONE, words.say(key))
    label = f"option.{change.section}.{change.key}.label"
    said = words.say(label) if words.knows(label) else change.key
    before, after = (_value(words, change, value) for value in (change.before, change.after))
    return AnswerRow(f"{where} · {said}", Tone.NEUTRAL, f"{before} → {after}")


def _page(section: str) -> str:
    return "lines" if section == "points" else section


def _value(words: Catalogue, change: Change, value: object) -> str:
    if isinstance(value, bool):
        return words.say("tech.yes" if value else "tech.no")
    choice = f"option.{change.section}.{change.key}.choice.{value}"
    if words.knows(choice):
        return words.say(choice)
    option = next((each for each in SECTIONS.get(change.section, ()) if each.key == change.key), None)
    text = "" if value is None else shown_text(option, value) if option is not None else str(value)
    return text or "–"
