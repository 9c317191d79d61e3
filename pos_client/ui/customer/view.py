"""The values a page of the customer's screen is drawn from, and what pages are made from. No Qt."""

from __future__ import annotations

from enum import StrEnum

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import points
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import DialogueState, TerminalSnapshot
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age, seconds_left
from pos_client.value import dataclass


class Side(StrEnum):
    """What stands on the right."""

    KEYPAD = "keypad"
    QR = "qr"
    COUNTER = "counter"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class Choice:
    """An answer; its key (`cap` is written on it) is pressed on the keypad or touched here."""

    key: int | KeypadKey
    cap: str
    label: str
    figure: str = ""


@dataclass(frozen=True, slots=True)
class CustomerView:
    """One page. Empty parts take no room."""

    state: DialogueState = DialogueState.WELCOME
    place: str = ""
    place_detail: str = ""
    clock: str = ""
    title: str = ""
    title_tone: Tone = Tone.NEUTRAL
    subtitle: str = ""
    statement: str = ""
    entered: str | None = None
    placeholder: str = ""
    dots: tuple[int, int] | None = None
    name: str = ""
    """of whom this is about; masked"""
    figure_label: str = ""
    figure: str = ""
    """an amount of money, the largest thing on the page"""
    figure_note: str = ""
    rows: tuple[Row, ...] = ()
    rows_title: str = ""
    rows_note: str = ""
    guides: str = ""
    """the offer to read how it is done; empty: not now"""
    choices: tuple[Choice, ...] = ()
    keys: tuple[Choice, ...] = ()
    """answers side by side at the foot, where they stay whatever the page says"""
    news: str = ""
    """what is wrong with what was typed"""
    counter: str = ""
    """how long this waits"""
    counter_tone: Tone = Tone.UNKNOWN
    hints: tuple[str, ...] = ()
    side: Side = Side.KEYPAD
    side_label: str = ""
    side_figure: str = ""
    side_note: str = ""
    qr_text: str = ""
    picture: str = ""
    """of a guide: the name of a picture of this screen"""


@dataclass(frozen=True, slots=True)
class Page:
    """What a page is made from."""

    words: Catalogue
    snapshot: TerminalSnapshot
    now: int
    since: int

    def say(self, key: str, **places: object) -> str:
        """A word of the customer's screen."""
        return self.words.say(f"customer.{key}", **places)

    def hotline(self) -> str:
        """Whom to call."""
        return self.say("hotline", hotline=self.snapshot.status.hotline)

    def left(self, name: str = "countdown", *, within_s: int | None = None) -> str:
        """What the dialogue's deadline leaves, in words; nothing without one, or while more than `within_s` is left."""
        seconds = seconds_left(self.snapshot.dialogue.deadline_ticks_ms, self.now)
        if seconds is None or (within_s is not None and seconds > within_s):
            return ""
        return self.say(name, age=age(self.words, seconds * 1000))


def earn_rows(page: Page) -> tuple[Row, ...]:
    """What each tender would bring, tenders that bring the same together."""
    sale, words = page.snapshot.sale, page.words
    if sale is None or sale.due_vnd <= 0:
        return ()
    by_points: dict[int, list[str]] = {}
    for preview in sale.previews:
        by_points.setdefault(preview.points, []).append(words.say(f"tender.{preview.kind.value}"))
    return tuple(
        Row(page.say("earn_line", tender=", ".join(names)), words.say("unit.points_plus", points=points(n)), Tone.DONE)
        for n, names in by_points.items()
    )
