"""The way to head office over HTTPS: two lanes, so that nobody at the counter waits behind the outbox.

Every sending is signed by the till's own key, and nothing is believed that central has not signed in answer to it: a
captive portal, a proxy or a false central is silence, not a yes and not a no (F16).

A lane is a plain object with `run(stop)`; whoever starts the program owns its thread. It takes one call at a time,
sends exactly the bytes it was given, and posts one `CentralAnswered`. Nothing is retried here: retrying is a decision
of the core. Proxies and netrc of the machine are ignored (`trust_env` False); redirects are not followed.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from pos_client.adapters.central_http import batches
from pos_client.adapters.central_http.decoding import ImpossibleAnswer, PermitUnverifiable, decode_answer
from pos_client.adapters.central_http.error_mapping import is_json, is_problem, no_answer_of, problem_of, refusal_of
from pos_client.adapters.central_http.identity import Identity
from pos_client.adapters.central_http.patience import unmark_while_waiting
from pos_client.ports.central import (
    BundleUnchanged,
    CentralAnswer,
    CentralAnswered,
    EncodedCall,
    Impossible,
    NoAnswer,
    Problem,
    SessionStarted,
)
from pos_client.ports.errors import Refused
from pos_client.ports.marks import CrashMarks, NoMarks
from pos_client.ports.reports import CertificateSeen, Sink
from pos_client.protocols.central.codec import LONGEST_MESSAGE
from pos_client.protocols.central.errors import MalformedMessage
from pos_client.protocols.central.signing import Seen
from pos_client.settings.model import CentralSettings

if TYPE_CHECKING:
    import requests

Result = CentralAnswer | Problem | NoAnswer | Impossible
Answer = tuple[int, Mapping[str, str], bytes]

_DONE = frozenset({200, 201, 202})
_BAD_REQUEST, _UNAUTHORIZED, _SERVER_ERRORS = 400, 401, 500

STOP_POLL_S = 0.2
"""How long an idle lane waits before it looks at `stop` again."""
_PIECE_BYTES = 65_536
UNCHANGED = 304


class HttpCentral:
    """`ports.central.Central`. Run `interactive.run` and `forwarding.run` each on a thread of its own.

    `identity` signs as the till whose full name was given to `HttpWire`. The fencing number of the latest
    `SessionStarted` travels as `X-Session` with everything sent afterwards, on both lanes (I12). `marks` are told which
    records of the outbox are worked on (F33).
    """

    def __init__(
        self, settings: CentralSettings, identity: Identity, sink: Sink, marks: CrashMarks | None = None
    ) -> None:
        self.identity = identity
        self._settings = settings
        self._sink = sink
        self._session_number = 0
        self._certificate_ends = ""
        self._batches = True
        self.interactive = Lane("central-interactive", self, sink)
        self.forwarding = Lane("central-forwarding", self, sink, marks)
        self.streaming = Lane("central-streaming", self, sink)

    def send(self, call: EncodedCall) -> None:
        """Send now on the interactive connection; the answer arrives as `CentralAnswered`. Never blocks."""
        self.interactive.put(call)

    def forward(self, call: EncodedCall) -> None:
        """Send on the forwarding connection, behind what is already there. Never blocks."""
        self.forwarding.put(call)

    def forward_batch(self, calls: tuple[EncodedCall, ...]) -> None:
        """Send together on the forwarding connection. Never blocks."""
        self.forwarding.put(calls)

    def stream(self, call: EncodedCall) -> None:
        """Send on the journal's connection, which nothing else waits for. Never blocks."""
        self.streaming.put(call)

    def exchange(self, session: requests.Session, call: EncodedCall) -> Result:
        """One request and what came of it. Never raises for anything the network or the other side can do."""
        answer = self._ask(session, call)
        return answer if isinstance(answer, NoAnswer) else self._understand(call, *answer)

    def exchange_batch(self, session: requests.Session, calls: Sequence[EncodedCall]) -> list[Result]:
        """What came of each call of a batch. A central that knows no batches gets them one by one, from then on."""
        if not self._batches:
            return [self.exchange(session, call) for call in calls]
        answer = self._ask(session, batches.request_of(calls))
        if isinstance(answer, NoAnswer):
            return [answer] * len(calls)
        status, headers, raw = answer
        if status == 200 and is_json(headers):  # HTTP's own word for "as you asked"
            results = batches.results_of(calls, raw)
            if results is None:
                return [NoAnswer("damaged_answer")] * len(calls)
            return [self._understand(call, *result) for call, result in zip(calls, results, strict=True)]
        if status in batches.UNKNOWN_HERE:
            self._batches = False
            return self.exchange_batch(session, calls)
        return [refusal_of(status, headers, raw)] * len(calls)

    def _ask(self, session: requests.Session, call: EncodedCall) -> Answer | NoAnswer:
        """Status, headers and body as central signed them; or why there are none.

        Where our clock is so wrong that central takes no signature of it, its time is taken, once, and asked again.
        """
        if not self.identity.is_enrolled:
            return NoAnswer("not_enrolled", sent=False)
        answer = self._ask_once(session, call)
        if isinstance(answer, NoAnswer) or answer[0] != _UNAUTHORIZED:
            return answer
        problem = problem_of(answer[2])
        if problem is None or problem.code != "signature-expired" or not self.identity.follow(problem.server_time):
            return answer
        return self._ask_once(session, call)

    def _ask_once(self, session: requests.Session, call: EncodedCall) -> Answer | NoAnswer:
        import requests
        import urllib3

        settings = self._settings
        deadline = time.monotonic() + settings.operation_timeout_ms / 1000
        try:
            asked = requests.Request(
                call.method, settings.url.rstrip("/") + call.path, data=call.body, headers=self._headers(call)
            )
            prepared = session.prepare_request(asked)
            seen = self.identity.sign(call.method, str(prepared.url), prepared.headers.items(), call.body)
            prepared.headers.update(seen.headers)
            with session.send(
                prepared,
                timeout=(settings.connect_timeout_ms / 1000, settings.read_timeout_ms / 1000),
                allow_redirects=False,
                stream=True,
            ) as response:
                self._look_at_certificate(response)
                answer = response.status_code, response.headers, _read(response, deadline)
            return self._believed(answer, seen)
        except _Overdue as overdue:
            return NoAnswer(overdue.reason)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            return no_answer_of(error)

    def _look_at_certificate(self, response: requests.Response) -> None:
        """Say, once, until when the certificate on this connection is good. There is none without TLS."""
        socket: Any = getattr(getattr(response.raw, "connection", None), "sock", None)
        if not hasattr(socket, "getpeercert"):
            return
        import ssl

        ends = str((socket.getpeercert() or {}).get("notAfter", ""))
        if ends and ends != self._certificate_ends:
            self._certificate_ends = ends
            until = datetime.fromtimestamp(ssl.cert_time_to_seconds(ends), UTC)
            self._sink.post(CertificateSeen(until.isoformat(timespec="seconds")))

    def _believed(self, answer: Answer, seen: Seen) -> Answer | NoAnswer:
        """The answer, if central gave it. What does not even claim to be central's is told apart by `_understand`."""
        status, headers, raw = answer
        said_yes = status == UNCHANGED or (status in _DONE and is_json(headers))
        said_no = _BAD_REQUEST <= status < _SERVER_ERRORS and is_problem(headers)
        if (said_yes or said_no) and not self.identity.believes(status, tuple(headers.items()), raw, seen):
            return NoAnswer("unsigned_answer")
        return answer

    def _headers(self, call: EncodedCall) -> dict[str, str]:
        headers = {"X-Terminal": self.identity.terminal}
        if call.key:
            headers["Idempotency-Key"] = call.key
        if call.body:
            headers["Content-Type"] = "application/json"
        if call.known:
            headers["If-None-Match"] = call.known
        if self._session_number:
            headers["X-Session"] = str(self._session_number)
        return headers

    def _understand(self, call: EncodedCall, status: int, headers: Mapping[str, str], raw: bytes) -> Result:
        if status == UNCHANGED and call.known:
            return BundleUnchanged()
        if status not in _DONE:
            return refusal_of(status, headers, raw)
        if not is_json(headers):
            return NoAnswer("foreign_answer")
        try:
            answer = decode_answer(call, raw, self._settings.permit_key, self.identity.terminal)
        except MalformedMessage:
            return NoAnswer("damaged_answer")
        except Refused as untrusted:
            return NoAnswer(untrusted.code)
        except PermitUnverifiable:
            return NoAnswer("permit_unverifiable")
        except ImpossibleAnswer as lie:
            return Impossible(lie.why, lie.numbers, hashlib.sha256(raw).hexdigest())
        if isinstance(answer, SessionStarted):
            self._session_number = max(self._session_number, answer.session)
        return answer


