"""What the terminal says is what the contract lets it say; what it understands is what it may be answered."""

from __future__ import annotations

import base64
import re
from dataclasses import replace
from typing import Any, get_args

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from pos_client.adapters.central_http import batches
from pos_client.adapters.central_http.decoding import ANSWERS, decode_answer
from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.bundle import BUNDLES
from pos_client.domain.condition import Condition, Offer
from pos_client.domain.customer import Identifier, IdentifierKind
from pos_client.domain.identifiers import (
    AccrualId,
    IdempotencyKey,
    NozzleId,
    PointId,
    RedemptionId,
    ReversalId,
    ShiftId,
    VoucherId,
)
from pos_client.domain.known_time import TimeQuality
from pos_client.domain.release import Judgement
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.sandbox.central.contract.examples import Exchange, recorded
from pos_client.sandbox.central.contract.telling import TERMINAL, stage
from tests.central import PROFILE, STATION, digits, the_scenario
from tests.central_contract import answer_schema, faults, operation_of, operations, request_schema

SEAL_KEY = base64.b64encode(
    X25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
).decode()
WIRE = HttpWire(SEAL_KEY, TERMINAL, STATION)
ID = "0199c0de-0000-7000-8000-00000000a001"

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

CALLS: list[port.CentralCall] = [
    port.OpenSession("start", "1.0.0"),
    port.AskTime("time"),
    port.StateCondition("how", WELL),
    port.StateCondition(
        "bare", replace(WELL, offer=None, oldest_waiting_s=None, disk_free_mb=None, certificate_ends="")
    ),
    *(port.LookUpCustomer("look", Identifier(kind, "text")) for kind in IdentifierKind),
    port.Quote("quote", "ref", None, None),
    port.Quote("quote", "ref", 120_000, "E10-95-III"),
    port.Hold(RedemptionId(ID), "ref", 100_000, "pay"),
    port.Hold(RedemptionId(ID), "ref", 0, "gift"),
    port.ResendChallenge(RedemptionId(ID), 1),
    port.Verify(RedemptionId(ID), 1, "challenge", 100_000, digits("123456")),
    *(
        port.Capture(
            RedemptionId(ID), PointId(1), NozzleId(1), "E5", 1, 1, start, 1, "2026-11-23T08:15:00+07:00", start is None
        )
        for start in (None, 0)
    ),
    port.Void(RedemptionId(ID), ""),
    port.Accrue(
        AccrualId(ID),
        WIRE.seal_identifier(Identifier(IdentifierKind.PHONE, "+84912000001")),
        "T1-1",
        PointId(99),
        NozzleId(15),
        "E5",
        27_080,
        1,
        5,
        1,
        "2026-11-23T08:15:00+07:00",
        tuple((kind, 1) for kind in TenderClass),
    ),
    *(
        port.Reverse(ReversalId(ID), operation, RedemptionId(ID), "why", "who", "2026-11-23T08:15:00+07:00")
        for operation in port.Undone
    ),
    port.SpendOffline(RedemptionId(ID), VoucherId(ID), 9, 0, "2026-11-23T08:15:00+07:00", "wall", 1, reason="restart"),
    port.SpendOffline(
        RedemptionId(ID),
        VoucherId(ID),
        300_000,
        251_300,
        "2026-11-23T08:15:00+07:00",
        "holdover",
        1,
        PointId(3),
        NozzleId(1),
        "DO-005S",
        8_242,
        1,
        8_243,
        "2026-11-23T08:14:00+07:00",
        True,
    ),
    *(
        port.StateShift(
            ShiftId(ID),
            previous,
            "Nguyễn V***",
            "2026-11-23T06:00:00+07:00",
            "2026-11-23T14:00:00+07:00",
            ((PointId(1), NozzleId(1), "E5", *(meter,) * 3, 0, 0, 0, 0, 0, 0, "not_read"),),
            (("cash", 1, 50_000),),
            1,
            1_846,
            50_000,
            50_000,
            49_000,
            3,
        )
        for previous, meter in ((None, None), (ShiftId("before"), 184_273_650))
    ),
    *(
        port.AppendJournal(
            bytes(32),
            tuple(
                JournalRow(seq, "2026-11-23T08:14:00.123456+07:00", "SalePaid", b"{}", bytes(32), 0) for seq in (1, 2)
            ),
            told,
        )
        for told in ((), (IdempotencyKey(f"{ID}:accrue"),))
    ),
    port.AskShift("asked", ShiftId(ID)),
    *(port.FetchBundle("bundle", name, known) for name in BUNDLES for known in (None, 3)),
]
"""Every call of the port, with and without what may be left out."""

