"""The limit given with an authorisation: money or volume, and never more than was asked for.

A pump shows so many decimals and no more. What it cannot show is cut off, never rounded up: a preset is a promise not
to exceed. A limit of which nothing would be left is refused, because a pump takes 0 for "no limit".
"""

from __future__ import annotations

from pos_client.domain.errors import RuleViolation
from pos_client.domain.identifiers import PointId
from pos_client.domain.quantities import Millilitres, Vnd
from pos_client.settings.model import PointSettings, Settings
from pos_client.value import dataclass

MOST_PRESET_VND = 99_999_999
"""Eight digits: what a dispenser's counter of money holds."""
MOST_PRESET_ML = 9_999_990
"""Four digits of litres and two decimals: a tank lorry."""
_LITRE_ML = 1_000


@dataclass(frozen=True, slots=True)
class Preset:
    """At most one of the two; none: a full tank."""

    vnd: Vnd | None = None
    ml: Millilitres | None = None


def preset_for(settings: Settings, point: PointId, vnd: Vnd | None, ml: Millilitres | None) -> Preset:
    """The limit a point can be given.

    Raises `RuleViolation`: `preset_twice` (money and volume), `preset_out_of_range`, `preset_ml_out_of_range`.
    """
    if vnd is not None and ml is not None:
        raise RuleViolation("preset_twice")
    head = _head(settings, point)
    if vnd is not None:
        step = 10 ** max(0, -head.amount_decimals)
        if not step <= vnd <= MOST_PRESET_VND:
            raise RuleViolation("preset_out_of_range", amount=vnd, least=step, most=MOST_PRESET_VND)
        return Preset(vnd=vnd - vnd % step)
    if ml is not None:
        step = max(1, _LITRE_ML // 10**head.volume_decimals)
        if not step <= ml <= MOST_PRESET_ML:
            raise RuleViolation("preset_ml_out_of_range", asked_ml=ml, least_ml=step, most_ml=MOST_PRESET_ML)
        return Preset(ml=ml - ml % step)
    return Preset()


def _head(settings: Settings, point: PointId) -> PointSettings:
    """The point's settings; the usual ones for a point nobody configured."""
    points = (p for line in settings.lines for p in line.points)
    return next((p for p in points if p.point == point), PointSettings(point, 0, ()))
