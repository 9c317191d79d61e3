"""Every QR code we draw, drawn as people see it and read by a reader we have no part in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from PySide6.QtWidgets import QApplication

from pos_client.adapters.peripherals.receipt_raster import dots_for, draw
from pos_client.domain.receipt_layout import layout
from pos_client.domain.vietqr import BankAccount, vietqr
from pos_client.sandbox.portal.qr_code import path_of
from pos_client.ui.assets import load_theme
from pos_client.ui.customer.qr_code import QrCode
from pos_client.ui.style import Style
from tests.qr_reader import read_qr
from tests.receipts import FULL
from tests.words import FONTS, RESOURCES, words

VI = words("vi", "receipt")
VIETQR = vietqr(
    BankAccount("970415", "113366668888"),
    163_600,
    bill="CHXD018-T1-261123-00231",
    loyalty="000100001",
    terminal="CHXD018",
    purpose="XANG DAU P03",
)
LONGEST = vietqr(
    BankAccount("970415", "1133666688881234567"), 10**13 - 1, bill="B" * 25, loyalty="L" * 25, terminal="T" * 25
)
VOUCHER = "v1." + "QkFTRTY0dXJsX3RleHQtb2YtYS1zaWduZWQtdm91Y2hlcg" * 8
"""As long as a signed one."""
BILL = replace(FULL, paid_at=None, tenders=FULL.tenders[:1], pay_code=VIETQR)


@pytest.mark.parametrize("columns", [42, 48, 32], ids=["80 mm", "80 mm wide", "58 mm"])
@pytest.mark.parametrize(
    ("receipt", "text"),
    [(FULL, "T1-000123"), (BILL, VIETQR), (replace(BILL, pay_code=LONGEST), LONGEST)],
    ids=["receipt", "bill", "longest"],
)
def test_on_paper(receipt, text: str, columns: int, tmp_path: Path):
    draw(layout(receipt, VI, columns), FONTS, dots_for(columns)).save(tmp_path / "paper.png")
    assert read_qr(tmp_path / "paper.png") == [text]


@pytest.mark.parametrize("text", ["CHXD018-T1-000231", VIETQR, LONGEST], ids=["receipt", "vietqr", "longest"])
@pytest.mark.parametrize("size", [(420, 536), (330, 420), (560, 700)], ids=["1024x600", "800x480", "large"])
def test_on_the_customers_screen(qapp: QApplication, text: str, size: tuple[int, int], tmp_path: Path):
    del qapp
    widget = QrCode(Style(load_theme(RESOURCES / "styles", "night")))
    widget.resize(*size)
    widget.show_view((text, "163.600 đ", "VietQR"))
    widget.grab().save(str(tmp_path / "screen.png"))
    widget.deleteLater()
    assert read_qr(tmp_path / "screen.png") == [text]


@pytest.mark.parametrize("text", ["P-00231", VOUCHER], ids=["short", "signed voucher"])
def test_on_the_portal(text: str, tmp_path: Path):
    side, path = path_of(text)
    dots = 4
    picture = Image.new("L", (side * dots, side * dots), 255)
    pen = ImageDraw.Draw(picture)
    for square in path.split("M")[1:]:
        x, y = (int(part) for part in square.partition("h")[0].split())
        pen.rectangle((x * dots, y * dots, (x + 1) * dots - 1, (y + 1) * dots - 1), fill=0)
    picture.save(tmp_path / "portal.png")
    assert read_qr(tmp_path / "portal.png") == [text]
