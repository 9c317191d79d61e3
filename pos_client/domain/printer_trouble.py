"""Why nothing comes out of the printer: what a person at the counter can see and mend. The words are in the catalogue
(`notice.printer_<value>`, `strip.printer.<value>`)."""

from __future__ import annotations

from enum import StrEnum


class PrinterTrouble(StrEnum):
    """One cause each, the way the hands that mend it would name it."""

    PAPER_OUT = "paper_out"
    COVER_OPEN = "cover_open"
    OFF_LINE = "off_line"
    """switched off-line at its own button, or busy with itself"""
    BROKEN = "broken"
    """cutter, head or another part reports an error"""
    CABLE = "cable"
    """no such device: unplugged, switched off, or another name than in the settings"""
    UNREACHABLE = "unreachable"
    """nobody answers at its address in the network"""
    HANGS = "hangs"
    """there, and takes nothing, or does not say any more what it has printed"""
    NOT_ALLOWED = "not_allowed"
    """the system does not let this program at it"""
    DISK = "disk"
    """a file it prints into cannot be written"""
    SETTINGS = "settings"
    """the settings name no printer that can be"""
    PROGRAM = "program"
    """a font or library of ours is missing"""
    PAPER_LOW = "paper_low"
    """still prints; a warning"""
