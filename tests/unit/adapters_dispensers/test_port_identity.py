"""Which port is the adapter we mean, with ports nobody has."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.adapters.dispensers.port import PortFailed
from pos_client.adapters.dispensers.port_identity import PortsInUse, describe, device_of, find_port
from pos_client.settings.model import LineSettings


@dataclass
class Info:
    """As pyserial tells it."""

    device: str
    vid: int | None = None
    pid: int | None = None
    serial_number: str | None = None
    location: str | None = None
    description: str = "n/a"


FTDI = Info("/dev/ttyUSB0", 0x0403, 0x6001, "A50285BI", "1-1.2")
CHEAP = Info("/dev/ttyUSB1", 0x1A86, 0x7523, None, "1-1.3")
MAINBOARD = Info("/dev/ttyS0")
LINE = LineSettings("l", "dart", "/dev/ttyUSB0")


def identities(*ports: Info) -> dict[str, str]:
    return {port.device: port.identity for port in describe(ports)}


def test_an_identity_is_the_serial_number_or_else_the_place():
    assert identities(FTDI, CHEAP, MAINBOARD) == {
        "/dev/ttyS0": "",
        "/dev/ttyUSB0": "usb:0403:6001:A50285BI",
        "/dev/ttyUSB1": "usb:1a86:7523@1-1.3",
    }


def test_the_ports_of_one_adapter_are_told_apart():
    four = [Info(f"COM{n + 3}", 0x0403, 0x6011, "FT5", f"1-2:x.{n}") for n in range(4)]
    assert list(identities(*four).values()) == [f"usb:0403:6011:FT5{part}" for part in ("", "#1", "#2", "#3")]


def test_adapters_that_all_have_one_serial_number_are_told_by_their_place():
    twins = [Info(f"COM{n}", 0x10C4, 0xEA60, "0001", f"1-{n}") for n in (1, 2)]
    assert identities(*twins) == {"COM1": "usb:10c4:ea60@1-1", "COM2": "usb:10c4:ea60@1-2"}
    with pytest.raises(PortFailed) as refused:
        device_of("usb:10c4:ea60:0001", describe(twins))
    assert str(refused.value) == "identity_twice: usb:10c4:ea60:0001 (COM1, COM2)"
    assert device_of("usb:10c4:ea60@1-2", describe(twins)) == "COM2"


def test_an_adapter_is_found_under_whatever_name():
    moved = Info("/dev/ttyUSB7", FTDI.vid, FTDI.pid, FTDI.serial_number, "3-1")
    settings = LineSettings("l", "dart", "/dev/ttyUSB0", identity="usb:0403:6001:A50285BI")
    assert find_port(settings, lambda: describe([CHEAP, moved])) == "/dev/ttyUSB7"


@pytest.mark.parametrize(("there", "named"), [((), ""), ((CHEAP, MAINBOARD), " (/dev/ttyS0, usb:1a86:7523@1-1.3)")])
def test_an_adapter_that_is_not_there_is_named_with_those_that_are(there: tuple[Info, ...], named: str):
    with pytest.raises(PortFailed) as refused:
        device_of("usb:0403:6001:A50285BI", describe(there))
    assert str(refused.value) == f"identity_missing: usb:0403:6001:A50285BI{named}"


def test_without_an_identity_the_port_is_opened_as_it_is_named():
    for port in ("COM5", "socket://10.0.0.7:4001", "/dev/ttyS9"):
        assert find_port(LineSettings("l", "dart", port), lambda: pytest.fail("nobody has to look")) == port


@pytest.mark.skipif(os.name != "posix", reason="links")
@pytest.mark.parametrize("as_identity", [False, True])
def test_a_link_is_followed_anew_each_time(tmp_path: Path, as_identity: bool):
    link = tmp_path / "by-id"
    settings = LineSettings("l", "dart", "-" if as_identity else str(link), identity=str(link) if as_identity else "")
    for name in ("pts5", "pts9"):
        (tmp_path / name).touch()
        link.symlink_to(tmp_path / name)
        assert find_port(settings) == os.path.realpath(tmp_path / name)
        link.unlink()
    assert find_port(settings) == str(link), "opening it says that it is not there"


text = st.text(st.characters(codec="ascii", categories=("L", "N"), include_characters=" .-:"), max_size=8)
adapters = st.lists(
    st.builds(
        Info,
        st.sampled_from([f"COM{n}" for n in range(1, 30)]),
        st.none() | st.sampled_from([0x0403, 0x1A86]),
        st.none() | st.sampled_from([0x6001, 0x7523]),
        st.none() | text,
        st.none() | text,
    ),
    max_size=8,
    unique_by=lambda info: info.device,
)


@given(adapters)
def test_every_identity_that_is_shown_finds_its_port_and_no_other(ports: list[Info]):
    there = describe(ports)
    assert [port.device for port in there] == sorted(port.device for port in ports)
    for port in there:
        if port.identity:
            assert device_of(port.identity, there) == port.device
            without = [other for other in there if other != port]
            with pytest.raises(PortFailed) as refused:
                device_of(port.identity, without)
            assert refused.value.code == "identity_missing"


def test_a_port_has_one_line_at_a_time():
    in_use = PortsInUse()
    in_use.take("COM1", "a")
    in_use.take("COM1", "a")
    with pytest.raises(PortFailed) as refused:
        in_use.take("COM1", "b")
    assert (refused.value.code, refused.value.what) == ("port_taken", "COM1 (a)")
    in_use.give_back("COM1", "b")
    with pytest.raises(PortFailed):
        in_use.take("COM1", "b")
    in_use.give_back("COM1", "a")
    in_use.take("COM1", "b")