class Lane:
    """One connection and the calls waiting for it, in order."""

    def __init__(self, name: str, central: HttpCentral, sink: Sink, marks: CrashMarks | None = None) -> None:
        self.name = name
        self._marks = marks or NoMarks()
        self._central = central
        self._sink = sink
        self._calls: SimpleQueue[EncodedCall | tuple[EncodedCall, ...]] = SimpleQueue()

    def put(self, call: EncodedCall | tuple[EncodedCall, ...]) -> None:
        """Queue a call, or several that travel together; never blocks."""
        self._calls.put(call)

    def run(self, stop: threading.Event) -> None:
        """Send what is queued, one at a time, until `stop`. A call in the air when `stop` comes is still answered.

        Ends at the latest one operation timeout after `stop`; calls still queued then were never sent, and the outbox
        knows them.
        """
        import requests

        self._central.identity.wait(stop)
        with requests.Session() as session:
            session.trust_env = False
            session.headers.update(
                {"Accept": "application/json, application/problem+json", "Accept-Encoding": "identity"}
            )
            unmark_while_waiting(session, self._marks)
            while not stop.is_set():
                try:
                    call = self._calls.get(timeout=STOP_POLL_S)
                except Empty:
                    continue
                self._marks.put([each.key for each in ((call,) if isinstance(call, EncodedCall) else call)])
                if isinstance(call, EncodedCall):
                    self._sink.post(CentralAnswered(call.key, self._central.exchange(session, call)))
                    continue
                for each, result in zip(call, self._central.exchange_batch(session, call), strict=True):
                    self._sink.post(CentralAnswered(each.key, result))


class _Overdue(Exception):
    """The answer dripped past the deadline, or grew past every message of the contract."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def _read(response: requests.Response, deadline: float) -> bytes:
    """The whole body, piece by piece: a read timeout alone would let a dripping answer last for ever (F07)."""
    pieces = bytearray()
    while piece := response.raw.read1(_PIECE_BYTES, decode_content=True):
        pieces += piece
        if len(pieces) > LONGEST_MESSAGE:
            raise _Overdue("damaged_answer")
        if time.monotonic() > deadline:
            raise _Overdue("read_timeout")
    return bytes(pieces)
