"""A receipt as the bytes an ESC/POS printer understands, by python-escpos.

The library is loaded here and only when the first receipt is printed, in the printer's thread: it takes 0.4 s, and
unpacks its printer database into a folder it never removes.
"""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from pos_client.adapters.peripherals.receipt_raster import dots_for, draw
from pos_client.domain.paper import Line, Style, text_of

if TYPE_CHECKING:
    from escpos.printer import Dummy

PROFILE = "TM-T20II"
"""80 mm, 576 dots, knows TCVN-3 pages: what the clones on the market copy."""


@cache
def _driver() -> ModuleType:
    from escpos import capabilities, printer

    if "ESCPOS_CAPABILITIES_PICKLE_DIR" not in os.environ:
        shutil.rmtree(capabilities.pickle_dir, ignore_errors=True)
    return printer  # type: ignore[no-any-return]  # the library ships no types


def as_raster(lines: tuple[Line, ...], columns: int, fonts: Path) -> bytes:
    """The receipt as one picture (`GS v 0`), fed and cut. Raises `OSError` when a font is missing."""
    paper: Dummy = _driver().Dummy(profile=PROFILE)
    paper.hw("INIT")
    paper.image(draw(lines, fonts, dots_for(columns)), impl="bitImageRaster")
    paper.cut()
    return bytes(paper.output)


def as_code_pages(lines: tuple[Line, ...], columns: int) -> bytes:
    """The receipt as letters of the printer's own, switching code pages; fewer bytes, for printers that know TCVN-3."""
    paper: Dummy = _driver().Dummy(profile=PROFILE)
    paper.hw("INIT")
    for line in lines:
        if line.style is Style.QR:
            paper.set(align="center")
            paper.qr(line.left, size=6, native=True)
        else:
            paper.set(align="left", bold=line.style in (Style.STRONG, Style.LARGE))
            paper.textln(text_of(line, columns))
    paper.cut()
    return bytes(paper.output)
