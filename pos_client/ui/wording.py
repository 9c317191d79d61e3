"""Numbers and notices as words of one language. Plain functions over the catalogue; view models share them."""

from __future__ import annotations

from dataclasses import dataclass

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import litres, money, points
from pos_client.services.snapshots import Notice, Severity
from pos_client.ui.tone import Shape, Tone

TONE_OF: dict[Severity, Tone] = {
    Severity.INFO: Tone.PROGRESS,
    Severity.DONE: Tone.DONE,
    Severity.WARNING: Tone.ATTENTION,
    Severity.UNKNOWN: Tone.UNKNOWN,
    Severity.ERROR: Tone.DANGER,
}
SHAPE_OF: dict[Severity, Shape] = {
    Severity.INFO: Shape.DOTS,
    Severity.DONE: Shape.TICK,
    Severity.WARNING: Shape.BELL,
    Severity.UNKNOWN: Shape.QUESTION,
    Severity.ERROR: Shape.BANG,
}
_MONEY_SUFFIX, _POINTS_NAMES = "_vnd", frozenset({"points", "balance", "held", "available"})


def age(words: Catalogue, elapsed_ms: int) -> str:
    """'8 s', '1 phút 05', '2 giờ 10'. Negative times (a clock read a moment too early) count as 0."""
    seconds = max(0, elapsed_ms) // 1000
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    if hours:
        return words.say("age.hours", hours=hours, minutes=f"{left:02d}")
    if minutes:
        return words.say("age.minutes", minutes=minutes, seconds=f"{rest:02d}")
    return words.say("age.seconds", seconds=rest)


def seconds_left(deadline_ticks_ms: int | None, now: int) -> int | None:
    """Whole seconds until a deadline, rounded up, never below 0; None without a deadline."""
    return None if deadline_ticks_ms is None else max(0, -(-(deadline_ticks_ms - now) // 1000))


def said_litres(words: Catalogue, volume_ml: int) -> str:
    """'12,92 lít'."""
    return words.say("unit.litres", litres=litres(volume_ml))


def said_points(words: Catalogue, count: int) -> str:
    """'186.400 điểm'."""
    return words.say("unit.points", points=points(count))


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice in its three parts: what happened, what it means for points and money, the key to press."""

    what: str
    means: str = ""
    key: str = ""


def notice_text(words: Catalogue, notice: Notice) -> NoticeText:
    """The three parts of a notice. A code without words is said as itself; a place without a value stays empty: a
    gap in a text must never take the message away."""
    params = {name: _param(name, value) for name, value in notice.params}
    prefix = f"notice.{notice.code}"
    what, means, key = (_filled(words, f"{prefix}.{part}", params) for part in ("what", "means", "key"))
    return NoticeText(what or notice.code, means, key)


def _filled(words: Catalogue, key: str, params: dict[str, str]) -> str:
    if not words.knows(key):
        return ""
    given = dict(params)
    while True:
        try:
            return words.say(key, **given).strip()
        except KeyError as gap:
            given[str(gap.args[0])] = ""


def _param(name: str, value: int | str) -> str:
    if isinstance(value, str):
        return value
    if name.endswith(_MONEY_SUFFIX) or name == "amount":
        return money(value)
    return points(value) if name in _POINTS_NAMES else str(value)
