"""Who speaks: requests signed by the terminal's device key, answers signed by central (RFC 9421, Ed25519).

A request's signature covers its method, authority, path, body and every header of `COVERED_HEADERS` that is sent; the
query too, should one ever be. So nothing that central acts on can be changed, added or taken away. It lives for at most
`LIVES_S` seconds and carries a nonce that central takes once. `X-Terminal` is the till's name; the epoch of its
enrolment is not on the wire, because `keyid` names a key and with it the epoch it was enrolled for.

An answer's signature covers status, type and body, and the *signature of the request it answers* (`"signature";req`):
that one is made over a fresh nonce, so an answer kept from an earlier request, or made for another till, fits nowhere
else. Beside it stand method and path of the request, for whoever reads a log. No time is checked on an answer: the
binding says that it is fresh, and a till whose clock is wrong must be able to hear so. What cannot be bound, an answer
to a request that carried no readable signature, is signed all the same and believed by no terminal.

The terminal does not need central's word for a success alone: a refusal that is not signed is no refusal.

The library is imported by the thread that signs, not before first paint.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pos_client.value import dataclass

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
    from http_message_signatures import HTTPMessageSigner, HTTPMessageVerifier

KEY_BYTES = 32
NONCE_BYTES = 16
LIVES_S = 300
"""The longest life of a request's signature."""
SKEW_S = 60
"""So far ahead of central's clock may a terminal's be."""
REQUEST_TAG, ANSWER_TAG = "plx-request-v1", "plx-answer-v1"
LABEL = "sig"
COVERED_HEADERS = ("idempotency-key", "x-terminal", "x-session", "if-none-match")
"""Headers of a request that are covered whenever they are sent."""

_REQUEST = ("@method", "@authority", "@path", "content-digest")
_ANSWER = ("@status", "content-digest")
_ANSWER_HEADERS = ("content-type", "etag", "retry-after")
"""Of an answer: covered whenever they are there."""
_ANSWERED = ('"signature";req', '"@method";req', '"@path";req')
_LONGEST_FIELD = 200

Headers = Sequence[tuple[str, str]]


class SignatureWrong(Exception):
    """No signature, not by a key we know, not over all it must cover, or not over what has arrived."""


@dataclass(frozen=True, slots=True)
class Seen:
    """A request as either end sees it: upper-case method, absolute URL as it was sent, every header line, the body."""

    method: str
    url: str
    headers: Headers
    body: bytes = field(repr=False)

    def header(self, name: str) -> str | None:
        """The first line of a header."""
        return next((value for key, value in self.headers if key.lower() == name), None)


@dataclass(frozen=True, slots=True)
class Signed:
    """What a right signature says of itself. Times are seconds since 1970 by the signer's clock."""

    keyid: str
    nonce: str
    created_s: int
    expires_s: int

    def is_current(self, now_s: int) -> bool:
        """Whether it may still, or already, be used."""
        return self.created_s - SKEW_S <= now_s < self.expires_s and 0 < self.expires_s - self.created_s <= LIVES_S


