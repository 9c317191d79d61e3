"""The order of a receipt's parts, as data: what is printed, and lines of the station's own between. Pure.

`resources/receipts/receipt.toml` is what is shipped; a file of the same shape beside the settings takes its place. What
makes a receipt one (its number, the sale, how it was paid) can be moved and never left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import field
from enum import StrEnum

from pos_client.domain.paper import Align, Line, Style
from pos_client.value import dataclass

PARTS_MOST, TEXT_MOST = 60, 200


class PartName(StrEnum):
    """What can be printed. `POINTS` brings its own rule, and nothing at all where there is no customer."""

    STATION = "station"
    TITLE = "title"
    NUMBERS = "numbers"
    SALE = "sale"
    TENDERS = "tenders"
    POINTS = "points"
    QR = "qr"
    HOTLINE = "hotline"
    THANKS = "thanks"
    RULE = "rule"
    GAP = "gap"


NEEDED = (PartName.TITLE, PartName.NUMBERS, PartName.SALE, PartName.TENDERS)


@dataclass(frozen=True, slots=True)
class Part:
    """A part by its name, or a line of the station's own."""

    name: PartName | None = None
    line: Line = field(default_factory=Line)


@dataclass(frozen=True, slots=True)
class ReceiptTemplate:
    """The parts in order."""

    parts: tuple[Part, ...]


STANDARD = ReceiptTemplate(
    tuple(
        Part(name)
        for name in (
            *(PartName.STATION, PartName.TITLE, PartName.NUMBERS, PartName.RULE, PartName.SALE, PartName.RULE),
            *(PartName.TENDERS, PartName.POINTS, PartName.GAP, PartName.QR, PartName.HOTLINE, PartName.THANKS),
        )
    )
)
"""As the shipped file has it."""


def parse_template(tree: Mapping[str, object]) -> ReceiptTemplate:
    """A file's tables as a template. Raises `ValueError`, naming the place of the first thing that is wrong."""
    given = tree.get("part")
    if set(tree) != {"part"} or not isinstance(given, list) or not 0 < len(given) <= PARTS_MOST:
        raise ValueError(f"a receipt is 1 to {PARTS_MOST} tables [[part]] and nothing else")
    parts = tuple(_parts(given))
    names = [part.name for part in parts]
    for needed in NEEDED:
        if names.count(needed) != 1:
            raise ValueError(f"the part {needed.value!r} has to be there once")
    return ReceiptTemplate(parts)


def _parts(given: list[object]) -> Iterator[Part]:
    for number, table in enumerate(given, start=1):
        where = f"part {number}"
        if not isinstance(table, Mapping):
            raise ValueError(f"{where} is no table")
        if set(table) == {"name"}:
            yield Part(_one_of(PartName, table["name"], where))
            continue
        text = table.get("text")
        if not set(table) <= {"text", "style", "align"} or not isinstance(text, str) or not 0 < len(text) <= TEXT_MOST:
            raise ValueError(f"{where} has a name alone, or a text of 1 to {TEXT_MOST} letters with style and align")
        align = _ALIGNS.get(str(table.get("align", "centre")))
        style = _STYLES.get(str(table.get("style", "plain")))
        if align is None or style is None:
            raise ValueError(
                f"{where}: align is one of {', '.join(map(str, _ALIGNS))}, style one of {', '.join(map(str, _STYLES))}"
            )
        yield Part(line=Line(text, align=align, style=style))


_ALIGNS: dict[str, Align] = {"left": Align.LEFT, "centre": Align.CENTRE}
_STYLES: dict[str, Style] = {"plain": Style.PLAIN, "strong": Style.STRONG, "large": Style.LARGE}


def _one_of(names: type[PartName], given: object, where: str) -> PartName:
    try:
        return names(str(given))
    except ValueError as error:
        raise ValueError(f"{where}: {given!r} is none of {', '.join(name.value for name in names)}") from error
