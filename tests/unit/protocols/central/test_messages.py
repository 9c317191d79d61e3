"""The API's bytes: golden ones beside round trips, so that both ends being wrong together shows."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pos_client.protocols.central import messages as m
from pos_client.protocols.central import permit, sealing
from pos_client.protocols.central.codec import LONGEST_MESSAGE, decode, encode
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.problems import PROBLEMS

ACCRUAL = m.AccrualRequest(
    station="CHXD018",
    terminal="T1",
    sealed_identifier="c2VhbGVk",
    receipt_number="T1-000123",
    point=2,
    nozzle=1,
    grade_code="E10-95-III",
    unit_price=27080,
    volume_ml=3523,
    amount_vnd=95400,
    end_totalizer_ml=184277173,
    fuelled_at="2026-11-23T08:15:00+07:00",
    tenders=(m.TenderPart(tender="electronic", amount_vnd=70000), m.TenderPart(tender="cash", amount_vnd=25400)),
    time_quality="holdover",
)
GOLDEN = (
    b'{"amount_vnd":95400,"end_totalizer_ml":184277173,"fuelled_at":"2026-11-23T08:15:00+07:00",'
    b'"grade_code":"E10-95-III","nozzle":1,"point":2,"receipt_number":"T1-000123","sealed_identifier":"c2VhbGVk",'
    b'"station":"CHXD018","tenders":[{"amount_vnd":70000,"class":"electronic"},{"amount_vnd":25400,"class":"cash"}],'
    b'"terminal":"T1","time_quality":"holdover","unit_price":27080,"volume_ml":3523}'
)


def test_one_value_has_one_encoding():
    assert encode(ACCRUAL) == GOLDEN
    assert decode(GOLDEN, m.AccrualRequest) == ACCRUAL


def test_a_claim_written_before_terminals_said_how_sure_they_are_of_a_time_is_taken_as_sure():
    older = GOLDEN.replace(b'"time_quality":"holdover",', b"")
    assert decode(older, m.AccrualRequest).time_quality == "synced"


def test_vietnamese_travels_as_utf_8():
    body = m.VoidRequest(reason="khách bỏ đi")
    assert encode(body) == '{"reason":"khách bỏ đi"}'.encode()


def test_unknown_fields_are_skipped_at_every_depth():
    newer = GOLDEN.replace(b'"point":2', b'"point":2,"lane":{"deep":[1,2]}').replace(
        b'"class":', b'"new":null,"class":'
    )
    assert decode(newer, m.AccrualRequest) == ACCRUAL


@pytest.mark.parametrize("name", [f.encode_name for f in msgspec.structs.fields(m.AccrualRequest) if f.required])
def test_a_missing_field_is_named(name):
    fields = msgspec.json.decode(GOLDEN)
    del fields[name]
    with pytest.raises(MalformedMessage, match=name) as refused:
        decode(msgspec.json.encode(fields), m.AccrualRequest)
    assert refused.value.message == "AccrualRequest"


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        (b'"amount_vnd":95400', b'"amount_vnd":95400.0'),
        (b'"amount_vnd":95400', b'"amount_vnd":"95400"'),
        (b'"amount_vnd":95400', b'"amount_vnd":-1'),
        (b'"amount_vnd":95400', b'"amount_vnd":1000000000001'),
        (b'"amount_vnd":95400', b'"amount_vnd":true'),
        (b'"amount_vnd":95400', b'"amount_vnd":null'),
        (b'"nozzle":1', b'"nozzle":0'),
        (b'"nozzle":1', b'"nozzle":16'),
        (b'"point":2', b'"point":100'),
        (b'"station":"CHXD018"', b'"station":""'),
        (b'"terminal":"T1"', b'"terminal":"\xff"'),
        (b'"sealed_identifier":"c2VhbGVk"', b'"sealed_identifier":"' + b"A" * 1001 + b'"'),
    ],
)
def test_a_number_is_a_whole_number_in_its_range_and_a_name_a_name(was, becomes):
    assert was in GOLDEN
    with pytest.raises(MalformedMessage):
        decode(GOLDEN.replace(was, becomes), m.AccrualRequest)


@given(st.integers(0, len(GOLDEN) - 1))
def test_a_message_cut_short_is_malformed_wherever_it_is_cut(end):
    with pytest.raises(MalformedMessage):
        decode(GOLDEN[:end], m.AccrualRequest)


@given(st.integers(0, len(GOLDEN) - 1), st.integers(1, 255))
def test_a_flipped_byte_never_escapes_as_anything_but_malformed(at, mask):
    damaged = bytearray(GOLDEN)
    damaged[at] ^= mask
    try:
        decode(bytes(damaged), m.AccrualRequest)
    except MalformedMessage:
        return


@given(st.binary(max_size=200))
def test_rubbish_is_malformed(raw):
    with pytest.raises(MalformedMessage):
        decode(raw, m.SessionAnswer)


def test_depth_and_length_are_bounded():
    with pytest.raises(MalformedMessage):
        decode(b'{"x":' + b"[" * 100_000, m.SessionAnswer)
    with pytest.raises(MalformedMessage, match="longer"):
        decode(b" " * (LONGEST_MESSAGE + 1), m.SessionAnswer)


# ── problems ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_problem_has_a_status_a_rule_and_words():
    for code, kind in PROBLEMS.items():
        assert code == code.lower()
        assert 400 <= kind.status < 600
        assert kind.retry in ("never", "same-key", "new-operation")
        assert kind.message_vi.endswith(".")


def test_an_empty_problem_still_reads():
    assert decode(b"{}", m.ProblemDocument).code == ""
    told = encode(m.ProblemDocument(code="unknown-customer", status=404, retry="never"))
    assert told == b'{"code":"unknown-customer","retry":"never","status":404}'


# ── permits ─────────────────────────────────────────────────────────────────────────────────────────────────────────

BODY = m.PermitBody(
    redemption="r", terminal="T1", station="CHXD018", points=50000, challenge="c", expires="2026-11-23T08:02:00+07:00"
)


def test_a_permit_is_canonical_json_and_its_signature():
    payload = permit.payload_of(BODY)
    assert payload == (
        b'{"challenge":"c","expires":"2026-11-23T08:02:00+07:00","points":50000,"redemption":"r",'
        b'"station":"CHXD018","terminal":"T1"}'
    )
    text = permit.join(payload, bytes(range(64)))
    assert "=" not in text
    assert permit.split(text) == (payload, bytes(range(64)))
    assert permit.body_of(payload) == BODY


@pytest.mark.parametrize("text", ["", ".", "a.b.c", "e30", "e30.AAAA", "e30.é" + "A" * 85])
def test_what_is_no_permit_is_malformed(text):
    with pytest.raises(MalformedMessage):
        permit.split(text)


# ── seals ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_context_of_a_secret():
    assert sealing.secret_info("r", "c", "T1", 50000) == b"plx-seal-v1|r|c|T1|50000"


@given(st.text("0123456789", min_size=1, max_size=12), st.binary(min_size=16, max_size=16))
def test_i10_every_secret_is_one_block(digits, fill):
    block = sealing.pad_secret(bytearray(digits.encode()), fill)
    assert len(block) == sealing.SECRET_BLOCK_BYTES
    assert sealing.unpad_secret(bytes(block)) == digits.encode()


@given(st.sampled_from(["id", "phone", "qr"]), st.text(min_size=1, max_size=100), st.binary(min_size=64, max_size=64))
def test_i19_an_identifiers_length_hides_in_blocks(kind, text, fill):
    block = sealing.pad_identifier(kind, text, fill)
    assert len(block) % sealing.IDENTIFIER_BLOCK_BYTES == 0
    assert sealing.unpad_identifier(block) == (kind, text)


def test_the_usual_identifiers_are_all_alike():
    fill = bytes(64)
    assert (
        len({len(sealing.pad_identifier("phone", "+84912000001", fill)), len(sealing.pad_identifier("id", "1", fill))})
        == 1
    )


@pytest.mark.parametrize(
    "block", [b"", bytes(16), b"\x06123456" + bytes(8), b"\x0f" + b"12345x" + bytes(9), bytes([16]) * 16]
)
def test_an_opened_block_that_is_no_secret_is_malformed(block):
    with pytest.raises(MalformedMessage):
        sealing.unpad_secret(block)


@pytest.mark.parametrize(
    "block", [b"", b"\x00\x00", b"\x00\x05id:1", b"\x00\x03id:", b"\x00\x02:1", b"\x00\x02\xff\xfe"]
)
def test_an_opened_block_that_is_no_identifier_is_malformed(block):
    with pytest.raises(MalformedMessage):
        sealing.unpad_identifier(block)


def test_nothing_to_seal_is_our_own_fault():
    with pytest.raises(ValueError, match="digits"):
        sealing.pad_secret(bytearray(), bytes(16))
    with pytest.raises(ValueError, match="fill"):
        sealing.pad_identifier("id", "1", b"")
