"""Holds this till's prices beside the signed list, and says when they differ (`domain/signed_prices.py`)."""

from __future__ import annotations

from pos_client.domain.bundle import ZonePrices
from pos_client.domain.moment import VIETNAM
from pos_client.domain.prices import PriceList
from pos_client.domain.signed_prices import PriceDifference, differences
from pos_client.services.bundle_keeper import BundleKeeper
from pos_client.services.desk import Desk
from pos_client.services.snapshots import Severity
from pos_client.value import dataclass

LOOK_MS = 60_000


@dataclass(slots=True)
class PriceWatch:
    """Looks once a minute: an hour may have come."""

    desk: Desk
    bundles: BundleKeeper
    listed: PriceList
    _looked: tuple[int, int] | None = None
    _told: tuple[PriceDifference, ...] = ()

    def on_tick(self) -> None:
        """Say once what differs, and again when something else does."""
        bundle = self.bundles.bundle("prices")
        if bundle is None or not isinstance(bundle.content, ZonePrices):
            return
        now = self.desk.now.ticks_ms
        if self._looked is not None and self._looked[0] == bundle.number and now - self._looked[1] < LOOK_MS:
            return
        self._looked = (bundle.number, now)
        zone, at = self.desk.settings.station.price_zone, self.desk.state.time.reading(self.desk.now).at
        found = differences(self.listed, bundle.content, zone, at)
        self.desk.state.prices_differ = bool(found)
        if found and found != self._told:
            first = found[0]
            when = "" if first.at is None else f"{first.at.astimezone(VIETNAM):%d/%m %H:%M}"
            code = "price_list_differs" if first.at is None else "price_list_will_differ"
            self.desk.notify(
                code,
                Severity.WARNING,
                grade=self._name(first.grade),
                own=first.own,
                listed=first.listed,
                count=len(found),
                when=when,
            )
        self._told = found

    def _name(self, code: str) -> str:
        grades = {grade.code: grade.name for grade in self.desk.settings.grades}
        return grades.get(code, code)
