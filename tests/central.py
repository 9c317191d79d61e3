"""The reference central on loopback, and a till that talks to it through the real adapter."""

from __future__ import annotations

import itertools
import re
import threading
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue
from random import Random
from typing import Any

import requests
from http_message_signatures import HTTPMessageSignaturesException

from pos_client.adapters.central_http import client
from pos_client.adapters.central_http.client import HttpCentral
from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
from pos_client.adapters.central_http.identity import Identity
from pos_client.adapters.system_clock import SystemClock
from pos_client.domain.customer import parse_identifier
from pos_client.domain.identifiers import AccrualId, IdempotencyKey, NozzleId, PointId, RedemptionId
from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme import load_profile
from pos_client.domain.secret import SecretDigits
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.protocols.central.signing import Seen
from pos_client.sandbox.central.scenario import Scenario, read_scenario
from pos_client.sandbox.central.server import CentralAddresses, CentralConfig, serve
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.storage.engine import IN_MEMORY, open_database
from pos_client.settings.model import CentralSettings

RESOURCES = Path(__file__).parents[1] / "resources"
PROFILE = load_profile(tomllib.loads((RESOURCES / "programmes" / "petrolimex-id.toml").read_text(encoding="utf-8")))
STATION_FILE = RESOURCES / "sandbox" / "station.toml"
STATION = "CHXD018"
TERMINAL = "CHXD018-T1"
WAIT_S = 60.0
START_S = 60.0
"""Tables, people and their hashed PINs, on a machine that has other things to do."""
client.STOP_POLL_S = 0.02  # a test does not wait for an idle lane


def the_scenario() -> Scenario:
    return read_scenario(tomllib.loads(STATION_FILE.read_text(encoding="utf-8")))


def digits(text: str) -> SecretDigits:
    secret = SecretDigits()
    for digit in text:
        secret.push(int(digit))
    return secret


def real_time() -> datetime:
    """What time a running central goes by, unless it was moved: sales told of are of today."""
    return SystemClock().now().wall


class TestClock:
    """A business clock that stands still until it is moved."""

    __test__ = False

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)

    def now(self) -> datetime:
        return self.at


def a_service(clock: TestClock, database: str = IN_MEMORY, seed: int = 7) -> CentralService:
    """A ledger without its web server."""
    engine, dice = open_database(database), Random(seed)
    return CentralService(engine, clock.now, PROFILE, dice, load_keys(engine, dice))


_DEVICES: dict[tuple[str, str, str], bytes] = {}
"""Keys of tills at running centrals, by its two addresses and the till's name."""
_ENROLLING = threading.Lock()
_CAN_BE_ENROLLED = re.compile(f"{STATION}-[A-Za-z0-9]{{1,8}}")


def device_of(addresses: CentralAddresses, terminal: str = TERMINAL) -> bytes:
    """The key of a till, enrolled when it is first asked for: all that is made with it is the same till."""
    if not addresses.control:  # nobody to enrol it
        return new_device_key()
    where = (addresses.url, addresses.control, terminal)
    with _ENROLLING:
        if where not in _DEVICES:
            _DEVICES[where] = enrolled_device(addresses, terminal)
        return _DEVICES[where]


def enrolled_device(addresses: CentralAddresses, terminal: str = TERMINAL) -> bytes:
    """A new key for a till; whatever key it had before is closed, and its `Till`s with it."""
    station, _, till = terminal.rpartition("-")
    asked = {"station": station, "terminal": till}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.post(addresses.control + "/control/enrolment-codes", json=asked, timeout=10)
        answer.raise_for_status()
    key = new_device_key()
    told = enrol(addresses.url, answer.json()["code"], key, "0.0-test")
    assert isinstance(told, Enrolled), told
    assert f"{told.station}-{told.till}" == terminal
    return key


