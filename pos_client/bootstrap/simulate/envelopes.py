"""Envelopes without cryptography: what goes in can be looked up by one who holds the table, and by nobody else.

`Envelopes` plays central's private half: it lives as long as central does. The wire itself keeps nothing, least of all
a secret: of digits the table holds a salted digest, so that a test that searches the whole world for a PIN finds none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from types import MappingProxyType
from typing import Any

import msgspec

from pos_client.bootstrap.simulate import signed_texts
from pos_client.domain.acknowledgement import JournalRow
from pos_client.domain.bundle import Bundle
from pos_client.domain.customer import Identifier
from pos_client.domain.identifiers import IdempotencyKey, operation_key
from pos_client.domain.signed_voucher import SignedVoucher
from pos_client.ports import central as c

_JSON = msgspec.json.Encoder(order="sorted").encode


@dataclass
class Envelopes:
    """Sealed text -> what central may make of it."""

    identifiers: dict[str, Identifier] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    _made: int = 0

    def seal_identifier(self, identifier: Identifier) -> str:
        """A token for an identifier."""
        token = self._token("id")
        self.identifiers[token] = identifier
        return token

    def seal_secret(self, digits: bytearray, context: str) -> str:
        """Bound to its context, like the real seal: lifted into another redemption it does not open."""
        token = self._token("secret")
        self.secrets[token] = _digest(token, context, digits)
        return token

    def opens_to(self, token: str, context: str, expected: str) -> bool:
        """Whether a sealed secret is the expected one, in its context."""
        return self.secrets.get(token) == _digest(token, context, bytearray(expected.encode()))

    def _token(self, kind: str) -> str:
        """Random in real life; here only never twice the same."""
        self._made += 1
        return f"sealed-{kind}-" + hashlib.sha256(str(self._made).encode()).hexdigest()[:24]


def _digest(token: str, context: str, digits: bytearray) -> str:
    return hashlib.sha256(b"|".join((token.encode(), context.encode(), bytes(digits)))).hexdigest()


def consent_context(redemption_id: str, challenge_id: str, points: int) -> str:
    """What a sealed secret is bound to (I8)."""
    return f"{redemption_id}|{challenge_id}|{points}"


@dataclass
class FakeWire:
    """`ports.central.Wire` in JSON."""

    envelopes: Envelopes

    def encode(self, call: c.CentralCall) -> c.EncodedCall:
        """A call as bytes."""
        body: dict[str, Any] = {"verb": type(call).__name__}
        if isinstance(call, c.Verify):
            context = consent_context(call.redemption_id, call.challenge_id, call.points)
            digits = call.secret.reveal()
            body |= {"redemption_id": call.redemption_id, "n": call.n, "challenge_id": call.challenge_id}
            body |= {"points": call.points, "sealed": self.envelopes.seal_secret(digits, context)}
            digits[:] = bytes(len(digits))
        elif isinstance(call, c.LookUpCustomer):
            body |= {"request_id": call.request_id, "sealed": self.envelopes.seal_identifier(call.identifier)}
        elif isinstance(call, c.AppendJournal):
            body |= {"before_mac": call.before_mac.hex(), "rows": [_row(row) for row in call.rows]}
            body["told"] = call.told
        elif isinstance(call, c.OpenSession):
            body |= {"request_id": call.request_id, "last_seq": call.last_seq, "last_mac": call.last_mac.hex()}
        else:
            body |= {name: getattr(call, name) for name in type(call).__dataclass_fields__}
        method, path, key = _address(call)
        return c.EncodedCall(key, method, path, _JSON(body))

    def seal_identifier(self, identifier: Identifier) -> str:
        """A token for an identifier."""
        return self.envelopes.seal_identifier(identifier)

    def read_bundle(self, text: str) -> Bundle:
        """A bundle out of the books."""
        return signed_texts.read_bundle(text)

    def read_voucher(self, text: str, keys: Mapping[str, str]) -> SignedVoucher:
        """A signed voucher."""
        return signed_texts.read_voucher(text, keys)


def _row(row: JournalRow) -> dict[str, Any]:
    return {
        "seq": row.seq,
        "at": row.at,
        "kind": row.kind,
        "body": row.body.decode(),
        "mac": row.mac.hex(),
        "key": row.key,
    }


@lru_cache(maxsize=1024)
def opened(body: bytes) -> Mapping[str, Any]:
    """What the bytes of a call say: its verb and its fields."""
    return MappingProxyType(msgspec.json.decode(body))


def _address(call: c.CentralCall) -> tuple[str, str, IdempotencyKey]:
    match call:
        case c.OpenSession():
            return "POST", "/v1/sessions", operation_key(call.request_id, "session")
        case c.AskTime():
            return "GET", "/v1/time", operation_key(call.request_id, "time")
        case c.StateCondition():
            return "POST", "/v1/conditions", operation_key(call.request_id, "condition")
        case c.LookUpCustomer():
            return "POST", "/v1/customers:lookup", operation_key(call.request_id, "lookup")
        case c.Quote():
            return "POST", "/v1/quotes", operation_key(call.request_id, "quote")
        case c.Hold():
            return "PUT", f"/v1/redemptions/{call.redemption_id}", operation_key(call.redemption_id, "hold")
        case c.ResendChallenge():
            key = operation_key(call.redemption_id, "chal", call.n)
            return "POST", f"/v1/redemptions/{call.redemption_id}/challenges", key
        case c.Verify():
            key = operation_key(call.redemption_id, "verify", call.n)
            return "POST", f"/v1/redemptions/{call.redemption_id}/verify", key
        case c.Capture():
            key = operation_key(call.redemption_id, "capture")
            return "POST", f"/v1/redemptions/{call.redemption_id}/capture", key
        case c.Void():
            return "POST", f"/v1/redemptions/{call.redemption_id}/void", operation_key(call.redemption_id, "void")
        case c.Accrue():
            return "PUT", f"/v1/accruals/{call.accrual_id}", operation_key(call.accrual_id, "accrue")
        case c.Reverse():
            return "PUT", f"/v1/reversals/{call.reversal_id}", operation_key(call.reversal_id, "reverse")
        case c.SpendOffline():
            path = f"/v1/offline-redemptions/{call.redemption_id}"
            return "PUT", path, operation_key(call.redemption_id, "offline")
        case c.StateShift():
            return "POST", f"/v1/shifts/{call.shift_id}/close", operation_key(call.shift_id, "close")
        case c.AskShift():
            return "GET", f"/v1/shifts/{call.shift_id}", operation_key(call.request_id, "asked")
        case c.FetchBundle():
            return "GET", f"/v1/bundles/{call.name}", operation_key(call.request_id, "bundle")
        case c.AppendJournal():
            return "POST", "/v1/journal:append", c.append_key(call)
