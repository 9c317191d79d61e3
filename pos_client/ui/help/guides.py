"""The customers' guides as chapters of help: the cashier reads there what he is asked about (A35)."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from pos_client.domain.catalogue import Catalogue
from pos_client.services.snapshots import TerminalSnapshot
from pos_client.ui.guides.book import Guide, Step
from pos_client.ui.guides.places import places
from pos_client.ui.help.book import Book, Chapter
from pos_client.ui.help.topics import GUIDE_TOPICS


def guide_chapters(guides: Iterable[Guide], words: Catalogue, snapshot: TerminalSnapshot, pictures: Path) -> Book:
    """A chapter a guide, its numbers in it. `pictures`: the folder of the customer's screens."""
    filled = places(snapshot)
    return {GUIDE_TOPICS[guide.name]: _chapter(guide.title, guide.told(filled), words, pictures) for guide in guides}


def _chapter(title: str, steps: tuple[Step, ...], words: Catalogue, pictures: Path) -> Chapter:
    shown: list[Path | None] = [None]
    for before, step in zip(("", *(each.picture for each in steps)), steps, strict=False):
        new = step.picture not in ("", before)
        shown.append(pictures / f"{words.language}-{step.picture}.png" if new else None)
    return Chapter(
        words.say("help.guide", title=title),
        (words.say("help.guide_for"), *(f"{n}. {step.text}" for n, step in enumerate(steps, start=1))),
        (),
        pictures=tuple(shown),
    )
