"""The port doctor on wires that work, that are somebody else's, that babble, that break; and what it may say where."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from itertools import count

import pytest

from pos_client.adapters.dispensers import discovery as d
from pos_client.adapters.dispensers.discovery import PortDoctor
from pos_client.adapters.dispensers.probe_line import Examination
from pos_client.adapters.dispensers.probe_plan import plan
from pos_client.domain.port_finding import PortFinding, ProbeProgress, ProbeStep
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.interface import DeviceHeadSetup, DispenserEnd
from pos_client.protocols.dispenser.registry import PROTOCOLS
from pos_client.settings.model import LineSettings, PointSettings
from tests.fakes.dart_line import DartLine
from tests.fakes.plain_protocol.protocol import PROTOCOL as PLAIN
from tests.fakes.probed_port import Wire
from tests.fakes.two_wire_line import TwoWireLine
from tests.fakes.uart import Setting, heard

TOTALS = (18_427_365, 9_751_833)
DART_O, DART_FAST, DART_N = Setting(9600, "O"), Setting(19_200, "O"), Setting(9600, "N")
LOOP, BOX, SLOW_BOX = Setting(5787, "E"), Setting(9600, "E"), Setting(4800, "E")
CHANGES_NOTHING = {
    "dart": lambda raw: len(raw) == 3 and raw[1:] == b"\x20\xfa",
    "gilbarco-two-wire": lambda raw: len(raw) == 1 and raw[0] >> 4 in (0x0, 0x5),
}


def dart(*addresses: int) -> DartDispenser:
    return DartDispenser(DeviceHeadSetup(address, TOTALS) for address in addresses)


def two_wire(*pumps: int, options: str = "") -> TwoWireDispenser:
    return TwoWireDispenser(DeviceHeadSetup(pump, TOTALS, volume_decimals=3, options=options) for pump in pumps)


def examined(
    wire: Wire, port: str = "COM3", watch: Callable[[ProbeProgress], None] = lambda _: None, **order: object
) -> tuple[ProbeProgress, list[ProbeProgress]]:
    """The last progress and all of it."""
    told: list[ProbeProgress] = []

    def report(progress: ProbeProgress) -> None:
        told.append(progress)
        watch(progress)

    stop = threading.Event()
    doctor = PortDoctor(wire.open, wire.now_ms)
    last = doctor.examine(Examination(port, **order), report, stop)  # type: ignore[arg-type]
    assert wire.open_now == 0
    assert last == told[-1]
    return last, told


def only(progress: ProbeProgress) -> PortFinding:
    assert progress.step is ProbeStep.DONE
    (finding,) = progress.findings
    return finding


# ── quiet lines ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("setting", "device", "protocol", "addresses"),
    [
        (DART_O, dart(0x50), "dart", (0x50,)),
        (DART_O, dart(0x52, 0x6F), "dart", (0x52, 0x6F)),
        (DART_FAST, dart(0x54), "dart", (0x54,)),
        (DART_N, dart(0x50, 0x51), "dart", (0x50, 0x51)),
        (LOOP, two_wire(1), "gilbarco-two-wire", (1,)),
        (LOOP, two_wire(3, 16), "gilbarco-two-wire", (3, 16)),
        (BOX, two_wire(2, options="format=6"), "gilbarco-two-wire", (2,)),
        (SLOW_BOX, two_wire(7), "gilbarco-two-wire", (7,)),
    ],
)
@pytest.mark.parametrize("echo", [False, True], ids=["plain", "echo"])
def test_a_quiet_line_is_found_with_its_speed_parity_and_addresses(
    setting: Setting, device: DispenserEnd, protocol: str, addresses: tuple[int, ...], echo: bool
):
    last, told = examined(Wire(setting, device, echo=echo))
    finding = only(last)
    assert (finding.protocol, finding.baud_rate, finding.parity) == (protocol, setting.baud, setting.parity)
    assert finding.addresses == addresses
    assert finding.confidence >= d.SURE
    assert not finding.listened_only
    assert [p.done_percent for p in told] == sorted(p.done_percent for p in told)
    assert last.done_percent == 100


def test_every_byte_that_is_ever_sent_is_a_poll_or_a_read():
    for wire in (Wire(DART_N, dart(0x50)), Wire(LOOP, two_wire(1, 2)), Wire(LOOP)):
        examined(wire)
        speakers = {candidate.setting: candidate.protocol.name for candidate in plan(PROTOCOLS.values())}
        assert wire.sent
        for setting, raw in wire.sent:
            assert CHANGES_NOTHING[speakers[setting.baud, setting.parity]](raw), (setting, raw.hex(" "))


def test_looking_moves_nothing_in_a_dispenser():
    for wire, addresses in ((Wire(DART_O, dart(0x50, 0x51)), (0x50, 0x51)), (Wire(LOOP, two_wire(1, 2)), (1, 2))):
        assert wire.device is not None
        before = [wire.device.reading(address) for address in addresses]
        examined(wire)
        assert [wire.device.reading(address) for address in addresses] == before


def test_nothing_is_said_before_the_line_was_quiet_for_a_whole_window():
    wire = Wire(DART_O, dart(0x50))
    examined(wire)
    assert wire.sent_at[0] - 1_000 >= d.QUIET_MS


def test_a_line_without_anybody_is_said_to_be_silent():
    last, _ = examined(Wire(DART_O), limit_ms=200_000)
    assert (last.step, last.findings, last.detail) == (ProbeStep.DONE, (), d.SILENT)


def test_a_head_that_answers_late_is_found_all_the_same():
    last, _ = examined(Wire(DART_O, dart(0x51), delay_ms=170))
    assert only(last).addresses == (0x51,)


def test_a_lossy_line_is_found_and_less_sure():
    """Every third answer is damaged."""
    turns = count()
    wire = Wire(DART_O, dart(0x50, 0x51), damage=lambda raw: raw if next(turns) % 3 else raw[:1] + b"\x00" + raw[2:])
    finding = only(examined(wire, limit_ms=200_000)[0])
    assert finding.addresses == (0x50, 0x51)
    assert 10 < finding.confidence < only(examined(Wire(DART_O, dart(0x50, 0x51)))[0]).confidence - 20
    assert finding.damaged > 0


def test_a_pump_that_only_says_its_state_is_not_more_than_likely():
    """One word without a check, however often: it calls or sells, and is asked nothing that could prove it."""
    device = two_wire(4)
    device.lift(4, 1)
    device.receive_data(b"\x14", 0)
    finding = only(examined(Wire(LOOP, device), limit_ms=200_000)[0])
    assert finding.addresses == (4,)
    assert 20 < finding.confidence <= 60


def test_a_pump_that_answers_as_another_is_not_taken_for_one():
    device = two_wire(2)
    device.inject(2, "wrong_pump", 1_000)
    assert examined(Wire(LOOP, device), limit_ms=200_000)[0].findings == ()


def test_a_loop_that_only_echoes_holds_nobody():
    last, _ = examined(Wire(DART_O, echo=True), limit_ms=200_000)
    assert (last.findings, last.detail) == ((), d.SILENT)


@pytest.mark.parametrize("port", ["socket://127.0.0.1:7001"])
@pytest.mark.parametrize(
    ("device", "protocol"), [(dart(0x50), "dart"), (two_wire(1), "gilbarco-two-wire")], ids=["dart", "two-wire"]
)
def test_where_speed_does_not_reach_the_wire_the_usual_one_is_named(port: str, device: DispenserEnd, protocol: str):
    last, _ = examined(Wire(Setting(1, "N"), device, no_speed=True), port)
    finding = only(last)
    offered = PROTOCOLS[protocol]
    assert (finding.protocol, finding.baud_rate, finding.parity) == (protocol, offered.baud_rate, offered.parity)
    assert finding.confidence >= d.SURE
    assert last.detail == d.SPEED_UNSEEN


def test_a_line_is_tested_as_it_is_set_and_nobody_else_is_asked():
    points = tuple(PointSettings(n, address, ("A",)) for n, address in enumerate((0x50, 0x52), start=1))
    line = LineSettings("east", "dart", "COM3", 19_200, "O", points)
    wire = Wire(DART_FAST, dart(0x50, 0x51))
    last, _ = examined(wire, line=line)
    assert only(last).addresses == (0x50,)
    assert {raw[0] for _, raw in wire.sent} == {0x50, 0x52}
    assert wire.sent_at[0] - 1_000 >= d.QUIET_MS
    wrong, _ = examined(Wire(DART_O, dart(0x50)), line=line)
    assert (wrong.findings, wrong.detail) == ((), d.SILENT)


def test_a_line_whose_protocol_cannot_be_looked_for_is_said():
    line = LineSettings("east", "plain", "COM3")
    wire = Wire(DART_O)
    last, _ = examined(wire, line=line)
    assert (last.step, last.detail, wire.opened) == (ProbeStep.FAILED, d.NO_WAY, [])


# ── somebody else's line ────────────────────────────────────────────────────────────────────────────────────────────


def busy_dart() -> DartLine:
    line = DartLine((0x50, 0x53))
    line.run(20_000)
    return line


def busy_two_wire() -> TwoWireLine:
    return TwoWireLine((1, 5)).ready()


@pytest.mark.parametrize(
    ("setting", "others", "protocol", "addresses"),
    [
        (DART_O, busy_dart, "dart", (0x50, 0x53)),
        (DART_FAST, busy_dart, "dart", (0x50, 0x53)),
        (DART_N, busy_dart, "dart", (0x50, 0x53)),
        (LOOP, busy_two_wire, "gilbarco-two-wire", (1, 5)),
        (BOX, busy_two_wire, "gilbarco-two-wire", (1, 5)),
    ],
)
def test_another_master_is_read_and_never_spoken_to(
    setting: Setting, others: Callable[[], DartLine | TwoWireLine], protocol: str, addresses: tuple[int, ...]
):
    wire = Wire(setting, others=others())
    last, _ = examined(wire)
    assert wire.sent == []
    assert last.findings
    finding = last.findings[0]
    assert (finding.protocol, finding.baud_rate, finding.parity) == (protocol, setting.baud, setting.parity)
    assert finding.addresses == addresses
    assert finding.listened_only
    assert finding.confidence >= 40
    assert last.detail == d.ANOTHER_MASTER


def test_one_who_asks_when_we_had_begun_to_ask_silences_us():
    line = busy_dart()

    def comes_back(now: int) -> bytes:
        if now < 12_000:
            return b""
        line.run(10)
        fresh, line.wire = line.wire, []
        return b"".join(raw for _, raw in fresh)

    line.wire = []
    wire = Wire(DART_O, noise=comes_back)
    last, _ = examined(wire)
    assert wire.sent
    assert max(wire.sent_at) < 12_000 + 500
    assert last.findings[0].listened_only
    assert last.findings[0].protocol == "dart"


def test_listening_only_sends_nothing_even_where_nobody_talks():
    wire = Wire(DART_O, dart(0x50))
    last, _ = examined(wire, listen_only=True)
    assert wire.sent == []
    assert (last.step, last.detail) == (ProbeStep.DONE, d.SILENT)


@pytest.mark.parametrize("seed", range(4))
def test_noise_is_no_pump_and_no_reason_to_speak(seed: int):
    dice = random.Random(seed)
    wire = Wire(DART_O, noise=lambda now: dice.randbytes(dice.randrange(12)))
    last, _ = examined(wire)
    assert wire.sent == []
    assert (last.findings, last.detail) == ((), d.NOISE)


def test_a_few_stray_bytes_at_first_only_cost_time():
    wire = Wire(DART_O, dart(0x50), noise=lambda now: b"\xff" if now == 1_500 else b"")
    last, _ = examined(wire)
    assert only(last).addresses == (0x50,)
    assert wire.sent_at[0] >= 1_500 + d.QUIET_MS


def test_stray_bytes_between_questions_make_the_doctor_wait_for_silence():
    wire = Wire(DART_O, dart(0x50), noise=lambda now: b"\xff" if now == 5_000 else b"")
    last, _ = examined(wire)
    assert last.findings[0].addresses == (0x50,)
    assert not [at for at in wire.sent_at if 5_010 <= at < 5_000 + d.CALM_MS]


# ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_it_ends_when_its_time_is_over():
    wire = Wire(DART_O)
    last, _ = examined(wire, limit_ms=6_000)
    assert (last.step, last.detail) == (ProbeStep.DONE, d.TIME_OVER)
    assert wire.now <= 1_000 + 6_000 + 50


def test_what_was_found_before_the_time_was_over_is_told():
    last, _ = examined(Wire(LOOP, two_wire(1)), limit_ms=5_000)
    assert [finding.addresses for finding in last.findings] == [(1,)]


@pytest.mark.parametrize("at", [ProbeStep.OPENING, ProbeStep.LISTENING, ProbeStep.ASKING])
def test_it_can_be_cancelled_at_any_step(at: ProbeStep):
    stop = threading.Event()
    told: list[ProbeProgress] = []

    def report(progress: ProbeProgress) -> None:
        told.append(progress)
        if progress.step is at:
            stop.set()

    wire = Wire(DART_O, dart(0x50))
    last = PortDoctor(wire.open, wire.now_ms).examine(Examination("COM3"), report, stop)
    assert last.step is ProbeStep.CANCELLED
    assert wire.open_now == 0
    assert told[-1] == last


def test_a_port_that_cannot_be_opened_is_said_at_once():
    wire = Wire(DART_O, fails=lambda opening: True)
    last, _ = examined(wire)
    assert (last.step, last.detail, len(wire.opened)) == (ProbeStep.FAILED, "could not open port", 1)


def test_a_port_that_cannot_be_opened_again_at_once_is_tried_some_times():
    wire = Wire(DART_O, dart(0x50), fails=lambda opening: opening in (2, 3))
    assert only(examined(wire)[0]).addresses == (0x50,)


def test_a_port_that_vanishes_while_it_is_examined_is_said():
    wire = Wire(DART_O, dart(0x50))

    def watch(progress: ProbeProgress) -> None:
        wire.pulled = progress.step is ProbeStep.ASKING

    last, _ = examined(wire, watch=watch)
    assert (last.step, last.detail) == (ProbeStep.FAILED, "device disconnected")


# ── the order of questions ──────────────────────────────────────────────────────────────────────────────────────────


def test_the_plan_asks_those_who_obey_words_without_a_check_first():
    candidates = plan([PROTOCOLS["dart"], PLAIN, PROTOCOLS["gilbarco-two-wire"]])
    assert [str(each) for each in candidates] == [
        "gilbarco-two-wire 5787 8E1",
        "gilbarco-two-wire 9600 8E1",
        "gilbarco-two-wire 4800 8E1",
        "dart 9600 8O1",
        "dart 19200 8O1",
        "dart 9600 8N1",
        "dart 19200 8N1",
    ]
    assert [str(each) for each in plan(PROTOCOLS.values(), speed_matters=False)] == [
        "gilbarco-two-wire 5787 8E1",
        "dart 9600 8O1",
    ]


def commands_heard(raw: bytes, sent: Setting, taken: Setting) -> set[int]:
    """Words with the right parity that make a Two-Wire pump do something, wherever in a bit it looks."""
    words = {each.byte for phase in range(5, 12) for each in heard(raw, sent, taken, phase / 16) if each.sound}
    return {word for word in words if word >> 4 in (1, 2, 3) or word in (0xF0, 0xFC)}


def test_no_poll_is_a_command_to_a_pump_of_another_speed_that_was_not_looked_for_yet():
    """Further questions go only to who has answered, and all devices of a line have one speed."""
    candidates = plan(PROTOCOLS.values())
    pumps = [each for each in candidates if each.spec.obeys_unchecked]
    for turn, candidate in enumerate(candidates):
        for pump in pumps:
            if candidates.index(pump) < turn and not candidate.spec.obeys_unchecked:
                continue  # every pump of this speed was asked before, and nobody is there
            for address in candidate.addresses:
                raw = candidate.spec.question(address)
                sent, taken = Setting(*candidate.setting), Setting(*pump.setting)
                assert commands_heard(raw, sent, taken) == set(), (str(candidate), raw.hex(" "), str(pump))


def test_the_order_matters():
    """DART's poll of the commonest address, heard by a Two-Wire pump, authorises pump 8: hence the order."""
    assert 0x18 in commands_heard(bytes.fromhex("50 20 FA"), DART_O, LOOP)
