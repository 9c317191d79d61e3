"""Everything that can go wrong on the way to central, as the port's words: one table, at the border.

The only question that matters for money is whether the request may have arrived. `sent=False` is said only when the
connection was never made; every doubt is `sent=True`, and the terminal sends the same bytes again or voids (F06-F16).
A captive portal's page, a redirect, a proxy's 502, a body cut short: none of them is central speaking.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pos_client.ports.central import NoAnswer, Problem, Retry
from pos_client.protocols.central import codec
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.messages import ProblemDocument

LONGEST_RETRY_AFTER_S = 600

REASONS: dict[tuple[str, str], tuple[str, bool]] = {
    # never left this machine
    ("requests", "ConnectTimeout"): ("connect_timeout", False),
    ("requests", "InvalidURL"): ("bad_address", False),
    ("requests", "InvalidProxyURL"): ("bad_address", False),
    ("requests", "InvalidSchema"): ("bad_address", False),
    ("requests", "MissingSchema"): ("bad_address", False),
    ("requests", "URLRequired"): ("bad_address", False),
    ("requests", "InvalidHeader"): ("bad_request", False),
    ("requests", "ProxyError"): ("proxy", False),
    # may have arrived
    ("requests", "ReadTimeout"): ("read_timeout", True),
    ("requests", "Timeout"): ("read_timeout", True),
    ("requests", "SSLError"): ("certificate", True),
    ("requests", "ConnectionError"): ("cut_off", True),
    ("requests", "ChunkedEncodingError"): ("cut_off", True),
    ("requests", "ContentDecodingError"): ("damaged_answer", True),
    ("requests", "InvalidJSONError"): ("damaged_answer", True),
    ("requests", "JSONDecodeError"): ("damaged_answer", True),
    ("requests", "HTTPError"): ("foreign_answer", True),
    ("requests", "TooManyRedirects"): ("foreign_answer", True),
    ("requests", "StreamConsumedError"): ("cut_off", True),
    ("requests", "UnrewindableBodyError"): ("cut_off", True),
    ("requests", "RetryError"): ("cut_off", True),
    ("requests", "RequestException"): ("cut_off", True),
    # while the body was being read
    ("urllib3", "ReadTimeoutError"): ("read_timeout", True),
    ("urllib3", "SSLError"): ("certificate", True),
    ("urllib3", "DecodeError"): ("damaged_answer", True),
    ("urllib3", "LocationValueError"): ("bad_address", False),
    ("urllib3", "HTTPError"): ("cut_off", True),
}
"""(library, exception) -> (reason, sent). By name, so that this table costs no import of the libraries."""

IN_DOUBT = frozenset({"request-replayed"})
"""Refusals that say the request has come twice: something on the way doubled it, and the other one was heard."""

_NEVER_CONNECTED = frozenset({"NewConnectionError", "NameResolutionError", "ConnectTimeoutError"})
"""Names of `urllib3` causes inside a `ConnectionError` that say the connection was never made."""


def no_answer_of(error: Exception) -> NoAnswer:
    """What an exception of the HTTP library means. Unknown ones are doubt: `cut_off`, sent."""
    if any(type(cause).__name__ in _NEVER_CONNECTED for cause in _causes(error)):
        return NoAnswer("no_connection", sent=False)
    for kind in type(error).__mro__:
        line = REASONS.get((kind.__module__.partition(".")[0], kind.__name__))
        if line is not None:
            return NoAnswer(line[0], sent=line[1])
    return NoAnswer("cut_off", sent=True)


def refusal_of(status: int, headers: Mapping[str, str], raw: bytes) -> Problem | NoAnswer:
    """What an answer that is not a success means.

    Only a problem document with a code is central's word. 5xx leaves a write in doubt whoever says it (a gateway may
    have passed the request on), so it is no answer (F15).
    """
    if status >= 500:
        return NoAnswer(f"status_{status}")
    if status < 400 or not is_problem(headers):
        return NoAnswer("foreign_answer")
    document = problem_of(raw)
    if document is None:
        return NoAnswer("damaged_answer")
    if not document.code:
        return NoAnswer("foreign_answer")
    if document.code in IN_DOUBT:
        return NoAnswer(document.code)
    return Problem(
        code=document.code,
        status=status,
        retry=_retry(document.retry),
        message_vi=document.message_vi,
        retry_after_s=min(document.retry_after_s or _seconds(headers.get("Retry-After", "")), LONGEST_RETRY_AFTER_S),
        attempts_left=document.attempts_left,
        locked_for_s=document.locked_for_s,
        state=document.state,
        limit=document.limit,
        expected_seq=document.expected_seq,
    )


def problem_of(raw: bytes) -> ProblemDocument | None:
    """The problem document in these bytes, if they are one."""
    try:
        return codec.decode(raw, ProblemDocument)
    except MalformedMessage:
        return None


def is_problem(headers: Mapping[str, str]) -> bool:
    """Whether a refusal claims to be central's."""
    return _media_type(headers) == "application/problem+json"


def is_json(headers: Mapping[str, str]) -> bool:
    """Whether a successful answer claims to be central's."""
    return _media_type(headers) == "application/json"


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("Content-Type", "").partition(";")[0].strip().lower()


def _retry(word: str) -> Retry:
    """Central's word on trying again; a word we do not know is taken as "never": a person looks at it."""
    try:
        return Retry(word)
    except ValueError:
        return Retry.NEVER


def _seconds(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, what it was raised from, and what the library packed into it; each once."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        packed = (*one.args, getattr(one, "reason", None), one.__cause__)
        waiting.extend(cause for cause in packed if isinstance(cause, BaseException))
