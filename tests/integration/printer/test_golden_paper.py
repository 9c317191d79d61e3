"""Paper as it once was, and was looked at: what comes out of the bytes is held against a picture that is kept.

A new font or another way to draw shows here. After it was looked at, the pictures are made anew:
`POS_CLIENT_NEW_VECTORS=1 python -m pytest tests/integration/printer/test_golden_paper.py`.
"""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from pos_client.adapters.peripherals.escpos_bytes import as_raster
from pos_client.domain.receipt_layout import layout
from pos_client.domain.vietqr import BankAccount, vietqr
from pos_client.sandbox.printer.roll import Picture, Roll
from tests.printed import as_image
from tests.receipts import FULL
from tests.words import FONTS, words

KEPT = Path(__file__).parents[2] / "vectors" / "receipts"
DIFFERENT_DOTS = 0.002
"""The share that may differ: another release of the library that draws letters rounds an edge otherwise."""
CODE = vietqr(BankAccount("970415", "113366668888"), 300_009, bill=FULL.receipt_number, terminal="CHXD018")
PAPERS = {
    "receipt-vi": (FULL, "vi", 42),
    "receipt-en-narrow": (replace(FULL, copy=True), "en", 32),
    "bill-vi": (replace(FULL, paid_at=None, tenders=FULL.tenders[2:3], earned=None, pay_code=CODE), "vi", 42),
}


@pytest.mark.parametrize("name", PAPERS)
def test_it_looks_as_it_did(name: str):
    receipt, language, columns = PAPERS[name]
    roll = Roll()
    roll.feed(as_raster(layout(receipt, words(language, "receipt"), columns), columns, FONTS))
    (picture,) = [mark for mark in roll.marks if isinstance(mark, Picture)]
    printed = as_image(picture)
    if os.environ.get("POS_CLIENT_NEW_VECTORS"):
        printed.save(KEPT / f"{name}.png", optimize=True)
    with Image.open(KEPT / f"{name}.png") as kept:
        assert printed.size == kept.size
        other = ImageChops.difference(printed.convert("L"), kept.convert("L")).histogram()[255]
    assert other <= DIFFERENT_DOTS * printed.width * printed.height