class SigningKey:
    """An Ed25519 private key (raw 32 bytes). Neither its `repr` nor anything else here shows it."""

    def __init__(self, private: bytes) -> None:
        if len(private) != KEY_BYTES:
            raise ValueError(f"{KEY_BYTES} bytes are expected")
        self._raw = private

    @cached_property
    def private(self) -> Ed25519PrivateKey:
        """For the library."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(self._raw)

    @cached_property
    def public(self) -> bytes:
        """Raw 32 bytes."""
        return self.private.public_key().public_bytes_raw()

    @property
    def public_b64(self) -> str:
        """As it stands in settings and messages."""
        return base64.b64encode(self.public).decode("ascii")

    @cached_property
    def keyid(self) -> str:
        """How others name it."""
        return keyid_of(self.public)


def keyid_of(public: bytes) -> str:
    """The name of a public key: its JWK thumbprint (RFC 7638, RFC 8037), 43 letters."""
    jwk = f'{{"crv":"Ed25519","kty":"OKP","x":"{_unpadded(public)}"}}'
    return _unpadded(hashlib.sha256(jwk.encode()).digest())


def public_key(text: str) -> bytes:
    """The raw key in base64 text. Raises `ValueError`."""
    try:
        raw = base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if len(raw) != KEY_BYTES:
        raise ValueError(f"{len(raw)} bytes instead of {KEY_BYTES}")
    return raw


def sign_request(seen: Seen, key: SigningKey, now_s: int, nonce: bytes) -> dict[str, str]:
    """The headers to add: Content-Digest, Signature-Input, Signature. `nonce`: 16 random bytes, never used again."""
    message = _Message(dict(seen.headers), method=seen.method, url=seen.url)
    before = set(message.headers)
    _signer(key).sign(
        message,
        key_id=key.keyid,
        created=_instant(now_s),
        expires=_instant(now_s + LIVES_S),
        nonce=_unpadded(nonce),
        label=LABEL,
        tag=REQUEST_TAG,
        covered_component_ids=[part for part in _covered_of(seen) if part != "content-digest"],
        body=seen.body,
    )
    return {name: value for name, value in message.headers.items() if name not in before}


def verify_request(seen: Seen, key_of: Callable[[str], bytes | None]) -> Signed:
    """What the signature says, when it is right. `key_of`: the raw public key of a keyid, None for one not to be used.

    Raises `SignatureWrong`. Whether it is current and its nonce new is for the caller, who has the clock and the table.
    """
    if seen.header("content-digest") is None:
        raise SignatureWrong("no content digest")
    parameters = _verify(_Message(_Lines(seen.headers), method=seen.method, url=seen.url), seen.body, key_of,
                         REQUEST_TAG, _covered_of(seen))  # fmt: skip
    keyid, nonce, created, expires = (parameters.get(name) for name in ("keyid", "nonce", "created", "expires"))
    if not (isinstance(created, int) and isinstance(expires, int)):
        raise SignatureWrong("no times")
    if not (isinstance(nonce, str) and NONCE_BYTES <= len(nonce) <= _LONGEST_FIELD and isinstance(keyid, str)):
        raise SignatureWrong("no nonce")
    return Signed(keyid, nonce, created, expires)


def sign_answer(status: int, headers: Headers, body: bytes, to: Seen, key: SigningKey, now_s: int) -> dict[str, str]:
    """The headers to add to an answer; bound to the request as far as that can be named."""
    from http_message_signatures import HTTPMessageSignaturesException

    present = {name.lower() for name, _ in headers}
    own = ("@status", *(name for name in _ANSWER_HEADERS if name in present))
    for bound in (_ANSWERED, _ANSWERED[1:], ()):
        message = _Message(dict(headers), status_code=status, request=_of(to))
        try:
            _signer(key).sign(
                message,
                key_id=key.keyid,
                created=_instant(now_s),
                label=LABEL,
                tag=ANSWER_TAG,
                covered_component_ids=(*own, *bound),
                body=body,
            )
        except HTTPMessageSignaturesException:
            if not bound:
                raise
            continue
        return {name: value for name, value in message.headers.items() if name.lower() not in present}
    raise AssertionError("the last attempt either answers or raises")


def verify_answer(status: int, headers: Headers, body: bytes, to: Seen, public: bytes) -> None:
    """Whether central said this, and in answer to this very request. Raises `SignatureWrong`."""
    present = {name.lower() for name, _ in headers}
    required = [*_ANSWER, *_ANSWERED, *(name for name in _ANSWER_HEADERS if name in present)]
    message = _Message(_Lines(headers), status_code=status, request=_of(to))
    central = keyid_of(public)
    _verify(message, body, lambda keyid: public if keyid == central else None, ANSWER_TAG, required)


# ── the library's view of a message ────────────────────────────────────────────────────────────────────────────────


class _Message:
    """A request, or with `status_code` a response: what the library looks at."""

    def __init__(self, headers: Any, **parts: object) -> None:
        self.headers = headers
        self.__dict__.update(parts)


class _Lines(Mapping[str, str]):
    """Header lines as they came, in order, each by itself; read only."""

    def __init__(self, lines: Headers) -> None:
        self._lines = lines

    def items(self) -> Any:
        return self._lines

    def __getitem__(self, name: str) -> str:
        return dict(self._lines)[name]

    def __iter__(self) -> Any:
        return iter(dict(self._lines))

    def __len__(self) -> int:
        return len(self._lines)


def _of(seen: Seen) -> _Message:
    return _Message(_Lines(seen.headers), method=seen.method, url=seen.url)


def _covered_of(seen: Seen) -> list[str]:
    """What a request's signature has to cover: the fixed parts, and whatever else of it is acted on."""
    present = {name.lower() for name, _ in seen.headers}
    query = ["@query"] if "?" in seen.url else []
    return [*_REQUEST, *query, *(name for name in COVERED_HEADERS if name in present)]


def _signer(key: SigningKey) -> HTTPMessageSigner:
    from http_message_signatures import HTTPMessageSigner, MappingKeyResolver, algorithms

    return HTTPMessageSigner(
        signature_algorithm=algorithms.ED25519,
        key_resolver=MappingKeyResolver(public_keys={}, private_keys={key.keyid: key.private}),
    )


def _verify(
    message: _Message,
    body: bytes,
    key_of: Callable[[str], bytes | None],
    tag: str,
    required: Iterable[str],
) -> dict[str, Any]:
    from http_message_signatures import HTTPMessageSignaturesException

    try:
        results = _verifier(key_of).verify(
            message, max_age=None, expect_tag=tag, require_components=tuple(required), body=body
        )
    except (HTTPMessageSignaturesException, UnicodeError, ValueError) as error:
        raise SignatureWrong(str(error)) from error
    if len(results) != 1:
        raise SignatureWrong("one signature is expected")
    return results[0].parameters


def _verifier(key_of: Callable[[str], bytes | None]) -> HTTPMessageVerifier:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from http_message_signatures import HTTPMessageVerifier, HTTPSignatureKeyResolver, algorithms

    class Keys(HTTPSignatureKeyResolver):
        def resolve_public_key(self, key_id: str) -> Ed25519PublicKey | None:
            raw = key_of(key_id)
            return None if raw is None else Ed25519PublicKey.from_public_bytes(raw)

    class Timeless(HTTPMessageVerifier):
        """Times are judged afterwards, by the clock of whoever asks."""

        def validate_created_and_expires(self, sig_input: Any, max_age: Any = None) -> None:
            """Nothing yet."""

    return Timeless(signature_algorithm=algorithms.ED25519, key_resolver=Keys())


def _instant(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _unpadded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
