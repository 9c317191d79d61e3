"""Pages on which the customer waits or learns: looking up, wait, unknown, choose a pump, result, refused, offline."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pos_client.domain.formatting import money, plate, points
from pos_client.domain.tender import TenderKind
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import PointsPhase, SaleSnapshot
from pos_client.ui.checkout.view_model import Row, balance_after
from pos_client.ui.customer.questions import grouped_entry
from pos_client.ui.customer.view import Choice, CustomerView, Page, Side, earn_rows
from pos_client.ui.loyalty.view_model import IN_FLIGHT
from pos_client.ui.tone import Tone
from pos_client.ui.wording import TONE_OF, age, notice_text, seconds_left


def looking_up(page: Page) -> CustomerView:
    """Looking up, with seconds."""
    return replace(waiting(page, "looking_up"), entered=grouped_entry(page.snapshot.dialogue.entered) or None)


def waiting(page: Page, name: str, tone: Tone = Tone.NEUTRAL) -> CustomerView:
    """A page that waits: what is left until it gives up, and how long already; never a wheel that only turns."""
    waited = age(page.words, page.now - page.since)
    left = seconds_left(page.snapshot.dialogue.deadline_ticks_ms, page.now)
    view = CustomerView(
        title=page.say(f"{name}.title"),
        title_tone=tone,
        statement=page.say(f"{name}.hint"),
        hints=(page.hotline(),),
        side=Side.COUNTER,
    )
    if left is None:
        return replace(view, side_label=page.say("waited"), side_figure=waited)
    most, note = age(page.words, left * 1000), page.say("waited_so_far", age=waited)
    return replace(view, side_label=page.say("waits_at_most"), side_figure=most, side_note=note)


def keypad_lost(page: Page) -> CustomerView:
    """What the code is typed on is gone: what that means for his points, how long is left, and how to end it."""
    left = seconds_left(page.snapshot.dialogue.deadline_ticks_ms, page.now)
    return CustomerView(
        title=page.say("keypad_lost.title"),
        title_tone=Tone.ATTENTION,
        statement=page.say("keypad_lost.statement"),
        choices=(Choice(KeypadKey.CANCEL, page.say("cancel"), page.say("keypad_lost.cancel")),),
        hints=(page.say("keypad_lost.hint"),),
        side=Side.COUNTER,
        side_figure=age(page.words, (left or 0) * 1000),
        side_note=page.hotline(),
    )


def wait(page: Page) -> CustomerView:
    """Head office is checking, with seconds; or the customer is known and it is the cashier's turn."""
    panel = page.snapshot.points_panel
    if panel is not None and panel.phase in IN_FLIGHT:
        return with_points(page, waiting(page, "wait"))
    if panel is not None and panel.phase is PointsPhase.CONFIRM_PLATE:
        return with_points(page, _plate_looked_at(page, panel.plate))
    sale, customer = page.snapshot.sale, page.snapshot.customer
    if sale is not None and any(tender.kind is TenderKind.POINTS for tender in sale.tenders):
        return _result_open(page)
    name = (customer.masked_name or customer.masked_identifier) if customer is not None else ""
    return CustomerView(
        title=page.say("served.title"),
        title_tone=Tone.DONE,
        subtitle=name,
        figure=money(sale.due_vnd) if sale is not None else "",
        rows=earn_rows(page),
        statement=page.say("served.hint"),
        **_paying(page, Side.COUNTER),
    )


def pay(page: Page) -> CustomerView:
    """Nobody collects points, or a part is paid: the code for the rest."""
    sale = page.snapshot.sale
    return CustomerView(
        title=page.say("pay.title"),
        figure_label=page.say("result.due"),
        figure=money(sale.due_vnd) if sale is not None else "",
        statement=page.say("pay.hint"),
        rows=earn_rows(page),
        choices=(Choice(KeypadKey.CANCEL, page.say("cancel"), page.say("pay.back")),),
        hints=(page.hotline(),),
        **_paying(page, Side.COUNTER),
    )


def _paying(page: Page, otherwise: Side) -> dict[str, Any]:
    """The side of a page on which money is due: the code that pays it, where there is one."""
    sale = page.snapshot.sale
    if sale is None or not sale.pay_code:
        return {"side": otherwise, "side_note": page.hotline()}
    to = page.say("pay.to", holder=sale.paid_to) if sale.paid_to else page.say("pay.scan")
    return {"side": Side.QR, "qr_text": sale.pay_code, "side_figure": money(sale.due_vnd), "side_note": to}


def _plate_looked_at(page: Page, number: str) -> CustomerView:
    """A signed voucher, central away: the cashier looks at the vehicle; no PIN is asked for, and why."""
    return CustomerView(
        title=page.say("plate.title", plate=plate(number)),
        title_tone=Tone.PROGRESS,
        subtitle=page.say("plate.why"),
        statement=page.say("plate.hint"),
        side=Side.COUNTER,
        side_note=page.hotline(),
    )


def unknown(page: Page) -> CustomerView:
    """The outcome is not known yet; what that means for the points."""
    return with_points(page, waiting(page, "unknown", Tone.UNKNOWN))


def with_points(page: Page, view: CustomerView) -> CustomerView:
    """The page with the points at stake."""
    panel = page.snapshot.points_panel
    if panel is None or not panel.points:
        return view
    return replace(view, figure_label=page.say("secret.max"), figure=money(panel.points))


