"""This till's own key, and how it becomes known to central.

The key is made and kept first, then shown: a code that was used and whose answer was lost can be tried again, because
the same key is still there. It takes the place of the old one when central has said yes, and what central said is
written into the settings before the last trace of the attempt goes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

from pos_client import __version__
from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
from pos_client.bootstrap.books import Secrets
from pos_client.bootstrap.paths import Site
from pos_client.ports.central import NoAnswer, Problem
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import Settings
from pos_client.settings.options import SANDBOX_SECRETS

DEVICE_KEY, NEXT_KEY = "device-key", "device-key-next"


class KeyStore(Secrets, Protocol):
    """What enrolment needs of a key store besides."""

    def remove(self, name: str) -> None:
        """Forget a secret."""


def open_secrets(settings: Settings, site: Site) -> KeyStore:
    """Where this terminal keeps its keys. Raises `Unavailable` as the store does."""
    if settings.secrets_backend == SANDBOX_SECRETS:
        from pos_client.adapters.secrets.sandbox_file import open_sandbox_secrets

        return open_sandbox_secrets(site.folder, settings.central.url)
    from pos_client.adapters.secrets.keyring_store import open_keyring

    return open_keyring()


def enrol_till(
    url: str, code: str, secrets: KeyStore, keep: Callable[[Enrolled], None]
) -> Enrolled | Problem | NoAnswer:
    """Enrol this machine; `keep` writes down what central said. Raises `Unavailable` of key store and `keep`."""
    key = secrets.get(NEXT_KEY)
    if key is None:
        key = new_device_key()
        secrets.put(NEXT_KEY, key)
        if secrets.get(NEXT_KEY) != key:
            raise Unavailable("secrets_forgotten", NEXT_KEY)
    told = enrol(url, code, key, __version__)
    if isinstance(told, Enrolled):
        secrets.put(DEVICE_KEY, key)
        keep(told)
        secrets.remove(NEXT_KEY)
    return told


def as_enrolled(settings: Settings, told: Enrolled) -> Settings:
    """The settings of a till that is enrolled so."""
    return replace(
        settings,
        station=replace(settings.station, station=told.station, terminal=told.till),
        central=replace(
            settings.central,
            url=told.url,
            seal_key=told.seal_key,
            permit_key=told.permit_key,
            answer_key=told.answer_key,
            epoch=told.epoch,
        ),
    )
