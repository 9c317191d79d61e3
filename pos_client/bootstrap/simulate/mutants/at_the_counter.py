"""Mistakes at the counter: who may sell what, what is taken, what is given back."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import Any

from pos_client.bootstrap.simulate.mutants.mutant import Replace, mutant
from pos_client.domain import facts as f
from pos_client.domain import fuelling, sale
from pos_client.domain.secret import SecretDigits
from pos_client.domain.tender import CLASS_OF, TenderKind
from pos_client.ports import central as c
from pos_client.services import checkout, outgoing
from pos_client.services.checkout import Checkout
from pos_client.services.desk import Desk
from pos_client.services.recovery import Recovery
from pos_client.services.redemption import Redemptions
from pos_client.services.state import TerminalState


@mutant("a-fuelling-sold-twice", "a claimed fuelling can be claimed again")
def _(replace: Replace) -> None:
    again = fuelling.TRANSITIONS | {
        (fuelling.FuellingState.CLAIMED, f.SaleOpened): fuelling.FuellingState.CLAIMED,
    }
    replace(fuelling, "TRANSITIONS", again)
    replace(
        TerminalState,
        "unpaid",
        lambda self, point=None: [u for u in self.fuellings.values() if point is None or u.point == point],
    )


@mutant("takes-too-much", "a tender above what is due is taken")
def _(replace: Replace) -> None:
    replace(sale.Sale, "check_tender", lambda self, kind, amount_vnd: None)
    take = Checkout.take_tender

    def more(self: Checkout, kind: TenderKind, amount_vnd: int | None) -> None:
        take(self, kind, None if amount_vnd is None else amount_vnd * 2)

    replace(Checkout, "take_tender", more)


@mutant("points-earn-points", "the part of a sale that points paid earns points again")
def _(replace: Replace) -> None:
    replace(checkout, "CLASS_OF", dict(CLASS_OF) | {TenderKind.POINTS: CLASS_OF[TenderKind.CASH]})


@mutant("paid-with-the-whole-hold", "the whole hold is taken as tender, even above what is due")
def _(replace: Replace) -> None:
    tender = Checkout.points_tender

    def whole(self: Checkout, of: Any, redemption: Any) -> Any:
        facts, items = tender(self, of, redemption)
        return tuple(
            changed(fact, amount_vnd=redemption.points + 1) if isinstance(fact, f.TenderTaken) else fact
            for fact in facts
        ), items

    replace(Checkout, "points_tender", whole)


@mutant("claim-for-points-not-queued", "a sale says that it earns, and nobody tells head office")
def _(replace: Replace) -> None:
    write = Checkout._write_payment

    def dropping(self: Checkout, of: Any, facts: Any, items: Any) -> None:
        write(self, of, facts, ())

    replace(Checkout, "_write_payment", dropping)


@mutant("points-claimed-anew", "each time a claim for points is made it gets another name, and it is made twice")
def _(replace: Replace) -> None:
    if_paid = Checkout._if_paid

    def twice(self: Checkout, of: Any) -> Any:
        (facts, items), (more, others) = if_paid(self, of), if_paid(self, of)
        return (*facts, *[x for x in more if isinstance(x, f.AccrualStated)]), (*items, *others)

    replace(Checkout, "_if_paid", twice)


@mutant("restart-keeps-the-hold", "after a restart nobody gives back what was held before fuel could flow")
def _(replace: Replace) -> None:
    replace(Recovery, "_give_back", lambda self: ([], ()))


@mutant("restart-releases-paid-sales", "after a restart a sale with money taken goes back to the forecourt")
def _(replace: Replace) -> None:
    table = sale.TRANSITIONS | {(sale.SaleState.TENDERING, f.SaleReleased): sale.SaleState.RELEASED}
    replace(sale, "TRANSITIONS", table)

    def release(self: Recovery) -> list[f.SaleReleased]:
        open_ones = [s for s in self.desk.state.sales.values() if s.state is not sale.SaleState.PAID]
        return [f.SaleReleased(s.sale_id, "restart") for s in open_ones]

    replace(Recovery, "_release_sales", release)


@mutant("gone-customer-keeps-the-hold", "a customer who walks away leaves his points held")
def _(replace: Replace) -> None:
    def silent(self: Redemptions, redemption: Any, reason: str) -> None:
        void = outgoing.queue(self.desk, c.Void(redemption.redemption_id, reason))
        self.desk.record(f.VoidIntended(redemption.redemption_id, reason), items=(void,) if reason != "customer_gone" else ())  # fmt: skip  # noqa: E501

    replace(Redemptions, "_void", silent)


@mutant("verify-without-intent", "a secret is sent before the try is written down")
def _(replace: Replace) -> None:
    record = Desk.record

    def after(self: Desk, *facts: Any, **rest: Any) -> None:
        record(self, *[x for x in facts if not isinstance(x, f.VerifyIntended)], **rest)

    replace(Desk, "record", after)


@mutant("hold-without-intent", "a hold is asked for before it is written down")
def _(replace: Replace) -> None:
    hold = Redemptions._hold

    def first(self: Redemptions, attempt: Any, points: int) -> None:
        early = c.Hold(self.desk.dice.new_id(), attempt.customer.reference, points, attempt.flow.value)  # type: ignore[arg-type]  # a plain id will do for a mistake
        self.desk.send(self.desk.wire.encode(early))
        hold(self, attempt, points)

    replace(Redemptions, "_hold", first)


@mutant("secret-in-the-journal", "the journal keeps the secret instead of the digest of its sealed bytes")
def _(replace: Replace) -> None:
    submit, record = Redemptions.submit_secret, Desk.record
    typed: list[str] = []

    def remembering(self: Redemptions, secret: SecretDigits) -> None:
        typed[:] = [bytes(secret.reveal()).decode()]
        submit(self, secret)

    def leaking(self: Desk, *facts: Any, **rest: Any) -> None:
        leaked = [changed(x, sealed_sha256=typed[0]) if isinstance(x, f.VerifyIntended) else x for x in facts]
        record(self, *leaked, **rest)

    replace(Redemptions, "submit_secret", remembering)
    replace(Desk, "record", leaking)


@mutant("receipt-numbers-start-anew", "after a restart receipts are numbered from the beginning")
def _(replace: Replace) -> None:
    run = Recovery.run

    def forgetful(self: Recovery) -> None:
        run(self)
        self.desk.state.receipt_counter = 0

    replace(Recovery, "run", forgetful)
