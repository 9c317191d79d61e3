"""Requests by somebody who means harm, or by a machine that is broken: refused in the contract's words, or harmless.

Whatever is sent, the answer is JSON or a problem document with a status of the contract, never a 500, and the ledger
still adds up.
"""

from __future__ import annotations

import itertools
import socket
from collections.abc import Iterator
from random import Random
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central.codec import LONGEST_MESSAGE
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.sandbox.central.contract.examples import recorded
from tests.central import TERMINAL, RunningCentral, Till, digits, running_central
from tests.central_contract import operation_of, operations, problem_codes

SPOKEN = [one for one in recorded() if one.request is not None]
FIELDS = [(one, name) for one in SPOKEN for name in one.request]
NASTY = (
    "'; DROP TABLE entries; --",
    '" OR ""="',
    "<script>alert(1)</script>",
    "{{7*7}}${7*7}%n%s",
    "../../etc/passwd",
    "\u0000",
    "a\u0000b",
    "\r\nX-Terminal: other",
    "\u202e\u2066\ufeff",
    "é" * 81,
    "A" * 100_000,
    "",
)
LIVELY = settings(
    max_examples=40, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture(scope="module")
def central() -> Iterator[RunningCentral]:
    with running_central(seed=5) as running:
        yield running


@pytest.fixture(autouse=True)
def the_ledger_adds_up(central: RunningCentral) -> Iterator[None]:
    yield
    central.ledger()


def send(central: RunningCentral, method: str, path: str, body: bytes, key: str, **headers: str):
    """Sent; the answer is checked against what the contract declares there, and given back."""
    answer = central.post(method, path, body, Idempotency_Key=key, **headers)
    declared = operation_of(method, path)
    assert answer.status_code < 500, answer.text
    assert str(answer.status_code) in declared["responses"], answer.text
    if answer.status_code >= 400:
        problem = answer.json()
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert problem["code"] in problem_codes(declared)
        assert PROBLEMS[problem["code"]].status == answer.status_code
    return answer


def code_of(answer) -> str:
    return str(answer.json().get("code", "")) if answer.status_code >= 400 else ""


def texts(value: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where every text of a request stands, at any depth."""
    match value:
        case str():
            yield place
        case dict():
            for key, inner in value.items():
                yield from texts(inner, (*place, key))
        case list():
            for index, inner in enumerate(value):
                yield from texts(inner, (*place, index))


def replaced(value: Any, place: tuple[Any, ...], text: str) -> Any:
    """The request with another text there."""
    if not place:
        return text
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[place[0]] = replaced(value[place[0]], place[1:], text)
    return copy


@pytest.mark.parametrize("nasty", NASTY, ids=[repr(text[:12]) for text in NASTY])
def test_no_text_field_takes_what_is_written_in_it_for_anything_but_text(central: RunningCentral, nasty: str):
    """Every text of every kind of request, one at a time: stored as it is, unknown, or refused."""
    kinds = {one.operation: one for one in SPOKEN}
    for one in kinds.values():
        for place in texts(one.request):
            body = msgspec.json.encode(replaced(one.request, place, nasty))
            key = f"{NASTY.index(nasty)}:{one.operation}:{place[-1]}"
            answer = send(central, one.method, one.path, body, key)
            if len(nasty) > 2_000 and place[-1] != "body":  # a message or a row of its own
                assert code_of(answer) == "malformed-request", place


@pytest.mark.parametrize(
    "raw", [b"", b" ", b"{", b"[]", b"null", b"0", b'"text"', b"\xff\xfe{\x00}\x00", b"\xef\xbb\xbf{}"]
)
def test_what_is_no_message_is_called_malformed(central: RunningCentral, raw: bytes):
    for number, one in enumerate(SPOKEN):
        if raw == b"[]" and one.operation.endswith("void"):
            continue
        assert code_of(send(central, one.method, one.path, raw, f"raw:{number}")) == "malformed-request"


_KEYS = itertools.count()


@given(st.data())
@LIVELY
def test_a_body_cut_short_or_damaged_is_refused_or_another_body(central: RunningCentral, data: st.DataObject):
    one = data.draw(st.sampled_from(SPOKEN))
    body = bytearray(msgspec.json.encode(one.request))
    if data.draw(st.booleans()):
        body = body[: data.draw(st.integers(0, len(body) - 1))]
        expected = {"malformed-request"}
    else:
        body[data.draw(st.integers(0, len(body) - 1))] ^= data.draw(st.integers(1, 255))
        expected = {"", *problem_codes(operation_of(one.method, one.path))}
    key = f"cut:{next(_KEYS)}"  # never used before: under a known key it would be another request
    assert code_of(send(central, one.method, one.path, bytes(body), key)) in expected


@given(st.data())
@LIVELY
def test_no_number_is_too_large_too_small_or_too_strange(central: RunningCentral, data: st.DataObject):
    numbers = [(one, name) for one, name in FIELDS if isinstance(one.request[name], int)]
    one, name = data.draw(st.sampled_from(numbers))
    strange = data.draw(
        st.sampled_from(
            [b"-1", b"-0", b"1e400", b"1e3", b"1.0", b"0.1", b"NaN", b"Infinity", b"9" * 4_000, b"true", b'"1"']
        )
        | st.integers(10**12 + 1, 10**40).map(lambda number: str(number).encode())
    )
    whole = msgspec.json.encode({**one.request, name: 424_242})
    answer = send(central, one.method, one.path, whole.replace(b"424242", strange), data.draw(st.uuids()).hex)
    assert strange == b"-0" or code_of(answer) == "malformed-request"


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"a":' * 100_000, b"[" * 400 + b"]" * 400])
def test_depth_is_no_way_in(central: RunningCentral, deep: bytes):
    for number, one in enumerate(SPOKEN[:6]):
        body = msgspec.json.encode(one.request)[:-1] + b',"unknown":' + deep + b"}"
        send(central, one.method, one.path, body, f"deep:{len(deep)}:{number}")


def test_more_than_a_message_can_be_is_not_read(central: RunningCentral):
    for size in (LONGEST_MESSAGE + 1, 3 * LONGEST_MESSAGE):
        body = b'{"reason":"' + b"a" * size + b'"}'
        assert code_of(send(central, "POST", "/v1/redemptions/big/void", body, f"big:{size}")) == "malformed-request"


def test_of_a_field_that_stands_twice_one_is_taken_and_the_digest_is_over_both(central: RunningCentral):
    path = "/v1/redemptions/twice/void"
    first = send(central, "POST", path, b'{"reason":"a","reason":"b"}', "twice")
    assert first.status_code == 200
    assert code_of(send(central, "POST", path, b'{"reason":"b"}', "twice")) == "idempotency-key-reused"


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/json; charset=utf-16", "application/x-www-form-urlencoded", ""]
)
def test_a_body_is_utf_8_whatever_its_label_says(central: RunningCentral, kind: str):
    path = "/v1/redemptions/labelled/void"
    good = send(central, "POST", path, b"{}", "label:" + kind.replace(" ", ""), Content_Type=kind)
    assert good.status_code == 200
    body = '{"reason":"khách"}'
    for charset in ("utf-16", "utf-32", "latin-1"):
        answer = send(
            central, "POST", path, body.encode(charset), f"{charset}:" + kind.replace(" ", ""), Content_Type=kind
        )
        assert code_of(answer) == "malformed-request"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"X_Session": "9" * 5_000}, "malformed-request"),
        ({"X_Session": "-1"}, "malformed-request"),
        ({"X_Session": "١٢"}, "malformed-request"),
        ({"X_Terminal": ""}, "device-auth-failed"),
        ({"X_Terminal": "T" * 81}, "device-auth-failed"),
        ({"X_Terminal": "two words"}, "device-auth-failed"),
    ],
)
def test_headers_are_read_as_strictly_as_bodies(central: RunningCentral, headers, code):
    headers = {name: value.encode() if not value.isascii() else value for name, value in headers.items()}
    assert code_of(send(central, "POST", "/v1/redemptions/h/void", b"{}", "h", **headers)) == code


@pytest.mark.parametrize("key", ["", "k" * 256, "two words"])
def test_a_key_is_a_word_of_bounded_length(central: RunningCentral, key: str):
    answer = send(central, "POST", "/v1/redemptions/k/void", b"{}", key)
    assert code_of(answer) == "idempotency-key-missing"


@pytest.mark.parametrize("name", ["a" * 81, "a%00b", "a%20b", "%F0%9F%92%A9", "a'--", "a%2Fb"])
def test_an_id_in_an_address_is_of_plain_letters(central: RunningCentral, name: str):
    answer = central.post("POST", f"/v1/redemptions/{name}/void", b"{}", Idempotency_Key=name[:9])
    assert (answer.status_code, code_of(answer)) in {(400, "malformed-request"), (404, "unknown-address")}


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/", 404, "unknown-address"),
        ("GET", "/v1/time/", 404, "unknown-address"),
        ("GET", "/control/ledger", 404, "unknown-address"),
        ("DELETE", "/v1/redemptions/a", 405, "method-not-offered"),
        ("TRACE", "/v1/time", 405, "method-not-offered"),
    ],
)
def test_what_is_not_in_the_contract_is_said_not_to_be_there(central: RunningCentral, method, path, status, code):
    answer = central.post(method, path, b"")
    assert (answer.status_code, code_of(answer)) == (status, code)
    if status == 405:
        assert set(answer.headers["Allow"].split(", ")) >= {"GET"}


def test_a_connection_that_ends_in_the_middle_of_a_body_changes_nothing(central: RunningCentral):
    before = central.ledger()
    url = urlsplit(central.addresses.url)
    with socket.create_connection((url.hostname, url.port), timeout=10) as line:
        head = (
            f"POST /v1/redemptions/half/void HTTP/1.1\r\nHost: x\r\nX-Terminal: {TERMINAL}\r\nIdempotency-Key: half\r\n"
        )
        line.sendall(head.encode() + b"Content-Length: 100\r\n\r\n{")
    assert central.post("GET", "/v1/time", b"").status_code == 200
    assert central.ledger() == before


@pytest.mark.parametrize("seed", range(4))
def test_requests_out_of_order_and_again_move_each_point_once(central: RunningCentral, seed: int):
    """A whole story, sent shuffled and each part up to three times: every key has one answer, and the sums hold."""
    dice = Random(seed)
    till = Till(central.addresses)
    try:
        redemption, placed = till.hold("000100001", 1_000)
        assert isinstance(placed, port.HoldPlaced)
        secret = central.code_for(redemption)
        accrual = till.accrual("000100001", (TenderClass.ELECTRONIC, 50_000), end=10_000 + seed)
        calls = [
            till.wire.encode(call)
            for call in (
                port.Verify(redemption, 1, placed.challenge_id, placed.points, digits(secret)),
                till.capture(redemption, 900),
                port.Void(RedemptionId(redemption), "late"),
                accrual,
            )
        ]
        stories = [call for call in calls for _ in range(dice.randint(1, 3))]
        dice.shuffle(stories)
        told: dict[str, set[str]] = {}
        for call in stories:
            answer = send(central, call.method, call.path, call.body, call.key)
            if answer.status_code not in (404, 409) or "Idempotent-Replayed" in answer.headers:
                told.setdefault(call.key, set()).add(answer.text)
        assert all(len(answers) == 1 for answers in told.values())
        state = central.post("GET", f"/v1/redemptions/{redemption}", b"").json()
        assert state["state"] in {"CAPTURED", "VOIDED", "AUTHORISED", "HELD"}
        assert state["points_debited"] in (0, 900)
    finally:
        till.close()


def test_every_request_of_the_contract_was_attacked():
    asked = {one.operation for one in SPOKEN}
    assert asked == {each["operationId"] for *_, each in operations() if "requestBody" in each}
