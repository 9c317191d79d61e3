"""A line at work in words: how it fares, what a point said to a test, which points of a draft answered. No Qt."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import litres, money
from pos_client.domain.fuelling_point import LinkState
from pos_client.domain.port_finding import ProbeProgress, ProbeStep
from pos_client.services.snapshots import LineSnapshot, PointTest, TerminalSnapshot
from pos_client.settings.model import LineSettings
from pos_client.ui.technician.view_model import LINK_TONE, line_light, sentence
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import age
from pos_client.value import dataclass

SHAPES = {
    Tone.DONE: Shape.TICK,
    Tone.PROGRESS: Shape.DOTS,
    Tone.UNKNOWN: Shape.QUESTION,
    Tone.DANGER: Shape.CROSS,
    Tone.NEUTRAL: Shape.RING,
    Tone.ATTENTION: Shape.BELL,
}
NARROW = "\u00a0"
"""Keeps a figure and its unit on one line."""
UNTRIED = frozenset({"another_master", "noise"})
"""`ProbeProgress.detail` of an examination in which nobody was asked."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure under its caption."""

    caption: str
    text: str
    tone: Tone = Tone.NEUTRAL


@dataclass(frozen=True, slots=True)
class LineFacts:
    """The live light in full. `runs`: the terminal has such a line at work, so it can be restarted and asked."""

    state: str
    tone: Tone
    figures: tuple[Figure, ...] = ()
    runs: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a test, in sentences."""

    text: str
    tone: Tone = Tone.NEUTRAL


def line_facts(words: Catalogue, name: str, lines: tuple[LineSnapshot, ...]) -> LineFacts:
    """The light of a line, and the figures of its last second."""
    line = next((each for each in lines if each.name == name), None)
    light = line_light(words, name, lines)
    if line is None:
        return LineFacts(words.say("tech.live.not_running"), Tone.NEUTRAL)
    up = line.state in (LinkState.UP, LinkState.DEGRADED)
    cycle = words.say("tech.live.ms", ms=line.cycle_ms) if line.cycle_ms and up else "–"
    shown = (
        Figure(words.say("tech.live.device"), line.device or "–"),
        Figure(words.say("tech.live.cycle"), cycle),
        Figure(words.say("tech.live.answered"), _count(line.answered, up)),
        Figure(words.say("tech.live.unanswered"), _count(line.unanswered, up), _bad(line.unanswered, up)),
        Figure(words.say("tech.live.damaged"), _count(line.damaged, up), _bad(line.damaged, up)),
    )
    return LineFacts(light.state, LINK_TONE[line.state], shown, runs=True)


def _count(count: int, up: bool) -> str:
    return str(count) if up else "–"


def _bad(count: int, up: bool) -> Tone:
    return Tone.UNKNOWN if up and count else Tone.NEUTRAL


def point_outcome(words: Catalogue, test: PointTest, now: int) -> Outcome:
    """What a point said, or how long it has been asked."""
    point = words.say("tech.point", point=test.point)
    if test.outcome is None:
        return Outcome(words.say("tech.test.asking", point=point, age=age(words, now - test.since_ticks_ms)))
    parts = [words.say(f"tech.test.{test.outcome}", point=point, ms=test.round_trip_ms or 0)]
    if test.state is not None:
        state = words.say(f"state.{test.state.value.partition('_')[0]}")
        parts.append(words.say("tech.test.state_is", state=state))
    parts += [
        words.say("tech.test.total", nozzle=nozzle, litres=litres(total_ml)) for nozzle, total_ml in test.totalizers
    ]
    parts += [words.say("tech.test.price", nozzle=nozzle, price=money(price)) for nozzle, price in test.prices]
    tone = {"done": Tone.DONE, "no_answer": Tone.DANGER}.get(test.outcome, Tone.UNKNOWN)
    return Outcome(" · ".join(parts).replace(" đ", NARROW + "đ"), tone)


def draft_outcome(words: Catalogue, line: LineSettings, progress: ProbeProgress, elapsed_ms: int) -> Outcome:
    """How the points of a line that does not run yet answered, as it is set."""
    if progress.step in (ProbeStep.OPENING, ProbeStep.LISTENING, ProbeStep.ASKING):
        step = words.say(f"probe.step.{progress.step.value}", trying=progress.trying)
        return Outcome(
            words.say("tech.test.trying", step=step, percent=progress.done_percent, age=age(words, elapsed_ms)),
            Tone.PROGRESS,
        )
    remark = probe_remark(words, progress)
    if progress.step is not ProbeStep.DONE or progress.detail in UNTRIED:
        return Outcome(remark, Tone.DANGER if progress.step is not ProbeStep.CANCELLED else Tone.NEUTRAL)
    answering = {address for finding in progress.findings for address in finding.addresses}
    said = {True: "probe.point_answers", False: "probe.point_silent"}
    told = [words.say(said[p.address in answering], point=p.point, address=p.address) for p in line.points]
    everybody = all(point.address in answering for point in line.points)
    tone = Tone.DONE if everybody else Tone.UNKNOWN if answering else Tone.DANGER
    return Outcome(sentence(" · ".join(told)), tone)


def probe_remark(words: Catalogue, progress: ProbeProgress) -> str:
    """What there is to say about an examination as a whole."""
    key = f"probe.detail.{progress.detail}"
    detail = words.say(key) if words.knows(key) else progress.detail
    if progress.step is ProbeStep.FAILED:
        busy = any(word in detail.lower() for word in ("lock", "busy"))
        denied = any(word in detail.lower() for word in ("denied", "permission"))
        advice = words.say("tech.ports.do_busy" if busy else "tech.ports.do_denied" if denied else "tech.ports.do_away")
        return words.say("tech.ports.failed", detail=detail, advice=advice)
    if progress.step is ProbeStep.CANCELLED:
        return words.say("probe.step.cancelled")
    return detail


def points_of(snapshot: TerminalSnapshot | None, numbers: tuple[int, ...]) -> tuple[int, ...]:
    """Of some numbers those the terminal has at work."""
    there = {int(point.point) for point in snapshot.points} if snapshot is not None else set()
    return tuple(number for number in numbers if number in there)