def choose_pump(page: Page) -> CustomerView:
    """Points accepted: which pump?"""
    panel = page.snapshot.points_panel
    return CustomerView(
        title=page.say("choose_pump.title"),
        title_tone=Tone.DONE,
        subtitle=page.say("choose_pump.hint"),
        figure_label=page.say("choose_pump.amount"),
        figure=money(panel.points) if panel is not None else "",
        counter=page.left(),
        hints=(page.hotline(),),
        statement=page.say("choose_pump.body"),
    )


def result(page: Page) -> CustomerView:
    """The end of a sale: what was taken, paid, earned, and what is left."""
    snapshot, say, words = page.snapshot, page.say, page.words
    if snapshot.sale is not None:
        return _result_open(page)
    receipt = snapshot.receipt
    if receipt is None:
        return CustomerView(title=say("result.title_earned"), counter=page.left("idle_in"), hints=(page.hotline(),))
    title, tone, subtitle = say("result.title_earned"), Tone.DONE, ""
    rows = []
    if receipt.spent is not None:
        sure = receipt.spent.confirmed
        title = say("result.title_spent" if sure else "result.title_spent_pending", points=points(receipt.spent.points))
        tone, subtitle = (Tone.DONE if sure else Tone.UNKNOWN), say("result.confirmed" if sure else "result.pending")
        rows.append(Row(say("result.by_points"), f"− {money(receipt.spent.points)}"))
    rest = [t for t in receipt.tenders if t.kind not in (TenderKind.POINTS, TenderKind.WAIVED)]
    rows += [Row(words.say(f"tender.{tender.kind.value}"), money(tender.amount_vnd)) for tender in rest]
    if receipt.earned is not None and receipt.earned.points:
        sure = receipt.earned.confirmed
        name = "result.earned" if sure else "result.earned_pending"
        earned = words.say("unit.points_plus", points=points(receipt.earned.points))
        rows.append(Row(say(name), earned, Tone.DONE if sure else Tone.UNKNOWN))
    balance = balance_after(receipt)
    note = say("result.balance", points=points(balance)) if balance is not None else ""
    return CustomerView(
        title=title,
        title_tone=tone,
        subtitle=subtitle,
        figure_label=say("result.paid"),
        figure=money(receipt.amount_vnd),
        rows=tuple(rows),
        counter=page.left("idle_in"),
        counter_tone=Tone.NEUTRAL,
        hints=(note, page.hotline()) if note else (page.hotline(),),
        side=Side.QR,
        qr_text=receipt.receipt_number,
        side_figure=receipt.receipt_number,
        side_note=say("result.qr"),
    )


def _result_open(page: Page) -> CustomerView:
    """Points are through, money is still due: what was taken, what remains, what each tender would bring."""
    snapshot, say = page.snapshot, page.say
    sale, panel = snapshot.sale, snapshot.points_panel
    assert sale is not None
    spent = sum(t.amount_vnd for t in sale.tenders if t.kind is TenderKind.POINTS)
    sure = panel is None or panel.phase.value == "done"
    title = say("result.title_spent" if sure else "result.title_spent_pending", points=points(spent))
    rows = [Row(say("result.fuel"), money(sale.amount_vnd))]
    if spent:
        rows.append(Row(say("result.by_points"), f"− {money(spent)}"))
    balance = panel.balance_after if panel is not None else None
    return CustomerView(
        title=title if spent else say("result.title_earned"),
        title_tone=Tone.DONE if sure else Tone.UNKNOWN,
        subtitle=say("result.confirmed" if sure else "result.pending") if spent else "",
        figure_label=say("result.due"),
        figure=money(sale.due_vnd),
        rows=(*rows, *earn_rows(page)),
        hints=(say("result.balance", points=points(balance)),) if balance is not None else (page.hotline(),),
        **_bill_or_paying(page, sale),
    )


def _bill_or_paying(page: Page, sale: SaleSnapshot) -> dict[str, Any]:
    """The code that pays the rest, or the bill's own."""
    if sale.pay_code:
        return _paying(page, Side.QR)
    number = sale.receipt_number
    return {"side": Side.QR, "qr_text": number, "side_figure": number, "side_note": page.say("result.qr")}


def refused(page: Page) -> CustomerView:
    """Refused, why, and what now."""
    return _said(page, "refused")


def offline(page: Page) -> CustomerView:
    """No network: what still works."""
    return _said(page, "offline")


def _said(page: Page, name: str) -> CustomerView:
    notice = page.snapshot.dialogue.notice
    what, tone, detail = page.say(f"{name}.title"), Tone.UNKNOWN, ""
    if notice is not None:
        said = notice_text(page.words, notice)
        detail = said.what if page.words.knows(f"notice.{notice.code}.what") else ""
        tone = TONE_OF[notice.severity]
    sale = page.snapshot.sale
    return CustomerView(
        title=what,
        title_tone=tone,
        subtitle=detail,
        statement=page.say(f"{name}.hint"),
        figure_label=page.say("identify.amount") if sale is not None else "",
        figure=money(sale.due_vnd) if sale is not None else "",
        rows=earn_rows(page),
        hints=(page.hotline(),),
    )
