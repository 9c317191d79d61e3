"""Points vouchers on the portal: made, split, read from a spreadsheet, taken back; every point accounted for."""

from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from openpyxl import Workbook, load_workbook

from pos_client.domain.moment import VIETNAM
from pos_client.sandbox.central.clock import MovableClock

TODAY = MovableClock().now().astimezone(VIETNAM).date()
NEXT_MONTH = TODAY + timedelta(days=30)
GOOD = {
    "plate": "29C12345",
    "driver": "LX-01",
    "points": "200.000",
    "expires_on": f"{NEXT_MONTH:%d/%m/%Y}",
    "product": "",
}
HEADS = "Biển số;Mã lái xe;Điểm;Hạn dùng;Sản phẩm\n"


@pytest.fixture
def organisation(visitor):
    return visitor("000200002")


def funds(central):
    """Points of the organisation and of its vouchers, and all of them together."""
    ledger = central.ledger()
    own = next(row["available"] for row in ledger["accounts"] if row["number"] == "000200002")
    vouchers = {row["code"]: row["available"] for row in ledger["vouchers"] if row["account"] == "000200002"}
    return own, vouchers, own + sum(vouchers.values())


def made(someone):
    return re.findall(r"P-\d{8}", someone.page.text)


def make(someone, **how):
    someone.get("/vouchers/new")
    someone.post("/vouchers/new", **{**GOOD, **how})
    assert someone.path.startswith("/vouchers/batches/"), someone.text
    someone.post(someone.path + "/confirm")
    return made(someone)[0]


def test_a_voucher_is_looked_at_then_made_and_moves_its_points(organisation, central):
    own, vouchers, together = funds(central)
    organisation.get("/vouchers/new")
    organisation.post("/vouchers/new", **GOOD)
    assert funds(central) == (own, vouchers, together), "looking makes nothing"
    organisation.post(organisation.path + "/confirm")
    (code,) = set(made(organisation))
    assert funds(central) == (own - 200_000, {**vouchers, code: 200_000}, together)


def test_a_second_press_finds_it_made(organisation, central):
    organisation.get("/vouchers/new")
    organisation.post("/vouchers/new", **GOOD)
    path, before = organisation.path, len(funds(central)[1])
    organisation.post(path + "/confirm")
    first = made(organisation)
    organisation.get(path)
    organisation.post(path + "/confirm")
    assert made(organisation) == first
    assert len(funds(central)[1]) == before + 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("plate", "30A99999", "not among the vehicles"),
        ("driver", "LX-99", "No active driver"),
        ("points", "99", "Points from 100"),
        ("points", "many", "whole number"),
        ("points", "-5", "whole number"),
        ("points", "90000000", "are needed"),
        ("expires_on", "31/02/2027", "no day"),
        ("expires_on", "01/01/2020", "has passed"),
        ("product", "LPG", "no such product"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_made(organisation, central, field, value, words):
    before = funds(central)
    organisation.get("/vouchers/new")
    assert organisation.post("/vouchers/new", **{**GOOD, field: value}).status_code == 422
    assert words in organisation.text
    if value != "90000000":
        assert f'id="{field}-error"' in organisation.page.text
        assert 'aria-invalid="true"' in organisation.page.text
    assert funds(central) == before


def test_cancelling_returns_the_points_to_their_very_lots(organisation, central):
    """The account's lots read as before, day by day, and the ledger says how."""
    before = organisation.get("/fund").text
    code = make(organisation, points="4.000.00")
    assert organisation.get("/fund").text != before
    organisation.get(f"/vouchers/{code}")
    organisation.post(f"/vouchers/{code}/cancel")
    assert "Cancelled" in organisation.text
    lots = re.compile(r"<tbody>.*?</tbody>", re.DOTALL)
    assert lots.findall(organisation.get("/fund").text) == lots.findall(before)
    after = funds(central)
    organisation.get(f"/vouchers/{code}")
    organisation.post(f"/vouchers/{code}/cancel")
    assert funds(central) == after, "a second press changes nothing"


def test_the_fund_is_split_by_vehicle_in_one_go(organisation, central):
    own, vouchers, _ = funds(central)
    organisation.get("/vouchers/split")
    organisation.post(
        "/vouchers/split",
        plate=["29C12345", "51D67890"],
        driver=["LX-01", "LX-02"],
        points=["10.000", "20.000"],
        expires_on=GOOD["expires_on"],
        product="DO-005S",
    )
    organisation.post(organisation.path + "/confirm")
    after = funds(central)
    assert after[0] == own - 30_000
    assert sorted(after[1][code] for code in set(after[1]) - set(vouchers)) == [10_000, 20_000]


def test_a_faulty_line_of_a_split_is_shown_where_it_stands(organisation, central):
    before = funds(central)
    organisation.get("/vouchers/split")
    answer = organisation.post(
        "/vouchers/split",
        plate=["29C12345", "51D67890"],
        driver=["LX-01", "LX-02"],
        points=["10.000", "7"],
        expires_on=GOOD["expires_on"],
        product="",
    )
    assert answer.status_code == 422
    assert 'id="points-2-error"' in answer.text
    assert 'value="10.000"' in answer.text, "what was typed is still there"
    assert funds(central) == before


def upload(someone, name, content):
    someone.get("/vouchers/import")
    return someone.post("/vouchers/import", _files={"file": (name, content)})


def test_every_bad_row_of_a_spreadsheet_is_told_and_none_is_applied(organisation, central):
    before = funds(central)
    day = GOOD["expires_on"]
    rows = [
        f"29C-123.45;LX-01;1000;{day};",
        f"30A-999.99;LX-01;1000;{day};",
        f"29C-123.45;LX-99;;{day};",
        ";;;;",
        "29C-123.45;LX-01;5;31/02/2027;LPG",
        f"29C-123.45;LX-01;1000;{day};",
        f"'; DROP TABLE vouchers;--<script>;LX-01;1000;{day};",
    ]
    assert upload(organisation, "x.csv", (HEADS + "\n".join(rows)).encode()).status_code == 422
    told = set(re.findall(r"<tr><td>(\d+)</td>", organisation.page.text))
    assert told == {"3", "4", "6", "7", "8"}
    assert "The same as row 2" in organisation.text
    assert "<script>" not in organisation.page.text
    assert funds(central) == before


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_template_filled_in_makes_vouchers(organisation, central, form):
    content = organisation.get(f"/vouchers/template.{form}").content
    if form == "xlsx":
        book = load_workbook(io.BytesIO(content))
        for number, row in enumerate(book.worksheets[0].iter_rows(min_row=2), start=1):
            row[2].value = number * 1_000
        out = io.BytesIO()
        book.save(out)
        content = out.getvalue()
    else:
        lines = content.decode("utf-8-sig").splitlines()
        filled = [line.replace(";;", f";{number * 1000};", 1) for number, line in enumerate(lines[1:], start=1)]
        content = "\n".join([lines[0], *filled]).encode()
    own = funds(central)[0]
    assert upload(organisation, f"x.{form}", content).status_code == 200, organisation.text
    organisation.post(organisation.path + "/confirm")
    assert funds(central)[0] == own - 3_000


def workbook(*lines):
    book = Workbook()
    for line in lines:
        book.worksheets[0].append(line)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("x.csv", b"", "No row"),
        ("x.csv", b"\xff\xfe\x00junk", "no readable"),
        ("x.xlsx", b"PK\x03\x04 not a zip", "no readable"),
        ("x.xlsx", workbook(["a", "b"], [1, 2]), "Missing columns"),
        ("x.csv", b"Plate;Points\n29C12345;100\n", "Missing columns"),
        ("x.csv", HEADS.encode(), "No row"),
        ("x.csv", (HEADS + "29C12345;LX-01;100;01/01/2030;\n" * 2_001).encode(), "Too many rows"),
        ("x.csv", b"x" * 1_000_001, "too large"),
    ],
)
def test_a_file_that_is_no_spreadsheet_of_ours_is_refused_in_words(organisation, name, content, words):
    assert upload(organisation, name, content).status_code == 422
    assert words in organisation.text


