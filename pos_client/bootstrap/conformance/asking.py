"""A till that asks somebody who says he keeps the contract: the terminal's real adapter, one call at a time."""

from __future__ import annotations

import uuid
from contextlib import suppress
from dataclasses import field, replace
from typing import Any

import requests
from http_message_signatures import HTTPMessageSignaturesException

from pos_client.adapters.central_http.client import HttpCentral
from pos_client.adapters.central_http.encoding import HttpWire
from pos_client.adapters.central_http.identity import Identity
from pos_client.adapters.central_http.seals import Sealer
from pos_client.domain.customer import Customer, parse_identifier
from pos_client.domain.identifiers import AccrualId, NozzleId, PointId, RedemptionId
from pos_client.domain.secret import SecretDigits
from pos_client.domain.tender import TenderClass
from pos_client.ports import central as port
from pos_client.settings.model import CentralSettings
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Trial:
    """Who is asked, and with whose points: a customer of a test system who confirms by a PIN and has 2,000 points."""

    settings: CentralSettings
    station: str
    terminal: str
    device: bytes = field(repr=False)
    """the key it was enrolled with"""
    customer: str
    pin: str = field(repr=False)
    grade: str
    voucher: str = ""
    """a voucher of the test system with 1,000 points or more, to be activated for the station; empty: none"""
    voucher_pin: str = field(default="", repr=False)


class Asking:
    """Every call with a new id, sent over a connection of its own, answered as the terminal would understand it."""

    def __init__(self, trial: Trial) -> None:
        self.trial = trial
        self.wire = HttpWire(trial.settings.seal_key, trial.terminal, trial.station, trial.settings.permit_key)
        self._identity = Identity(trial.terminal, trial.settings.answer_key, trial.device)
        self._central = HttpCentral(trial.settings, self._identity, self)
        self._http = requests.Session()
        self._http.trust_env = False

    def post(self, report: object) -> None:
        """`Sink`, of which the lanes would make use; none runs here."""

    def close(self) -> None:
        """Let the connection go."""
        self._http.close()

    def send(self, call: port.EncodedCall) -> Any:
        """These very bytes."""
        return self._central.exchange(self._http, call)

    def call(self, call: port.CentralCall) -> Any:
        """A call, encoded as a terminal encodes it."""
        return self.send(self.wire.encode(call))

    def by_hand(self, method: str, path: str, body: bytes = b"", **headers: str) -> requests.Response:
        """A request no terminal would send, with a terminal's signature."""
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._http.request(
            method,
            self.trial.settings.url.rstrip("/") + path,
            data=body,
            headers=sent,
            auth=self.sign,
            timeout=20,
            allow_redirects=False,
        )

    def sign(self, prepared: requests.PreparedRequest) -> requests.PreparedRequest:
        """`requests`' own kind of authentication; what no signature can be made over goes out without one."""
        body = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        assert isinstance(body, bytes)
        with suppress(HTTPMessageSignaturesException):
            seen = self._identity.sign(str(prepared.method), str(prepared.url), prepared.headers.items(), body)
            prepared.headers.update(seen.headers)
        return prepared

    def new_id(self) -> str:
        """An id nobody has used."""
        return str(uuid.uuid4())

    def time(self) -> str:
        """What time it is there. Raises `AssertionError` when it is not told."""
        told = self.call(port.AskTime(self.new_id()))
        assert isinstance(told, port.TimeTold), told
        return told.server_time

    def customer(self) -> Customer:
        """The test customer, looked up. Raises `AssertionError` when he is not found."""
        found = self.call(port.LookUpCustomer(self.new_id(), parse_identifier(self.trial.customer)))
        assert isinstance(found, port.CustomerFound), found
        return found.customer

    def hold(self, points: int) -> port.Hold:
        """A hold under a new id, not yet sent."""
        return port.Hold(RedemptionId(self.new_id()), self.customer().reference, points, "pay")

    def verify(self, hold: port.Hold, n: int, challenge_id: str, pin: str) -> port.EncodedCall:
        """An entry on the keypad."""
        return self.wire.encode(port.Verify(hold.redemption_id, n, challenge_id, hold.points, _digits(pin)))

    def seal(self, pin: str, info: bytes) -> str:
        """A PIN that only central can open, for this purpose alone."""
        return Sealer(self.trial.settings.seal_key).secret(_digits(pin), info)

    def capture(self, hold: port.Hold, amount_vnd: int) -> port.Capture:
        """So much fuel."""
        end = uuid.uuid4().int % 10**11
        return port.Capture(
            hold.redemption_id,
            PointId(1),
            NozzleId(1),
            self.trial.grade,
            amount_vnd,
            amount_vnd,
            end - amount_vnd,
            end,
            self.time(),
        )

    def accrual(self, amount_vnd: int) -> port.Accrue:
        """A sale nobody has claimed points for."""
        return port.Accrue(
            AccrualId(self.new_id()),
            self.wire.seal_identifier(parse_identifier(self.trial.customer)),
            "TRIAL",
            PointId(1),
            NozzleId(1),
            self.trial.grade,
            1_000,
            amount_vnd,
            amount_vnd,
            uuid.uuid4().int % 10**11,
            self.time(),
            ((TenderClass.ELECTRONIC, amount_vnd),),
        )


def _digits(pin: str) -> SecretDigits:
    secret = SecretDigits()
    for digit in pin:
        secret.push(int(digit))
    return secret


def another_body(call: port.EncodedCall, of: port.EncodedCall) -> port.EncodedCall:
    """The same key and address with the body of another call."""
    return replace(call, body=of.body)
