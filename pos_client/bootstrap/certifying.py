"""Certificates for the till's page: the books read from outside by a thread of their own (`ports.certifying`)."""

from __future__ import annotations

import logging
import threading
from datetime import date
from functools import partial

from pos_client.adapters.sqlite.reader import open_reader
from pos_client.bootstrap.errands import Errands
from pos_client.bootstrap.paths import Site
from pos_client.ports.errors import Unavailable
from pos_client.ports.reports import CertificateFailed, CertificateMade, Sink
from pos_client.settings.model import Settings

log = logging.getLogger(__name__)


class BookCertifier:
    """`ask` from any thread; `run` belongs to one."""

    def __init__(self, settings: Settings, site: Site, sink: Sink) -> None:
        self._settings, self._site, self._sink = settings, site, sink
        self._errands = Errands()

    def ask(self, day: date) -> None:
        """To be made after what was asked for before."""
        self._errands.post(partial(self._make, day))

    def run(self, stop: threading.Event) -> None:
        """Make what is asked for until it shall end."""
        self._errands.run(stop)

    def _make(self, day: date) -> None:
        from pos_client.bootstrap.journal_check import certificate, with_settings

        try:
            with open_reader(self._site.journal) as reader:
                made = certificate(reader, with_settings(self._settings, self._site), day)
        except Unavailable as error:
            self._sink.post(CertificateFailed(day, error.code))
        except OSError as error:
            log.warning("the books cannot be read from outside: %s", error)
            self._sink.post(CertificateFailed(day, "store_failed"))
        else:
            self._sink.post(CertificateMade(made))
