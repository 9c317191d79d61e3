"""Key stores of an operating system that work, and that do not, as classes `keyring_store` can be told to look for."""

from __future__ import annotations

import threading
from typing import ClassVar

import keyring.errors
from keyring.backend import KeyringBackend


class Sound(KeyringBackend):
    """Keeps what it is given for as long as the test runs; all of this class are one store, as with a real one."""

    priority = 1
    kept: ClassVar[dict[tuple[str, str], str]] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


class Locked(Sound):
    """Nobody has logged in to it."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.KeyringLocked("the collection is locked")


class Failing(Sound):
    """Its service has died."""

    def set_password(self, service: str, username: str, password: str) -> None:
        raise keyring.errors.PasswordSetError("no service")


class Forgetful(Sound):
    """Says yes and keeps nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Nothing."""


class Lying(Sound):
    """Answers with something else, well formed."""

    def get_password(self, service: str, username: str) -> str | None:
        return "AAAA" * 8 if super().get_password(service, username) else None


class Hanging(Sound):
    """Waits at a prompt nobody sees."""

    released = threading.Event()

    def set_password(self, service: str, username: str, password: str) -> None:
        self.released.wait(60.0)


class Cleared(Sound):
    """Works, and has lost the chain's key alone."""

    def get_password(self, service: str, username: str) -> str | None:
        if username == "journal-chain" and (service, "cleared") not in self.kept:
            self.kept[service, "cleared"] = "yes"
            return None
        return super().get_password(service, username)
