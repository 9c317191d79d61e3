"""Gilbarco Two-Wire as the registry knows it."""

from __future__ import annotations

from pos_client.protocols.dispenser.gilbarco_two_wire.controller import TwoWireController
from pos_client.protocols.dispenser.gilbarco_two_wire.describe import describe
from pos_client.protocols.dispenser.gilbarco_two_wire.device_head import FAULTS
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions, price_digits, total_digits
from pos_client.protocols.dispenser.gilbarco_two_wire.probing import PROBE
from pos_client.protocols.dispenser.gilbarco_two_wire.states import (
    ANSWER_TIMEOUT_MS,
    BAUD_RATE,
    INTER_FRAME_MS,
    PUMP_FIRST,
    PUMP_LAST,
)
from pos_client.protocols.dispenser.interface import DispenserProtocol
from pos_client.protocols.dispenser.options_text import declared, wrong_word

PROTOCOL = DispenserProtocol(
    name="gilbarco-two-wire",
    controller=TwoWireController,
    dispenser=TwoWireDispenser,
    describe=describe,
    device_faults=FAULTS,
    addresses=(PUMP_FIRST, PUMP_LAST),
    baud_rate=BAUD_RATE,
    parity="E",
    answer_timeout_ms=ANSWER_TIMEOUT_MS,
    inter_frame_ms=INTER_FRAME_MS,
    options=declared(LineOptions),
    wrong_option=wrong_word(LineOptions),
    total_digits=total_digits,
    price_digits=price_digits,
    probe=PROBE,
)