NOT_OF_THE_PORT = {"get-redemptions", "get-accruals", "post-vouchers-activations", "post-enrolments"}
"""Addresses no terminal at work calls: a voucher is activated on the portal, a till enrolled by a technician."""


def test_every_call_of_the_port_is_tried_here():
    assert {type(call) for call in CALLS} == set(get_args(port.CentralCall))


@pytest.mark.parametrize("call", CALLS, ids=[f"{type(call).__name__}-{n}" for n, call in enumerate(CALLS)])
def test_what_the_terminal_says_fits_the_contract(call: port.CentralCall):
    encoded = WIRE.encode(call)
    operation = operation_of(encoded.method, encoded.path)
    needs_key = {"$ref": "#/components/parameters/IdempotencyKey"} in operation["parameters"]
    assert encoded.key or not needs_key
    if "requestBody" in operation:
        assert faults(request_schema(operation), msgspec.json.decode(encoded.body)) == []
    else:
        assert encoded.body == b""


def test_a_batch_of_the_terminal_fits_the_contract():
    accruals = [WIRE.encode(call) for call in CALLS if isinstance(call, port.Accrue)]
    encoded = batches.request_of(accruals)
    operation = operation_of(encoded.method, encoded.path)
    assert faults(request_schema(operation), msgspec.json.decode(encoded.body)) == []


def test_every_address_of_the_contract_is_one_the_terminal_calls():
    called = {operation_of(*_place(call))["operationId"] for call in CALLS} | {"post-accruals-batch"}
    assert called | NOT_OF_THE_PORT == {operation["operationId"] for *_, operation in operations()}


def _place(call: port.CentralCall) -> tuple[str, str]:
    encoded = WIRE.encode(call)
    return encoded.method, encoded.path


def test_every_answer_the_terminal_reads_is_declared_with_the_fields_it_needs():
    for method, pattern, _ in ANSWERS:
        path = re.sub(r"\(\?P<id>[^)]*\)", ID, pattern.pattern)
        operation = operation_of(method, path)
        good = [status for status in operation["responses"] if int(status) < 300]
        assert good
        assert all(answer_schema(operation, int(status)) for status in good)


UNDERSTOOD = [
    one for one in recorded() if one.status < 300 and one.operation not in {*NOT_OF_THE_PORT, "post-accruals-batch"}
]


@pytest.fixture(scope="module")
def permit_key() -> str:
    return stage(the_scenario(), PROFILE).service.keys.permits.public_b64


@pytest.mark.parametrize("one", UNDERSTOOD, ids=lambda one: f"{one.operation}.{one.name}")
def test_the_terminal_understands_every_good_answer_of_the_examples(one: Exchange, permit_key: str):
    call = port.EncodedCall(IdempotencyKey(one.key), one.method, one.path, b"")
    assert decode_answer(call, msgspec.json.encode(one.answer), permit_key, TERMINAL)


@pytest.mark.parametrize("one", UNDERSTOOD, ids=lambda one: f"{one.operation}.{one.name}")
def test_what_is_required_is_required_by_the_terminal_too(one: Exchange, permit_key: str):
    """An answer without a field it must have is no answer: neither to the schema nor to the terminal."""
    operation = operation_of(one.method, one.path)
    call = port.EncodedCall(IdempotencyKey(one.key), one.method, one.path, b"")
    whole: dict[str, Any] = one.answer
    for name in whole:
        without = {key: value for key, value in whole.items() if key != name}
        required = faults(answer_schema(operation, one.status), without) != []
        refused = False
        try:
            decode_answer(call, msgspec.json.encode(without), permit_key, TERMINAL)
        except MalformedMessage:
            refused = True
        assert refused is required, name
