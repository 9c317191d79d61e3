"""DART as the registry knows it."""

from __future__ import annotations

from pos_client.protocols.dispenser.dart.controller import DartController
from pos_client.protocols.dispenser.dart.describe import describe
from pos_client.protocols.dispenser.dart.device_head import FAULTS
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.dart.frames import Ack, Data, from_bytes
from pos_client.protocols.dispenser.dart.options import LineOptions
from pos_client.protocols.dispenser.dart.probing import PROBE
from pos_client.protocols.dispenser.dart.states import (
    ADDRESS_FIRST,
    ADDRESS_LAST,
    ANSWER_TIMEOUT_MS,
    INTER_FRAME_MS,
)
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.interface import DispenserProtocol
from pos_client.protocols.dispenser.options_text import declared, wrong_word


def accept(question: bytes) -> bytes:
    """The ACK of a block."""
    try:
        frame = from_bytes(question)
    except RemoteProtocolError:
        return b""
    return Ack(frame.address, frame.number).to_bytes() if isinstance(frame, Data) else b""


PROTOCOL = DispenserProtocol(
    name="dart",
    controller=DartController,
    dispenser=DartDispenser,
    describe=describe,
    device_faults=FAULTS,
    addresses=(ADDRESS_FIRST, ADDRESS_LAST),
    baud_rate=9600,
    parity="O",
    answer_timeout_ms=ANSWER_TIMEOUT_MS,
    inter_frame_ms=INTER_FRAME_MS,
    options=declared(LineOptions),
    wrong_option=wrong_word(LineOptions),
    probe=PROBE,
    accept=accept,
)
