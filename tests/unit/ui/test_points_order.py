"""The offer names what a redemption would take first: the points that die next, and their day (A26, B04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pos_client.domain.programme.lots import Expiring, dying_part
from pos_client.services import messages as m
from pos_client.services.snapshots import PointsSnapshot
from pos_client.ui.loyalty.view_model import panel_view
from pos_client.ui.shell.keyboard import Keyboard
from tests.ui import sample as x
from tests.unit.services.test_redemption import at_the_counter
from tests.words import words

DYING = replace(x.PANELS["offer"], dying_points=12_300, dying_on=date(2027, 3, 31))


@pytest.mark.parametrize(
    ("language", "says"),
    [
        ("vi", "Trừ trước 12.300 điểm hết hạn 31/03/2027."),
        ("en", "First to go: 12.300 points that expire on 31/03/2027."),
    ],
)
def test_a26_b04_the_panel_says_which_points_go_first(language, says):
    said = words(language)
    assert panel_view(said, x.selling(points_panel=DYING), x.NOW).body.endswith(says)
    assert said.say("panel.offer.order") in panel_view(said, x.selling(), x.NOW).body


def test_b04_no_more_than_what_is_spent_and_no_more_than_what_dies():
    assert [dying_part(n, Expiring(300, date(2027, 3, 31))) for n in (100, 300, 5_000)] == [100, 300, 300]
    assert dying_part(100, Expiring(0, None)) == 0


def test_a26_the_offer_carries_what_central_told_of_the_next_death():
    rig = at_the_counter()
    present = rig.desk.state.present
    assert present is not None
    assert present.customer is not None
    present.customer = replace(present.customer, expiring_points=900, expiring_on=date(2027, 3, 31))
    rig.advance(1_000)
    panel = rig.picture.points_panel
    assert panel is not None
    assert (panel.dying_points, panel.dying_on) == (900, date(2027, 3, 31))


def test_one_key_uses_exactly_what_dies_next():
    shown = x.selling(points_panel=replace(DYING, points=95_400))
    view = panel_view(words("vi"), shown, x.NOW)
    assert [(action.key, action.label) for action in view.actions][1:] == [("E", "Chỉ 12.300 sắp hết hạn")]
    keyboard = Keyboard()
    keyboard.character("e", x.NOW, shown)
    assert keyboard.expire(x.NOW + 60, shown) == [m.StartRedemption(12_300)]


@pytest.mark.parametrize("panel", [None, x.PANELS["offer"], replace(DYING, points=12_300), x.PANELS["waiting"]])
def test_where_nothing_dies_or_all_of_it_the_key_does_nothing(panel: PointsSnapshot | None):
    shown = x.selling(points_panel=panel)
    assert all(action.key != "E" for action in panel_view(words("vi"), shown, x.NOW).actions)
    keyboard = Keyboard()
    keyboard.character("E", x.NOW, shown)
    assert keyboard.expire(x.NOW + 60, shown) == []
