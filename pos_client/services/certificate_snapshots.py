"""The certificate of a day as screens show it."""

from __future__ import annotations

from datetime import date

from pos_client.domain.certificate import DayCertificate
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class CertificatePage:
    """`certificate` None and no `trouble`: the books are being checked. `printed`: the next print is a copy."""

    day: date
    today: date
    certificate: DayCertificate | None = None
    trouble: str = ""
    printed: bool = False
