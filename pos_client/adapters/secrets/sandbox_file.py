"""The sandbox's own secret store: a plain file in the site's folder, so that the demonstration keeps its keys the way
a real till does, over every restart, without touching anybody's key store.

It protects nothing. A real terminal refuses it by name (`settings_file`), and this class refuses a central that is not
on this machine.
"""

from __future__ import annotations

import base64
import json
import os
import threading
from pathlib import Path
from urllib.parse import urlsplit

from pos_client.ports.errors import Unavailable

FILE = "sandbox-secrets.json"
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def open_sandbox_secrets(folder: Path, central_url: str) -> SandboxSecrets:
    """The file of this site. Raises `Unavailable("secrets_sandbox_only")` when central is a real one."""
    if urlsplit(central_url).hostname not in _LOOPBACK:
        raise Unavailable("secrets_sandbox_only", central_url)
    return SandboxSecrets(folder / FILE)


class SandboxSecrets:
    """Secrets by name, in a file. Same methods as `keyring_store.KeyringSecrets`; every one raises `Unavailable`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()

    def get(self, name: str) -> bytes | None:
        """The secret, or None when there is none of that name."""
        with self._lock:
            kept = self._read().get(name)
        try:
            return None if kept is None else base64.b64decode(kept, validate=True)
        except (ValueError, TypeError) as error:
            raise Unavailable("secrets_damaged", name) from error

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of an earlier one of that name."""
        with self._lock:
            self._write({**self._read(), name: base64.b64encode(secret).decode("ascii")})

    def remove(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        with self._lock:
            kept = self._read()
            if kept.pop(name, None) is not None:
                self._write(kept)

    def _read(self) -> dict[str, str]:
        try:
            kept = json.loads(self._file.read_text("ascii"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise Unavailable("secrets_failed", str(error)) from error
        if not isinstance(kept, dict):
            raise Unavailable("secrets_failed", f"{self._file.name} is none of ours")
        return kept

    def _write(self, kept: dict[str, str]) -> None:
        beside = self._file.with_name(f"{self._file.name}.new")
        try:
            beside.unlink(missing_ok=True)
            descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # also of a demonstration
            with os.fdopen(descriptor, "w", encoding="ascii") as file:
                json.dump(kept, file)
            os.replace(beside, self._file)
        except OSError as error:
            raise Unavailable("secrets_failed", str(error)) from error
