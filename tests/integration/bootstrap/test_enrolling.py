"""Enrolment cut off anywhere: the same code brings the same till in, and its trace stands in no later code's way."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import pytest

from pos_client.adapters.central_http.enrolment import Enrolled
from pos_client.bootstrap.enrolling import DEVICE_KEY, NEXT_KEY, as_enrolled, enrol_till
from pos_client.ports.central import NoAnswer, Problem
from pos_client.protocols.central.enrolment_messages import SoldGrade, StationSheet
from pos_client.protocols.central.signing import SigningKey
from pos_client.settings.model import CentralSettings, GradeSettings, Settings, StationSettings
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree
from tests.central import RunningCentral, running_central


class Killed(BaseException):
    """The process is gone."""


@dataclass
class Shelf:
    """A key store, and what was written down; the process dies at the `left`-th touch of either, before or after it."""

    kept: dict[str, bytes] = field(default_factory=dict)
    settings: Enrolled | None = None
    left: int = 10_000
    after: bool = False

    def get(self, name: str) -> bytes | None:
        return self.kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        self._touch(lambda: self.kept.update({name: secret}))

    def remove(self, name: str) -> None:
        self._touch(lambda: self.kept.pop(name, None))

    def keep(self, told: Enrolled) -> None:
        self._touch(lambda: setattr(self, "settings", told))

    def _touch(self, deed) -> None:
        self.left -= 1
        if self.left == 0 and not self.after:
            raise Killed
        deed()
        if self.left == 0:
            raise Killed


@pytest.fixture(scope="module")
def central() -> Iterator[RunningCentral]:
    with running_central(seed=14) as running:
        yield running


def code_for(central: RunningCentral, till: str) -> str:
    return str(central.control("POST", "/control/enrolment-codes", {"station": "CHXD018", "terminal": till})["code"])


def enrolled(central: RunningCentral, shelf: Shelf, code: str) -> object:
    return enrol_till(central.addresses.url, code, shelf, shelf.keep)


TOUCHES = 4
"""The key is kept, becomes the till's, what central said is written down, the trace goes; after that it is done."""


@pytest.mark.parametrize(
    ("touch", "after"), [(touch, after) for touch in range(1, TOUCHES + 1) for after in (False, True)][:-1]
)
def test_a_kill_anywhere_costs_neither_the_code_nor_the_next_one(central: RunningCentral, touch: int, after: bool):
    till = f"K{touch}{'B' if after else 'A'}"
    code, shelf = code_for(central, till), Shelf(left=touch, after=after)
    with pytest.raises(Killed):
        enrolled(central, shelf, code)
    shelf.left = 10_000
    told = enrolled(central, shelf, code.replace("-", " ").lower())
    assert isinstance(told, Enrolled)
    assert (told.till, told.epoch) == (till, 1), "brought in once"
    assert shelf.settings == told
    assert set(shelf.kept) == {DEVICE_KEY}
    again = enrolled(central, shelf, code_for(central, till))
    assert isinstance(again, Enrolled)
    assert again.epoch == 2


def test_nothing_else_is_touched():
    """Or the kills above miss some."""
    shelf = Shelf(left=TOUCHES)
    with pytest.raises(Killed), running_central(seed=15) as central:
        enrolled(central, shelf, code_for(central, "K9"))
    assert shelf.settings is not None
    assert NEXT_KEY in shelf.kept


def test_an_answer_that_was_lost_is_asked_for_with_the_same_code(central: RunningCentral):
    code, shelf = code_for(central, "L1"), Shelf()
    central.control("POST", "/control/faults", {"name": "answer_lost", "match": "/v1/enrolments", "times": 1})
    assert isinstance(enrolled(central, shelf, code), NoAnswer)
    assert DEVICE_KEY not in shelf.kept
    told = enrolled(central, shelf, code)
    assert isinstance(told, Enrolled)
    assert told.epoch == 1


def test_an_answer_that_was_lost_for_ever_is_no_end(central: RunningCentral):
    """The code died meanwhile: another one brings the till in, with another key."""
    shelf = Shelf()
    central.control("POST", "/control/faults", {"name": "answer_lost", "match": "/v1/enrolments", "times": 1})
    assert isinstance(enrolled(central, shelf, code_for(central, "L2")), NoAnswer)
    told = enrolled(central, shelf, code_for(central, "L2"))
    assert isinstance(told, Enrolled)
    assert told.epoch == 2


def test_a_wrong_code_changes_nothing(central: RunningCentral):
    shelf = Shelf(kept={DEVICE_KEY: b"k" * 32})
    told = enrolled(central, shelf, "2222-2222-2222-2222")
    assert isinstance(told, Problem)
    assert told.code == "enrolment-code-invalid"
    assert shelf.kept[DEVICE_KEY] == b"k" * 32
    assert shelf.settings is None


# ── head office's sheet of the station ──────────────────────────────────────────────────────────────────────────────


def test_the_sheet_comes_with_the_enrolment(central: RunningCentral):
    told = enrolled(central, Shelf(), code_for(central, "S1"))
    assert isinstance(told, Enrolled)
    settings = as_enrolled(Settings(), told)
    assert settings.station.name == "CHXD số 18"
    assert settings.station.price_zone == "1"
    assert {grade.code: grade.unit_price for grade in settings.grades} == {
        "E10-95-III": 27080,
        "E5-92-II": 25790,
        "DO-005S": 30490,
    }
    assert check(as_tree(settings)).faults == ()


SEAL, PERMIT, ANSWER = (SigningKey(bytes([n]) * 32).public_b64 for n in (1, 2, 3))
TOLD = Enrolled("https://central.vn", "CHXD018", "T1", 1, SEAL, PERMIT, ANSWER)
SHEET = StationSheet("CHXD số 18", "1", (SoldGrade("DO", "DO 0,05S", 30_000, earns=True),))


def test_what_a_technician_has_set_stays():
    mine = Settings(station=StationSettings(name="Trạm A", price_zone="2"), grades=(GradeSettings("E5", "E5", 25_000),))
    settings = as_enrolled(mine, replace(TOLD, sheet=SHEET))
    assert (settings.station.name, settings.station.price_zone) == ("Trạm A", "2")
    assert settings.grades == mine.grades


@pytest.mark.parametrize(
    "sheet",
    [
        None,
        StationSheet("", ""),
        StationSheet("x" * 500, "1"),
        StationSheet("A", "1", (SoldGrade("DO", "DO", 3, earns=True),)),
        StationSheet("A", "1", (SoldGrade("DO", "DO", 30_000, earns=True),) * 2),
    ],
)
def test_a_sheet_that_is_wrong_hinders_no_enrolment(sheet: StationSheet | None):
    settings = as_enrolled(Settings(), replace(TOLD, sheet=sheet))
    assert settings.central == CentralSettings(
        url=TOLD.url, seal_key=TOLD.seal_key, permit_key=TOLD.permit_key, answer_key=TOLD.answer_key, epoch=1
    )
    assert settings.station.till == "CHXD018-T1"
    assert settings.grades == ()
    assert check(as_tree(settings)).faults == ()
