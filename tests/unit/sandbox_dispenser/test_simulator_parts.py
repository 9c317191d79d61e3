"""Hands, fuel, faults and the station file of the dispenser simulator."""

from __future__ import annotations

import os
import tomllib
import urllib.error
from contextlib import suppress
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from pos_client.protocols.dispenser.dart import transactions as t
from pos_client.protocols.dispenser.dart.dispenser import DartDispenser
from pos_client.protocols.dispenser.dart.frames import Data, from_bytes
from pos_client.protocols.dispenser.dart.states import CommandCode
from pos_client.protocols.dispenser.errors import RemoteProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire.dispenser import TwoWireDispenser
from pos_client.protocols.dispenser.interface import Answer
from pos_client.protocols.dispenser.registry import protocol
from pos_client.sandbox.dispenser.config import PointConfig, from_station
from pos_client.sandbox.dispenser.endpoint import PtyEndpoint, open_endpoint
from pos_client.sandbox.dispenser.faults import FOREVER, LATE_MS, WIRE_FAULTS, WireFaults
from pos_client.sandbox.dispenser.fuelling_point import FuellingPoint, Squeeze
from pos_client.sandbox.dispenser.transit import Transit
from tests.fakes.dispenser_site import POINT, Control, simulator

STATION = Path(__file__).parents[3] / "resources" / "sandbox" / "station.toml"
CONFIG = PointConfig(1, 0x50, (1_000_000, 2_000_000))
BLOCK = Data(0x50, 3, (t.Filled(1, 2).to_tlv(),)).to_bytes()


def permitted(*presets: t.ControllerTransaction) -> FuellingPoint:
    """A head that was given prices and may deliver; nozzle 1 is out."""
    device = DartDispenser([CONFIG.setup()])
    said = (t.Prices((20_000, 25_000)), t.Command(CommandCode.RESET), *presets, t.Command(CommandCode.AUTHORISE))
    device.receive_data(Data(0x50, 0, tuple(x.to_tlv() for x in said)).to_bytes(), 0)
    point = FuellingPoint(CONFIG, device, 600)
    point.lift(1)
    return point


@pytest.mark.parametrize(
    ("squeeze", "volume_ml", "amount_vnd"),
    [
        (Squeeze(volume_ml=1_000), 1_000, 20_000),
        (Squeeze(amount_vnd=50_000), 2_500, 50_000),
        (Squeeze(ms=5_000), 3_000, 60_000),
    ],
)
def test_fuel_flows_as_long_as_somebody_squeezes(squeeze: Squeeze, volume_ml: int, amount_vnd: int):
    point = permitted()
    point.flow(squeeze, 0)
    for now in range(0, 20_000, 37):
        point.advance(now)
    view = point.view()
    assert (view.volume_ml, view.amount_vnd, view.flowing) == (volume_ml, amount_vnd, False)
    assert view.totals == {1: 1_000_000 + volume_ml, 2: 2_000_000}


@pytest.mark.parametrize("end", ["enough", "preset", "dark"])
def test_a_driver_hangs_up_by_himself(end: str):
    point = permitted(*((t.PresetAmount(10_000),) if end == "preset" else ()))
    point.flow(Squeeze(volume_ml=3_000, then_hang=True), 0)
    point.advance(700)
    assert point.view().nozzle_out == 1
    if end == "dark":
        point.cut_power()
    point.advance(9_000)
    assert (point.view().nozzle_out, point.flowing) == (None, False)


def test_somebody_may_squeeze_a_little_only():
    point = permitted()
    point.flow(Squeeze(ms=60_000, ml_per_s=100), 0)
    point.advance(10_000)
    assert point.view().volume_ml == 1_000


@pytest.mark.parametrize(("decimals", "digits"), [(0, 21_580), (-1, 2_158), (1, 215_800)])
def test_a_price_set_by_hand_has_the_decimals_of_its_display(decimals: int, digits: int):
    config = PointConfig(1, 0x50, (1_000_000,), price_decimals=decimals)
    device = DartDispenser([config.setup()])
    FuellingPoint(config, device, 600).set_price(1, 21_580)
    device.lift(0x50, 1)
    device.receive_data(bytes.fromhex("50 20 FA"), 0)
    said = device.next_answer()
    assert said is not None
    block = from_bytes(said.raw)
    assert isinstance(block, Data)
    prices = [x.price for tlv in block.transactions if isinstance(x := t.from_pump(tlv), t.NozzlePrice)]
    assert prices[-1] == digits


