"""The certificate of a day at the till: asked for, shown, and printed; a second print of a day is marked as a copy.

The books are read from outside, by somebody else (`ports.certifying`), so what is shown is what anybody with the file
could say of it. That one was printed is a fact, written before the paper moves: a restart does not make an original of
a copy. A printer that fails says so itself and stops nothing.
"""

from __future__ import annotations

from datetime import date

from pos_client.domain import facts as f
from pos_client.domain.certificate import CertificateOnPaper, DayCertificate
from pos_client.domain.errors import RuleViolation
from pos_client.domain.moment import VIETNAM
from pos_client.ports.reports import CertificateFailed, CertificateMade
from pos_client.services.certificate_snapshots import CertificatePage
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass


@dataclass(slots=True)
class Certificates:
    """The page of the certificate: one day at a time."""

    desk: Desk
    _day: date | None = None
    """which is looked at; None: nobody looks"""
    _made: DayCertificate | None = None
    _trouble: str = ""
    _printed: bool = False
    """asked of the journal when the day is chosen, not with every picture"""

    def show(self, day: date | None) -> None:
        """Look at a day, today at the latest; None: nobody looks any more."""
        self._made, self._trouble = None, ""
        self._day = None if day is None else min(day, self._today())
        if self._day is not None:
            self._printed = self.desk.store.last_of(_name(self._day)) is not None
            self.desk.certifier.ask(self._day)

    def on_made(self, report: CertificateMade) -> None:
        """What the books say of a day; of another one than is looked at, it is too late."""
        if report.certificate.day == self._day:
            self._made = report.certificate

    def on_failed(self, report: CertificateFailed) -> None:
        """The books could not be read from outside."""
        if report.day == self._day:
            self._trouble = report.code

    def print(self) -> None:
        """Put it on paper. Raises `RuleViolation` while there is none, `Unavailable` when that cannot be written."""
        if self._made is None:
            raise RuleViolation("certificate_not_ready")
        again = self._printed
        self.desk.record(
            f.CertificatePrinted(_name(self._made.day), self._made.last_seq, again), closed=(_name(self._made.day),)
        )
        self._printed = True
        self.desk.printer.print(CertificateOnPaper(self._made, again))
        self.desk.notify("certificate_copy_sent" if again else "certificate_sent", Severity.INFO)

    def page(self) -> CertificatePage | None:
        """The page that is looked at."""
        if self._day is None:
            return None
        return CertificatePage(self._day, self._today(), self._made, self._trouble, self._printed)

    def _today(self) -> date:
        return self.desk.now.wall.astimezone(VIETNAM).date()


def _name(day: date) -> str:
    return f"certificate:{day.isoformat()}"
