"""What is typed or scanned for a customer, and how it may be shown."""

from __future__ import annotations

import pytest

from pos_client.domain.customer import Identifier, IdentifierKind, mask_identifier, parse_identifier, read_plate
from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import NozzleId, PointId, StationId, fuelling_id, operation_key

K = IdentifierKind

READ = [
    ("000046821", K.ID, "000046821"),
    (" 000 046 821 ", K.ID, "000046821"),
    ("000.046.821", K.ID, "000046821"),
    ("912345678", K.ID, "912345678"),
    ("0912000001", K.PHONE, "+84912000001"),
    ("0912 000 001", K.PHONE, "+84912000001"),
    ("0912.000.001", K.PHONE, "+84912000001"),
    ("+84912000001", K.PHONE, "+84912000001"),
    ("84912000001", K.PHONE, "+84912000001"),
    ("0084912000001", K.PHONE, "+84912000001"),
    ("0323456789", K.PHONE, "+84323456789"),
    ("0561234567", K.PHONE, "+84561234567"),
    ("0771234567", K.PHONE, "+84771234567"),
    ("P-00231", K.VOUCHER, "P-00231"),
    ("p00231", K.VOUCHER, "P-00231"),
    ("29C12345", K.PLATE, "29C12345"),
    ("29C-123.45", K.PLATE, "29C12345"),
    ("29-C1 123.45", K.PLATE, "29C112345"),
    ("51đ1 2345", K.PLATE, "51Đ12345"),
    ("80B1234", K.PLATE, "80B1234"),
    ("PLX:SANDBOX-PHUC-1", K.QR, "SANDBOX-PHUC-1"),
    ("plx: abc ", K.QR, "abc"),
    ("https://id.example/m?id=000046821", K.ID, "000046821"),
    ("https://id.example/plxid/000046821?x=1", K.ID, "000046821"),
]

REFUSED = [
    ("", "identifier_empty"),
    ("   ", "identifier_empty"),
    ("PLX:", "identifier_empty"),
    ("PLX:   ", "identifier_empty"),
    ("46821", "identifier_short"),
    ("1", "identifier_short"),
    ("0000468210", "identifier_unknown"),
    ("0212345678", "identifier_unknown"),
    ("0951234567", "identifier_unknown"),
    ("09120000011", "identifier_unknown"),
    ("P-0023", "identifier_unknown"),
    ("P-002311", "identifier_unknown"),
    ("29123", "identifier_short"),
    ("C2912345", "identifier_unknown"),
    ("hello", "identifier_unknown"),
    ("https://id.example/?id=12345", "identifier_unknown"),
    ("https://id.example/?id=0000468211", "identifier_unknown"),
    ("０００046821", "identifier_unknown"),
    ("٠٩١٢٠٠٠٠٠١", "identifier_unknown"),
    ("²³", "identifier_unknown"),
    ("000046821;DROP", "identifier_unknown"),
]


@pytest.mark.parametrize(("raw", "kind", "text"), READ, ids=[row[0] for row in READ])
def test_a29_what_was_typed_or_scanned_is_read(raw: str, kind: IdentifierKind, text: str):
    identifier = parse_identifier(raw)
    assert (identifier.kind, identifier.text) == (kind, text)


@pytest.mark.parametrize(("raw", "code"), REFUSED, ids=[repr(row[0]) for row in REFUSED])
def test_what_fits_nothing_is_refused_by_name(raw: str, code: str):
    with pytest.raises(RuleViolation) as refused:
        parse_identifier(raw)
    assert refused.value.code == code


def test_a29_a_short_id_is_offered_with_its_leading_zeros():
    with pytest.raises(RuleViolation) as refused:
        parse_identifier("46821")
    assert refused.value.params == {"padded": "000046821"}


@pytest.mark.parametrize(
    ("identifier", "shown"),
    [
        (Identifier(K.PHONE, "+84912345678"), "0912 *** 678"),
        (Identifier(K.ID, "000046821"), "000 *** 821"),
        (Identifier(K.PLATE, "29C12345"), "29C *** 45"),
        (Identifier(K.VOUCHER, "P-00231"), "P-00231"),
        (Identifier(K.QR, "abcdefgh"), "***"),
        (Identifier(K.QR, "SANDBOX-PHUC-1"), "SAN *** C-1"),
    ],
    ids=str,
)
def test_an_identifier_is_shown_masked_also_in_a_repr(identifier: Identifier, shown: str):
    assert mask_identifier(identifier) == shown
    assert shown in repr(identifier)
    if identifier.kind is not K.VOUCHER:
        assert identifier.text not in repr(identifier)


@pytest.mark.parametrize(
    ("typed", "plate", "shown"),
    [
        ("51F-123.45", "51F12345", "51F *** 45"),
        (" 51đ1 2345 ", "51Đ12345", "51Đ *** 45"),
        ("TM-1234", "TM1234", "TM ***"),
        ("80-NG-123-45", "80NG12345", "80N *** 45"),
        ("AB12", "AB12", "AB ***"),
    ],
)
def test_a_plate_somebody_saw_drive_away_follows_no_one_pattern(typed: str, plate: str, shown: str):
    seen = read_plate(typed)
    assert seen == Identifier(K.PLATE, plate)
    assert mask_identifier(seen) == shown
    assert plate not in shown


def test_nothing_typed_is_no_plate_and_no_mistake():
    assert read_plate("  ") is None


@pytest.mark.parametrize("typed", ["?", "A1", "ABCDEF", "51F123456789X", "..."])
def test_what_is_no_plate_is_refused(typed: str):
    with pytest.raises(RuleViolation, match="plate_unreadable"):
        read_plate(typed)


def test_the_same_litres_have_the_same_name():
    """I6."""
    station = StationId("CHXD018")
    assert fuelling_id(station, PointId(1), NozzleId(2), 97_518_330) == "CHXD018-1-2-97518330"
    assert fuelling_id(station, PointId(1), NozzleId(2), 1) != fuelling_id(station, PointId(1), NozzleId(1), 1)


def test_keys_name_one_intended_effect():
    assert operation_key("r1", "hold") == "r1:hold"
    assert operation_key("r1", "verify", 2) == "r1:verify:2"
