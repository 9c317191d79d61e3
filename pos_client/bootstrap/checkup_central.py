"""Asks head office one question, the time, the way the terminal does; looks at the certificate it shows."""

from __future__ import annotations

import socket
import ssl
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from pos_client.adapters.system_clock import SystemClock
from pos_client.bootstrap.enrolling import CLOCK_OFF, DEVICE_KEY, open_secrets
from pos_client.bootstrap.finding import Finding, Level, found
from pos_client.bootstrap.paths import Site
from pos_client.bootstrap.saying import why_no_answer
from pos_client.domain.catalogue import Catalogue
from pos_client.domain.identifiers import IdempotencyKey
from pos_client.domain.moment import VIETNAM, aware_time
from pos_client.ports.central import EncodedCall, NoAnswer, Problem, TimeTold
from pos_client.ports.errors import Unavailable
from pos_client.settings.model import CentralSettings, Settings, StationSettings
from pos_client.value import dataclass

if TYPE_CHECKING:
    from pos_client.adapters.central_http.client import Result

CENTRAL_MS = 5000
SOMEBODY_ELSE = frozenset({"foreign_answer", "damaged_answer", "unsigned_answer"})
"""Why there was no answer, where something did come back."""
ENDS_SOON = timedelta(days=21)
"""Before its certificate ends, head office has to have another: that is how long people take."""


@dataclass(frozen=True, slots=True)
class HeadOffice:
    """As one till sees it, in one language."""

    site: Site
    words: Catalogue
    settings: Settings
    clock: SystemClock

    def findings(self) -> Iterator[Finding]:
        """Whether it answers as itself, agrees on the time, and will still be believed next month."""
        yield from self._answer()
        address = urlsplit(self.settings.central.url)
        if address.scheme == "https" and address.hostname:
            yield from self._certificate(address.hostname, address.port or 443)

    def _certificate(self, host: str, port: int) -> Iterator[Finding]:
        try:
            until = certificate_ends(host, port)
        except ssl.SSLCertVerificationError as error:
            reason = error.verify_message
            yield found(self.words, "certificate", Level.FAULT, "certificate_refused", reason=reason)
        except OSError:
            return  # that nobody answers is said already
        else:
            soon = until - self.clock.now().wall < ENDS_SOON
            level, code = (Level.WARNING, "certificate_ends") if soon else (Level.OK, "certificate")
            yield found(self.words, "certificate", level, code, until=f"{until.astimezone(VIETNAM):%d/%m/%Y}")

    def _answer(self) -> Iterator[Finding]:
        """Asks for the time the way the terminal does: signed with its key, past the machine's proxies.

        A till without a key asks with one that nobody knows: whoever refuses that is there.
        """
        key, trouble = self._device_key()
        started = time.monotonic()
        answer = _ask_time(self.settings.station, self.settings.central, key)
        ms = round((time.monotonic() - started) * 1000)
        match answer:
            case NoAnswer() if answer.reason not in SOMEBODY_ELSE:
                yield found(
                    self.words, "central", Level.FAULT, "central_away", reason=why_no_answer(self.words, answer.reason)
                )
            case Problem() | NoAnswer() if trouble:
                yield found(self.words, "central", Level.FAULT, trouble)
            case TimeTold() if (told := aware_time(answer.server_time)) is not None:
                yield found(self.words, "central", Level.OK, "central", ms=ms)
                off = abs(told - self.clock.now().wall)
                if off > CLOCK_OFF:
                    yield found(self.words, "clock", Level.WARNING, "clock_off", seconds=round(off.total_seconds()))
            case Problem():
                code = "central_unknown_till" if answer.code == "device-auth-failed" else "central_refuses"
                yield found(self.words, "central", Level.FAULT, code, problem=answer.code)
            case NoAnswer():
                yield found(
                    self.words,
                    "central",
                    Level.FAULT,
                    "central_somebody_else",
                    reason=why_no_answer(self.words, answer.reason),
                )
            case _:
                yield found(self.words, "central", Level.FAULT, "central_somebody_else", reason="time")

    def _device_key(self) -> tuple[bytes, str]:
        """The key of this till, or another one and why."""
        from pos_client.adapters.central_http.enrolment import new_device_key

        try:
            key = open_secrets(self.settings, self.site).get(DEVICE_KEY)
        except Unavailable:
            return new_device_key(), "central_keys_unread"
        return (new_device_key(), "central_not_enrolled") if key is None else (key, "")


def _ask_time(station: StationSettings, central: CentralSettings, key: bytes) -> Result:
    import requests

    from pos_client.adapters.central_http.client import HttpCentral
    from pos_client.adapters.central_http.identity import Identity

    patient = replace(central, read_timeout_ms=CENTRAL_MS, operation_timeout_ms=CENTRAL_MS)
    http = HttpCentral(patient, Identity(station.till, central.answer_key, key), _Nobody())
    with requests.Session() as session:
        session.trust_env = False
        return http.exchange(session, EncodedCall(IdempotencyKey("doctor"), "GET", "/v1/time", b""))


class _Nobody:
    """A sink for what nobody waits for."""

    def post(self, report: object) -> None:
        """Nothing."""


def certificate_ends(host: str, port: int) -> datetime:
    """When the certificate ends that this host shows. Raises `ssl.SSLCertVerificationError`, `OSError`."""
    import certifi

    context = ssl.create_default_context(cafile=certifi.where())
    with (
        socket.create_connection((host, port), CENTRAL_MS / 1000) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        shown = secured.getpeercert() or {}
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(shown["notAfter"])), UTC)