def test_flow_is_600_ml_a_second_however_time_is_cut():
    point = permitted()
    point.flow(Squeeze(ms=60_000), 0)
    for now in (7, 8, 100, 1_000, 10_000):
        point.advance(now)
    assert point.view().volume_ml == 6_000


def test_a_preset_ends_the_squeeze():
    point = permitted(t.PresetAmount(10_000))
    point.flow(Squeeze(ms=60_000), 0)
    point.advance(30_000)
    assert (point.view().amount_vnd, point.flowing) == (10_000, False)


def test_nothing_flows_before_it_is_permitted():
    point = FuellingPoint(CONFIG, DartDispenser([CONFIG.setup()]), 600)
    point.lift(1)
    point.flow(Squeeze(ms=1_000), 0)
    point.advance(5_000)
    assert (point.view().volume_ml, point.flowing) == (0, True)
    point.hang()
    assert not point.flowing


@pytest.mark.parametrize("name", ["lost_answer", "bad_crc", "noise", "late_answer"])
def test_a_fault_happens_so_often_and_to_that_head(name: str):
    faults, dice = WireFaults(), Random(1)
    faults.switch_on(name, 2, 0x50)
    untouched = (BLOCK, 0)
    assert faults.afflict(Answer(0x51, BLOCK), dice) == untouched
    spoiled = [faults.afflict(Answer(0x50, BLOCK), dice) for _ in range(2)]
    assert untouched not in spoiled
    assert faults.afflict(Answer(0x50, BLOCK), dice) == untouched
    for raw, later in spoiled:
        match name:
            case "lost_answer":
                assert raw == b""
            case "late_answer":
                assert later == LATE_MS
            case "noise":
                assert raw.endswith(BLOCK)
            case "bad_crc":
                with pytest.raises(RemoteProtocolError, match="crc"):
                    from_bytes(raw)


def test_a_fault_for_ever_ends_when_it_is_switched_off():
    faults, dice = WireFaults(), Random(1)
    faults.switch_on("lost_answer", FOREVER, None)
    assert {faults.afflict(Answer(0x50, BLOCK), dice)[0] for _ in range(50)} == {b""}
    faults.clear()
    assert faults.afflict(Answer(0x50, BLOCK), dice) == (BLOCK, 0)


def test_the_station_file_gives_its_lines():
    station = tomllib.loads(STATION.read_text("utf-8"))
    lines = from_station(station, answer_delay_ms=(2, 2))
    assert [line.name for line in lines] == [line["name"] for line in station["dispensers"]]
    assert lines[0].answer_delay_ms == (2, 2)
    first = station["dispensers"][0]["points"][0]
    assert lines[0].points[0].address == first["address"]
    assert lines[0].points[0].totals_ml == tuple(nozzle["total_ml"] for nozzle in first["nozzles"])


@pytest.mark.parametrize("listen", ["", "udp://127.0.0.1:1", "tcp://nowhere"])
def test_an_endpoint_nobody_knows(listen: str):
    with pytest.raises(ValueError, match="listen"):
        open_endpoint(listen, "x")


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("POST", "/control/points/99/lift", {}, 404),
        ("POST", f"/control/points/{POINT}/lift", {"nozzle": 9}, 422),
        ("POST", f"/control/points/{POINT}/lift", {"nozzle": "one"}, 422),
        ("POST", f"/control/points/{POINT}/explode", {}, 422),
        ("POST", f"/control/points/{POINT}/flow", {"litres": 5}, 422),
        ("POST", f"/control/points/{POINT}/fuel", {"volume_ml": 500, "litres_a_minute": "many"}, 422),
        ("POST", f"/control/points/{POINT}/price", {}, 422),
        ("POST", f"/control/points/{POINT}/price", {"nozzle": 9, "price_vnd": 20_000}, 422),
        ("POST", f"/control/points/{POINT}/price", {"price_vnd": 1_000_000}, 422),
        ("POST", "/control/faults", {"name": "flood", "times": 1}, 422),
        ("POST", "/control/faults", {"name": "noise", "times": 1, "point": 99}, 404),
    ],
)
def test_the_control_address_says_what_is_wrong(method: str, path: str, body: dict[str, object], status: int):
    with simulator("tcp://127.0.0.1:0") as addresses:
        with pytest.raises(urllib.error.HTTPError) as caught:
            Control(addresses["control"]).call(method, path, **body)
        assert caught.value.code == status
        caught.value.close()


