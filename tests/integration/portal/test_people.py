"""Drivers, members and vehicles of an organisation: added, invited, given rights, gone."""

from __future__ import annotations

import html
import re

import pytest

from pos_client.domain.customer import ConsentMethod
from pos_client.ports import central as port
from tests.central import Till
from tests.portal import ORGANISATION, OTHER_ORGANISATION, PASSWORDS

NASTY = "<script>alert(1)</script>'; DROP TABLE drivers; --"


@pytest.fixture
def organisation(visitor):
    return visitor("000200002")


def add(organisation, name, realm="driver"):
    """A new person: (id, code)."""
    organisation.get("/people")
    organisation.post("/people", name=name, realm=realm)
    person = re.search(r"(LX|TV)-\d{6}", organisation.text[organisation.text.index("First log-in code") :])
    code = re.search(r'id="invitation">(\w+)<', organisation.page.text)
    assert person is not None
    assert code is not None
    return person.group(0), code.group(1)


def first(visitor, who, code, password="mua roi tren mai ton"):
    someone = visitor()
    someone.get("/first")
    someone.post("/first", who=who, code=code, password=password, again=password)
    return someone


def test_a_new_driver_comes_in_with_his_code_once(organisation, visitor):
    who, code = add(organisation, "Trịnh Văn Sơn")
    assert first(visitor, who, "WRONGWRONG").page.status_code == 422
    assert first(visitor, who, code, password="short").page.status_code == 422
    driver = first(visitor, who, f"{code[:5]}-{code[5:].lower()}")
    assert driver.path == "/mine"
    assert first(visitor, who, code).page.status_code == 422
    assert visitor().log_in(who, "mua roi tren mai ton").url.endswith("/mine")


def test_a_code_is_good_for_two_days_and_five_tries(organisation, visitor, central):
    who, code = add(organisation, "Người Chậm")
    try:
        central.later(48 * 3600)
        assert first(visitor, who, code).page.status_code == 422
    finally:
        central.later(0)
    who, code = add(organisation, "Người Nhầm")
    for _ in range(5):
        first(visitor, who, "AAAAAAAAAA")
    assert first(visitor, who, code).page.status_code == 422


def test_an_organisations_own_log_in_cannot_be_taken_with_a_code(visitor):
    assert first(visitor, "000200002", "AAAAAAAAAA").page.status_code == 422


def test_names_are_words_whatever_they_look_like(organisation):
    add(organisation, NASTY)
    assert NASTY not in organisation.page.text
    assert html.escape(NASTY, quote=True).replace("&#x27;", "&#39;") in organisation.page.text
    assert organisation.get("/people").status_code == 200


@pytest.mark.parametrize("name", ["", "   ", "1234", "x" * 81])
def test_a_person_has_a_name(organisation, name):
    organisation.get("/people")
    assert organisation.post("/people", name=name, realm="driver").status_code == 422


def test_the_right_is_granted_withdrawn_and_works_at_once(organisation, visitor):
    who, code = add(organisation, "Lý Thị Hoa", "member")
    member = first(visitor, who, code)
    assert member.page.status_code == 403, "not granted yet"
    organisation.post(f"/people/member/{who}/right", right="organisation")
    assert "is granted" in organisation.text
    assert member.get("/vouchers").status_code == 200
    organisation.post(f"/people/member/{who}/right", right="none")
    assert member.get("/vouchers").status_code == 403
    assert organisation.post(f"/people/member/{who}/right", right="everything").status_code == 400


def test_who_has_left_is_out_at_once(organisation, visitor):
    who, code = add(organisation, "Ngô Đình Tú")
    driver = first(visitor, who, code)
    organisation.post(f"/people/driver/{who}/active", active="no")
    assert driver.get("/mine").url.endswith("/login")
    assert visitor().log_in(who, "mua roi tren mai ton").status_code == 422
    organisation.get("/vouchers/new")
    assert who not in organisation.text
    organisation.post(f"/people/driver/{who}/active", active="yes")
    assert visitor().log_in(who, "mua roi tren mai ton").url.endswith("/mine")


def test_nobody_touches_another_organisations_people(visitor):
    other = visitor("000200001")
    other.get("/people")
    for verb, fields in (("right", {"right": "own"}), ("unlock", {}), ("active", {"active": "no"}), ("invite", {})):
        assert other.post(f"/people/driver/LX-01/{verb}", csrf=other.token, **fields).status_code == 404
        other.get("/people")


