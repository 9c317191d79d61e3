"""Pump tests, drive-offs, coming back: with a shift leader's PIN where there is one, and never in a sale's way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from pos_client.bootstrap.simulate.world import SETTINGS, Rig
from pos_client.domain import facts as f
from pos_client.domain.identifiers import PointId
from pos_client.domain.sale_type import SaleType
from pos_client.domain.staff import SALT_BYTES, Role, hash_of
from pos_client.services import messages as m
from pos_client.services.messages import KeypadKey
from pos_client.services.staffing import PATIENCE_MS
from pos_client.settings.model import Settings, StaffSettings

PINS = {Role.CASHIER: "135791", Role.SHIFT_LEADER: "246810", Role.MANAGER: "975310", Role.TECHNICIAN: "864200"}
"""Everybody's number is his place here."""
NUMBERS = {role: number for number, role in enumerate(PINS, start=1)}


def staffed(*roles: Role) -> Settings:
    salt = bytes(SALT_BYTES)
    return replace(
        SETTINGS,
        staff=tuple(StaffSettings(NUMBERS[r], f"Mai {r}", r.value, hash_of(PINS[r].encode(), salt)) for r in roles),
    )


def type_pin(rig: Rig, role: Role) -> None:
    rig.tell(*(m.StaffPressed(int(digit)) for digit in f"{NUMBERS[role]:02d}{PINS[role]}"))


def drive_off(rig: Rig) -> type[f.Fact]:
    rig.fuel()
    rig.select(1)
    rig.tell(m.DriveOff("51F-123.45"))
    return f.DroveOff


def come_back(rig: Rig) -> type[f.Fact]:
    drive_off(rig)
    if rig.look().staff_ask is not None:
        type_pin(rig, Role.MANAGER)
    (gone,) = rig.look().drive_offs
    rig.tell(m.ReturnDriveOff(gone.fuelling_id))
    return f.DriveOffReturned


def mark_test(rig: Rig) -> type[f.Fact]:
    rig.fuel()
    rig.select(1)
    rig.tell(m.MarkPumpTest())
    return f.PumpTestMarked


def authorise_test(rig: Rig) -> type[f.Fact]:
    rig.settle()
    rig.tell(m.AuthorisePoint(PointId(1), sale_type=SaleType.PUMP_TEST))
    return f.PumpTestIntended


DEEDS: dict[str, Callable[[Rig], type[f.Fact]]] = {
    "drive_off": drive_off,
    "return_drive_off": come_back,
    "pump_test": mark_test,
    "pump_test authorised": authorise_test,
}
deeds = pytest.mark.parametrize("deed", DEEDS)


@deeds
@pytest.mark.parametrize("settings", [SETTINGS, staffed(Role.CASHIER)], ids=["nobody entered", "only cashiers"])
def test_where_nobody_could_vouch_it_is_done_at_once(deed: str, settings: Settings) -> None:
    rig = Rig(settings)
    done = DEEDS[deed](rig)
    assert rig.look().staff_ask is None
    rig.only(done)
    assert rig.facts(f.StaffProved) == []


@deeds
@pytest.mark.parametrize("role", [Role.SHIFT_LEADER, Role.MANAGER])
def test_a_shift_leader_or_manager_vouches_and_the_journal_says_so_before_it_is_done(deed: str, role: Role) -> None:
    rig = Rig(staffed(*Role))
    done = DEEDS[deed](rig)
    assert rig.facts(done) == []
    asked = rig.look().staff_ask
    assert asked is not None
    assert asked.deed.value == deed.split(maxsplit=1)[0]
    type_pin(rig, role)
    rig.only(done)
    proof = rig.facts(f.StaffProved)[-1]
    assert (proof.deed, proof.role, proof.staff) == (deed.split(maxsplit=1)[0], role.value, NUMBERS[role])
    assert proof.what == ("pump 1" if done is f.PumpTestIntended else rig.facts(f.FuellingCompleted)[0].fuelling_id)
    newest_first = [type(entry.fact) for entry in rig.store.recent(10_000)]
    assert newest_first.index(done) < newest_first.index(f.StaffProved)


@deeds
def test_a_cashier_may_not_and_a_technician_only_tests(deed: str) -> None:
    rig = Rig(staffed(*Role))
    done = DEEDS[deed](rig)
    type_pin(rig, Role.CASHIER)
    assert rig.facts(done) == []
    assert rig.only(f.StaffRefused).why == "may_not"
    type_pin(rig, Role.TECHNICIAN)
    assert bool(rig.facts(done)) is deed.startswith("pump_test")


@deeds
@pytest.mark.parametrize("left", ["escape", "time"])
def test_left_nothing_is_done_and_it_can_be_asked_again(deed: str, left: str) -> None:
    rig = Rig(staffed(*Role))
    done = DEEDS[deed](rig)
    if left == "escape":
        rig.tell(m.StaffPressed(KeypadKey.CANCEL))
    else:
        rig.advance(PATIENCE_MS, step_ms=10_000)
    assert rig.look().staff_ask is None
    type_pin(rig, Role.MANAGER)
    assert rig.facts(done) == []


def test_the_sale_it_is_asked_about_can_be_paid_instead() -> None:
    rig = Rig(staffed(*Role))
    drive_off(rig)
    rig.pay()
    rig.only(f.SalePaid)
    type_pin(rig, Role.MANAGER)
    assert rig.facts(f.DroveOff) == []


def test_another_sale_that_is_opened_meanwhile_is_not_the_one_that_drove_off() -> None:
    rig = Rig(staffed(*Role))
    drive_off(rig)
    asked_about = rig.look().sale
    assert asked_about is not None
    rig.fuel(2)
    rig.select(2)
    type_pin(rig, Role.MANAGER)
    gone = rig.only(f.DroveOff).fuelling_id
    assert gone == rig.facts(f.FuellingCompleted)[0].fuelling_id
    rig.pay()
    rig.only(f.SalePaid)


def test_a_pump_is_authorised_for_a_sale_without_anybody() -> None:
    rig = Rig(staffed(*Role))
    rig.fuel(1)
    assert rig.facts(f.StaffProved) == []
    assert rig.look().staff_ask is None
    assert rig.facts(f.FuellingCompleted)


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (m.DriveOff("51F-123.45"), "no_open_sale"),
        (m.MarkPumpTest(), "no_open_sale"),
        (m.DriveOff("--"), "plate_unreadable"),
    ],
)
def test_nobody_is_asked_for_what_cannot_be_done(command: object, code: str) -> None:
    rig = Rig(staffed(*Role))
    rig.tell(command)
    assert rig.look().staff_ask is None
    assert rig.notices[-1] == code
