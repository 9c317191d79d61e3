"""Who this terminal is to central: the key it signs with, the key central answers with, and the two clocks between.

The key comes from the operating system's key store, in its own time and in another thread; until that store has
answered, nothing is sent. Every sending is signed anew: the bytes of a call are frozen, its signature lives five
minutes.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from datetime import datetime

from pos_client.protocols.central.signing import (
    NONCE_BYTES,
    Headers,
    Seen,
    SignatureWrong,
    SigningKey,
    public_key,
    sign_request,
    verify_answer,
)

STOP_POLL_S = 0.2


class Identity:
    """A till's name and keys. `answer_key`: central's, in base64; whatever is not signed with it was not said.

    `settle` is called by whoever reads the key store, and again when a store that was locked has been opened.
    """

    def __init__(self, terminal: str, answer_key: str, key: bytes | None = None) -> None:
        self.terminal = terminal
        self._answer_key = answer_key
        self._key: SigningKey | None = None
        self._offset_s = 0
        self._settled = threading.Event()
        if key is not None:
            self.settle(key)

    def settle(self, key: bytes | None) -> None:
        """The key store has answered: this is the device key, or there is none and this till cannot speak."""
        self._key = None if key is None else SigningKey(key)
        self._settled.set()

    def wait(self, stop: threading.Event) -> None:
        """Until the key store has answered, or `stop`."""
        while not stop.is_set() and not self._settled.wait(STOP_POLL_S):
            pass

    @property
    def is_enrolled(self) -> bool:
        """Whether there is a key to sign with."""
        return self._key is not None

    def sign(self, method: str, url: str, headers: Iterable[tuple[str, str]], body: bytes) -> Seen:
        """The request with its signature's headers, as central will see it. Raises `ValueError` without a key."""
        if self._key is None:
            raise ValueError("a till that is not enrolled signs nothing")
        bare = Seen(method, url, tuple(headers), body)
        now_s = int(time.time()) + self._offset_s
        signed = sign_request(bare, self._key, now_s, secrets.token_bytes(NONCE_BYTES))
        return Seen(method, url, (*bare.headers, *signed.items()), body)

    def believes(self, status: int, headers: Headers, body: bytes, to: Seen) -> bool:
        """Whether central said this, in answer to this very request."""
        try:
            verify_answer(status, headers, body, to, public_key(self._answer_key))
        except (SignatureWrong, ValueError):
            return False
        return True

    def follow(self, server_time: str | None) -> bool:
        """Sign by central's clock from now on, as it was told in a signed answer. False: it told no time."""
        try:
            told = datetime.fromisoformat(server_time or "")
        except ValueError:
            return False
        if told.tzinfo is None:
            return False
        self._offset_s = int(told.timestamp()) - int(time.time())
        return True
