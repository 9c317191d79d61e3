"""Pages on which the customer acts: idle, mirror, who, is-this-you, how many points, the code."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pos_client.domain.formatting import clock, day, money, plate, points
from pos_client.domain.fuelling_point import DELIVERING, LinkState
from pos_client.domain.moment import VIETNAM
from pos_client.domain.quantities import VndPerLitre
from pos_client.domain.redemption import Flow
from pos_client.services.messages import KeypadKey
from pos_client.services.snapshots import CustomerState, PointSnapshot
from pos_client.ui.checkout.view_model import Row
from pos_client.ui.customer.view import Choice, CustomerView, Page, Side, earn_rows
from pos_client.ui.loyalty.chip_view import grouped_id
from pos_client.ui.tone import Tone
from pos_client.ui.wording import age, notice_text, said_litres, seconds_left

MOST_RUNNING = 6
"""Pumps that run, on the idle screen: beyond that only how many more."""
TOLD_WITHIN_S = 30
"""A number half typed is kept for a minute without a key; the last seconds of it are counted down."""


def welcome(page: Page) -> CustomerView:
    """Idle: the prices in force and since when, what points are given for, how to begin; or the pumps that run."""
    rows = _running(page)
    title, note = "welcome.running", ""
    if not rows:
        rows = tuple(Row(each.name, _price(page, each.unit_price)) for each in page.snapshot.prices)
        title, note = ("welcome.prices", _since(page)) if rows else ("welcome.no_prices", "")
    return CustomerView(
        title=page.say("welcome.title"),
        subtitle=page.say("welcome.subtitle"),
        rows_title=page.say(title),
        rows_note=note,
        rows=rows,
        hints=(*_earning(page), page.hotline()),
        guides=page.say("guides.offer"),
    )


def _price(page: Page, unit_price: VndPerLitre) -> str:
    return page.words.say("unit.price", price=money(unit_price))


def _since(page: Page) -> str:
    """The zone, and the day from which every price shown has held."""
    zone, dated = page.snapshot.status.price_zone, [p.since for p in page.snapshot.prices if p.since is not None]
    parts = [page.say("welcome.zone", zone=zone) if zone else ""]
    if dated:
        newest = max(dated)
        parts.append(page.say("welcome.since", time=clock(newest), day=day(newest.astimezone(VIETNAM).date())))
    return " · ".join(part for part in parts if part)


def _earning(page: Page) -> tuple[str, ...]:
    """What points are given for, in the programme's own numbers."""
    told = page.snapshot.programme
    if told is None or told.electronic is None or told.cash is None:
        return ()
    return (page.say("welcome.earning", **told.places),)


def _running(page: Page) -> tuple[Row, ...]:
    """Several pumps that deliver: each has its own customer, so none is named and none is asked."""
    running = [p for p in page.snapshot.points if p.state in DELIVERING and p.link is LinkState.UP]
    if len(running) < 2:
        return ()
    shown = running if len(running) <= MOST_RUNNING else running[: MOST_RUNNING - 1]
    rows = [
        Row(page.say("point", point=p.point), f"{said_litres(page.words, p.volume_ml)} · {money(p.amount_vnd)}")
        for p in shown
    ]
    if len(shown) < len(running):
        rows.append(Row(page.say("welcome.more_running", count=len(running) - len(shown)), ""))
    return tuple(rows)


def mirror(page: Page) -> CustomerView:
    """A delivery is running: its figures, large."""
    wanted = page.snapshot.dialogue.point
    point = next((p for p in page.snapshot.points if p.point == wanted), None)
    if point is None:
        return welcome(page)
    running = point.state in DELIVERING
    note = f"{said_litres(page.words, point.volume_ml)} · {point.grade_name}"
    return CustomerView(
        title=page.say("mirror.title" if running else "mirror.finished"),
        title_tone=Tone.PROGRESS if running else Tone.NEUTRAL,
        subtitle=page.say("mirror.subtitle"),
        figure=money(point.amount_vnd),
        figure_note=note,
        rows=_price_row(page, point),
        hints=(page.hotline(),),
    )


def _price_row(page: Page, point: PointSnapshot) -> tuple[Row, ...]:
    rows = []
    if point.unit_price:
        rows.append(Row(point.grade_name, _price(page, point.unit_price)))
    if point.preset_vnd:
        rows.append(Row(page.say("mirror.preset"), money(point.preset_vnd)))
    return tuple(rows)


def identify(page: Page) -> CustomerView:
    """Typing a phone number or an ID, visible and large; the open sale's amount below."""
    sale = page.snapshot.sale
    return CustomerView(
        title=page.say("identify.title"),
        subtitle=page.say("identify.hint"),
        entered=grouped_entry(page.snapshot.dialogue.entered),
        placeholder=page.say("identify.empty"),
        figure_label=page.say("identify.amount") if sale is not None else "",
        figure=money(sale.due_vnd) if sale is not None else "",
        news=_spoken_notice(page),
        counter=page.left("identify.kept", within_s=TOLD_WITHIN_S),
        hints=(page.say("identify.or_pay"),) if sale is not None and sale.pay_code else (page.hotline(),),
    )


