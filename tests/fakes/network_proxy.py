"""The network between a till and head office, as a proxy that does one thing to each of the next requests.

It reads a request whole before it does anything, so that it knows whether central has it: `kept` never passed it on,
`lost` did and swallowed the answer. TCP itself fails by `refusing` and `swallowing`. Each request goes on over a
connection of its own.

A till signs for the authority it means and central takes only what is meant for it, so the address in the settings
stays central's own: connections made to it lead here instead, as a router would do it.
"""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from unittest.mock import patch
from urllib.parse import urlsplit

from urllib3.util import connection

PATIENCE_S = 30.0
LATENCY_S = 0.05
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_SIGNATURE = re.compile(rb"\r\nsignature(-input)?: [^\r]*", re.IGNORECASE)
_RESET = struct.pack("ii", 1, 0)
PORTAL = b"<html><body>Welcome to free Wi-Fi</body></html>"


@dataclass(frozen=True, slots=True)
class Passing:
    """One request on its way: its bytes, the way on to central, the way back to the till."""

    raw: bytes
    ask: Callable[[bytes], bytes]
    back: socket.socket
    over: threading.Event

    def say(self, answer: bytes) -> None:
        self.back.sendall(answer)

    def reset(self) -> None:
        """The connection ends as if its other end had died."""
        self.back.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)


Way = Callable[[Passing], bool]
"""What the network does to a request; whether the connection goes on afterwards."""


# ── the request does not arrive ────────────────────────────────────────────────────────────────────────────────────


def half_open(passing: Passing) -> bool:
    """Taken by something that never says a word."""
    passing.over.wait(PATIENCE_S)
    return False


def kept(passing: Passing) -> bool:
    """Lost on the way there; `NetworkProxy.seen` has it, to be delivered late."""
    del passing
    return False


def reset(passing: Passing) -> bool:
    """The connection is reset before anything arrived."""
    passing.reset()
    return False


def portal(passing: Passing) -> bool:
    """A page to sign in at, with 200."""
    passing.say(http("text/html", PORTAL))
    return True


def portal_in_json(passing: Passing) -> bool:
    """A device in the way that says yes to everybody in JSON."""
    passing.say(http("application/json", b'{"state":"CAPTURED","success":true}'))
    return True


# ── the request arrives ────────────────────────────────────────────────────────────────────────────────────────────


def lost(passing: Passing) -> bool:
    """Central has decided, and its answer is dropped."""
    passing.ask(passing.raw)
    return False


def lost_by_reset(passing: Passing) -> bool:
    """The same, and the connection is reset."""
    passing.ask(passing.raw)
    passing.reset()
    return False


