"""The device's end of the line by itself: numbers, repetition, duplicates, the state machine of section 7."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.dart.frames import Ack, AckPoll, Data, Eot, Frame, Nak, Poll, from_bytes
from pos_client.protocols.dispenser.dart.states import CommandCode, Status
from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.interface import DeviceHeadSetup
from tests.fakes.dart_line import ADDRESS, PRICES, TOTALS

RESET, AUTHORISE, STOP = (t.Command(c) for c in (CommandCode.RESET, CommandCode.AUTHORISE, CommandCode.STOP))


class Pump:
    """A device with one head, and somebody who talks to it frame by frame."""

    def __init__(self, options: str = "") -> None:
        self.device = DartDispenser([DeviceHeadSetup(ADDRESS, TOTALS, options=options)])
        self.number = 0

    def ask(self, raw: bytes) -> Frame | None:
        self.device.receive_data(raw, 0)
        answer = self.device.next_answer()
        assert self.device.next_answer() is None
        return None if answer is None else from_bytes(answer.raw)

    def say(self, *transactions: t.ControllerTransaction) -> None:
        block = Data(ADDRESS, self.number, tuple(x.to_tlv() for x in transactions))
        assert self.ask(block.to_bytes()) == Ack(ADDRESS, self.number)
        self.number = self.number % 15 + 1

    def hear(self) -> list[t.PumpTransaction]:
        """Everything the head has to say, acknowledged."""
        heard: list[t.PumpTransaction] = []
        while isinstance(block := self.ask(Poll(ADDRESS).to_bytes()), Data):
            heard += [x for tlv in block.transactions if (x := t.from_pump(tlv)) is not None]
            assert self.ask(Ack(ADDRESS, block.number).to_bytes()) is None
            if heard[-1].__class__ is t.Filled:
                break
        return heard

    @property
    def status(self) -> str:
        return self.device.reading(ADDRESS).status


@pytest.fixture
def pump() -> Pump:
    """Programmed, at rest, with nothing to say."""
    pump = Pump()
    pump.say(t.Prices(PRICES))
    pump.hear()
    return pump


def test_a_cold_head_says_state_zero_with_number_zero():
    pump = Pump()
    block = pump.ask(Poll(ADDRESS).to_bytes())
    assert isinstance(block, Data)
    assert block.number == 0
    assert t.from_pump(block.transactions[-1]) == t.StatusIs(Status.NOT_PROGRAMMED)


def test_a_price_set_at_the_head_is_shown_with_its_nozzle_and_not_while_it_is_in_use(pump: Pump):
    pump.device.set_price(ADDRESS, 1, PRICES[0] + 10)
    assert pump.hear() == []
    pump.device.lift(ADDRESS, 1)
    assert pump.hear() == [t.NozzlePrice(PRICES[0] + 10, 1, True)]
    with pytest.raises(LocalProtocolError, match="in use"):
        pump.device.set_price(ADDRESS, 1, PRICES[0])
    pump.device.hang(ADDRESS)
    with pytest.raises(LocalProtocolError, match="no nozzle 9"):
        pump.device.set_price(ADDRESS, 9, PRICES[0])


def test_a_block_is_repeated_until_acknowledged_and_numbers_go_from_f_to_1(pump: Pump):
    numbers = []
    for n in range(20):
        pump.device.lift(ADDRESS, 1)
        pump.device.hang(ADDRESS)
        first = pump.ask(Poll(ADDRESS).to_bytes())
        assert isinstance(first, Data)
        assert pump.ask(Poll(ADDRESS).to_bytes()) == first, f"round {n}"
        assert pump.ask(Ack(ADDRESS, first.number).to_bytes()) is None
        numbers.append(first.number)
    assert numbers == [*range(1, 16), *range(1, 6)]


def test_wrap_to_zero_is_an_option():
    pump = Pump("wrap=0")
    numbers = []
    for _ in range(17):
        pump.device.lift(ADDRESS, 1)
        pump.device.hang(ADDRESS)
        block = pump.ask(Poll(ADDRESS).to_bytes())
        assert isinstance(block, Data)
        numbers.append(block.number)
        pump.ask(Ack(ADDRESS, block.number).to_bytes())
    assert numbers == [*range(16), 0]


@pytest.mark.parametrize(("match", "cleared"), [("lenient", True), ("strict", False)])
def test_a_wrong_ack_number(match: str, cleared: bool):
    pump = Pump(f"ack_match={match}")
    block = pump.ask(Poll(ADDRESS).to_bytes())
    assert isinstance(block, Data)
    pump.ask(Ack(ADDRESS, block.number + 1).to_bytes())
    again = pump.ask(Poll(ADDRESS).to_bytes())
    assert isinstance(again, Eot) is cleared


def test_ack_and_poll_in_one(pump: Pump):
    pump.device.lift(ADDRESS, 1)
    block = pump.ask(Poll(ADDRESS).to_bytes())
    assert isinstance(block, Data)
    assert pump.ask(AckPoll(ADDRESS, block.number).to_bytes()) == Eot(ADDRESS)


def test_a_repeated_block_is_acknowledged_and_not_applied_again(pump: Pump):
    question = Data(ADDRESS, 5, (t.AskTotals(1).to_tlv(),)).to_bytes()
    assert pump.ask(question) == Ack(ADDRESS, 5)
    assert pump.ask(question) == Ack(ADDRESS, 5)
    assert pump.hear() == [t.Totals(1, TOTALS[0])]


def test_number_zero_is_always_new(pump: Pump):
    question = Data(ADDRESS, 0, (t.AskTotals(1).to_tlv(),)).to_bytes()
    assert pump.ask(question) == pump.ask(question) == Ack(ADDRESS, 0)
    assert len(pump.hear()) == 2


def test_a_damaged_block_is_refused_with_its_number_and_changes_nothing(pump: Pump):
    raw = bytearray(Data(ADDRESS, 5, (RESET.to_tlv(),)).to_bytes())
    raw[4] ^= 0x40
    assert pump.ask(bytes(raw)) == Nak(ADDRESS, 5)
    assert pump.status == "completed"


def test_nobody_else_is_answered_and_a_dark_head_is_silent(pump: Pump):
    assert pump.ask(Poll(ADDRESS + 1).to_bytes()) is None
    pump.device.cut_power(ADDRESS)
    assert pump.ask(Poll(ADDRESS).to_bytes()) is None


def test_unknown_transactions_are_acknowledged_and_ignored(pump: Pump):
    block = Data(ADDRESS, 9, (t.Tlv(0x0E, b"\x01"), RESET.to_tlv()))
    assert pump.ask(block.to_bytes()) == Ack(ADDRESS, 9)
    assert pump.status == "reset"


@pytest.mark.parametrize(
    ("before", "said", "after"),
    [
        ((), (AUTHORISE,), "completed"),
        ((RESET,), (AUTHORISE,), "authorised"),
        ((RESET,), (STOP,), "completed"),
        ((RESET, AUTHORISE), (RESET,), "authorised"),
        ((RESET, AUTHORISE), (STOP,), "completed"),
        ((RESET, AUTHORISE), (t.Prices((1, 1)),), "authorised"),
        ((), (t.Command(CommandCode.SWITCH_OFF),), "switched_off"),
        ((t.Command(CommandCode.SWITCH_OFF),), (RESET,), "reset"),
    ],
)
def test_commands_move_the_head_as_the_table_says(
    pump: Pump,
    before: tuple[t.ControllerTransaction, ...],
    said: tuple[t.ControllerTransaction, ...],
    after: str,
):
    for transaction in (*before, *said):
        pump.say(transaction)
    assert pump.status == after


def test_reset_erases_presets(pump: Pump):
    pump.say(RESET, t.PresetAmount(1_000), RESET, AUTHORISE)
    pump.device.lift(ADDRESS, 1)
    assert pump.device.pulse(ADDRESS, 1_000) == 1_000


@pytest.mark.parametrize(
    ("preset", "flows", "amount"),
    [(t.PresetAmount(100_000), 463, 100_000), (t.PresetVolume(250), 250, 53_950), (t.PresetAmount(1), 1, 1)],
)
def test_a_preset_closes_the_valve(pump: Pump, preset: t.ControllerTransaction, flows: int, amount: int):
    pump.say(RESET, preset, AUTHORISE)
    pump.device.lift(ADDRESS, 1)
    assert pump.device.pulse(ADDRESS, 10_000) == flows
    reading = pump.device.reading(ADDRESS)
    assert (reading.status, reading.volume, reading.amount) == ("max_reached", flows, amount)
    assert reading.totals == (TOTALS[0] + flows, TOTALS[1])
    assert pump.device.pulse(ADDRESS, 1) == 0


def test_the_end_of_a_delivery_comes_in_one_block(pump: Pump):
    pump.say(RESET, AUTHORISE)
    pump.device.lift(ADDRESS, 1)
    pump.hear()
    pump.device.pulse(ADDRESS, 100)
    pump.device.hang(ADDRESS)
    block = pump.ask(Poll(ADDRESS).to_bytes())
    assert isinstance(block, Data)
    assert [t.from_pump(tlv) for tlv in block.transactions] == [
        t.Filled(100, 21_580),
        t.NozzlePrice(PRICES[0], 1, False),
        t.StatusIs(Status.COMPLETED),
    ]


def test_totals_outlive_a_power_cut_and_wrap_at_ten_digits():
    device = DartDispenser([DeviceHeadSetup(ADDRESS, (9_999_999_990,))])
    pump = Pump()
    pump.device = device
    pump.say(t.Prices((20_000,)), RESET, AUTHORISE)
    device.lift(ADDRESS, 1)
    device.pulse(ADDRESS, 25)
    device.cut_power(ADDRESS)
    device.restore_power(ADDRESS)
    assert device.reading(ADDRESS).totals == (15,)
    assert device.reading(ADDRESS).status == "not_programmed"


def test_hands_on_something_that_is_not_there(pump: Pump):
    for wrong in (
        lambda: pump.device.lift(ADDRESS, 3),
        lambda: pump.device.hang(0x5F),
        lambda: pump.device.inject(ADDRESS, "flood", 1),
    ):
        with pytest.raises(LocalProtocolError):
            wrong()
