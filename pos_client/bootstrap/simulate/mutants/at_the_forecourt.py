"""Mistakes with what becomes of a fuelling beside its sale: tests, drive-offs, leases."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.domain import facts as f
from pos_client.domain import fuelling
from pos_client.domain.fuelling import FuellingState
from pos_client.domain.sale import Sale
from pos_client.services import state
from pos_client.services.claiming import Claiming
from pos_client.services.pump_tests import PumpTests


@mutant("no-test-intent", "a pump test is permitted without a word in the journal")
def _(replace: Replace) -> None:
    replace(PumpTests, "intend", lambda self, point: None)


@mutant("a-test-goes-on-and-on", "a pump test nobody used takes the next customer's litres")
def _(replace: Replace) -> None:
    replace(PumpTests, "supersede", lambda self, point: None)
    replace(PumpTests, "on_tick", lambda self: None)


@mutant("a-test-ends-in-memory-only", "the next customer is permitted before the end of a test is written")
def _(replace: Replace) -> None:
    def hasty(self: PumpTests, point: Any) -> None:
        facts, closed = self._superseded(point)
        if facts:
            self.desk.record(*facts, closed=closed)

    replace(PumpTests, "supersede", hasty)


@mutant("a-test-is-sold", "litres that went back into the tank wait to be paid")
def _(replace: Replace) -> None:
    from_fact = fuelling.from_fact

    def waiting(fact: f.FuellingCompleted) -> Any:
        return changed(from_fact(fact), state=FuellingState.COMPLETED)

    replace(state, "from_fact", waiting)


@mutant("a-drive-off-is-sold", "a fuelling whose customer left stays on the list")
def _(replace: Replace) -> None:
    key = (FuellingState.COMPLETED, f.DroveOff)
    replace(fuelling, "TRANSITIONS", fuelling.TRANSITIONS | {key: FuellingState.COMPLETED})


@mutant("a-begun-sale-drives-off", "money was taken, and the rest is called a drive-off")
def _(replace: Replace) -> None:
    replace(Claiming, "_check_untouched", lambda self, sale: None)


@mutant("a-lease-loses-the-litres", "a sale nobody worked on is closed, and its fuelling with it")
def _(replace: Replace) -> None:
    give_back = Claiming._give_back

    def closing(self: Claiming, sale: Sale, reason: str) -> None:
        give_back(self, sale, reason)
        if reason == "lease_ended":
            self.desk.record(closed=(sale.fuelling.fuelling_id,))

    replace(Claiming, "_give_back", closing)
