"""A notice in words: its three parts out of the catalogue, its numbers as people read them."""

from __future__ import annotations

from pos_client.domain.catalogue import Catalogue
from pos_client.domain.formatting import grouped, litres
from pos_client.services.snapshots import Notice
from pos_client.value import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """What happened, what it means for points and money, the key to press."""

    what: str
    means: str
    key: str


def say(notice: Notice, catalogue: Catalogue) -> Said:
    """The words of a notice. A code central has grown since is said as `central_other` with its name; an alarm that
    only its dispenser knows, by its code."""
    code = notice.code
    params: dict[str, int | str] = {"code": code.removeprefix("central_"), **dict(notice.params)}
    if not catalogue.knows(f"notice.{code}.what") and code.startswith("central_"):
        code = "central_other"
    if code == "pump_alarm" and catalogue.knows(f"alarm.{params['code']}"):
        params["code"] = catalogue.say(f"alarm.{params['code']}")
    words = {name: _read(name, value) for name, value in params.items()}
    return Said(*(catalogue.say(f"notice.{code}.{part}", **words) for part in ("what", "means", "key")))


def _read(name: str, value: int | str) -> str:
    """`..._ml` are litres, other numbers are grouped in thousands, texts stay as they are."""
    if isinstance(value, str):
        return value
    return litres(value) if name.endswith("_ml") else grouped(value)
