"""The status strip, the message bar and the key bar in words: what must be in sight whatever else happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock
from pos_client.domain.fuelling_point import FuellingPointState, LinkState
from pos_client.services.snapshots import QueueSnapshot, TerminalSnapshot
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import SHAPE_OF, TONE_OF, age, notice_text


@dataclass(frozen=True, slots=True)
class Light:
    """One light of the strip: its dot takes the tone; a word in trouble takes it too."""

    text: str
    tone: Tone


@dataclass(frozen=True, slots=True)
class StripView:
    """The status strip."""

    place: str
    lights: tuple[Light, ...]
    queue: Light
    clock: str


_CENTRAL_TONE = {
    LinkState.UP: Tone.DONE,
    LinkState.PROBING: Tone.PROGRESS,
    LinkState.DEGRADED: Tone.UNKNOWN,
    LinkState.DOWN: Tone.ATTENTION,
}
_PRINTER_TONE = {"ready": Tone.DONE, "failed": Tone.ATTENTION, "absent": Tone.NEUTRAL}
"""By the printer state's stored name: the port that declares it is not the screens' to know."""


def strip_view(words: Catalogue, snapshot: TerminalSnapshot | None, now: int) -> StripView:
    """The strip; before the first snapshot it says that we are starting."""
    if snapshot is None:
        return StripView("", (Light(words.say("strip.starting"), Tone.PROGRESS),), Light("", Tone.NEUTRAL), "")
    status = snapshot.status
    central_age = age(words, now - status.central_since_ticks_ms)
    printer = str(status.printer.value)
    lights = [
        Light(words.say(f"strip.central_{status.central.value}", age=central_age), _CENTRAL_TONE[status.central]),
        _points_light(words, status.points_up, status.points_total),
        Light(words.say("strip.keypad"), Tone.DONE)
        if status.keypad
        else Light(words.say("strip.keypad_missing"), Tone.ATTENTION),
        Light(words.say(f"strip.printer_{printer}"), _PRINTER_TONE[printer]),
    ]
    if not status.store_ok:
        lights.insert(0, Light(words.say("strip.store_broken"), Tone.DANGER))
    wall = snapshot.wall + timedelta(milliseconds=max(0, now - snapshot.ticks_ms))
    place = " · ".join(part for part in (status.station, status.station_name, status.cashier) if part)
    return StripView(place, tuple(lights), _queue_light(words, status.queue, now), clock(wall))


def _points_light(words: Catalogue, up: int, total: int) -> Light:
    if total == 0:
        return Light(words.say("strip.points_none"), Tone.UNKNOWN)
    tone = Tone.DONE if up == total else Tone.DANGER
    return Light(words.say("strip.points", up=up, total=total), tone)


def _queue_light(words: Catalogue, queue: QueueSnapshot, now: int) -> Light:
    if queue.parked:
        return Light(words.say("strip.queue_parked", waiting=queue.waiting, parked=queue.parked), Tone.DANGER)
    if queue.waiting == 0 and queue.in_doubt == 0:
        return Light(words.say("strip.queue_empty"), Tone.NEUTRAL)
    if queue.in_doubt:
        return Light(words.say("strip.queue_doubt", waiting=queue.waiting, doubt=queue.in_doubt), Tone.UNKNOWN)
    waited = age(words, now - queue.oldest_ticks_ms) if queue.oldest_ticks_ms is not None else age(words, 0)
    return Light(words.say("strip.queue", waiting=queue.waiting, age=waited), Tone.UNKNOWN)


@dataclass(frozen=True, slots=True)
class MessageView:
    """What happened · what it means for points and money · the key to press."""

    tone: Tone
    shape: Shape
    what: str
    means: str = ""
    key: str = ""


def message_view(words: Catalogue, snapshot: TerminalSnapshot | None, now: int) -> MessageView:
    """The notice, if there is one; else the next thing to do; else that there is nothing."""
    if snapshot is None or not snapshot.ready:
        return MessageView(
            Tone.PROGRESS, Shape.DOTS, words.say("message.starting"), words.say("message.starting_means")
        )
    if snapshot.notice is not None:
        said = notice_text(words, snapshot.notice)
        severity = snapshot.notice.severity
        return MessageView(TONE_OF[severity], SHAPE_OF[severity], said.what, said.means, said.key)
    unpaid = [u.since_ticks_ms for p in snapshot.points for u in p.unpaid]
    calling = sum(1 for p in snapshot.points if p.state is FuellingPointState.CALLING and p.link is not LinkState.DOWN)
    if unpaid and snapshot.sale is None:
        name = "message.waiting" if len(unpaid) > 1 else "message.waiting_one"
        what = words.say(name, count=len(unpaid), age=age(words, now - min(unpaid)))
        return MessageView(Tone.NEUTRAL, Shape.COIN, what, words.say("message.waiting_key"))
    if calling:
        what = words.say("message.calling", count=calling)
        return MessageView(Tone.NEUTRAL, Shape.BELL, what, words.say("message.calling_key"))
    return MessageView(Tone.NEUTRAL, Shape.RING, words.say("message.calm"), words.say("message.calm_hint"))


@dataclass(frozen=True, slots=True)
class BarKey:
    """A key of the bar: `cap` is on the keyboard, `label` what it does, `name` which key it stands for."""

    name: str
    cap: str
    label: str
    enabled: bool = True


def bar_view(words: Catalogue, snapshot: TerminalSnapshot | None, waiting_digit: str = "") -> tuple[BarKey, ...]:
    """The bottom bar. Keys that cannot do anything now are dimmed, not moved."""
    ready = snapshot is not None and snapshot.ready
    numbers = sorted(int(p.point) for p in snapshot.points) if snapshot is not None else []
    cap = f"{numbers[0]}–{numbers[-1]}" if numbers else "1–9"
    label = words.say("bar.pumps_pair", digit=waiting_digit) if waiting_digit else words.say("bar.pumps")
    waiting = snapshot is not None and any(p.unpaid for p in snapshot.points)
    calling = snapshot is not None and any(p.state is FuellingPointState.CALLING for p in snapshot.points)
    return (
        BarKey("", cap, label, ready and bool(numbers)),
        BarKey("space", "Space", words.say("bar.oldest"), ready and waiting),
        BarKey("f2", "F2", words.say("bar.identify"), ready),
        BarKey("f3", "F3", words.say("bar.preset"), ready and calling),
        BarKey("f5", "F5", words.say("bar.authorise"), ready and calling),
        BarKey("f8", "F8", words.say("bar.reprint"), ready and snapshot is not None and snapshot.receipt is not None),
        BarKey("esc", "Esc", words.say("bar.back"), ready),
        BarKey("f12", "F12", words.say("bar.technician"), True),
    )