def confirm(page: Page) -> CustomerView:
    """Is this you? Masked name, what each tender would bring, 0 for no."""
    customer, say = page.snapshot.customer, page.say
    name, number = "", ""
    if customer is not None:
        name = customer.masked_name or customer.masked_identifier
        number = grouped_id(customer.display_id)
        if customer.voucher is not None:
            number = f"{customer.voucher.code} · {plate(customer.voucher.plate)}"
    unverified = customer is not None and customer.state is CustomerState.UNVERIFIED
    return CustomerView(
        title=say("confirm.title"),
        subtitle=say("confirm.unverified") if unverified else "",
        name=name,
        figure_note=number,
        rows=earn_rows(page),
        choices=(
            Choice(KeypadKey.OK, say("ok"), say("its_me")),
            Choice(0, "0", say("not_me")),
        ),
        hints=_amounts_at_once(page),
    )


def _amounts_at_once(page: Page) -> tuple[str, ...]:
    """The keys that say "it is me" and how many points, in one line: 1 most 186.400 đ, 3 50.000 đ, 4 another number."""
    offers = page.snapshot.dialogue.amounts
    if not offers:
        return ()
    answers = (
        f"{key} {page.say(f'amount.{_CHOICE_NAMES.get(key, _FIXED)}').lower()}{f' {money(vnd)}' if vnd else ''}"
        for key, vnd in offers
    )
    return (f"{page.say('confirm.points')} {' · '.join(answers)}",)


_FIXED = "fixed"
_CHOICE_NAMES = {1: "all", 2: "expiring", 3: "fixed", 4: "other"}


def amount(page: Page) -> CustomerView:
    """How many points: numbered answers."""
    choices = tuple(
        Choice(key, str(key), page.say(f"amount.{_CHOICE_NAMES.get(key, _FIXED)}"), money(vnd) if vnd else "…")
        for key, vnd in page.snapshot.dialogue.amounts
    )
    return CustomerView(title=page.say("amount.title"), subtitle=page.say("amount.hint"), choices=choices)


def amount_other(page: Page) -> CustomerView:
    """Typing another amount."""
    entered = page.snapshot.dialogue.entered
    return CustomerView(
        title=page.say("amount_other.title"),
        subtitle=page.say("amount_other.hint"),
        entered=points(int(entered)) if entered.isdigit() else entered,
        placeholder="0",
        news=_spoken_notice(page),
    )


def secret(page: Page) -> CustomerView:
    """A code is typed: only its length is drawn."""
    dialogue, panel, say = page.snapshot.dialogue, page.snapshot.points_panel, page.say
    method = panel.method.value if panel is not None and panel.method is not None else "none"
    counter = []
    deadline = dialogue.deadline_ticks_ms or (panel.deadline_ticks_ms if panel is not None else None)
    left = seconds_left(deadline, page.now)
    if left is not None:
        counter.append(say("countdown", age=age(page.words, left * 1000)))
    if panel is not None and panel.attempts_left is not None:
        counter.append(say("attempts", left=panel.attempts_left))
    note = ""
    if panel is not None and panel.flow is Flow.PAY and page.snapshot.sale is not None:
        rest = panel.rest_due_vnd or max(0, page.snapshot.sale.due_vnd - panel.points)
        note = say("secret.rest", amount=money(rest))
    view = CustomerView(
        title=say(f"secret.title_{method}"),
        subtitle=_who(page),
        dots=(dialogue.secret_length, dialogue.secret_digits),
        figure_label=say("secret.max"),
        figure=money(panel.points) if panel is not None and panel.points else "",
        figure_note=note,
        counter=" · ".join(counter),
        hints=(say("never_tell"), page.hotline()),
        news=_spoken_notice(page),
        **_typed_on(page, left),
    )
    return replace(view, title_tone=Tone.ATTENTION) if dialogue.notice is not None else view


def _typed_on(page: Page, left: int | None) -> dict[str, Any]:
    """The side of a page that asks for a code: keys to touch, or where else to type."""
    if not page.snapshot.dialogue.on_device:
        return {"side": Side.KEYPAD}
    note = page.say("secret.on_device")
    return {"side": Side.COUNTER, "side_figure": age(page.words, (left or 0) * 1000), "side_note": note}


def _who(page: Page) -> str:
    customer = page.snapshot.customer
    if customer is None:
        return ""
    parts = [customer.masked_name or customer.masked_identifier]
    if customer.voucher is not None:
        parts += [customer.voucher.code, plate(customer.voucher.plate)]
    return " · ".join(part for part in parts if part)


def _spoken_notice(page: Page) -> str:
    notice = page.snapshot.dialogue.notice
    return notice_text(page.words, notice).what if notice is not None else ""


def grouped_entry(entered: str) -> str:
    """Typed digits in groups: a phone '0912 000 001', an ID '000 100 001'; they stay in place while typing goes on."""
    first = 4 if entered[:2] in ("03", "05", "07", "08", "09") else 3
    groups = [entered[:first], *(entered[at : at + 3] for at in range(first, len(entered), 3))]
    return " ".join(group for group in groups if group)
