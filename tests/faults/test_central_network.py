"""The network between till and central, broken in every way the sandbox can break it (F06-F09, F15, F16)."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central.signing import Seen, SigningKey, sign_answer
from pos_client.sandbox.central.server import CentralAddresses
from pos_client.services import plausibility
from tests.central import RunningCentral, Till, device_of, running_central

E = TenderClass.ELECTRONIC


@pytest.fixture(scope="module")
def central() -> Iterator[RunningCentral]:
    with running_central(seed=3) as running:
        yield running


@pytest.fixture
def till(central: RunningCentral) -> Iterator[Till]:
    one = Till(central.addresses, read_timeout_ms=700, connect_timeout_ms=700, operation_timeout_ms=1_500)
    try:
        yield one
    finally:
        central.clear_faults()
        one.close()


def test_f09_a_lost_answer_is_unknown_and_the_same_bytes_bring_it(central, till):
    redemption, placed = till.hold("000100001", 10_000)
    central.fault("answer_lost", match="/verify")
    call = till.wire.encode(port.Verify(redemption, 1, placed.challenge_id, 10_000, _code(central, redemption)))
    assert till.send(call) == port.NoAnswer("cut_off", sent=True)
    consent = till.send(call)
    assert isinstance(consent, port.ConsentVerified)
    central.fault("answer_lost", times=2, match="/capture")
    capture = till.wire.encode(till.capture(redemption, 10_000))
    assert [till.forward(capture) for _ in range(2)] == [port.NoAnswer("cut_off", sent=True)] * 2
    assert till.forward(capture).points_debited == 10_000
    assert sum(row["points_debited"] for row in central.ledger()["redemptions"] if row["id"] == redemption) == 10_000


def test_f09_every_lost_accrual_is_booked_once(central, till):
    calls = [till.wire.encode(till.accrual("000100004", (E, 10_000), end=10_000 + n)) for n in range(10)]
    before = till.look_up("000100004").points_available
    central.fault("answer_lost", times=10, match="/v1/accruals/")
    assert all(till.forward(call) == port.NoAnswer("cut_off", sent=True) for call in calls)
    assert all(isinstance(till.forward(call), port.AccrualBooked) for call in calls)
    assert till.look_up("000100004").points_available == before + 500


def test_f06_refused_is_known_not_to_have_been_sent_and_comes_back(central, till):
    till.look_up("000100001")  # a connection is open, and dies
    central.fault("down", times=0)
    first = till.look_up("000100001")
    assert isinstance(first, port.NoAnswer)
    assert till.look_up("000100001") == port.NoAnswer("no_connection", sent=False)
    central.clear_faults()
    assert till.look_up("000100001").display_id == "000 100 001"


def test_f16_a_captive_portal_is_not_central(central, till):
    central.fault("html", times=2)
    assert till.look_up("000100001") == port.NoAnswer("foreign_answer")
    assert till.start() == port.NoAnswer("foreign_answer")
    assert till.look_up("000100001").display_id == "000 100 001"


def test_f15_unavailable_leaves_a_write_in_doubt(central, till):
    central.fault("unavailable", match="/v1/accruals/")
    call = till.wire.encode(till.accrual("000100004", (E, 10_000), end=77))
    assert till.send(call) == port.NoAnswer("status_503")
    assert isinstance(till.send(call), port.AccrualBooked)


def test_f07_slow_beyond_patience_is_unknown_and_booked_all_the_same(central, till):
    central.fault("slow", seconds=1, match="/v1/accruals/")
    call = till.wire.encode(till.accrual("000100004", (E, 10_000), end=78))
    assert till.send(call) == port.NoAnswer("read_timeout")
    assert isinstance(till.send(call), port.AccrualBooked)


def test_the_interactive_lane_does_not_wait_behind_the_outbox(central, till):
    central.fault("slow", times=0, seconds=1, match="/v1/accruals/")
    for n in range(5):
        till.central.forward(till.wire.encode(till.accrual("000100004", (E, 10_000), end=200 + n)))
    started = time.monotonic()
    assert till.look_up("000100001").display_id == "000 100 001"
    assert time.monotonic() - started < 0.6


# ── an other side that is not central at all ───────────────────────────────────────────────────────────────────────


ANSWERS = SigningKey(bytes(range(32)))
"""What the other side signs with where it signs; the till believes it."""


@contextmanager
def rogue(answer: bytes, *, then: str = "close", drip: bool = False) -> Iterator[CentralAddresses]:
    """A server that reads a request and answers these bytes, signed if they can be; `then`: close, reset, hold."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                said = in_answer_to(_read_request(connection), answer)
                try:
                    if drip:
                        for piece in said:
                            connection.sendall(bytes([piece]))
                            over.wait(0.02)
                    else:
                        connection.sendall(said)
                    if then == "hold":
                        over.wait(5)
                except OSError:
                    continue
                if then == "reset":
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield CentralAddresses(f"http://127.0.0.1:{listening.getsockname()[1]}", "", "", "", ANSWERS.public_b64)
    finally:
        over.set()
        thread.join(5)
        listening.close()


