"""Calls as frozen bytes, secrets sealed on the way; opened here with central's own key."""

from __future__ import annotations

import msgspec
import pytest

from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.condition import Condition, Offer
from pos_client.domain.customer import Identifier, IdentifierKind
from pos_client.domain.identifiers import AccrualId, NozzleId, PointId, RedemptionId, ReversalId, ShiftId, VoucherId
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.release import Judgement
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.ports.errors import Unavailable
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.sealing import secret_info
from pos_client.sandbox.central.seals import SealOpener
from tests.central import digits

OPENER = SealOpener(bytes(range(32)))
WIRE = HttpWire(OPENER.public_b64, "CHXD018-T1", "CHXD018")
R = RedemptionId("0199-r")
CAPTURE = port.Capture(
    R, PointId(1), NozzleId(2), "DO-005S", 1640, 50_000, 1, 1641, "2026-11-23T08:15:00+07:00", derived=True
)
WHO = Identifier(IdentifierKind.PHONE, "+84912000001")

WELL = Condition(
    version="1.0.0",
    ready="1.1.0",
    offer=Offer(12, "1.1.0", 20, Judgement.TAKE),
    waiting=3,
    in_doubt=1,
    parked=0,
    oldest_waiting_s=41,
    unacknowledged=7,
    clock=TimeQuality.SYNCED,
    wall="2026-11-23T08:00:00+07:00",
    disk_free_mb=48_000,
    certificate_ends="2027-03-01T00:00:00+00:00",
    troubles=("printer_paper_out",),
)

CALLS: list[tuple[port.CentralCall, str, str, str]] = [
    (port.OpenSession("s-1", "0.1"), "s-1", "POST", "/v1/sessions"),
    (port.AskTime("t-1"), "t-1", "GET", "/v1/time"),
    (port.StateCondition("n-1", WELL), "n-1", "POST", "/v1/conditions"),
    (port.LookUpCustomer("l-1", WHO), "l-1", "POST", "/v1/customers:lookup"),
    (port.Quote("q-1", "ref", None, None), "q-1", "POST", "/v1/quotes"),
    (port.Hold(R, "ref", 50_000, "pay"), "0199-r:hold", "PUT", "/v1/redemptions/0199-r"),
    (port.ResendChallenge(R, 2), "0199-r:chal:2", "POST", "/v1/redemptions/0199-r/challenges"),
    (port.Verify(R, 3, "c", 50_000, digits("123456")), "0199-r:verify:3", "POST", "/v1/redemptions/0199-r/verify"),
    (CAPTURE, "0199-r:capture", "POST", "/v1/redemptions/0199-r/capture"),
    (port.Void(R, "left"), "0199-r:void", "POST", "/v1/redemptions/0199-r/void"),
    (
        port.Accrue(
            AccrualId("0199-a"),
            "c2VhbGVk",
            "T1-1",
            PointId(1),
            NozzleId(1),
            "DO-005S",
            30490,
            1640,
            50_000,
            1641,
            "2026-11-23T08:15:00+07:00",
            ((TenderClass.CASH, 50_000),),
        ),
        "0199-a:accrue",
        "PUT",
        "/v1/accruals/0199-a",
    ),
    (
        port.Reverse(ReversalId("0199-v"), port.Undone.REDEMPTION, R, "why", "who", "2026-11-23T08:15:00+07:00"),
        "0199-v:reverse",
        "PUT",
        "/v1/reversals/0199-v",
    ),
    (
        port.SpendOffline(R, VoucherId("0199-v"), 60_000, 50_000, "2026-11-23T08:15:00+07:00", "wall", 3),
        "0199-r:offline",
        "PUT",
        "/v1/offline-redemptions/0199-r",
    ),
    (port.AskShift("q-1", ShiftId("0199-s")), "q-1", "GET", "/v1/shifts/0199-s"),
    (port.FetchBundle("b-1", "policy", 3), "b-1", "GET", "/v1/bundles/policy"),
    (
        port.AppendJournal(bytes(32), tuple(JournalRow(seq, "at", "kind", b"{}", bytes(32), 1) for seq in (7, 8))),
        "journal:7-8",
        "POST",
        "/v1/journal:append",
    ),
    (
        port.StateShift(
            ShiftId("0199-s"), None, "N***", "at", "at", (), (("cash", 1, 50_000),), 1, 1_846, *(50_000,) * 3, 0
        ),
        "0199-s:close",
        "POST",
        "/v1/shifts/0199-s/close",
    ),
]


