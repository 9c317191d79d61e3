"""Every state of both windows that a person should have looked at, by name."""

from __future__ import annotations

from dataclasses import replace

from pos_client.domain.fuelling_point import FuellingPointState as State
from pos_client.domain.fuelling_point import LinkState as Link
from pos_client.domain.identifiers import PointId
from pos_client.ports.reports import PrinterState
from pos_client.services import snapshots as s
from tests.ui import sample as x

D = s.DialogueState

_WAITING = x.PANELS["waiting"]
_GIFT_POINTS = (
    x.point(1, State.AUTHORISED, gift=True, preset_vnd=186_400, grade_name=x.E10),
    x.point(2, State.FUELLING, gift=True, preset_vnd=186_400, amount_vnd=120_000, volume_ml=4430),
    x.point(3, State.STARTED),
    x.point(4, State.SUSPENDED_FUELLING, amount_vnd=12_000, volume_ml=440, unpaid=(x.unpaid(),)),
)
_TROUBLED = (
    x.point(1, link=Link.PROBING),
    x.point(2, State.INOPERATIVE),
    x.point(3, State.CLOSED),
    x.point(4, link=Link.DEGRADED),
    x.point(5, link=Link.DOWN, age_s=754, unpaid=(x.unpaid(),)),
    x.point(6, State.CALLING, age_s=95, unpaid=(x.unpaid(),)),
)

CASHIER: dict[str, s.TerminalSnapshot | None] = {
    "before-first": None,
    "recovering": x.terminal(ready=False, points=(), status=x.status(points_up=0)),
    "no-points": x.terminal(points=(), status=x.status(points_up=0, points_total=0, printer=PrinterState.ABSENT)),
    "idle": x.terminal(points=tuple(x.point(n, last_at=x.WALL, last_amount_vnd=95_400 * n) for n in range(1, 5))),
    "busy": x.terminal(),
    "last-receipt": x.terminal(receipt=x.RECEIPT),
    "last-receipt-pending": x.terminal(
        receipt=replace(
            x.RECEIPT,
            earned=replace(x.RECEIPT.earned, confirmed=False, balance_after=None),  # type: ignore[type-var]
            spent=None,
        )
    ),
    "sale-no-customer": x.selling(customer=None, points_panel=None),
    "sale": x.selling(),
    "sale-looking-up": x.selling(customer=x.LOOKING_UP, points_panel=None),
    "sale-blocked": x.selling(customer=x.BLOCKED, points_panel=None),
    "sale-driver": x.selling(customer=x.DRIVER, points_panel=None),
    "sale-after-points": x.selling(sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]),
    "offline": x.selling(
        status=x.OFFLINE,
        points_panel=x.PANELS["unknown"],
        notice=s.Notice("points_need_network", s.Severity.WARNING),
    ),
    "offline-unverified": x.selling(status=x.OFFLINE, customer=x.UNVERIFIED, points_panel=x.PANELS["impossible"]),
    "notice-error": x.selling(notice=s.Notice("store_failed", s.Severity.ERROR), status=x.status(store_ok=False)),
    "notice-done": x.terminal(
        notice=s.Notice("sale_done", s.Severity.DONE, (("amount", 350_000), ("receipt", "CHXD018-T1-000230"))),
        receipt=x.RECEIPT,
    ),
    "strip-full": x.terminal(
        status=x.status(
            central=Link.DEGRADED,
            points_up=4,
            printer=PrinterState.FAILED,
            keypad=False,
            queue=s.QueueSnapshot(248, 3, 2, x.NOW - 7_260_000),
        )
    ),
    "gift-permit": x.terminal(customer=x.CUSTOMER, points_panel=x.PANELS["permit"]),
    "gift-points": x.terminal(points=_GIFT_POINTS, customer=x.CUSTOMER, points_panel=x.PANELS["fuelling"]),
    "troubled": x.terminal(points=_TROUBLED),
    "points-12": x.terminal(points=x.crowd(12)),
    "points-16": x.terminal(points=x.crowd(16)),
    "points-32": x.selling(points=x.crowd(32)),
    **{f"panel-{name}": x.selling(points_panel=view) for name, view in x.PANELS.items()},
}


def _talk(state: D, **more: object) -> s.TerminalSnapshot:
    inside = {key: more.pop(key) for key in tuple(more) if key in s.DialogueSnapshot.__dataclass_fields__}
    return x.selling(**({"dialogue": x.dialogue(state, **inside)} | more))


CUSTOMER: dict[str, s.TerminalSnapshot | None] = {
    "welcome": x.terminal(dialogue=x.dialogue(D.WELCOME)),
    "mirror": x.terminal(dialogue=x.dialogue(D.MIRROR, point=PointId(2))),
    "identify-empty": _talk(D.IDENTIFY, point=PointId(1), customer=None, points_panel=None),
    "identify": _talk(D.IDENTIFY, point=PointId(1), entered="091200000", customer=None, points_panel=None),
    "looking-up": _talk(D.LOOKING_UP, point=PointId(1), customer=x.LOOKING_UP, points_panel=None),
    "confirm": _talk(D.CONFIRM, point=PointId(1), customer=replace(x.CUSTOMER, confirmed_by_customer=False)),
    "confirm-driver": _talk(D.CONFIRM, point=PointId(1), customer=x.DRIVER),
    "amount": _talk(D.AMOUNT, point=PointId(1), amounts=((1, 186_400), (2, 12_300), (3, 50_000), (4, 0))),
    "amount-other": _talk(D.AMOUNT_OTHER, point=PointId(1), entered="75000"),
    "otp": _talk(D.SECRET, point=PointId(1), secret_length=3, points_panel=_WAITING, deadline_ticks_ms=x.NOW + 162_000),
    "otp-wrong": _talk(
        D.SECRET,
        point=PointId(1),
        points_panel=x.PANELS["waiting-wrong"],
        deadline_ticks_ms=x.NOW + 47_000,
        notice=s.Notice("central_credential-wrong", s.Severity.WARNING, (("left", 2),)),
    ),
    "driver-pin": _talk(
        D.SECRET,
        point=PointId(1),
        customer=x.DRIVER,
        secret_length=6,
        points_panel=replace(_WAITING, method=x.DRIVER.methods[0], points=350_000),
        deadline_ticks_ms=x.NOW + 47_000,
    ),
    "wait": _talk(D.WAIT, point=PointId(1), points_panel=x.PANELS["verifying"]),
    "served": _talk(D.WAIT, point=PointId(1)),
    "served-after-points": _talk(D.WAIT, point=PointId(1), sale=x.AFTER_POINTS, points_panel=x.PANELS["done"]),
    "choose-pump": _talk(D.CHOOSE_PUMP, sale=None, points_panel=x.PANELS["permit"], deadline_ticks_ms=x.NOW + 95_000),
    "unknown": _talk(D.UNKNOWN, point=PointId(1), points_panel=x.PANELS["unknown"]),
    "result": x.terminal(dialogue=x.dialogue(D.RESULT), receipt=x.RECEIPT),
    "result-pending": x.terminal(
        dialogue=x.dialogue(D.RESULT),
        receipt=replace(
            x.RECEIPT,
            earned=replace(x.RECEIPT.earned, confirmed=False, balance_after=None),  # type: ignore[type-var]
            spent=None,
        ),
    ),
    "refused": _talk(
        D.REFUSED,
        point=PointId(1),
        notice=s.Notice("outcome_given_back", s.Severity.UNKNOWN, (("points", 186_400),)),
    ),
    "offline": _talk(D.OFFLINE, point=PointId(1), customer=x.UNVERIFIED, status=x.OFFLINE, points_panel=None),
}
