"""This till's own key, and how it becomes known to central.

The key is made and kept first, then shown: a code that was used and whose answer was lost can be tried again, because
the same key is still there. It takes the place of the old one when central has said yes, and what central said is
written into the settings before the last trace of the attempt goes. A key is made for one code: central takes no key
twice, so the trace of an attempt that was cut off would otherwise stand in the way of every later code.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Protocol

from pos_client import __version__
from pos_client.adapters.central_http.enrolment import Enrolled, enrol, new_device_key
from pos_client.bootstrap.books import CHAIN_KEY, Secrets
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.saying import why_no_answer
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.moment import aware_time
from pos_client.ports.central import NoAnswer, Problem
from pos_client.ports.errors import Unavailable
from pos_client.protocols.central.enrolment_messages import StationSheet
from pos_client.protocols.central.signing import KEY_BYTES
from pos_client.settings.model import GradeSettings, Settings
from pos_client.settings.options import SANDBOX_SECRETS, Shape
from pos_client.settings.shapes import misshapen
from pos_client.settings.validation import check
from pos_client.settings.writing import as_tree

CLOCK_OFF = timedelta(seconds=60)
"""More than that between our clock and head office's, and receipts and prices begin to name wrong times."""
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
    from pos_client.adapters.secrets.keyring_store import SERVICE, open_keyring

    return open_keyring(service=SERVICE + site.mark)


def device_key(secrets: Secrets, *, was_enrolled: bool) -> bytes | None:
    """This till's key; None for one that has never had any.

    Raises `Unavailable` as the store does, and: `secrets_damaged` (of another length: a store that cuts), and
    `device_key_lost` (a till that was enrolled, and a store that knows nothing of it: cleared, another user's, or
    closed without saying so; nothing is made in its place).
    """
    key = secrets.get(DEVICE_KEY)
    if key is None and was_enrolled:
        raise Unavailable("device_key_lost", DEVICE_KEY)
    if key is not None and len(key) != KEY_BYTES:
        raise Unavailable("secrets_damaged", DEVICE_KEY)
    return key


def enrol_till(
    url: str, code: str, secrets: KeyStore, keep: Callable[[Enrolled], None]
) -> Enrolled | Problem | NoAnswer:
    """Enrol this machine; `keep` writes down what central said. Raises `Unavailable` of key store and `keep`.

    An address the settings would not take is refused before the code is spent: past this machine it begins with https.
    """
    if not url or misshapen(Shape.URL, url) is not None:
        return NoAnswer("bad_address", sent=False)
    key = _key_for(code, secrets)
    told = enrol(url, code, key, __version__)
    if isinstance(told, Enrolled):
        secrets.put(DEVICE_KEY, key)
        keep(told)
        secrets.remove(NEXT_KEY)
        if _is_damaged(secrets, CHAIN_KEY):  # the way out of a store that damaged it: the next start makes another
            secrets.remove(CHAIN_KEY)
    return told


def enrolment_said(words: Catalogue, told: Enrolled | Problem | NoAnswer, now: datetime) -> str:
    """What came of it, what it means for the code, and what to do; a clock that is wrong is said with it, because
    central will hear nothing of a till that lives in another hour."""
    if isinstance(told, Enrolled):
        done = words.say("enrol.done", till=f"{told.station}-{told.till}", epoch=told.epoch, url=told.url)
        at = aware_time(told.server_time)
        if at is None or abs(at - now) <= CLOCK_OFF:
            return done
        return f"{done} {words.say('enrol.clock_off', here=f'{now:%d/%m/%Y %H:%M}', there=f'{at:%d/%m/%Y %H:%M}')}"
    if isinstance(told, Problem):
        known = words.knows(f"enrol.{told.code}")
        return words.say(f"enrol.{told.code}" if known else "enrol.refused", code=told.code)
    return words.say("enrol.no_answer" if told.sent else "enrol.not_sent", reason=why_no_answer(words, told.reason))


def _is_damaged(secrets: Secrets, name: str) -> bool:
    try:
        kept = secrets.get(name)
    except Unavailable as trouble:
        if trouble.code != "secrets_damaged":
            raise
        return True
    return kept is not None and len(kept) < KEY_BYTES


def _key_for(code: str, secrets: KeyStore) -> bytes:
    """The key that was made for this code, or a new one for it; kept with the code's digest behind it."""
    typed = hashlib.sha256("".join(filter(str.isalnum, code.upper())).encode()).digest()
    kept = None if _is_damaged(secrets, NEXT_KEY) else secrets.get(NEXT_KEY)
    if kept is not None and kept[KEY_BYTES:] == typed:
        return kept[:KEY_BYTES]
    key = new_device_key()
    secrets.put(NEXT_KEY, key + typed)
    if secrets.get(NEXT_KEY) != key + typed:
        raise Unavailable("secrets_forgotten", NEXT_KEY)
    return key


def as_enrolled(settings: Settings, told: Enrolled) -> Settings:
    """The settings of a till that is enrolled so, with head office's sheet of the station where they had nothing yet.
    A sheet the settings do not allow is left out: what it says can be typed, an enrolment cannot."""
    enrolled = _enrolled(settings, told)
    if told.sheet is None:
        return enrolled
    filled = _filled(enrolled, told.sheet)
    return enrolled if check(as_tree(filled)).faults else filled


def _filled(settings: Settings, sheet: StationSheet) -> Settings:
    station = settings.station
    return replace(
        settings,
        station=replace(station, name=station.name or sheet.name, price_zone=station.price_zone or sheet.zone),
        grades=settings.grades or tuple(GradeSettings(g.code, g.name, g.unit_price, g.earns) for g in sheet.grades),
    )


def _enrolled(settings: Settings, told: Enrolled) -> Settings:
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
