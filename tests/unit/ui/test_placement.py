"""Which screen each window goes to: the customer's never over the cashier's, whatever is plugged and pulled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.ui.shell.screens import Places, Screen, place

A = Screen("A", 0, 0, 1366, 768, "DP-1", "S-1", "P2419H", "Dell", primary=True)
B = Screen("B", 1366, 0, 1024, 600, "HDMI-1", "S-2", "VG10", "Elo")
C = Screen("C", 2390, 0, 1024, 600, "HDMI-2", "S-3", "VG10", "Elo")
MIRROR = replace(B, left=0)
PORTRAIT = replace(B, width=600, height=1024)


@pytest.mark.parametrize(
    ("screens", "cashier", "wanted", "expected"),
    [
        ((), None, "", (None, None)),
        ((A,), None, "", ("A", None)),
        ((A, B), None, "", ("A", "B")),
        ((B, A), None, "", ("A", "B")),
        ((A, B), "B", "", ("B", "A")),
        ((A, B, C), "A", "", ("A", "B")),
        ((A, B, C), "A", "HDMI-2", ("A", "C")),
        ((A, B, C), "A", "s-3", ("A", "C")),
        ((A, B), "A", "Elo VG10", ("A", "B")),
        ((A, B), "A", "vg10", ("A", "B")),
        ((A, B, C), "A", "VG10", ("A", "B")),
        ((A, B), "A", "S-1", ("B", "A")),
        ((A, B), "B", "S-2", ("A", "B")),
        ((A,), "A", "S-1", ("A", None)),
        ((A, B), "A", "gone", ("A", "B")),
        ((A, MIRROR), "A", "", ("A", None)),
        ((A, MIRROR), "A", "S-2", ("A", None)),
        ((A, MIRROR, C), "A", "S-2", ("C", "B")),
        ((A, PORTRAIT), "A", "", ("A", "B")),
    ],
    ids=str,
)
def test_where_they_go(
    screens: tuple[Screen, ...], cashier: str | None, wanted: str, expected: tuple[str | None, str | None]
) -> None:
    places = place(screens, Places(cashier), wanted)
    assert (places.cashier, places.customer) == expected


def test_a_plug_that_falls_out_and_is_put_back_changes_nothing() -> None:
    """Also when it is the cashier's: meanwhile he works on the customer's screen, and the customer sees none of it."""
    both = place((A, B), Places(), "")
    alone = place((B,), both, "")
    assert (alone.cashier, alone.customer) == ("B", None)
    dark = place((), alone, "")
    assert place((B,), dark, "").customer is None
    assert place((B, A), alone, "") == both
    assert place((replace(B, primary=True), replace(A, primary=False)), both, "") == both


@st.composite
def desktops(draw: st.DrawFn) -> tuple[Screen, ...]:
    """Some of four screens, in any order, side by side, mirrored, or half over each other; two of one model."""
    chosen = draw(st.lists(st.sampled_from("ABCD"), max_size=4, unique=True))
    primary = draw(st.sampled_from(chosen)) if chosen else ""
    return tuple(
        Screen(
            key,
            draw(st.sampled_from([0, 0, 500, 1000, 2000, 3000])),
            draw(st.sampled_from([0, 0, 768])),
            *draw(st.sampled_from([(1000, 600), (600, 1000), (2000, 1200)])),
            name=f"DP-{key}",
            serial="" if key == "D" else f"serial-{key}",
            model="twin" if key in "CD" else f"model-{key}",
            primary=key == primary,
        )
        for key in chosen
    )


@given(
    st.lists(st.tuples(desktops(), st.sampled_from([None, None, "A", "B", "C", "D"])), max_size=8),
    st.sampled_from(["", "DP-A", "serial-B", "twin", "gone"]),
)
def test_whatever_is_plugged_and_pulled(story: list[tuple[tuple[Screen, ...], str | None]], wanted: str) -> None:
    places = Places()
    for screens, moved in story:
        if moved is not None:  # by the cashier's own hand
            places = replace(places, cashier=moved)
        places = place(screens, places, wanted)
        by_key = {screen.key: screen for screen in screens}
        assert (places.cashier is None) == (not screens)
        named = [screen for screen in screens if screen.is_called(wanted)]
        if places.customer is not None:
            assert places.cashier is not None
            assert not by_key[places.customer].overlaps(by_key[places.cashier])
        if len(named) == 1 and any(not screen.overlaps(named[0]) for screen in screens):
            assert places.customer == named[0].key
        if any(not screen.overlaps(by_key[places.cashier]) for screen in screens if places.cashier is not None):
            assert places.customer is not None
        assert place(screens, places, wanted) == places
