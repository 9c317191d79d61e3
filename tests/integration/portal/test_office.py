"""Head office: places, prices, limits, the desk where decisions are appended, and the signs of a week."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from PIL import Image

from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.ui.assistant.view_model import enrolment
from tests.central import STATION, Till, real_time
from tests.qr_reader import read_qr

CASH = (TenderClass.CASH, 100_000)


@pytest.fixture
def office(visitor):
    return visitor("HO-01")


@pytest.fixture
def till(central):
    one = Till(central.addresses)
    yield one
    one.close()


PAGES = ("/office", "/office/review", "/office/signals", "/office/stations", "/office/terminals",
         "/office/fleet", "/office/cashiers",
         "/office/prices", "/office/limits",
         "/office/programme", "/office/acts", f"/office/stations/{STATION}")  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_page_is_drawn_in_both_languages(visitor, path, language):
    office = visitor("HO-01", language=language)
    assert office.get(path).status_code == 200
    assert f'<html lang="{language}">' in office.page.text


@pytest.mark.parametrize("path", ["/office/points.svg", "/office/signals.svg", "/office/prices.svg"])
def test_plots_are_pictures_without_a_script(office, path):
    answer = office.get(path)
    assert answer.headers["content-type"] == "image/svg+xml"
    assert b"<svg" in answer.content
    assert b"<script" not in answer.content
    assert b"http" not in answer.content.replace(b"http://www.w3.org", b"").replace(b"http://pygal.org", b"")


def test_a_station_is_added_and_found_whatever_its_name_looks_like(office):
    office.get("/office/stations")
    station = {"code": "chxd077", "name": "CHXD <b>77</b>'; --", "province": "Đồng Nai", "zone": "2",
               "latitude": "10,957413", "longitude": "106.842687"}  # fmt: skip
    assert office.post("/office/stations", **station).status_code == 200
    office.get("/office/stations", find="đồng nai")
    assert "CHXD077" in office.text
    assert "<b>77" not in office.page.text
    office.get("/office/stations", find="%")
    assert "CHXD077" not in office.text


@pytest.mark.parametrize(
    ("field", "value"),
    [("code", "x"), ("code", "CH XD"), ("name", ""), ("zone", "3"), ("latitude", "north"), ("longitude", "1e3")],
)
def test_a_station_that_makes_no_sense_is_refused(office, field, value):
    station = {"code": "CHXD078", "name": "CHXD số 78", "province": "", "zone": "1", "latitude": "", "longitude": ""}
    office.get("/office/stations")
    assert office.post("/office/stations", **{**station, field: value}).status_code == 422


def test_a_price_is_announced_for_its_hour_and_can_be_withdrawn_before(office):
    office.get("/office/prices")
    price = {"grade": "DO-005S", "zone": "2", "price": "31.090", "begins": "31/12/2099 15:00"}
    assert office.post("/office/prices", **price).status_code == 200
    assert "31.090 đ" in office.text
    assert "31/12/2099 15:00" in office.text
    from_ms = office.page.text.split('name="from_ms" value="')[1].split('"')[0]
    office.post("/office/prices/withdraw", zone="2", grade="DO-005S", from_ms=from_ms)
    assert "31.090 đ" not in office.text
    office.get("/office/prices")
    assert office.post("/office/prices/withdraw", zone="1", grade="DO-005S", from_ms="1").status_code == 400


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("price", "999"),
        ("price", "free"),
        ("begins", "soon"),
        ("begins", "01/01/2020 15:00"),
        ("grade", "LPG"),
        ("zone", "9"),
    ],
)
def test_a_price_that_makes_no_sense_is_refused(office, field, value):
    price = {"grade": "DO-005S", "zone": "2", "price": "31.090", "begins": "31/12/2099 15:00"}
    office.get("/office/prices")
    assert office.post("/office/prices", **{**price, field: value}).status_code == 422


def test_limits_are_set_together_or_not_at_all(office):
    limits = {"voucher_most_vnd": "400.000", "voucher_lives_s": "3600", "outstanding_most_vnd": "5000000",
              "outstanding_most_vouchers": "20", "contact_age_s": "28800", "revocations_age_s": "86400",
              "wall_age_s": "86400"}  # fmt: skip
    office.get("/office/limits")
    assert office.post("/office/limits", **{**limits, "wall_age_s": "-1"}).status_code == 422
    assert 'value="500.000"' in office.get("/office/limits").text
    assert office.post("/office/limits", **limits).status_code == 200
    assert 'value="400.000"' in office.page.text


def test_a_dispute_reaches_the_desk_and_its_decision_the_customer(office, visitor, till):
    till.call(till.accrual("0912000001", CASH, end=184_500_001))
    customer = visitor("000100001")
    customer.get("/points")
    where = customer.page.text.split('href="/disputes/new/')[1].split('"')[0]
    customer.get(f"/disputes/new/{where}")
    assert customer.post(f"/disputes/new/{where}", words="no").status_code == 422
    customer.post(f"/disputes/new/{where}", words="Tôi không ở đó <script>")
    assert "Being looked at" in customer.text
    office.get("/office/review", kind="disputed")
    case = office.page.text.split('href="/office/review/dispute')[1].split('"')[0]
    office.get(f"/office/review/dispute{case}")
    assert "<script>" not in office.page.text
    assert office.post(f"/office/review/dispute{case}", decision="no_fault", note="").status_code == 422
    office.post(f"/office/review/dispute{case}", decision="investigate", note="Xem camera")
    office.post(f"/office/review/dispute{case}", decision="points_returned", note="Đúng là không phải khách")
    assert "Xem camera" in office.text, "what was decided before is still there"
    assert "Points returned" in customer.get("/disputes").text


def test_nobody_disputes_an_entry_of_somebody_else(visitor, till):
    till.call(till.accrual("0912000001", CASH, end=184_500_002))
    other = visitor("000100001")
    other.get("/points")
    where = other.page.text.split('href="/disputes/new/')[1].split('"')[0]
    stranger = visitor()
    stranger.log_in("000300002", "huy-nhom-hai-nguoi-87")
    assert stranger.get(f"/disputes/new/{where}").status_code == 404
    assert stranger.get("/disputes/new/x").status_code == 404


def test_a_sale_under_review_earns_when_the_desk_says_so(central, office, visitor, till):
    then = real_time() - timedelta(days=8)
    late = till.accrual("0912000001", CASH, end=184_550_000, fuelled_at=then.isoformat())
    assert till.call(late) == port.AccrualUnderReview("late")
    before = central.account("000100001")["available"]
    office.get("/office/review", kind="accrual")
    case = office.page.text.split('href="/office/review/accrual')[1].split('"')[0]
    office.get(f"/office/review/accrual{case}")
    assert "more than seven days" in office.text
    assert "T1-000001 · CHXD018-T1" in office.text
    assert "Points it would earn 250" in office.text
    assert office.post(f"/office/review/accrual{case}", decision="station_pays", note="x").status_code == 422
    office.post(f"/office/review/accrual{case}", decision="credited", note="Cửa hàng mất mạng cả tuần")
    assert "The decision is recorded" in office.text
    assert central.account("000100001")["available"] == before + 250
    assert office.post(f"/office/review/accrual{case}", decision="refused", note="x").status_code == 422
    assert "decided already" in office.text


def test_managers_are_named_and_withdrawn(office):
    office.get(f"/office/stations/{STATION}")
    assert "Nobody is named" in office.text
    assert office.post(f"/office/stations/{STATION}/managers", name=" ").status_code == 422
    office.post(f"/office/stations/{STATION}/managers", name="Quản <b>lý</b>")
    assert "<b>" not in office.page.text
    assert "Quản <b>lý</b>" in office.text
    office.post(f"/office/stations/{STATION}/managers/withdraw", name="Quản <b>lý</b>")
    assert "Nobody is named" in office.text
    assert office.get("/office/stations/CHXD999").status_code == 404


def test_a_sale_claimed_twice_is_a_case_and_a_sign(office, till):
    till.call(till.accrual("0912000001", CASH, end=184_600_000))
    for _ in range(2):
        till.call(till.accrual("000100002", CASH, end=184_600_000))
    office.get("/office/review", kind="duplicate")
    assert office.text.count("Sale claimed twice") >= 3, "a heading, a choice, and the cases"
    office.get("/office/signals")
    assert "Sale claimed again" in office.text.split("What they mean")[0]


def test_one_id_that_earns_all_day_at_one_station_is_a_sign(office, till):
    for number in range(5):
        till.call(till.accrual("000100004", CASH, end=184_700_000 + number))
    office.get("/office/signals")
    told = office.text.split("What they mean")[0]
    assert "One ID, many accruals" in told
    assert STATION in told


def test_a_case_nobody_knows_is_not_there(office):
    assert office.get("/office/review/dispute:999999").status_code == 404
    assert office.get("/office/review/'; DROP TABLE disputes; --").status_code == 404


def test_a_code_is_shown_as_a_qr_that_the_first_start_reads(office, central, tmp_path):
    """What stands in the page is drawn and read by another program's reader."""
    office.get("/office/terminals")
    office.post("/office/terminals", station=STATION, till="T8")
    code = re.search(r'id="enrolment">([^<]+)<', office.page.text)
    svg = re.search(r'<div class="qr"><svg viewBox="0 0 (\d+) \d+".*?d="([^"]+)"', office.page.text)
    assert code is not None
    assert svg is not None
    side, dark = int(svg[1]), re.findall(r"M(\d+) (\d+)", svg[2])
    picture = Image.new("L", (side, side), 255)
    for x, y in dark:
        picture.putpixel((int(x), int(y)), 0)
    picture.resize((side * 6, side * 6), Image.Resampling.NEAREST).save(tmp_path / "code.png")
    [text] = read_qr(tmp_path / "code.png")
    assert enrolment(text, "") == (code[1], central.addresses.url)
    told = enrol(central.addresses.url, enrolment(text, "")[0], new_device_key(), "1.2.3")
    assert isinstance(told, Enrolled)
    office.get("/office/terminals")
    assert f"{STATION}-T8" in office.text
    assert "Never started" in office.text