def test_dates_and_numbers_of_a_workbook_are_read_as_what_they_are(organisation):
    heads = ["Plate", "Driver id", "Points", "Last day", "Product"]
    content = workbook(heads, ["29C-123.45", "lx-01", 1000.0, NEXT_MONTH, None], [None] * 5)
    assert upload(organisation, "x.XLSX", content).status_code == 200
    assert f"{NEXT_MONTH:%d/%m/%Y}" in organisation.text


def test_a_voucher_whose_day_has_passed_is_closed_and_its_points_are_back(organisation, central):
    code = make(organisation, expires_on=f"{TODAY + timedelta(days=2):%d/%m/%Y}", points="5000")
    own = funds(central)[0]
    try:
        central.later(3 * 86_400)
        organisation.log_in("000200002")
        organisation.get(f"/vouchers/{code}")
        assert "Expired" in organisation.text
        assert funds(central)[0] >= own + 5_000
        assert organisation.post(f"/vouchers/{code}/cancel").status_code == 422
    finally:
        central.later(0)


def test_another_organisations_voucher_is_not_there(visitor):
    other = visitor("000200001")
    assert other.get("/vouchers/P-00231").status_code == 404
    assert other.post("/vouchers/P-00231/cancel", csrf="x").status_code == 403
    other.get("/vouchers")
    assert other.post("/vouchers/P-00231/cancel").status_code == 404


def test_the_list_is_filtered_and_a_filter_is_no_pattern(organisation):
    for plate, there in (("51D", True), ("%", False), ("_", False), ("'", True)):
        organisation.get("/vouchers", plate=plate, driver="LX-02")
        assert ("P-00232" in organisation.text) is there or plate in ("%", "_"), plate
    organisation.get("/vouchers", code="00231")
    assert "P-00231" in organisation.text
    assert "P-00232" not in organisation.text


def test_a_member_with_the_right_makes_vouchers_and_one_without_is_told(visitor):
    member = visitor("TV-01")
    assert make(member, points="100")
    driver = visitor("LX-01")
    assert driver.get("/vouchers").status_code == 403
    assert "has not been granted" in driver.text
    assert driver.get("/vouchers/P-00231").status_code == 200, "his own"
    assert driver.get("/vouchers/P-00232").status_code == 404, "somebody else's"


def test_the_statement_tells_of_every_move_and_goes_along_as_a_file(organisation):
    organisation.get("/statement", kind="moved")
    assert "Between fund and voucher" in organisation.text
    sheet = load_workbook(io.BytesIO(organisation.get("/statement.xlsx").content)).worksheets[0]
    rows = list(sheet.iter_rows(min_row=2, values_only=True))
    assert rows
    assert all(isinstance(row[4], int) for row in rows)
    text = organisation.get("/statement.csv", since="31/12/9998").content.decode("utf-8-sig")
    assert len(text.splitlines()) == 1
    assert organisation.get("/statement", since="soon").status_code == 422
