"""Options as text: every protocol's can be written, every default is allowed, the first wrong word is named."""

from __future__ import annotations

import pytest

from pos_client.protocols.dispenser.errors import LocalProtocolError
from pos_client.protocols.dispenser.gilbarco_two_wire import options as two_wire
from pos_client.protocols.dispenser.interface import ProtocolOption
from pos_client.protocols.dispenser.options_text import declared, parse, wrong_word
from pos_client.protocols.dispenser.registry import PROTOCOLS

KINDS = [two_wire.LineOptions, two_wire.DeviceOptions]


def allowed(option: ProtocolOption) -> tuple[str, ...]:
    return option.choices or tuple(str(n) for n in range(option.minimum, option.maximum + 1))


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_can_be_written_and_every_default_is_one_of_them(kind: type):
    for option in declared(kind):
        assert option.default in allowed(option)
        for value in allowed(option):
            read = getattr(parse(kind, f"{option.name}={value}"), option.name)
            assert read is (value == "on") if isinstance(read, bool) else str(read) == value
        assert getattr(parse(kind, f"{option.name}={option.default}"), option.name) == getattr(kind(), option.name)


@pytest.mark.parametrize("offered", PROTOCOLS.values(), ids=lambda offered: offered.name)
def test_what_a_protocol_declares_is_what_it_takes(offered):
    text = " ".join(f"{option.name}={option.default}" for option in offered.options)
    assert offered.wrong_option(text) is None
    assert offered.wrong_option("no_such=1") == "no_such=1"


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("", None),
        ("echo=on  format=8", None),
        ("echo", "echo"),
        ("echo=maybe", "echo=maybe"),
        ("a_word=EA", "a_word=EA"),
        ("data_retry_ms=-1", "data_retry_ms=-1"),
        ("data_retry_ms=²", "data_retry_ms=²"),
        (f"data_retry_ms={'9' * 5_000}", f"data_retry_ms={'9' * 5_000}"),
        ("cabinet_heads=17", "cabinet_heads=17"),
        ("format=6 format=8", "format=8"),
        ("cross_check=true", "cross_check=true"),
        ("cross_check=on nonsense echo=maybe", "nonsense"),
    ],
)
def test_the_first_wrong_word_is_named(text: str, wrong: str | None):
    assert wrong_word(two_wire.LineOptions)(text) == wrong
    if wrong is not None:
        with pytest.raises(LocalProtocolError, match="no such option"):
            parse(two_wire.LineOptions, text)
