"""The border: every exception of the libraries has its line, every answer its value."""

from __future__ import annotations

import inspect
from typing import Any

import msgspec
import pytest
import requests
import urllib3

from pos_client.adapters.central_http.decoding import ImpossibleAnswer, PermitUnverifiable, decode_answer
from pos_client.adapters.central_http.error_mapping import IN_DOUBT, REASONS, no_answer_of, refusal_of
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.ports import central as port
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import PermitBody
from pos_client.protocols.central.problems import PROBLEMS
from pos_client.sandbox.central.ledger.outcome import Refusal
from pos_client.sandbox.central.rendering import media_type, render
from pos_client.sandbox.central.signatures import PermitSigner

SIGNER = PermitSigner(bytes(range(32)))


def test_every_exception_of_requests_has_a_line():
    raised = {
        name
        for name, kind in inspect.getmembers(requests.exceptions, inspect.isclass)
        if issubclass(kind, requests.RequestException)
    }
    assert {name for library, name in REASONS if library == "requests"} == raised


def test_every_exception_of_urllib3_comes_out_as_a_doubt_or_better():
    for _, kind in inspect.getmembers(urllib3.exceptions, inspect.isclass):
        if issubclass(kind, urllib3.exceptions.HTTPError):
            assert no_answer_of(kind.__new__(kind)).reason


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (requests.ConnectTimeout(), port.NoAnswer("connect_timeout", sent=False)),
        (requests.ReadTimeout(), port.NoAnswer("read_timeout", sent=True)),
        (requests.exceptions.SSLError(), port.NoAnswer("certificate", sent=True)),
        (requests.ConnectionError("reset"), port.NoAnswer("cut_off", sent=True)),
        (ConnectionResetError(), port.NoAnswer("cut_off", sent=True)),
        (UnicodeError("label too long"), port.NoAnswer("cut_off", sent=True)),
    ],
)
def test_a_doubt_is_sent_and_only_a_connection_never_made_is_not(error, expected):
    assert no_answer_of(error) == expected


def test_a_cause_that_goes_round_in_circles_ends():
    error = requests.ConnectionError()
    error.__cause__ = error
    assert no_answer_of(error).reason == "cut_off"


@pytest.mark.parametrize(
    "code", [code for code, kind in PROBLEMS.items() if kind.status < 500 and code not in IN_DOUBT]
)
def test_every_problem_of_the_contract_arrives_as_it_was_said(code):
    status, body = render(Refusal(code, attempts_left=1, locked_for_s=2, limit=3, state="HELD"))
    problem = refusal_of(status, {"Content-Type": media_type(status)}, body)
    kind = PROBLEMS[code]
    assert problem == port.Problem(code, kind.status, port.Retry(kind.retry), kind.message_vi, 0, 1, 2, "HELD", 3)


@pytest.mark.parametrize("code", sorted(IN_DOUBT))
def test_f10_a_request_that_came_twice_is_a_doubt_and_no_refusal(code):
    status, body = render(Refusal(code))
    assert refusal_of(status, {"Content-Type": media_type(status)}, body) == port.NoAnswer(code, sent=True)


@pytest.mark.parametrize("code", [code for code, kind in PROBLEMS.items() if kind.status >= 500])
def test_f15_a_broken_server_is_a_doubt(code):
    status, body = render(Refusal(code))
    assert refusal_of(status, {"Content-Type": media_type(status)}, body) == port.NoAnswer(f"status_{status}")


def test_a_retry_word_we_do_not_know_is_never_and_retry_after_may_come_as_a_header():
    headers = {"Content-Type": "application/problem+json; charset=utf-8", "Retry-After": "7"}
    problem = refusal_of(429, headers, b'{"code":"rate-limited","retry":"someday"}')
    assert isinstance(problem, port.Problem)
    assert (problem.retry, problem.retry_after_s) == (port.Retry.NEVER, 7)
    headers["Retry-After"] = "Mon, 23 Nov 2026 08:00:00 GMT"
    problem = refusal_of(429, headers, b'{"code":"rate-limited"}')
    assert isinstance(problem, port.Problem)
    assert problem.retry_after_s == 0


def call(method: str, path: str) -> port.EncodedCall:
    return port.EncodedCall(IdempotencyKey("k"), method, path, b"")


def understand(method: str, path: str, answer: object, terminal: str = "S-T1") -> port.CentralAnswer:
    return decode_answer(call(method, path), msgspec.json.encode(answer), SIGNER.public_b64, terminal)


