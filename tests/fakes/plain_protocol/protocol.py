"""As the registry would know it."""

from __future__ import annotations

from pos_client.protocols.dispenser.interface import DispenserProtocol
from tests.fakes.plain_protocol.controller import PlainController
from tests.fakes.plain_protocol.dispenser import PlainDispenser


def describe(raw: bytes, sender: str | None) -> list[dict[str, object]]:
    return [{"ok": True, "kind": "line", "meaning": line.decode("ascii")} for line in raw.split(b"\n") if line]


PROTOCOL = DispenserProtocol("plain", PlainController, PlainDispenser, describe, (), (1, 9))
