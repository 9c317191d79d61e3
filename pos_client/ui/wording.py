"""Numbers and notices as words of one language. Plain functions over the catalogue; view models share them."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import litres, points
from pos_client.services import notices
from pos_client.services.notices import Said
from pos_client.services.snapshots import Notice, Severity, TerminalSnapshot
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


def notice_text(words: Catalogue, notice: Notice) -> Said:
    """The three parts of a notice. A code without words, or words with an unfilled place, is said as its code: a gap
    in a text must never take the message away."""
    known = words.knows(f"notice.{notice.code}.what") or (
        notice.code.startswith("central_") and words.knows("notice.central_other.what")
    )
    try:
        return notices.say(notice, words) if known else Said(notice.code, "", "")
    except KeyError:
        return Said(notice.code, "", "")


def signed(count: int) -> str:
    """'+450', '-186.400'."""
    return f"{'+' if count > 0 else '-' if count < 0 else ''}{points(abs(count))}"


def counted(what: str, snapshot: TerminalSnapshot) -> str:
    """What a notice says, the first of so many that are not read: `1/3 · ...`; reading it brings the next."""
    return f"1/{snapshot.unread + 1} · {what}" if snapshot.unread else what