def reset_in_the_middle(passing: Passing) -> bool:
    """Half of the answer, and a reset."""
    answer = passing.ask(passing.raw)
    passing.say(answer[: len(answer) // 2])
    passing.reset()
    return False


def truncated(passing: Passing) -> bool:
    """All of the answer but its last bytes."""
    passing.say(passing.ask(passing.raw)[:-3])
    return False


def unsigned(passing: Passing) -> bool:
    """The answer without central's signature."""
    passing.say(_SIGNATURE.sub(b"", passing.ask(passing.raw)))
    return True


def bent(passing: Passing) -> bool:
    """One letter or number of the answer is another one; its signature is what it was."""
    answer = bytearray(passing.ask(passing.raw))
    at = max(answer.rindex(each) for each in set(answer) if chr(each).isalnum())
    answer[at] ^= 1
    passing.say(bytes(answer))
    return True


def of_another_request(passing: Passing) -> bool:
    """Decided anew, and answered with what central signed for the till's clock a moment ago."""
    passing.ask(passing.raw)
    passing.say(OTHERS[-1])
    return True


OTHERS: deque[bytes] = deque(maxlen=1)
"""An answer central has really signed, to something else."""


def twice_second_told(passing: Passing) -> bool:
    """Delivered twice; the till hears what was said to the second."""
    passing.ask(passing.raw)
    passing.say(passing.ask(passing.raw))
    return True


# ── the request arrives, and its answer comes back whole ───────────────────────────────────────────────────────────


def twice_first_told(passing: Passing) -> bool:
    """Delivered twice; the till hears what was said to the first."""
    answer = passing.ask(passing.raw)
    passing.ask(passing.raw)
    passing.say(answer)
    return True


def slow(passing: Passing) -> bool:
    """Late in both directions."""
    passing.over.wait(LATENCY_S)
    answer = passing.ask(passing.raw)
    passing.over.wait(LATENCY_S)
    passing.say(answer)
    return True


def sliced(passing: Passing) -> bool:
    """In pieces, cut where nobody would: within a header's name, a number, a letter."""
    passing.back.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answer = passing.ask(passing.raw)
    while answer:
        passing.say(answer[:7])
        answer = answer[7:]
    return True


def well(passing: Passing) -> bool:
    """As it should."""
    answer = passing.ask(passing.raw)
    OTHERS.append(answer)
    passing.say(answer)
    return True


def http(kind: str, body: bytes) -> bytes:
    return f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body


class NetworkProxy:
    """Listens on a port of its own, passes on to one central. Made by `network_proxy`."""

    def __init__(self, central: str) -> None:
        where = urlsplit(central)
        assert where.hostname is not None
        assert where.port is not None
        self._central = (where.hostname, where.port)
        self._listening = _listen(0)
        self._port: int = self._listening.getsockname()[1]
        self.seen: list[bytes] = []
        """requests as they came, oldest first"""
        self._next: deque[Way] = deque()
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._start()

    def route(self, address: tuple[str, int]) -> tuple[str, int]:
        """Where a connection to this address is made."""
        return ("127.0.0.1", self._port) if address == self._central else address

    def then(self, *ways: Way) -> None:
        """What happens to the next requests, one after the other; all is well after them."""
        self._next = deque(ways)

    def deliver(self, raw: bytes) -> tuple[int, bytes]:
        """These bytes reach central now, whoever sent them whenever; status and body of what it said."""
        head, _, body = self._ask(raw).partition(b"\r\n\r\n")
        return int(head.split()[1]), body

    @contextmanager
    def refusing(self) -> Iterator[None]:
        """Nobody listens, and what was open is reset."""
        self._hang_up()
        try:
            yield
        finally:
            self._listening = _listen(self._port)
            self._start()

    @contextmanager
    def swallowing(self) -> Iterator[None]:
        """A black hole: a connection is never made, and never refused. Where full queues refuse, it is refused."""
        self._hang_up()
        with ExitStack() as held:
            hole = held.enter_context(_listen(self._port, 0))
            for _ in range(8):
                filler = held.enter_context(socket.socket())
                filler.settimeout(0.05)
                try:
                    filler.connect(hole.getsockname())
                except OSError:
                    break
            yield
        self._listening = _listen(self._port)
        self._start()

    def close(self) -> None:
        self._over.set()
        self._hang_up()
        for thread in self._threads:
            thread.join(PATIENCE_S)
            assert not thread.is_alive()

    # ── inside ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _start(self) -> None:
        self._spawn(self._accept, self._listening)

    def _spawn(self, work: Callable[[socket.socket], None], on: socket.socket) -> None:
        thread = threading.Thread(target=work, args=(on,), name="network-proxy", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _hang_up(self) -> None:
        with suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        with self._lock:
            for one in self._open:
                with suppress(OSError):
                    one.shutdown(socket.SHUT_RDWR)

    def _accept(self, listening: socket.socket) -> None:
        with suppress(OSError):
            while True:
                came, _ = listening.accept()
                with self._lock:
                    self._open.add(came)
                self._spawn(self._serve, came)

    def _serve(self, back: socket.socket) -> None:
        try:
            with back, suppress(OSError):
                while raw := _message(back):
                    self.seen.append(raw)
                    way = self._next.popleft() if self._next else well
                    if not way(Passing(raw, self._ask, back, self._over)):
                        return
        finally:
            with self._lock:
                self._open.discard(back)

    def _ask(self, raw: bytes) -> bytes:
        with socket.create_connection(self._central, timeout=PATIENCE_S) as central:
            central.sendall(raw)
            return _message(central)


def _listen(port: int, backlog: int = 64) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listening.bind(("127.0.0.1", port))
    listening.listen(backlog)
    return listening


def _message(end: socket.socket) -> bytes:
    """One whole message, request or answer; empty when the other end has gone."""
    got = b""
    while True:
        head, blank, body = got.partition(b"\r\n\r\n")
        if blank:
            length = _LENGTH.search(head)
            if len(body) >= (int(length[1]) if length else 0):
                return got
        piece = end.recv(1 << 16)
        if not piece:
            return b""
        got += piece


@contextmanager
def network_proxy(central: str) -> Iterator[NetworkProxy]:
    """In front of a central for as long as the block runs."""
    proxy = NetworkProxy(central)
    connect = connection.create_connection
    try:
        with patch.object(connection, "create_connection", lambda to, *a, **how: connect(proxy.route(to), *a, **how)):
            yield proxy
    finally:
        proxy.close()