def _read_request(connection: socket.socket) -> Seen:
    """All of it: closing with something unread would reset the connection."""
    got = b""
    while b"\r\n\r\n" not in got or not got.endswith(b"}"):
        piece = connection.recv(65_536)
        if not piece:
            break
        got += piece
    head, _, body = got.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    method, _, rest = first.partition(" ")
    return Seen(method, f"http://127.0.0.1{rest.partition(' ')[0]}", headers, body)


def in_answer_to(seen: Seen, answer: bytes) -> bytes:
    """The answer with a right signature where it is whole enough to have one: what is wrong with it stays wrong."""
    head, blank, body = answer.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if not blank or not body or not first.startswith("HTTP/1.1 "):
        return answer
    headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in lines)]
    signed = sign_answer(int(first.split()[1]), headers, body, seen, ANSWERS, 1_795_000_000)
    return "\r\n".join((first, *lines, *(f"{name}: {value}" for name, value in signed.items()))).encode() + blank + body


def http(body: bytes, status: str = "200 OK", kind: str = "application/json", length: int | None = None) -> bytes:
    size = len(body) if length is None else length
    return f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n".encode() + body


SESSION = b'{"server_time":"2026-11-23T08:00:00+07:00","session":1}'
PROBLEM = "application/problem+json"
UNKNOWN = [
    ("nothing at all", b"", "close", "cut_off"),
    ("a reset", b"", "reset", "cut_off"),
    ("rubbish", b"\x00\xff\x10garbage\r\n\r\n", "close", "cut_off"),
    ("half a status line", b"HTTP/1.", "close", "cut_off"),
    ("half a body", http(SESSION[:20], length=len(SESSION)), "close", "cut_off"),
    ("silence", b"", "hold", "read_timeout"),
    ("headers, then silence", http(b"", length=50), "hold", "read_timeout"),
    ("half the JSON", http(SESSION[:-5]), "close", "damaged_answer"),
    ("a field missing", http(b'{"session":1}'), "close", "damaged_answer"),
    ("a number as text", http(SESSION.replace(b":1}", b':"1"}')), "close", "damaged_answer"),
    ("not UTF-8", http(b'{"server_time":"\xff","session":1}'), "close", "damaged_answer"),
    ("a page", http(b"<html>", kind="text/html"), "close", "foreign_answer"),
    ("the right JSON as a page", http(SESSION, kind="text/html"), "close", "foreign_answer"),
    ("a redirect", http(b"", "302 Found"), "close", "foreign_answer"),
    ("a proxy's 404", http(b"<html>", "404 Not Found", "text/html"), "close", "foreign_answer"),
    ("no content", http(b"", "204 No Content"), "close", "foreign_answer"),
    ("a gateway", http(b"<html>", "502 Bad Gateway", "text/html"), "close", "status_502"),
    ("half a problem", http(b'{"code":"unk', "404 Not Found", PROBLEM), "close", "damaged_answer"),
    ("a problem of somebody else", http(b'{"title":"no"}', "404 Not Found", PROBLEM), "close", "foreign_answer"),
    ("two megabytes", http(b" " * 2_000_000), "close", "damaged_answer"),
]


@pytest.mark.parametrize(
    ("answer", "then", "reason"), [line[1:] for line in UNKNOWN], ids=[line[0] for line in UNKNOWN]
)
def test_f08_f16_whatever_is_not_central_speaking_is_no_answer(answer, then, reason):
    with rogue(answer, then=then) as addresses:
        till = Till(addresses, read_timeout_ms=300, operation_timeout_ms=1_000)
        assert till.start() == port.NoAnswer(reason, sent=True)
        till.close()


