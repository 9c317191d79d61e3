"""What a person can copy out of a PDF, read by the format's own rules (ISO 32000): streams, fonts, ToUnicode maps.

It knows nothing of the program that wrote the file: a letter the file does not map to Unicode is not read.
"""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\b(.*?)\bendobj", re.DOTALL)
_FONT = re.compile(rb"/(\w+) (\d+) 0 R")
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|<([0-9A-Fa-f]+)>|\bET\b")


def pages(document: bytes) -> list[list[str]]:
    """The texts of each page, one for each run that was drawn."""
    objects = {int(match[1]): match[2] for match in _OBJECT.finditer(document)}
    kids = next(body for body in objects.values() if b"/Type /Pages" in body)
    order = re.findall(rb"(\d+) 0 R", kids.partition(b"/Kids")[2].partition(b"]")[0])
    return [_page(objects, objects[int(number)]) for number in order]


def text(document: bytes) -> str:
    """All of it, a run a line."""
    return "\n".join(" ".join(run.split()) for page in pages(document) for run in page)


def _page(objects: dict[int, bytes], page: bytes) -> list[str]:
    resources = objects[_reference(page, b"Resources")]
    fonts = re.search(rb"/Font <<(.*?)>>", resources, re.DOTALL)
    maps = {
        name: _letters(_stream(objects, _reference(objects[int(font)], b"ToUnicode")))
        for name, font in _FONT.findall(fonts[1] if fonts else b"")
    }
    runs: list[str] = []
    run, letters = "", dict[int, str]()
    for font, codes in (match.groups() for match in _SHOWN.finditer(_stream(objects, _reference(page, b"Contents")))):
        if font:
            letters = maps[font]
        elif codes:
            run += "".join(letters[int(codes[at : at + 4], 16)] for at in range(0, len(codes), 4))
        else:
            runs, run = [*runs, run], ""
    return [each for each in runs if each]


def _reference(body: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", body)
    assert found is not None, name
    return int(found[1])


def _stream(objects: dict[int, bytes], number: int) -> bytes:
    head, _, rest = objects[number].partition(b"stream")
    raw = rest.lstrip(b"\r\n").rpartition(b"endstream")[0]
    return zlib.decompressobj().decompress(raw) if b"/FlateDecode" in head else raw


def _letters(cmap: bytes) -> dict[int, str]:
    """Code -> what it stands for."""
    letters: dict[int, str] = {}
    for block in re.findall(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        for code, value in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>", block):
            letters[int(code, 16)] = bytes.fromhex(value.decode()).decode("utf-16-be")
    for block in re.findall(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for low, high, value in re.findall(
            rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(<[0-9A-Fa-f]+>|\[.*?\])", block, re.DOTALL
        ):
            first, values = int(low, 16), re.findall(rb"<([0-9A-Fa-f]+)>", value)
            for place in range(int(high, 16) - first + 1):
                if value.startswith(b"["):
                    letters[first + place] = bytes.fromhex(values[place].decode()).decode("utf-16-be")
                else:
                    letters[first + place] = chr(int(values[0], 16) + place)
    return letters
