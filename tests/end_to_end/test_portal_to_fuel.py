"""The four steps of the customer's document, from the portal in a real browser to fuel at the real terminal.

(1) vouchers are made, (2) the right "Quản lý phiếu điểm" is granted, (3) the driver makes his PIN, (4) he proves it on
the customer's keypad; the dispenser, the terminal's journal and central's ledger then say the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from pos_client.bootstrap.demo.parts import fuel_for_voucher
from tests.browser import log_in, window
from tests.end_to_end.counter import Counter, open_counter
from tests.portal import ORGANISATION, PASSWORDS

PIN, PASSWORD = "914725", "mua roi tren mai ton"


@pytest.fixture
def counter(tmp_path) -> Iterator[Counter]:
    with open_counter(tmp_path) as counter:
        yield counter
        counter.close_case()


@pytest.mark.timeout(300)
def test_an_organisations_points_become_a_drivers_fuel(browser, counter):
    portal = counter.stage.portal
    with window(browser, portal, language="vi") as page:
        log_in(page, ORGANISATION, PASSWORDS[ORGANISATION])
        page.click("nav >> text=Lái xe")
        page.fill("#name", "Trịnh Văn Sơn")
        page.click("text=Thêm và lấy mã")
        code = page.inner_text("#invitation")
        driver = re.search(r"LX-\d{6}", page.inner_text(".note.done"))
        assert driver is not None
        section = page.locator(f"section[aria-labelledby=p-{driver.group(0)}]")
        section.locator("select").select_option("own")
        section.locator("text=Lưu").click()
        assert "Đã cấp quyền" in page.inner_text("[role=status]")
        page.goto("/vouchers/new")
        page.select_option("#plate", "51D67890")
        page.select_option("#driver", driver.group(0))
        page.fill("#points", "250.000")
        page.click("text=Xem lại trước khi tạo")
        page.click("main button:has-text('Tạo 1 phiếu điểm')")
        voucher = page.inner_text("tbody th a")
    with window(browser, portal, phone=True, language="vi") as page:
        page.goto("/first")
        for field, value in (("who", driver.group(0)), ("code", code), ("password", PASSWORD), ("again", PASSWORD)):
            page.fill(f"#{field}", value)
        page.press("#again", "Enter")
        page.wait_for_url("**/mine")
        page.click("main a:has-text('Tạo mã PIN')")
        page.fill("#pin", PIN)
        page.fill("#again", PIN)
        page.press("#again", "Enter")
        page.wait_for_url("**/mine?done=pin_made")
        assert "250.000" in page.inner_text("main")
    counter.secrets.add(PIN)
    fuel_for_voucher(counter.stage, voucher, PIN, 240_000)
    with window(browser, portal, phone=True, language="vi") as page:
        log_in(page, driver.group(0), PASSWORD)
        assert "10.000" in page.inner_text("main")
        assert "Đã dùng một phần" in page.inner_text("main")
