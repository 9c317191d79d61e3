"""The sandbox's own secret store: memory of this process, gone with it. A real terminal refuses it by name."""

from __future__ import annotations

from pos_client.settings.options import SANDBOX_SECRETS

THROW_AWAY = SANDBOX_SECRETS
"""What `settings.secrets_backend` says for it."""


class ThrowAwaySecrets:
    """Secrets by name, in memory. Same methods as `keyring_store.KeyringSecrets`."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def get(self, name: str) -> bytes | None:
        """The secret, or None when there is none of that name."""
        return self._kept.get(name)

    def put(self, name: str, secret: bytes) -> None:
        """Keep a secret, in place of an earlier one of that name."""
        self._kept[name] = bytes(secret)

    def remove(self, name: str) -> None:
        """Forget a secret; one that is not there is no error."""
        self._kept.pop(name, None)
