"""How frames are told to people and programs: one plain dictionary a frame, the same shape for every protocol.

    {"ok": true, "from": "dispenser", "kind": "data", ..., "fields": [...], "meaning": "...", "bytes": "54 35 ..."}
    {"ok": false, "error": "crc", "detail": "the checksum is wrong", "bytes": "54 31 ..."}

Values are the wire's own whole numbers; where their decimal point stands is a setting of the head.
"""

from __future__ import annotations

Description = dict[str, object]
CONTROLLER, DISPENSER, EITHER = "controller", "dispenser", "either"


def about(sender: str, kind: str, *, meaning: str, **more: object) -> Description:
    """A frame that was understood."""
    return {"ok": True, "from": sender, "kind": kind, **more, "meaning": meaning}


def damaged(error: str, detail: str) -> Description:
    """Bytes that are no frame, or a frame whose content makes no sense. `error` is a short stable word."""
    return {"ok": False, "error": error, "detail": detail}


def field(name: str, value: int, **more: object) -> Description:
    """One value of a frame, found by position (`value`) and by its own name alike."""
    return {"name": name, "value": value, name: value, **more}


def hexadecimal(raw: bytes) -> str:
    """Bytes as a technician reads them."""
    return raw.hex(" ").upper()