class RunningCentral:
    """Addresses of a running reference central, and its control port."""

    def __init__(self, addresses: CentralAddresses) -> None:
        self.addresses = addresses
        self._session = requests.Session()
        self._session.trust_env = False

    def control(self, method: str, path: str, body: object = None) -> Any:
        answer = self._session.request(method, self.addresses.control + path, json=body, timeout=10)
        answer.raise_for_status()
        return answer.json()

    def post(self, method: str, path: str, body: bytes, **headers: str | bytes) -> requests.Response:
        """A request by hand, past the adapter, signed as the till it names."""
        sent = {"X-Terminal": TERMINAL, "Content-Type": "application/json"}
        for name, value in headers.items():
            sent[name.replace("_", "-")] = value.decode("latin-1") if isinstance(value, bytes) else value
        seen = self.signed(method, path, body, sent)
        return self.send(seen)

    def signed(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Seen:
        """The request as the till it names would sign it now; one that no till can be called is signed by the usual
        one, and what no signature can be made over stays without."""
        terminal = headers.get("X-Terminal", "")
        who = terminal if _CAN_BE_ENROLLED.fullmatch(terminal) else TERMINAL
        identity = Identity(terminal, self.addresses.answer_key, device_of(self.addresses, who))
        identity.follow(self.control("GET", "/control/clock")["now"])
        try:
            return identity.sign(method, self.addresses.url + path, headers.items(), body)
        except HTTPMessageSignaturesException:
            return Seen(method, self.addresses.url + path, tuple(headers.items()), body)

    def sign(self, prepared: requests.PreparedRequest, terminal: str = TERMINAL) -> requests.PreparedRequest:
        """`requests`' own kind of authentication, for whoever makes his requests by himself; what no signature can be
        made over goes out without one."""
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        assert isinstance(body, bytes)
        identity = Identity(terminal, self.addresses.answer_key, device_of(self.addresses, terminal))
        with suppress(HTTPMessageSignaturesException):
            seen = identity.sign(str(prepared.method), str(prepared.url), prepared.headers.items(), body)
            prepared.headers.update(seen.headers)
        return prepared

    def send(self, seen: Seen) -> requests.Response:
        """These very lines and bytes."""
        return self._session.request(seen.method, seen.url, data=seen.body, headers=dict(seen.headers), timeout=10)

    def fault(self, name: str, **how: object) -> None:
        self.control("POST", "/control/faults", {"name": name, **how})

    def clear_faults(self) -> None:
        self.control("DELETE", "/control/faults")

    def later(self, seconds: int) -> None:
        self.control("POST", "/control/clock", {"offset_s": seconds})

    def ledger(self) -> dict[str, Any]:
        found: dict[str, Any] = self.control("GET", "/control/ledger")
        funds = [*found["accounts"], *found["vouchers"], *found["pools"]]
        assert [fund for fund in funds if not fund["balanced"]] == []
        return found

    def account(self, number: str) -> dict[str, Any]:
        return next(row for row in self.ledger()["accounts"] if row["number"] == number)

    def code_for(self, redemption_id: str) -> str:
        """The latest code the customer was sent for a redemption."""
        codes = [sms["code"] for sms in self.control("GET", "/control/sms") if sms["redemption_id"] == redemption_id]
        return str(codes[-1])

    def close(self) -> None:
        self._session.close()


@contextmanager
def running_central(**how: Any) -> Iterator[RunningCentral]:
    """A central in a thread of this process, on free ports."""
    stop, told = threading.Event(), Queue[CentralAddresses]()
    config = CentralConfig(**{"scenario": the_scenario(), "profile": PROFILE, **how})
    thread = threading.Thread(target=serve, args=(config, told.put, stop), name="reference-central", daemon=True)
    thread.start()
    central = RunningCentral(told.get(timeout=START_S))
    try:
        yield central
    finally:
        central.close()
        stop.set()
        thread.join(START_S)
        assert not thread.is_alive()


class Inbox:
    """A `Sink` a test can wait on."""

    def __init__(self) -> None:
        self._arrived: Queue[Any] = Queue()
        self._kept: dict[str, port.CentralAnswered] = {}

    def post(self, report: object) -> None:
        self._arrived.put(report)

    def result_of(self, key: str, seconds: float = WAIT_S) -> Any:
        """What came of the call with this key."""
        while key not in self._kept:
            try:
                answered = self._arrived.get(timeout=seconds)
            except Empty:
                raise AssertionError(f"no answer to {key}") from None
            self._kept[answered.key] = answered
        return self._kept.pop(key).result


_TILLS = itertools.count(1)
"""Tills of one run; what one names, no other names again (an address of memory is used again)."""


class Till:
    """A terminal's adapter with its lanes running; one method a call, each waits for its answer.

    It is enrolled; two of one name are one till twice, with the same key, unless another `device` is given.
    """

    def __init__(
        self, addresses: CentralAddresses, terminal: str = TERMINAL, device: bytes | None = None, **settings: Any
    ) -> None:
        self.settings = CentralSettings(
            **{
                "url": addresses.url,
                "seal_key": addresses.seal_key,
                "permit_key": addresses.permit_key,
                "answer_key": addresses.answer_key,
                "read_timeout_ms": 40_000,  # a busy machine is no reason for doubt
                "operation_timeout_ms": 50_000,
                **settings,
            }
        )
        self.terminal = terminal
        self.inbox = Inbox()
        self.wire = HttpWire(self.settings.seal_key, terminal, STATION, self.settings.permit_key)
        self.device = device or device_of(addresses, terminal)
        self.identity = Identity(terminal, self.settings.answer_key, self.device)
        self.central = HttpCentral(self.settings, self.identity, self.inbox)
        self._stop = threading.Event()
        self._threads = [
            threading.Thread(target=lane.run, args=(self._stop,), name=lane.name, daemon=True)
            for lane in (self.central.interactive, self.central.forwarding, self.central.streaming)
        ]
        for thread in self._threads:
            thread.start()
        self._number = next(_TILLS)
        self._next = 0

    def close(self) -> None:
        self._stop.set()
        for thread in self._threads:
            thread.join(WAIT_S)
            assert not thread.is_alive()

    def new_id(self, kind: str = "r") -> str:
        self._next += 1
        return f"0199c0de-0000-7000-8000-{self._number:06d}{kind}{self._next:05d}"

    def send(self, encoded: port.EncodedCall) -> Any:
        self.central.send(encoded)
        return self.inbox.result_of(encoded.key)

    def forward(self, encoded: port.EncodedCall) -> Any:
        self.central.forward(encoded)
        return self.inbox.result_of(encoded.key)

    def call(self, call: port.CentralCall) -> Any:
        return self.send(self.wire.encode(call))

    def start(self) -> Any:
        return self.call(port.OpenSession(self.new_id("s"), "0.0-test"))

    def look_up(self, text: str) -> Any:
        found = self.call(port.LookUpCustomer(self.new_id("l"), parse_identifier(text)))
        return found.customer if isinstance(found, port.CustomerFound) else found

    def hold(self, who: str, points: int, flow: str = "pay") -> tuple[RedemptionId, Any]:
        redemption = RedemptionId(self.new_id())
        return redemption, self.call(port.Hold(redemption, self.look_up(who).reference, points, flow))

    def verify(self, redemption: RedemptionId, n: int, placed: port.HoldPlaced, secret: str) -> Any:
        return self.call(port.Verify(redemption, n, placed.challenge_id, placed.points, digits(secret)))

    def authorised(self, who: str, points: int, central: RunningCentral, flow: str = "pay") -> RedemptionId:
        """A redemption with a firm hold, confirmed by the individual's code."""
        redemption, placed = self.hold(who, points, flow)
        assert isinstance(placed, port.HoldPlaced)
        assert isinstance(self.verify(redemption, 1, placed, central.code_for(redemption)), port.ConsentVerified)
        return redemption

    def capture(self, redemption: RedemptionId, amount: int, **how: Any) -> port.Capture:
        return port.Capture(
            **{
                "redemption_id": redemption,
                "point": PointId(1),
                "nozzle": NozzleId(1),
                "grade_code": "E10-95-III",
                "volume_ml": amount * 1000 // 27080,
                "amount_vnd": amount,
                "start_totalizer_ml": 184_273_650,
                "end_totalizer_ml": 184_273_650 + amount * 1000 // 27080,
                "fuelled_at": "2026-11-23T08:15:00+07:00",
                **how,
            }
        )

    def accrual(self, who: str, *tenders: tuple[TenderClass, int], end: int = 184_300_000, **how: Any) -> port.Accrue:
        return port.Accrue(
            **{
                "accrual_id": AccrualId(self.new_id("a")),
                "sealed_identifier": self.wire.seal_identifier(parse_identifier(who)),
                "receipt_number": "T1-000001",
                "point": PointId(1),
                "nozzle": NozzleId(1),
                "grade_code": "E10-95-III",
                "unit_price": 27080,
                "volume_ml": 3_523,
                "amount_vnd": sum(amount for _, amount in tenders),
                "end_totalizer_ml": end,
                "fuelled_at": real_time().isoformat(),
                "tenders": tenders,
                **how,
            }
        )


def key_of(text: str) -> IdempotencyKey:
    return IdempotencyKey(text)
