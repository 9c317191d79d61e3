"""Who comes in, who does not, and what keeps other sites out."""

from __future__ import annotations

import pytest

from pos_client.sandbox.portal import throttle
from tests.portal import PASSWORDS


@pytest.mark.parametrize(
    ("who", "home"),
    [
        ("000200002", "/fund"),
        ("000100001", "/points"),
        ("LX-01", "/mine"),
        ("TV-01", "/vouchers"),
        ("HO-01", "/office"),
    ],
)
def test_everybody_begins_on_his_own_page(visitor, who, home):
    someone = visitor(who)
    assert someone.path == home
    assert someone.page.status_code == 200


def test_an_individual_also_comes_in_by_phone_however_it_is_written(visitor):
    for phone in ("0912 000 001", "+84912000001"):
        someone = visitor()
        someone.log_in(phone, PASSWORDS["000100001"])
        assert someone.path == "/points"


def test_an_organisation_comes_in_by_its_id_alone(visitor):
    someone = visitor()
    assert someone.log_in("0912000012", PASSWORDS["000200002"]).status_code == 422


@pytest.mark.parametrize("who", ["000200002", "000999999", "LX-77", "' OR 1=1 --", "<b>", ""])
def test_a_wrong_name_and_a_wrong_password_read_the_same(visitor, who):
    someone = visitor()
    assert someone.log_in(who, "not this one").status_code == 422
    assert "Id or password is wrong" in someone.text
    assert "<b>" not in someone.page.text


def test_head_office_and_customers_have_separate_doors(visitor):
    someone = visitor()
    someone.get("/office/login")
    assert someone.post("/office/login", who="000200002", password=PASSWORDS["000200002"]).status_code == 422
    someone.get("/login")
    assert someone.post("/login", who="HO-01", password=PASSWORDS["HO-01"]).status_code == 422


def test_five_wrong_passwords_lock_a_log_in_for_a_quarter_of_an_hour(visitor, central):
    someone = visitor()
    for _ in range(5):
        someone.log_in("000100004", "not this one")
    assert someone.log_in("000100004", "anh-sap-het-han-78").status_code == 429
    assert "Log-in is locked" in someone.text
    central.later(901)
    try:
        assert someone.log_in("000100004", "anh-sap-het-han-78").status_code == 200
    finally:
        central.later(0)


def test_many_tries_from_one_place_are_told_to_wait(visitor, monkeypatch):
    monkeypatch.setattr(throttle, "TRIES", 0)
    assert visitor().log_in("000200002").status_code == 429


@pytest.mark.parametrize(
    ("who", "path"),
    [
        ("LX-01", "/fund"), ("LX-01", "/people"), ("TV-01", "/people"), ("TV-01", "/fund"), ("000100001", "/vouchers"),
        ("000200002", "/points"), ("000200002", "/office"), ("HO-01", "/fund"), ("LX-01", "/office/review"),
    ],
)  # fmt: skip
def test_nobody_sees_the_pages_of_somebody_else(visitor, who, path):
    someone = visitor(who)
    assert someone.get(path).status_code == 403
    assert "Nothing has changed" in someone.text


@pytest.mark.parametrize("path", ["/fund", "/vouchers", "/mine", "/points", "/statement.csv", "/vouchers/P-00231"])
def test_nobody_sees_anything_without_a_log_in(visitor, path):
    someone = visitor()
    someone.get(path)
    assert someone.path == "/login"


def test_logging_out_ends_the_visit_at_central_too(visitor):
    someone = visitor("000200002")
    cookie = someone.http.cookies["plx_session"]
    someone.post("/logout")
    assert "logged out" in someone.text
    someone.http.cookies.set("plx_session", cookie)
    someone.get("/fund")
    assert someone.path == "/login"


def test_a_visit_ends_when_nobody_moves_for_half_an_hour(visitor, central):
    someone = visitor("000200002")
    try:
        central.later(29 * 60)
        assert someone.get("/fund").url.endswith("/fund")
        central.later((29 + 31) * 60)
        assert someone.get("/fund").url.endswith("/login")
    finally:
        central.later(0)


def test_a_new_log_in_gets_a_new_cookie(visitor):
    someone = visitor("000200002")
    before = someone.http.cookies["plx_session"]
    someone.log_in("000200002")
    assert someone.http.cookies["plx_session"] != before


def test_the_cookie_is_read_by_no_script_and_sent_by_no_other_site(visitor):
    someone = visitor()
    someone.get("/login")
    token = someone.token
    answer = someone.http.post(
        someone.address + "/login",
        data={"csrf": token, "who": "000200002", "password": PASSWORDS["000200002"]},
        allow_redirects=False,
        timeout=10,
    )
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=lax" in cookie


def test_every_answer_carries_the_headers_that_keep_others_out(visitor):
    someone = visitor()
    for path in ("/login", "/no-such-page", "/static/portal.css", "/help"):
        headers = someone.get(path).headers
        assert "default-src 'none'" in headers["content-security-policy"], path
        assert "script" not in headers["content-security-policy"], path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"


@pytest.mark.parametrize("token", ["", "0" * 32])
def test_a_form_without_our_token_does_nothing(visitor, token):
    someone = visitor("000200002")
    assert someone.post("/vehicles", csrf=token, plate="30A12345").status_code == 403
    someone.get("/vehicles")
    assert "30A" not in someone.text


def test_a_form_of_another_site_does_nothing(visitor):
    someone = visitor("000200002")
    someone.http.headers["Origin"] = "https://elsewhere.example"
    assert someone.post("/vehicles", plate="30A12345").status_code == 403


def test_a_form_token_of_another_visit_does_nothing(visitor):
    mine, theirs = visitor("000200002"), visitor("000200001")
    assert mine.post("/vehicles", csrf=theirs.token, plate="30A12345").status_code == 403


def test_a_password_is_changed_and_other_visits_end(visitor):
    mine, other = visitor("LX-02"), visitor("LX-02")
    mine.get("/password")
    wrong = {"old": "not this one", "password": "mua roi tren mai ton", "again": "mua roi tren mai ton"}
    assert mine.post("/password", **wrong).status_code == 422
    assert mine.post("/password", **{**wrong, "old": PASSWORDS["LX-02"], "again": "another"}).status_code == 422
    assert mine.post("/password", **{**wrong, "old": PASSWORDS["LX-02"], "password": "lx-02abc"}).status_code == 422
    assert mine.post("/password", **{**wrong, "old": PASSWORDS["LX-02"]}).status_code == 200
    assert "password is changed" in mine.text
    assert other.get("/mine").url.endswith("/login")
    assert visitor().log_in("LX-02", "mua roi tren mai ton").url.endswith("/mine")


def test_the_language_is_chosen_and_kept_and_leads_nowhere_else(visitor):
    someone = visitor()
    someone.get("/language", to="vi", back="/help")
    assert someone.path == "/help"
    assert '<html lang="vi">' in someone.page.text
    assert '<html lang="vi">' in someone.get("/login").text
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        someone.get("/language", to="en", back=elsewhere)
        assert someone.path == "/login"


def test_a_form_larger_than_any_of_ours_is_refused_before_it_is_read(visitor):
    someone = visitor("000200002")
    assert someone.post("/vehicles", plate="3" * 2_100_000).status_code == 413
