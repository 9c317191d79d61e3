"""What ESC/POS bytes put on paper: the receiving end, written from Epson's command reference and from nothing of ours.

It knows the commands receipts are made of and refuses others aloud, so that a wrong length or a byte out of place is
found by whoever sent it. Pictures are kept as rows of bits, letters as runs with their code page.
"""

from __future__ import annotations

from dataclasses import field

from pos_client.value import dataclass

_ONE_ARGUMENT = frozenset("!-3ABDEGMRVadtir{J") - {"A"}
"""ESC commands with one byte after them."""
PICTURE_HEAD = 8
"""GS v 0 m xL xH yL yH"""


class NotUnderstood(ValueError):
    """Bytes no printer of this kind knows; says where."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A raster: `width` dots (a multiple of 8), rows of packed bits, a set bit is black."""

    width: int
    rows: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Letters:
    """Bytes in a code page of the printer's own."""

    page: int
    raw: bytes


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code the printer draws itself."""

    raw: bytes


@dataclass(frozen=True, slots=True)
class Cut:
    """The knife."""


Mark = Picture | Letters | Code | Cut


@dataclass(slots=True)
class Roll:
    """Paper, and a reader of the bytes that come for it. Feed it in any pieces."""

    marks: list[Mark] = field(default_factory=list)
    _rest: bytes = b""
    _page: int = 0
    _code: bytes = b""

    def feed(self, raw: bytes) -> list[bytes]:
        """Take bytes; the questions among them (`DLE EOT n`, `GS r n`) that were reached, in order."""
        self._rest += raw
        questions: list[bytes] = []
        while self._rest:
            used = self._step(questions)
            if used == 0:
                break
            self._rest = self._rest[used:]
        return questions

    @property
    def waits_for_more(self) -> bool:
        """Whether a command has begun and not ended."""
        return bool(self._rest)

    def forget(self) -> None:
        """The power was cut: what was read in part is gone, the paper stays, and a new receipt begins."""
        self._rest, self._page = b"", 0
        self.marks.append(Cut())

    def receipts(self) -> list[list[Mark]]:
        """What lies between the cuts."""
        whole: list[list[Mark]] = [[]]
        for mark in self.marks:
            if isinstance(mark, Cut):
                whole.append([])
            else:
                whole[-1].append(mark)
        return [marks for marks in whole if marks]

    # ── commands ───────────────────────────────────────────────────────────────────────────────────────────────

    def _step(self, questions: list[bytes]) -> int:
        """Read one command or run of letters; how many bytes it took, 0: it is not all here."""
        head = self._rest[0]
        match head:
            case 0x1B:
                return self._escape()
            case 0x1D:
                return self._group(questions)
            case 0x10:
                return self._real_time(questions)
            case 0x00 | 0x0D:
                return 1
            case 0x0A:
                self._letters(b"\n")
                return 1
            case _ if head < 0x20:
                raise NotUnderstood(f"{head:02X}")
            case _:
                end = next((n for n, byte in enumerate(self._rest) if byte < 0x20), len(self._rest))
                self._letters(self._rest[:end])
                return end

    def _letters(self, raw: bytes) -> None:
        if self.marks and isinstance(last := self.marks[-1], Letters) and last.page == self._page:
            self.marks[-1] = Letters(self._page, last.raw + raw)
        else:
            self.marks.append(Letters(self._page, raw))

    def _escape(self) -> int:
        if len(self._rest) < 2:
            return 0
        name = chr(self._rest[1])
        if name == "@":
            self._page = 0
            return 2
        if name == "2":
            return 2
        if name not in _ONE_ARGUMENT:
            raise NotUnderstood(f"ESC {name}")
        if len(self._rest) < 3:
            return 0
        if name == "t":
            self._page = self._rest[2]
        return 3

    def _group(self, questions: list[bytes]) -> int:
        rest = self._rest
        if len(rest) < 3:
            return 0
        match chr(rest[1]):
            case "v":
                return self._raster()
            case "V":
                self.marks.append(Cut())
                return 3 if rest[2] in (0, 1, 48, 49) else 4
            case "(":
                return self._function()
            case "r":
                questions.append(rest[:3])
                return 3
            case "!" | "B" | "b":
                return 3
            case other:
                raise NotUnderstood(f"GS {other}")

    def _raster(self) -> int:
        rest = self._rest
        if len(rest) < PICTURE_HEAD:
            return 0
        wide, high = rest[4] | rest[5] << 8, rest[6] | rest[7] << 8
        end = PICTURE_HEAD + wide * high
        if len(rest) < end:
            return 0
        rows = tuple(rest[at : at + wide] for at in range(PICTURE_HEAD, end, wide))
        if self.marks and isinstance(last := self.marks[-1], Picture) and last.width == wide * 8:
            self.marks[-1] = Picture(last.width, last.rows + rows)
        else:
            self.marks.append(Picture(wide * 8, rows))
        return end

    def _function(self) -> int:
        """GS ( k: QR codes. Store with function 80, print with function 81."""
        rest = self._rest
        if len(rest) < 5:
            return 0
        end = 5 + (rest[3] | rest[4] << 8)
        if len(rest) < end:
            return 0
        body = rest[5:end]
        if rest[2] == ord("k") and body[:2] == b"1P":
            self._code = body[3:]
        elif rest[2] == ord("k") and body[:2] == b"1Q":
            self.marks.append(Code(self._code))
        return end

    def _real_time(self, questions: list[bytes]) -> int:
        if len(self._rest) < 3:
            return 0
        questions.append(self._rest[:3])
        return 3
