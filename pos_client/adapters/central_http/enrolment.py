"""Brings a till in: a one-time code and a key made here, for a name and the keys central is known by.

The answer is believed for the same reason a browser believes a bank: TLS. From then on everything is signed, and what
the answer says of central's keys has to sign that very answer.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from pos_client.adapters.central_http.error_mapping import no_answer_of, refusal_of
from pos_client.adapters.central_http.identity import Identity
from pos_client.ports.central import NoAnswer, Problem
from pos_client.protocols.central.codec import LONGEST_MESSAGE, decode, encode
from pos_client.protocols.central.enrolment_messages import EnrolmentAnswer, EnrolmentRequest, StationSheet
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.signing import KEY_BYTES, SigningKey
from pos_client.value import dataclass

if TYPE_CHECKING:
    import requests

PATH = "/v1/enrolments"
TIMEOUT_S = 10.0


@dataclass(frozen=True, slots=True)
class Enrolled:
    """What is written down; none of it is secret. Keys are raw 32 bytes in base64."""

    url: str
    station: str
    till: str
    epoch: int
    seal_key: str
    permit_key: str
    answer_key: str
    sheet: StationSheet | None = None
    server_time: str = ""
    """when central said so"""


def new_device_key() -> bytes:
    """A private key for this machine (Ed25519, raw)."""
    return secrets.token_bytes(KEY_BYTES)


def enrol(url: str, code: str, key: bytes, version: str) -> Enrolled | Problem | NoAnswer:
    """Ask to be enrolled with this key. After `NoAnswer` the same code may be tried again *with the same key*."""
    import requests
    import urllib3

    public = SigningKey(key).public_b64
    body = encode(EnrolmentRequest(code=code, public_key=public, version=version))
    with requests.Session() as session:
        session.trust_env = False
        session.headers.update({"Accept-Encoding": "identity"})
        try:
            return _ask(session, url, body, key)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return no_answer_of(error)


def _ask(session: requests.Session, url: str, body: bytes, key: bytes) -> Enrolled | Problem | NoAnswer:
    import requests

    asked = requests.Request("POST", url.rstrip("/") + PATH, data=body, headers={"Content-Type": "application/json"})
    prepared = session.prepare_request(asked)
    seen = Identity("", "", key).sign("POST", str(prepared.url), prepared.headers.items(), body)
    prepared.headers.update(seen.headers)
    answer = session.send(prepared, timeout=TIMEOUT_S, allow_redirects=False)
    if answer.status_code != requests.codes.created:
        return refusal_of(answer.status_code, answer.headers, answer.content)
    if len(answer.content) > LONGEST_MESSAGE:
        return NoAnswer("damaged_answer")
    try:
        told = decode(answer.content, EnrolmentAnswer)
    except MalformedMessage:
        return NoAnswer("foreign_answer")
    central = Identity("", told.trust.answer_key)
    if not central.believes(answer.status_code, tuple(answer.headers.items()), answer.content, seen):
        return NoAnswer("unsigned_answer")
    trust = told.trust
    who = (told.station, told.till, told.epoch)
    return Enrolled(url, *who, trust.seal_key, trust.permit_key, trust.answer_key, told.sheet, told.server_time)
