"""Says messages to the reference service and writes down what was said.

The service is the real one, in memory, with a fixed seed and a clock that stands still until it is moved; so telling it
again gives the same answers. Seals alone are random: one that was made before, and still opens, is used again.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Sequence
from dataclasses import field
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from pos_client.domain.moment import VIETNAM
from pos_client.domain.programme import Profile
from pos_client.protocols.central import codec
from pos_client.protocols.central import messages as m
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.sealing import IDENTIFIER_INFO, pad_identifier, pad_secret, secret_info
from pos_client.protocols.central.signing import NONCE_BYTES, Seen, SigningKey, sign_request
from pos_client.sandbox.central.contract.document import operation_id
from pos_client.sandbox.central.contract.examples import Exchange
from pos_client.sandbox.central.endpoints import ENDPOINTS
from pos_client.sandbox.central.endpoints.endpoint import Call, Endpoint
from pos_client.sandbox.central.ledger import enrolment
from pos_client.sandbox.central.ledger.terminals import Device, Standing
from pos_client.sandbox.central.overview import text_messages
from pos_client.sandbox.central.scenario import Scenario, set_up
from pos_client.sandbox.central.service import CentralService, load_keys
from pos_client.sandbox.central.storage.engine import IN_MEMORY, open_database
from pos_client.value import dataclass

SEED = 7
BEGINS = datetime(2026, 11, 23, 8, 0, tzinfo=VIETNAM)
TERMINAL = "CHXD018-T1"
STATION = "CHXD018"
ADDRESS = "https://central.example"
TILL_KEY = SigningKey(bytes(range(32)))
DEVICE = Device(TERMINAL, STATION, 1, TILL_KEY.keyid, Standing.ENROLLED)
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


@dataclass(slots=True)
class Clock:
    """Central's clock, moved by the story alone."""

    at: datetime = BEGINS

    def now(self) -> datetime:
        """Central's time."""
        return self.at

    def later(self, seconds: int) -> None:
        """Time passes."""
        self.at += timedelta(seconds=seconds)


@dataclass(slots=True)
class Stage:
    """The service a story is told to, and its clock."""

    service: CentralService
    clock: Clock
    code: str
    """a one-time code that was made for the till"""
    endpoints: Sequence[Endpoint] = ENDPOINTS

    def _seen(self, one: Exchange, body: bytes) -> Seen:
        """The request as the till signs it; what has a nonce is the same on every telling."""
        bare = Seen(one.method, ADDRESS + one.path, (), body)
        signed = sign_request(bare, TILL_KEY, int(self.clock.at.timestamp()), bytes(NONCE_BYTES))
        return Seen(bare.method, bare.url, tuple(signed.items()), body)

    def answer(self, one: Exchange) -> tuple[int, Any]:
        """What the service answers to the request of an exchange."""
        self.clock.later(one.later_s)
        endpoint = next(each for each in self.endpoints if operation_id(each) == one.operation)
        name = one.path.split("/")[3] if "{name}" in endpoint.path else ""
        body = b"" if one.request is None else msgspec.json.encode(one.request, order="sorted")
        seen = self._seen(one, body) if endpoint.is_open else Seen(one.method, ADDRESS + one.path, (), body)
        call = Call(one.method, one.path, DEVICE, seen, one.session, one.key, name, body)
        reply = endpoint.run(self.service, call)
        return reply.status, msgspec.json.decode(reply.body)


def stage(scenario: Scenario, profile: Profile) -> Stage:
    """A fresh service with the sandbox's people."""
    clock, dice, engine = Clock(), Random(SEED), open_database(IN_MEMORY)
    service = CentralService(engine, clock.now, profile, dice, load_keys(engine, dice))
    with service.book() as book:
        set_up(book, scenario)
        code = enrolment.make_code(book, STATION, TERMINAL.removeprefix(f"{STATION}-"))
    return Stage(service, clock, code)


@dataclass(slots=True)
class Teller:
    """Says things to a service and writes down what was said. `seals`: texts sealed for earlier recordings."""

    stage: Stage
    seals: frozenset[str] = frozenset()
    told: list[Exchange] = field(default_factory=list)
    session: int = 0

    def say(
        self,
        name: str,
        about: str,
        method: str,
        path: str,
        body: m.Message | None = None,
        key: str = "",
        later_s: int = 0,
    ) -> Any:
        """One request; the answer's body."""
        asked = None if body is None else msgspec.json.decode(codec.encode(body))
        operation = operation_id(self._endpoint(method, path))
        one = Exchange(name, about, operation, method, path, 0, None, key, self.session, later_s, asked)
        status, answer = self.stage.answer(one)
        self.told.append(msgspec.structs.replace(one, status=status, answer=answer))
        return answer

    def seal_identifier(self, kind: str, text: str) -> str:
        """An identifier for central alone."""
        opener = self.stage.service.keys.seals
        return self._again(opener.identifier, (kind, text)) or self._seal(
            pad_identifier(kind, text, bytes(64)), IDENTIFIER_INFO
        )

    def seal_secret(self, digits: str, redemption: str, challenge: str, points: int) -> str:
        """What a customer types, for central alone."""
        info = secret_info(redemption, challenge, TERMINAL, points)
        opener = self.stage.service.keys.seals
        return self._again(lambda seal: opener.secret(seal, info), digits.encode()) or self._seal(
            pad_secret(bytearray(digits.encode()), bytes(16)), info
        )

    def code_for(self, redemption: str) -> str:
        """The latest code that was sent for a redemption."""
        with self.stage.service.book() as book:
            sent = [sms for sms in text_messages(book, "challenge") if sms["redemption_id"] == redemption]
        return str(sent[-1]["code"])

    def _endpoint(self, method: str, path: str) -> Endpoint:
        for each in self.stage.endpoints:
            pattern = re.escape(each.path).replace(r"\{name\}", "[^/]+")
            if each.method == method and re.fullmatch(pattern, path):
                return each
        raise LookupError(f"{method} {path}")

    def _again(self, opening: Callable[[str], Any], wanted: object) -> str:
        for seal in sorted(self.seals):
            try:
                if opening(seal) == wanted:
                    return seal
            except MalformedMessage:
                continue
        return ""

    def _seal(self, plain: bytes | bytearray, info: bytes) -> str:
        key = X25519PublicKey.from_public_bytes(base64.b64decode(self.stage.service.keys.seals.public_b64))
        return base64.b64encode(_SUITE.encrypt(bytes(plain), key, info=info)).decode("ascii")
