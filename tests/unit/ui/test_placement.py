"""The customer's window is never put over the cashier's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.ui.shell.screens import customer_screen

NAMES = st.lists(st.sampled_from(["A", "B", "C"]), min_size=1, max_size=3, unique=True)


@pytest.mark.parametrize(
    ("names", "cashier", "wanted", "expected"),
    [
        (["HDMI-1"], "HDMI-1", "", None),
        (["HDMI-1", "HDMI-2"], "HDMI-1", "", "HDMI-2"),
        (["HDMI-1", "HDMI-2", "VGA"], "HDMI-1", "VGA", "VGA"),
        (["HDMI-1", "HDMI-2"], "HDMI-1", "HDMI-1", "HDMI-2"),
        (["HDMI-1", "HDMI-2"], "HDMI-2", "gone", "HDMI-1"),
    ],
)
def test_choice(names: list[str], cashier: str, wanted: str, expected: str | None) -> None:
    assert customer_screen(names, cashier, wanted) == expected


@given(NAMES, st.sampled_from("ABCD"), st.sampled_from(["", "A", "B", "C", "D"]))
def test_never_the_cashiers(names: list[str], cashier: str, wanted: str) -> None:
    assert customer_screen(names, cashier, wanted) != cashier
