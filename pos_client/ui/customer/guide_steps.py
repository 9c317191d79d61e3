"""A guide on the customer's screen: which is open, at which step, and until when. No Qt, no clock.

It is read while nobody needs the screen: a sale that does, or a minute without a touch, ends it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pos_client.domain.catalogue import Catalogue
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.customer.view import Choice, CustomerView, Side
from pos_client.ui.guides.book import Guide, Step
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age, seconds_left
from pos_client.value import dataclass

READ_MS = 60_000
"""Without a touch for so long, the reader has gone."""
READABLE = frozenset({DialogueState.WELCOME, DialogueState.MIRROR})
"""What may wait while somebody reads."""
NEXT, BACK, CLOSE = KeypadKey.OK, KeypadKey.CLEAR, KeypadKey.CANCEL


@dataclass(frozen=True, slots=True)
class Reading:
    """Where the reader is. `guide` None: he chooses one."""

    until_ms: int
    guide: int | None = None
    step: int = 0


def opened(now: int) -> Reading:
    """The list of guides."""
    return Reading(now + READ_MS)


def goes_on(reading: Reading | None, snapshot: TerminalSnapshot | None, now: int) -> bool:
    """Whether somebody still reads, and may."""
    wanted = snapshot is None or snapshot.dialogue.state not in READABLE or snapshot.dialogue.entered != ""
    return reading is not None and not wanted and now < reading.until_ms


def touched(reading: Reading, key: int | KeypadKey, steps: Sequence[int], now: int) -> Reading | None:
    """Where a touch leads; None: back to the idle screen. `steps`: how many each guide has."""
    later = replace(reading, until_ms=now + READ_MS)
    if key is CLOSE:
        return None
    if reading.guide is None:
        chosen = isinstance(key, int) and 1 <= key <= len(steps)
        return replace(later, guide=int(key) - 1, step=0) if chosen else later
    if key is NEXT:
        last = reading.step + 1 >= steps[reading.guide]
        return replace(later, guide=None, step=0) if last else replace(later, step=reading.step + 1)
    if key is BACK:
        return replace(later, guide=None) if reading.step == 0 else replace(later, step=reading.step - 1)
    return later


def guide_view(
    words: Catalogue, guides: Sequence[Guide], told: Sequence[Sequence[Step]], reading: Reading, now: int
) -> CustomerView:
    """The page: the list of guides, or one step of one."""
    left = age(words, (seconds_left(reading.until_ms, now) or 0) * 1000)
    close = Choice(CLOSE, "", words.say("customer.guides.close"))
    view = CustomerView(
        title=words.say("customer.guides.title"),
        counter=words.say("customer.idle_in", age=left),
        counter_tone=Tone.NEUTRAL,
        side=Side.PICTURE,
    )
    if reading.guide is None:
        choices = tuple(Choice(n, str(n), guide.title) for n, guide in enumerate(guides, start=1))
        return replace(
            view, subtitle=words.say("customer.guides.hint"), choices=choices, keys=(close,), picture="welcome"
        )
    guide, steps = guides[reading.guide], told[reading.guide]
    step = steps[reading.step]
    last = reading.step + 1 == len(steps)
    on = Choice(NEXT, "", words.say(f"customer.guides.{'done' if last else 'next'}"))
    back = Choice(BACK, "", words.say("customer.guides.back"))
    return replace(
        view,
        title=guide.title,
        subtitle=words.say("customer.guides.step", step=reading.step + 1, steps=len(steps)),
        statement=step.text,
        keys=(close, back, on),
        picture=step.picture,
    )