def test_codes_nobody_used_and_versions_are_seen(visitor, central, till):
    till.start()
    office = visitor("HO-01")
    office.get("/office/terminals")
    office.post("/office/terminals", station=STATION, till="T7")
    assert f"{STATION}-T7: good until" in office.text
    assert re.search(r"Version \S+, started", office.text)
    central.later(86_400)
    office = visitor("HO-01")
    office.get("/office/terminals")
    assert f"{STATION}-T7: died" in office.text


def test_a_terminal_is_brought_in_with_a_code_suspended_and_taken_back(office, till):
    office.get("/office/terminals")
    assert office.post("/office/terminals", station="NOWHERE", till="T1").status_code == 422
    assert office.post("/office/terminals", station=STATION, till="T-1").status_code == 422
    assert office.post("/office/terminals", station=STATION, till="T9").status_code == 200
    assert 'id="enrolment"' in office.page.text
    name = f"{STATION}-T1"
    office.get("/office/terminals")
    assert office.post(f"/office/terminals/{name}/suspend", reason="").status_code == 422
    office.post(f"/office/terminals/{name}/suspend", reason="Máy mất trộm <b>")
    assert "Máy mất trộm <b>" in office.text
    assert till.look_up("000100001").code == "terminal-suspended"
    office.post(f"/office/terminals/{name}/reinstate")
    assert till.look_up("000100001").display_id == "000 100 001"
    assert office.post("/office/terminals/NOBODY-T1/reinstate").status_code == 422
