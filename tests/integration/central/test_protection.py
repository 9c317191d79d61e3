"""Who is heard, under which code everybody else is refused, and what a terminal in bad standing can still say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests

from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
from pos_client.adapters.central_http.identity import Identity
from pos_client.domain.identifiers import RedemptionId
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.codec import decode
from pos_client.protocols.central.signing import Seen, SigningKey, public_key, verify_answer
from tests.central import TERMINAL, RunningCentral, Till, device_of, running_central

E = TenderClass.ELECTRONIC
PATH = "/v1/redemptions/p/void"


@pytest.fixture
def central() -> Iterator[RunningCentral]:
    """A fresh one for each test: clocks and standings are part of what is tested."""
    with running_central(seed=13) as running:
        yield running


def signed(central: RunningCentral, key: str = "p:void", **headers: str) -> Seen:
    return central.signed("POST", PATH, b"{}", {"X-Terminal": TERMINAL, "Idempotency-Key": key, **headers})


def code_of(answer: requests.Response) -> str:
    return "" if answer.ok else decode(answer.content, m.ProblemDocument).code


def altered(seen: Seen, name: str, value: str | None) -> Seen:
    lines = [line for line in seen.headers if line[0].lower() != name.lower()]
    return replace(seen, headers=[*lines, (name, value)] if value is not None else lines)


# ── requests ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_what_is_signed_is_heard_once(central: RunningCentral):
    seen = signed(central)
    assert code_of(central.send(seen)) == ""
    assert code_of(central.send(seen)) == "request-replayed"
    again = central.send(signed(central))
    assert (code_of(again), again.headers["Idempotent-Replayed"]) == ("", "true")


def test_requests_out_of_order_are_heard_each_once(central: RunningCentral):
    first, second = signed(central, "a"), signed(central, "b")
    assert [code_of(central.send(each)) for each in (second, first, second)] == ["", "", "request-replayed"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Signature", None),
        ("Signature-Input", None),
        ("Content-Digest", None),
        ("Signature", "sig=:AAAA:"),
        ("Signature-Input", 'sig=("@method");created=1'),
        ("X-Session", "7"),
        ("Idempotency-Key", "another"),
        ("X-Terminal", "CHXD018-T2"),
    ],
)
def test_a_header_changed_added_or_taken_away_is_not_heard(central: RunningCentral, name: str, value: str | None):
    device_of(central.addresses, "CHXD018-T2")  # an honest till, whose name is borrowed
    assert code_of(central.send(altered(signed(central), name, value))) == "device-auth-failed"
    assert central.ledger()["redemptions"] == []


def test_body_path_and_method_are_what_was_signed(central: RunningCentral):
    seen = signed(central)
    for changed in (
        replace(seen, body=b'{"reason":"x"}'),
        replace(seen, body=b""),
        replace(seen, url=seen.url.replace("/p/", "/q/")),
        replace(seen, url=seen.url + "?a=1"),
    ):
        assert code_of(central.send(changed)) == "device-auth-failed"
    assert code_of(central.send(seen)) == "", "the nonce of what was refused is not used up"


def test_another_tills_key_speaks_for_that_till_alone(central: RunningCentral):
    other = Identity(TERMINAL, "", device_of(central.addresses, "CHXD018-T2"))
    lines = {"X-Terminal": TERMINAL, "Idempotency-Key": "k"}
    seen = other.sign("POST", central.addresses.url + PATH, lines.items(), b"{}")
    assert code_of(central.send(seen)) == "device-auth-failed"


def test_a_request_meant_for_somebody_else_is_not_passed_on_to_us(central: RunningCentral):
    lines = {"X-Terminal": TERMINAL, "Idempotency-Key": "k", "Host": "central.evil"}
    till = Identity(TERMINAL, "", device_of(central.addresses))
    seen = till.sign("POST", "http://central.evil" + PATH, lines.items(), b"{}")
    assert code_of(central.send(replace(seen, url=central.addresses.url + PATH))) == "device-auth-failed"


@pytest.mark.parametrize("seconds", [301, 100_000, -61, -100_000])
def test_out_of_its_time_a_signature_is_refused_with_the_time(central: RunningCentral, seconds: int):
    seen = signed(central)
    central.later(seconds)
    answer = central.send(seen)
    problem = decode(answer.content, m.ProblemDocument)
    assert (answer.status_code, problem.code, problem.retry) == (401, "signature-expired", "same-key")
    assert problem.server_time == central.control("GET", "/control/clock")["now"]


def test_f17_a_till_whose_clock_is_wrong_takes_the_time_and_is_heard(central: RunningCentral):
    till = Till(central.addresses)
    central.later(86_400 * 40)
    assert isinstance(till.start(), port.SessionStarted)
    central.later(-86_400 * 40)
    assert isinstance(till.start(), port.SessionStarted)
    till.close()


def test_what_is_too_long_is_refused_before_anybody_asks_who_sent_it(central: RunningCentral):
    seen = central.signed("POST", PATH, b" " * 2_000_000, {"X-Terminal": TERMINAL, "Idempotency-Key": "k"})
    assert code_of(central.send(seen)) == "malformed-request"


# ── answers ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_answer_is_signed_to_who_asked(central: RunningCentral):
    key = public_key(central.addresses.answer_key)
    for method, path in (("GET", "/v1/time"), ("POST", PATH), ("GET", "/v1/nothing"), ("DELETE", "/v1/time")):
        seen = central.signed(method, path, b"", {"X-Terminal": TERMINAL, "Idempotency-Key": f"k{method}"})
        answer = central.send(seen)
        verify_answer(answer.status_code, list(answer.headers.items()), answer.content, seen, key)


def test_i9_an_answer_central_did_not_sign_is_no_answer(central: RunningCentral):
    """The right central, and a till that was told another key of its: everything it says is silence."""
    till = Till(central.addresses, answer_key=SigningKey(bytes(32)).public_b64, device=device_of(central.addresses))
    assert till.start() == port.NoAnswer("unsigned_answer")
    assert till.call(port.LookUpCustomer("l", _who("999999999"))) == port.NoAnswer("unsigned_answer")
    till.close()


def test_a_till_that_is_not_enrolled_sends_nothing(central: RunningCentral):
    till = Till(central.addresses)
    till.identity.settle(None)
    assert till.start() == port.NoAnswer("not_enrolled", sent=False)
    till.close()


# ── enrolment ──────────────────────────────────────────────────────────────────────────────────────────────────────


def code_for(central: RunningCentral, till: str = "T5", **more: object) -> str:
    asked = {"station": "CHXD018", "terminal": till, **more}
    return str(central.control("POST", "/control/enrolment-codes", asked)["code"])


def enrolled(central: RunningCentral, code: str, key: bytes) -> object:
    return enrol(central.addresses.url, code, key, "test")


def test_a_code_brings_in_one_key_and_tells_what_central_is_known_by(central: RunningCentral):
    code, key = code_for(central), new_device_key()
    told = enrolled(central, code.lower().replace("-", " "), key)
    assert isinstance(told, Enrolled)
    assert (told.station, told.till, told.epoch) == ("CHXD018", "T5", 1)
    assert told.answer_key == central.addresses.answer_key
    assert enrolled(central, code, key) == told, "the answer may have been lost; the same key asks again"
    other = enrolled(central, code, new_device_key())
    assert isinstance(other, port.Problem)
    assert (other.code, other.status) == ("enrolment-code-invalid", 403)


@pytest.mark.parametrize("code", ["", "2222-2222-2222-2222", "' OR 1=1 --", "x" * 80])
def test_a_code_nobody_made_brings_nobody_in(central: RunningCentral, code: str):
    told = enrolled(central, code, new_device_key())
    assert isinstance(told, port.Problem)
    assert told.code in {"enrolment-code-invalid", "malformed-request"}
    assert [row["name"] for row in central.ledger()["terminals"]] == []


def test_a_code_dies(central: RunningCentral):
    code = code_for(central, lives_s=60)
    central.later(60)
    told = enrolled(central, code, new_device_key())
    assert isinstance(told, port.Problem)
    assert told.code == "enrolment-code-invalid"


def test_codes_are_kept_as_hashes(central: RunningCentral):
    code = code_for(central)
    kept = str(central.ledger())
    assert code not in kept
    assert code.replace("-", "") not in kept


def test_a_new_key_closes_the_one_before_and_begins_an_epoch(central: RunningCentral):
    till = Till(central.addresses)
    till.start()
    told = enrolled(central, code_for(central, "T1"), new_device_key())
    assert isinstance(told, Enrolled)
    assert told.epoch == 2
    refused = till.start()
    assert isinstance(refused, port.Problem)
    assert refused.code == "device-auth-failed"
    keys = [(row["epoch"], row["closed_ms"] is None) for row in central.ledger()["device_keys"]]
    assert sorted(keys) == [(1, False), (2, True)]
    till.close()


# ── standing ───────────────────────────────────────────────────────────────────────────────────────────────────────


def regard(central: RunningCentral, do: str, reason: str = "test") -> None:
    central.control("POST", f"/control/terminals/{TERMINAL}", {"do": do, "reason": reason})


@pytest.mark.parametrize(("do", "code"), [("suspend", "terminal-suspended"), ("quarantine", "terminal-quarantined")])
def test_in_bad_standing_facts_are_taken_and_marked_and_questions_refused(central: RunningCentral, do: str, code: str):
    till = Till(central.addresses)
    till.start()
    spent, given_up = (till.authorised("000100001", 500, central) for _ in range(2))
    reference = till.look_up("000100001").reference
    regard(central, do)
    hold = port.Hold(RedemptionId(till.new_id()), reference, 500, "pay")
    for question in (till.start(), till.look_up("000100001"), till.call(hold)):
        assert isinstance(question, port.Problem)
        assert (question.code, question.status) == (code, 403)
    assert till.call(till.capture(spent, 500)).points_debited == 500
    assert till.call(port.Void(given_up, "test")) == port.RedemptionVoided()
    claims = [till.wire.encode(till.accrual("000100001", (E, 10_000), end=900 + n)) for n in range(3)]
    assert isinstance(till.forward(claims[0]), port.AccrualBooked)
    till.central.forward_batch(tuple(claims[1:]))
    assert all(isinstance(till.inbox.result_of(each.key), port.AccrualBooked) for each in claims[1:])
    state = {"suspend": "suspended", "quarantine": "quarantined"}[do]
    marks = [row["kind"] for row in central.ledger()["incidents"] if row["kind"].startswith(f"{state}:")]
    assert sorted(set(marks) - {"quarantined:test"}) == [f"{state}:accrual", f"{state}:capture", f"{state}:void"]
    regard(central, "reinstate")
    assert isinstance(till.start(), port.SessionStarted)
    assert isinstance(till.call(hold), port.HoldPlaced), "the refusal was not kept for the key"
    till.close()


def test_enrolment_ends_a_quarantine_and_no_suspension(central: RunningCentral):
    for do, after in (("quarantine", "enrolled"), ("suspend", "suspended")):
        device_of(central.addresses)
        regard(central, do)
        assert isinstance(enrolled(central, code_for(central, "T1"), new_device_key()), Enrolled)
        assert [row["state"] for row in central.ledger()["terminals"]] == [after]


def test_a_till_of_another_station_holds_no_points_here(central: RunningCentral):
    till = Till(central.addresses)
    call = till.wire.encode(port.Hold(RedemptionId("x"), till.look_up("000100001").reference, 500, "pay"))
    refused = till.send(replace(call, body=call.body.replace(b"CHXD018", b"CHXD019")))
    assert isinstance(refused, port.Problem)
    assert refused.code == "station-mismatch"
    till.close()


def _who(text: str):
    from pos_client.domain.customer import parse_identifier

    return parse_identifier(text)