VOUCHER = {"code": "P-00231", "plate": "29C12345", "points": 5, "expires_on": "2027-01-02"}
CUSTOMER: dict[str, object] = {
    "customer_ref": "r",
    "kind": "voucher",
    "masked_name": "n",
    "display_id": "d",
    "masked_phone": "p",
    "points_available": 5,
    "methods": ["driver_pin", "retina_scan"],
    "expiring_points": 2,
    "expiring_on": "2027-03-31",
    "voucher": VOUCHER,
}


def test_a_method_of_tomorrow_is_left_out_a_kind_of_tomorrow_is_not_guessed():
    found = understand("POST", "/v1/customers:lookup", CUSTOMER)
    assert isinstance(found, port.CustomerFound)
    assert [method.value for method in found.customer.methods] == ["driver_pin"]
    assert found.customer.voucher is not None
    for wrong in ({"kind": "robot"}, {"expiring_on": "soon"}, {"voucher": {**VOUCHER, "expires_on": ""}}):
        with pytest.raises(MalformedMessage):
            understand("POST", "/v1/customers:lookup", {**CUSTOMER, **wrong})


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/v1/sessions"), ("POST", "/v2/sessions"), ("PUT", "/v1/accruals/a/b")]
)
def test_an_answer_to_something_not_in_the_contract_is_not_guessed(method, path):
    with pytest.raises(MalformedMessage):
        understand(method, path, {})


def verified(**changes: Any) -> dict[str, object]:
    body: dict[str, Any] = {
        "redemption": "r-1",
        "terminal": "S-T1",
        "station": "S",
        "points": 500,
        "challenge": "c",
        "expires": "e",
    }
    permit = SIGNER.sign(PermitBody(**{**body, **changes}))
    return {"state": "AUTHORISED", "points": 500, "permit": permit, "arm_within_s": 120}


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"redemption": "r-2"}, "permit_for_another_redemption"),
        ({"terminal": "S-T2"}, "permit_for_another_terminal"),
        ({"station": "S2"}, "permit_for_another_station"),
        ({"points": 50_000}, "permit_for_other_points"),
        ({"challenge": "c2"}, "permit_for_another_challenge"),
    ],
    ids=str,
)
def test_i9_a_permit_for_something_else_is_impossible(change: dict[str, Any], why: str):
    asked = port.EncodedCall(
        IdempotencyKey("r-1:verify:1"), "POST", "/v1/redemptions/r-1/verify", b'{"challenge_id":"c","sealed":"AAAA"}'
    )
    decode_answer(asked, msgspec.json.encode(verified()), SIGNER.public_b64, "S-T1")
    with pytest.raises(ImpossibleAnswer, match=why):
        decode_answer(asked, msgspec.json.encode(verified(**change)), SIGNER.public_b64, "S-T1")


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("POST", "/v1/redemptions/r/void", {"state": "CAPTURED"}),
        ("POST", "/v1/redemptions/r/void", {"state": "AUTHORISED"}),
        (
            "POST",
            "/v1/redemptions/r/capture",
            {"state": "VOIDED", "points_debited": 0, "points_released": 500, "balance_after": 1},
        ),
        (
            "POST",
            "/v1/redemptions/r/capture",
            {"state": "CAPTURED", "points_debited": 0, "points_released": 0, "balance_after": 1, "shortfall_code": "x"},
        ),
        ("POST", "/v1/redemptions/r-1/verify", {"state": "VOIDED", "points": 500, "permit": "x", "arm_within_s": 120}),
    ],
    ids=["captured", "authorised", "voided", "shortfall", "consent"],
)
def test_a_state_that_cannot_follow_is_impossible(method: str, path: str, answer: dict[str, object]):
    with pytest.raises(ImpossibleAnswer):
        understand(method, path, answer)


def test_i9_a_permit_must_be_signed():
    path = "/v1/redemptions/r-1/verify"
    assert isinstance(understand("POST", path, verified()), port.ConsentVerified)
    good = str(verified()["permit"])
    payload, _, signature = good.partition(".")
    for text in (payload, f"{payload}.", f"{payload}.{signature[:-4]}AAAA", f"{payload[:-4]}AAAA.{signature}", "x.y"):
        with pytest.raises(PermitUnverifiable):
            understand("POST", path, {**verified(), "permit": text})
    for key in ("", "!", "AAAA"):
        with pytest.raises(PermitUnverifiable):
            decode_answer(call("POST", path), msgspec.json.encode(verified()), key, "S-T1")
