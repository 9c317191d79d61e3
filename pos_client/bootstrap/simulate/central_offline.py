"""The simulated head office's part in spending while it is away: vouchers, bundles, statements."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from pos_client.bootstrap.simulate import signed_texts
from pos_client.bootstrap.simulate.central_ledger import Entry, Ledger, Result, VoucherRecord
from pos_client.domain.bundle import CentralKey, CentralKeys, Content, Revocations, ZonePrices
from pos_client.domain.known_time import ms_of
from pos_client.domain.offline_policy import OfflinePolicy
from pos_client.ports import central as c

POLICY = OfflinePolicy(
    voucher_most_vnd=150_000,
    outstanding_most_vnd=250_000,
    outstanding_most_vouchers=3,
    contact_age_s=900,
    revocations_age_s=1_800,
    wall_age_s=3_600,
)
"""Tight, so that histories of minutes meet every limit."""
ISSUED_EVERY = timedelta(minutes=5)
PLATE = "29C12345"


@dataclass
class OfflineOffice:
    """Vouchers and bundles over the ledger. `true`: the real time, whatever the till's clock says."""

    ledger: Ledger
    true: Callable[[], datetime]
    told_ms: int | None = None
    """when the time was told last"""
    _issued: dict[str, tuple[int, datetime, Content]] = field(default_factory=dict)

    def activate(self, account: str, code: str, station: str, points: int, lives_s: int) -> str | None:
        """A driver has proved himself on his phone; None: there are not so many points."""
        if self.ledger.balance(account) - self.ledger.held(account) < points:
            return None
        now_ms, number = ms_of(self.true()), len(self.ledger.vouchers) + 1
        voucher_id = f"v-{number}"
        text = signed_texts.sign_voucher(
            voucher_id=voucher_id,
            purpose="fuel-redeem",
            code=code,
            organisation="o",
            driver="d",
            plate=PLATE,
            station=station,
            max_points=points,
            not_before_ms=now_ms - 60_000,
            not_after_ms=now_ms + lives_s * 1000,
        )
        self.ledger.vouchers[voucher_id] = VoucherRecord(
            voucher_id, account, station, points, now_ms - 60_000, now_ms + lives_s * 1000, text
        )
        return text

    def bundle(self, name: str, known: int | None) -> Result:
        """The bundle, or that nothing changed."""
        now, content = self.true(), self._content(name)
        number, issued_at, before = self._issued.get(name, (0, now, None))
        if before != content or now - issued_at >= ISSUED_EVERY:
            number, issued_at = number + 1, now
            self._issued[name] = (number, issued_at, content)
        if known == number:
            return c.BundleUnchanged()
        text = signed_texts.sign_bundle(name, number, issued_at, content)
        return c.BundleTold(signed_texts.read_bundle(text))

    def _content(self, name: str) -> Content:
        contents: dict[str, Content] = {
            "policy": POLICY,
            "keys": CentralKeys((CentralKey(signed_texts.KID, "voucher", "ed25519", "k"),)),
            "revocations": Revocations(frozenset(v.voucher_id for v in self.ledger.vouchers.values() if v.revoked)),
            "prices": ZonePrices(),
        }
        return contents[name]

    def spent(self, redemption_id: str, voucher_id: str, station: str, points: int, amount_vnd: int) -> Result:
        """A statement: debited once, or a shortfall with its reason."""
        voucher = self.ledger.vouchers.get(voucher_id)
        code = self._why_not(voucher, station) if amount_vnd else None
        debited = 0
        released = 0 if voucher is None or voucher.state != "ACTIVATED" else voucher.points
        if voucher is not None and code is None and voucher.state == "ACTIVATED":
            debited = min(amount_vnd, points, voucher.points)
            released -= debited
            voucher.state = "CAPTURED" if amount_vnd else "VOIDED"
            if debited:
                self.ledger.entries.append(Entry("debit", voucher.account, -debited, redemption_id))
        self.ledger.stated[redemption_id] = {"voucher_id": voucher_id, "amount_vnd": amount_vnd, "code": code}
        left = 0 if voucher is None else self.ledger.balance(voucher.account)
        return c.OfflineSpendBooked(debited, 0 if code else released, left, code)

    @staticmethod
    def _why_not(voucher: VoucherRecord | None, station: str) -> str | None:
        if voucher is None:
            return "voucher-unknown"
        if voucher.station != station:
            return "station-mismatch"
        if voucher.revoked:
            return "voucher-revoked"
        return None if voucher.state == "ACTIVATED" else "voucher-double-spend"
