"""Secrets in the operating system's own key store, by way of `keyring`; never its choice of backend.

Left to itself `keyring` picks whatever is there: a plain text file, a null store that forgets in silence, a class an
environment variable names. So the backend is one of a list, made by its class, and tried with a value of no worth
before it is trusted. A locked Secret Service may put up a prompt nobody sees and wait for ever: every call has a limit.

Only 32-byte keys are kept here; Windows holds about 1,280 letters an entry. A secret that is not there is *unknown*,
not new: a locked store may say "none", and a key made in its place would be another terminal's.
"""

from __future__ import annotations

import base64
import binascii
import os
import queue
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, TypeVar

from pos_client.ports.errors import Unavailable

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

Answer = TypeVar("Answer")

SERVICE = "pos-client"
LIMIT_S = 3.0
SECRET_BYTES_MAX = 64
PROBE = "probe"

BACKENDS: dict[str, tuple[tuple[str, str], ...]] = {
    "win32": (("keyring.backends.Windows", "WinVaultKeyring"),),
    "darwin": (("keyring.backends.macOS", "Keyring"),),
    "linux": (
        ("keyring.backends.SecretService", "Keyring"),
        ("keyring.backends.libsecret", "Keyring"),
        ("keyring.backends.kwallet", "DBusKeyring"),
    ),
}
"""Platform -> module and class of the stores we trust, best first. What is absent here is never used."""

CODES: dict[str, str] = {
    "KeyringLocked": "secrets_locked",
    "InitError": "secrets_locked",  # Secret Service: the prompt was dismissed, or there is no screen for one
    "NoKeyringError": "secrets_no_store",
    "PasswordSetError": "secrets_failed",
    "PasswordDeleteError": "secrets_failed",
    "KeyringError": "secrets_failed",
}
"""Name of keyring's error -> code of `Unavailable`."""
BENEATH = frozenset({"secretstorage", "jeepney", "pywintypes", "win32ctypes", "gi", "dbus"})
"""Libraries below keyring whose errors it lets through; they are `secrets_failed` too."""


class KeyringSecrets:
    """Secrets by name in one backend, under the service that names their till. Made by `open_keyring`. Every method
    raises `Unavailable`."""

    def __init__(self, backend: KeyringBackend, limit_s: float = LIMIT_S, service: str = SERVICE) -> None:
        self._backend = backend
        self._limit_s = limit_s
        self._service = service

    def get(self, name: str) -> bytes | None:
        """The secret, or None when the store knows none of that name. `secrets_damaged`: it is not ours."""
        text = self._ask(lambda: self._backend.get_password(self._service, name))
        try:
            return None if text is None else base64.b64decode(text, validate=True)
        except (binascii.Error, ValueError, TypeError) as error:
            raise Unavailable("secrets_damaged", name) from error

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of an earlier one of that name."""
        if len(secret) > SECRET_BYTES_MAX:
            raise ValueError("a key store is for keys")
        text = base64.b64encode(secret).decode()
        self._ask(lambda: self._backend.set_password(self._service, name, text))

    def remove(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        if self._ask(lambda: self._backend.get_password(self._service, name)) is not None:
            self._ask(lambda: self._backend.delete_password(self._service, name))

    def probe(self) -> None:
        """Write, read and delete a value of no worth. `secrets_forgotten`: the store took it and lost it."""
        value = os.urandom(32)
        self.put(PROBE, value)
        if self.get(PROBE) != value:
            raise Unavailable("secrets_forgotten", type(self._backend).__module__)
        self.remove(PROBE)

    def _ask(self, call: Callable[[], Answer]) -> Answer:
        try:
            return within(self._limit_s, call)
        except Exception as error:
            code = code_of(error)
            if code is None:
                raise
            raise Unavailable(code, f"{type(self._backend).__module__}: {error}") from error


def open_keyring(platform: str = sys.platform, limit_s: float = LIMIT_S, *, service: str = SERVICE) -> KeyringSecrets:
    """The first trusted store that works here, probed. `service`: whose keys, where one person has several tills.

    Raises `Unavailable`: `secrets_no_store` (none of the list is to be had), `secrets_locked`, `secrets_timeout`,
    `secrets_forgotten`, `secrets_failed`; the operator is told which, and nothing weaker is used instead.
    """
    backend = within(limit_s, lambda: first_viable(BACKENDS.get(platform, ())))
    secrets = KeyringSecrets(backend, limit_s, service)
    secrets.probe()
    return secrets


def first_viable(candidates: tuple[tuple[str, str], ...]) -> KeyringBackend:
    """A backend made by its class. Raises `Unavailable("secrets_no_store")` naming what was tried."""
    for module, name in candidates:
        try:
            kind: type[KeyringBackend] = getattr(import_module(module), name)
        except ImportError:
            continue
        if kind.viable:
            backend = kind()
            if hasattr(backend, "persist"):
                backend.persist = "local machine"  # Windows: a device's key does not roam with a domain profile
            return backend
    raise Unavailable("secrets_no_store", ", ".join(module for module, _ in candidates) or "no store is known here")


def code_of(error: BaseException) -> str | None:
    """The code of a key store's error; None for one that is ours."""
    if isinstance(error, Unavailable):
        return None
    for kind in type(error).__mro__:
        if kind.__module__ == "keyring.errors" and kind.__name__ in CODES:
            return CODES[kind.__name__]
    return "secrets_failed" if type(error).__module__.partition(".")[0] in BENEATH else None


_CALLING = threading.Lock()
"""Held while the store is asked: behind a call that hangs no other one is begun, however often it is tried again."""


def within(limit_s: float, call: Callable[[], Answer]) -> Answer:
    """What `call` answers or raises, or `Unavailable("secrets_timeout")`; a call that hangs is left to a daemon."""
    if not _CALLING.acquire(timeout=limit_s):
        raise Unavailable("secrets_timeout", "an earlier question has not been answered yet")
    answers: queue.SimpleQueue[tuple[Answer, None] | tuple[None, BaseException]] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put((call(), None))
        except BaseException as error:  # noqa: BLE001 - handed to whoever asked, as it is
            answers.put((None, error))
        finally:
            _CALLING.release()

    threading.Thread(target=work, name="key-store", daemon=True).start()
    try:
        answer, error = answers.get(timeout=limit_s)
    except queue.Empty:
        raise Unavailable("secrets_timeout", f"no answer within {limit_s} s; a hidden prompt?") from None
    if error is not None:
        raise error
    return answer  # type: ignore[return-value]  # no error: it is the answer