@pytest.mark.parametrize(("call", "key", "method", "path"), CALLS, ids=[type(c[0]).__name__ for c in CALLS])
def test_every_call_has_its_key_method_and_path(call, key, method, path):
    encoded = WIRE.encode(call)
    assert (encoded.key, encoded.method, encoded.path) == (key, method, path)
    if encoded.body:
        assert msgspec.json.encode(msgspec.json.decode(encoded.body), order="sorted") == encoded.body


def test_no_call_of_the_port_is_forgotten():
    assert {type(call) for call, *_ in CALLS} == set(port.CentralCall.__args__)


@pytest.mark.parametrize(
    "call", [c[0] for c in CALLS if not isinstance(c[0], port.Verify)], ids=lambda c: type(c).__name__
)
def test_equal_calls_are_equal_bytes(call):
    assert WIRE.encode(call) == WIRE.encode(call)


def test_i10_a_secret_is_sealed_to_its_redemption_challenge_terminal_and_points():
    secret = digits("123456")
    encoded = WIRE.encode(port.Verify(R, 1, "chal-9", 50_000, secret))
    body = msgspec.json.decode(encoded.body)
    assert b"123456" not in encoded.body
    assert sorted(body) == ["challenge_id", "sealed"]
    assert OPENER.secret(body["sealed"], secret_info(R, "chal-9", "CHXD018-T1", 50_000)) == b"123456"
    for other in (
        secret_info("other", "chal-9", "CHXD018-T1", 50_000),
        secret_info(R, "chal-8", "CHXD018-T1", 50_000),
        secret_info(R, "chal-9", "CHXD018-T2", 50_000),
        secret_info(R, "chal-9", "CHXD018-T1", 50_001),
    ):
        with pytest.raises(MalformedMessage):
            OPENER.secret(body["sealed"], other)
    assert len(secret) == 6  # the caller wipes its own buffer


def test_i10_equal_pins_of_any_length_look_unequal_and_equally_long():
    bodies = [
        msgspec.json.decode(WIRE.encode(port.Verify(R, 1, "c", 100, digits(text))).body)["sealed"]
        for text in ("1", "123456", "123456", "123456789012")
    ]
    assert len(set(bodies)) == 4
    assert len({len(body) for body in bodies}) == 1


def test_i10_what_we_reveal_is_overwritten(monkeypatch):
    revealed: list[bytearray] = []
    original = type(digits("1")).reveal

    def remember(self):
        revealed.append(original(self))
        return revealed[-1]

    monkeypatch.setattr("pos_client.domain.secret.SecretDigits.reveal", remember)
    WIRE.encode(port.Verify(R, 1, "c", 100, digits("864209")))
    assert revealed == [bytearray(6)]


def test_i19_an_identifier_is_sealed_and_equal_ones_look_unequal():
    one, other = WIRE.seal_identifier(WHO), WIRE.seal_identifier(WHO)
    assert one != other
    assert OPENER.identifier(one) == OPENER.identifier(other) == ("phone", "+84912000001")


@pytest.mark.parametrize("key", ["", "not base64!", "AAAA"])
def test_without_a_key_nothing_is_sealed_and_everything_else_goes_on(key):
    wire = HttpWire(key, "T1", "CHXD018")
    with pytest.raises(Unavailable, match="seal_key_missing"):
        wire.seal_identifier(WHO)
    with pytest.raises(Unavailable, match="seal_key_missing"):
        wire.encode(port.Verify(R, 1, "c", 100, digits("1")))
    assert wire.encode(CAPTURE) == WIRE.encode(CAPTURE)


def test_an_empty_secret_is_not_sealed():
    with pytest.raises(Unavailable, match="secret_empty"):
        WIRE.encode(port.Verify(R, 1, "c", 100, digits("")))
