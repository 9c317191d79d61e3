"""Gilbarco Two-Wire as the registry knows it.

Either end is imported when it is first asked for: a till without such a line needs none, and no window waits for it.
"""

from __future__ import annotations

from collections.abc import Iterable

from pos_client.protocols.dispenser.gilbarco_two_wire.options import LineOptions, price_digits, total_digits
from pos_client.protocols.dispenser.gilbarco_two_wire.states import (
    ANSWER_TIMEOUT_MS,
    BAUD_RATE,
    FAULTS,
    INTER_FRAME_MS,
    PUMP_FIRST,
    PUMP_LAST,
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


def controller(setup: LineSetup) -> ControllerEnd:
    """Our end."""
    from pos_client.protocols.dispenser.gilbarco_two_wire.controller import TwoWireController

    return TwoWireController(setup)


def dispenser(setups: Iterable[DeviceHeadSetup]) -> DispenserEnd:
    """The device's end."""
    from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser

    return TwoWireDispenser(setups)


def describe(raw: bytes, sender: str | None = None) -> list[dict[str, object]]:
    """All frames in some bytes, in words."""
    from pos_client.protocols.dispenser.gilbarco_two_wire.describe import describe as described

    return described(raw, sender)


def probe() -> ProbeSpec:
    """How to look for it."""
    from pos_client.protocols.dispenser.gilbarco_two_wire.probing import PROBE

    return PROBE


PROTOCOL = DispenserProtocol(
    name="gilbarco-two-wire",
    controller=controller,
    dispenser=dispenser,
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
    probe=probe,
)