@pytest.mark.parametrize("spoken", ["dart", "gilbarco-two-wire"])
def test_every_fault_of_a_line_can_be_switched_on_and_off_at_its_control_address(spoken: str):
    with simulator("tcp://127.0.0.1:0", protocol=spoken) as addresses:
        control = Control(addresses["control"])
        about = control.call("GET", "/control/line")
        assert set(about["faults"]) == {*WIRE_FAULTS, *protocol(spoken).device_faults}
        for name in about["faults"]:
            control.call("POST", "/control/faults", name=name, times=1, point=POINT)
        control.call("DELETE", "/control/faults")
        assert about["plugged"]
        control.call("POST", "/control/line/unplug")
        assert not control.call("GET", "/control/line")["plugged"]


def test_the_station_has_a_line_of_each_protocol():
    lines = from_station(tomllib.loads(STATION.read_text("utf-8")))
    assert [(line.name, line.protocol, [p.point for p in line.points]) for line in lines] == [
        ("dart-1", "dart", [1, 2, 3, 4]),
        ("gilbarco-1", "gilbarco-two-wire", [5, 6]),
    ]
    assert lines[1].points[0].volume_decimals == 3
    assert lines[1].points[0].unit_ml == 10, "its meter counts in 10 ml, whatever a sale shows"


def test_a_display_that_counts_in_tens():
    config = PointConfig(1, 5, (1_000_000,), amount_decimals=-1, price_decimals=-1, options="format=6")
    device = TwoWireDispenser([config.setup()])
    device.receive_data(bytes.fromhex("25 FF E5 F4 F6 E0 F7 E8 E5 E1 E2 FB E0 F0 15"), 0)
    point = FuellingPoint(config, device, 600)
    point.lift(1)
    point.flow(Squeeze(amount_vnd=50_000), 0)
    for now in range(0, 20_000, 37):
        point.advance(now)
    assert (point.view().volume_ml, point.view().amount_vnd) == (2_320, 50_070)


# ── cables ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_a_cable_that_was_put_back_is_another_device_behind_the_same_link():
    endpoint = PtyEndpoint("x")
    try:
        names = []
        for _ in range(4):
            names.append(os.path.realpath(endpoint.url))
            endpoint.unplug()
            assert not os.path.lexists(endpoint.url)
            endpoint.replug()
        assert all(before != after for before, after in pairwise(names))
    finally:
        endpoint.close()


def test_bytes_are_on_the_wire_as_long_as_their_speed_says():
    transit = Transit(paced_at=11_000)
    assert transit.question_ns(b"abc") == 3_000_000
    transit.put(b"xyz", 10_000_000)
    assert transit.due_ns() == 11_000_000
    assert transit.take(10_999_999) == []
    assert transit.take(12_000_000) == [b"x", b"y"]
    transit.clear()
    assert not transit


def test_without_a_speed_an_answer_leaves_at_once_and_in_order():
    transit = Transit()
    transit.put(b"late", 20)
    transit.put(b"soon", 10)
    assert (transit.question_ns(b"abc"), transit.due_ns()) == (0, 10)
    assert transit.take(30) == [b"soon", b"late"]
    assert transit.due_ns() is None


@pytest.mark.skipif(not hasattr(os, "openpty"), reason="no pseudo-terminals")
def test_a_cable_pulled_in_the_middle_of_an_answer_lets_half_of_it_through():
    with simulator("pty") as addresses:
        master = os.open(addresses["port"], os.O_RDWR | os.O_NOCTTY)
        try:
            Control(addresses["control"]).call("POST", "/control/line/unplug", mid_frame=True)
            os.write(master, bytes.fromhex("50 20 FA"))
            heard = b""
            with suppress(OSError):
                while chunk := os.read(master, 100):
                    heard += chunk
            assert not heard.endswith(b"\xfa")
        finally:
            os.close(master)
        assert not os.path.lexists(addresses["port"])
