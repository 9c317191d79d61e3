"""One line of the contract: an address, what is said to it and back, and who decides.

The service routes by this table and the published contract is made of it, so neither can say what the other does not.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import TypeVar

from pos_client.protocols.central import codec
from pos_client.protocols.central.messages import Message
from pos_client.protocols.central.signing import Seen
from pos_client.sandbox.central.idempotency import Reply
from pos_client.sandbox.central.ledger.book import Book
from pos_client.sandbox.central.ledger.outcome import Outcome
from pos_client.sandbox.central.ledger.terminals import Device
from pos_client.sandbox.central.service import ALONE, CentralService
from pos_client.value import dataclass

AnyRequest = TypeVar("AnyRequest", bound=Message)


@dataclass(frozen=True, slots=True)
class Call:
    """One request, read off the wire. `name` is the id in the path, if there is one; `key` the idempotency key.

    `device` is who signed it, and `terminal` his name; only an open address is asked without one. `seen`: the request
    as it was signed.
    """

    method: str
    path: str
    device: Device
    seen: Seen
    session: int
    key: str
    name: str
    body: bytes
    known: str = ""
    """the version of a bundle the terminal has (`If-None-Match`)"""

    def read(self, kind: type[AnyRequest]) -> AnyRequest:
        """The body as a message. Raises `MalformedMessage`."""
        return codec.decode(self.body, kind)

    @property
    def terminal(self) -> str:
        """Who asks; keys are scoped by it."""
        return self.device.terminal

    @property
    def digest(self) -> bytes:
        """What was asked under the key: another request under the same key has another one."""
        return hashlib.sha256(b"\n".join((self.method.encode(), self.path.encode(), self.body))).digest()


Decide = Callable[[Book, Call], Outcome]
Run = Callable[[CentralService, Call], Reply]

LONGEST_KEY = 255
LARGEST_SESSION = 9_999_999_999_999
"""Thirteen digits: more starts than all terminals will ever make."""
NAME_PATTERN = "^[A-Za-z0-9._~-]{1,80}$"
"""An id in a path: what needs no escape there (RFC 3986, unreserved)."""
EVERYWHERE = ("malformed-request", "device-auth-failed", "rate-limited", "server-error", "unavailable")
"""What any address may refuse with."""
EVERY_SIGNED = ("signature-expired", "request-replayed")
"""What any address may refuse with that asks who is speaking."""
IN_GOOD_STANDING = ("terminal-suspended", "terminal-quarantined")
"""What any address may refuse with beside, unless it takes statements of fact."""
EVERY_WRITE = ("idempotency-key-missing", "idempotency-key-reused", "operation-in-progress")
"""What any address that needs an idempotency key may refuse with beside."""


@dataclass(frozen=True, slots=True)
class Prose:
    """What the published contract tells head office's developers of an address, beside its summary: what it is for and
    what it does to money and points, who calls it when, the form of its idempotency key, and what the terminal does
    when no answer comes. A paragraph each."""

    about: str = ""
    caller: str = ""
    key: str = ""
    offline: str = ""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An address of the contract. `status` is what success answers; `problems` are codes of `problems.PROBLEMS` it may
    refuse with, beside those that every address has. `is_write`: it needs an idempotency key. `is_fact`: it states what
    has happened, and is taken from a suspended terminal too. `is_open`: asked by who is not enrolled yet."""

    method: str
    path: str
    summary: str
    run: Run
    answer: type[Message]
    request: type[Message] | None = None
    status: int = 200
    problems: tuple[str, ...] = ()
    is_write: bool = False
    prose: Prose = Prose()
    has_tag: bool = False
    """Answered with an ETag, and with 304 for who has that version already (`If-None-Match`)."""
    is_fact: bool = False
    is_open: bool = False
    also: tuple[int, ...] = ()
    """Other answers that are no refusal."""

    @property
    def statuses(self) -> tuple[int, ...]:
        """What a success may answer."""
        return (self.status, *self.also)

    @property
    def refusals(self) -> tuple[str, ...]:
        """Every code it may refuse with."""
        signed = () if self.is_open else EVERY_SIGNED
        standing = () if self.is_open or self.is_fact else IN_GOOD_STANDING
        written = EVERY_WRITE if self.is_write else ()
        return tuple(dict.fromkeys((*self.problems, *written, *signed, *standing, *EVERYWHERE)))


def write(
    method: str,
    path: str,
    summary: str,
    decide: Decide,
    *,
    request: type[Message],
    answer: type[Message],
    status: int = 200,
    problems: tuple[str, ...] = (),
    prose: Prose = Prose(),  # noqa: B008  # frozen, and empty
    is_fact: bool = False,
    also: tuple[int, ...] = (),
    isolation: str = ALONE,
) -> Endpoint:
    """An address whose decision is made once for a key and stored with its answer."""

    def run(service: CentralService, call: Call) -> Reply:
        return service.write(call.terminal, call.key, call.digest, lambda book: decide(book, call), isolation)

    return Endpoint(
        method,
        path,
        summary,
        run,
        answer,
        request,
        status,
        problems,
        is_write=True,
        is_fact=is_fact,
        prose=prose,
        also=also,
    )


def read(
    method: str,
    path: str,
    summary: str,
    decide: Decide,
    *,
    answer: type[Message],
    request: type[Message] | None = None,
    status: int = 200,
    problems: tuple[str, ...] = (),
    prose: Prose = Prose(),  # noqa: B008  # frozen, and empty
    is_fact: bool = False,
    is_open: bool = False,
    isolation: str = ALONE,
) -> Endpoint:
    """An address that is answered anew each time: nothing told there is owed to anybody later."""

    def run(service: CentralService, call: Call) -> Reply:
        return service.read(lambda book: decide(book, call), isolation)

    return Endpoint(
        method, path, summary, run, answer, request, status, problems, is_fact=is_fact, is_open=is_open, prose=prose
    )