def test_vehicles_are_added_by_any_spelling_of_the_plate_and_given_up(organisation, visitor):
    organisation.get("/vehicles")
    organisation.post("/vehicles", plate=" 30a-123.45 ")
    assert "30A-123.45" in organisation.text
    organisation.post("/vehicles/30A12345/active", active="no")
    assert "Given up" in organisation.text
    assert organisation.post("/vehicles", plate="bike").status_code == 422
    other = visitor("000200001")
    other.get("/vehicles")
    assert other.post("/vehicles", plate="30A12345").status_code == 422
    assert "another account" in other.text
    assert other.post("/vehicles/30A12345/active", active="yes").status_code == 404


def test_a_locked_pin_is_shown_and_unlocked(organisation, visitor):
    driver = visitor("LX-01")
    for _ in range(5):
        driver.get("/pin")
        driver.post("/pin", old="000000", pin="914725", again="914725")
    assert "locked" in driver.text
    organisation.get("/people")
    assert "PIN locked" in organisation.text
    organisation.post("/people/driver/LX-01/unlock")
    assert "PIN locked" not in organisation.get("/people").text
    driver.get("/pin")
    driver.post("/pin", old="135790", pin="914725", again="914725")
    assert driver.page.status_code == 200


def test_an_organisation_makes_its_pin_and_uses_points_with_it_at_a_station(organisation, central):
    """A09, A10: straight from the fund, without a voucher; changed, the PIN before it is worth nothing."""
    till = Till(central.addresses)
    try:
        assert till.look_up(ORGANISATION).methods == ()
        assert 'href="/pin"' in organisation.get("/fund").text
        organisation.get("/pin")
        assert organisation.post("/pin", pin="123456", again="123456").status_code == 422
        assert till.look_up(ORGANISATION).methods == ()
        organisation.post("/pin", pin="914725", again="914725")
        assert till.look_up(ORGANISATION).methods == (ConsentMethod.ORGANISATION_PIN,)
        organisation.get("/pin")
        assert organisation.post("/pin", old="000001", pin="271828", again="271828").status_code == 422
        organisation.post("/pin", old="914725", pin="271828", again="271828")
        redemption, placed = till.hold(ORGANISATION, 60_000)
        wrong = till.verify(redemption, 1, placed, "914725")
        assert isinstance(wrong, port.Problem)
        assert wrong.code == "credential-wrong"
        assert isinstance(till.verify(redemption, 2, placed, "271828"), port.ConsentVerified)
        captured = till.call(till.capture(redemption, 54_000))
        assert (captured.points_debited, captured.points_released) == (54_000, 6_000)
    finally:
        till.close()
    organisation.get("/statement", kind="redemption")
    assert "54.000" in organisation.text
    organisation.get("/vouchers")
    assert "P-00231" in organisation.text, "its vouchers stay what they are"


def test_a_locked_pin_of_an_organisation_is_opened_by_its_password(visitor, central):
    organisation = visitor(OTHER_ORGANISATION)
    till = Till(central.addresses)
    try:
        for _ in range(5):
            redemption, placed = till.hold(OTHER_ORGANISATION, 1_000)
            refused = till.verify(redemption, 1, placed, "999999")
            assert isinstance(refused, port.Problem)
            till.call(port.Void(redemption, "wrong"))
        assert refused.code == "credential-locked"
        organisation.get("/pin")
        assert "Unlock it with the organisation's password" in organisation.text
        assert organisation.post("/pin/unlock", password="not it").status_code == 422
        organisation.post("/pin/unlock", password=PASSWORDS[OTHER_ORGANISATION])
        redemption, placed = till.hold(OTHER_ORGANISATION, 1_000)
        assert isinstance(till.verify(redemption, 1, placed, "246813"), port.ConsentVerified)
        till.call(port.Void(redemption, "enough"))
    finally:
        till.close()
    assert visitor("LX-01").post("/pin/unlock", password="x").status_code == 403


def test_what_was_done_can_be_read_by_the_organisation_and_by_head_office(organisation, visitor):
    who, _ = add(organisation, "Đỗ Văn Ghi")
    organisation.get("/acts")
    assert who in organisation.text
    assert "Driver added" in organisation.text
    organisation.get("/acts", act="vehicle_added", actor="nobody")
    assert "Nothing has been done" in organisation.text
    other = visitor("000200001")
    other.get("/acts")
    assert who not in other.text
    assert visitor("LX-01").get("/acts").status_code == 403
    office = visitor("HO-01")
    office.get("/office/acts", account=ORGANISATION, act="driver_added", actor=ORGANISATION)
    assert who in office.text
    office.get("/office/acts", account="000200001", act="driver_added")
    assert who not in office.text
    assert organisation.get("/office/acts").status_code == 403
