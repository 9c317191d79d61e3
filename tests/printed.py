"""What came out of a printer, as a picture a test can compare."""

from __future__ import annotations

from PIL import Image

from pos_client.sandbox.printer.roll import Picture


def as_image(picture: Picture) -> Image.Image:
    """Black on white."""
    bits = bytes(byte ^ 0xFF for byte in b"".join(picture.rows))
    return Image.frombytes("1", (picture.width, len(picture.rows)), bits)
