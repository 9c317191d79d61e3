"""The device's end alone, word for word: sections 6, 9 and 12 of the notes."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import blocks as b
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.gilbarco_two_wire.formats import SIX
from pos_client.protocols.dispenser.gilbarco_two_wire.nozzle_query import nozzle_answer_from
from pos_client.protocols.dispenser.gilbarco_two_wire.states import FAULTS
from pos_client.protocols.dispenser.interface import DeviceHeadSetup
from tests.vectors.dispenser.test_two_wire_vectors import HOST

PRICE = 2_158
TOTALS = (100, 200)
ASK_NOZZLE = b.SpecialFunction(b.FUNCTION_WHICH_NOZZLE)


def pump(options: str = "format=6", volume_decimals: int = 2, **decimals: int) -> TwoWireDispenser:
    return TwoWireDispenser([DeviceHeadSetup(5, TOTALS, volume_decimals, options=options, **decimals)])


def said(device: TwoWireDispenser, text: str, now: int = 0) -> str:
    device.receive_data(bytes.fromhex(text), now)
    answers = b""
    while (answer := device.next_answer()) is not None:
        answers += answer.raw
    return answers.hex(" ").upper()


def told(device: TwoWireDispenser, block: b.HostBlock) -> str:
    """A block after its `2p`; what the next poll says."""
    assert said(device, "25") == "D5"
    return said(device, block.to_bytes().hex() + "05")


def priced(device: TwoWireDispenser, price: int = PRICE, digits: int = 4) -> TwoWireDispenser:
    for grade in (0, 1):
        assert told(device, b.SetPrice(1, grade, price, digits)) == "65"
    return device


def selling(device: TwoWireDispenser, *blocks: b.HostBlock) -> TwoWireDispenser:
    """Nozzle 1 out, what shall be told told, authorised."""
    device.lift(5, 1)
    for block in blocks:
        assert told(device, block) == "75"
    assert said(device, "15 05") == "95"
    return device


def sale(device: TwoWireDispenser) -> b.Transaction:
    return b.transaction_from(bytes.fromhex(said(device, "45")))


@pytest.fixture
def device() -> TwoWireDispenser:
    return pump()


def test_a_price_set_at_the_pump_is_the_one_it_sells_at(device: TwoWireDispenser):
    priced(device).set_price(5, 1, 1_999)
    assert b.totals_from(bytes.fromhex(said(device, "55"))).grades[0].price_1 == 1_999
    with pytest.raises(LocalProtocolError, match="no nozzle 3"):
        device.set_price(5, 3, 1_999)
    with pytest.raises(LocalProtocolError, match="does not fit"):
        device.set_price(5, 1, 10_000)
    selling(device)
    with pytest.raises(LocalProtocolError, match="in use"):
        device.set_price(5, 1, 2_158)


# ── words and states ───────────────────────────────────────────────────────────────────────────────────────────────


def test_the_damaged_copy_of_example_3_is_told_once_and_changes_no_price(device: TwoWireDispenser):
    assert said(device, "25") == "D5"
    assert said(device, "FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EE F0") == ""
    assert [said(device, "05"), said(device, "05")] == ["05", "65"]
    assert b.totals_from(bytes.fromhex(said(device, "55"))).grades[1].price_1 == 0
    assert said(device, "25") == "D5"
    assert said(device, "FF E5 F4 F6 E1 F7 E8 E5 E1 E2 FB EF F0 05") == "65"
    assert b.totals_from(bytes.fromhex(said(device, "55"))).grades[1].price_1 == 2_158


@pytest.mark.parametrize(
    ("before", "word", "answer"),
    [
        ("", "06 16 46", ""),
        ("", "15 35 FC", ""),
        ("", "65", ""),
        ("15", "45 55 25 65", ""),
        ("15", "05", "85"),
        ("15 35", "05", "65"),
        ("15 FC", "05", "65"),
        ("15 F0", "05", "85"),
        ("25", "05", "D5 05"),
        ("25 FF E5", "05 05", "D5 05 65"),
        ("25 15", "05 05", "D5 05 85"),
    ],
)
def test_what_a_pump_answers_and_what_not(device: TwoWireDispenser, before: str, word: str, answer: str):
    assert said(device, f"{before} {word}") == answer


@pytest.mark.parametrize(("option", "obeyed"), [("FC", "FC"), ("F0", "F0"), ("off", "")])
def test_the_word_to_all_pumps_is_one_of_two(option: str, obeyed: str):
    for word in ("FC", "F0"):
        assert said(pump(f"stop_all={option}"), f"15 {word} 05") == ("65" if word == obeyed else "85")


@pytest.mark.parametrize(
    ("options", "answers"),
    [
        ("", ["A5", "B5", "65", "65"]),
        ("end_polls=2", ["A5", "A5", "B5", "B5", "65"]),
        ("skip_end_states=on", ["65", "65"]),
        ("skip_end_states=peot", ["B5", "65"]),
        ("skip_end_states=feot", ["A5", "65"]),
    ],
)
def test_end_states_are_shown_for_a_poll_each_or_skipped(options: str, answers: list[str]):
    device = selling(priced(pump(f"format=6 {options}")))
    assert device.pulse(5, 100) == 100
    device.hang(5)
    assert [said(device, "05") for _ in answers] == answers
    assert sale(device) == b.Transaction(5, 0, 1, PRICE, 100, PRICE, SIX)


def test_a_nozzle_that_stays_out_keeps_its_end_state_and_calls_again_after_it(device: TwoWireDispenser):
    selling(priced(device), b.Preset(True, PRICE, 6))
    assert device.pulse(5, 1_000) == 100
    assert [said(device, "05") for _ in range(3)] == ["A5"] * 3
    device.hang(5)
    assert said(device, "05") == "A5"
    device.lift(5, 2)
    assert said(device, "05") == "B5", "a nozzle lifted meanwhile waits for the end"
    device.hang(5)
    assert [said(device, "05") for _ in range(2)] == ["B5", "65"]


def test_auth_is_shown_for_a_while_where_it_is_set():
    device = priced(pump("format=6 auth_polls=2"))
    device.lift(5, 1)
    assert [said(device, word) for word in ("15 05", "05", "05")] == ["85", "85", "95"]


@pytest.mark.parametrize(("resume", "state"), [("on", "95"), ("off", "C5")])
def test_authorise_resumes_a_stopped_pump_or_is_ignored(resume: str, state: str):
    device = selling(priced(pump(f"format=6 resume={resume}")))
    device.pulse(5, 40)
    assert said(device, "35 05 15 05") == f"C5 {state}"
    device.hang(5)
    assert said(device, "05") == "A5"
    assert sale(device).volume == 40


def test_a_stop_changes_nothing_in_call_and_shows_the_interrupted_sale(device: TwoWireDispenser):
    priced(device).lift(5, 1)
    assert said(device, "35 05") == "75"
    said(device, "15")
    device.pulse(5, 70)
    assert said(device, "35 05") == "C5"
    assert sale(device).volume == 70


def test_silence_for_what_is_not_legal_can_be_switched_off():
    assert said(pump("format=6 strict_states=off"), "15 65") == "E0 E0 E0 E0 E0 E0"


# ── blocks ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_block_that_stays_away_is_an_error(device: TwoWireDispenser):
    assert said(device, "25", 0) == "D5"
    assert said(device, "05", 1_000) == "05"


@pytest.mark.parametrize("number", HOST)
@pytest.mark.parametrize("crumbs", [1, 2, 5, 99])
@pytest.mark.parametrize("before", ["", "13", "06 66", "FF E3", "E1 E2"])
def test_every_block_of_the_notes_is_taken_in_crumbs_and_after_rubbish(number: int, crumbs: int, before: str):
    text, block = HOST[number]
    device, words = pump("format=8" if number in (4, 7) else "format=6"), bytes.fromhex(f"{before} 25 {text} 05")
    answers = "".join(said(device, words[at : at + crumbs].hex(), at) for at in range(0, len(words), crumbs))
    assert answers.replace(" ", "") == "D565"
    if isinstance(block, b.SetPrice):
        assert b.totals_from(bytes.fromhex(said(device, "55"))).grades[block.grade].price_1 == block.price
    else:
        assert isinstance(block, b.Preset)
        priced(device, digits=device._heads[5].format.price)
        device.lift(5, (block.grade or 0) + 1)
        assert said(device, "15 05") == "95"
        device.pulse(5, 10**9)
        assert said(device, "05") == "A5", "the preset closed the valve"


@pytest.mark.parametrize(
    "block",
    [
        b.SetPrice(1, 2, PRICE, 4),
        b.SetPrice(1, 0, PRICE, 6),
        b.SetPrice(2, 0, PRICE, 4),
        b.ChooseLevel(2),
        b.Preset(True, 100, 6, level=2),
        b.Preset(True, 100, 6, grade=2),
        b.SpecialFunction(11),
    ],
)
def test_a_block_for_what_the_pump_has_not_is_refused_once(block: b.HostBlock):
    device = pump("format=6 levels=1")
    assert told(device, block) == "05"
    assert said(device, "05") == "65"


def test_no_price_changes_while_the_nozzle_is_out(device: TwoWireDispenser):
    device.lift(5, 1)
    assert told(device, b.SetPrice(1, 1, PRICE, 4)) == "05"


@pytest.mark.parametrize(("option", "answer"), [("", "65"), ("strict_length=on", "05")])
def test_a_length_word_that_is_one_too_small(option: str, answer: str):
    said(device := pump(f"format=6 {option}"), "25")
    assert said(device, "FF E4 F4 F6 E1 F7 E8 E5 E1 E2 FB E0 F0 05") == answer


@pytest.mark.parametrize(
    ("options", "volume_decimals", "preset", "units"),
    [
        ("format=6", 2, b.Preset(True, 100_000, 6), 4_633),
        ("format=6", 2, b.Preset(False, 2_500, 5), 2_500),
        ("format=6", 3, b.Preset(False, 2_500, 5), 2_500),
        ("format=6", 3, b.Preset(False, 25_000, 6), 2_500),
        ("format=8", 3, b.Preset(False, 25_000, 8), 2_500),
        ("format=8", 2, b.Preset(False, 2_500, 8), 2_500),
    ],
)
def test_a_preset_closes_the_valve_exactly(options: str, volume_decimals: int, preset: b.Preset, units: int):
    digits = 4 if "6" in options else 6
    device = selling(priced(pump(options, volume_decimals), digits=digits), preset)
    assert device.pulse(5, 10_000) == units
    assert said(device, "05") == "A5"
    device.hang(5)
    said(device, "05 05")
    last = sale(device)
    assert last.volume == units * 10 ** (volume_decimals - 2)
    assert last.money == (preset.value if preset.is_money else (units * PRICE * 2 + 100) // 200)


@pytest.mark.parametrize(
    "cleared", ["the sale ended", "stopped in AUTH", "stopped in AUTH by the word to all", "a preset of zero"]
)
def test_a_preset_is_cleared(device: TwoWireDispenser, cleared: str):
    priced(device)
    told(device, b.Preset(True, PRICE, 6))
    match cleared:
        case "the sale ended":
            selling(device)
            device.pulse(5, 50)
            device.hang(5)
            said(device, "05 05 05")
        case "stopped in AUTH":
            said(device, "15 35")
        case "stopped in AUTH by the word to all":
            said(device, "15 FC")
        case _:
            told(device, b.Preset(True, 0, 6))
    selling(device)
    assert device.pulse(5, 1_000) == 1_000


def test_prices_and_levels_are_two(device: TwoWireDispenser):
    priced(device)
    assert told(device, b.SetPrice(2, 0, 3_000, 4)) == "65"
    selling(device, b.ChooseLevel(2))
    device.pulse(5, 100)
    device.hang(5)
    said(device, "05 05 05")
    assert (sale(device).level, sale(device).price, sale(device).money) == (2, 3_000, 3_000)
    selling(device)
    device.pulse(5, 100)
    device.hang(5)
    assert sale(device).level == 1, "level 1 again for the next sale"


# ── figures ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("decimals", "price", "volume", "money"),
    [
        ({"volume_decimals": 2}, 2_158, 150, 3_237),
        ({"volume_decimals": 3}, 2_158, 1_500, 3_237),
        ({"volume_decimals": 3, "amount_decimals": -1, "price_decimals": -1}, 2_158, 1_500, 3_237),
        ({"volume_decimals": 3, "amount_decimals": -2, "price_decimals": -1}, 2_158, 1_500, 324),
        ({"volume_decimals": 2, "amount_decimals": 2, "price_decimals": 3}, 2_158, 150, 324),
        ({"volume_decimals": 1, "total_decimals": 3}, 2_158, 2, 324),
    ],
)
def test_figures_have_the_decimals_that_are_set(decimals: dict[str, int], price: int, volume: int, money: int):
    """One and a half litres (0.15 where the meter counts in thousandths)."""
    device = selling(priced(pump("format=6", **decimals), price))
    device.pulse(5, 150)
    device.hang(5)
    assert (sale(device).volume, sale(device).money) == (volume, money)


@pytest.mark.parametrize("options", ["a_word=EA", "a_word=EB"])
def test_the_word_nobody_knows_is_one_of_two(options: str):
    assert said(pump(options), "45").split()[3] == options[-2:]


def test_unused_grades_are_listed_with_zeros():
    totals = b.totals_from(bytes.fromhex(said(pump("unused_grades=3"), "55")))
    assert [each.volume for each in totals.grades] == [100, 200, 0, 0, 0]


@pytest.mark.parametrize(
    ("options", "lifted", "details"),
    [("", 0, "21001"), ("", 2, "21011"), ("total_digit=0", 1, "01011"), ("total_digit=1", 1, "10000")],
)
def test_which_nozzle_is_out(options: str, lifted: int, details: str):
    device = pump(options)
    if lifted:
        device.lift(5, lifted)
    said(device, "25")
    answer = nozzle_answer_from(bytes.fromhex(said(device, ASK_NOZZLE.to_bytes().hex())))
    assert (answer.pump, answer.hose, answer.details) == (5, lifted, details)


def test_a_pump_that_does_not_know_function_010_refuses_it():
    assert told(pump("function_010=off"), ASK_NOZZLE) == "05"


def test_a_box_that_echoes_says_our_words_before_the_answer():
    device = pump("echo=on")
    assert [said(device, word) for word in ("05", "15", "06")] == ["05 65", "15", "06"]


# ── faults ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("fault", "words", "wrong", "right"),
    [
        ("no_answer", "05", "", "65"),
        ("wrong_pump", "05", "66", "65"),
        ("refused_block", "25 FF EC F5 FB E5 F0 05", "D5 05", "D5 65"),
        ("twin", "05", "65 65", "65"),
    ],
)
def test_a_fault_lasts_as_long_as_it_is_told(fault: str, words: str, wrong: str, right: str):
    device = pump()
    device.inject(5, fault, 2)
    assert [said(device, words) for _ in range(3)] == [wrong, wrong, right]
    device.inject(5, fault, 2)
    device.inject(5, fault, 0)
    assert said(device, words) == right


@pytest.mark.parametrize("question", ["45", "55"])
def test_a_block_can_have_a_wrong_check_word_or_no_end(device: TwoWireDispenser, question: str):
    right = said(device, question)
    device.inject(5, "bad_lrc", 1)
    damaged = said(device, question)
    assert damaged != right
    assert (damaged[:-5], damaged[-2:]) == (right[:-5], "F0")
    device.inject(5, "cut_short", 1)
    cut = said(device, question)
    assert right.startswith(cut)
    assert len(cut) < len(right)
    assert said(device, question) == right


def test_a_twin_hears_and_obeys_every_word_but_nobody_touches_it(device: TwoWireDispenser):
    device.inject(5, "twin", 100)
    device.lift(5, 1)
    assert said(device, "05 15 05") == "75 65 95 85"
    assert said(device, "35 05") == "C5 65"
    assert said(device, "FC 05") == "C5 65"


def test_a_valve_that_opens_by_itself(device: TwoWireDispenser):
    device.inject(5, "unauthorised", 1)
    device.lift(5, 2)
    assert said(device, "05") == "95"
    assert device.pulse(5, 10) == 10


@pytest.mark.parametrize("address", [0, 17])
def test_there_are_sixteen_pumps(address: int):
    with pytest.raises(LocalProtocolError):
        TwoWireDispenser([DeviceHeadSetup(address, (1,))])


def test_an_unknown_pump_nozzle_or_fault(device: TwoWireDispenser):
    acts: tuple[Callable[[], object], ...] = (
        lambda: device.lift(6, 1),
        lambda: device.lift(5, 3),
        lambda: device.reading(1),
        lambda: device.inject(6, FAULTS[0], 1),
        lambda: device.inject(5, "missed_ack", 1),
    )
    for act in acts:
        with pytest.raises(LocalProtocolError):
            act()
