"""A QR code as one SVG path: dark modules as unit squares, drawn by the page in black on white whatever its theme."""

from __future__ import annotations

from typing import Any

from qrcode import QRCode
from qrcode.constants import ERROR_CORRECT_M

QUIET_ZONE = 4


def path_of(text: str) -> tuple[int, str]:
    """The side in modules with its quiet zone, and the path of everything dark."""
    code: QRCode[Any] = QRCode(error_correction=ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(text)
    code.make(fit=True)
    rows = code.get_matrix()
    squares = (f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    return len(rows), "".join(squares)
