"""VietQR against the test vector of the domain notes, and against a reader written from the standard alone."""

from __future__ import annotations

import binascii

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.domain.vietqr import MOST_VND, BankAccount, crc16, plain, vietqr

VECTOR = (
    "00020101021238560010A0000007270126000697041501121133666688880208QRIBFTTA53037045405954005802VN"
    "62530109P0300012304090000468210707CHXD0180812XANG DAU P0363046F25"
)
ACCOUNT = BankAccount("970415", "113366668888")


def read(text: str) -> dict[str, str]:
    """Tag to value. Raises when a length does not fit."""
    fields: dict[str, str] = {}
    while text:
        tag, length = text[:2], int(text[2:4])
        assert len(text) >= 4 + length
        assert tag not in fields
        fields[tag], text = text[4 : 4 + length], text[4 + length :]
    return fields


def test_the_vector_of_the_domain_notes():
    made = vietqr(
        ACCOUNT, 95_400, bill="P03000123", loyalty="000046821", terminal="CHXD018", purpose="Xăng dầu P03".upper()
    )
    assert made == VECTOR


def test_the_check_value_of_the_crc():
    assert crc16(b"123456789") == 0x29B1


@given(st.binary(max_size=200))
def test_the_crc_is_the_one_of_the_standard_library(raw: bytes):
    """`binascii.crc_hqx` has the same polynomial; begun with FFFF it is this very check."""
    assert crc16(raw) == binascii.crc_hqx(raw, 0xFFFF)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Xăng dầu, cột 3", "Xang dau, cot 3"),
        ("Đường Nguyễn Trãi", "Duong Nguyen Trai"),
        ("ươ ƯƠ ỵ ẫ", "uo UO y a"),
        ("  a\nb\u202ec\U0001f600 ", "a b c"),
        ("", ""),
    ],
)
def test_marks_are_taken_off(text: str, expected: str):
    assert plain(text) == expected


texts = st.text(st.characters(codec="utf-8"), max_size=60)
accounts = st.text("0123456789ABCXYZ", min_size=1, max_size=19)
bins = st.text("0123456789", min_size=6, max_size=6)


@given(bins, accounts, st.integers(1, MOST_VND), texts, texts, texts, texts)
def test_any_reader_finds_in_it_what_was_put_in(bank, account, amount, bill, loyalty, terminal, purpose):
    made = vietqr(BankAccount(bank, account), amount, bill=bill, loyalty=loyalty, terminal=terminal, purpose=purpose)
    assert made.isascii()
    assert made.isprintable()
    assert binascii.crc_hqx(made[:-4].encode(), 0xFFFF) == int(made[-4:], 16)
    fields = read(made)
    assert next(iter(fields)) == "00"
    assert list(fields)[-1] == "63"
    assert (fields["01"], fields["53"], fields["54"], fields["58"]) == ("12", "704", str(amount), "VN")
    merchant = read(fields["38"])
    assert (merchant["00"], merchant["02"]) == ("A000000727", "QRIBFTTA")
    assert read(merchant["01"]) == {"00": bank, "01": account}
    additional = read(fields["62"])
    assert len(fields["62"]) <= 99
    assert all(1 <= len(value) <= 25 for value in additional.values())
    if number := plain(plain(bill)[-25:]):
        assert additional["01"] == number


def test_what_has_no_room_is_left_out_and_the_bill_number_never():
    made = vietqr(ACCOUNT, 1, bill="B" * 40, loyalty="L" * 40, terminal="T" * 40, purpose="P" * 40)
    assert set(read(read(made)["62"])) == {"01", "04", "07"}


def test_a_long_bill_number_keeps_its_end():
    made = vietqr(ACCOUNT, 1, bill="CHXD-HANOI-SOUTH-T1-261123-00231")
    assert read(read(made)["62"])["01"] == "OI-SOUTH-T1-261123-00231".rjust(25, "N")


@pytest.mark.parametrize("amount", [0, -1, MOST_VND + 1])
def test_no_amount_no_code(amount: int):
    with pytest.raises(ValueError, match="nothing to pay"):
        vietqr(ACCOUNT, amount, bill="1")


@pytest.mark.parametrize(
    ("bank", "account"),
    [("97041", "1"), ("9704155", "1"), ("97041x", "1"), ("٩٧٠٤١٥", "1"), ("970415", ""), ("970415", "1" * 20)],
)
def test_what_no_bank_can_be(bank: str, account: str):
    with pytest.raises(ValueError, match=r"bank|account"):
        BankAccount(bank, account)
