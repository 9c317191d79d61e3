"""What the customer's window needs of the guides: opened, touched, drawn; read from their files when first opened."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path

from pos_client.domain.catalogue import Catalogue
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.customer import guide_steps as v
from pos_client.ui.customer.view import CustomerView
from pos_client.ui.guides.book import Guide, read_guides
from pos_client.ui.guides.places import places

log = logging.getLogger(__name__)


class Reader:
    """One reader at the screen. `folder`: the guides of all languages."""

    def __init__(self, folder: Path, clock: Callable[[], int]) -> None:
        self._folder, self._clock = folder, clock
        self._guides: dict[str, tuple[Guide, ...]] = {}
        self.reading: v.Reading | None = None

    def open(self, words: Catalogue) -> None:
        """The list of guides; nothing when the files of an installation are damaged."""
        if self._of(words):
            self.reading = v.opened(self._clock())

    def touch(self, key: int | KeypadKey, words: Catalogue, snapshot: TerminalSnapshot | None) -> None:
        """A touched answer."""
        if self.reading is not None and snapshot is not None:
            steps = [len(guide.told(places(snapshot))) for guide in self._of(words)]
            self.reading = v.touched(self.reading, key, steps, self._clock())

    def view(self, words: Catalogue, snapshot: TerminalSnapshot | None) -> CustomerView | None:
        """The page to be shown; None while nobody reads. A sale that needs the screen, or time, ends the reading."""
        now = self._clock()
        if not v.goes_on(self.reading, snapshot, now):
            self.reading = None
        if self.reading is None or snapshot is None:
            return None
        guides, filled = self._of(words), places(snapshot)
        return v.guide_view(words, guides, [guide.told(filled) for guide in guides], self.reading, now)

    def _of(self, words: Catalogue) -> tuple[Guide, ...]:
        if words.language not in self._guides:
            try:
                self._guides[words.language] = read_guides(self._folder, words.language)
            except (OSError, ValueError, KeyError) as damaged:
                log.warning("no guides: %r", damaged)
                self._guides[words.language] = ()
        return self._guides[words.language]
