"""DART as the registry knows it.

Either end is imported when it is first asked for: a till without such a line needs none, and no window waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos_client.protocols.dispenser.dart.options import LineOptions
from pos_client.protocols.dispenser.dart.states import (
    ADDRESS_FIRST,
    ADDRESS_LAST,
    ANSWER_TIMEOUT_MS,
    FAULTS,
    INTER_FRAME_MS,
)
from pos_client.protocols.dispenser.interface import (
    ControllerEnd,
    DeviceHeadSetup,
    DispenserEnd,
    DispenserProtocol,
    LineSetup,
)
from pos_client.protocols.dispenser.options_text import declared, wrong_word
from pos_client.protocols.dispenser.probing import ProbeSpec


def accept(question: bytes) -> bytes:
    """The ACK of a block."""
    from pos_client.protocols.dispenser.dart.frames import Ack, Data, from_bytes
    from pos_client.protocols.dispenser.errors import RemoteProtocolError

    try:
        frame = from_bytes(question)
    except RemoteProtocolError:
        return b""
    return Ack(frame.address, frame.number).to_bytes() if isinstance(frame, Data) else b""


def controller(setup: LineSetup) -> ControllerEnd:
    """Our end."""
    from pos_client.protocols.dispenser.dart.controller import DartController

    return DartController(setup)


def dispenser(setups: Iterable[DeviceHeadSetup]) -> DispenserEnd:
    """The device's end."""
    from pos_client.protocols.dispenser.dart.dispenser import DartDispenser

    return DartDispenser(setups)


def describe(raw: bytes, sender: str | None = None) -> list[dict[str, object]]:
    """All frames in some bytes, in words."""
    from pos_client.protocols.dispenser.dart.describe import describe as described

    return described(raw, sender)


def probe() -> ProbeSpec:
    """How to look for it."""
    from pos_client.protocols.dispenser.dart.probing import PROBE

    return PROBE


PROTOCOL = DispenserProtocol(
    name="dart",
    controller=controller,
    dispenser=dispenser,
    describe=describe,
    device_faults=FAULTS,
    addresses=(ADDRESS_FIRST, ADDRESS_LAST),
    baud_rate=9600,
    parity="O",
    answer_timeout_ms=ANSWER_TIMEOUT_MS,
    inter_frame_ms=INTER_FRAME_MS,
    options=declared(LineOptions),
    wrong_option=wrong_word(LineOptions),
    probe=probe,
    accept=accept,
)
