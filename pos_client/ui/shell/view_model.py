"""The status strip, the message bar and the key bar in words: what must be in sight whatever else happens."""

from __future__ import annotations

from datetime import timedelta

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import clock, grouped
from pos_client.domain.fuelling_point import LinkState
from pos_client.services.messages import CustomerScreen
from pos_client.services.snapshots import QueueSnapshot, StatusSnapshot, TailSnapshot, TerminalSnapshot
from pos_client.ui.keys import BarKey
from pos_client.ui.more.availability import CLOSING, calls, may_authorise, shift_open, stopped
from pos_client.ui.tone import Shape, Tone
from pos_client.ui.wording import SHAPE_OF, TONE_OF, age, counted, notice_text
from pos_client.value import dataclass


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


TAIL_SAID_MS, TAIL_OLD_MS = 60_000, 180_000
"""When the tail of the journal is spoken of, and when it is not as it should be."""
_CENTRAL_TONE = {
    LinkState.UP: Tone.DONE,
    LinkState.PROBING: Tone.PROGRESS,
    LinkState.DEGRADED: Tone.UNKNOWN,
    LinkState.DOWN: Tone.ATTENTION,
}
_PRINTER_TONE = {"ready": Tone.DONE, "failed": Tone.ATTENTION, "absent": Tone.NEUTRAL}
"""By the printer state's stored name: the port that declares it is not the screens' to know."""


def _printer_light(words: Catalogue, status: StatusSnapshot) -> Light:
    state, trouble = str(status.printer.value), status.printer_trouble
    if trouble is None:
        return Light(words.say(f"strip.printer_{state}"), _PRINTER_TONE[state])
    return Light(words.say(f"strip.printer.{trouble.value}"), Tone.ATTENTION)


def _keypad_light(words: Catalogue, status: StatusSnapshot) -> Light:
    if status.keypad:
        return Light(words.say("strip.keypad"), Tone.DONE)
    trouble = status.keypad_trouble
    said = "strip.keypad_missing" if trouble is None else f"strip.keypad_trouble.{trouble.value}"
    return Light(words.say(said), Tone.ATTENTION)


def strip_view(words: Catalogue, snapshot: TerminalSnapshot | None, now: int) -> StripView:
    """The strip; before the first snapshot it says that we are starting."""
    if snapshot is None:
        return StripView("", (Light(words.say("strip.starting"), Tone.PROGRESS),), Light("", Tone.NEUTRAL), "")
    status = snapshot.status
    central_age = age(words, now - status.central_since_ticks_ms)
    lights = [
        Light(words.say(f"strip.central_{status.central.value}", age=central_age), _CENTRAL_TONE[status.central]),
        _points_light(words, status.points_up, status.points_total),
        _keypad_light(words, status),
        _printer_light(words, status),
    ]
    if status.customer_screen is not CustomerScreen.OWN:
        tone = Tone.ATTENTION if status.customer_screen is CustomerScreen.MISSING else Tone.NEUTRAL
        lights.append(Light(words.say(f"strip.customer_screen_{status.customer_screen.value}"), tone))
    if (tail := _tail_light(words, status.queue.tail, snapshot)) is not None:
        lights.append(tail)
    if status.list_age_ms is not None:
        word, tone = ("list_expired", Tone.DANGER) if status.list_too_old else ("list_old", Tone.ATTENTION)
        lights.append(Light(words.say(f"strip.{word}", age=age(words, status.list_age_ms)), tone))
    if not status.store_ok:
        lights.insert(0, Light(words.say("strip.store_broken"), Tone.DANGER))
    wall = snapshot.wall + timedelta(milliseconds=max(0, now - snapshot.ticks_ms))
    place = " · ".join(part for part in (status.station, _shift(words, snapshot), status.station_name) if part)
    return StripView(place, tuple(lights), _queue_light(words, status.queue, now), clock(wall))


def _shift(words: Catalogue, snapshot: TerminalSnapshot) -> str:
    """Who sells, and since when; or that no shift is open."""
    shift = snapshot.shift
    if shift is None or not shift_open(snapshot):
        return words.say("strip.no_shift")
    name = "strip.shift_closing" if shift.phase in CLOSING else "strip.shift"
    return words.say(name, cashier=shift.cashier, time=clock(shift.opened_at))


