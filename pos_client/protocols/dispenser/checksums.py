"""Checksums of dispenser lines. Each docstring gives the parameters and the check value over ASCII `123456789`."""

from __future__ import annotations


def _table(reflected_polynomial: int) -> tuple[int, ...]:
    entries = []
    for index in range(256):
        crc = index
        for _ in range(8):
            crc = (crc >> 1) ^ reflected_polynomial if crc & 1 else crc >> 1
        entries.append(crc)
    return tuple(entries)


_ARC = _table(0xA001)


def crc16_arc(data: bytes) -> int:
    """CRC-16/ARC: width 16, polynomial 8005h, reflected in and out, start 0000h, no final XOR; check value BB3Dh.

    Over data followed by its own CRC, low byte first, the result is 0000h.
    """
    crc = 0
    for byte in data:
        crc = (crc >> 8) ^ _ARC[(crc ^ byte) & 0xFF]
    return crc
