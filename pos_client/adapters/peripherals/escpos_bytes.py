"""A receipt as the bytes an ESC/POS printer understands, by python-escpos.

The library is loaded here and only when the first receipt is printed, in the printer's thread: it takes 0.4 s, and
unpacks its printer database into a folder it never removes.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pos_client.adapters.peripherals.receipt_raster import dots_for, draw
from pos_client.domain.paper import Line, Style, text_of

if TYPE_CHECKING:
    from escpos.printer import Dummy

PICTURE_PROFILE = "TM-T20II"
"""Pictures are the same for all; 576 dots at 203 an inch, what the clones on the market copy."""
BAND = 64
"""Lines of dots a picture is sent in. A job that breaks off leaves the printer waiting for at the most one band."""


@cache
def _driver() -> ModuleType:
    from escpos import capabilities, printer

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return printer  # type: ignore[no-any-return]  # the library ships no types


def as_raster(lines: tuple[Line, ...], columns: int, fonts: Path) -> bytes:
    """The receipt as one picture (`GS v 0`), fed and cut. Raises `OSError` when a font is missing, `ValueError` for
    what python-escpos refuses."""
    with _refusals():
        paper = _paper(PICTURE_PROFILE)
        paper._raw(_picture(lines, columns, fonts))
        paper.cut()
        return bytes(paper.output)


def as_code_pages(lines: tuple[Line, ...], columns: int, fonts: Path, profile: str) -> bytes:
    """The receipt as letters of the printer's own, switching code pages; fewer bytes. A line with a letter that none
    of the printer's pages holds is drawn instead. Raises `ValueError` for a printer python-escpos does not know, and
    for what it refuses."""
    with _refusals():
        paper = _paper(profile)
        for line in lines:
            if line.style is Style.QR:
                paper.set(align="center")
                paper.qr(line.left, size=6, native=True)
            elif _can_write(paper, text := text_of(line, columns)):
                paper.set(align="left", bold=line.style in (Style.STRONG, Style.LARGE))
                paper.textln(text)
            else:
                paper._raw(_picture((line,), columns, fonts))
        paper.cut()
        return bytes(paper.output)


def after_a_broken_job(columns: int) -> bytes:
    """What a printer is sent first when it may still wait for the rest of a picture: a band of nothing, white as part
    of that picture and ignored otherwise."""
    return b"\0" * (dots_for(columns) // 8 * BAND)


@contextmanager
def _refusals() -> Iterator[None]:
    """The library's own errors, which know no others, as one of the language's."""
    from escpos.exceptions import Error

    try:
        yield
    except Error as error:
        raise ValueError(str(error)) from error


def _paper(profile: str) -> Dummy:
    try:
        paper: Dummy = _driver().Dummy(profile=profile)
    except KeyError as error:
        raise ValueError(f"no printer profile {profile!r}") from error
    paper.hw("INIT")
    return paper


def _picture(lines: tuple[Line, ...], columns: int, fonts: Path) -> bytes:
    """Bands of dots. Whatever the printer's own profile says of its width: `columns` says what paper is in it."""
    paper: Dummy = _driver().Dummy(profile=PICTURE_PROFILE)
    paper.image(draw(lines, fonts, dots_for(columns), columns), impl="bitImageRaster", fragment_height=BAND)
    return bytes(paper.output)


def _can_write(paper: Dummy, text: str) -> bool:
    find = paper.magic.encoder.find_suitable_encoding
    return all(find(letter) is not None for letter in set(text))
