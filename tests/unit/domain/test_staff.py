"""Who may do what, and PINs that are kept as hashes alone."""

from __future__ import annotations

import pytest

from pos_client.domain.staff import MAY, SALT_BYTES, Deed, Role, Staff, fits, hash_of, is_hash, member

SALT = bytes(range(SALT_BYTES))
STORED = hash_of(b"246810", SALT)


def test_a_pin_fits_its_own_hash_and_no_other_does():
    assert fits(bytearray(b"246810"), STORED)
    assert not any(fits(wrong, STORED) for wrong in (b"", b"24681", b"246811", b"2468100"))
    assert "246810" not in STORED
    assert hash_of(b"246810", bytes(SALT_BYTES)) != STORED


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "246810",
        "scrypt$",
        STORED[:-1],
        STORED.replace("scrypt", "plain"),
        STORED + "=",
        f"{STORED}\n",
        "scrypt$!$!",
    ],
)
def test_what_is_no_hash_fits_nobody(stored: str):
    assert not is_hash(stored)
    assert not fits(b"246810", stored)


def test_every_deed_has_somebody_and_no_technician_sells():
    assert set(MAY) == set(Deed)
    assert all(MAY.values())
    assert MAY[Deed.REVERSE] == {Role.MANAGER}
    assert Role.TECHNICIAN not in MAY[Deed.OPEN_SHIFT]


def test_head_office_sees_a_number_and_a_masked_name():
    people = (Staff(9, "Trần Văn Minh", Role.MANAGER, STORED), Staff(1, "Hoa", Role.CASHIER))
    found = member(people, 9)
    assert found is not None
    assert found.signature == "09 Trần V***"
    assert member(people, 2) is None
