"""The technician's page is opened with a PIN where somebody who may open it has one; selling asks nobody."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt

from pos_client.bootstrap.simulate.world import SETTINGS
from pos_client.domain import facts as f
from pos_client.domain.staff import SALT_BYTES, Role, hash_of
from pos_client.services import messages as m
from pos_client.settings.model import Settings, StaffSettings
from tests.ui import sample as x
from tests.ui.conftest import Till
from tests.ui.station import Station, open_station

K = Qt.Key
pytestmark = pytest.mark.usefixtures("qapp")
PIN = "135790"


def _settings(role: Role, pin: str = PIN) -> Settings:
    stored = hash_of(pin.encode(), bytes(SALT_BYTES)) if pin else ""
    return replace(SETTINGS, staff=(StaffSettings(7, "Trần Văn Minh", role.value, stored),))


def _enter(station: Station) -> None:
    station.so(m.EnterSettings())


@pytest.mark.parametrize("role", [Role.TECHNICIAN, Role.MANAGER])
def test_whoever_may_proves_himself_and_it_is_written_down(role: Role) -> None:
    with open_station(_settings(role)) as station:
        assert station.seen.settings_gated
        _enter(station)
        assert station.seen.let_in == 0
        station.type(f"07{PIN}")
        assert (station.seen.let_in, station.seen.staff_ask) == (1, None)
        assert [(p.deed, p.role) for p in station.rig.facts(f.StaffProved)] == [("settings", role.value)]


def test_a_wrong_pin_opens_nothing_and_selling_goes_on() -> None:
    with open_station(_settings(Role.MANAGER)) as station:
        station.fuel()
        _enter(station)
        station.type("07000000")
        assert station.seen.let_in == 0
        station.key(K.Key_1, K.Key_F9)
        station.wait(500)
        assert station.seen.let_in == 0


@pytest.mark.parametrize("settings", [SETTINGS, _settings(Role.CASHIER), _settings(Role.MANAGER, pin="")])
def test_where_nobody_can_prove_it_the_page_is_open_as_ever(settings: Settings) -> None:
    with open_station(settings) as station:
        assert not station.seen.settings_gated
        _enter(station)
        assert station.seen.let_in == 1
        assert station.seen.staff_ask is None


def test_the_window_asks_and_opens_when_it_is_let_in(till: Till) -> None:
    gated = replace(x.terminal(), settings_gated=True)
    till.show(gated)
    till.key(K.Key_F12, K.Key_K)
    page = till.cashier.pages.technician
    assert page is not None
    assert till.sent == [m.EnterSettings()]
    assert not page.isVisible()
    till.show(replace(gated, let_in=1))
    assert page.isVisible()
    till.key(K.Key_Escape)
    assert not page.isVisible(), "leaving asks nobody"
    till.show(replace(gated, let_in=1))
    assert not page.isVisible()