def _points_light(words: Catalogue, up: int, total: int) -> Light:
    if total == 0:
        return Light(words.say("strip.points_none"), Tone.UNKNOWN)
    tone = Tone.DONE if up == total else Tone.DANGER
    return Light(words.say("strip.points", up=up, total=total), tone)


def _tail_light(words: Catalogue, tail: TailSnapshot, snapshot: TerminalSnapshot) -> Light | None:
    """Records head office has not acknowledged: said when the oldest waits longer than it takes when all is well."""
    if tail.oldest is None:
        return None
    waited_ms = int((snapshot.wall - tail.oldest).total_seconds() * 1000)
    if waited_ms < TAIL_SAID_MS:
        return None
    text = words.say("strip.tail", records=grouped(tail.records), age=age(words, waited_ms))
    return Light(text, Tone.UNKNOWN if waited_ms >= TAIL_OLD_MS else Tone.NEUTRAL)


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
        what = counted(said.what, snapshot)
        return MessageView(TONE_OF[severity], SHAPE_OF[severity], what, said.means, said.key)
    rising = [p for p in snapshot.points if p.rises and calls(p)]
    if rising:
        first = min(rising, key=lambda p: p.since_ticks_ms)
        waited = age(words, now - first.since_ticks_ms)
        what = words.say("message.rises", point=first.point, age=waited)
        return MessageView(Tone.ATTENTION, Shape.BELL, what, words.say("message.calling_key"))
    if waits := len(stopped(snapshot)):
        what = words.say("message.stopped", count=waits)
        return MessageView(Tone.ATTENTION, Shape.PAUSE, what, words.say("message.stopped_key"))
    unpaid = [u.since_ticks_ms for p in snapshot.points for u in p.unpaid if not u.holder]
    calling = sum(map(calls, snapshot.points))
    if unpaid and snapshot.sale is None:
        name = "message.waiting" if len(unpaid) > 1 else "message.waiting_one"
        what = words.say(name, count=len(unpaid), age=age(words, now - min(unpaid)))
        return MessageView(Tone.NEUTRAL, Shape.COIN, what, words.say("message.waiting_key"))
    if calling:
        what = words.say("message.calling", count=calling)
        return MessageView(Tone.NEUTRAL, Shape.BELL, what, words.say("message.calling_key"))
    return MessageView(Tone.NEUTRAL, Shape.RING, words.say("message.calm"), words.say("message.calm_hint"))


def bar_view(words: Catalogue, snapshot: TerminalSnapshot | None, waiting_digit: str = "") -> tuple[BarKey, ...]:
    """The bottom bar of the home screen. Keys that cannot do anything now are dimmed, not moved."""
    ready = snapshot is not None and snapshot.ready
    points = snapshot.points if snapshot is not None else ()
    numbers = sorted(int(p.point) for p in points)
    cap = f"{numbers[0]}–{numbers[-1]}" if numbers else "1–9"
    label = words.say("bar.pumps_pair", digit=waiting_digit) if waiting_digit else words.say("bar.pumps")
    waiting = any(not u.holder for p in points for u in p.unpaid)
    return (
        BarKey("", cap, label, ready and bool(numbers)),
        BarKey("space", "Space", words.say("bar.oldest"), ready and waiting),
        BarKey("f2", "F2", words.say("bar.identify"), ready),
        BarKey("f3", "F3", words.say("bar.preset"), ready and any(map(may_authorise, points))),
        BarKey("f5", "F5", words.say("bar.authorise"), ready and any(map(calls, points))),
        BarKey("f7", "F7", words.say("bar.bill"), ready and snapshot is not None and snapshot.sale is not None),
        BarKey("f8", "F8", words.say("bar.reprint"), ready and snapshot is not None and snapshot.receipt is not None),
        BarKey("esc", "Esc", words.say("bar.back"), ready),
        BarKey("f12", "F12", words.say("bar.more")),
    )


@dataclass(frozen=True, slots=True)
class StopView:
    """The red key. `held`: what holding it does now, "" when there is nothing to let go on."""

    label: str
    cap: str
    held: str = ""


def stop_view(words: Catalogue, snapshot: TerminalSnapshot | None) -> StopView:
    """It always stops; held, it asks why the stopped pumps may go on."""
    waits = snapshot is not None and snapshot.ready and bool(stopped(snapshot))
    held = words.say("bar.hold_to_restart") if waits else ""
    return StopView(words.say("bar.stop_all"), words.say("bar.stop_all_key"), held)