def test_f07_a_dripping_answer_ends_with_the_operation():
    with rogue(http(SESSION), drip=True) as addresses:
        till = Till(addresses, read_timeout_ms=400, operation_timeout_ms=600)
        started = time.monotonic()
        assert isinstance(till.start(), port.NoAnswer)
        assert time.monotonic() - started < 15
        till.close()


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("http://127.0.0.1:1", "no_connection"),
        ("http://name.invalid", "no_connection"),
        ("ftp://127.0.0.1", "bad_address"),
        ("central", "bad_address"),
        ("http://", "bad_address"),
    ],
)
def test_f06_an_address_that_leads_nowhere_was_never_sent_to(url, reason):
    till = Till(CentralAddresses(url, "", "", "", ""))
    assert till.start() == port.NoAnswer(reason, sent=False)
    till.close()


def test_a_problem_is_read_with_all_its_members():
    body = (
        b'{"code":"credential-wrong","retry":"new-operation","attempts_left":2,"locked_for_s":900,"state":"HELD",'
        b'"limit":100,"message_vi":"x","retry_after_s":99999,"novel":{"a":[1]}}'
    )
    with rogue(http(body, "422 Unprocessable", PROBLEM)) as addresses:
        till = Till(addresses)
        problem = till.start()
        assert problem == port.Problem("credential-wrong", 422, port.Retry.NEW_OPERATION, "x", 600, 2, 900, "HELD", 100)
        till.close()


def test_a_permit_signed_by_anybody_else_is_no_consent(central):
    forged = CentralAddresses(
        central.addresses.url,
        "",
        central.addresses.seal_key,
        central.addresses.seal_key,  # not the key that signs
        central.addresses.answer_key,
    )
    till = Till(forged, device=device_of(central.addresses))
    redemption, placed = till.hold("000100001", 500)
    answer = till.verify(redemption, 1, placed, central.code_for(redemption))
    assert answer == port.NoAnswer("permit_unverifiable", sent=True)
    till.close()


def test_a_lane_ends_when_told_with_calls_still_waiting(central):
    till = Till(central.addresses, read_timeout_ms=500)
    central.fault("slow", times=0, seconds=1)
    for n in range(20):
        till.central.send(port.EncodedCall(IdempotencyKey(f"k{n}"), "POST", "/v1/quotes", b"{}"))
    till.close()
    central.clear_faults()


def _code(central: RunningCentral, redemption: str):
    from tests.central import digits

    return digits(central.code_for(redemption))


def test_lies_of_head_office_reach_the_till_and_the_truth_after_them(central):
    """Executed each time; what is said of it is bent once, in the contract's own form."""
    till = Till(central.addresses)
    till.start()
    central.fault("lying_customer")
    assert plausibility.customer(port.CustomerFound(till.look_up("000100001"))) == "expiring_above_balance"
    central.fault("lying_hold")
    redemption, placed = till.hold("000100001", 500)
    assert plausibility.hold(placed, 500) == "more_than_asked"
    central.fault("lying_void")
    void = port.Void(redemption, "test")
    lie = till.call(void)
    assert isinstance(lie, port.Impossible)
    assert lie.why == "state"
    assert till.call(void) == port.RedemptionVoided()
    redemption, placed = till.hold("000100001", 500)
    verify = port.Verify(redemption, 1, placed.challenge_id, 500, _code(central, redemption))
    central.fault("lying_consent")
    call = till.wire.encode(verify)
    lie = till.send(call)
    assert isinstance(lie, port.Impossible)
    assert lie.why == "permit_for_other_points"
    assert plausibility.consent(till.send(call), 500) is None
    capture = till.capture(redemption, 300)
    central.fault("lying_capture")
    assert plausibility.capture(till.call(capture), 500, 300) == "more_than_held"
    assert plausibility.capture(till.call(capture), 500, 300) is None
    accrual = till.wire.encode(till.accrual("000100004", (E, 10_000), end=77_000))
    central.fault("lying_accrual")
    assert plausibility.accrual(till.forward(accrual), 10_000) == "more_than_any_rule"
    booked = till.forward(accrual)
    assert plausibility.accrual(booked, 10_000) is None
    assert booked.points == 50
    central.fault("lying_time")
    assert plausibility.told_time(till.call(port.AskTime("lie")).server_time, None, 0) == "before_the_floor"
    assert plausibility.told_time(till.call(port.AskTime("truth")).server_time, None, 0) is None
    till.close()
