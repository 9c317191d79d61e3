"""Mistakes with vouchers that are spent while central is away."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.books import MemoryStore
from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.domain import facts as f
from pos_client.domain import offline_spending
from pos_client.domain.known_time import KnownTime, Reading, TimeQuality, wall_ms
from pos_client.domain.offline_spending import CHECKS, PLATE, Outstanding
from pos_client.domain.outbox import DeliveryState
from pos_client.services import outgoing
from pos_client.services.desk import Desk
from pos_client.services.recovery import Recovery
from pos_client.services.voucher_spending import VoucherSpending


def _without(replace: Replace, code: str) -> None:
    left = tuple((name, fails) for name, fails in CHECKS if name != code)
    assert len(left) == len(CHECKS) - 1
    replace(offline_spending, "CHECKS", left)


@mutant("voucher-of-another-station", "a signed voucher is taken whatever station it is for")
def _(replace: Replace) -> None:
    _without(replace, "voucher_other_station")


@mutant("voucher-after-its-end", "a signed voucher is taken after its end")
def _(replace: Replace) -> None:
    _without(replace, "voucher_over")


@mutant("voucher-withdrawn", "a voucher on the list of the withdrawn is taken")
def _(replace: Replace) -> None:
    _without(replace, "voucher_withdrawn")


@mutant("voucher-without-a-look", "nobody is asked whether the vehicle carries the voucher's plate")
def _(replace: Replace) -> None:
    _without(replace, PLATE)
    start = VoucherSpending.start

    def at_once(self: VoucherSpending, *arguments: Any) -> None:
        start(self, *arguments)
        self.confirm_plate()

    replace(VoucherSpending, "start", at_once)


@mutant("voucher-taken-twice", "the set of spent vouchers forgets")
def _(replace: Replace) -> None:
    replace(MemoryStore, "is_spent", lambda self, voucher_id: False)


@mutant("voucher-taken-apart", "the pump is told before the taking of the voucher is written, not with it")
def _(replace: Replace) -> None:
    record = Desk.record

    def later(self: Desk, *facts: Any, **rest: Any) -> None:
        taken = [x for x in facts if isinstance(x, f.OfflineSpendIntended)]
        if taken and any(isinstance(x, f.ArmIntended) for x in facts):
            record(self, *[x for x in facts if x not in taken], **rest)
        else:
            record(self, *facts, **rest)

    replace(Desk, "record", later)


@mutant("offline-budget-starts-anew", "after a restart nothing counts as outstanding")
def _(replace: Replace) -> None:
    run, count = Recovery.run, offline_spending.outstanding
    before: set[str] = set()

    def forgetting(self: Recovery) -> None:
        run(self)
        before.update(self.desk.state.redemptions)

    def since_then(redemptions: Any) -> Outstanding:
        return count(x for x in redemptions if x.redemption_id not in before)

    replace(Recovery, "run", forgetting)
    replace(offline_spending, "outstanding", since_then)


@mutant("offline-for-ever", "however long central was not heard, vouchers are taken")
def _(replace: Replace) -> None:
    _without(replace, "offline_too_long")


@mutant("clock-believed", "the computer's clock is believed whatever somebody sets it to")
def _(replace: Replace) -> None:
    replace(KnownTime, "reading", lambda self, now: Reading(wall_ms(now), TimeQuality.SYNCED))


@mutant("voucher-not-stated", "a voucher that was taken and not used is never told to central")
def _(replace: Replace) -> None:
    give_back = outgoing.give_back

    def other(desk: Desk, redemption: Any, reason: str) -> Any:
        item = give_back(desk, redemption, reason)
        if redemption.voucher_id is None:
            return item
        return changed(item, state=DeliveryState.PARKED)

    replace(outgoing, "give_back", other)
