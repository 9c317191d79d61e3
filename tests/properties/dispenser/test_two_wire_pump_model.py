"""A simulated pump against the state machine of section 6, written down once more as plainly as it can be.

Hands, fuel and words come in any order; after each the pump has to show, measure and answer what the model says.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from pos_client.protocols.dispenser.gilbarco_two_wire.blocks import (
    Preset,
    SetPrice,
    Totals,
    Transaction,
    totals_from,
    transaction_from,
)
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup

PUMP, PRICE = 5, 20_000
NIBBLES = {"off": 6, "call": 7, "auth": 8, "busy": 9, "peot": 10, "feot": 11, "stop": 12}
READABLE = ("off", "call", "peot", "feot", "stop")
WORDS = {"authorise": 0x15, "stop": 0x35, "stop_all": 0xFC}


@dataclass
class Model:
    """What the notes say of one pump with two nozzles, both at `PRICE`; volumes in hundredths of a litre."""

    resumes: bool
    state: str = "off"
    nozzle: int | None = None
    sells: int = 1
    volume: int = 0
    preset: int | None = None
    last: tuple[int, int] = (1, 0)
    totals: list[int] = field(default_factory=lambda: [0, 0])

    def lift(self, nozzle: int) -> None:
        if self.nozzle is None:
            self.nozzle = nozzle
            if self.state == "off":
                self.state = "call"
            elif self.state == "auth":
                self.begin(nozzle)

    def hang(self) -> None:
        if self.nozzle is not None:
            self.nozzle = None
            if self.state == "call":
                self.state = "off"
            elif self.state in ("busy", "stop"):
                self.end()

    def authorise(self) -> None:
        if self.state == "call" and self.nozzle is not None:
            self.begin(self.nozzle)
        elif self.state == "off":
            self.state, self.volume = "auth", 0
        elif self.state == "stop" and self.resumes:
            self.state = "busy"

    def stop(self) -> None:
        if self.state == "auth":
            self.state, self.preset = "off", None
        elif self.state == "busy":
            self.state = "stop"

    def begin(self, nozzle: int) -> None:
        self.state, self.sells, self.volume = "busy", nozzle, 0

    def end(self) -> None:
        self.state, self.preset = "peot", None
        if self.volume:
            self.last = (self.sells, self.volume)

    def flow(self, units: int) -> int:
        if self.state != "busy":
            return 0
        came = units if self.preset is None else max(min(units, self.preset - self.volume), 0)
        self.volume += came
        self.totals[self.sells - 1] += came
        if self.preset is not None and self.volume >= self.preset:
            self.end()
        return came

    def poll(self) -> int:
        shown = NIBBLES[self.state]
        if self.nozzle is None:
            self.state = {"peot": "feot", "feot": "off"}.get(self.state, self.state)
        return shown << 4 | PUMP

    def sale(self) -> tuple[int, int]:
        return (self.sells, self.volume) if self.state == "stop" else self.last


STEPS = st.one_of(
    st.tuples(st.just("lift"), st.integers(1, 2)),
    st.tuples(st.just("flow"), st.sampled_from((0, 1, 37, 400))),
    st.tuples(st.just("preset"), st.sampled_from((0, 1, 50, 400))),
    st.tuples(st.sampled_from(("hang", "poll", "poll", *WORDS, *WORDS, "sale", "totals", "money")), st.just(0)),
)


def say(device: TwoWireDispenser, raw: bytes) -> bytes:
    device.receive_data(raw, 0)
    answers = b""
    while (answer := device.next_answer()) is not None:
        answers += answer.raw
    return answers


def play(device: TwoWireDispenser, model: Model, step: str, number: int) -> None:
    match step:
        case "lift":
            device.lift(PUMP, number)
            model.lift(number)
        case "hang":
            device.hang(PUMP)
            model.hang()
        case "flow":
            assert device.pulse(PUMP, number) == model.flow(number)
        case "poll":
            assert say(device, b"\x05") == bytes((model.poll(),))
        case "authorise" | "stop" | "stop_all":
            assert say(device, bytes((WORDS[step],))) == b"", "these have no answer"
            model.authorise() if step == "authorise" else model.stop()
        case "preset":
            legal = model.state in ("off", "call")
            assert say(device, b"\x25") == (b"\xd5" if legal else b"")
            assert say(device, Preset(False, number, 8).to_bytes()) == b""
            if legal:
                model.preset = number or None
        case "sale":
            answer = say(device, b"\x45")
            assert bool(answer) is (model.state in READABLE)
            assert not answer or sold(transaction_from(answer)) == model.sale()
        case "totals":
            answer = say(device, b"\x55")
            assert bool(answer) is (model.state in READABLE)
            assert not answer or metered(totals_from(answer)) == model.totals
        case "money":
            assert len(say(device, b"\x65")) == (8 if model.state == "busy" else 0)


def sold(sale: Transaction) -> tuple[int, int]:
    assert sale.money == sale.volume * PRICE // 100
    return sale.grade + 1, sale.volume


def metered(totals: Totals) -> list[int]:
    return [each.volume for each in totals.grades]


@settings(max_examples=300, deadline=None)
@given(st.lists(STEPS, max_size=60), st.booleans())
def test_in_any_order_a_pump_does_what_the_notes_say(steps: list[tuple[str, int]], resumes: bool):
    options = f"resume={'on' if resumes else 'off'}"
    device = TwoWireDispenser([DeviceHeadSetup(PUMP, (0, 0), options=options)])
    model = Model(resumes)
    for grade in (0, 1):
        say(device, b"\x25" + SetPrice(1, grade, PRICE, 6).to_bytes())
    for step, number in steps:
        play(device, model, step, number)
        reading = device.reading(PUMP)
        assert (reading.status, reading.nozzle_out, list(reading.totals)) == (model.state, model.nozzle, model.totals)
        assert reading.delivering is (model.state == "busy")
