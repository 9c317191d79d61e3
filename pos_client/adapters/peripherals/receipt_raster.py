"""A receipt as a black and white picture: Vietnamese looks right on any printer, whatever letters it knows.

Drawn with the bundled font, because a counter's computer may have none that knows Vietnamese. Nothing here is imported
before the printer's thread calls it: Pillow and qrcode are slow to load.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pos_client.domain.paper import Align, Line, Style

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw
    from PIL.ImageFont import FreeTypeFont

DOTS_WIDE = 576
"""80 mm paper at 203 dots an inch."""
DOTS_NARROW = 384
"""58 mm paper."""
NARROW_UP_TO_COLUMNS = 34

_FACES = {
    Style.PLAIN: ("BeVietnamPro_500Medium.ttf", 22),
    Style.STRONG: ("BeVietnamPro_700Bold.ttf", 22),
    Style.LARGE: ("BeVietnamPro_700Bold.ttf", 30),
}
"""Medium instead of regular: thin strokes break up on thermal paper."""
_LEADING = 1.6
_HEADROOM = 0.26
"""Line height, and what is left free above the font's own ascent, by size: a capital may carry two marks (Ễ, Ẩ), and
without the room NGUYỄN is printed as NGUYÊN."""
_BETWEEN_DOTS = 14
"""The least between a left and a right part."""
_QR_DOTS_PER_MODULE = 6
_RULER_HEIGHT, _TENTH, _COLUMN = 44, 18, 8
"""Dots: of the strip, of the mark at each tenth column, of every other mark."""
_WHITE, _BLACK = 255, 0


def dots_for(columns: int) -> int:
    """Width of the paper in dots that a printer of so many columns has."""
    return DOTS_NARROW if columns <= NARROW_UP_TO_COLUMNS else DOTS_WIDE


def draw(lines: tuple[Line, ...], fonts: Path, dots: int, columns: int = 0) -> Image:
    """The picture, `dots` wide, one bit a dot, as high as the lines need; `columns` are what a ruler counts.
    Raises `OSError` when a font is missing."""
    from PIL import Image

    strips = [strip for line in lines for strip in _Pen(fonts, dots, columns).strips(line)]
    picture = Image.new("L", (dots, sum(strip.height for strip in strips)), _WHITE)
    top = 0
    for strip in strips:
        picture.paste(strip, (0, top))
        top += strip.height
    return picture.convert("1", dither=Image.Dither.NONE)


class _Pen:
    """Draws one line at a time."""

    def __init__(self, fonts: Path, dots: int, columns: int) -> None:
        self._fonts = fonts
        self._dots, self._columns = dots, columns

    def strips(self, line: Line) -> Iterator[Image]:
        """The line as pictures one below the other: more than one when the letters are wider than the paper."""
        match line.style:
            case Style.RULE:
                strip, pen = self._strip(12)
                pen.line((0, 6, self._dots, 6), fill=_BLACK, width=2)
                yield strip
            case Style.GAP:
                yield self._strip(14)[0]
            case Style.QR:
                yield self._qr(line.left)
            case Style.RULER:
                yield self._ruler()
            case _:
                yield from self._text(line)

    def _strip(self, height: int) -> tuple[Image, ImageDraw]:
        from PIL import Image, ImageDraw

        strip = Image.new("L", (self._dots, height), _WHITE)
        return strip, ImageDraw.Draw(strip)

    def _ruler(self) -> Image:
        strip, pen = self._strip(_RULER_HEIGHT)
        font = self._font(Style.PLAIN)
        for column in range(1, self._columns + 1):
            right = self._dots * column // self._columns - 1
            tenth = column % 10 == 0
            pen.line((right, 0, right, _TENTH if tenth else _COLUMN), fill=_BLACK, width=1)
            if tenth:
                pen.text((right, _TENTH), str(column), font=font, fill=_BLACK, anchor="rt")
        return strip

    def _text(self, line: Line) -> Iterator[Image]:
        font = self._font(line.style)
        wide = font.getlength
        if line.left and line.right and wide(line.left) + _BETWEEN_DOTS + wide(line.right) > self._dots:
            yield from self._text(Line(line.left, "", line.align, line.style))
            yield from self._text(Line("", line.right, line.align, line.style))
            return
        for left in self._wrapped(line.left, font):
            strip, pen = self._strip(round(font.size * _LEADING))
            down = round(font.size * _HEADROOM)
            start = (self._dots - wide(left)) / 2 if line.align is Align.CENTRE and not line.right else 0
            pen.text((start, down), left, font=font, fill=_BLACK)
            if line.right:
                pen.text((self._dots - wide(line.right), down), line.right, font=font, fill=_BLACK)
            yield strip

    def _wrapped(self, text: str, font: FreeTypeFont) -> Iterator[str]:
        """The text in pieces that fit, at spaces where there are some; an empty text is one empty piece."""
        piece = ""
        for word in text.split(" "):
            if piece and font.getlength(f"{piece} {word}") <= self._dots:
                piece = f"{piece} {word}"
                continue
            if piece:
                yield piece
            piece = word
            while font.getlength(piece) > self._dots:
                fits = next(n for n in range(len(piece) - 1, 0, -1) if font.getlength(piece[:n]) <= self._dots)
                yield piece[:fits]
                piece = piece[fits:]
        yield piece

    def _font(self, style: Style) -> FreeTypeFont:
        from PIL import ImageFont

        name, size = _FACES[style]
        return ImageFont.truetype(str(self._fonts / name), size)

    def _qr(self, payload: str) -> Image:
        import qrcode

        code = qrcode.QRCode(border=4, error_correction=qrcode.ERROR_CORRECT_M)
        code.add_data(payload)
        modules = code.get_matrix()
        side = min(_QR_DOTS_PER_MODULE, self._dots // len(modules))
        strip, pen = self._strip(side * len(modules))
        left = (self._dots - side * len(modules)) // 2
        for down, row in enumerate(modules):
            for across, dark in enumerate(row):
                if dark:
                    x, y = left + across * side, down * side
                    pen.rectangle((x, y, x + side - 1, y + side - 1), fill=_BLACK)
        return strip
